"""Fills a row in: the currency it leaves open, the third of quantity, price and amount, the charges left blank."""

from decimal import Decimal

from django.conf import settings

from portfolio.engine.kinds import MINOR_UNITS, TRADES
from portfolio.engine.row_rules import RULES
from portfolio.engine.trade_arithmetic import completed
from portfolio.entry.charges import Charges, default_charges
from portfolio.entry.quotes import stored_rate
from portfolio.models import Transaction


def default_currency(row: Transaction) -> str:
    """Return the currency of a row's cash where it names none: the instrument's, else the account's, else the household's."""
    if row.instrument is not None:
        return MINOR_UNITS.get(row.instrument.currency, row.instrument.currency)
    return (row.account.currency if row.account else "") or settings.BASE_CURRENCY


def exchange_of(row: Transaction) -> Decimal | None:
    """Return cash currency per 1 unit of the instrument's: the row's own rate, else the day's stored one; None if unknown."""
    if row.instrument is None or row.instrument.currency == row.currency:
        return Decimal(1)
    if row.fx_rate:
        return row.fx_rate
    return stored_rate(base=row.instrument.currency, quote=row.currency, date=row.date)


def complete(row: Transaction) -> str:
    """Fill currency and the third figure of a trade into the row; return the name of the figure that was computed."""
    fields = RULES[row.kind].fields
    if "currency" in fields and not row.currency and (row.instrument is None or row.kind in TRADES or row.amount is not None):
        row.currency = default_currency(row)
    if row.kind not in TRADES or row.instrument is None:
        return ""
    trade = completed(
        quantity=row.quantity,
        price=row.price,
        amount=row.amount,
        price_unit=row.instrument.price_unit,
        exchange=exchange_of(row),
        currency=row.currency,
    )
    row.quantity, row.price, row.amount = trade.quantity, trade.price, trade.amount
    return trade.computed


def charge(row: Transaction) -> tuple[Charges, set[str]]:
    """Fill in the charges that are None; return the defaults and the names of those taken."""
    fields = RULES[row.kind].fields
    defaults = default_charges(row=row, exchange=exchange_of(row) if row.instrument else None)
    taken = set()
    for name in ("fee", "tax", "accrued_interest"):
        if getattr(row, name) is None:
            usual = getattr(defaults, name) if name in fields else Decimal(0)
            setattr(row, name, usual)
            if name in fields and row.kind in TRADES:
                taken.add(name)
    return defaults, taken
