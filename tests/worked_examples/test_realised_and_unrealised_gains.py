"""Realised and unrealised gains against cost, and what a period earns where the tracker counts from its opening value.

Source: Portfolio Performance's test suite, CapitalGainsCalculationTest.java, DailyCapitalGainsCalculationTest.java and
ClientPerformanceSnapshotTest.java. Its gains of a period restart at the opening value; ours run from purchase, so they are
compared where the period covers the purchase, and their sum with the bridge everywhere else.
"""

import pytest
from pytest import approx

from tests.scenario import scenario
from tests.worked_examples.market import DOLLARS_PER_EURO, closes, rates, share

EURO_DEPOSIT = "2009-12-31 deposit 1000000 EUR\n"
DOLLAR_SHARE = (share("S", "USD"),)


def gains(found):
    """Return (realised FIFO, realised average, unrealised FIFO, unrealised average) of a review."""
    return (
        sum(sale.gain_fifo for sale in found.realised),
        sum(sale.gain_average for sale in found.realised),
        sum(position.unrealised_fifo for position in found.positions),
        sum(position.unrealised_average for position in found.positions),
    )


def test_a_sale_before_the_later_purchases(review_of):
    rows = """
        2010-01-01  buy    109 S for 3149.20 EUR
        2010-02-01  sell   15 S for 531.50 EUR
        2010-03-01  buy    52 S for 1684.92 EUR
        2010-03-01  buy    32 S for 959.30 EUR
        2013-03-01  price  S 100
    """

    found = review_of(scenario(EURO_DEPOSIT + rows, base="EUR"), "2010-01-01", "2013-03-01")

    # 531.50 - 3149.20 x 15 / 109; 178 units at 100 less 5360.04
    assert gains(found) == approx((98.12, 98.12, 12439.96, 12439.96), abs=0.01)


def test_a_sale_after_the_later_purchase(review_of):
    rows = """
        2010-01-01  buy    109 S for 3149.20 EUR
        2010-02-01  buy    52 S for 1684.92 EUR
        2010-03-01  sell   15 S for 531.50 EUR
        2013-03-01  price  S 100
    """

    found = review_of(scenario(EURO_DEPOSIT + rows, base="EUR"), "2010-01-01", "2013-03-01")

    assert gains(found) == approx((98.12, 81.12, 10199.26, 10216.26), abs=0.01)


def test_a_foreign_share_paid_at_recorded_rates(review_of):
    ledger = scenario(
        rates("EURUSD", DOLLARS_PER_EURO)
        + """
        2024-01-01  delivery_in   100 S for 4500 EUR fx 0.90
        2024-02-01  delivery_in   50 S for 2550 EUR fx 0.85
        2024-03-01  delivery_out  50 S for 3080 EUR fx 0.88
        2025-01-01  price         S 80
        """,
        instruments=DOLLAR_SHARE,
        base="EUR",
    )

    # the tracker looks ahead to the close of the next day on 31 December; ours knows it a day later
    found = review_of(ledger, "2024-01-01", "2025-01-01")

    # 3080 - 2250; 3080 - 7050 / 3; 100 x 80 / 1.1588 = 6903.69 less 4800 or 4700
    assert gains(found) == approx((830, 730, 2103.69, 2203.69), abs=0.01)


def test_a_second_foreign_share_at_recorded_rates(review_of):
    ledger = scenario(
        rates("EURUSD", DOLLARS_PER_EURO)
        + closes("S", "2021-01-01 100  2021-02-01 110  2021-03-01 120")
        + """
        2021-01-01  delivery_in   100 S for 8000 EUR fx 0.80
        2021-02-01  delivery_in   50 S for 4400 EUR fx 0.88
        2021-03-01  delivery_out  75 S for 7200 EUR fx 0.96
        """,
        instruments=DOLLAR_SHARE,
        base="EUR",
    )

    realised, _, unrealised, _ = gains(review_of(ledger, "2021-01-01", "2021-03-01"))

    # 7200 - 6000; 75 x 120 / 1.1588 less 2000 and 4400
    assert (realised, unrealised) == (approx(1200, abs=0.01), approx(1366.66, abs=0.01))


