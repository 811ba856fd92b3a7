"""Cash that earns by its currency, and transfers that convert at a rate of their own.

Source: Portfolio Performance's test suite, IssueCurrencyGainsRoundingError.xml and ClientPerformanceSnapshotTest.java. That
tracker takes the recorded other amount of a transfer as its value; ours keeps the gap to the day's rate on a line of its
own, so that its currency gain of cash is the sum of two of our lines. Its money-weighted return takes the gap for a flow and
is not compared.
"""

from pytest import approx

from tests.scenario import scenario
from tests.worked_examples.market import DOLLARS_PER_EURO, rates, share

RATES = rates("EURUSD", DOLLARS_PER_EURO)


def lines(found):
    return {line.symbol: line.gain for line in found.contributions}


def test_dollars_in_cash_alone(review_of):
    ledger = scenario(
        RATES
        + """
        2015-01-01  deposit     1000 USD
        2015-01-05  deposit     200 USD
        2015-01-10  withdrawal  500 USD
        2015-01-12  fee         20 USD
        """,
        base="EUR",
    )

    found = review_of(ledger, "2015-01-03", "2015-01-15")

    assert (found.opening_value, found.closing_value) == (approx(830.36, abs=0.005), approx(580.80, abs=0.005))
    assert found.bridge.fees == approx(-20 / 1.1804)
    # what is left of the change: 580.80 - 830.36 - 200 / 1.1915 + 500 / 1.1813 + 20 / 1.1804
    assert lines(found)["cash:USD"] == approx(580.80 - 830.36 - 200 / 1.1915 + 500 / 1.1813 + 20 / 1.1804, abs=0.01)


def test_a_transfer_between_two_foreign_currencies(review_of):
    ledger = scenario(
        RATES
        + """
        2015-01-01  rate      EURCAD 1
        2015-01-01  deposit   1000 USD in Dollar
        2015-01-01  deposit   1000 CAD in Canada
        2015-01-10  transfer  500 USD gets 1000:CAD in Dollar to Canada
        """,
        base="EUR",
    )

    found = review_of(ledger, "2015-01-02", "2015-01-15")

    assert (found.opening_value, found.closing_value) == (approx(1823.66, abs=0.01), approx(2427.06, abs=0.01))
    # 1000 CAD for 500 USD is 576.74 EUR above the day's rate of 1.1813; the tracker splits that gap between the two
    # currencies, we show it by itself: only the sum is comparable
    assert found.bridge.currency_gain == approx(603.40, abs=0.01)
    assert lines(found)["currency exchange"] == approx(1000 - 500 / 1.1813)
    assert found.net_external_flow == 0


THREE_TRANSFERS = scenario(
    RATES
    + """
    2011-07-12  deposit   15531.21 EUR                         in Euro
    2011-07-13  buy       17 CAT for 1304.24 EUR fee 9.99      in Euro
    2011-07-28  sell      17 CAT for 1195.95 EUR fee 9.99      in Euro
    2011-08-24  dividend  CAT 5.85 USD                         in Dollar
    2014-12-01  transfer  3400.27 EUR gets 4229.94:USD         in Euro to Dollar
    2014-12-01  fee       10.50 USD                            in Dollar
    2014-12-01  buy       38 MNST for 4198.24 USD fee 21.20    in Dollar
    2014-12-03  sell      38 MNST for 4064.48 USD fee 20.90    in Dollar
    2015-03-06  transfer  4849.02 EUR gets 5239.86:USD         in Euro to Dollar
    2015-03-06  fee       13.02 USD                            in Dollar
    2015-03-06  buy       58 LAD for 5208.40 USD fee 18.44     in Dollar
    2015-03-27  dividend  LAD 6.93 USD                         in Dollar
    2015-04-08  transfer  4046.21 USD gets 3709.05:EUR         in Dollar to Euro
    2015-04-08  fee       10.15 USD                            in Dollar
    2015-05-29  dividend  LAD 8.67 USD                         in Dollar
    2015-08-21  dividend  LAD 8.67 USD                         in Dollar
    2015-08-21  sell      58 LAD for 6090.00 USD fee 30.59     in Dollar
    2015-09-18  transfer  6061.56 USD gets 5307.38:EUR         in Dollar to Euro
    2015-09-18  fee       15.19 USD                            in Dollar
    """,
    instruments=(share("CAT", "EUR"), share("MNST", "USD"), share("LAD", "USD")),
    base="EUR",
)


def test_categories_of_a_year_with_transfers_close_to_the_cent(review_of):
    found = review_of(THREE_TRANSFERS, "2015-01-10", "2016-01-09")

    euros, dollars = 15531.21 - 1314.23 + 1185.96 - 3400.27, 5.85 + 4229.94 - 10.50 - 4219.44 + 4043.58
    assert found.opening_value == approx(euros + dollars / 1.1813)
    # all dollars are spent at the end
    assert found.closing_value == approx(euros - 4849.02 + 3709.05 + 5307.38)
    assert found.returns.time_weighted == approx(16170.08 / 15430.61 - 1, abs=1e-6)
    assert found.bridge.residual == approx(0, abs=0.01)
    assert found.net_external_flow == 0
    # 6.93 + 8.67 + 8.67 at 1.1588, and the fees at the same rate
    assert found.bridge.income == approx(24.27 / 1.1588)
    assert found.bridge.fees == approx(-(13.02 + 18.44 + 10.15 + 30.59 + 15.19) / 1.1588)


def test_the_currency_gain_of_cash_and_the_gaps_of_transfers_sum_to_the_trackers(review_of):
    found = lines(review_of(THREE_TRANSFERS, "2015-01-10", "2016-01-09"))

    # the gaps by hand: 5239.86 / 1.1588 - 4849.02, 3709.05 - 4046.21 / 1.1588, 5307.38 - 6061.56 / 1.1588
    gaps = 5239.86 / 1.1588 - 4849.02 + 3709.05 - 4046.21 / 1.1588 + 5307.38 - 6061.56 / 1.1588
    assert found["currency exchange"] == approx(gaps)
    assert found["cash:USD"] + found["currency exchange"] == approx(33.15, abs=0.01)
