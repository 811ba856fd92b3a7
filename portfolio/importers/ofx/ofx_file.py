"""The format ofx: every transaction of every statement in the file becomes ledger rows, or a question. Pure."""

import datetime as dt
from collections import defaultdict

from portfolio.engine.currencies import is_currency
from portfolio.importers.ofx.bank import book_bank_row
from portfolio.importers.ofx.investments import TRADES, book_trade
from portfolio.importers.ofx.payments import PAYMENTS, book_payments
from portfolio.importers.ofx.statement import Entry, Named, entries_of, give_ids, securities_of
from portfolio.importers.ofx.transfers import book_transfers, split_row
from portfolio.importers.ofx.tree import day, has_ofx, root_of
from portfolio.importers.review_reasons import cancel_without_trade, out_of_scope, unknown_word
from portfolio.importers.row_order import oldest_first
from portfolio.importers.rows import Problem, Reading
from portfolio.importers.source_rows import SourceRows
from portfolio.written_values import UnreadableError

_OPTIONS = frozenset({"BUYOPT", "SELLOPT", "CLOSUREOPT"})
# between parts of one account
_JOURNALS = frozenset({"JRNLFUND", "JRNLSEC"})


def recognises(*, data: bytes) -> bool:
    """Say whether a file begins as OFX does."""
    return has_ofx(data)


def read(*, data: bytes, today: dt.date, account: str = "") -> Reading:
    """Return the rows of an OFX or QFX file. Raises FileError."""
    root = root_of(data)
    securities = securities_of(root)
    entries = entries_of(root, account)
    rows = SourceRows(entry.line for entry in entries)
    entries = _dated(entries, securities, rows, today)
    give_ids(entries)
    entries = _distinct(_without_cancelled(entries, rows), rows)
    book_payments([entry for entry in entries if entry.tag in PAYMENTS], securities, rows)
    book_transfers([entry for entry in entries if entry.tag == "TRANSFER"], securities, rows)
    for entry in entries:
        try:
            _book(entry, entries, securities, rows)
        except UnreadableError as error:
            rows.reject(Problem(entry.line, "", str(error)))
    reading = rows.reading()
    reading.rows.sort(key=lambda row: row.date)
    if not entries and not reading.source_rows:
        reading.warnings.append(Problem(0, "", "the file holds no transactions", "no_rows"))
    return reading


def _book(entry: Entry, entries: list[Entry], securities: dict[str, Named], rows: SourceRows) -> None:
    if entry.tag in PAYMENTS or entry.tag == "TRANSFER" or rows.is_settled(entry.line):
        return
    if entry.tag in TRADES:
        book_trade(entry, securities, rows)
    elif entry.tag in _OPTIONS:
        rows.review(out_of_scope(line=entry.line, column="", word=f"{entry.tag} {entry.words}", what="options"))
    elif entry.tag in _JOURNALS:
        rows.skip(entry.line)
    elif entry.tag == "SPLIT":
        split_row(entry, securities, rows)
    elif entry.tag in {"INVBANKTRAN", "STMTTRN"}:
        book_bank_row(entry, entries, rows)
    else:
        rows.review(unknown_word(line=entry.line, column="", word=entry.tag))


def _dated(entries: list[Entry], securities: dict[str, Named], rows: SourceRows, today: dt.date) -> list[Entry]:
    """Return the rows whose day and currency can be read, the oldest first."""
    kept = []
    for entry in entries:
        named = securities.get(entry.text("UNIQUEID"))
        # a bond's interest runs to the day it is settled
        is_debt = entry.tag in {"BUYDEBT", "SELLDEBT"} or (entry.tag in TRADES and named is not None and named.is_debt)
        names = ("DTSETTLE", "DTTRADE", "DTPOSTED") if is_debt else ("DTTRADE", "DTPOSTED", "DTSETTLE")
        try:
            entry.date = day(entry.values, *names)
        except UnreadableError as error:
            rows.reject(Problem(entry.line, "", str(error)))
            continue
        if entry.date > today and is_debt:
            words = f"settles on {entry.date}, and interest runs to that day; import the file again after it"
            rows.review(Problem(entry.line, "DTSETTLE", words, "unsettled"))
        elif entry.date > today:
            rows.reject(Problem(entry.line, names[0], f"{entry.date} lies in the future"))
        elif not is_currency(entry.currency):
            rows.reject(Problem(entry.line, "CURDEF", f'"{entry.currency[:10]}" is no currency code'))
        else:
            kept.append(entry)
    return oldest_first(kept, date=lambda entry: entry.date, spends=lambda entry: entry.tag.startswith("BUY"))


def _without_cancelled(entries: list[Entry], rows: SourceRows) -> list[Entry]:
    """Take out rows that a later one names as reversed or corrected, and the rows that only take back."""
    by_number = {(entry.account, entry.number): entry for entry in entries if entry.number}
    gone: set[int] = set()
    for entry in entries:
        number = entry.text("REVERSALFITID") or entry.text("CORRECTFITID")
        if not number:
            continue
        original = by_number.get((entry.account, number))
        replaces = bool(entry.text("CORRECTFITID")) and entry.text("CORRECTACTION").upper() == "REPLACE"
        if original is None or original is entry or original.line in gone:
            word = f"{entry.tag} that reverses or corrects {number}"
            rows.review(cancel_without_trade(line=entry.line, column="", word=word))
            gone.add(entry.line)
            continue
        gone.add(original.line)
        rows.skip(original.line)
        rows.cancel(entry.account, *original.external_id.split(" & "))
        rows.warn(entry.line, "", f"takes back row {original.line} of {original.date}", "cancelled")
        if not replaces:
            gone.add(entry.line)
            rows.skip(entry.line)
    return [entry for entry in entries if entry.line not in gone]


def _distinct(entries: list[Entry], rows: SourceRows) -> list[Entry]:
    """Put rows to a person that share the broker's number and say different things."""
    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.number:
            groups[entry.account, entry.number].append(entry)
    gone: set[int] = set()
    for (_, number), twins in groups.items():
        if len(twins) == 1:
            continue
        said = {(twin.tag, *sorted(twin.values.items())) for twin in twins}
        if len(said) == 1:
            # the same row twice: the standard allows a number once
            rows.skip(*(twin.line for twin in twins[1:]))
            gone |= {twin.line for twin in twins[1:]}
            continue
        for twin in twins:
            words = f"shares its number {number[-3:]} with another row that says something else; enter the right one by hand"
            rows.review(Problem(twin.line, "FITID", words, "same_id"))
            gone.add(twin.line)
    return [entry for entry in entries if entry.line not in gone]
