"""What a person would probably say of an unknown table: which line is its header, what columns and words mean. Asks nothing."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from portfolio.engine.kinds import Kind
from portfolio.importers.broker_table import Line, all_lines, folded
from portfolio.importers.mapping import FIELDS
from portfolio.importers.presets import CHOSEN
from portfolio.importers.text import FileError, decode

TYPES = tuple(Kind)
_PREAMBLE = 40
_MOST_WORDS = 80
# beyond what the shipped presets know
_MORE_NAMES = {
    "date": ("trade date", "transaction date", "booking date", "datum", "time stamp"),
    "type": ("transaction type", "transaction", "activity", "action", "side", "kind", "description of type"),
    "symbol": ("ticker", "isin", "security", "instrument", "code", "標的"),
    "name": ("security name", "description", "name"),
    "quantity": ("qty", "no. of shares", "units", "股數"),
    "price": ("unit price", "price per share", "價格"),
    "amount": ("gross amount", "value", "gross"),
    "net_amount": ("net amount", "net", "total"),
    "fee": ("commission", "commissions", "brokerage", "fees"),
    "tax": ("withholding tax", "taxes", "stamp duty", "所得稅", "健保補充費"),
    "currency": ("ccy", "cur"),
    "account": ("account name", "帳戶", "帳號"),
    "external_id": ("reference", "order id", "transaction id", "id"),
    "note": ("notes", "remark", "memo", "備註", "comment"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it stands in the file."""

    header: Line
    lines: tuple[Line, ...]  # after the header, no blank ones

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return self.header.cells

    def samples(self, place: int) -> list[str]:
        """Return the first values of a column."""
        found = (line.cells[place] for line in self.lines[:200] if place < len(line.cells) and line.cells[place])
        return list(dict.fromkeys(found))[:20]

    def words(self, place: int) -> list[tuple[str, int]]:
        """Return the different values of a column with their counts, the frequent ones first."""
        return Counter(line.cells[place] for line in self.lines if place < len(line.cells) and line.cells[place]).most_common(
            _MOST_WORDS
        )


def open_sheet(*, data: bytes, encoding: str, delimiter: str, header_line: int) -> Sheet:
    """Return the table of a file; header_line 0 takes the widest line near the top. Raises FileError."""
    if encoding == "auto":
        text = decode(data, western=True).text
    else:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            raise FileError(f"is not written in {encoding}") from None
    lines = all_lines(text, delimiter=delimiter)
    top = lines[:_PREAMBLE]
    header = next((line for line in top if line.number == header_line), None)
    # of lines that are equally wide the first is the header
    header = header or max(top, key=lambda line: sum(map(bool, line.cells)), default=None)
    if header is None or sum(map(bool, header.cells)) < 2:
        raise FileError("holds no table: no line near its beginning has two cells")
    return Sheet(header, tuple(line for line in lines if line.number > header.number and not line.is_blank))


def _known_names() -> dict[str, str]:
    found: dict[str, str] = {}
    for mapping in CHOSEN.values():
        for field, names in mapping.columns.items():
            for name in names:
                found.setdefault(folded(name), field)
    for field, more in _MORE_NAMES.items():
        for name in more:
            found.setdefault(folded(name), field)
    return {**{field: field for field in FIELDS}, **found}


_NAMES = _known_names()
_WORDS = {
    **{folded(str(kind)): str(kind) for kind in Kind},
    **{folded(str(kind).replace("_", " ")): str(kind) for kind in Kind},
    **{folded(word): meaning for mapping in CHOSEN.values() for word, meaning in mapping.words.items()},
}


def meaning_of(name: str, *, taken: Iterable[str]) -> str:
    """Return the field that a column probably fills; "" where nothing is known or the field is taken."""
    field = _NAMES.get(folded(name), "")
    return "" if field in set(taken) and field not in {"fee", "tax"} else field


def type_of(word: str) -> str:
    """Return what a word for a type probably means; "" where a person has to say."""
    return _WORDS.get(folded(word), "")


def date_style(values: list[str]) -> str:
    """Return how dates are probably written."""
    numbers = [found for value in values if (found := [int(part) for part in re.findall(r"\d+", value)][:3])]
    whole = [found for found in numbers if len(found) == 3]
    if any(found[0] > 1900 for found in whole) or not whole:
        return "ymd"
    if all(found[2] <= 31 and 40 < found[0] < 200 for found in whole):
        return "roc"
    return "dmy" if any(found[0] > 12 for found in whole) else "mdy"


def currency(sheet: Sheet) -> str:
    """Return the currency of a file that names none: dollars of Taiwan where its header is Chinese."""
    if any(meaning_of(name, taken=()) == "currency" for name in sheet.names):
        return ""
    return "TWD" if re.search(r"[\u4e00-\u9fff]", "".join(sheet.names)) else ""
