"""Two accounts, two currencies and every kind of row within twelve days.

Source: Portfolio Performance's test suite, client_performance_snapshot.xml with ClientPerformanceSnapshotTestCase.java.
That tracker rounds each position and each flow to cents, so totals of several lines may differ by a cent.
"""

import pytest
from pytest import approx

from tests.scenario import scenario
from tests.worked_examples.market import DOLLARS_PER_EURO, closes, rates, share

MARKET = (
    rates("EURUSD", DOLLARS_PER_EURO)
    + closes(
        "AAPL",
        """
        2014-12-22 28.235   2014-12-23 28.135   2014-12-24 28.0025  2014-12-26 28.4975  2014-12-29 28.4775  2014-12-30 28.13
        2014-12-31 27.595   2015-01-02 27.3325  2015-01-05 26.5625  2015-01-06 26.565   2015-01-07 26.9375
        2015-01-08 27.9725  2015-01-09 28.0025  2015-01-12 27.3125  2015-01-13 27.555   2015-01-14 27.45    2015-01-15 26.705
        """,
    )
    + closes(
        "BAS",
        """
        2014-12-22 70.27  2014-12-23 71.01  2014-12-29 70.90  2014-12-30 69.88  2015-01-02 69.69  2015-01-05 66.71
        2015-01-06 66.69  2015-01-07 67.13  2015-01-08 69.87  2015-01-09 68.12  2015-01-12 68.81  2015-01-13 71.03
        2015-01-14 70.32  2015-01-15 71.95
        """,
    )
)

ROWS = """
    2014-01-01  deposit          1000 EUR                          in Euro
    2014-05-25  interest         5 EUR tax 1                       in Euro
    2014-05-25  deposit          1000 USD                          in Dollar
    2014-12-22  buy              10 BAS for 702.70 EUR fee 1 tax 2 in Euro
    2014-12-22  buy              10 AAPL for 282.35 USD            in Dollar
    2015-01-02  interest         45.67 EUR tax 1.23                in Euro
    2015-01-02  deposit          100 EUR                           in Euro
    2015-01-02  deposit          200 USD                           in Dollar
    2015-01-04  tax              123 EUR                           in Euro
    2015-01-05  tax_refund       23 EUR                            in Euro
    2015-01-06  buy              1 BAS for 66.69 EUR fee 1 tax 1   in Euro
    2015-01-09  interest_charge  7 EUR                             in Euro
    2015-01-10  interest         10 EUR tax 1                      in Euro
    2015-01-10  withdrawal       200 USD                           in Dollar
    2015-01-10  deposit          300 USD                           in Dollar
    2015-01-11  fee              9.99 EUR                          in Euro
    2015-01-12  fee_refund       7.12 EUR                          in Euro
    2015-01-13  dividend         BAS 13.20 EUR fee 2 tax 1         in Euro
    2015-01-13  sell             5 AAPL for 137.78 USD fee 10 tax 7 in Dollar
    2015-01-14  interest         12.34 EUR tax 2.34                in Euro
    2015-01-14  deposit          200 EUR                           in Euro
    2015-01-14  deposit          400 USD                           in Dollar
    2015-04-14  deposit          500 USD                           in Dollar
    2015-05-25  interest         20 EUR tax 10                     in Euro
"""

# The tracker's deliveries bring their charges along: no cash account pays them, the flow is the value after charges.
# Ours cross the border at market value and the account pays the charges. Two ways to say the same:
AS_TRADES = """
    2015-01-07  deposit          206.94 EUR                        in Euro
    2015-01-07  buy              3 BAS for 201.39 EUR fee 2.22 tax 3.33 in Euro
    2015-01-14  sell             2 AAPL for 54.90 USD fee 1.11 tax 2.22 in Dollar
    2015-01-14  withdrawal       51.57 USD                         in Dollar
"""
DELIVERIES = """
    2015-01-07  delivery_in      3 BAS for 201.39 EUR fee 2.22 tax 3.33 in Euro
    2015-01-14  delivery_out     2 AAPL for 54.90 USD fee 1.11 tax 2.22 in Dollar
"""
CHARGES_PAID_IN = """
    2015-01-07  deposit          5.55 EUR                          in Euro
    2015-01-14  deposit          3.33 USD                          in Dollar
"""

PERIOD = ("2015-01-03", "2015-01-14")


