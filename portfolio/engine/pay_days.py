"""On which date a monthly salary is paid: the household's own habit, moved off closed days. Knows dates, no money."""

import datetime as dt
from collections.abc import Callable, Sequence
from statistics import median_low

from portfolio.engine.periods import month_end

REMEMBERED = 12  # payments that say what is usual
FIRST_HABIT = 5  # day of the month before anything was paid
LONGEST_CLOSED = 14  # days; Lunar New Year closes banks for nine or ten


def usual_pay_day(*, paid_on: Sequence[dt.date]) -> int:
    """Return the day of the month on which salaries are usually paid; payments moved by a holiday don't change it."""
    days = [date.day for date in sorted(paid_on)[-REMEMBERED:]]
    return median_low(days) if days else FIRST_HABIT


def pay_date(*, year: int, month: int, usual: int, is_open: Callable[[dt.date], bool]) -> dt.date:
    """Return the month's pay date: the usual day, or the next open one after it.

    A day that the month does not have is its last. is_open: says whether banks pay on a date.
    """
    last = month_end(year=year, month=month)
    first = dt.date(year, month, min(usual, last.day))
    dates = (first + dt.timedelta(days=later) for later in range(LONGEST_CLOSED))
    return next((date for date in dates if is_open(date)), first)
