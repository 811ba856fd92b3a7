"""Fidelity's account history as CSV, of one account or of all: a file becomes rows and questions. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable
from decimal import Decimal

from portfolio.engine.kinds import Kind
from portfolio.importers import review_reasons
from portfolio.importers.broker_table import Cells, Line, Sheet, find_sheet, has_sheet
from portfolio.importers.fidelity.bookings import Bookings
from portfolio.importers.fidelity.record import AccountNames, CellReader, Record, is_date
from portfolio.importers.fidelity.words import Meaning, meaning_of
from portfolio.importers.fingerprints import joined
from portfolio.importers.pairing import one_opposite, taxes_with_payments
from portfolio.importers.row_order import oldest_first
from portfolio.importers.rows import LedgerRow, Problem, Reading
from portfolio.importers.source_rows import SourceRows

_NEEDED = ("run date", "action", "symbol", "quantity", "price", "amount")
_NAMES = {"security description": "description", "security type": "type", "account name": "account"}
_PAID = frozenset({Meaning.PAYMENT, Meaning.INTEREST})


def _column(name: str) -> str:
    name = name.removesuffix("($)").strip()
    return _NAMES.get(name, name)


def recognises(*, data: bytes) -> bool:
    """Say whether a file has the history's header, in any of its layouts."""
    return has_sheet(data=data, needed=_NEEDED, rename=_column)


def read(*, data: bytes, today: dt.date, account: str = "") -> Reading:
    """Return the rows of a file. Raises FileError.

    account: whose rows they are where the file has no account column.
    """
    sheet = find_sheet(data=data, needed=_NEEDED, rename=_column)
    lines = [line for line in sheet.lines if not line.is_blank]
    rows = SourceRows(line.number for line in lines)
    cells = _data(sheet, lines, rows)
    names = AccountNames(cells, account)
    reader = CellReader(rows, names, today)
    records = [record for record in map(reader.record, cells) if record is not None]
    _book(records, Bookings(rows))
    if cells and not account and not any(each["account"] or each["account number"] for each in cells):
        words = "names no account; its rows go to “Fidelity”"
        rows.warn(0, "", words, "account_assumed")
    return rows.reading()


def _data(sheet: Sheet, lines: list[Line], rows: SourceRows) -> list[Cells]:
    """Return the rows of data; what follows the last of them is the broker's small print."""
    named = [sheet.cells(line) for line in lines]
    last = max((place for place, each in enumerate(named) if is_date(each["run date"])), default=-1)
    found: list[Cells] = []
    for place, (line, each) in enumerate(zip(lines, named, strict=True)):
        if place > last:
            rows.skip(line.number)
        elif not is_date(each["run date"]):
            # between rows of data it is no small print but a damaged row
            rows.reject(Problem(line.number, "Run Date", f"“{each['run date'][:40]}” is not a date"))
        elif problem := sheet.misshapen(line):
            rows.reject(problem)
        else:
            found.append(each)
    return found


def _book(records: list[Record], bookings: Bookings) -> None:
    records = oldest_first(
        records,
        date=lambda each: each.date,
        spends=lambda each: meaning_of(each.phrase)[0] == Meaning.REINVESTMENT,
    )
    settled = _settle_corrections(records, bookings)
    records = [record for record in records if record.line not in settled]
    settled = _skip_sweeps(records, bookings) | _ask_of_loans(records, bookings) | _book_transfers(records, bookings)
    records = [record for record in records if record.line not in settled]
    taxes = _taxes(records)
    merged = {tax.line for tax in taxes.values()}
    for record in records:
        if record.line not in merged:
            bookings.book(record, tax=taxes.get(record.line))


def _taxes(records: Iterable[Record]) -> dict[int, Record]:
    """Return the tax row of each payment that has one, by the payment's line: same account, day and symbol."""
    by_meaning = [(meaning_of(each.phrase)[0], each) for each in records]
    pairs = taxes_with_payments(
        payments=(each for meaning, each in by_meaning if meaning in _PAID and each.amount > 0),
        taxes=(each for meaning, each in by_meaning if meaning == Meaning.TAX and each.amount < 0),
        payment_key=_tax_key,
        tax_key=_tax_key,
        paid=lambda each: each.amount,
        withheld=lambda each: -each.amount,
    )
    return {payment.line: tax for payment, tax in pairs}


