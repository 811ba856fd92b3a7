"""The review's own measure: what each holding still held earned, and who is left out."""

from pytest import approx

from portfolio.engine.kinds import DividendRule
from portfolio.engine.ledger import Instrument
from tests.scenario import bond, scenario

HELD_BEFORE = """
    2024-12-30  deposit  100000 USD
    2024-12-30  buy      100 ABC @ 10
    2024-12-31  price    ABC 12
    2025-03-31  price    ABC 15
"""


def holding(review, symbol: str = "ABC"):
    return next(each for each in review.review_contributions.holdings if each.symbol == symbol)


def test_units_from_before_start_at_the_opening_price_and_bought_ones_at_their_cost_without_charges(review_of):
    found = review_of(scenario(HELD_BEFORE + "2025-02-03  buy  50 ABC @ 14 fee 7"), "2025-01-01", "2025-03-31")

    # 100 x (15 - 12) + 50 x (15 - 14)
    assert holding(found).gain == approx(350)


def test_what_was_sold_came_off_the_opening_units_first(review_of):
    rows = HELD_BEFORE + "2025-02-03  buy  50 ABC @ 14\n2025-02-04  sell  80 ABC @ 14"

    found = review_of(scenario(rows), "2025-01-01", "2025-03-31")

    # 20 of the opening units are left: 20 x 3 + 50 x 1
    assert holding(found).gain == approx(110)


def test_sold_positions_are_left_out_and_listed_with_their_gain(review_of):
    rows = HELD_BEFORE + "2025-01-10  buy  10 XYZ @ 5\n2025-01-20  sell  10 XYZ @ 4 fee 1\n2025-01-20 price XYZ 4"

    found = review_of(scenario(rows), "2025-01-01", "2025-03-31").review_contributions

    assert [each.symbol for each in found.holdings] == ["ABC"]
    ((symbol, gain),) = [(each.symbol, each.gain) for each in found.left_out.sold]
    # lost 10 x 1, and the fee
    assert (symbol, gain) == ("XYZ", approx(-11))


def test_a_quarter_of_the_years_distributions_counts_by_ex_date_after_withholding(review_of):
    share = Instrument("ABC", "ABC", "STOCK", "USD", "NEUTRAL", withholding_rate=0.30)
    rows = (
        HELD_BEFORE
        + """
        2024-03-31  announced  ABC 9.00
        2024-04-01  announced  ABC 0.40
        2025-03-31  announced  ABC 0.60
        2025-04-01  announced  ABC 9.00
    """
    )
    ledger = scenario(rows, instruments=(share,))

    # the first lies 365 days back and is out, the last is not known yet: (0.40 + 0.60) x 100 x 0.7
    quarter = holding(review_of(ledger, "2025-01-01", "2025-03-31"))
    whole = holding(review_of(ledger, "2025-01-01", "2025-03-31", rule=DividendRule.WHOLE_YEAR))
    paid = holding(review_of(ledger, "2025-01-01", "2025-03-31", rule=DividendRule.AS_PAID))

    assert (quarter.dividend, whole.dividend, paid.dividend) == (approx(17.5), approx(70), 0)


def test_a_calendar_year_counts_its_whole_distributions_by_default(review_of):
    rows = HELD_BEFORE + "2025-06-02  announced  ABC 0.50"

    found = review_of(scenario(rows), "2025-01-01", "2025-12-31").review_contributions

    assert found.dividend_rule == "whole_year"
    assert found.holdings[0].dividend == approx(50)


def test_a_distribution_from_before_a_split_is_divided_by_its_ratio(review_of):
    rows = (
        HELD_BEFORE.replace("ABC 15", "ABC 3.75")
        + """
        2024-12-20  announced     ABC 2.00
        2025-02-03  split         4 ABC in *
        2025-02-03  market-split  ABC 4
    """
    )

    found = holding(review_of(scenario(rows), "2025-01-01", "2025-03-31"))

    # 400 units at 2.00 / 4, a quarter of it; the price part is 400 x (3.75 - 12 / 4)
    assert found.dividend == approx(50)
    assert found.price == approx(300)


def test_where_the_market_has_none_the_ledgers_payments_count_per_unit_held(review_of):
    rows = HELD_BEFORE + "2025-02-20  dividend  ABC 80 USD tax 8 ex 2025-02-10\n2025-02-15  buy  100 ABC @ 14"

    found = holding(review_of(scenario(rows), "2025-01-01", "2025-03-31"))

    # 80 on the 100 units before the ex-date is 0.80 a unit; 200 are held at the end: a quarter of 160
    assert found.dividend == approx(40)


def test_bonds_count_at_clean_prices(review_of):
    note = bond(rate=0.04, issued="2024-05-15", matures="2034-05-15")
    rows = """
        2024-12-30  deposit  100000 USD
        2025-01-10  buy      10000 NOTE @ 99 accrued 61
        2025-03-31  price    NOTE 100
    """

    found = holding(review_of(scenario(rows, instruments=(note,)), "2025-01-01", "2025-03-31"), "NOTE")

    assert (found.price, found.currency, found.cross) == (approx(100), 0, 0)
    # the contract paid 200 on 15 November; a quarter of the year's coupons
    assert found.dividend == approx(50)


def test_price_currency_and_cross_run_between_the_two_ends_of_each_lot(review_of):
    share = Instrument("ABC", "ABC", "STOCK", "USD", "NEUTRAL")
    rows = HELD_BEFORE + "2024-12-30  rate  USDTWD 30\n2024-12-31  rate  USDTWD 32\n2025-03-31  rate  USDTWD 33"

    found = holding(review_of(scenario(rows, instruments=(share,), base="TWD"), "2025-01-01", "2025-03-31", base="TWD"))

    # 100 x 3 x 32, 100 x 12 x 1, 100 x 3 x 1
    assert (found.price, found.currency, found.cross) == (approx(9600), approx(1200), approx(300))


def test_shares_are_of_the_sum_of_absolute_gains(review_of):
    rows = (
        HELD_BEFORE
        + """
        2024-12-30  buy    100 XYZ @ 10
        2025-03-31  price  XYZ 9
    """
    )

    found = review_of(scenario(rows), "2025-01-01", "2025-03-31").review_contributions

    # +300 and -100
    assert [(each.symbol, each.share) for each in found.holdings] == [("XYZ", approx(-0.25)), ("ABC", approx(0.75))]
    assert (found.mvp, found.war_criminal) == ("ABC", "XYZ")
    assert found.sum_absolute == approx(400)


def test_without_a_gain_there_is_no_mvp_and_no_share(review_of):
    found = review_of(scenario(HELD_BEFORE.replace("ABC 15", "ABC 12")), "2025-01-01", "2025-03-31").review_contributions

    assert (found.mvp, found.war_criminal, found.holdings[0].share) == (None, None, None)
