"""What holdings cost after partial sales and transfers, first-in-first-out and on average.

Source: Portfolio Performance's test suite, files named at each part. Its costs are rounded to cents at each step.
"""

import pytest
from pytest import approx

from tests.scenario import scenario
from tests.worked_examples.market import closes, share

# Issue371PurchaseValueWithTransfers.xml
ADS = closes(
    "ADS",
    """
    2011-12-30 49.66  2012-01-02 50.80  2012-01-03 51.51  2012-01-04 51.34  2015-11-13 85.75  2015-11-16 85.82
    2015-11-17 86.48  2015-11-18 86.91  2015-11-19 87.69  2015-11-20 88.09
    """,
)
FIVE_YEARS = ("2010-11-21", "2015-11-20")


def test_a_transfer_takes_the_cost_along(review_of):
    ledger = scenario(
        ADS
        + """
        2012-01-01  deposit   100692.68 EUR                       in One
        2012-01-02  buy       47 ADS for 2387.60 EUR fee 10       in One
        2015-11-20  transfer  47 units of ADS                     in One to Two
        """,
        base="EUR",
    )

    found = review_of(ledger, *FIVE_YEARS)

    (position,) = found.positions
    assert (position.account, position.cost_fifo, position.cost_average) == ("Two", approx(2397.60), approx(2397.60))
    assert position.value == approx(4140.23, abs=0.005)
    # published 1752.63 without charges, 1742.63 on cost; ours keeps the charge in the cost
    assert position.unrealised_fifo == approx(1742.63, abs=0.005)
    assert found.bridge.fees == approx(-10)
    # 100692.68 + 1742.63 on 100692.68, for nothing else earns
    assert found.closing_value == approx(102435.31, abs=0.005)
    assert found.returns.time_weighted == approx(1742.63 / 100692.68, abs=1e-7)


def test_the_transferred_holding_alone_has_the_published_returns(review_of):
    ledger = scenario(
        ADS
        + """
        2012-01-02  deposit   2397.60 EUR                         in One
        2012-01-02  buy       47 ADS for 2387.60 EUR fee 10       in One
        2015-11-20  transfer  47 units of ADS                     in One to Two
        """,
        base="EUR",
    )

    found = review_of(ledger, *FIVE_YEARS)

    assert found.returns.time_weighted == approx(0.7268226560, abs=1e-9)
    # over 1826 days
    assert found.returns.annualised == approx(0.1153818215, abs=1e-9)
    assert found.returns.money_weighted == approx(0.1509824602, abs=1e-8)
    assert found.records.max_drawdown == approx(0.0033003300, abs=1e-9)


def test_volatility_counts_stored_closes_not_weekdays_without_any(review_of):
    ledger = scenario(
        ADS
        + """
        2012-01-02  delivery_in  47 ADS for 2387.60 EUR
        """,
        base="EUR",
    )

    found = review_of(ledger, *FIVE_YEARS)

    # 0.5133 there: 990 weekdays, nearly all of them without a close and a return of nothing.
    # Here 8 closes after the purchase, one of which spans nearly four years: ln(85.75 / 51.34) = 0.513 among small ones
    assert found.records.volatility == approx(0.5078, abs=5e-5)


def test_a_jump_on_the_day_of_the_transfer_belongs_to_the_year(review_of):
    # Issue672
    ledger = scenario(
        """
        2016-06-01  price     BASF 69.55
        2016-12-30  price     BASF 88.31
        2017-01-01  price     BASF 97.141
        2016-06-01  delivery_in 10 BASF for 883.10 EUR in One
        2016-12-31  transfer  10 units of BASF in One to Two
        """,
        base="EUR",
    )

    found = review_of(ledger, "2016-01-02", "2017-01-01")

    (position,) = found.positions
    assert (position.value, position.cost_fifo) == (approx(971.41), approx(883.10))
    assert position.unrealised_fifo == approx(88.31)
    # 971.41 / 883.10 - 1 = 0.1 over the 366 days of the period
    assert found.returns.time_weighted == approx(0.1, abs=1e-6)
    assert found.returns.annualised == approx(0.0997135859, abs=1e-6)