def household(*parts: str):
    return scenario(MARKET + ROWS + "".join(parts), instruments=(share("AAPL", "USD"), share("BAS", "EUR")), base="EUR")


@pytest.mark.parametrize("deliveries", [AS_TRADES, DELIVERIES + CHARGES_PAID_IN], ids=["as trades", "charges paid in"])
def test_the_bridge_leads_to_the_published_closing_value(review_of, deliveries):
    found = review_of(household(deliveries), *PERIOD)

    assert found.opening_value == approx(2128.58, abs=0.01)
    assert found.closing_value == approx(2854.32, abs=0.01)
    assert found.net_external_flow == approx(787.49, abs=0.015)
    assert found.bridge.income == approx(28.54, abs=0.01)
    assert found.bridge.fees == approx(-17.52, abs=0.01)
    assert found.bridge.taxes == approx(-116.50, abs=0.01)
    assert found.bridge.residual == approx(0, abs=0.01)


@pytest.mark.parametrize("deliveries", [AS_TRADES, DELIVERIES + CHARGES_PAID_IN, DELIVERIES])
def test_gains_sum_to_the_published_ones_in_all_three_ways_to_write_a_delivery(review_of, deliveries):
    found = review_of(household(deliveries), *PERIOD)

    # unrealised 21.35, realised 4.69, currency gain of cash 17.68: its parts run from lot to lot, ours from day to day,
    # so only their sum is comparable
    gain = found.bridge.price_gain + found.bridge.currency_gain + found.bridge.cross_gain
    assert gain == approx(21.35 + 4.69 + 17.68, abs=0.015)
    assert found.bridge.residual == approx(0, abs=0.01)


@pytest.mark.parametrize("deliveries", [AS_TRADES, DELIVERIES + CHARGES_PAID_IN])
def test_dollars_in_cash_earn_the_published_currency_gain(review_of, deliveries):
    found = review_of(household(deliveries), *PERIOD)

    assert {line.symbol: line.gain for line in found.contributions}["cash:USD"] == approx(17.68, abs=0.01)


def test_charges_of_a_delivery_leave_the_accounts_cash_and_count_as_charges(review_of):
    plain, topped_up = review_of(household(DELIVERIES), *PERIOD), review_of(household(DELIVERIES, CHARGES_PAID_IN), *PERIOD)

    # nobody paid 5.55 EUR and 3.33 USD / 1.1775 in, and nothing else differs
    missing = 5.55 + 3.33 / 1.1775
    assert topped_up.closing_value - plain.closing_value == approx(missing)
    assert topped_up.net_external_flow - plain.net_external_flow == approx(missing)
    assert (plain.bridge.fees, plain.bridge.taxes) == (approx(-17.52, abs=0.01), approx(-116.50, abs=0.01))


def test_the_three_ways_differ_in_the_return_by_the_charges_alone(review_of):
    trades, topped_up, plain = (
        review_of(household(deliveries), *PERIOD).returns
        for deliveries in (AS_TRADES, DELIVERIES + CHARGES_PAID_IN, DELIVERIES)
    )

    # A deposit counts from the start of its day as the delivery does; what leaves counts to the end of its day, and there
    # 3.33 USD come in instead of going out: about (3.33 / 1.1775 / 2650) x the day's return of -0.1 %
    assert topped_up.time_weighted == approx(trades.time_weighted, abs=2e-6)
    assert plain.time_weighted == approx(trades.time_weighted, abs=1e-4)
    assert topped_up.money_weighted == approx(trades.money_weighted, abs=1e-5)


def test_days_before_the_first_rate_cost_no_figure_that_needs_none_of_them(review_of):
    found = review_of(household(AS_TRADES), *PERIOD)

    # dollars were paid in and shares bought before the first stored rate of 31 December: what that lot cost is unknown,
    # and so is whether wealth stood higher then; the period's own figures need neither
    cost = {(position.symbol, position.account): position.cost_fifo for position in found.positions}
    assert cost["AAPL", "Dollar"] is None
    assert found.records.all_time_peak_value is None
    assert None not in (found.returns.time_weighted, found.returns.money_weighted, found.returns.since_year_end)
    # 14 units: 702.70 + 3 for ten, 66.69 + 2 for one, 206.94 for three
    assert cost["BAS", "Euro"] == approx(705.70 + 68.69 + 206.94)
