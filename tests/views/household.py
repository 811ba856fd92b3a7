"""Households small enough to add up by hand, written row by row, and a way to grow one."""

import datetime as dt
from decimal import Decimal
from typing import Any

from portfolio.models import Account, Instrument, Price, Transaction

ENGLISH = {"accept-language": "en"}
CHINESE = {"accept-language": "zh-hant"}


def account(name: str = "Bank", currency: str = "TWD") -> Account:
    return Account.objects.get_or_create(name=name, defaults={"currency": currency})[0]


def share(symbol: str, **options: Any) -> Instrument:
    return Instrument.objects.create(**{"symbol": symbol, "name": f"{symbol} Company", "currency": "TWD", **options})


def row(date: str, kind: str, **columns: Any) -> Transaction:
    """Write one row; numbers may be given as int or text."""
    exact = {"quantity", "price", "amount", "fee", "tax", "to_amount"}
    values = {name: Decimal(str(value)) if name in exact else value for name, value in columns.items()}
    values.setdefault("account", account())
    values.setdefault("currency", "TWD")
    return Transaction.objects.create(date=dt.date.fromisoformat(date), kind=kind, **values)


def close(instrument: Instrument, date: str, price: str) -> None:
    Price.objects.create(instrument=instrument, date=dt.date.fromisoformat(date), close=Decimal(price))


def one_share() -> Instrument:
    """Half of 100,000 in one share, which rises by a fifth on the year's first trading day.

    31 December 2024: 50,000 cash + 100 × 500 = 100,000.  2 January 2025: 50,000 + 100 × 600 = 110,000.
    """
    held = share("AAA")
    row("2024-12-02", "DEPOSIT", amount=100_000)
    row("2024-12-03", "BUY", instrument=held, quantity=100, price=500)
    for date, price in (("2024-12-03", "500"), ("2024-12-31", "500"), ("2025-01-02", "600")):
        close(held, date, price)
    return held


def grow(*, holdings: int, rows: int) -> None:
    """Add as many more holdings, and rows to the ledger's end."""
    for number in range(holdings):
        each = share(f"MORE{number}")
        row("2024-12-04", "BUY", instrument=each, quantity=1, price=10)
        close(each, "2024-12-31", "10")
    for number in range(rows):
        row("2024-12-05", "DEPOSIT", amount=1 + number)
