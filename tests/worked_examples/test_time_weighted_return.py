"""Time-weighted returns of cash accounts whose every day can be added up by hand.

Source: Portfolio Performance's test suite, ClientIndexTest.java with its spreadsheet, account_performance_tax_refund.xml and
account_performance_interest_with_tax.xml.
"""

import math
from itertools import pairwise

import pytest
from pytest import approx

from tests.scenario import scenario

NINE_DAYS = """
    2011-12-31  deposit     10000 EUR
    2012-01-01  interest    230 EUR
    2012-01-02  deposit     200 EUR
    2012-01-02  interest    200 EUR
    2012-01-03  withdrawal  400 EUR
    2012-01-03  fee         234.41 EUR
    2012-01-04  interest    293.99 EUR
    2012-01-05  interest    293.99 EUR
    2012-01-06  deposit     5400 EUR
    2012-01-06  interest    195.99 EUR
    2012-01-07  withdrawal  3697.04 EUR
    2012-01-07  fee         882.52 EUR
    2012-01-08  fee         1003.85 EUR
"""


def test_nine_days_have_the_published_returns_day_by_day(review_of):
    found = review_of(scenario(NINE_DAYS, base="EUR"), "2012-01-01", "2012-01-08")

    daily = [after / before - 1 for before, after in pairwise(found.daily.index)]
    published = [0.023, 0.019175455, -0.0220517, 0.0294118, 0.0285714, 0.0122620, -0.0545455, -0.0865385]
    # the second day by hand: 10630 / (10230 + 200) - 1; the third: (9995.59 + 400) / 10630 - 1
    # the published ones come from a spreadsheet without cents in its rows, hence the seventh digit
    assert daily == approx(published, abs=5e-7)
    assert found.returns.time_weighted == approx(-0.056182678, abs=1e-9)


def test_nine_days_end_on_the_sum_of_their_rows(review_of):
    found = review_of(scenario(NINE_DAYS, base="EUR"), "2012-01-01", "2012-01-08")

    # 10000 + 1213.97 interest + 5600 in - 4097.04 out - 2120.78 fees
    assert found.closing_value == approx(10596.15, abs=1e-9)
    # the high is after the sixth day; from there (1 - 0.0545455)(1 - 0.0865385)
    assert found.records.max_drawdown == approx(1 - (1 - 0.0545455) * (1 - 0.0865385), abs=1e-6)


def test_a_deposit_on_the_last_day_changes_no_return(review_of):
    ledger = scenario(
        """
        2012-01-01  deposit   100 EUR
        2012-01-02  interest  10 EUR
        2012-01-10  deposit   100 EUR
        """,
        base="EUR",
    )

    assert review_of(ledger, "2012-01-01", "2012-01-10").returns.time_weighted == approx(0.10)


def test_interest_on_nothing_is_no_return(review_of):
    found = review_of(scenario("2012-01-02 interest 1 EUR", base="EUR"), "2012-01-01", "2012-01-10")

    assert (found.returns.time_weighted, found.closing_value) == (0, 1)


def test_an_empty_household_returns_nothing(review_of):
    found = review_of(scenario("", base="EUR"), "2012-01-01", "2012-01-10")

    assert (found.returns.time_weighted, found.closing_value, found.returns.money_weighted) == (0, 0, None)


def test_rows_count_by_date_whatever_their_order_in_the_file(review_of):
    ledger = scenario(
        """
        2014-01-02  deposit     10000 EUR
        2014-06-01  tax_refund  100 EUR
        2014-05-01  tax         200 EUR
        """,
        base="EUR",
    )

    found = review_of(ledger, "2013-12-07", "2014-12-06").returns

    # -200 / 10000, then +100 / 9800: together 9900 / 10000
    assert found.time_weighted == approx(-0.01)


def test_interest_counts_after_its_tax(review_of):
    ledger = scenario(
        """
        2014-01-02  deposit   20000 EUR
        2014-06-01  interest  600 EUR
        2014-11-01  interest  1000 EUR tax 300
        """,
        base="EUR",
    )

    found = review_of(ledger, "2013-12-07", "2014-12-06")

    # 600 + 700 on 20000
    assert found.returns.time_weighted == approx(0.065)
    assert (found.bridge.income, found.bridge.taxes) == (approx(1600), approx(-300))


@pytest.mark.parametrize(
    ("rows", "part", "amount"),
    [
        ("2011-03-01 dividend S 110 EUR tax 10", "income", 110),
        ("2011-03-01 dividend S 110 EUR tax 10", "taxes", -10),
        ("2011-03-01 interest_charge 100 EUR", "income", -100),
        ("2011-03-01 fee_refund 100 EUR", "fees", 100),
    ],
)
def test_each_row_falls_into_its_published_category(review_of, rows, part, amount):
    # ClientPerformanceSnapshotTest.java; a fee refund is -100 of fees there, and fees of ours are signed
    found = review_of(scenario("2010-12-31 deposit 1000 EUR\n" + rows, base="EUR"), "2011-01-01", "2011-12-31")

    assert getattr(found.bridge, part) == approx(amount)
    assert math.isclose(found.bridge.residual, 0, abs_tol=1e-9)
