"""Units that change without a trade: a split with days without closes around it, and cost that moves with a spin-off.

Source of the spin-off's figures: Portfolio Performance's test suite, SpinOffBasisDerivationTest.java. The split is that of
Taiwan's 0050 on 2025-06-18, four for one, with trading halted for five sessions before it; the closes are round ones.
"""

import pytest
from pytest import approx

from tests.scenario import scenario


@pytest.mark.parametrize(
    ("cost", "moved"),
    # a quarter of 5000, a quarter of 4000, a tenth of 2000
    [(5000, 1250), (4000, 1000), (2000, 200)],
)
def test_a_spin_off_moves_its_part_of_the_cost(review_of, cost, moved):
    ledger = scenario(
        f"""
        2024-01-02  deposit   10000 EUR
        2024-01-02  buy       100 OLD for {cost} EUR
        2024-06-03  spin_off  100 OLD NEW {moved} EUR
        2024-06-03  price     OLD {(cost - moved) / 100}
        2024-06-03  price     NEW {moved / 100}
        """,
        base="EUR",
    )

    found = review_of(ledger, "2024-01-01", "2024-06-30")

    parent, child = sorted(found.positions, key=lambda position: position.symbol, reverse=True)
    assert (parent.cost_fifo, child.cost_fifo) == (approx(cost - moved), approx(moved))
    assert (parent.cost_average, child.cost_average) == (approx(cost - moved), approx(moved))
    # worth what it cost before and after, so nothing was earned
    assert found.returns.time_weighted == approx(0, abs=1e-12)
    assert found.net_external_flow == 10000


SPLIT = scenario(
    """
    2025-06-02  deposit  300000 TWD
    2025-06-02  buy      1000 0050.TW for 188000 TWD fee 267
    2025-06-02  price    0050.TW 188
    2025-06-10  price    0050.TW 188.80
    2025-06-18  split    4 0050.TW in *
    2025-06-18  price    0050.TW 47.50
    2025-06-18  market-split 0050.TW 4
    """,
    base="TWD",
)


def test_a_split_changes_units_and_no_cost(review_of):
    (position,) = review_of(SPLIT, "2025-06-01", "2025-06-18", base="TWD").positions

    assert (position.quantity, position.cost_fifo) == (4000, approx(188267))
    assert position.value == approx(4000 * 47.50)


def test_the_day_of_the_split_earns_only_what_the_price_moved(review_of):
    found = review_of(SPLIT, "2025-06-18", "2025-06-18", base="TWD")

    # 188.80 / 4 = 47.20 before, 47.50 after: 4000 x 0.30
    assert found.bridge.price_gain == approx(1200)
    assert found.changes == ()
    assert not [warning for warning in found.warnings if warning.code in {"price_jump", "split_missing"}]


def test_halted_days_carry_the_last_close(review_of):
    (position,) = review_of(SPLIT, "2025-06-01", "2025-06-17", base="TWD").positions

    assert (position.quantity, position.price, position.price_date) == (1000, 188.80, "2025-06-10")
