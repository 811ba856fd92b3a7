"""Rows and arrays say the same, whoever wrote."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio.market_data import store
from portfolio.market_data.series import closes_of
from portfolio.models import Instrument, LedgerStamp, Price, PriceSeries, Rate, RateSeries

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 1, 3)
NEXT = dt.date(2025, 1, 6)


@pytest.fixture
def fund():
    return Instrument.objects.create(symbol="QQQ", currency="USD")


def in_array(instrument: Instrument) -> list[tuple[dt.date, float]]:
    """Return what the stored array says."""
    found = store.price_series(instruments=[instrument.pk]).get(instrument.pk)
    if found is None:
        return []
    return [
        (dt.date(1970, 1, 1) + dt.timedelta(days=int(day)), value) for day, value in zip(found.days, found.values, strict=True)
    ]


def in_rows(instrument: Instrument) -> list[tuple[dt.date, float]]:
    """Return what the rows say."""
    return [(date, float(close)) for date, close in instrument.prices.order_by("date").values_list("date", "close")]


def put(instrument: Instrument, *pairs: tuple[dt.date, str]) -> int:
    return store.store_prices(closes={instrument.pk: closes_of([(date, Decimal(close)) for date, close in pairs])})


def test_closes_go_into_rows_and_array_together(fund):
    assert put(fund, (NEXT, "101.5"), (DAY, "100")) == 2

    assert in_rows(fund) == in_array(fund) == [(DAY, 100.0), (NEXT, 101.5)]


def test_the_exact_text_is_what_the_row_keeps(fund):
    put(fund, (DAY, "0.1000000001"))

    assert Price.objects.get().close == Decimal("0.1000000001")


def test_the_same_closes_again_change_nothing_not_even_the_stamp(fund):
    put(fund, (DAY, "100"))
    stamp = LedgerStamp.current()

    assert put(fund, (DAY, "100.00")) == 0
    assert LedgerStamp.current() == stamp


def test_only_what_differs_is_written(fund):
    put(fund, (DAY, "100"), (NEXT, "101"))
    stamp = LedgerStamp.current()

    assert put(fund, (DAY, "100"), (NEXT, "102")) == 1
    assert in_rows(fund) == in_array(fund) == [(DAY, 100.0), (NEXT, 102.0)]
    assert LedgerStamp.current() == stamp + 1


def test_many_instruments_are_one_change(fund, django_assert_num_queries):
    other = Instrument.objects.create(symbol="SPY", currency="USD")
    closes = closes_of([(DAY, Decimal(5)), (NEXT, Decimal(6))])
    stamp = LedgerStamp.current()

    # savepoint, lock, arrays, rows, arrays, stamp, release
    with django_assert_num_queries(7):
        store.store_prices(closes={fund.pk: closes, other.pk: closes})

    assert in_array(fund) == in_array(other)
    assert LedgerStamp.current() == stamp + 1


def test_rates_are_kept_by_pair():
    store.save_rate(base="USD", quote="TWD", date=DAY, rate=Decimal("32.5"))
    store.save_rate(base="USD", quote="JPY", date=DAY, rate=Decimal(150))

    found = store.rate_series(pairs=[("USD", "TWD"), ("EUR", "TWD")])
    assert {pair: series.values.tolist() for pair, series in found.items()} == {("USD", "TWD"): [32.5]}
    assert store.delete_rates(base="USD", quote="TWD", dates=[DAY, NEXT]) == 1
    assert not RateSeries.objects.filter(quote="TWD").exists()
    assert RateSeries.objects.filter(quote="JPY").exists()


def test_a_deleted_close_leaves_rows_and_array(fund):
    put(fund, (DAY, "100"), (NEXT, "101"))

    assert store.delete_prices(instrument=fund, dates=[DAY]) == 1
    assert in_rows(fund) == in_array(fund) == [(NEXT, 101.0)]


def test_a_close_saved_alone_says_whether_it_changed_anything(fund):
    assert store.save_price(instrument=fund, date=DAY, close=Decimal(5))
    assert not store.save_price(instrument=fund, date=DAY, close=Decimal("5.0"))


def test_rebuilding_repairs_arrays_from_rows(fund):
    put(fund, (DAY, "100"))
    Price.objects.bulk_create([Price(instrument=fund, date=NEXT, close="101.25")])
    RateSeries.objects.create(base="EUR", quote="TWD", days=b"", closes=b"")

    assert store.rebuild_series() == 1
    assert in_array(fund) == [(DAY, 100.0), (NEXT, 101.25)]
    assert not RateSeries.objects.exists()


# by hand, in the admin: the model's own save and delete


def test_a_row_saved_by_itself_reaches_the_array(fund):
    Price.objects.create(instrument=fund, date=DAY, close=Decimal("100.5"))
    Rate.objects.create(base="USD", quote="TWD", date="2025-01-03", rate="32.5")

    assert in_array(fund) == [(DAY, 100.5)]
    assert store.rate_series(pairs=[("USD", "TWD")])["USD", "TWD"].values.tolist() == [32.5]


def test_an_edited_close_replaces_the_one_before(fund):
    price = Price.objects.create(instrument=fund, date=DAY, close=100)
    price.close = Decimal(90)
    price.save()

    assert in_array(fund) == [(DAY, 90.0)]


def test_a_close_moved_to_another_day_or_instrument_leaves_no_ghost(fund):
    other = Instrument.objects.create(symbol="SPY", currency="USD")
    price = Price.objects.create(instrument=fund, date=DAY, close=100)
    price.date = NEXT
    price.save()
    assert in_array(fund) == [(NEXT, 100.0)]

    price.instrument = other
    price.save()
    assert (in_array(fund), in_array(other)) == ([], [(NEXT, 100.0)])


def test_rows_deleted_one_by_one_or_as_a_selection_leave_the_array(fund):
    put(fund, (DAY, "100"), (NEXT, "101"), (dt.date(2025, 1, 7), "102"))
    Price.objects.get(date=DAY).delete()
    assert in_array(fund) == [(NEXT, 101.0), (dt.date(2025, 1, 7), 102.0)]

    Price.objects.all().delete()
    assert in_array(fund) == []
    assert not PriceSeries.objects.exists()


def test_deleting_an_instrument_takes_rows_and_array_along(fund):
    put(fund, (DAY, "100"), (NEXT, "101"))

    fund.delete()

    assert not Price.objects.exists()
    assert not PriceSeries.objects.exists()


EVENTS = st.lists(
    st.tuples(st.sampled_from(["store", "delete", "save", "remove"]), st.integers(1, 5), st.integers(1, 4)), max_size=15
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_whatever_happens_rows_and_array_agree(fund, events):
    Price.objects.all().delete()
    for event, day, close in events:
        date = dt.date(2025, 1, day)
        if event == "store":
            put(fund, (date, str(close)), (NEXT, str(close + 1)))
        elif event == "delete":
            store.delete_prices(instrument=fund, dates=[date])
        elif event == "save":
            Price.objects.update_or_create(instrument=fund, date=date, defaults={"close": close})
        else:
            Price.objects.filter(date=date).delete()

    assert in_array(fund) == in_rows(fund)
