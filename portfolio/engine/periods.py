"""Closed intervals of dates and their names. Reads no clock: what is open-ended takes `as_of`."""

import datetime as dt
import re
from dataclasses import dataclass

EPOCH = dt.date(1970, 1, 1)


def to_day(date: dt.date) -> int:
    """Return the whole number of a date: days since 1970-01-01."""
    return (date - EPOCH).days


def to_date(day: int) -> dt.date:
    """Return the date of a whole number of days since 1970-01-01."""
    return EPOCH + dt.timedelta(days=int(day))


def iso(day: int) -> str:
    """Return a day as YYYY-MM-DD."""
    return to_date(day).isoformat()


class UnknownPeriodError(ValueError):
    """The words name no period; the message says what would."""


@dataclass(frozen=True, slots=True)
class Period:
    """A closed interval. The opening value is the close of the day before `start`."""

    start: dt.date
    end: dt.date
    label: str  # 2025-Q1, 2025-03, 2025, ytd, or 2025-01-05..2025-02-20

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise UnknownPeriodError(f"the period ends ({self.end}) before it starts ({self.start})")

    @property
    def start_day(self) -> int:
        """First day inside."""
        return to_day(self.start)

    @property
    def end_day(self) -> int:
        """Last day inside."""
        return to_day(self.end)

    @property
    def days(self) -> int:
        """Calendar days inside, both ends counted."""
        return self.end_day - self.start_day + 1

    @property
    def is_calendar_year(self) -> bool:
        """Say whether it runs from 1 January to 31 December of one year."""
        return (self.start.month, self.start.day) == (1, 1) and self.end == dt.date(self.start.year, 12, 31)

    @property
    def is_quarter(self) -> bool:
        """Say whether it is a calendar quarter."""
        return self == quarter(year=self.start.year, number=(self.start.month + 2) // 3)


def month_end(*, year: int, month: int) -> dt.date:
    """Return the last date of a month."""
    following = dt.date(year + month // 12, month % 12 + 1, 1) if (year, month) < (9999, 12) else dt.date.max
    return following - dt.timedelta(days=1) if following != dt.date.max else following


def months_later(date: dt.date, months: int) -> dt.date:
    """Return the same day some months later (or earlier), at most the month's last."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return dt.date(year, month + 1, min(date.day, month_end(year=year, month=month + 1).day))


def quarter(*, year: int, number: int) -> Period:
    """Return a calendar quarter, number 1 to 4."""
    first = 3 * number - 2
    return Period(dt.date(year, first, 1), month_end(year=year, month=first + 2), f"{year}-Q{number}")


def quarter_of(date: dt.date) -> Period:
    """Return the calendar quarter a date lies in."""
    return quarter(year=date.year, number=(date.month + 2) // 3)


def between(*, start: dt.date, end: dt.date) -> Period:
    """Return any closed interval; a quarter, month or year gets its own name."""
    for named in (quarter_of(start), month(year=start.year, number=start.month), year(start.year)):
        if (named.start, named.end) == (start, end):
            return named
    return Period(start, end, f"{start.isoformat()}..{end.isoformat()}")


def month(*, year: int, number: int) -> Period:
    """Return a calendar month."""
    return Period(dt.date(year, number, 1), month_end(year=year, month=number), f"{year}-{number:02d}")


def year(number: int) -> Period:
    """Return a calendar year."""
    return Period(dt.date(number, 1, 1), dt.date(number, 12, 31), str(number))


def parse_period(words: str, *, as_of: dt.date) -> Period:
    """Return the period that `2025-Q1` (any case), `2025-03`, `2025`, `ytd` or `2025-01-05..2025-02-20` names.

    as_of: last date `ytd` runs to.
    Raises UnknownPeriodError with the forms that would be understood.
    """
    text = words.strip().lower()
    try:
        if text == "ytd":
            return Period(dt.date(as_of.year, 1, 1), as_of, "ytd")
        if found := re.fullmatch(r"(\d{4})-?q([1-4])", text):
            return quarter(year=int(found[1]), number=int(found[2]))
        if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
            return month(year=int(found[1]), number=int(found[2]))
        if re.fullmatch(r"\d{4}", text):
            return year(int(text))
        if found := re.fullmatch(r"(\d{4}-\d{2}-\d{2})(?:\.\.|_)(\d{4}-\d{2}-\d{2})", text):
            return between(start=dt.date.fromisoformat(found[1]), end=dt.date.fromisoformat(found[2]))
    except UnknownPeriodError:
        raise
    except ValueError as error:
        raise UnknownPeriodError(f"“{words}” names no period: {error}") from error
    raise UnknownPeriodError(f"“{words}” names no period; write 2025-Q1, 2025-03, 2025, ytd or 2025-01-05..2025-02-20")
