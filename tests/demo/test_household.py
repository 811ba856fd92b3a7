"""The demo household in the tables: once, beside nobody else's rows, and out again."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from portfolio import demo, queries
from portfolio.demo import market
from portfolio.engine.periods import quarter
from portfolio.market_data import store
from portfolio.models import Account, Instrument, LedgerStamp, Price, Rate, Salary, TrackTarget, Transaction
from portfolio.models.market import Source

pytestmark = pytest.mark.django_db

NEW_YEARS_EVE = dt.date(2024, 12, 31)


@pytest.fixture
def household() -> demo.Loaded:
    return demo.load()


def own_row() -> Transaction:
    account = Account.objects.create(name="Own Broker", currency="USD")
    return Transaction.objects.create(
        date=dt.date(2025, 1, 2), kind="DEPOSIT", account=account, amount=Decimal(5), currency="USD"
    )


def test_the_demo_brings_what_its_files_say(household):
    # 230 lines of ledger.csv, one of them the header
    assert household.transactions == Transaction.objects.count() == 229
    assert household.instruments == Instrument.objects.count() == 11
    assert household.closes == Price.objects.count() + Rate.objects.count()
    assert set(Price.objects.values_list("source", flat=True)) == {Source.DEMO}
    assert sorted(Salary.objects.values_list("amount", flat=True)) == [24_000, 25_000, 26_000]
    assert sum(TrackTarget.objects.values_list("weight", flat=True)) == 1
    assert Instrument.objects.get(symbol="0050.TW").name_zh == "元大台灣 50"


def test_loading_it_again_changes_nothing(household):
    stamp = LedgerStamp.current()

    assert demo.load() == demo.Loaded(instruments=0, transactions=0, closes=0)
    assert LedgerStamp.current() == stamp


def test_facts_are_stored_as_typed(household):
    # QQQ on the last day of 2024 and of the quarter after, as in closes.csv
    closes = dict(Price.objects.filter(instrument__symbol="QQQ").values_list("date", "close"))

    assert closes[NEW_YEARS_EVE] == Decimal("511.23")
    assert closes[dt.date(2025, 3, 31)] == Decimal("468.92")


def test_days_without_trading_stay_empty(household):
    # 0050 did not trade for five sessions before its split, Tokyo not on the last day of the year
    assert not Price.objects.filter(
        instrument__symbol="0050.TW", date__range=(dt.date(2025, 6, 11), dt.date(2025, 6, 17))
    ).exists()
    assert not Price.objects.filter(instrument__symbol="1306.T", date=NEW_YEARS_EVE).exists()
    assert Price.objects.filter(instrument__symbol="QQQ", date=NEW_YEARS_EVE).exists()


def test_saturdays_on_which_taiwan_worked_have_a_rate(household):
    # 2025-02-08 made up for a bridge day at Lunar New Year
    assert Rate.objects.filter(base="USD", quote="TWD", date=dt.date(2025, 2, 8)).exists()
    assert not Rate.objects.filter(base="USD", quote="TWD", date=dt.date(2025, 2, 15)).exists()


def test_a_close_that_is_stored_already_is_kept():
    instrument = Instrument.objects.create(symbol="QQQ", currency="USD")
    store.save_price(instrument=instrument, date=NEW_YEARS_EVE, close=Decimal("500"), source=Source.FOLDER)

    demo.load()

    assert Price.objects.get(instrument=instrument, date=NEW_YEARS_EVE).close == 500


def test_it_is_recognised_only_while_it_is_there():
    assert not demo.is_loaded()
    demo.load()
    assert demo.is_loaded()
    demo.remove()
    assert not demo.is_loaded()


def test_it_does_not_mix_with_a_ledger_of_ones_own():
    own_row()

    with pytest.raises(demo.DemoError, match="transactions here already"):
        demo.load()

    assert not Instrument.objects.exists()


def test_removing_it_leaves_an_empty_household(household):
    assert demo.remove() == 229

    for table in (Transaction, Instrument, Account, Price, Rate, Salary, TrackTarget):
        assert not table.objects.exists(), table


def test_removing_it_leaves_rows_of_ones_own(household):
    own = own_row()
    in_demo_account = Transaction.objects.create(
        date=dt.date(2025, 9, 30),
        kind="BUY",
        account=Account.objects.get(name="Firstrade"),
        instrument=Instrument.objects.get(symbol="KO"),
        quantity=1,
        price=70,
        currency="USD",
    )

    assert demo.remove() == 229

    assert set(Transaction.objects.all()) == {own, in_demo_account}
    assert Instrument.objects.get().symbol == "KO"
    # a made-up close is no price for units somebody really holds
    assert not Price.objects.exists()


def test_there_is_nothing_to_remove_from_an_empty_database():
    with pytest.raises(CommandError, match="not loaded"):
        call_command("demo", remove=True)


def test_the_command_says_what_it_did(capsys):
    call_command("demo")
    assert "229 transactions" in capsys.readouterr().out
    call_command("demo")
    assert "nothing changed" in capsys.readouterr().out
    call_command("demo", remove=True)
    assert "229 transactions removed" in capsys.readouterr().out


def test_the_bridge_of_every_quarter_closes(household):
    # the files end with October 2025
    for year, number in [(year, number) for year in (2023, 2024, 2025) for number in (1, 2, 3, 4)][:11]:
        review = queries.quarterly_review(period=quarter(year=year, number=number))
        assert abs(review.bridge.residual) < 0.01


def test_every_file_names_known_series_only():
    symbols = set(market.closes())

    assert {fact.symbol for fact in market.distributions()} <= symbols
    assert {fact.symbol for fact in market.splits()} == {"0050.TW"}
    assert set(market.rates()) == {("USD", "TWD"), ("USD", "JPY")}
