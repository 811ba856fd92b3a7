"""First-in-first-out and average cost, through splits, transfers, spin-offs and capital that comes back."""

from pytest import approx

from portfolio.engine.ledger import Instrument
from tests.scenario import bond, scenario

BOUGHT_TWICE = """
    2025-01-02  deposit  100000 USD
    2025-01-02  buy      100 ABC @ 10  fee 5
    2025-01-03  buy      100 ABC @ 20  fee 5 tax 1
"""


def review(review_of, text: str):
    return review_of(scenario(text), "2025-01-01", "2025-03-31")


def test_charges_of_a_purchase_are_in_the_cost_and_those_of_a_sale_off_the_proceeds(review_of):
    found = review(review_of, BOUGHT_TWICE + "2025-01-06  sell  50 ABC @ 30  fee 4 tax 2")

    (sale,) = found.realised
    # first in: half of 1005; average: a quarter of 1005 + 2006
    assert sale.cost_fifo == approx(502.50)
    assert sale.cost_average == approx(752.75)
    assert sale.proceeds == approx(50 * 30 - 6)
    assert sale.gain_fifo == approx(1494 - 502.50)
    (left,) = found.positions
    assert left.cost_fifo == approx(3011 - 502.50)
    assert left.cost_average == approx(3011 - 752.75)


def test_a_sale_across_lots_takes_the_oldest_first(review_of):
    found = review(review_of, BOUGHT_TWICE + "2025-01-06  sell  150 ABC @ 30")

    # 1005 and half of 2006
    assert found.realised[0].cost_fifo == approx(1005 + 1003)


def test_a_split_changes_units_and_not_the_cost(review_of):
    found = review(review_of, BOUGHT_TWICE + "2025-01-06  split  4 ABC in *\n2025-01-07  sell  400 ABC @ 6")

    # 400 new units are the first 100 old ones
    assert found.realised[0].cost_fifo == approx(1005)
    assert found.positions[0].quantity == approx(400)


def test_a_split_acts_at_the_open_of_its_day_whatever_the_order_of_entry(review_of):
    found = review(review_of, BOUGHT_TWICE + "2025-01-06  sell  400 ABC @ 6\n2025-01-06  split  4 ABC in *")

    assert found.positions[0].quantity == approx(400)
    assert not [each for each in found.warnings if each.code == "oversold"]


def test_lots_keep_cost_and_place_by_date_when_they_move(review_of):
    text = """
        2025-01-02  deposit   100000 USD in One
        2025-01-02  deposit   100000 USD in Two
        2025-01-02  buy       10 ABC @ 10 in One
        2025-01-03  buy       10 ABC @ 20 in Two
        2025-01-06  transfer  10 units of ABC to Two in One
        2025-01-07  sell      10 ABC @ 30 in Two
    """

    found = review(review_of, text)

    # the lot that moved is the older one, so it goes first; the average of both is 15
    assert found.realised[0].cost_fifo == approx(100)
    assert found.realised[0].cost_average == approx(150)


def test_a_stock_dividend_adds_units_at_no_cost(review_of):
    found = review(review_of, BOUGHT_TWICE + "2025-01-06  stock_dividend  20 ABC")

    assert found.positions[0].quantity == 220
    assert found.positions[0].cost_fifo == approx(3011)


def test_return_of_capital_lowers_the_cost_and_the_rest_is_a_gain(review_of):
    found = review(review_of, BOUGHT_TWICE + "2025-01-06  return_of_capital  ABC 3111 USD")

    assert found.positions[0].cost_fifo == approx(0)
    (realised,) = found.realised
    assert (realised.quantity, realised.gain_fifo, realised.gain_average) == (0, approx(100), approx(100))
    assert found.income.gross == 0


def test_return_of_capital_lowers_lots_by_their_units_and_spills_over(review_of):
    text = """
        2025-01-02  deposit           1000 USD
        2025-01-02  buy               10 ABC @ 1
        2025-01-03  buy               10 ABC @ 20
        2025-01-06  return_of_capital ABC 40 USD
        2025-01-07  sell              10 ABC @ 20
    """

    # 2 a unit would be 20 from each lot; the first bears 10, the other 10 go to the second: 0 and 170
    assert review(review_of, text).realised[0].cost_fifo == approx(0)


def test_a_spin_off_moves_cost_and_keeps_the_dates(review_of):
    text = (
        BOUGHT_TWICE
        + """
        2025-01-06  spin_off  50 ABC NEW 602.20 USD
        2025-01-07  sell      25 NEW @ 20
        2025-01-07  price     ABC 15
    """
    )

    found = review(review_of, text)

    # 602.20 is a fifth of 3011: a fifth of each lot's cost moves, with half of the new units each
    assert found.realised[0].cost_fifo == approx(201)
    parent = next(position for position in found.positions if position.symbol == "ABC")
    assert parent.cost_fifo == approx(3011 - 602.20)
    assert parent.cost_average == approx(3011 - 602.20)


def test_more_than_is_held_never_becomes_a_negative_lot(review_of):
    found = review(review_of, BOUGHT_TWICE + "2025-01-06  sell  250 ABC @ 30")

    assert found.positions == ()
    (warning,) = [each for each in found.warnings if each.code == "oversold"]
    assert warning.figures == {"units": 50.0}
    assert found.closing_value == approx(100000 - 3011 + 7500)
    assert found.bridge.residual == approx(0, abs=0.01)


def test_cost_is_at_the_rate_of_its_day_and_a_recorded_rate_rules(review_of):
    ledger = scenario(
        """
        2025-01-01  rate     USDTWD 30
        2025-01-02  deposit  100000 TWD
        2025-01-02  buy      10 ABC for 31000 TWD fee 100 fx 31
        2025-01-02  price    ABC 100
        2025-01-03  rate     USDTWD 33
        """,
        instruments=(Instrument("ABC", "ABC", "STOCK", "USD", "NEUTRAL"),),
        base="TWD",
    )

    found = review_of(ledger, "2025-01-01", "2025-01-03", base="TWD")

    (position,) = found.positions
    # 10 x 100 x 31 + 100; worth 10 x 100 x 33
    assert position.cost_fifo == approx(31100)
    assert position.unrealised_fifo == approx(1900)


def test_a_delivery_out_realises_the_gain_at_its_market_value(review_of):
    found = review(review_of, BOUGHT_TWICE + "2025-01-06  delivery_out  100 ABC @ 30")

    assert found.realised[0].gain_fifo == approx(3000 - 1005)
    # 100,000 came in, 3,000 of shares left
    assert found.net_external_flow == approx(97000)


def test_a_maturity_pays_par_and_costs_are_clean(review_of):
    note = bond("NOTE", rate=0.04, issued="2024-01-31", matures="2025-01-31")
    ledger = scenario(
        """
        2025-01-02  deposit   20000 USD
        2025-01-02  buy       10000 NOTE @ 99.5 accrued 168.48
        2025-01-31  maturity  10000 NOTE
        2025-01-31  coupon    NOTE 200 USD
        """,
        instruments=(note,),
    )

    found = review_of(ledger, "2025-01-01", "2025-01-31")

    # par is 10,000; the clean price was 9,950; the accrued interest is in neither
    assert found.realised[0].gain_fifo == approx(50)
    assert found.closing_value == approx(20000 - 9950 - 168.48 + 10000 + 200)
