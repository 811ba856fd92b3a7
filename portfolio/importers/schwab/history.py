"""Charles Schwab's transaction history as CSV, in the layouts of several years: a file becomes rows and questions. Pure."""

import datetime as dt
from collections import defaultdict

from portfolio.importers.broker_table import Cells, find_sheet, has_sheet
from portfolio.importers.broker_values import money
from portfolio.importers.money_check import CENT
from portfolio.importers.row_order import oldest_first
from portfolio.importers.rows import Reading
from portfolio.importers.schwab.bookings import Bookings
from portfolio.importers.schwab.pairs import book_legs, book_reverse_splits, settle_corrections, taxes_of_payments
from portfolio.importers.schwab.record import ZERO, CellReader, Record
from portfolio.importers.schwab.words import MEANINGS, Meaning
from portfolio.importers.source_rows import SourceRows
from portfolio.written_values import UnreadableError

ACCOUNT = "Schwab"  # where the caller names none: the file has no account column
_NEEDED = ("date", "action", "symbol", "description", "quantity", "price", "fees & comm", "amount")
# booked or asked about with their other rows
_SETTLED_TOGETHER = frozenset({Meaning.CASH_LEG, Meaning.UNIT_LEG, Meaning.REVERSE_SPLIT, Meaning.CORPORATE})
_SIDES = 6  # of one merger; more than these are not worth naming
_TOTAL = "transactions total"


def recognises(*, data: bytes) -> bool:
    """Say whether a file has the history's header, title line or not."""
    return has_sheet(data=data, needed=_NEEDED)


def read(*, data: bytes, today: dt.date, account: str = "") -> Reading:
    """Return the rows of a file. Raises FileError.

    account: whose rows they are; the file does not say.
    """
    sheet = find_sheet(data=data, needed=_NEEDED)
    lines = [line for line in sheet.lines if not line.is_blank]
    rows = SourceRows(line.number for line in lines)
    cells: list[Cells] = []
    totals: list[Cells] = []
    for line in lines:
        named = sheet.cells(line)
        if named["date"].casefold() == _TOTAL:
            rows.skip(line.number)
            totals.append(named)
        elif problem := sheet.misshapen(line):
            rows.reject(problem)
        else:
            cells.append(named)
    reader = CellReader(rows, today)
    records = [record for record in map(reader.record, cells) if record is not None]
    _compare(totals, records, rows, is_complete=len(records) == len(cells))
    _book(records, Bookings(rows, account or ACCOUNT))
    if not account:
        rows.warn(0, "", f"names no account; its rows go to “{ACCOUNT}”", "account_assumed")
    return rows.reading()


def _compare(totals: list[Cells], records: list[Record], rows: SourceRows, *, is_complete: bool) -> None:
    """Warn where the file's own total is not the sum of its amounts."""
    found = sum((record.amount for record in records), ZERO)
    for total in totals:
        try:
            printed = money(total["amount"])
        except UnreadableError:
            printed = None
        if printed is not None and is_complete and abs(printed - found) > CENT:
            words = f"the file's own total is {printed}, its rows add up to {found}; was a part of it deleted?"
            rows.warn(total.line, "Amount", words, "total_differs")


def _book(records: list[Record], bookings: Bookings) -> None:
    records = oldest_first(
        records, date=lambda each: each.posted, spends=lambda each: MEANINGS.get(each.action) == Meaning.REINVESTED
    )
    settled = settle_corrections(records, bookings)
    records = [record for record in records if record.line not in settled]
    taxes = taxes_of_payments(records)
    merged = {tax.line for tax in taxes.values()}
    legs = [each for each in records if MEANINGS.get(each.action) in {Meaning.CASH_LEG, Meaning.UNIT_LEG}]
    book_legs(legs, bookings)
    book_reverse_splits([each for each in records if MEANINGS.get(each.action) == Meaning.REVERSE_SPLIT], bookings)
    _show_partners(records, bookings)
    for record in records:
        if record.line not in merged and MEANINGS.get(record.action) not in _SETTLED_TOGETHER:
            bookings.book(record, tax=taxes.get(record.line))


def _show_partners(records: list[Record], bookings: Bookings) -> None:
    """Ask about each leg of a merger or exchange with the others of its day named."""
    sides: dict[tuple[str, dt.date], list[Record]] = defaultdict(list)
    for record in records:
        if MEANINGS.get(record.action) == Meaning.CORPORATE:
            sides[record.action, record.effective].append(record)
    for record in (record for group in sides.values() for record in group):
        others = [each.line for each in sides[record.action, record.effective][:_SIDES] if each is not record]
        bookings.ask_of_corporate_action(record, others)
