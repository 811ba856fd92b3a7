"""Prices and yields of notes: the Treasury's own worked examples, and QuantLib's inverse."""

import datetime as dt

import pytest
from pytest import approx

from portfolio.engine.bond_yields import bond_figures, modified_duration, price_at, yield_at
from portfolio.engine.periods import to_day
from portfolio.engine.valuation import value_ledger
from tests.scenario import bond, scenario


def day(text: str) -> int:
    return to_day(dt.date.fromisoformat(text))


# 31 CFR 356, appendix B, II A to G: coupon, dated, first coupon where the first period is long, due, settled, yield, price
EXAMPLES = [
    pytest.param(0.0875, "1990-05-15", None, "2020-05-15", "1990-05-15", 0.0884, 99.057893, id="A regular first period"),
    pytest.param(0.0850, "1990-04-02", None, "1992-03-31", "1990-04-02", 0.0859, 99.838183, id="B short first period"),
    pytest.param(0.0850, "1990-03-01", "1990-11-15", "1995-05-15", "1990-03-01", 0.0853, 99.805118, id="C long first period"),
    pytest.param(0.0950, "1985-11-15", None, "1995-11-15", "1985-11-29", 0.0954, 99.730918, id="D reopened, regular"),
    pytest.param(
        0.1075, "1985-07-02", "1986-02-15", "2005-08-15", "1985-11-04", 0.1047, 102.214586, id="E reopened, long, late"
    ),
    pytest.param(0.1050, "1983-05-16", None, "1991-05-15", "1983-08-15", 0.1053, 99.777074, id="F reopened, short"),
    pytest.param(
        0.0975, "1988-10-15", "1989-06-15", "1994-12-15", "1988-11-15", 0.0979, 99.738045, id="G reopened, long, early"
    ),
]


@pytest.mark.parametrize(("coupon", "dated", "first", "due", "settled", "rate", "price"), EXAMPLES)
def test_the_treasurys_worked_examples_come_out(  # noqa: PLR0917
    coupon: float, dated: str, first: str | None, due: str, settled: str, rate: float, price: float
):
    note = bond(rate=coupon, issued=dated, matures=due, first_coupon_day=day(first) if first else None)

    assert price_at(bond=note, day=day(settled), rate=rate, convention="treasury") == approx(price, abs=1e-6)
    assert yield_at(bond=note, day=day(settled), clean_price=price, convention="treasury") == approx(rate, abs=1e-8)


def test_the_street_yield_of_a_price_gives_the_price_back():
    note = bond(rate=0.0425, issued="2024-11-15", matures="2034-11-15")

    found = yield_at(bond=note, day=day("2025-03-12"), clean_price=99.4459)

    assert price_at(bond=note, day=day("2025-03-12"), rate=found) == approx(99.4459, abs=1e-8)


def test_on_a_coupon_date_both_conventions_agree():
    note = bond(rate=0.0425, issued="2024-11-15", matures="2034-11-15")

    assert price_at(bond=note, day=day("2025-05-15"), rate=0.045, convention="treasury") == approx(
        price_at(bond=note, day=day("2025-05-15"), rate=0.045), abs=1e-9
    )


def test_modified_duration_is_the_slope_of_the_price():
    note = bond(rate=0.0425, issued="2024-11-15", matures="2034-11-15")
    at, step = day("2025-05-15"), 1e-5

    up, down = (price_at(bond=note, day=at, rate=0.045 + move) for move in (step, -step))

    # on a coupon date nothing has accrued, so clean and dirty price are one
    slope = -(up - down) / (2 * step) / price_at(bond=note, day=at, rate=0.045)
    assert modified_duration(bond=note, day=at, rate=0.045) == approx(slope, rel=1e-6)


def test_a_matured_note_has_no_yield():
    note = bond(rate=0.0425, issued="2024-11-15", matures="2034-11-15")

    assert yield_at(bond=note, day=day("2034-11-15"), clean_price=100) is None


def test_a_premium_runs_off_at_the_purchases_yield_down_to_nothing_at_maturity():
    note = bond("NOTE", rate=0.06, issued="2024-01-15", matures="2026-01-15")
    diary = """
        2024-01-15  deposit  20000 USD
        2024-01-15  buy      10000 NOTE @ 103.8
        2024-01-15  price    NOTE 103.8
    """
    at = day("2024-07-15")

    valuation = value_ledger(ledger=scenario(diary, instruments=(note,)), base="USD", first_day=at, last_day=at)
    (found,) = bond_figures(valuation=valuation)

    rate = yield_at(bond=note, day=day("2024-01-15"), clean_price=103.8)
    left = price_at(bond=note, day=at, rate=rate) - 100
    later = price_at(bond=note, day=day("2025-07-15"), rate=rate) - 100
    assert found.premium_left == approx(100 * left)
    assert found.amortisation == approx(100 * (left - later))
    assert 0 < later < left < 3.8
