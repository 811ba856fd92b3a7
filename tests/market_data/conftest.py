"""A local Yahoo, and a household small enough to add up by hand."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from portfolio.engine.kinds import Kind
from portfolio.market_data import refresh
from portfolio.models import Account, Instrument, MarketDataRun, Transaction
from tests.market_data.yahoo_server import LocalYahoo


@pytest.fixture
def yahoo(settings: Any) -> Iterator[LocalYahoo]:
    server = LocalYahoo()
    settings.YAHOO_ADDRESS = server.address
    settings.MARKET_DATA_TIMEOUT = 5.0
    settings.MARKET_DATA_TRIES = 1
    settings.BASE_CURRENCY = "USD"
    yield server
    server.close()


@pytest.fixture
def account(db: None) -> Account:
    return Account.objects.create(name="Broker", currency="USD")


class Household:
    """Instruments with one purchase each, and refreshes at moments one chooses."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def buys(self, symbol: str, date: str, *, price: str = "100", quantity: str = "10", **fields: Any) -> Instrument:
        instrument, _ = Instrument.objects.get_or_create(symbol=symbol, defaults={"currency": "USD", "type": "ETF", **fields})
        Transaction.objects.create(
            date=date,
            kind=Kind.BUY,
            account=self.account,
            instrument=instrument,
            quantity=Decimal(quantity),
            price=Decimal(price),
            currency=fields.get("cash", ""),
        )
        return instrument

    def refreshes(self, moment: str, **arguments: Any) -> MarketDataRun:
        """Run everything to the end, as of a moment in UTC."""
        now = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)
        run = refresh.begin(trigger="command", clock=lambda: now, **arguments)
        for batch in refresh.batches(run=run):
            refresh.work(items=batch, clock=lambda: now, is_last_try=True)
        refresh.finish(run=run, clock=lambda: now)
        run.refresh_from_db()
        return run


@pytest.fixture
def household(account: Account) -> Household:
    return Household(account)


def weekdays(first: str, last: str) -> list[dt.date]:
    start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    days = (start + dt.timedelta(days=number) for number in range((end - start).days + 1))
    return [day for day in days if day.weekday() < 5]
