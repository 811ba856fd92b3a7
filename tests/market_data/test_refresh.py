"""From a source's answer to stored closes: the real yfinance, asking a local server."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.engine.kinds import Kind
from portfolio.market_data import refresh, store
from portfolio.models import (
    Distribution,
    Instrument,
    LedgerStamp,
    MarketDataRun,
    MarketFeed,
    Price,
    PriceRevision,
    QuarantinedPrice,
    Rate,
    Split,
    Transaction,
)
from tests.market_data.conftest import weekdays
from tests.market_data.yahoo_server import Failure, Listing

pytestmark = pytest.mark.django_db
D = dt.date


def closes_of(instrument):
    return dict(Price.objects.filter(instrument=instrument).values_list("date", "close"))


def message_of(run):
    return run.items.get().message


# what is asked, and what becomes of it


def test_closes_arrive_from_ten_days_before_the_first_trade_to_the_last_closed_session(yahoo, household):
    yahoo.listings["QQQ"] = Listing(dict.fromkeys(weekdays("2024-12-02", "2025-01-10"), 500.25))
    fund = household.buys("QQQ", "2025-01-06", price="500")

    run = household.refreshes("2025-01-08 12:00")

    # 2025-01-06 less ten days is 27 December; on the 8th, noon in London, New York has not opened; the 1st is a holiday
    # that has a row here all the same, and volume
    assert run.state == MarketDataRun.State.DONE
    assert sorted(closes_of(fund)) == weekdays("2024-12-27", "2025-01-07")
    assert set(closes_of(fund).values()) == {Decimal("500.25")}


def test_todays_row_is_no_close_before_the_session_ends(yahoo, household):
    yahoo.listings["QQQ"] = Listing({D(2025, 1, 7): 100.0, D(2025, 1, 8): 101.0})
    fund = household.buys("QQQ", "2025-01-07")

    # New York closes at 21:00 UTC in winter
    household.refreshes("2025-01-08 20:59")
    assert D(2025, 1, 8) not in closes_of(fund)

    household.refreshes("2025-01-08 21:31")
    assert closes_of(fund)[D(2025, 1, 8)] == Decimal(101)
    assert not QuarantinedPrice.objects.exists()


def test_a_second_refresh_asks_nobody_and_changes_nothing(yahoo, household):
    yahoo.listings["QQQ"] = Listing(dict.fromkeys(weekdays("2024-12-02", "2025-01-10"), 100.0))
    household.buys("QQQ", "2025-01-06")
    household.refreshes("2025-01-08 12:00")
    asked, stamp = yahoo.requests["QQQ"], LedgerStamp.current()

    run = household.refreshes("2025-01-08 13:00")

    assert not run.items.exists()
    assert (yahoo.requests["QQQ"], LedgerStamp.current()) == (asked, stamp)


def test_the_next_day_brings_one_close_and_asks_for_the_last_month_alone(yahoo, household):
    yahoo.listings["QQQ"] = Listing(dict.fromkeys(weekdays("2024-01-02", "2025-01-10"), 100.0))
    fund = household.buys("QQQ", "2024-01-10")
    household.refreshes("2025-01-08 12:00")

    run = household.refreshes("2025-01-09 12:00")

    item = run.items.get()
    assert (item.written, item.start) == (1, D(2024, 12, 9))
    assert max(closes_of(fund)) == D(2025, 1, 8)


def test_what_was_sold_long_ago_is_asked_for_until_a_week_later(yahoo, household):
    yahoo.listings["QQQ"] = Listing(dict.fromkeys(weekdays("2024-01-02", "2025-01-10"), 100.0))
    fund = household.buys("QQQ", "2024-02-01")
    Transaction.objects.create(
        date="2024-03-01", kind=Kind.SELL, account=household.account, instrument=fund, quantity=10, price=100
    )

    household.refreshes("2025-01-08 12:00")

    assert max(closes_of(fund)) == D(2024, 3, 8)
    assert not household.refreshes("2025-01-09 12:00").items.exists()


def test_a_paused_instrument_is_left_alone_unless_it_is_named(yahoo, household):
    yahoo.listings["QQQ"] = Listing(dict.fromkeys(weekdays("2025-01-02", "2025-01-10"), 100.0))
    household.buys("QQQ", "2025-01-06", is_paused=True)

    assert not household.refreshes("2025-01-08 12:00").items.exists()
    assert household.refreshes("2025-01-08 12:00", names=["QQQ"]).items.get().written > 0


def test_an_unknown_name_is_refused(yahoo, household):
    with pytest.raises(refresh.missing.UnknownNameError, match="NIX"):
        household.refreshes("2025-01-08 12:00", names=["nix"])


def test_the_markets_symbol_is_asked_for_not_the_households(yahoo, household):
    yahoo.listings["0050.TW"] = Listing({D(2025, 1, 6): 190.5}, "TWD", "Asia/Taipei")
    fund = household.buys("0050", "2025-01-06", price="190", currency="TWD", quote_symbol="0050.TW")

    household.refreshes("2025-01-07 12:00", names=["0050"])

    assert closes_of(fund) == {D(2025, 1, 6): Decimal("190.5")}


def test_a_holiday_in_taipei_is_not_missing(yahoo, household):
    # Lunar New Year 2025: no session from 23 January to 2 February
    yahoo.listings["0050.TW"] = Listing(dict.fromkeys(weekdays("2024-12-20", "2025-01-22"), 190.0), "TWD", "Asia/Taipei")
    household.buys("0050.TW", "2025-01-06", price="190", currency="TWD")
    household.refreshes("2025-01-22 08:00", names=["0050.TW"])

    assert not household.refreshes("2025-01-30 12:00", names=["0050.TW"]).items.exists()


def test_a_row_of_a_holiday_on_which_nothing_was_traded_is_no_close(yahoo, household):
    holiday = D(2025, 1, 9)  # New York was closed for a funeral
    yahoo.listings["QQQ"] = Listing({D(2025, 1, 8): 100.0, holiday: 100.0, D(2025, 1, 10): 101.0}, untraded={holiday})
    fund = household.buys("QQQ", "2025-01-08")

    household.refreshes("2025-01-11 12:00")

    assert sorted(closes_of(fund)) == [D(2025, 1, 8), D(2025, 1, 10)]


def test_a_day_that_the_source_lacks_is_not_asked_for_again_every_time(yahoo, household):
    days = [day for day in weekdays("2024-12-20", "2025-01-07") if day != D(2025, 1, 3)]
    yahoo.listings["QQQ"] = Listing(dict.fromkeys(days, 100.0))
    household.buys("QQQ", "2025-01-02")
    household.refreshes("2025-01-08 12:00")

    assert not household.refreshes("2025-01-08 13:00").items.exists()


# exchange rates


def test_the_pairs_of_the_ledger_are_fetched_crosses_through_the_dollar(yahoo, household, settings):
    settings.BASE_CURRENCY = "TWD"
    for name, rate in (("TWD=X", 32.5), ("JPY=X", 150.0)):
        yahoo.listings[name] = Listing({D(2025, 1, 7): rate}, name[:3], "Europe/London", kind="CURRENCY")
    household.buys("1306.T", "2025-01-07", currency="JPY", is_paused=True)

    household.refreshes("2025-01-08 12:00")

    # a yen is 32.5 / 150 New Taiwan dollars: both legs are dollars
    assert set(Rate.objects.values_list("base", "quote", "rate")) == {
        ("USD", "TWD", Decimal("32.5")),
        ("USD", "JPY", Decimal(150)),
    }


def test_a_pair_that_is_stored_the_other_way_round_goes_on_that_way(yahoo, household):
    store.save_rate(base="EUR", quote="USD", date=D(2024, 12, 2), rate=Decimal("1.05"))
    yahoo.listings["EURUSD=X"] = Listing({D(2025, 1, 7): 1.0425}, "USD", "Europe/London", kind="CURRENCY")
    household.buys("SAP.DE", "2025-01-07", currency="EUR", is_paused=True)

    household.refreshes("2025-01-08 12:00")

    assert Rate.objects.get(date="2025-01-07").rate == Decimal("1.0425")


def test_a_pair_told_in_the_other_direction_is_turned_round(yahoo, household, settings):
    settings.BASE_CURRENCY = "TWD"
    yahoo.listings["TWD=X"] = Listing({D(2025, 1, 7): 0.03125}, "USD", "Europe/London", kind="CURRENCY")
    household.buys("QQQ", "2025-01-07", is_paused=True)

    household.refreshes("2025-01-08 12:00")

    # 1 / 0.03125
    assert Rate.objects.get().rate == Decimal(32)


@pytest.mark.parametrize("bad_tick", [3.28, 0.0304, 35.1])
def test_a_bad_tick_of_a_rate_waits_for_a_decision_and_its_neighbours_do_not(yahoo, household, settings, bad_tick):
    settings.BASE_CURRENCY = "TWD"
    rates = {D(2025, 1, 20): 32.808, D(2025, 1, 21): bad_tick, D(2025, 1, 22): 32.774}
    yahoo.listings["TWD=X"] = Listing(rates, "TWD", "Europe/London", kind="CURRENCY")
    household.buys("QQQ", "2025-01-20", is_paused=True)

    household.refreshes("2025-01-23 12:00")

    assert set(Rate.objects.values_list("date", flat=True)) == {D(2025, 1, 20), D(2025, 1, 22)}
    doubt = QuarantinedPrice.objects.get()
    assert (doubt.name, doubt.date, doubt.reason) == ("USDTWD", D(2025, 1, 21), "spike")


def test_a_rate_that_moves_far_on_the_last_day_waits_for_the_next_one_to_agree(yahoo, household, settings):
    settings.BASE_CURRENCY = "TWD"
    listing = Listing({D(2025, 1, 6): 32.0, D(2025, 1, 7): 33.5}, "TWD", "Europe/London", kind="CURRENCY")
    yahoo.listings["TWD=X"] = listing
    household.buys("QQQ", "2025-01-06", is_paused=True)
    household.refreshes("2025-01-08 12:00")
    assert QuarantinedPrice.objects.get().date == D(2025, 1, 7)

    listing.closes[D(2025, 1, 8)] = 33.6
    household.refreshes("2025-01-09 12:00")

    assert Rate.objects.count() == 3
    assert not QuarantinedPrice.objects.exists()


# splits


def split_fund(**how):
    """0050 around its split 4 for 1 of 2025-06-18; closes and dividend as they were traded and paid."""
    before = {D(2024, 12, 31): 195.75, D(2025, 1, 17): 196.0, D(2025, 6, 17): 188.8}
    after = {D(2025, 6, 18): 47.57, D(2025, 6, 19): 47.1}
    return Listing({**before, **after}, "TWD", "Asia/Taipei", {D(2025, 1, 17): 2.7}, {D(2025, 6, 18): 4.0}, **how)


AS_TRADED = {
    D(2024, 12, 31): Decimal("195.75"),
    D(2025, 1, 17): Decimal(196),
    D(2025, 6, 17): Decimal("188.8"),
    D(2025, 6, 18): Decimal("47.57"),
    D(2025, 6, 19): Decimal("47.1"),
}


def buys_0050(household, price="195"):
    return household.buys("0050", "2024-12-31", price=price, currency="TWD", quote_symbol="0050.TW")


def test_closes_and_dividends_are_stored_as_traded_and_the_split_once(yahoo, household):
    yahoo.listings["0050.TW"] = split_fund()
    fund = buys_0050(household)

    household.refreshes("2025-06-20 02:00", names=["0050"])
    household.refreshes("2025-06-20 03:00", names=["0050"], since=D(2024, 12, 1))

    # the server says 48.9375 and 0.675, each times four
    assert closes_of(fund) == AS_TRADED
    assert Distribution.objects.get().amount == Decimal("2.7")
    assert Split.objects.values_list("ex_date", "ratio").get() == (D(2025, 6, 18), Decimal(4))
    assert not QuarantinedPrice.objects.exists()


def test_a_close_that_yahoo_rounded_is_put_back_on_taipeis_price_step(yahoo, household):
    listing = split_fund(divides=False)
    # divided and rounded already: 195.75 / 4 = 48.9375
    listing.closes.update({D(2024, 12, 31): 48.94, D(2025, 1, 17): 49.0, D(2025, 6, 17): 47.2})
    yahoo.listings["0050.TW"] = listing
    fund = buys_0050(household)

    household.refreshes("2025-06-20 02:00", names=["0050"])

    # 4 x 48.94 = 195.76, and prices from 50 on go by steps of 0.05
    assert closes_of(fund)[D(2024, 12, 31)] == Decimal("195.75")


def test_a_split_that_is_listed_before_anything_was_divided_changes_nothing_before_it(yahoo, household):
    yahoo.listings["0050.TW"] = split_fund(divides=False)
    fund = buys_0050(household)

    household.refreshes("2025-06-20 02:00", names=["0050"])

    assert closes_of(fund) == AS_TRADED


def test_a_split_learnt_late_settles_what_was_doubted_until_then(yahoo, household):
    yahoo.listings["0050.TW"] = split_fund(divides=False, tells=False)
    fund = buys_0050(household)
    household.refreshes("2025-06-20 02:00", names=["0050"])
    # 47.57 is 75 % under 188.8, and nobody has said why
    assert max(closes_of(fund)) == D(2025, 6, 17)
    assert set(QuarantinedPrice.objects.values_list("date", "reason")) == {
        (D(2025, 6, 18), "jump"),
        (D(2025, 6, 19), "jump"),
    }

    yahoo.listings["0050.TW"] = split_fund()
    household.refreshes("2025-06-21 02:00", names=["0050"])

    assert closes_of(fund) == AS_TRADED
    assert not QuarantinedPrice.objects.exists()


def test_closes_divided_by_a_split_that_is_never_listed_leave_what_is_stored_alone(yahoo, household):
    yahoo.listings["0050.TW"] = split_fund(divides=False, tells=False)
    fund = buys_0050(household)
    household.refreshes("2025-06-18 02:00", names=["0050"])
    before = {date: close for date, close in AS_TRADED.items() if date < D(2025, 6, 18)}
    assert closes_of(fund) == before

    yahoo.listings["0050.TW"] = split_fund(tells=False)
    run = household.refreshes("2025-06-20 02:00", names=["0050"])

    # June's 47.2 against the stored 188.8: a fourth, and no split says why
    assert run.state == MarketDataRun.State.FAILED
    assert "Enter the split" in message_of(run)
    assert closes_of(fund) == before
    assert QuarantinedPrice.objects.get().reason == "rescaled"


def test_the_ledgers_own_split_row_undoes_what_the_source_does_not_list(yahoo, household):
    yahoo.listings["0050.TW"] = split_fund(tells=False)
    fund = buys_0050(household)
    Transaction.objects.create(date="2025-06-18", kind=Kind.SPLIT, instrument=fund, quantity=4)

    household.refreshes("2025-06-20 02:00", names=["0050"])

    assert closes_of(fund) == AS_TRADED


def test_what_the_household_paid_tells_that_a_first_history_was_divided(yahoo, household):
    yahoo.listings["0050.TW"] = split_fund(tells=False)
    fund = buys_0050(household, price="195.6")

    run = household.refreshes("2025-06-20 02:00", names=["0050"])

    # 195.6 was paid on a day of which the source says 48.9375
    assert "Enter the split" in message_of(run)
    assert closes_of(fund) == {}


def test_a_split_row_entered_afterwards_rewrites_a_history_that_was_stored_divided(yahoo, household):
    # a purchase after the split leaves no evidence, so the divided history goes in
    yahoo.listings["0050.TW"] = split_fund(tells=False)
    fund = household.buys("0050", "2025-06-19", price="47.1", currency="TWD", quote_symbol="0050.TW")
    household.refreshes("2025-06-20 02:00", names=["0050"], since=D(2024, 12, 1))
    assert closes_of(fund)[D(2025, 6, 17)] == Decimal("47.2")

    Transaction.objects.create(date="2025-06-18", kind=Kind.SPLIT, instrument=fund, quantity=4)
    yahoo.listings["0050.TW"] = split_fund()
    household.refreshes("2025-06-21 02:00", names=["0050"])

    assert closes_of(fund) == AS_TRADED


def test_a_split_against_all_that_is_stored_is_held_back_and_named(yahoo, household):
    quiet = dict.fromkeys(weekdays("2024-12-20", "2025-01-10"), 100.0)
    yahoo.listings["QQQ"] = Listing(quiet)
    fund = household.buys("QQQ", "2025-01-02")
    household.refreshes("2025-01-09 12:00")

    yahoo.listings["QQQ"] = Listing(quiet, splits={D(2025, 1, 9): 2.0}, divides=False)
    run = household.refreshes("2025-01-11 12:00")

    # a split in which nothing halved: the closes stay, and a person is told
    assert set(closes_of(fund).values()) == {Decimal(100)}
    assert not Split.objects.exists()
    assert "left out" in message_of(run)


def test_a_spin_off_that_the_source_calls_a_split_is_not_stored_as_one(yahoo, household):
    closes = {D(2025, 1, 6): 100.0, D(2025, 1, 7): 80.0}
    yahoo.listings["GE"] = Listing(closes, splits={D(2025, 1, 7): 1.253})
    parent = household.buys("GE", "2025-01-06")
    Instrument.objects.create(symbol="GEV", currency="USD")
    Transaction.objects.create(
        date="2025-01-07",
        kind=Kind.SPIN_OFF,
        account=household.account,
        instrument=parent,
        quantity=3,
        amount=200,
        note="to:GEV",
    )

    household.refreshes("2025-01-08 12:00", names=["GE"])

    # 100 was divided to 79.81 by the server, and is 100 again
    assert closes_of(parent) == {D(2025, 1, 6): Decimal(100), D(2025, 1, 7): Decimal(80)}
    assert not Split.objects.exists()


def test_a_distribution_has_its_pay_date_while_that_is_news(yahoo, household):
    listing = Listing(
        dict.fromkeys(weekdays("2025-01-02", "2025-04-10"), 500.0),
        dividends={D(2025, 3, 24): 0.7157},
        pay_dates={D(2025, 3, 24): D(2025, 3, 31)},
    )
    yahoo.listings["QQQ"] = listing
    household.buys("QQQ", "2025-01-06", price="500")

    household.refreshes("2025-03-25 12:00")

    assert Distribution.objects.values_list("ex_date", "amount", "pay_date").get() == (
        D(2025, 3, 24), Decimal("0.7157"), D(2025, 3, 31),
    )  # fmt: skip


def test_a_pay_date_that_nobody_tells_is_no_failure(yahoo, household):
    yahoo.listings["QQQ"] = Listing({D(2025, 3, 21): 500.0, D(2025, 3, 24): 500.0}, dividends={D(2025, 3, 24): 0.7157})
    household.buys("QQQ", "2025-03-21", price="500")

    run = household.refreshes("2025-03-25 12:00")

    assert run.state == MarketDataRun.State.DONE
    assert Distribution.objects.get().pay_date is None


# doubts


@pytest.mark.parametrize(
    ("date", "close", "reason"),
    [
        (D(2025, 1, 7), 0.0, "zero"),
        (D(2025, 1, 7), -5.0, "negative"),
        (D(2025, 1, 7), None, "nan"),
        (D(2025, 1, 4), 100.0, "weekend"),
        (D(2025, 1, 7), 141.0, "jump"),
        (D(2025, 1, 7), 59.0, "jump"),
    ],
)
def test_a_doubtful_close_is_not_stored_but_put_before_a_person(yahoo, household, date, close, reason):
    yahoo.listings["QQQ"] = Listing({D(2025, 1, 3): 100.0, D(2025, 1, 6): 100.0, D(2025, 1, 8): 101.0, date: close})
    fund = household.buys("QQQ", "2025-01-03")

    household.refreshes("2025-01-09 12:00")

    doubt = QuarantinedPrice.objects.get()
    assert (doubt.date, doubt.reason, doubt.state) == (date, reason, "pending")
    assert sorted(closes_of(fund)) == [D(2025, 1, 3), D(2025, 1, 6), D(2025, 1, 8)]


def test_a_date_in_the_future_is_doubted(yahoo, household, monkeypatch):
    yahoo.listings["QQQ"] = Listing({D(2025, 1, 7): 100.0, D(2025, 1, 9): 100.0})
    fund = household.buys("QQQ", "2025-01-07")

    # the run believes that it is the 8th
    household.refreshes("2025-01-08 12:00")

    assert QuarantinedPrice.objects.get().reason == "future"
    assert sorted(closes_of(fund)) == [D(2025, 1, 7)]


def test_another_currency_stops_everything_of_an_instrument(yahoo, household):
    yahoo.listings["SHEL"] = Listing({D(2025, 1, 7): 33.0}, "EUR")
    fund = household.buys("SHEL", "2025-01-07")

    run = household.refreshes("2025-01-08 12:00")

    assert run.state == MarketDataRun.State.FAILED
    assert "EUR" in message_of(run)
    assert closes_of(fund) == {}
    assert QuarantinedPrice.objects.get().reason == "currency"
    assert MarketFeed.objects.get().problem == message_of(run)


@pytest.mark.parametrize(
    "case",
    [
        ("GBp", "GBp", 2510.0, "2510"),
        ("GBp", "GBP", 2510.0, "25.1"),
        ("ILA", "ILS", 4200.0, "42"),
        ("ZAc", "ZAR", 18050.0, "180.5"),
        ("GBP", "GBp", 25.1, "2510"),
    ],
    ids=lambda case: f"{case[0]} kept in {case[1]}",
)
def test_pence_and_other_hundredths_are_counted_in_the_instruments_money(yahoo, household, case):
    stated, kept, close, stored = case
    yahoo.listings["SHEL.L"] = Listing({D(2025, 1, 7): close}, stated, "Europe/London", {D(2025, 1, 7): close / 100})
    fund = household.buys("SHEL.L", "2025-01-07", price=stored, currency=kept)

    household.refreshes("2025-01-08 12:00", names=["SHEL.L"])

    assert closes_of(fund) == {D(2025, 1, 7): Decimal(stored)}
    assert Distribution.objects.get().amount == Decimal(stored) / 100


def test_a_small_correction_is_taken_over_and_remembered(yahoo, household):
    listing = Listing({D(2025, 1, 6): 100.0, D(2025, 1, 7): 101.0})
    yahoo.listings["QQQ"] = listing
    fund = household.buys("QQQ", "2025-01-06")
    household.refreshes("2025-01-08 12:00")

    listing.closes.update({D(2025, 1, 7): 101.25, D(2025, 1, 8): 102.0})
    run = household.refreshes("2025-01-09 12:00")

    assert closes_of(fund)[D(2025, 1, 7)] == Decimal("101.25")
    assert PriceRevision.objects.values_list("date", "old", "new").get() == (D(2025, 1, 7), Decimal(101), Decimal("101.25"))
    assert "corrected" in message_of(run)


def test_a_large_change_after_the_fact_waits_for_a_decision(yahoo, household):
    listing = Listing({D(2025, 1, 6): 100.0, D(2025, 1, 7): 101.0})
    yahoo.listings["QQQ"] = listing
    fund = household.buys("QQQ", "2025-01-06")
    household.refreshes("2025-01-08 12:00")

    listing.closes.update({D(2025, 1, 7): 110.0, D(2025, 1, 8): 111.0})
    household.refreshes("2025-01-09 12:00")

    assert closes_of(fund)[D(2025, 1, 7)] == Decimal(101)
    doubt = QuarantinedPrice.objects.get()
    assert (doubt.reason, doubt.close, doubt.expected) == ("changed", Decimal(110), Decimal(101))


def test_what_a_person_loaded_or_typed_is_never_overwritten(yahoo, household):
    yahoo.listings["QQQ"] = Listing({D(2025, 1, 6): 100.0, D(2025, 1, 7): 101.0})
    fund = household.buys("QQQ", "2025-01-06")
    store.save_price(instrument=fund, date=D(2025, 1, 6), close=Decimal("99.5"))

    household.refreshes("2025-01-08 12:00")

    assert closes_of(fund) == {D(2025, 1, 6): Decimal("99.5"), D(2025, 1, 7): Decimal(101)}
    assert not QuarantinedPrice.objects.exists()


def test_closes_that_went_through_short_floats_come_out_as_they_were_written(yahoo, household):
    # 101.33 as a 32-bit float is 101.33000183105469
    yahoo.listings["QQQ"] = Listing({D(2025, 1, 7): 101.33})
    fund = household.buys("QQQ", "2025-01-07")

    household.refreshes("2025-01-08 12:00")

    assert closes_of(fund)[D(2025, 1, 7)] == Decimal("101.33")


# failures


def test_an_unknown_symbol_is_named_and_the_rest_arrives(yahoo, household):
    yahoo.listings["QQQ"] = Listing({D(2025, 1, 7): 100.0})
    household.buys("GONE", "2025-01-07")
    fund = household.buys("QQQ", "2025-01-07")

    run = household.refreshes("2025-01-08 12:00")

    assert run.state == MarketDataRun.State.PARTIAL
    assert "delisted" in run.items.get(instrument__symbol="GONE").message
    assert closes_of(fund)
    feed = MarketFeed.objects.get(instrument__symbol="GONE")
    assert "delisted" in feed.problem
    assert feed.asked_until is None


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (Failure(429, {"Retry-After": "7"}), "too many requests"),
        (Failure(401), "refuses"),
        (Failure(500, body="<html>oops"), "server failed"),
        (Failure(503), "server failed"),
        (Failure(cuts=True), "could not be reached"),
        (Failure(is_empty=True), "empty answer"),
        (Failure(seconds=2.0), "could not be reached"),
    ],
)
def test_a_passing_fault_keeps_the_item_waiting(yahoo, household, settings, failure, words):
    settings.MARKET_DATA_TIMEOUT = 0.5
    yahoo.listings["QQQ"] = Listing({D(2025, 1, 7): 100.0})
    household.buys("QQQ", "2025-01-07")
    now = dt.datetime(2025, 1, 8, 12, tzinfo=dt.UTC)
    run = refresh.begin(trigger="command", clock=lambda: now)
    # after a refusal the library tries once more with another cookie
    yahoo.fails("QQQ", failure, failure)

    waiting = refresh.work(items=refresh.batches(run=run)[0], clock=lambda: now)

    assert len(waiting.items) == 1
    assert waiting.retry_after == (7.0 if failure.headers else 0.0)
    yahoo.failures.clear()
    yahoo.fails("QQQ", failure, failure)
    refresh.work(items=waiting.items, clock=lambda: now, is_last_try=True)
    assert words in message_of(run)


def test_after_a_fault_has_passed_the_same_process_gets_its_answer(yahoo, household):
    yahoo.listings["QQQ"] = Listing({D(2025, 1, 7): 100.0})
    fund = household.buys("QQQ", "2025-01-07")
    yahoo.fails("QQQ", Failure(500), Failure(500))
    household.refreshes("2025-01-08 12:00")
    assert closes_of(fund) == {}

    household.refreshes("2025-01-08 13:00")

    assert closes_of(fund) == {D(2025, 1, 7): Decimal(100)}
    assert MarketFeed.objects.get().problem == ""


def test_a_refused_crumb_does_not_keep_closes_away(yahoo, household):
    yahoo.listings["QQQ"] = Listing({D(2025, 1, 7): 100.0})
    fund = household.buys("QQQ", "2025-01-07")
    yahoo.fails("crumb", *[Failure(429)] * 5)

    household.refreshes("2025-01-08 12:00")

    assert closes_of(fund)


def test_pauses_double_vary_and_never_undercut_what_the_server_asked(settings):
    settings.MARKET_DATA_PAUSE = 4.0

    for tries, longest in ((1, 4.0), (2, 8.0), (3, 16.0), (20, 300.0)):
        found = {refresh.pause(tries=tries) for _ in range(50)}
        assert longest / 2 <= min(found) <= max(found) <= longest
        assert len(found) > 1
    assert refresh.pause(tries=1, retry_after=60.0) == 60.0


# the lock


def test_two_runs_never_overlap(yahoo, household):
    household.buys("QQQ", "2025-01-07")
    now = dt.datetime(2025, 1, 8, 12, tzinfo=dt.UTC)
    first = refresh.begin(trigger="command", clock=lambda: now)

    with pytest.raises(refresh.RunUnderWayError, match="still under way"):
        refresh.begin(trigger="schedule", clock=lambda: now)
    assert MarketDataRun.objects.get() == first


def test_a_run_without_a_sign_of_life_makes_way(yahoo, household, settings):
    settings.MARKET_DATA_LOST_AFTER = 60
    yahoo.listings["QQQ"] = Listing({D(2025, 1, 7): 100.0})
    fund = household.buys("QQQ", "2025-01-07")
    now = dt.datetime(2025, 1, 8, 12, tzinfo=dt.UTC)
    lost = refresh.begin(trigger="schedule", clock=lambda: now)

    household.refreshes("2025-01-08 12:02")

    lost.refresh_from_db()
    assert lost.state == MarketDataRun.State.LOST
    assert closes_of(fund)
    # a worker that wakes up with the lost run's batch does nothing
    assert refresh.work(items=[item.pk for item in lost.items.all()], clock=lambda: now).items == []


# other sources


def test_a_folder_answers_where_yahoo_does_not(yahoo, household, settings, tmp_path):
    settings.MARKET_DATA_FOLDER = str(tmp_path)
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "FUND.csv").write_text("date,close\n2025-01-07,12.5\n")
    fund = household.buys("FUND", "2025-01-07", price="12.4")

    run = household.refreshes("2025-01-08 12:00")

    assert closes_of(fund) == {D(2025, 1, 7): Decimal("12.5")}
    assert run.items.get().source == "folder"


def test_manual_means_that_nobody_is_asked(yahoo, household):
    household.buys("HOUSE", "2025-01-07", source_order="manual")

    assert not household.refreshes("2025-01-08 12:00").items.exists()
