"""A household small enough to count in one's head, stored in the tables."""

import datetime as dt
from decimal import Decimal
from typing import Any

from portfolio.models import Account, Instrument, Price, Rate, Transaction

MONDAY = dt.date(2025, 9, 29)


def account(name: str = "Broker", **more: Any) -> Account:
    return Account.objects.get_or_create(name=name, defaults={"currency": "USD", **more})[0]


def taiwanese_account() -> Account:
    """0.1425 % at 40 % off, at least NT$20."""
    terms = {"commission_rate": "0.001425", "commission_discount": "0.6", "commission_minimum": "20"}
    return account("Taiwan", currency="TWD", **{name: Decimal(value) for name, value in terms.items()})


def share(symbol: str = "KO", **more: Any) -> Instrument:
    terms = {"name": f"{symbol} Company", "currency": "USD", "issuer_country": "US", **more}
    return Instrument.objects.get_or_create(symbol=symbol, defaults=terms)[0]


def note() -> Instrument:
    """4.25 % of November 2034, quoted per 100."""
    terms = {"type": "BOND", "price_unit": Decimal("0.01"), "coupon_rate": Decimal("0.0425"), "coupon_frequency": 2}
    dates = {"issue_date": dt.date(2024, 11, 15), "maturity_date": dt.date(2034, 11, 15)}
    return share("NOTE", track="FIXED_INCOME", **terms, **dates)


def row(kind: str, date: dt.date = MONDAY, **more: Any) -> Transaction:
    numbers = ("quantity", "price", "amount", "fee", "tax", "accrued_interest", "to_amount", "fx_rate")
    values = {name: Decimal(value) if name in numbers else value for name, value in more.items()}
    values = {"account": account(), "currency": "USD", **values}
    return Transaction.objects.create(kind=kind, date=date, **values)


def bought(quantity: str, symbol: str = "KO", date: dt.date = MONDAY, **more: Any) -> Transaction:
    return row("BUY", date, instrument=share(symbol), **{"quantity": quantity, "price": "60", **more})


def closed(symbol: str, close: str, date: dt.date = MONDAY) -> None:
    Price.objects.create(instrument=share(symbol), date=date, close=Decimal(close))


def dollar_rate(rate: str = "30", date: dt.date = MONDAY) -> None:
    Rate.objects.create(base="USD", quote="TWD", date=date, rate=Decimal(rate))
