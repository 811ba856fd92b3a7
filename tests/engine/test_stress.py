"""Blows to the income ahead, alone and together, and how hard one may be (docs/methods.md 8)."""

import datetime as dt
from dataclasses import replace

import pytest
from pytest import approx

from portfolio.engine.ledger import SalaryStep
from portfolio.engine.periods import to_day
from portfolio.engine.stress import (
    Blow,
    PayerAhead,
    failing_cut,
    failing_drop,
    income_after,
    indispensable,
    weightiest_currency,
)
from portfolio.reports.stress import build_stress
from tests.scenario import scenario

# 1,000 in all, 800 of it in dollars
PAYERS = (PayerAhead("AAA", "USD", 500.0), PayerAhead("BBB", "USD", 300.0), PayerAhead("CCC", "TWD", 200.0))


@pytest.mark.parametrize(
    ("blow", "left"),
    [
        (Blow(), 1_000),
        # 1,000 × 0.8
        (Blow(cut=0.2), 800),
        # 800 × 0.9 + 200
        (Blow(currency="USD", drop=0.1), 920),
        (Blow(gone="AAA"), 500),
        # (300 × 0.9 + 200) × 0.8
        (Blow(0.2, "USD", 0.1, "AAA"), 376),
        (Blow(gone="nobody"), 1_000),
    ],
)
def test_blows_multiply_and_a_payer_takes_its_currency_along(blow: Blow, left: float):
    assert income_after(payers=PAYERS, blow=blow) == approx(left)


def test_the_cut_that_is_just_borne():
    # 1,000 × (1 − 0.25) = 750
    assert failing_cut(income=1_000, salary=750) == approx(0.25)
    assert failing_cut(income=1_000, salary=1_000) == 0
    assert failing_cut(income=1_000, salary=1_001) is None
    assert failing_cut(income=1_000, salary=0) is None


def test_the_fall_of_a_currency_that_is_just_borne():
    # 800 × (1 − d) + 200 = 750: d = 250 / 800
    assert failing_drop(payers=PAYERS, currency="USD", salary=750) == approx(0.3125)


def test_a_fall_that_cannot_hurt_enough_has_no_limit():
    # without any dollar 200 are left, enough for 150
    assert failing_drop(payers=PAYERS, currency="USD", salary=150) is None
    assert failing_drop(payers=PAYERS, currency="JPY", salary=750) is None
    # nor has one where the salary is not paid anyway
    assert failing_drop(payers=PAYERS, currency="USD", salary=1_200) is None


def test_the_payers_whose_loss_alone_uncovers_the_salary():
    # 1,000 − 500 < 650 and 1,000 − 300 > 650
    assert indispensable(payers=PAYERS, salary=650) == ["AAA"]
    assert indispensable(payers=PAYERS, salary=750) == ["AAA", "BBB"]
    assert indispensable(payers=PAYERS, salary=1_100) == []


def test_the_currency_that_most_income_comes_in_leaves_out_the_households_own():
    assert weightiest_currency(payers=PAYERS, without={"TWD"}) == "USD"
    assert weightiest_currency(payers=PAYERS, without={"TWD", "USD"}) == ""
    assert weightiest_currency(payers=(), without=()) == ""


HOUSEHOLD = """
    2023-01-02  deposit    100000 USD
    2023-01-02  rate       USDTWD 30
    2023-01-02  buy        100 ABC @ 50
    2023-01-02  price      ABC 50
    2023-03-15  announced  ABC 0.5
    2023-06-15  announced  ABC 0.5
    2023-09-15  announced  ABC 0.5
    2023-12-15  announced  ABC 0.5
"""


def test_a_ledgers_stress_is_measured_against_the_salary_ahead_and_the_years_at_the_planned_raise():
    # 100 × 0.5 × 4 × 30 = 6,000 a year; the salary of the next twelve months, raised by 4 % in January 2025:
    # 11 × 400 (February to December) + 416 = 4,816
    salary = SalaryStep(to_day(dt.date(2024, 1, 1)), 400, "TWD", 0.04)
    ledger = replace(scenario(HOUSEHOLD), salaries=(salary,))

    found = build_stress(ledger=ledger, as_of=dt.date(2024, 1, 31), base="TWD", cut=0.1, drop=0.2, gone="unknown")

    assert (found.currency, found.gone, found.payers) == ("USD", "ABC", ("ABC",))
    assert found.salary == approx(4_816)
    cases = {case.name: case for case in found.cases}
    assert cases["now"].income == approx(6_000)
    assert cases["cut"].coverage == approx(5_400 / 4_816)
    assert cases["drop"].income == approx(4_800)
    assert cases["all"].income == 0
    # 4,800 × 1.04^5 = 5,840 <= 6,000 < 4,800 × 1.04^6 = 6,074
    assert cases["now"].first_uncovered == 2030
    # 12 × 400 = 4,800 is just paid this year, 4,992 the next year is not
    assert cases["drop"].first_uncovered == 2025
    assert cases["gone"].first_uncovered == 2024
    assert found.failing_cut == approx(1 - 4_816 / 6_000)
    assert found.indispensable == ("ABC",)
