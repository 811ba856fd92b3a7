"""Last closes, carried over holidays and splits; rates in both directions and across."""

import numpy as np
import pytest
from pytest import approx

from portfolio.engine.ledger import Series
from portfolio.engine.prices import NO_SERIES, Grid, Rates, daily_prices

GRID = Grid(10, 16)


def series(**closes: float) -> Series:
    """Return a series from d11=100.0 and the like."""
    days = sorted(int(name[1:]) for name in closes)
    return Series(np.array(days), np.array([closes[f"d{day}"] for day in days]))


def test_the_last_close_on_or_before_a_day_is_its_price_and_never_one_from_after_it():
    prices = daily_prices(series=series(d9=99.0, d12=102.0, d20=200.0), trades=NO_SERIES, splits=(), grid=GRID)

    assert prices.values.tolist() == [99, 99, 102, 102, 102, 102, 102]
    assert prices.days.tolist() == [9, 9, 12, 12, 12, 12, 12]


def test_before_the_first_close_nothing_is_known():
    prices = daily_prices(series=series(d12=102.0), trades=NO_SERIES, splits=(), grid=GRID)

    assert np.isnan(prices.values[:2]).all()
    assert prices.days[:2].tolist() == [-1, -1]


def test_the_last_trade_stands_in_until_the_first_stored_close_and_is_flagged():
    prices = daily_prices(series=series(d14=50.0), trades=series(d11=40.0, d13=44.0, d15=60.0), splits=(), grid=GRID)

    assert np.isnan(prices.values[0])
    assert prices.values[1:].tolist() == [40, 40, 44, 50, 50, 50]
    assert prices.from_trade.tolist() == [False, True, True, True, False, False, False]


def test_a_close_carried_over_a_split_fits_the_new_units_and_a_later_close_is_taken_as_traded():
    # 4 for 1 on day 12; the first close after it is of day 14
    prices = daily_prices(series=series(d10=200.0, d14=51.0), trades=NO_SERIES, splits=((12, 4.0),), grid=GRID)

    assert prices.values.tolist() == [200, 200, 50, 50, 51, 51, 51]


def rates(**pairs: Series) -> Rates:
    return Rates(pairs={(name[:3], name[3:]): each for name, each in pairs.items()}, base="TWD", grid=GRID)


def test_a_pair_serves_in_both_directions():
    assert rates(USDTWD=series(d10=32.0)).of("USD")[0] == 32.0
    assert rates(TWDUSD=series(d10=0.04)).of("USD")[0] == approx(25.0)


def test_a_cross_goes_through_the_dollar_on_the_same_day():
    # JPY to TWD = USDTWD / USDJPY: 32 / 160 = 0.2, and 33 / 150 = 0.22 once both have moved
    found = rates(USDTWD=series(d10=32.0, d13=33.0), USDJPY=series(d10=160.0, d13=150.0)).of("JPY")

    assert found[0] == approx(0.2)
    assert found[-1] == approx(0.22)


def test_a_cross_without_the_dollar_finds_another_common_currency():
    assert rates(EURTWD=series(d10=35.0), EURCHF=series(d10=0.7)).of("CHF")[0] == approx(50.0)


def test_a_direct_pair_wins_over_a_cross_from_its_first_day_on():
    found = rates(USDTWD=series(d10=32.0), USDJPY=series(d10=160.0), JPYTWD=series(d12=0.3)).of("JPY")

    assert found.tolist() == approx([0.2, 0.2, 0.3, 0.3, 0.3, 0.3, 0.3])


@pytest.mark.parametrize(("minor", "major"), [("GBp", "GBP"), ("ZAc", "ZAR"), ("ILA", "ILS")])
def test_minor_units_are_hundredths_of_their_currency(minor: str, major: str):
    found = Rates(pairs={(major, "TWD"): series(d10=40.0)}, base="TWD", grid=GRID)

    assert found.of(minor)[0] == approx(0.4)


def test_a_rate_that_nobody_stored_is_unknown_and_not_one():
    assert np.isnan(rates(USDTWD=series(d10=32.0)).of("CHF")).all()
