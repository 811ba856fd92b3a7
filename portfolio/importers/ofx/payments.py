"""Income, expenses and reinvestments of an OFX file, with the tax that stands beside them. Pure."""

import datetime as dt
import re
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from portfolio.engine.kinds import Kind
from portfolio.importers.fingerprints import joined, parts
from portfolio.importers.money_check import price_to_book
from portfolio.importers.ofx.investments import charges_of, named_in
from portfolio.importers.ofx.statement import Entry, Named
from portfolio.importers.review_reasons import unexpected_sign, unknown_word
from portfolio.importers.rows import ZERO, LedgerRow, Problem
from portfolio.importers.source_rows import SourceRows
from portfolio.written_values import UnreadableError

PAYMENTS = frozenset({"INCOME", "INVEXPENSE", "REINVEST", "MARGININTEREST", "RETOFCAP"})
LENDING = re.compile(r"FULLY ?PAID LENDING|LENDING REBATE|STOCK LENDING", re.IGNORECASE)
TAX_WORDS = re.compile(r"W/H|WITHH(?:OLDING|ELD)|\bTAX\b|\bNRA\b", re.IGNORECASE)
_INTEREST = re.compile(r"INTEREST ON CREDIT|CREDIT INTEREST|IDLE CASH|CASH SWEEP INTEREST|BANK INTEREST", re.IGNORECASE)
_SUBSTITUTE = re.compile(r"IN LIEU OF DIV|SUBST PAY", re.IGNORECASE)
_RATES = (Decimal("0.1"), Decimal("0.15"), Decimal("0.3"))
_RATE_STEP = Decimal("0.002")


def book_payments(entries: list[Entry], securities: dict[str, Named], rows: SourceRows) -> None:
    """Book income and expenses; a tax among the expenses joins the income of its security and day."""
    taxes = _taxes(entries, rows)
    merged = {tax.line for tax in taxes.values()}
    for entry in entries:
        if entry.line in merged or rows.is_settled(entry.line):
            continue
        try:
            _book(entry, securities, rows, taxes.get(entry.line))
        except UnreadableError as error:
            rows.reject(Problem(entry.line, "", str(error)))


