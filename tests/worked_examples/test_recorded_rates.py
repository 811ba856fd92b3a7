"""Shares paid for in another currency than their own, at a rate that the row records.

Source: Portfolio Performance's test suite, currency_sample.xml with CurrencyTestCase.java.
"""

import pytest
from pytest import approx

from tests.scenario import scenario
from tests.worked_examples.market import DOLLARS_PER_EURO, closes, rates, share, stored_closes

MARKET = (
    rates("EURUSD", DOLLARS_PER_EURO)
    + stored_closes("AAPL", "apple_2015.csv")
    + closes(
        "BAS",
        """
        2014-12-31 69.88  2015-01-01 69.88  2015-01-02 69.69  2015-01-05 66.70  2015-01-06 66.69  2015-01-07 67.13
        2015-01-08 69.87  2015-01-09 68.12  2015-01-12 68.81  2015-01-13 71.03  2015-01-14 70.31  2015-01-15 71.95
        2015-01-16 72.67
        """,
    )
)
SHARES = (share("AAPL", "USD"), share("BAS", "EUR"))

# the file lists purchases before the deposits that pay for them
HOUSEHOLD = scenario(
    MARKET
    + """
    2015-01-01  deposit  1000 EUR                                   in Euro
    2015-01-01  buy      10 BAS for 698.80 EUR fee 10 tax 10        in Euro
    2015-01-01  buy      5 AAPL for 454.60 EUR fx 0.8237            in Euro
    2015-01-01  deposit  718.80 EUR                                 in Euro
    2015-01-01  deposit  454.60 EUR                                 in Euro
    2015-01-01  deposit  1000 USD                                   in Dollar
    2015-01-01  buy      5 AAPL for 551.90 USD fee 10 tax 10        in Dollar
    2015-01-01  buy      10 BAS for 848.41 USD fx 1.2141            in Dollar
    2015-01-01  deposit  571.90 USD                                 in Dollar
    2015-01-01  deposit  848.41 USD                                 in Dollar
    2015-08-03  buy      5 AAPL for 577.60 USD                      in Dollar
    """,
    instruments=SHARES,
    base="EUR",
)


def test_twelve_days_without_flows_earn_the_published_gain(review_of):
    found = review_of(HOUSEHOLD, "2015-01-03", "2015-01-14")

    assert found.opening_value == approx(4131.99, abs=0.01)
    assert found.closing_value == approx(4187.94, abs=0.01)
    assert found.net_external_flow == 0
    gain = found.bridge.price_gain + found.bridge.currency_gain + found.bridge.cross_gain
    assert gain == approx(55.95, abs=0.015)


def test_a_yearly_rate_of_twelve_days_agrees_but_for_the_trackers_cents(review_of):
    found = review_of(HOUSEHOLD, "2015-01-03", "2015-01-14").returns

    # its values are rounded to cents; twelve days raised to a year turn half a cent of 4,188 into 0.00003
    assert found.money_weighted == approx(0.505460984, abs=1e-4)
    assert found.annualised is None


def test_cash_below_zero_inside_a_day_is_no_warning(review_of):
    found = review_of(HOUSEHOLD, "2015-01-01", "2015-01-16")

    assert not [warning for warning in found.warnings if warning.code == "negative_cash"]


def test_holdings_of_a_day_are_the_published_ones(review_of):
    found = review_of(HOUSEHOLD, "2015-01-01", "2015-01-16")

    value = {"AAPL": 0.0, "BAS": 0.0}
    for position in found.positions:
        value[position.symbol] += position.value
    # 20 units of BAS, 10 of AAPL = 1059.90 USD, 1000 in each currency
    assert value == {"BAS": approx(1453.40, abs=0.005), "AAPL": approx(914.65, abs=0.005)}
    assert {line.currency: line.value for line in found.cash} == {"EUR": approx(1000), "USD": approx(862.96, abs=0.005)}
    assert found.closing_value == approx(4231.01, abs=0.01)


def test_cost_follows_the_amount_that_was_really_paid(review_of):
    found = review_of(HOUSEHOLD, "2015-01-01", "2015-08-09")

    apple = [position for position in found.positions if position.symbol == "AAPL"]
    # 454.60 as paid; 571.90 USD at 1.2141; 577.60 USD at 1.1588: 454.60 + 471.05 + 498.45
    cost = sum(position.cost_fifo for position in apple)
    assert cost == approx(1424.10, abs=0.01)
    assert sum(position.cost_average for position in apple) == approx(1424.10, abs=0.01)
    assert sum(position.value for position in apple) == approx(1495.34, abs=0.005)
    assert sum(position.unrealised_fifo for position in apple) == approx(71.24, abs=0.01)
    assert sum(position.quantity for position in apple) == 15


def test_reports_in_the_shares_own_currency_take_the_recorded_rate_not_the_days(review_of):
    found = review_of(HOUSEHOLD, "2015-01-01", "2015-01-16", base="USD")

    cost = sum(position.cost_fifo for position in found.positions if position.symbol == "AAPL")
    # 454.60 EUR / 0.8237 = 551.90 USD, where the day's rate would make it 454.60 x 1.2141 = 551.93; 571.90 USD
    assert cost == approx(1123.80, abs=0.005)


@pytest.fixture
def apple_alone(review_of):
    """The tracker looks at one holding by paying every purchase in and leaving taxes out; fees stay."""
    ledger = scenario(
        MARKET
        + """
        2015-01-01  deposit  454.60 EUR
        2015-01-01  buy      5 AAPL for 454.60 EUR fx 0.8237
        2015-01-01  deposit  561.90 USD
        2015-01-01  buy      5 AAPL for 551.90 USD fee 10
        2015-08-03  deposit  577.60 USD
        2015-08-03  buy      5 AAPL for 577.60 USD
        """,
        instruments=SHARES,
        base="EUR",
    )
    return review_of(ledger, "2015-01-01", "2015-08-10")


def test_one_holding_alone_returns_what_is_published(apple_alone):
    # values in cents there: 0.005 of 1,000 is 5e-6
    assert apple_alone.returns.time_weighted == approx(0.104173774, abs=5e-6)
    assert apple_alone.returns.money_weighted == approx(0.1446283, abs=1e-5)
    assert apple_alone.records.max_drawdown == approx(0.1242127, abs=1e-5)


def test_volatility_counts_the_closes_of_the_shares_own_exchange(apple_alone):
    # There 0.17747: 154 weekdays of a European calendar, which drops Easter Monday and 1 May, days on which this share was
    # traded, and counts days of American holidays, on which it was not. Ours are the days with a stored close.
    assert apple_alone.records.volatility == approx(0.1774688, abs=0.005)
