"""A quarter of the last twelve months, whether all its quarters paid or not (docs/methods.md 7)."""

import datetime as dt

from pytest import approx

from portfolio.engine.income import IncomeEntry
from portfolio.engine.periods import to_day
from portfolio.reports.income_sections import smoothed_quarter


def paid(date: str, net: float, *, is_special: bool = False) -> IncomeEntry:
    return IncomeEntry(to_day(dt.date.fromisoformat(date)), "DIVIDEND", "ABC", net, 0.0, 0.0, net, is_special)


def test_four_uneven_quarters_are_smoothed_into_one():
    # a quarter of 100,000 + 20,000 + 300,000 + 60,000
    entries = [
        paid("2024-06-20", 100_000),
        paid("2024-09-20", 20_000),
        paid("2024-12-20", 300_000),
        paid("2025-03-20", 60_000),
    ]

    assert smoothed_quarter(entries=entries, end=dt.date(2025, 3, 31)) == approx(120_000)


def test_a_quarterly_payer_of_ninety_is_thirty_a_month_and_never_ninety():
    entries = [paid(date, 90) for date in ("2024-06-20", "2024-09-20", "2024-12-20", "2025-03-20")]

    assert smoothed_quarter(entries=entries, end=dt.date(2025, 3, 31)) / 3 == approx(30)


def test_a_half_yearly_payer_is_divided_by_four_quarters_and_not_by_its_two():
    entries = [paid("2024-08-09", 200), paid("2025-02-20", 200)]

    assert smoothed_quarter(entries=entries, end=dt.date(2025, 3, 31)) == approx(100)


def test_a_special_and_what_is_older_than_twelve_months_stay_out():
    entries = [paid("2024-03-31", 400), paid("2024-06-20", 40), paid("2024-12-20", 999, is_special=True)]

    assert smoothed_quarter(entries=entries, end=dt.date(2025, 3, 31)) == approx(10)