# CostCalculationTest.java and SecurityPositionTest.java; no price is stored, and none is needed
EURO_DEPOSIT = "2009-12-31 deposit 1000000 EUR\n"


@pytest.mark.parametrize(
    ("rows", "fifo", "average"),
    [
        # the sale leaves 94 of the first lot: 3149.20 x 94 / 109 + 1684.92 + 959.30
        (
            """
            2010-01-01  buy   109 S for 3149.20 EUR
            2010-02-01  sell  15 S for 531.50 EUR
            2010-03-01  buy   52 S for 1684.92 EUR
            2010-03-01  buy   32 S for 959.30 EUR
            """,
            5360.04,
            5360.04,
        ),
        # 3149.20 x 94 / 109 + 1684.92; on average (3149.20 + 1684.92) x 146 / 161
        (
            """
            2010-01-01  buy   109 S for 3149.20 EUR
            2010-02-01  buy   52 S for 1684.92 EUR
            2010-03-01  sell  15 S for 531.50 EUR
            """,
            4400.74,
            4383.74,
        ),
        # one unit of half a million: 450000 x 499999 / 500000
        ("2010-01-01 buy 500000 S for 450000 EUR\n2010-02-01 sell 1 S for 1 EUR", 449999.10, 449999.10),
    ],
    ids=["sold between purchases", "sold after purchases", "one of many"],
)
def test_partial_sales_leave_the_published_cost(review_of, rows, fifo, average):
    (position,) = review_of(scenario(EURO_DEPOSIT + rows, base="EUR"), "2010-01-01", "2010-12-31").positions

    assert (position.cost_fifo, position.cost_average) == (approx(fifo, abs=0.01), approx(average, abs=0.01))


@pytest.mark.parametrize(
    ("first", "second", "unit_cost"),
    [("25 S for 250", "75 S for 1500", 20), ("75 S for 750", "25 S for 500", 15)],
)
def test_the_price_of_what_is_left_after_the_oldest_went(review_of, first, second, unit_cost):
    # fifty go: all of 25 at 10 and 25 at 20, leaving 50 at 20; or 50 at 10, leaving 25 at 10 and 25 at 20
    rows = f"2010-01-01 buy {first} EUR\n2010-02-01 buy {second} EUR\n2010-03-01 sell 50 S for 900 EUR"

    (position,) = review_of(scenario(EURO_DEPOSIT + rows, base="EUR"), "2010-01-01", "2010-12-31").positions

    assert position.cost_fifo / position.quantity == approx(unit_cost)


def test_a_complete_sale_in_thirds_leaves_exactly_nothing(review_of):
    rows = """
        2010-01-01  buy   10 S for 99.99 EUR
        2010-02-01  sell  3 S for 30 EUR
        2010-03-01  sell  3 S for 30 EUR
        2010-04-01  sell  4 S for 40 EUR
    """

    found = review_of(scenario(EURO_DEPOSIT + rows, base="EUR"), "2010-01-01", "2010-12-31")

    assert found.positions == ()
    assert sum(sale.cost_fifo for sale in found.realised) == approx(99.99)


def test_a_purchase_after_a_complete_sale_starts_anew(review_of):
    rows = """
        2010-01-01  buy   10 S for 100 EUR
        2010-02-01  sell  10 S for 120 EUR
        2010-03-01  buy   10 S for 150 EUR
    """

    (position,) = review_of(scenario(EURO_DEPOSIT + rows, base="EUR"), "2010-01-01", "2010-12-31").positions

    assert (position.cost_fifo, position.cost_average) == (150, 150)


def test_cost_in_the_shares_currency_takes_the_recorded_rate(review_of):
    ledger = scenario(
        "2010-01-01 delivery_in 13 S for 9644.24 EUR fee 15 fx 0.937470704040499\n2010-01-01 rate EURUSD 1.2",
        instruments=(share("S", "USD"),),
    )

    (position,) = review_of(ledger, "2010-01-01", "2010-01-01", base="USD").positions

    # (9644.24 + 15) / 0.937470704040499, where the day's rate would say x 1.2
    assert position.cost_fifo == approx(10303.51, abs=0.005)
