"""Fees, taxes and refunds that belong to a holding, seen in the whole portfolio and in the holding alone.

Source: Portfolio Performance's test suite, files named at each part. That tracker's return of a single holding leaves taxes
out and keeps fees; to say the same of a whole portfolio, each charge is paid in at the start of its day, each refund paid
out at its end, and the taxes are not written.
"""

from pytest import approx

from tests.scenario import scenario
from tests.worked_examples.market import closes

# security_tax_and_fee_account_transactions.xml
ADS = closes(
    "ADS",
    """
    2016-12-30 150.15  2017-01-02 151.30  2017-01-03 149.25  2017-01-04 146.40  2017-01-05 144.30  2017-01-06 144.80
    2017-01-09 144.50  2017-01-10 144.80  2017-01-11 145.55  2017-01-12 146.00  2017-01-13 147.95  2017-01-16 148.30
    2017-01-17 147.35  2017-01-18 151.70  2017-01-19 152.30  2017-01-20 152.20  2017-01-23 152.50  2017-01-24 152.80
    2017-01-25 153.85  2017-01-26 155.40  2017-01-27 153.85  2017-01-30 150.50  2017-01-31 145.65
    """,
)
JANUARY = ("2017-01-01", "2017-01-31")


def test_rows_with_a_symbol_count_in_their_holdings_gain(review_of):
    ledger = scenario(
        ADS
        + """
        2016-12-31  deposit     10000 EUR
        2017-01-02  buy         10 ADS for 1513 EUR fee 10 tax 10
        2017-01-09  fee         ADS 10 EUR
        2017-01-10  fee_refund  ADS 5 EUR
        2017-01-11  tax         ADS 25 EUR
        2017-01-12  tax_refund  ADS 5 EUR
        """,
        base="EUR",
    )

    found = review_of(ledger, *JANUARY)

    # published: fees 15, taxes 30, delta -101.50; no other line earns anything
    assert (found.bridge.fees, found.bridge.taxes) == (approx(-15), approx(-30))
    assert [(line.symbol, line.gain) for line in found.contributions] == [("ADS", approx(-101.50))]
    # published: cost 1533 by both methods, value 1456.50
    (position,) = found.positions
    assert (position.cost_fifo, position.cost_average) == (approx(1533), approx(1533))
    assert (position.value, position.unrealised_fifo) == (approx(1456.50), approx(-76.50))
    # (10000 - 101.50) / 10000 - 1: nothing flows
    assert (found.closing_value, found.returns.time_weighted) == (approx(9898.50), approx(-0.01015))


ALONE = """
    2017-01-02  deposit     1523 EUR
    2017-01-02  buy         10 ADS for 1513 EUR fee 10
    2017-01-09  deposit     10 EUR
    2017-01-09  fee         ADS 10 EUR
    2017-01-10  fee_refund  ADS 5 EUR
    2017-01-10  withdrawal  5 EUR
"""


def test_the_holding_alone_has_the_published_returns_and_risk(review_of):
    found = review_of(scenario(ADS + ALONE, base="EUR"), *JANUARY)

    assert found.returns.time_weighted == approx(-0.046943438, abs=1e-9)
    assert found.returns.money_weighted == approx(-0.453151944, abs=1e-8)
    # its high is that of the first close: the purchase fee itself is no fall
    assert found.records.max_drawdown == approx(0.062741313, abs=1e-9)
    # 21 returns of trading days with a holding at both closes
    assert found.records.volatility == approx(0.062683695, abs=1e-9)


def test_with_its_taxes_the_holding_has_the_published_money_weighted_return(review_of):
    taxes = """
        2017-01-02  deposit     10 EUR
        2017-01-02  tax         ADS 10 EUR
        2017-01-11  deposit     25 EUR
        2017-01-11  tax         ADS 25 EUR
        2017-01-12  tax_refund  ADS 5 EUR
        2017-01-12  withdrawal  5 EUR
    """

    found = review_of(scenario(ADS + ALONE + taxes, base="EUR"), *JANUARY)

    assert found.returns.money_weighted == approx(-0.573350433, abs=1e-8)
    # from the first close on again, which taxes of later days only deepen a little before the low
    assert found.records.max_drawdown == approx(0.062741313, abs=1e-6)


