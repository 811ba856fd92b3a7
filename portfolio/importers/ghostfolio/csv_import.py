"""The CSV that Ghostfolio imports becomes activities. Pure."""

import datetime as dt
import re
from decimal import Decimal

from portfolio.importers.broker_table import Cells, find_sheet, folded, head_lines
from portfolio.importers.ghostfolio.activities import Activity
from portfolio.importers.kept_digits import rounded_money
from portfolio.importers.ledger_file import COLUMNS
from portfolio.importers.rows import Problem, Security
from portfolio.importers.symbols import is_isin
from portfolio.importers.text import FileError
from portfolio.written_values import UnreadableError

_NAMES = {
    "date": ("date", "tradedate"),
    "symbol": ("code", "symbol", "ticker"),
    "currency": ("currency", "ccy", "currencyprimary"),
    "price": ("price", "unitprice", "tradeprice"),
    "value": ("value",),
    "quantity": ("quantity", "qty", "shares", "units"),
    "type": ("action", "type", "buy/sell"),
    "fee": ("fee", "commission", "ibcommission"),
    "account": ("account", "accountid"),
    "note": ("note", "comment"),
    "source": ("datasource",),
}
_RENAMED = {written: name for name, ways in _NAMES.items() for written in ways}
_NEEDED = frozenset({"date", "symbol", "currency", "quantity", "type"})
# a header of nothing but these can as well be a ledger's
_SHARED = frozenset(COLUMNS)
_PATTERNS = (
    (re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})"), (3, 2, 1)),
    (re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"), (1, 2, 3)),
    (re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"), (1, 2, 3)),
)
_TIME = re.compile(r"([0-9-]{10})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)(?:Z|[+-][0-9]{2}:?[0-9]{2})?")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}")


def _renamed(name: str) -> str:
    return _RENAMED.get(name, name)


def is_import_file(data: bytes) -> bool:
    """Say whether a header with Ghostfolio's columns stands at the top, and is not a ledger's."""
    try:
        lines = head_lines(data)
    except FileError:
        return False
    for line in lines:
        written = [folded(cell) for cell in line.cells if cell]
        names = {_renamed(name) for name in written}
        if names >= _NEEDED and names & {"price", "value"}:
            return not {name.replace(" ", "_") for name in written} <= _SHARED and "amount" not in names
    return False


def activities_of(data: bytes) -> tuple[list[Activity], list[Problem]]:
    """Return the activities, and those that cannot be read. Raises FileError."""
    sheet = find_sheet(data=data, needed=sorted(_NEEDED), rename=_renamed)
    if not {"price", "value"} & set(sheet.names):
        raise FileError("lacks the column price", line=sheet.header_line, column="price")
    found: list[Activity] = []
    rejected: list[Problem] = []
    for line in sheet.lines:
        if line.is_blank:
            continue
        try:
            if sheet.is_too_wide(line):
                raise UnreadableError("has more cells than the header; is a comma not in quotes?")
            found.append(_activity(sheet.cells(line)))
        except UnreadableError as error:
            rejected.append(Problem(line.number, "", str(error)))
    return found, rejected


def _activity(cells: Cells) -> Activity:
    date, has_time = _date(cells)
    symbol = cells["symbol"]
    return Activity(
        line=cells.line,
        type=cells["type"].upper(),
        date=date,
        has_time=has_time,
        symbol=symbol,
        quantity=_size(cells["quantity"]),
        unit_price=_size(cells["price"] or cells["value"]),
        fee=_size(cells["fee"]),
        currency=cells["currency"],
        account=cells["account"],
        note=cells["note"],
        number="",
        security=Security(isin=symbol if is_isin(symbol) else "", currency=cells["currency"]),
    )


def _size(text: str) -> Decimal:
    # Ghostfolio drops the sign of these
    return abs(rounded_money(text) or Decimal(0))


def _date(cells: Cells) -> tuple[dt.date, bool]:
    """Return the day, and whether a time other than midnight stands beside it."""
    text = cells["date"]
    timed = _TIME.fullmatch(text)
    day = timed[1] if timed else text
    if _SHORT_YEAR.fullmatch(day):
        words = f'"{day}" has a two-digit year; write it with four'
        raise FileError(words, line=cells.line, column="date")
    for pattern, order in _PATTERNS:
        if found := pattern.fullmatch(day):
            try:
                value = dt.date(*(int(found[place]) for place in order))
            except ValueError:
                break
            return value, bool(timed) and timed is not None and not timed[2].startswith("00:00")
    raise UnreadableError(f'"{text[:40]}" is not a date that Ghostfolio writes')
