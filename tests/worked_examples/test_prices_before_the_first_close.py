"""Holdings that were bought before their first stored close, or that never had one.

Source: Portfolio Performance's test suite, security_performance_with_missing_historical_quotes.xml and
ClientPerformanceSnapshotTest.java. That tracker looks ahead to the first later close; here the price of the household's own
last trade stands in until then. Totals of a period that begins before the trade and ends after the first close agree.
"""

from pytest import approx

from tests.scenario import scenario

LATE_CLOSES = scenario(
    """
    2014-01-02  delivery_in  100 BAS for 7748 EUR
    2014-12-03  price        BAS 73.65
    2014-12-04  price        BAS 72.88
    """,
    base="EUR",
)


def test_a_year_that_ends_after_the_first_close_has_the_published_returns(review_of):
    found = review_of(LATE_CLOSES, "2013-12-05", "2014-12-04").returns

    # 72.88 / 77.48 - 1
    assert found.time_weighted == approx(-0.0594, abs=5e-5)
    assert found.time_weighted == approx(-0.05937016, abs=1e-8)
    assert found.money_weighted == approx(-0.0643, abs=5e-5)


def test_until_then_the_trades_own_price_stands_in_and_is_flagged(review_of):
    found = review_of(LATE_CLOSES, "2014-01-01", "2014-06-30")

    # the tracker says 7365 here, from a close five months later
    assert found.closing_value == approx(7748)
    assert [warning.symbol for warning in found.warnings if warning.code == "trade_price"] == ["BAS"]


def test_a_delivery_without_any_close_is_worth_its_own_price(review_of):
    # the tracker's delivery costs 100, 10 of it fee and 10 tax; its flow is 100, ours 80 and the charges paid in
    ledger = scenario(
        """
        2011-03-01  delivery_in  1 S for 80 EUR fee 10 tax 10
        2011-03-01  deposit      20 EUR
        """,
        base="EUR",
    )

    found = review_of(ledger, "2011-01-01", "2011-12-31")

    assert found.net_external_flow == approx(100)
    assert (found.bridge.fees, found.bridge.taxes) == (approx(-10), approx(-10))
    assert found.closing_value == approx(80)
