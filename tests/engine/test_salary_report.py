"""The spouse's salary: paid, due or late, the next three, and for how many years income pays it."""

import datetime as dt
from dataclasses import replace

from pytest import approx

from portfolio.engine.ledger import SalaryStep
from portfolio.engine.periods import to_day
from portfolio.reports.salary import build_salary
from tests.scenario import scenario

# 100 × 2 = 200 a year
DIARY = """
    2023-01-02  deposit    100000 USD
    2023-01-02  buy        100 ABC @ 50
    2024-03-15  announced  ABC 0.5
    2024-06-14  announced  ABC 0.5
    2024-09-16  announced  ABC 0.5
    2024-12-16  announced  ABC 0.5
    2024-12-31  price      ABC 50
    2024-11-05  salary     15 USD
    2024-12-05  salary     15 USD
"""
STEP = SalaryStep(to_day(dt.date(2024, 1, 1)), 15, "USD", 0.04)


def report(as_of: str, rows: str = "", salaries: tuple[SalaryStep, ...] = (STEP,)):
    return build_salary(
        ledger=replace(scenario(DIARY + rows), salaries=salaries),
        as_of=dt.date.fromisoformat(as_of),
        base="USD",
        is_open=lambda date: date.weekday() < 5,
    )


def test_a_month_is_due_until_its_day_late_after_it_and_paid_once_the_row_is_there():
    # 5 January 2025 is a Sunday. The planned raise of January belongs to whoever writes it down: a month that has begun
    # is owed what was in force on its first day
    assert (report("2025-01-03").this_month.state, report("2025-01-03").this_month.date) == ("due", "2025-01-06")
    assert report("2025-01-06").this_month.state == "due"
    assert report("2025-01-07").this_month.state == "late"
    paid = report("2025-01-07", "2025-01-06  salary  15 USD").this_month
    assert (paid.state, paid.date, paid.paid) == ("paid", "2025-01-06", approx(15))


def test_part_of_a_salary_is_not_the_salary():
    found = report("2025-01-06", "2025-01-06  salary  9 USD").this_month

    assert (found.state, found.amount, found.paid) == ("partly", 15, approx(9))


def test_the_next_three_are_those_not_paid_yet_with_the_planned_raise_on_its_anniversary():
    found = report("2024-12-31")

    assert [(pay.month, pay.date, pay.amount) for pay in found.next_payments] == [
        ("2025-01", "2025-01-06", approx(15.6)),
        ("2025-02", "2025-02-05", approx(15.6)),
        ("2025-03", "2025-03-05", approx(15.6)),
    ]
    assert [(pay.month, pay.paid) for pay in found.recent] == [("2024-12", approx(15)), ("2024-11", approx(15))]
    assert (found.paid_this_year, found.payments_this_year) == (approx(30), 2)
    assert (found.next_raise.date, found.next_raise.monthly) == ("2025-01-01", approx(15.6))


def test_the_years_that_income_pays():
    # 180 × 1.04^2 = 194.7 <= 200 < 180 × 1.04^3 = 202.5: three years, this one included
    found = report("2024-12-31")

    assert (found.first_year, found.covered_years) == (2024, 3)
    # the next twelve months are all raised: 12 × 15.6
    assert found.coverage_forward == approx(200 / 187.2)


def test_no_year_is_covered_by_too_little_and_all_are_by_plenty():
    assert report("2024-12-31", salaries=(replace(STEP, amount=20),)).covered_years == 0
    assert report("2024-12-31", salaries=(replace(STEP, amount=1),)).covered_years is None


def test_without_a_salary_there_is_nothing_to_pay():
    found = report("2024-12-31", salaries=())

    assert (found.currency, found.this_month, found.next_payments, found.next_raise) == (None, None, (), None)
    assert found.due_quarter is None
