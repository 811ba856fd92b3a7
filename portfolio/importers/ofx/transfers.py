"""Units that move without money in an OFX file: transfers between accounts, and splits. Pure."""

import re
from decimal import Decimal

from portfolio.engine.kinds import Kind
from portfolio.importers.fingerprints import joined, parts
from portfolio.importers.kept_digits import kept
from portfolio.importers.ofx.investments import named_in
from portfolio.importers.ofx.statement import Entry, Named
from portfolio.importers.review_reasons import corporate_action
from portfolio.importers.rows import ZERO, LedgerRow, Problem
from portfolio.importers.source_rows import SourceRows
from portfolio.written_values import UnreadableError

_IN_UNITS = re.compile(r"\bEXPENSE\b|\bFEE\b", re.IGNORECASE)


def book_transfers(entries: list[Entry], securities: dict[str, Named], rows: SourceRows) -> None:
    """Book units that came or went; what leaves and comes back on one day in one account moves nothing."""
    sides: list[tuple[Entry, Decimal]] = []
    for entry in entries:
        try:
            units = _signed(entry)
        except UnreadableError as error:
            rows.reject(Problem(entry.line, "UNITS", str(error)))
            continue
        if units:
            sides.append((entry, units))
        else:
            rows.review(Problem(entry.line, "UNITS", "is blank or 0; enter the row by hand", "unreadable"))
    paired: set[int] = set()
    for entry, units in sides:
        if entry.line in paired:
            continue
        partner = _partner(entry, units, [each for each in sides if each[0].line not in paired])
        if partner is None:
            _book_crossing(entry, units, securities, rows)
        elif partner.account == entry.account:
            paired |= {entry.line, partner.line}
            rows.skip(entry.line, partner.line)
        else:
            paired |= {entry.line, partner.line}
            giver, taker = (entry, partner) if units < 0 else (partner, entry)
            _book_between(giver, taker, abs(units), securities, rows)


def _signed(entry: Entry) -> Decimal:
    units = entry.money("UNITS") or ZERO
    action = entry.text("TFERACTION").upper()
    if action in {"IN", "OUT"}:
        return abs(units) if action == "IN" else -abs(units)
    return units


def _partner(entry: Entry, units: Decimal, others: list[tuple[Entry, Decimal]]) -> Entry | None:
    """Return the other half, of the same account before any other."""
    found = [
        other
        for other, size in others
        if size == -units and other.date == entry.date and other.text("UNIQUEID") == entry.text("UNIQUEID")
    ]
    found.sort(key=lambda other: other.account != entry.account)
    return found[0] if found else None


def _book_between(giver: Entry, taker: Entry, units: Decimal, securities: dict[str, Named], rows: SourceRows) -> None:
    named = named_in(giver, securities, rows)
    if named is None:
        rows.review(Problem(taker.line, "SECID", "names no security; enter the row by hand", "unreadable"))
        return
    ids = joined([parts(giver.external_id)[-1], parts(taker.external_id)[-1]])
    rows.book(
        LedgerRow(
            lines=(giver.line, taker.line),
            date=giver.date,
            kind=Kind.TRANSFER,
            account=giver.account,
            to_account=taker.account,
            symbol=named.symbol,
            quantity=units,
            external_id=ids,
        )
    )


def _book_crossing(entry: Entry, units: Decimal, securities: dict[str, Named], rows: SourceRows) -> None:
    named = named_in(entry, securities, rows)
    if named is None:
        return
    if units < 0 and _IN_UNITS.search(entry.words):
        rows.review(corporate_action(line=entry.line, column="", word=entry.words, proposal="SELL and a FEE"))
        return
    try:
        price = abs(entry.money("UNITPRICE") or ZERO)
    except UnreadableError as error:
        rows.reject(Problem(entry.line, "UNITPRICE", str(error)))
        return
    if not price:
        words = "moves units without a price; enter a DELIVERY or TRANSFER row by hand"
        rows.review(Problem(entry.line, "UNITPRICE", words, "corporate_action"))
        return
    if units > 0:
        words = "brings units at the price in the file; what they cost is not in it, so correct the amount if it is known"
        rows.warn(entry.line, "UNITPRICE", words, "cost_unknown")
    rows.book(
        LedgerRow(
            lines=(entry.line,),
            date=entry.date,
            kind=Kind.DELIVERY_IN if units > 0 else Kind.DELIVERY_OUT,
            account=entry.account,
            symbol=named.symbol,
            quantity=abs(units),
            price=price,
            currency=entry.currency,
            note=entry.note,
            external_id=entry.external_id,
        )
    )


def split_row(entry: Entry, securities: dict[str, Named], rows: SourceRows) -> None:
    """Book a split by its ratio; cash for a fraction is put to a person. Raises UnreadableError."""
    named = named_in(entry, securities, rows)
    if named is None:
        return
    new, old = entry.money("NUMERATOR"), entry.money("DENOMINATOR")
    if not new or not old:
        new, old = entry.money("NEWUNITS"), entry.money("OLDUNITS")
    if not new or not old or new < 0 or old < 0 or new == old or entry.money("FRACCASH"):
        rows.review(corporate_action(line=entry.line, column="", word=f"SPLIT {entry.words}", proposal="SPLIT"))
        return
    rows.book(
        LedgerRow(
            lines=(entry.line,),
            date=entry.date,
            kind=Kind.SPLIT,
            account=entry.account,
            symbol=named.symbol,
            quantity=kept(new / old),
            note=entry.note,
            external_id=entry.external_id,
        )
    )