def _tax_key(record: Record) -> Hashable:
    return record.account, record.date, record.symbol


def _settle_corrections(records: list[Record], bookings: Bookings) -> set[int]:
    """Take each correction out with the one row that it takes back; return all lines that are settled."""
    settled: set[int] = set()
    by_money: dict[Decimal, list[Record]] = defaultdict(list)
    for record in records:
        by_money[abs(record.amount)].append(record)
    for record in records:
        if record.line in settled or not _is_correction(record):
            continue
        alike = by_money[abs(record.amount)]
        candidates = [each for each in alike if each.line != record.line and each.line not in settled]
        original = one_opposite(record, candidates, is_opposite=_is_taken_back)
        settled.add(record.line)
        if original is None:
            word = record.phrase
            bookings.rows.review(review_reasons.cancel_without_trade(line=record.line, column="Action", word=word))
            continue
        settled.add(original.line)
        bookings.rows.skip(record.line, original.line)
        bookings.rows.cancel(record.account, record.external_id, original.external_id)
        bookings.rows.warn(record.line, "Action", f"takes back line {original.line}; neither was entered", "cancelled")
    return settled


def _is_correction(record: Record) -> bool:
    meaning, kinds = meaning_of(record.phrase)
    if meaning == Meaning.CORRECTION:
        return True
    # units and money flow against what the words say
    if meaning in {Meaning.TRADE, Meaning.REINVESTMENT}:
        is_buy = kinds[1] == Kind.BUY
        return record.amount * (1 if is_buy else -1) > 0 and record.quantity * (1 if is_buy else -1) < 0
    return meaning in _PAID and record.amount < 0


def _is_taken_back(correction: Record, other: Record) -> bool:
    return (
        other.account == correction.account
        and other.symbol == correction.symbol
        and bool(correction.amount)
        and other.amount == -correction.amount
        and other.quantity == -correction.quantity
        and not _is_correction(other)
    )


def _skip_sweeps(records: list[Record], bookings: Bookings) -> set[int]:
    """Skip moves into and out of the core fund, which is the account's cash."""
    lines = {each.line for each in records if meaning_of(each.phrase)[0] == Meaning.SWEEP}
    if lines:
        words = "moves into and out of the core fund are skipped: the fund is the account's cash"
        bookings.rows.warn_once("core_fund", min(lines), words)
    bookings.rows.skip(*lines)
    return lines


def _ask_of_loans(records: list[Record], bookings: Bookings) -> set[int]:
    """Ask about lent shares. A fund of loans says the word in its name and is no such thing."""
    lines = set()
    for record in records:
        if "LOAN" in record.phrase.upper() and "LOAN" not in record.description.upper():
            bookings.ask_of_loan(record)
            lines.add(record.line)
    return lines


def _book_transfers(records: list[Record], bookings: Bookings) -> set[int]:
    """Book both halves of a transfer between two accounts of the file as one row."""
    moved = [each for each in records if meaning_of(each.phrase)[0] == Meaning.MOVED and each.amount and not each.quantity]
    settled: set[int] = set()
    by_day: dict[tuple[dt.date, Decimal], list[Record]] = defaultdict(list)
    for each in moved:
        by_day[each.date, abs(each.amount)].append(each)
    for sent in (each for each in moved if each.amount < 0):
        candidates = [each for each in by_day[sent.date, -sent.amount] if each.line not in settled]
        received = one_opposite(sent, candidates, is_opposite=_is_other_half)
        if received is not None:
            settled |= {sent.line, received.line}
            bookings.rows.book(_transfer(sent, received, amount=received.amount))
    return settled


def _is_other_half(sent: Record, received: Record) -> bool:
    return (
        received.amount == -sent.amount
        and received.date == sent.date
        and received.account != sent.account
        and (sent.names_account(received.account_number) or received.names_account(sent.account_number))
    )


def _transfer(sent: Record, received: Record, *, amount: Decimal) -> LedgerRow:
    return LedgerRow(
        lines=(sent.line, received.line),
        date=sent.date,
        kind=Kind.TRANSFER,
        account=sent.account,
        to_account=received.account,
        amount=amount,
        currency=sent.currency,
        external_id=joined([sent.external_id, received.external_id]),
    )
