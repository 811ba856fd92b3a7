"""Volatility of one share, held, sold and bought again, to the last published digit.

Source: Portfolio Performance's test suite, volatility.xml with VolatilityTestCase.java, and RiskTest.java.
basf_2014.csv holds the closes of that file but for seven flat ones on days without trading (Good Friday, Easter Monday,
1 May, 24 to 26 December, 1 January): there a calendar leaves those days out, here a trading day is one with a stored close.
"""

import numpy as np
from pytest import approx

from portfolio.engine.records import max_drawdown, volatility
from tests.scenario import scenario
from tests.worked_examples.market import stored_closes

CLOSES = stored_closes("BAS", "basf_2014.csv")
SOLD_AND_BOUGHT_AGAIN = scenario(
    CLOSES
    + """
    2014-01-02  delivery_in   10 BAS for 763.80 EUR
    2014-12-01  sell          10 BAS for 725.50 EUR
    2015-02-02  delivery_in   10 BAS for 811.50 EUR
    """,
    base="EUR",
)
DELIVERED_OUT = scenario(
    CLOSES
    + """
    2014-01-02  delivery_in   10 BAS for 763.80 EUR
    2014-12-01  delivery_out  10 BAS for 725.50 EUR
    2015-02-02  delivery_in   10 BAS for 811.50 EUR
    """,
    base="EUR",
)


def test_half_a_year_of_one_share(review_of):
    found = review_of(SOLD_AND_BOUGHT_AGAIN, "2014-02-01", "2014-07-31")

    # 126 trading days, scaled to the half year
    assert found.records.volatility == approx(0.141568791460, abs=1e-12)
    # nothing flows while ten units are held: the last close over that of 31 January
    assert found.returns.time_weighted == approx(77.64 / 79.53 - 1, abs=1e-9)


def test_after_the_sale_days_of_cash_do_not_count(review_of):
    found = review_of(SOLD_AND_BOUGHT_AGAIN, "2014-02-01", "2015-01-31")

    # 212 days, the published figure of the holding; that of its whole client, 0.200599730118, counts the dead days of cash
    assert found.records.volatility == approx(0.200573810778, abs=1e-12)


def test_days_of_the_complete_sale_and_of_the_new_purchase_do_not_count(review_of):
    found = review_of(DELIVERED_OUT, "2014-02-01", "2015-02-20")

    # 226 days with a holding at both closes
    assert found.records.volatility == approx(0.202942041440, abs=1e-12)


def curve(*returns: float) -> np.ndarray:
    return np.cumprod([1.0, *(1 + each for each in returns)])


def every_day(count: int) -> np.ndarray:
    return np.ones(count, np.bool_)


def test_the_formula_alone():
    returns = curve(0.005, -1 / 300, -0.005, 0.01, 0.01, -0.005)

    assert volatility(growth=returns, trading=every_day(7), inside=every_day(7)) == approx(0.017736692475, abs=1e-12)


def test_equal_returns_do_not_vary():
    assert volatility(growth=curve(0.01, 0.01, 0.01), trading=every_day(4), inside=every_day(4)) == approx(0, abs=1e-12)


def test_the_drawdown_of_a_curve_that_falls_by_three_quarters():
    # accumulated returns 1, 1, -0.5, 1, 1, 2: from 2 to 0.5
    growth = np.array([2.0, 2.0, 0.5, 2.0, 2.0, 3.0])

    assert max_drawdown(growth=growth, values=np.full(7, 100.0)) == approx(0.75)
