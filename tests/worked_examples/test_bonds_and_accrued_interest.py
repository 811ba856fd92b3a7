"""A bond bought and sold between coupons: accrued interest is neither cost nor gain, and the first coupon is netted.

Source: Portfolio Performance's test suite, AccruedInterestScenario.java; the second case is a textbook purchase of a
4.25 % note, 10,000 of face, 48 days into its coupon period.
"""

import pytest
from pytest import approx

from portfolio.engine.ledger import Instrument
from tests.scenario import bond, scenario

# the source values the bond clean and names no coupon dates; without a contract nothing accrues between trades
CLEAN = (Instrument("BOND", "BOND", "BOND", "EUR", "FIXED_INCOME", 0.01),)
ROWS = """
    2024-01-02  deposit  2000 EUR
    2024-03-01  buy      1000 BOND @ 100 accrued 10 fee 5
    2024-06-28  coupon   BOND 30 EUR
    2024-09-02  sell     1000 BOND @ 101 accrued 5 fee 5
"""


def test_accrued_interest_paid_is_not_in_the_cost(review_of):
    found = review_of(scenario(ROWS, instruments=CLEAN, base="EUR"), "2024-01-01", "2024-06-30")

    # 1000 and the fee of 5; the 10 come back with the coupon
    assert found.positions[0].cost_fifo == approx(1005)
    assert found.income.net == approx(30 - 10)


def test_income_over_the_bonds_life_is_the_published_one(review_of):
    found = review_of(scenario(ROWS, instruments=CLEAN, base="EUR"), "2024-01-01", "2024-12-31")

    # 30 - 10 paid + 5 received
    assert found.income.net == approx(25)
    assert found.income.gross == approx(30)
    # published 10 without charges: 1010 - 1000; ours bears both fees
    assert found.realised[0].gain_fifo == approx(0)
    assert found.closing_value == approx(2025)


def test_the_bridge_takes_coupons_as_booked_and_accrued_interest_as_price(review_of):
    found = review_of(scenario(ROWS, instruments=CLEAN, base="EUR"), "2024-01-01", "2024-12-31").bridge

    # 10 of clean gain, 10 paid and 5 received with the trades
    assert (found.income, found.price_gain, found.fees) == (approx(30), approx(10 - 10 + 5), approx(-10))


NOTE = bond("NOTE", rate=0.0425, issued="2024-11-15", matures="2034-11-15")


def test_the_first_coupon_makes_good_what_was_paid_for_it(review_of):
    # 15 November to 2 January is 48 of 181 days: 212.50 x 48 / 181 = 56.35
    ledger = scenario(
        """
        2025-01-02  deposit  20000 USD
        2025-01-02  buy      10000 NOTE @ 97 accrued 56.35
        2025-05-15  coupon   NOTE 212.50 USD
        2025-11-17  coupon   NOTE 212.50 USD
        """,
        instruments=(NOTE,),
    )

    first = review_of(ledger, "2025-01-01", "2025-06-30", base="USD").income
    second = review_of(ledger, "2025-07-01", "2025-12-31", base="USD").income

    assert (first.gross, first.net) == (approx(212.50), approx(156.15))
    assert (second.gross, second.net) == (approx(212.50), approx(212.50))


@pytest.mark.parametrize(
    ("date", "accrued"),
    # days since the last coupon over days of its period, times 2.125: 46 / 181, 136 / 181, 180 / 181, 0
    [("2025-12-31", 0.540055), ("2026-03-31", 1.596685), ("2026-05-14", 2.113260), ("2026-05-15", 0)],
)
def test_a_position_carries_the_accrued_interest_of_its_day(review_of, date, accrued):
    ledger = scenario(
        """
        2025-11-15  deposit      10000 USD
        2025-11-15  delivery_in  10000 NOTE @ 100
        """,
        instruments=(NOTE,),
    )

    (position,) = review_of(ledger, "2025-11-15", date, base="USD").positions

    # per 100 of face: 10,000 of face is a hundred times as much
    assert position.accrued_interest == approx(100 * accrued, abs=5e-5)
    assert position.value == approx(10000 + 100 * accrued, abs=5e-5)
