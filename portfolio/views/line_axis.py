"""The two axes of a line: round steps with short words, and the dates worth naming. Knows no report."""

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _

from portfolio import formatting as show

# distances between lines: four to six lines
LINES = 4.5
DATES = 12
# months between two named dates
STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)


@dataclass(frozen=True, slots=True)
class Unit:
    """In what figures on the axis are counted: 3,200 萬 says 32 million."""

    per: float
    word: str  # after the figure, its space included
    before: str = ""

    def words(self, value: float, *, decimals: int) -> str:
        """Return a figure as the axis names it."""
        return f"{self.before}{show.number(value / self.per, decimals=decimals)}{self.word}"


def unit_of(largest: float, *, currency: str) -> Unit:
    """Return the unit that keeps figures of this size short; the currency only where the unit does not imply it."""
    sign = "" if currency == "TWD" else show.currency_sign(currency)
    if show.is_chinese():
        return Unit(10_000, show.NO_BREAK + "萬", sign) if largest >= 100_000 else Unit(1, "", sign)
    if largest >= 1_000_000:
        return Unit(1_000_000, show.NO_BREAK + _("m"), sign)
    return Unit(1_000, show.NO_BREAK + _("k"), sign) if largest >= 10_000 else Unit(1, "", sign)


def step_between(low: float, high: float) -> float:
    """Return the round distance that leaves the handful of lines between two values that is nearest to the wanted one."""
    span = high - low or abs(high) or 1.0
    size = 10.0 ** math.floor(math.log10(span / LINES))
    return min((factor * size for factor in (1, 2, 2.5, 5, 10)), key=lambda step: abs(span / step - LINES))


def lines_between(low: float, high: float) -> list[float]:
    """Return the round values between two."""
    step = step_between(low, high)
    return [place * step for place in range(math.ceil(low / step), math.floor(high / step) + 1)]


def decimals_of(step: float) -> int:
    """Return the decimals that a step of 0.25 or 10 needs, three at most."""
    return next((places for places in range(3) if abs(round(step, places) - step) < step / 1000), 3)


def dates_between(first: dt.date, last: dt.date) -> list[tuple[dt.date, str]]:
    """Return dates worth naming: Mondays within six weeks, else firsts of months or Januaries."""
    if (last - first).days <= 45:
        start = first + dt.timedelta(days=-first.weekday() % 7)
        return [(day, show.short_day(day)) for day in _every(start, last, dt.timedelta(days=7))]
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((each for each in STEPS if months / each <= DATES), STEPS[-1])
    return [(day, _month_or_year(day, step)) for day in _firsts(first, last, step)]


def _every(first: dt.date, last: dt.date, step: dt.timedelta) -> Iterator[dt.date]:
    while first <= last:
        yield first
        first += step


def _firsts(first: dt.date, last: dt.date, step: int) -> Iterator[dt.date]:
    for count in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        day = dt.date(count // 12, count % 12 + 1, 1)
        if count % step == 0 and first <= day <= last:
            yield day


def _month_or_year(day: dt.date, step: int) -> str:
    if day.month == 1:
        return f"{day.year}年" if show.is_chinese() else str(day.year)
    if step >= 12:
        return str(day.year)
    return f"{day.month}月" if show.is_chinese() else str(MONTHS_3[day.month]).capitalize()