def _taxes(entries: list[Entry], rows: SourceRows) -> dict[int, Entry]:
    """Return, by the line of an income, its one tax row."""
    incomes: dict[tuple[str, str, str, dt.date], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.tag == "INCOME":
            incomes[_event(entry)].append(entry)
    found: dict[int, Entry] = {}
    for entry in entries:
        if entry.tag != "INVEXPENSE" or not TAX_WORDS.search(entry.words) or not entry.text("UNIQUEID"):
            continue
        try:
            is_paid = (entry.money("TOTAL") or ZERO) < 0
        except UnreadableError as error:
            rows.reject(Problem(entry.line, "TOTAL", str(error)))
            continue
        income = next((each for each in incomes[_event(entry)] if each.line not in found), None)
        if is_paid and income is not None:
            found[income.line] = entry
    return found


def _event(entry: Entry) -> tuple[str, str, str, dt.date]:
    return entry.account, entry.text("UNIQUEID"), entry.currency, entry.date


def _book(entry: Entry, securities: dict[str, Named], rows: SourceRows, tax: Entry | None) -> None:
    total = entry.money("TOTAL")
    if not total:
        rows.review(Problem(entry.line, "TOTAL", "is blank or 0; enter the row by hand", "unreadable"))
    elif entry.tag == "REINVEST":
        _book_reinvestment(entry, total, securities, rows)
    elif entry.tag == "INVEXPENSE":
        _book_expense(entry, total, securities, rows)
    elif entry.tag == "MARGININTEREST":
        if total > 0:
            rows.review(unexpected_sign(line=entry.line, column="TOTAL", word=entry.tag, amount=total))
        else:
            rows.book(_row(entry, Kind.INTEREST_CHARGE, -total))
    elif total < 0:
        rows.review(unexpected_sign(line=entry.line, column="TOTAL", word=f"{entry.tag} {entry.words}", amount=total))
    else:
        _book_income(entry, total, securities, rows, tax)


def _row(entry: Entry, kind: Kind, size: Decimal, symbol: str = "") -> LedgerRow:
    return LedgerRow(
        lines=(entry.line,),
        date=entry.date,
        kind=kind,
        account=entry.account,
        symbol=symbol,
        amount=size,
        currency=entry.currency,
        tax_year=entry.date.year if kind in {Kind.TAX, Kind.TAX_REFUND} else None,
        note=entry.note,
        external_id=entry.external_id,
    )


def _income_kind(entry: Entry, named: Named | None) -> Kind | None:
    word = entry.text("INCOMETYPE").upper()
    kind: Kind | None = None
    if entry.tag == "RETOFCAP":
        kind = Kind.RETURN_OF_CAPITAL
    elif LENDING.search(entry.words):
        kind = Kind.LENDING_REBATE
    elif word in {"DIV", "CGLONG", "CGSHORT", "MISC"} and _SUBSTITUTE.search(entry.words):
        kind = Kind.PAYMENT_IN_LIEU
    elif word in {"DIV", "CGLONG", "CGSHORT"}:
        kind = Kind.DIVIDEND
    elif word == "INTEREST":
        kind = Kind.COUPON if named is not None and named.is_debt else Kind.INTEREST
    elif word == "MISC" and _INTEREST.search(entry.words):
        kind = Kind.INTEREST
    return kind


def _book_income(entry: Entry, total: Decimal, securities: dict[str, Named], rows: SourceRows, tax_row: Entry | None) -> None:
    kind = _income_kind(entry, securities.get(entry.text("UNIQUEID")))
    if kind is None:
        rows.review(unknown_word(line=entry.line, column="INCOMETYPE", word=f"{entry.text('INCOMETYPE')} {entry.words}"))
        return
    symbol = ""
    if kind not in {Kind.INTEREST, Kind.LENDING_REBATE}:
        named = named_in(entry, securities, rows)
        if named is None:
            return
        symbol = named.symbol
    charges = charges_of(entry)
    gross = _gross(entry, total, charges.tax, rows) + charges.fee
    row = replace(_row(entry, kind, gross, symbol), tax=charges.tax, fee=charges.fee)
    if tax_row is not None:
        size = -(tax_row.money("TOTAL") or ZERO)
        ids = joined([row.external_id, tax_row.external_id])
        rows.book(replace(row, tax=row.tax + size, lines=(entry.line, tax_row.line), external_id=ids))
    else:
        rows.book(row)


def _gross(entry: Entry, total: Decimal, tax: Decimal, rows: SourceRows) -> Decimal:
    """Return the income before a tax inside the row: TOTAL is the cash that moved, unless the usual rates say otherwise."""
    if not tax:
        return total
    of_total, of_sum = tax / total, tax / (total + tax)
    is_gross = any(abs(of_total - rate) <= _RATE_STEP for rate in _RATES)
    is_net = any(abs(of_sum - rate) <= _RATE_STEP for rate in _RATES)
    if is_gross and not is_net:
        rows.warn(entry.line, "TOTAL", "was taken as gross, since the tax is a usual rate of it", "tax_inferred")
        return total
    if not is_net:
        rows.warn(entry.line, "TOTAL", "was taken as what was left after the tax; no usual rate confirms it", "tax_inferred")
    return total + tax


def _book_expense(entry: Entry, total: Decimal, securities: dict[str, Named], rows: SourceRows) -> None:
    paid, back = (Kind.TAX, Kind.TAX_REFUND) if TAX_WORDS.search(entry.words) else (Kind.FEE, Kind.FEE_REFUND)
    kind = paid if total < 0 else back
    named = named_in(entry, securities, rows) if entry.text("UNIQUEID") else None
    rows.book(_row(entry, kind, abs(total), named.symbol if named else ""))


def _book_reinvestment(entry: Entry, total: Decimal, securities: dict[str, Named], rows: SourceRows) -> None:
    """Book the two halves of a reinvestment: what was paid, and the units that it bought."""
    named, units = named_in(entry, securities, rows), entry.money("UNITS")
    if named is None:
        return
    kind = _income_kind(entry, named)
    if kind is None or not units or units < 0 or total > 0:
        rows.review(unknown_word(line=entry.line, column="INCOMETYPE", word=f"REINVEST {entry.text('INCOMETYPE')}"))
        return
    charges = charges_of(entry)
    spent = -total - charges.fee - charges.tax
    if spent <= 0:
        rows.review(unexpected_sign(line=entry.line, column="TOTAL", word=entry.tag, amount=spent))
        return
    paid = _row(entry, kind, -total, "" if kind == Kind.INTEREST else named.symbol)
    price = price_to_book(quantity=units, price=entry.money("UNITPRICE"), amount=spent)
    bought = replace(
        _row(entry, Kind.BUY, spent, named.symbol),
        tax=charges.tax,
        fee=charges.fee,
        quantity=units,
        price=price,
        note="reinvestment",
        external_id=f"{parts(entry.external_id)[-1]}b",
    )
    rows.book(paid, bought)
