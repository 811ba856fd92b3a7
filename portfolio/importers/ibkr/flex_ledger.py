"""The records of a Flex query become ledger rows, whichever file they came in. Pure."""

import datetime as dt
from collections import defaultdict
from dataclasses import fields, replace

from portfolio.importers.fingerprints import Fingerprints
from portfolio.importers.ibkr.cash import book_cash
from portfolio.importers.ibkr.records import BONDS, Dates, Record, Section, Symbols, give_accounts, security_of
from portfolio.importers.ibkr.trades import book_trades
from portfolio.importers.ibkr.units import book_actions, book_transfers
from portfolio.importers.rows import Problem, Reading, Security
from portfolio.importers.source_rows import SourceRows
from portfolio.written_values import UnreadableError

_LEVELS = {
    Section.TRADES: ("EXECUTION", "ORDER", "SYMBOL_SUMMARY", "ASSET_SUMMARY"),
    Section.CASH: ("DETAIL", "SUMMARY", "BASE_SUMMARY"),
}
_NO_LEVEL = 9
_DATE_NAMES = {
    Section.TRADES: ("tradedate", "datetime"),
    Section.TRANSFERS: ("date", "reportdate", "datetime", "settledate"),
}
# for tax reversals `dateTime` is the day of the old payment, so it comes last
_OTHER_DATES = ("reportdate", "settledate", "datetime", "date")
_SAYS_WHAT = {
    Section.TRADES: (
        "symbol", "quantity", "tradeprice", "proceeds", "trademoney", "netcash", "ibcommission", "buysell", "datetime",
    ),
    Section.CASH: ("type", "symbol", "amount", "description", "datetime"),
    Section.ACTIONS: ("type", "symbol", "quantity", "proceeds", "amount", "description", "actiondescription"),
    Section.TRANSFERS: ("type", "direction", "symbol", "quantity", "positionamount", "cashtransfer"),
}  # fmt: skip


def read_records(*, records: list[Record], today: dt.date, account: str, source: str) -> Reading:
    """Return the reading of a Flex query's rows.

    account: of rows that name none. source: the format's name, in the ids of rows without one.
    Raises FileError where accounts or dates cannot be settled.
    """
    rows = SourceRows(record.line for record in records)
    events = _finest(records, rows)
    give_accounts(events, account)
    symbols = Symbols()
    events = _dated(events, rows, today)
    # the broker's ids grow with time, so the order of elements in the file makes no difference
    events.sort(key=lambda record: record.order)
    _give_ids(events, source)
    by_section: dict[Section, list[Record]] = defaultdict(list)
    for record in events:
        symbols.add(record)
        by_section[record.section].append(record)
    for symbol, security in _securities(by_section, symbols).items():
        rows.security(symbol, security)
    income = book_cash(by_section[Section.CASH], by_section[Section.TRADES], symbols, rows)
    book_trades(by_section[Section.TRADES], symbols, rows, interest=income)
    book_actions(by_section[Section.ACTIONS], by_section[Section.CASH], symbols, rows)
    book_transfers(by_section[Section.TRANSFERS], symbols, rows)
    reading = rows.reading()
    reading.rows.sort(key=lambda row: row.date)
    return reading


def _securities(by_section: dict[Section, list[Record]], symbols: Symbols) -> dict[str, Security]:
    """Return what all rows together say of each security; trades say most, so they come first."""
    found: dict[str, Security] = {}
    for section in (Section.TRADES, Section.ACTIONS, Section.TRANSFERS, Section.CASH):
        for record in by_section[section]:
            symbol = symbols.of(record) if record.text("assetcategory").upper() != "CASH" else ""
            if not symbol:
                continue
            said = security_of(record)
            first = found.setdefault(symbol, said)
            if first != said:
                blanks = {each.name: getattr(said, each.name) for each in fields(first) if not getattr(first, each.name)}
                found[symbol] = replace(first, **blanks)
    return found


def _finest(records: list[Record], rows: SourceRows) -> list[Record]:
    """Keep of each section the rows of the finest detail there is: the coarser ones tell of the same money."""
    best: dict[Section, int] = {}
    for record in records:
        best[record.section] = min(_level(record), best.get(record.section, _NO_LEVEL))
    kept = []
    for record in records:
        own = _level(record)
        if record.section is not Section.OTHER and own < _NO_LEVEL and own == best[record.section]:
            kept.append(record)
        else:
            rows.skip(record.line)
    return kept


def _level(record: Record) -> int:
    """Return how coarse a row is; lots and wash sales are no trades at all."""
    levels = _LEVELS.get(record.section)
    word = record.text("levelofdetail").upper().replace(" ", "_")
    if levels is None or not word:
        return 0
    return levels.index(word) if word in levels else _NO_LEVEL


def _dated(records: list[Record], rows: SourceRows, today: dt.date) -> list[Record]:
    """Give each row its date by the rule of its section; a row without a date that can be read is rejected."""
    dates = Dates.of(records)
    kept = []
    for record in records:
        names = _DATE_NAMES.get(record.section, _OTHER_DATES)
        name = next((name for name in names if record.text(name)), "")
        if not name:
            rows.reject(Problem(record.line, names[0], "is blank; add it to the query and download again"))
            continue
        try:
            record.date, record.time = dates.read(record.text(name))
            if record.text("datetime"):
                record.paid_on, record.time = dates.read(record.text("datetime"))
            elif record.text("tradetime"):
                _, record.time = dates.read(f"{record.text(name)};{record.text('tradetime')}")
            if record.text("settledatetarget"):
                record.settled_on, _ = dates.read(record.text("settledatetarget"))
        except UnreadableError as error:
            rows.reject(Problem(record.line, name, str(error)))
            continue
        if max(record.date, record.settled_on or record.date) > today and record.text("assetcategory").upper() in BONDS:
            words = f"settles on {record.settled_on}, and interest runs to that day; import the file again after it"
            rows.review(Problem(record.line, "settleDateTarget", words, "unsettled"))
            continue
        if record.date > today:
            rows.reject(Problem(record.line, name, f"{record.date} lies in the future"))
            continue
        kept.append(record)
    return kept


def _give_ids(records: list[Record], source: str) -> None:
    fingerprints = Fingerprints(source)
    for record in records:
        number = record.text("transactionid")
        if number and number.strip("0") and len(number) <= 40:
            record.external_id = number
            continue
        said = [record.text(name) for name in _SAYS_WHAT[record.section]]
        record.external_id = fingerprints.of(record.date, record.security_key, *said)