MIXED = (
    closes("S", "2021-01-01 100  2021-01-15 110  2021-02-01 120  2021-02-15 115  2021-03-01 125")
    + """
    2021-01-01  buy   100 S for 10000 EUR
    2021-01-15  buy   50 S for 5500 EUR
    2021-02-01  sell  75 S for 9000 EUR
    2021-02-15  buy   25 S for 2875 EUR
    2021-03-01  sell  50 S for 6250 EUR
    """
)
PARTLY = (
    closes("S", "2021-01-01 100  2021-02-01 110  2021-03-01 120")
    + """
    2021-01-01  buy   200 S for 20000 EUR
    2021-02-01  sell  50 S for 5500 EUR
    2021-03-01  sell  75 S for 9000 EUR
    """
)
LOSING = (
    closes("S", "2021-01-01 100  2021-01-15 80  2021-02-01 70  2021-03-01 60")
    + """
    2021-01-01  buy   100 S for 10000 EUR
    2021-02-01  sell  50 S for 3500 EUR
    """
)


@pytest.mark.parametrize(
    ("rows", "until", "realised", "unrealised"),
    [
        # 75 from 100 to 120; left 25 from 100 and 50 from 110, at 120
        (MIXED, "2021-02-01", 1500, 1000),
        # 50 from 100 to 110; left 150 at 110
        (PARTLY, "2021-02-01", 500, 1500),
        # 75 more from 100 to 120; left 75 at 120
        (PARTLY, "2021-03-01", 2000, 1500),
        # 50 from 100 to 70; left 50 at 60
        (LOSING, "2021-03-01", -1500, -2000),
    ],
)
def test_gains_of_rising_and_falling_shares(review_of, rows, until, realised, unrealised):
    found = gains(review_of(scenario(EURO_DEPOSIT + rows, base="EUR"), "2021-01-01", until))

    assert (found[0], found[2]) == (approx(realised), approx(unrealised))


def test_the_second_sale_takes_the_rest_of_the_first_lot(review_of):
    found = gains(review_of(scenario(EURO_DEPOSIT + MIXED, base="EUR"), "2021-01-01", "2021-03-01"))

    # 25 from 100 and 25 from 110 to 125: 625 + 375 more; left 25 from 110 and 25 from 115: 375 + 250
    assert (found[0], found[2]) == (approx(2500), approx(625))


# ten units for one euro, worth 1000 at the start of 2011 and 1100 at its end
TEN = """
    2010-01-01  price        S 100
    2010-01-01  delivery_in  10 S for 1 EUR
    2011-06-01  price        S 110
"""
IN_2011 = ("2011-01-01", "2011-12-31")


def test_a_delivery_below_the_days_close_earns_the_gap(review_of):
    found = review_of(scenario(TEN + "2011-01-15 delivery_in 1 S for 99 EUR", base="EUR"), *IN_2011)

    assert (found.opening_value, found.net_external_flow, found.closing_value) == (1000, 99, 1210)
    assert found.bridge.price_gain == approx(111)
    # 1100 / 1099, then 110 / 100
    assert found.returns.time_weighted == approx(1100 / 1099 * 1.1 - 1)


def test_a_sale_below_the_opening_price_loses_the_gap(review_of):
    rows = """
        2011-01-15  sell        1 S for 99 EUR
        2011-01-15  withdrawal  99 EUR
    """

    found = review_of(scenario(TEN + rows, base="EUR"), *IN_2011)

    # the tracker: 90 unrealised and -1 realised, both against the opening value
    assert found.bridge.price_gain == approx(90 - 1)
    assert found.closing_value == approx(990)
    # (900 + 99) / 1000, then 110 / 100
    assert found.returns.time_weighted == approx(0.0989)
    # against what it cost, a tenth of one euro, the sale made 98.90
    assert found.realised[0].gain_fifo == approx(98.90)


def test_a_foreign_share_and_cash_over_a_year(review_of):
    ledger = scenario(
        rates("EURUSD", DOLLARS_PER_EURO)
        + closes("S", "2015-01-02 100  2015-01-08 110  2015-12-01 120")
        + f"""
        2014-01-01  deposit  1000 EUR
        2015-01-02  buy      10 S for 900 EUR fx {1 / 1.2043}
        2015-01-09  sell     5 S for 500 EUR fx {1 / 1.1813}
        """,
        instruments=DOLLAR_SHARE,
        base="EUR",
    )

    found = review_of(ledger, "2015-01-06", "2016-01-01")

    # 98.13 unrealised (11.84 of it currency) and 80.36 realised (3.62), against the opening value
    gain = found.bridge.price_gain + found.bridge.currency_gain + found.bridge.cross_gain
    assert gain == approx(98.13 + 80.36, abs=0.01)
    # 100 cash and 10 x 100 / 1.1915; 600 cash and 5 x 120 / 1.1588
    assert (found.opening_value, found.closing_value) == (approx(100 + 1000 / 1.1915), approx(600 + 600 / 1.1588))
    assert found.returns.time_weighted == approx(found.closing_value / found.opening_value - 1)
    # half of what was paid
    assert found.realised[0].gain_fifo == approx(500 - 450)
