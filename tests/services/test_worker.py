"""A real worker on a real Redis, asking a local Yahoo with the real yfinance."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import Count
from django.utils import timezone

from portfolio.engine.kinds import Kind
from portfolio.market_data import refresh
from portfolio.models import Account, Instrument, MarketDataRun, Price, PriceSeries, RunItem, Transaction
from tests.market_data.yahoo_server import Failure, Listing
from tests.services.conftest import wait_until

INSTRUMENTS = 200
TODAY = dt.date.today()  # noqa: DTZ011  workers read the clock, so the listing has to end where it stands
DAYS = [day for day in (TODAY - dt.timedelta(days=number) for number in range(60, 4, -1)) if day.weekday() < 5]
FIRST_TRADE = DAYS[0] + dt.timedelta(days=12)


@pytest.fixture
def market(yahoo, transactional_db):
    """Two hundred instruments, each at a price of its own, bought twelve days after the first of their closes."""
    account = Account.objects.create(name="Broker", currency="USD")
    instruments = Instrument.objects.bulk_create(
        Instrument(symbol=f"S{number:03}", currency="USD", type="ETF") for number in range(INSTRUMENTS)
    )
    for number, instrument in enumerate(instruments):
        yahoo.listings[instrument.symbol] = Listing({day: price_of(number, place) for place, day in enumerate(DAYS)})
    Transaction.objects.bulk_create(
        Transaction(
            date=FIRST_TRADE,
            kind=Kind.BUY,
            account=account,
            instrument=instrument,
            quantity=1,
            price=Decimal(str(price_of(number, 0))),
            currency="USD",
        )
        for number, instrument in enumerate(instruments)
    )
    return instruments


def price_of(number, place):
    return 100.0 + number + place * 0.25


def assert_every_close_is_there_once(instruments, days=DAYS):
    wanted = [day for day in days if day >= FIRST_TRADE - dt.timedelta(days=10)]
    # closes on an exchange's holidays are believed where something was traded, so every listed weekday counts
    found = {(symbol, date): close for symbol, date, close in Price.objects.values_list("instrument__symbol", "date", "close")}
    assert found == {
        (instrument.symbol, day): Decimal(str(price_of(number, DAYS.index(day))))
        for number, instrument in enumerate(instruments)
        for day in wanted
    }
    twins = Price.objects.values("instrument", "date").annotate(count=Count("pk")).filter(count__gt=1)
    assert not twins.exists()
    lengths = {len(days) // 4 for days in PriceSeries.objects.values_list("days", flat=True)}
    assert lengths == {len(wanted)}
    assert PriceSeries.objects.count() == len(instruments)


def items_done():
    return RunItem.objects.filter(state=RunItem.State.DONE).count()


def is_over():
    return not MarketDataRun.objects.filter(state="running").exists() and MarketDataRun.objects.exists()


def test_two_workers_refresh_two_hundred_instruments_without_a_twin_or_a_lock(machine, market):
    machine.start_worker()
    machine.start_worker()

    machine.order_refresh()
    machine.order_refresh()
    wait_until(is_over, what="the run ends")

    # the second order met the lock, or came after everything was done
    assert set(MarketDataRun.objects.values_list("state", flat=True)) == {"done"}
    assert MarketDataRun.objects.filter(items__isnull=False).distinct().count() == 1
    assert_every_close_is_there_once(market)


def test_after_a_worker_was_killed_five_times_the_rerun_has_every_close_once(machine, market, yahoo):
    yahoo.seconds_per_answer = 0.02
    for limit in (5, 40, 75, 110, 160):
        worker = machine.start_worker()
        machine.order_refresh()
        wait_until(lambda limit=limit: items_done() >= limit, what=f"{limit} items are done")
        machine.kill_worker(worker)
        # what `start` does before its own worker begins
        assert refresh.break_off(clock=timezone.now) == 1

    machine.start_worker()
    machine.order_refresh()
    wait_until(lambda: MarketDataRun.objects.filter(state="done").exists(), what="the last run ends")

    assert_every_close_is_there_once(market)


def test_passing_faults_are_tried_again_and_the_rest_does_not_wait(machine, market, yahoo):
    yahoo.fails("S003", Failure(500), Failure(500))
    yahoo.fails("S017", Failure(429, {"Retry-After": "1"}), Failure(429, {"Retry-After": "1"}))
    yahoo.fails("S030", Failure(cuts=True))
    del yahoo.listings["S044"]
    machine.start_worker()

    machine.order_refresh()
    wait_until(is_over, what="the run ends")

    run = MarketDataRun.objects.get()
    assert run.state == MarketDataRun.State.PARTIAL
    failed = run.items.filter(state=RunItem.State.FAILED)
    assert [item.name for item in failed] == ["S044"]
    assert Price.objects.filter(instrument__symbol__in=["S003", "S017", "S030"]).values("instrument").distinct().count() == 3


def test_work_goes_on_after_redis_was_killed_and_started_again(machine, market):
    machine.start_worker()
    machine.order_refresh()
    wait_until(is_over, what="the first run ends")

    machine.kill_redis()
    machine.start_redis()
    machine.order_refresh()

    def is_done_again():
        # the queue's library can fall over a connection that went while it answered; `start` runs a fallen worker anew
        if machine.workers[-1].poll() is not None:
            machine.start_worker()
        return MarketDataRun.objects.filter(state="done").count() == 2

    wait_until(is_done_again, what="the second run ends")
    assert_every_close_is_there_once(market)