# security_performance_tax_refund.xml and security_performance_tax_refund_all_sold.xml
BAS = closes(
    "BAS",
    """
    2014-01-01 77.48  2014-01-02 76.38  2014-01-03 76.56  2014-04-30 83.43  2014-05-01 83.43  2014-05-02 84.01
    2014-12-05 74.30
    """,
)
DELIVERED = """
    2014-01-02  delivery_in 100 BAS for 7638 EUR fee 10 tax 10
    2014-01-02  deposit     20 EUR
    2014-06-01  tax_refund  BAS 5 EUR
"""
SOLD = "2014-12-05  sell  100 BAS for 7430 EUR fee 10 tax 10\n"
A_YEAR = ("2013-12-07", "2014-12-06")


def test_a_delivery_carries_its_charges_and_a_refund_lowers_taxes(review_of):
    found = review_of(scenario(BAS + DELIVERED, base="EUR"), *A_YEAR)

    # published: fees 10, taxes 10 - 5; charges are in the cost of what was delivered
    assert (found.bridge.fees, found.bridge.taxes) == (approx(-10), approx(-5))
    assert found.positions[0].cost_fifo == approx(7658)
    # 100 x 74.30 and the refund; 7435 / 7658 - 1
    assert found.closing_value == approx(7435)
    assert found.returns.time_weighted == approx(7435 / 7658 - 1)


def test_charges_of_the_sale_come_off_its_proceeds(review_of):
    found = review_of(scenario(BAS + DELIVERED + SOLD, base="EUR"), *A_YEAR)

    # published: fees 20, taxes 15
    assert (found.bridge.fees, found.bridge.taxes) == (approx(-20), approx(-15))
    # its gain is 7430 - 7638, charges apart; ours is 7410 - 7658
    assert found.realised[0].gain_fifo == approx(-248)
    assert found.positions == ()


def test_without_taxes_the_delivered_holding_has_the_published_returns(review_of):
    delivered = """
        2014-01-02  delivery_in 100 BAS for 7638 EUR fee 10
        2014-01-02  deposit     10 EUR
    """
    sold = """
        2014-12-05  sell        100 BAS for 7430 EUR fee 10
        2014-12-05  withdrawal  7420 EUR
    """

    held = review_of(scenario(BAS + delivered, base="EUR"), *A_YEAR).returns
    gone = review_of(scenario(BAS + delivered + sold, base="EUR"), *A_YEAR).returns

    assert (held.time_weighted, held.money_weighted) == (approx(-0.0285042, abs=1e-7), approx(-0.030745789, abs=1e-8))
    assert (gone.time_weighted, gone.money_weighted) == (approx(-0.0298117, abs=1e-7), approx(-0.032248297, abs=1e-8))


def test_a_dividends_charges_are_the_holdings_and_its_income_is_gross(review_of):
    # Issue1897: nothing was paid in, so cash is below zero
    ledger = scenario(
        """
        2020-10-30  price     ALV 151.06
        2020-11-02  buy       10 ALV for 1550.60 EUR fee 5 tax 6
        2020-12-01  dividend  ALV 100 EUR fee 10 tax 11
        """,
        base="EUR",
    )

    found = review_of(ledger, "2020-11-01", "2020-12-31")

    assert (found.bridge.income, found.bridge.fees, found.bridge.taxes) == (approx(100), approx(-15), approx(-17))
    assert (found.income.gross, found.income.fees, found.income.tax) == (approx(100), approx(10), approx(11))
    assert found.income.net == approx(79)
    assert "negative_cash" in {warning.code for warning in found.warnings}
