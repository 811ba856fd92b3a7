"""Lots in several depots: each keeps its own, and what moves takes its cost and its place by date along.

Source: Portfolio Performance's test suite, files named at each test. Its average cost is pooled over all depots, ours is
kept per account, so averages are compared only where one depot holds everything.
"""

from pytest import approx

from tests.scenario import scenario


def test_each_depot_sells_its_own_lots(review_of):
    # Issue1498FifoCrossPortfolio.xml
    ledger = scenario(
        """
        2019-01-01  price     LHA 10
        2019-01-01  deposit   1000 EUR                     in One
        2019-02-15  buy       50 LHA for 1000 EUR          in One
        2019-01-01  deposit   500 EUR                      in Two
        2019-04-15  buy       20 LHA for 174.60 EUR        in Two
        2019-05-15  sell      20 LHA for 188 EUR           in Two
        2019-01-01  deposit   150 EUR                      in Three
        2019-01-15  buy       10 LHA for 150 EUR           in Three
        2019-03-15  transfer  5 units of LHA               in Three to Four
        """,
        base="EUR",
    )

    found = review_of(ledger, "2019-01-01", "2019-12-31")

    (sale,) = found.realised
    # 188 - 174.60, though older units lie elsewhere; the tracker's pooled average makes it -143.15
    assert (sale.gain_fifo, sale.gain_average) == (approx(13.40), approx(13.40))
    assert sum(position.cost_fifo for position in found.positions) == approx(1150)
    assert sum(position.unrealised_fifo for position in found.positions) == approx(-550)
    assert {position.account: position.cost_fifo for position in found.positions} == {
        "One": approx(1000),
        "Three": approx(75),
        "Four": approx(75),
    }
    # 1650 - 1000 - 174.60 + 188 - 150 in cash, 60 units at 10
    assert found.closing_value == approx(1113.40)


def test_a_sale_on_a_saturday_realises_against_its_own_depot(review_of):
    # Issue1909
    ledger = scenario(
        """
        2020-09-21  deposit  5000 EUR             in One
        2020-09-21  buy      10 S for 2000 EUR    in One
        2020-10-21  deposit  5000 EUR             in Two
        2020-10-21  buy      10 S for 1000 EUR    in Two
        2020-11-20  price    S 280.50
        2020-11-21  sell     10 S for 2805 EUR    in Two
        """,
        base="EUR",
    )

    found = review_of(ledger, "2020-09-01", "2020-11-21")

    (position,) = found.positions
    assert (position.cost_fifo, position.unrealised_fifo) == (approx(2000), approx(805))
    assert found.realised[0].gain_fifo == approx(1805)


def test_lots_of_two_depots_line_up_by_purchase_date_in_a_third(review_of):
    # Issue4446FIFOMultipleTransfers.xml: no price is stored
    ledger = scenario(
        """
        2020-09-01  deposit   10000 EUR            in One
        2020-09-01  deposit   10000 EUR            in Two
        2020-09-21  buy       5 S for 500 EUR      in One
        2020-09-22  buy       5 S for 500 EUR      in Two
        2020-10-21  buy       5 S for 1000 EUR     in One
        2020-10-22  buy       5 S for 1000 EUR     in Two
        2020-11-02  transfer  10 units of S        in Two to Three
        2020-11-05  transfer  10 units of S        in One to Three
        2020-11-15  transfer  10 units of S        in Three to Four
        2020-12-24  sell      10 S for 3000 EUR    in Four
        """,
        base="EUR",
    )

    found = review_of(ledger, "2020-09-01", "2020-12-31")

    (sale,) = found.realised
    # the two of September, though one came with the first transfer and the other with the second
    assert (sale.cost_fifo, sale.gain_fifo) == (approx(1000), approx(2000))
    assert (sale.cost_average, sale.gain_average) == (approx(1500), approx(1500))


def test_an_older_lot_that_arrives_later_is_sold_first(review_of):
    # Issue1898
    ledger = scenario(
        """
        2013-07-01  deposit   20000 EUR                         in One
        2020-04-01  deposit   20000 EUR                         in Two
        2013-07-10  buy       55 S for 6710 EUR fee 27.15       in One
        2020-04-29  buy       25 S for 5375 EUR fee 2           in Two
        2020-05-05  transfer  55 units of S                     in One to Two
        2020-09-21  sell      55 S for 13090 EUR fee 21.43      in Two
        """,
        base="EUR",
    )

    found = review_of(ledger, "2013-07-01", "2020-12-31")

    # 13068.57 - 6737.15 with the charges; 25 of 2020 are left
    assert found.realised[0].gain_fifo == approx(6331.42)
    assert (found.positions[0].quantity, found.positions[0].cost_fifo) == (25, approx(5377))


def test_a_transfer_is_no_sale(review_of):
    # Issue1817
    ledger = scenario(
        """
        2018-01-01  deposit   35000 EUR                         in One
        2018-01-02  buy       6 S for 1002.90 EUR fee 10        in One
        2019-08-01  transfer  6 units of S                      in One to Two
        2019-10-15  sell      6 S for 1551 EUR fee 10 tax 1     in Two
        """,
        base="EUR",
    )

    found = review_of(ledger, "2018-01-01", "2019-12-31")

    (sale,) = found.realised
    # 1551 - 11 less 1002.90 + 10
    assert (sale.account, sale.gain_fifo, sale.gain_average) == ("Two", approx(527.10), approx(527.10))
    assert found.net_external_flow == approx(35000)
