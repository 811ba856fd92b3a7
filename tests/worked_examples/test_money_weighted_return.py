"""Internal rates of return with published figures, by the formula and through a whole review.

Sources: Portfolio Performance's test suite, IRRTest.java and IRRSeriesTest.java; the equation with two roots is the
textbook's -100, +230, -132, which 10 % and 20 % solve.
"""

import datetime as dt

import numpy as np
from pytest import approx

from portfolio.engine.periods import to_day
from portfolio.engine.returns import money_weighted_return
from tests.scenario import scenario


def rate_of(text: str) -> float | None:
    said = text.split()
    days = np.array([to_day(dt.date.fromisoformat(date)) for date in said[::2]])
    return money_weighted_return(days=days, amounts=np.array([float(amount) for amount in said[1::2]])).rate


def test_a_gain_of_five_per_cent_in_364_days():
    assert rate_of("2010-01-01 -200  2010-12-31 210") == approx(0.050140747, abs=1e-8)
    # the whole gain of 5 % raised from 364 days to 365
    assert rate_of("2010-01-01 -200  2010-12-31 210") == approx(1.05 ** (365 / 364) - 1, abs=1e-12)


def test_small_payments_before_a_large_one():
    flows = """
        2002-11-30 -4398  2007-06-11 200  2008-05-11 270  2009-05-01 280
        2010-06-01 280    2011-05-02 300  2012-04-30 330  2012-12-06 14508
    """

    # a spreadsheet's figure, published with this tolerance: its search stopped at the fourth digit
    assert rate_of(flows) == approx(0.1444629967, abs=1e-4)


def test_almost_everything_lost():
    assert rate_of("2019-05-24 -1560.94  2020-01-13 -1160  2020-06-29 42.80") == approx(-0.999251643, abs=1e-4)


YEAR_2024 = """
    2024-01-01  deposit     10000 EUR
    2024-03-01  interest    500 EUR
    2024-06-01  deposit     2500 EUR
    2024-09-01  interest    750 EUR
    2024-10-01  withdrawal  1000 EUR
    2024-12-31  interest    600 EUR
"""


def test_a_year_of_deposits_and_interest(review_of):
    found = review_of(scenario(YEAR_2024, base="EUR"), "2024-01-01", "2024-12-31")

    rate = found.returns.money_weighted
    assert rate == approx(0.165518, abs=1e-6)
    # the definition itself: by that rate deposits less the withdrawal grow to 13350
    days = {"2024-01-01": 365, "2024-06-01": 213, "2024-10-01": 91}
    paid = {"2024-01-01": 10000, "2024-06-01": 2500, "2024-10-01": -1000}
    grown = sum(amount * (1 + rate) ** (days[date] / 365) for date, amount in paid.items())
    assert grown == approx(found.closing_value, abs=1e-6)
    assert found.closing_value == approx(13350)


def test_the_same_year_time_weighted(review_of):
    found = review_of(scenario(YEAR_2024, base="EUR"), "2024-01-01", "2024-12-31")

    # 500 on 10000; 750 on 10500 + 2500; 600 on 13750 - 1000
    assert found.returns.time_weighted == approx(1.05 * (1 + 750 / 13000) * (1 + 600 / 12750) - 1)


def test_a_year_with_two_rates_has_none_and_says_why(review_of):
    # the household owes 132 at the end: 100 paid in, 230 taken out a year later, 132 of debt a year after that
    ledger = scenario(
        """
        2021-01-01  deposit     100 EUR
        2022-01-01  interest    130 EUR
        2022-01-01  withdrawal  230 EUR
        2023-01-01  fee         132 EUR
        """,
        base="EUR",
    )

    found = review_of(ledger, "2021-01-01", "2023-01-01")

    assert found.closing_value == approx(-132)
    assert found.returns.money_weighted is None
    reasons = [warning.figures for warning in found.warnings if warning.code == "money_weighted_undefined"]
    assert reasons == [{"reason": "several_roots"}]
