"""Periods as words, addresses and neighbours. Knows dates and the two languages, no report."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portfolio import formatting as show
from portfolio.engine.periods import Period, month, quarter_of, year


def title(period: Period) -> str:
    """Return what a reader calls the period: 2025 Q1, March 2025, 2025, or its two dates."""
    start, end = period.start, period.end
    if period.is_quarter:
        names = (_("{year} Q1"), _("{year} Q2"), _("{year} Q3"), _("{year} Q4"))
        return names[start.month // 3].format(year=start.year)
    if period.is_calendar_year:
        return pgettext("title of a review", "{year}").format(year=start.year)
    if period.label == "ytd":
        return _("{year} up to {date}").format(year=start.year, date=show.day_and_month(end))
    if is_month(period):
        return _("{month} {year}").format(month=show.month_name(start.month), year=start.year)
    return dates(period)


def kind(period: Period) -> str:
    """Return what a review of such a period is called."""
    if period.is_quarter:
        return _("Quarterly review")
    if period.is_calendar_year or period.label == "ytd":
        return _("Review of the year")
    return _("Review of the month") if is_month(period) else _("Review of a period")


def dates(period: Period) -> str:
    """Return both dates; the year once where it is the same."""
    if period.start.year == period.end.year:
        first, last = show.day_and_month(period.start), show.full_date(period.end)
        return _("{first} to {last}").format(first=first, last=last) if not show.is_chinese() else _chinese_dates(period)
    return _("{first} to {last}").format(first=show.full_date(period.start), last=show.full_date(period.end))


def short(label: str) -> str:
    """Return 25 Q1 for 2025-Q1."""
    return label[2:].replace("-", " ")


def address(period: Period) -> str:
    """Return the word of the period in the page's address."""
    return period.label.lower()


def neighbours(period: Period) -> tuple[Period | None, Period | None]:
    """Return the period before and after one of its kind; None for what has no kind, such as any two dates."""
    before, after = period.start - dt.timedelta(days=1), period.end + dt.timedelta(days=1)
    if period.is_quarter:
        return quarter_of(before), quarter_of(after)
    if period.is_calendar_year:
        return year(before.year), year(after.year)
    if is_month(period):
        return month(year=before.year, number=before.month), month(year=after.year, number=after.month)
    return None, None


def is_month(period: Period) -> bool:
    """Say whether it is a calendar month."""
    return period == month(year=period.start.year, number=period.start.month)


def _chinese_dates(period: Period) -> str:
    # the year stands first in Chinese, so the second date leaves it out
    return _("{first} to {last}").format(first=show.full_date(period.start), last=show.day_and_month(period.end))
