"""Purchases and sales of an OFX file, and the security that a row names. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from portfolio.engine.kinds import Kind
from portfolio.importers.kept_digits import kept
from portfolio.importers.money_check import adds_up, price_to_book
from portfolio.importers.ofx.statement import HUNDREDTH, Entry, Named
from portfolio.importers.review_reasons import does_not_add_up, out_of_scope, unexpected_sign
from portfolio.importers.rows import ZERO, LedgerRow, Problem, Security
from portfolio.importers.source_rows import SourceRows
from portfolio.importers.symbols import is_cusip, is_isin

_BUYS = frozenset({"BUYSTOCK", "BUYMF", "BUYOTHER", "BUYDEBT"})
_SELLS = frozenset({"SELLSTOCK", "SELLMF", "SELLOTHER", "SELLDEBT"})
TRADES = _BUYS | _SELLS
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class _Charges:
    fee: Decimal
    tax: Decimal
    accrued: Decimal


def named_in(entry: Entry, securities: dict[str, Named], rows: SourceRows) -> Named | None:
    """Return the security of a row; None, with the question asked, where it names none.

    One that the file's list does not hold, or holds without a ticker, goes by its id.
    """
    number = entry.text("UNIQUEID")
    if not number:
        rows.review(Problem(entry.line, "SECID", "names no security; enter the row by hand", "unreadable"))
        return None
    found = securities.get(number)
    if found is None:
        security = Security(cusip=number if is_cusip(number) else "", isin=number if is_isin(number) else "")
        found = Named(number, False, entry.tag.endswith("DEBT"), security)
    if not found.has_ticker:
        words = f"the file gives no ticker for {found.symbol}; name the instrument, or keep the id as its symbol"
        rows.warn(entry.line, "SECID", words, "no_ticker")
    rows.security(found.symbol, found.security)
    return found


def book_trade(entry: Entry, securities: dict[str, Named], rows: SourceRows) -> None:
    """Book a purchase or a sale. Raises UnreadableError."""
    side = (entry.text("BUYTYPE") or entry.text("SELLTYPE")).upper()
    if side in {"BUYTOCOVER", "SELLSHORT"}:
        rows.review(out_of_scope(line=entry.line, column="", word=f"{side} {entry.words}", what="short positions"))
        return
    named = named_in(entry, securities, rows)
    units, is_buy = entry.money("UNITS"), entry.tag in _BUYS
    if named is None:
        return
    if not units:
        rows.review(Problem(entry.line, "UNITS", "is blank or 0; enter the row by hand", "unreadable"))
        return
    total = entry.money("TOTAL")
    # sales are negative by the standard, and some programs print them without a sign
    if (is_buy and units < 0) or (total and (total < 0) != is_buy):
        rows.review(unexpected_sign(line=entry.line, column="TOTAL", word=entry.tag, amount=total or units))
        return
    charges = charges_of(entry)
    gross = _gross(entry, named, abs(units), charges, rows)
    if gross is None:
        return
    amount, price = gross
    row = LedgerRow(
        lines=(entry.line,),
        date=entry.date,
        kind=_kind(entry, is_buy=is_buy),
        account=entry.account,
        symbol=named.symbol,
        quantity=abs(units),
        price=price,
        amount=amount,
        currency=entry.currency,
        fee=charges.fee,
        tax=charges.tax,
        accrued_interest=charges.accrued,
        note=entry.note,
        external_id=entry.external_id,
    )
    if row.kind == Kind.DELIVERY_IN:
        words = "was paid from outside the account, as the plan's contributions are; booked as units brought in at that value"
        rows.warn_once("contribution", entry.line, words)
    rows.book(row)


def charges_of(entry: Entry) -> _Charges:
    """Return what a row was charged, as sizes."""
    fee = sum((abs(entry.money(name) or ZERO) for name in ("COMMISSION", "FEES", "LOAD")), ZERO)
    tax = sum((abs(entry.money(name) or ZERO) for name in ("TAXES", "WITHHOLDING", "STATEWITHHOLDING")), ZERO)
    return _Charges(fee, tax, abs(entry.money("ACCRDINT") or ZERO))


def _kind(entry: Entry, *, is_buy: bool) -> Kind:
    if not is_buy:
        return Kind.MATURITY if entry.text("SELLREASON").upper() in {"CALL", "MATURITY"} else Kind.SELL
    paid_from_outside = entry.is_401k and entry.text("SUBACCTFUND").upper() == "OTHER"
    return Kind.DELIVERY_IN if paid_from_outside else Kind.BUY


def _gross(
    entry: Entry, named: Named, units: Decimal, charges: _Charges, rows: SourceRows
) -> tuple[Decimal, Decimal | None] | None:
    """Return the gross value and the price that may stand beside it; None, with the question asked, where they contradict."""
    price, total = entry.money("UNITPRICE"), entry.money("TOTAL")
    is_buy, is_debt = entry.tag in _BUYS, named.is_debt or entry.tag.endswith("DEBT")
    expected = units * abs(price) if price else None
    if total:
        sides = charges.fee + charges.tax
        amount = abs(total) - charges.accrued - sides if is_buy else abs(total) - charges.accrued + sides
    elif expected:
        amount = kept(expected * (HUNDREDTH if is_debt else _ONE))
    else:
        rows.review(Problem(entry.line, "TOTAL", "is blank, and so is UNITPRICE; enter the row by hand", "unreadable"))
        return None
    scales = (HUNDREDTH, _ONE) if is_debt else (_ONE,)
    fitting = [scale for scale in scales if expected and adds_up(amount=amount, expected=expected * scale)]
    if expected and not fitting:
        parts = "UNITS × UNITPRICE with its charges"
        about = expected * scales[0]
        rows.review(does_not_add_up(line=entry.line, column="TOTAL", amount=amount, expected=about, parts=parts))
        return None
    if amount <= 0:
        rows.review(unexpected_sign(line=entry.line, column="TOTAL", word=entry.tag, amount=amount))
        return None
    # a bond's price is kept where it is per 100, as the ledger quotes bonds
    fits_quote = bool(price) and (not is_debt or fitting[0] == HUNDREDTH)
    unit = HUNDREDTH if is_debt else _ONE
    kept_price = price_to_book(quantity=units, price=abs(price or ZERO), amount=amount, price_unit=unit) if fits_quote else None
    return amount, kept_price
