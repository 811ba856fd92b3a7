"""On which date the salary is paid: the household's habit, moved off closed days."""

import datetime as dt

from portfolio.engine.pay_days import pay_date, usual_pay_day


def weekdays(date: dt.date) -> bool:
    return date.weekday() < 5


def test_payments_that_a_weekend_moved_do_not_change_the_habit():
    days = [dt.date(2025, 3, 5), dt.date(2025, 4, 7), dt.date(2025, 5, 5), dt.date(2025, 6, 5), dt.date(2025, 7, 7)]

    assert usual_pay_day(paid_on=days) == 5


def test_a_new_habit_wins_after_half_a_year():
    old = [dt.date(2024, month, 5) for month in range(1, 13)]
    new = [dt.date(2025, month, 25) for month in range(1, 8)]

    assert usual_pay_day(paid_on=[*old, *new]) == 25


def test_a_day_on_which_banks_are_closed_moves_to_the_next_open_one():
    # 5 October 2025 is a Sunday, the 6th the Mid-Autumn Festival
    assert pay_date(year=2025, month=10, usual=5, is_open=weekdays) == dt.date(2025, 10, 6)
    closed = {dt.date(2025, 10, 6)}
    assert pay_date(year=2025, month=10, usual=5, is_open=lambda date: weekdays(date) and date not in closed) == dt.date(
        2025, 10, 7
    )


def test_a_day_that_the_month_does_not_have_is_its_last():
    assert pay_date(year=2025, month=4, usual=31, is_open=weekdays) == dt.date(2025, 4, 30)
    # 28 February 2026 is a Saturday
    assert pay_date(year=2026, month=2, usual=31, is_open=weekdays) == dt.date(2026, 3, 2)
