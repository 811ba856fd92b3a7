"""Cash rows of an OFX file, of a broker's account or a bank's: the words are read before the type. Pure."""

import re
from decimal import Decimal

from portfolio.engine.kinds import Kind
from portfolio.importers.ofx.payments import LENDING
from portfolio.importers.ofx.statement import Entry
from portfolio.importers.review_reasons import unexpected_sign, unpaired
from portfolio.importers.rows import LedgerRow, Problem
from portfolio.importers.source_rows import SourceRows
from portfolio.written_values import UnreadableError

# between parts of one account; they come in opposite pairs
_INSIDE = re.compile(r"XFER (?:CASH FROM FFS|FFS TO CASH|CASH TO MARGIN|MARGIN TO CASH)", re.IGNORECASE)
# narrower than among a broker's expenses: a tax office pays into accounts too
_WITHHELD = re.compile(r"W/H|WITHH(?:OLDING|ELD)|\bNRA\b|NON-RES", re.IGNORECASE)
_INTEREST = re.compile(r"INTEREST ON CREDIT BALANCE", re.IGNORECASE)
# names of people and banks may stand in these
_WITHOUT_NOTE = frozenset({Kind.DEPOSIT, Kind.WITHDRAWAL})


def book_bank_row(entry: Entry, entries: list[Entry], rows: SourceRows) -> None:
    """Book a row of cash. Raises UnreadableError."""
    amount = entry.money("TRNAMT")
    if amount is None:
        rows.reject(Problem(entry.line, "TRNAMT", "is blank"))
    elif not amount:
        rows.skip(entry.line)
    elif _INSIDE.search(entry.words):
        _skip_pair(entry, amount, entries, rows)
    elif (kind := _kind(entry, amount)) is None:
        rows.review(unexpected_sign(line=entry.line, column="TRNAMT", word=entry.text("TRNTYPE"), amount=amount))
    else:
        if kind == Kind.DIVIDEND:
            words = "is a dividend of a security that the file does not name; add the symbol"
            rows.warn(entry.line, "NAME", words, "no_symbol")
        rows.book(_row(entry, kind, amount))


def _kind(entry: Entry, amount: Decimal) -> Kind | None:
    """Return the ledger's word; None where money flows the other way than the type says."""
    is_in, word = amount > 0, entry.text("TRNTYPE").upper()
    if LENDING.search(entry.words):
        return Kind.LENDING_REBATE if is_in else None
    if entry.tag == "INVBANKTRAN" and _WITHHELD.search(entry.words):
        return Kind.TAX_REFUND if is_in else Kind.TAX
    if word == "INT" or _INTEREST.search(entry.words):
        return Kind.INTEREST if is_in else Kind.INTEREST_CHARGE
    if word == "DIV":
        return Kind.DIVIDEND if is_in else None
    if word in {"FEE", "SRVCHG"}:
        return Kind.FEE_REFUND if is_in else Kind.FEE
    return Kind.DEPOSIT if is_in else Kind.WITHDRAWAL


def _row(entry: Entry, kind: Kind, amount: Decimal) -> LedgerRow:
    return LedgerRow(
        lines=(entry.line,),
        date=entry.date,
        kind=kind,
        account=entry.account,
        amount=abs(amount),
        currency=entry.currency,
        tax_year=entry.date.year if kind in {Kind.TAX, Kind.TAX_REFUND} else None,
        note="" if kind in _WITHOUT_NOTE else entry.note,
        external_id=entry.external_id,
    )


def _skip_pair(entry: Entry, amount: Decimal, entries: list[Entry], rows: SourceRows) -> None:
    """Skip money that moved inside the account, where its other half is there."""
    for other in entries:
        if other.line == entry.line or (other.account, other.date) != (entry.account, entry.date):
            continue
        if rows.is_settled(other.line) or not _INSIDE.search(other.words):
            continue
        try:
            if other.money("TRNAMT") == -amount:
                rows.skip(entry.line, other.line)
                return
        except UnreadableError:
            continue
    rows.review(unpaired(line=entry.line, column="NAME", word=entry.words))
