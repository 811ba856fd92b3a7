"""The dashboard's one chart: wealth, the index that leaves flows out, record days, last year's end. Reads no request."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from portfolio import formatting as show
from portfolio.formatting import Money
from portfolio.reports.dashboard import Dashboard
from portfolio.views.line_axis import Unit, unit_of
from portfolio.views.line_plan import Line, Plan, Words, first_place, plan
from portfolio.views.line_ranges import RANGES

PERCENT = Unit(1, show.NO_BREAK + "%")


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """A row of the chart's table twin."""

    date: str
    wealth: str
    index: str
    records: str


def wealth_line(*, report: Dashboard, money: Money) -> Line:
    """Return wealth in the reporting currency, or in per cent of the last year's end where amounts are hidden."""
    start = dt.date.fromisoformat(report.daily.start).toordinal()
    wealth = np.array(report.daily.wealth, dtype=float)
    year_end = dt.date(int(report.as_of[:4]) - 1, 12, 31).toordinal()
    factor = 100.0 / _whole(wealth, report.year_end_value) if money.hidden else 1.0
    # a household that began this year has no year-end to be measured against
    has_level = bool(report.year_end_value) and year_end >= start
    return Line(
        days=np.arange(start, start + len(wealth)),
        values=wealth * factor,
        index=np.array(report.daily.index, dtype=float),
        level=report.year_end_value * factor if has_level else None,
        level_from=year_end - start if has_level else 0,
        records=report.records,
    )


def wealth_plans(*, report: Dashboard, line: Line, money: Money) -> dict[str, Plan]:
    """Return one plan for each range."""
    as_of = dt.date.fromisoformat(report.as_of)
    largest = float(np.nanmax(np.abs(line.values))) if np.isfinite(line.values).any() else 0.0
    unit = PERCENT if money.hidden else unit_of(largest, currency=money.currency)
    words = _words(money, unit)
    return {
        each.key: plan(line=line, first=first_place(line=line, start=each.start(as_of)), unit=unit, words=words)
        for each in RANGES
    }


def for_the_script(*, line: Line, plans: dict[str, Plan], money: Money) -> dict[str, Any]:
    """Return everything the script draws, in plain values."""
    decimals = 2 if money.hidden else money.decimals
    return {
        "start": dt.date.fromordinal(int(line.days[0])).isoformat(),
        "values": rounded(line.values, decimals),
        "index": rounded(line.index, 5) if line.index is not None else None,
        "level": None if line.level is None else round(line.level, decimals),
        "levelFrom": line.level_from,
        "records": line.records,
        "plans": {key: for_one_range(each) for key, each in plans.items()},
        "format": ",.2f" if decimals else ",.0f",
        "unit": PERCENT.word if money.hidden else "",
        "dates": hover_date(),
        "words": {"values": _("Wealth"), "index": _("Flows left out"), "level": _("Year-end"), "records": _("Record")},
    }


def for_one_range(each: Plan) -> dict[str, Any]:
    """Return a plan in plain values."""
    return {
        "first": each.first,
        "y": [each.low, each.high],
        "scale": each.scale,
        "lines": each.lines,
        "dates": each.dates,
        "ends": [[end.value, end.words, end.kind] for end in each.ends],
        "lowest": each.lowest,
    }


def rounded(values: np.ndarray, decimals: int) -> list[float | int | None]:
    """Return values as JSON takes them; unknown ones are null."""
    kept = np.round(values, decimals)
    if not np.isfinite(kept).all():
        return [None if each != each else each for each in kept.tolist()]  # noqa: PLR0124  NaN
    return kept.tolist() if decimals else kept.astype(np.int64).tolist()


def hover_date() -> str:
    """Return how the script writes a date, in d3's words."""
    return "%Y年%-m月%-d日" if show.is_chinese() else "%-d %b %Y"


def month_ends(*, report: Dashboard, money: Money) -> list[MonthEnd]:
    """Return the chart as a table: the last day of every month, the latest first; the index starts at 100."""
    start = dt.date.fromisoformat(report.daily.start)
    marked = [start + dt.timedelta(days=place) for place in report.records]
    counts: dict[tuple[int, int], int] = {}
    for day in marked:
        counts[day.year, day.month] = counts.get((day.year, day.month), 0) + 1
    found = []
    last = start + dt.timedelta(days=len(report.daily.wealth) - 1)
    while last >= start:
        place = (last - start).days
        growth = report.daily.index[place]
        found.append(
            MonthEnd(
                date=show.full_date(last),
                wealth=money.level(report.daily.wealth[place]),
                index=show.number(None if growth is None else growth * 100),
                records=str(counts.get((last.year, last.month), 0)),
            )
        )
        last = last.replace(day=1) - dt.timedelta(days=1)
    return found


def _whole(wealth: np.ndarray, year_end_value: float | None) -> float:
    """Return what 100 per cent are: last year's end, or the first wealth of a household that began since."""
    if year_end_value:
        return year_end_value
    above = wealth[wealth > 0]
    return float(above[0]) if len(above) else 1.0


def _words(money: Money, unit: Unit) -> Words:
    def low(day: dt.date, value: float) -> str:
        amount = unit.words(value, decimals=1) if money.hidden else show.number(value, decimals=money.decimals)
        return f"{show.day_and_month(day)}{show.NO_BREAK * 2}{amount}"

    return Words(
        values=lambda text: _("Wealth %(value)s") % {"value": text},
        index=lambda growth: _("Flows left out %(growth)s") % {"growth": show.signed_percent(growth)},
        level=lambda text: _("Year-end %(value)s") % {"value": text},
        low=low,
        end_decimals=1 if money.hidden else 2 if unit.per == 1_000_000 else 0,
    )
