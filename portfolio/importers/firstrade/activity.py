"""Firstrade's account activity as CSV, and the history page in Chinese: files become rows and questions. Pure."""

import datetime as dt
import re
from dataclasses import replace

from portfolio.importers.broker_table import find_sheet, has_sheet
from portfolio.importers.firstrade.bookings import PAYMENT_KINDS, Bookings, is_mangled, skip_pairs
from portfolio.importers.firstrade.cells import CellReader, date_order
from portfolio.importers.firstrade.income import Payments
from portfolio.importers.firstrade.record import Record
from portfolio.importers.firstrade.reversals import take_out
from portfolio.importers.firstrade.words import TRANSFERS, event_of
from portfolio.importers.row_order import oldest_first
from portfolio.importers.rows import Reading
from portfolio.importers.source_rows import SourceRows
from portfolio.importers.text import decode

ACCOUNT = "Firstrade"  # where the caller names none: the file has no account in it
_NEEDED = ("symbol", "quantity", "price", "action", "description", "tradedate", "amount", "recordtype")
_HISTORY = {
    "日期": "tradedate", "交易類別": "action", "數量": "quantity", "說明": "description", "代號": "symbol",
    "賬戶類別": "accounttype", "帳戶類別": "accounttype", "價格": "price", "金額": "amount",
}  # fmt: skip
_HISTORY_NEEDED = ("tradedate", "action", "quantity", "description", "symbol", "price", "amount", "accounttype")
# the clearing house's own phrases: another broker's Chinese page has the same header
_APEX = re.compile(r"XFER .*FFS|WIRE FUNDS RECEIVED|\bREIN @|CASH DIV ON|NON-RES TAX WITHHELD|LENDING REBATE", re.IGNORECASE)


def recognises(*, data: bytes) -> bool:
    """Say whether a file has the activity's header, or the Chinese page's with texts of Firstrade's clearing house."""
    if has_sheet(data=data, needed=_NEEDED):
        return True
    return _is_history(data) and bool(_APEX.search(decode(data, western=True).text))


def read(*, data: bytes, today: dt.date, account: str = "") -> Reading:
    """Return the rows of a file. Raises FileError.

    account: whose rows they are; the file does not say.
    """
    is_history = not has_sheet(data=data, needed=_NEEDED) and _is_history(data)
    rows, records = _records(data, today, is_history=is_history)
    _book(records, Bookings(rows, account or ACCOUNT))
    if not account:
        rows.warn(0, "", f"names no account; its rows go to “{ACCOUNT}”", "account_assumed")
    if is_history:
        words = "is the history page, which overlaps the account activity file; feed an account from one of the two"
        rows.warn(0, "", words, "overlapping_sources")
    return rows.reading()


def _records(data: bytes, today: dt.date, *, is_history: bool) -> tuple[SourceRows, list[Record]]:
    if is_history:
        sheet = find_sheet(data=data, needed=_HISTORY_NEEDED, rename=_history_name)
    else:
        sheet = find_sheet(data=data, needed=_NEEDED)
    lines = [line for line in sheet.lines if not line.is_blank]
    rows = SourceRows(line.number for line in lines)
    for problem in filter(None, map(sheet.misshapen, lines)):
        rows.reject(problem)
    lines = [line for line in lines if not sheet.is_too_wide(line)]
    order = date_order([(line.number, *sheet.pick(line, "tradedate", "settleddate")) for line in lines])
    reader = CellReader(rows, order, today, is_history=is_history)
    # row by row: the cells of a large file by name, all at once, would fill the memory
    records = (reader.record(sheet.cells(line)) for line in lines)
    return rows, [record for record in records if record is not None]


def _is_history(data: bytes) -> bool:
    return has_sheet(data=data, needed=_HISTORY_NEEDED, rename=_history_name)


def _history_name(name: str) -> str:
    return _HISTORY.get(name, name)


def _book(records: list[Record], bookings: Bookings) -> None:
    records = oldest_first(records, date=lambda each: each.date, spends=lambda each: " REIN @" in each.text)
    symbols = {record.cusip: record.symbol for record in records if record.cusip and record.symbol}
    # some rows of a security name it by its CUSIP alone
    records = [each if each.symbol else replace(each, symbol=symbols.get(each.cusip, "")) for each in records]
    for record in records:
        if mangled := is_mangled(record):
            bookings.rows.review(mangled)
    records = [record for record in records if not bookings.rows.is_settled(record.line)]
    events = {record.line: event_of(record) for record in records}
    settled = take_out(records, events, bookings)
    skip_pairs([each for each in records if events[each.line] in TRANSFERS], events, bookings.rows)
    records = [each for each in records if each.line not in settled and events[each.line] not in TRANSFERS]
    payments = Payments(events, bookings)
    payments.prepare(records)
    for record in records:
        if events[record.line] in PAYMENT_KINDS:
            payments.book(record)
        elif not payments.is_merged_tax(record):
            bookings.book(record)
