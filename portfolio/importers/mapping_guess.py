"""A first guess at a mapping for an unknown file, to be looked over by a person: columns by their names, dates by their looks.

Knows no ledger rows; what it cannot tell it leaves out.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from portfolio.engine.kinds import Kind
from portfolio.importers.broker_table import Line, all_lines, delimiter_of, folded
from portfolio.importers.broker_values import slash_order
from portfolio.importers.mapped_values import plain_text
from portfolio.importers.mapping import ADDED, REVIEW, Mapping
from portfolio.importers.presets import FIRSTRADE_CHINESE, PLAIN, TAIWAN
from portfolio.importers.text import FileError, decode

SHOWN = 20  # rows of a preview
_MORE_NAMES: dict[str, tuple[str, ...]] = {
    "date": ("trade date", "transaction date", "run date", "datum", "date/time", "posted", "settlement date"),
    "type": ("transaction type", "transaction", "activity", "side", "buy/sell", "typ"),
    "symbol": ("code", "isin", "cusip", "security", "instrument", "stock"),
    "name": ("name", "description", "security name"),
    "quantity": ("qty", "no. of shares", "number of shares", "stück"),
    "price": ("unit price", "trade price", "share price", "kurs"),
    "amount": ("value", "gross amount", "proceeds", "betrag", "principal"),
    "net_amount": ("net amount", "net", "total"),
    "fee": ("brokerage", "charges", "gebühren"),
    "tax": ("taxes", "withholding tax", "steuern"),
    "currency": ("ccy", "cur"),
    "cash_in": ("credit", "paid in", "存入金額"),
    "cash_out": ("debit", "paid out", "支出金額"),
    "note": ("notes", "comment", "comments", "memo", "備註"),
    "external_id": ("id", "reference", "order id", "transaction id", "trade id"),
}
_KIND_WORDS = {
    "buy": Kind.BUY,
    "bought": Kind.BUY,
    "purchase": Kind.BUY,
    "sell": Kind.SELL,
    "sold": Kind.SELL,
    "sale": Kind.SELL,
    "dividend": Kind.DIVIDEND,
    "interest": Kind.INTEREST,
    "deposit": Kind.DEPOSIT,
    "withdrawal": Kind.WITHDRAWAL,
    "fee": Kind.FEE,
    "tax": Kind.TAX,
}
_ROC_DATE = re.compile(r"(民國)?\s*\d{2,3}\s*[年/.-]\s*\d{1,2}\s*[月/.-]\s*\d{1,2}日?|\d{6,7}")
_DECIMAL_COMMA = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+),\d{1,2}")
_TOTALS = ("合計", "小計", "總計", "Total", "Subtotal", "Summe")


@dataclass(frozen=True, slots=True)
class Guess:
    """What a file looks like: the mapping to start from, and what a person needs to judge it."""

    mapping: Mapping
    encoding: str  # as the text was read
    header: tuple[str, ...]
    header_line: int
    rows: tuple[tuple[str, ...], ...]  # the first ones
    words: tuple[tuple[str, int], ...]  # each word in the type's column and how often it stands there


def guess(*, data: bytes) -> Guess:
    """Return a first mapping for a file. Raises FileError where the file holds no table."""
    decoded = decode(data, western=True)
    lines = all_lines(decoded.text)
    header = _header(lines)
    rows = [line for line in lines if line.number > header.number and len([cell for cell in line.cells if cell]) > 1]
    columns = _columns(header)
    mapping = Mapping(columns=columns, stop_words=list(_TOTALS), header_line=0)
    words = Counter(filter(None, (plain_text(_cell(line, header, columns.get("type"))) for line in rows)))
    dates = [plain_text(_cell(line, header, columns.get("date"))) for line in rows]
    mapping = replace(
        mapping,
        words={word: _meaning(word) for word, _ in words.most_common(100)},
        dates=_date_style(list(filter(None, dates))),
        decimal="," if _has_decimal_commas(rows) else ".",
        delimiter=delimiter_of(decoded.text),
    )
    shown = tuple(line.cells for line in rows[:SHOWN])
    return Guess(mapping, decoded.encoding, header.cells, header.number, shown, tuple(words.most_common(100)))


def _header(lines: Sequence[Line]) -> Line:
    """Return the line that names most columns; the widest of the first ones where none does."""
    head = lines[:60]
    if not any(len([cell for cell in line.cells if cell]) > 1 for line in head):
        raise FileError("holds no table: no line has two cells")
    known = _known_names()
    return max(head, key=lambda line: (sum(folded(cell) in known for cell in line.cells), len(set(filter(None, line.cells)))))


def _known_names() -> dict[str, str]:
    """Return the field of each column name that is known."""
    found: dict[str, str] = {}
    for preset in (TAIWAN, FIRSTRADE_CHINESE, PLAIN):
        for name, columns in preset.columns.items():
            for column in columns:
                found.setdefault(folded(column), name)
    for name, more in _MORE_NAMES.items():
        for column in more:
            found.setdefault(column, name)
    return found


def _columns(header: Line) -> dict[str, list[str]]:
    known = _known_names()
    found: dict[str, list[str]] = {}
    for cell in header.cells:
        name = known.get(folded(cell))
        if name and (name not in found or name in ADDED):
            found.setdefault(name, []).append(cell)
    return found


def _cell(line: Line, header: Line, columns: list[str] | None) -> str:
    place = header.cells.index(columns[0]) if columns else len(line.cells)
    return line.cells[place] if place < len(line.cells) else ""


def _meaning(word: str) -> str:
    """Return what a word surely means; everything else is left to the person."""
    for preset in (TAIWAN, FIRSTRADE_CHINESE):
        if word in preset.words:
            return preset.words[word]
    return str(_KIND_WORDS.get(folded(word), Kind.__members__.get(word.upper().replace(" ", "_"), REVIEW)))


def _date_style(texts: list[str]) -> str:
    if texts and all(_ROC_DATE.fullmatch(text) for text in texts):
        return "roc"
    return slash_order(texts) or "ymd"


def _has_decimal_commas(rows: Sequence[Line]) -> bool:
    return any(_DECIMAL_COMMA.fullmatch(cell) for line in rows for cell in line.cells)
