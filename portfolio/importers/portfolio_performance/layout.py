"""The columns of a Portfolio Performance export, found by where ISIN and WKN stand, and its style of numbers. Pure.

The order of the columns is the same in every language, their names and the number style are not.
"""

from dataclasses import dataclass
from decimal import Decimal

from portfolio.importers.broker_table import Line, all_lines, delimiter_of, head_lines
from portfolio.importers.kept_digits import rounded_money
from portfolio.importers.number_style import decimal_mark, with_points
from portfolio.importers.text import FileError, decode

# by place; the old export of a cash account has neither charges nor rates
_FULL = (
    "date", "type", "value", "currency", "gross", "gross_currency", "rate", "fees", "taxes", "shares", "isin", "wkn",
    "ticker", "name", "note",
)  # fmt: skip
_OLD_ACCOUNT = ("date", "type", "value", "currency", "shares", "isin", "wkn", "ticker", "name", "note")
_NUMBERS = ("value", "gross", "rate", "fees", "taxes", "shares")


@dataclass(frozen=True, slots=True)
class Row:
    """One row, its cells by the names used here."""

    line: int
    cells: dict[str, str]
    decimal_mark: str

    def __getitem__(self, name: str) -> str:
        """Return a cell; "" where it is blank or the layout has no such column."""
        return self.cells.get(name, "")

    def number(self, name: str) -> Decimal | None:
        """Return a number; None where the cell is blank. Raises UnreadableError."""
        return rounded_money(with_points(self.cells.get(name, ""), self.decimal_mark))


@dataclass(frozen=True, slots=True)
class Export:
    """A file with its layout settled."""

    header_line: int
    is_old_account: bool
    rows: tuple[Row, ...]


def _layout(line: Line) -> tuple[str, ...]:
    """Return the names of the columns under a header; nothing where it is none."""
    cells = [cell.lstrip("\ufeff").upper() for cell in line.cells]
    for names in (_FULL, _OLD_ACCOUNT):
        place = names.index("isin")
        if cells[place : place + 2] == ["ISIN", "WKN"] and len(cells) >= len(names) - 1:
            return names
    return ()


def is_export(data: bytes) -> bool:
    """Say whether ISIN and WKN stand where this program puts them."""
    try:
        return any(_layout(line) for line in head_lines(data)[:3])
    except FileError:
        return False


def export_of(data: bytes) -> Export:
    """Return the rows of an export. Raises FileError where the layout or the number style cannot be told."""
    text = decode(data, western=True).text
    lines = all_lines(text)
    place = next((place for place, line in enumerate(lines[:3]) if _layout(line)), None)
    if place is None:
        raise FileError("has no header with ISIN and WKN in the columns of Portfolio Performance", line=1)
    names = _layout(lines[place])
    listed = [(line, dict(zip(names, line.cells, strict=False))) for line in lines[place + 1 :] if not line.is_blank]
    numbers = [cells.get(name, "") for _, cells in listed for name in _NUMBERS]
    # this program separates by commas only where numbers have points
    mark = decimal_mark(numbers, known="." if delimiter_of(text) == "," else "")
    rows = tuple(Row(line.number, cells, mark) for line, cells in listed)
    return Export(lines[place].number, names is _OLD_ACCOUNT, rows)
