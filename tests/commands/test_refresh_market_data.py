"""The refresh in the foreground: what it prints, and how it ends."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portfolio import demo
from portfolio.engine.kinds import Kind
from portfolio.market_data import refresh
from portfolio.models import Account, Instrument, MarketDataRun, Price, Transaction
from tests.market_data.yahoo_server import Failure, Listing, LocalYahoo

pytestmark = pytest.mark.django_db
# commands read the clock
DAYS = [day for number in range(40, 4, -1) if (day := timezone.localdate() - dt.timedelta(days=number)).weekday() < 5]


@pytest.fixture
def yahoo(settings):
    server = LocalYahoo()
    settings.YAHOO_ADDRESS, settings.BASE_CURRENCY, settings.MARKET_DATA_PAUSE = server.address, "USD", 0.01
    yield server
    server.close()


@pytest.fixture
def fund(db):
    account = Account.objects.create(name="Broker", currency="USD")
    instrument = Instrument.objects.create(symbol="QQQ", currency="USD", type="ETF")
    Transaction.objects.create(
        date=DAYS[10], kind=Kind.BUY, account=account, instrument=instrument, quantity=1, price=Decimal(100), currency="USD"
    )
    return instrument


def test_it_fetches_what_is_missing_and_prints_a_table(yahoo, fund, capsys):
    yahoo.listings["QQQ"] = Listing(dict.fromkeys(DAYS, 100.0))
    # a passing fault is waited out
    yahoo.fails("QQQ", Failure(503), Failure(503))

    call_command("refresh_market_data")

    out = capsys.readouterr().out
    assert "QQQ" in out
    assert "1 of 1 done, 0 failed" in out
    assert Price.objects.filter(source="yahoo").count() > 20


def test_what_failed_is_named_and_ends_the_command_with_an_error(yahoo, fund, capsys):
    with pytest.raises(CommandError, match="Not fetched: QQQ"):
        call_command("refresh_market_data", "--symbols", "QQQ")
    assert "delisted" in capsys.readouterr().out


def test_nothing_missing_is_said(yahoo, capsys):
    call_command("refresh_market_data")

    assert capsys.readouterr().out == "Nothing is missing.\n"


def test_an_unknown_symbol_and_a_run_under_way_are_sentences(yahoo, fund):
    with pytest.raises(CommandError, match="called NIX"):
        call_command("refresh_market_data", "--symbols", "NIX")
    refresh.begin(trigger=MarketDataRun.Trigger.SCHEDULE, clock=timezone.now)
    with pytest.raises(CommandError, match="still under way"):
        call_command("refresh_market_data")


def test_the_made_up_closes_of_the_demo_are_left_alone(yahoo, capsys):
    demo.load()
    yahoo.requests.clear()

    call_command("refresh_market_data")

    assert "demo household" in capsys.readouterr().out
    assert not yahoo.requests
