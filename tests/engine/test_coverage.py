"""Whether income pays the salary: the household's worked cases (docs/methods.md 8)."""

import datetime as dt

from pytest import approx

from portfolio.engine.coverage import (
    capital_needed,
    concentration,
    first_uncovered,
    growth_needed,
    projection,
    salary_of_months,
)
from portfolio.engine.ledger import SalaryStep
from portfolio.engine.periods import to_day


def test_flat_income_covers_two_raises_of_four_per_cent_and_fails_at_the_third():
    # 1.2 m x 1.04^2 = 1,297,920 <= 1.32 m < 1.2 m x 1.04^3 = 1,349,837
    years = projection(salary=1_200_000, income=1_320_000, planned=0.04, growth=0.0, first_year=2025)

    assert first_uncovered(years=years, raised="planned") == 2028


def test_a_salary_in_its_fifth_year_by_the_low_and_the_high_raise():
    years = projection(salary=1_200_000, income=1_320_000, planned=0.04, growth=0.0, first_year=2025)

    assert round(years[4].salary_low) == 1_350_611
    assert round(years[4].salary_high) == 1_458_608


def test_the_growth_that_covers_ten_years():
    # (1.2 / 1.32)^(1/10) x 1.04 - 1
    assert growth_needed(salary=1_200_000, income=1_320_000, planned=0.04) == approx(0.0301, abs=5e-5)


def test_income_that_grows_like_the_salary_is_never_outgrown():
    years = projection(salary=100, income=100, planned=0.04, growth=0.04, first_year=2025)

    assert first_uncovered(years=years, raised="planned") is None
    assert first_uncovered(years=years, raised="high") == 2026


def test_the_capital_that_closes_a_gap_at_todays_yield():
    # 100 short, 5 % a year: 2,000 more
    assert capital_needed(salary=600, income=500, wealth=10_000) == approx(2_000)
    assert capital_needed(salary=500, income=500, wealth=10_000) == 0
    assert capital_needed(salary=500, income=0, wealth=10_000) is None


def test_the_planned_raise_comes_on_the_anniversary_of_the_last_one():
    steps = [SalaryStep(to_day(dt.date(2025, 1, 1)), 26_000, "TWD", 0.04)]

    months = salary_of_months(steps=steps, after=to_day(dt.date(2025, 3, 31)), months=12, rate=lambda _currency: 1.0)

    # nine months at 26,000, then three at 27,040
    assert months[0] == (dt.date(2025, 4, 1), 26_000)
    assert sum(amount for _, amount in months) == approx(9 * 26_000 + 3 * 27_040)


def test_a_raise_that_is_written_down_already_counts_as_written():
    steps = [
        SalaryStep(to_day(dt.date(2025, 1, 1)), 26_000, "TWD", 0.04),
        SalaryStep(to_day(dt.date(2026, 1, 1)), 30_000, "TWD", 0.04),
    ]

    months = salary_of_months(steps=steps, after=to_day(dt.date(2025, 12, 15)), months=12, rate=lambda _currency: 1.0)

    assert {amount for _, amount in months} == {30_000}


def test_the_largest_payers_share_and_the_herfindahl_index():
    largest, index = concentration(nets=[60.0, 30.0, 10.0])

    assert (largest, index) == (approx(0.6), approx(0.36 + 0.09 + 0.01))
    assert concentration(nets=[]) is None
