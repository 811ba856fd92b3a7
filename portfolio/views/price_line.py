"""A holding's price chart: closes as of today's units, the household's own trades on them. Reads no request."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import pgettext

from portfolio import formatting as show
from portfolio.engine.kinds import DISPOSALS
from portfolio.reports.holding import HoldingReport
from portfolio.reports.review_parts import Move
from portfolio.views.line_axis import Unit, decimals_of, step_between
from portfolio.views.line_plan import Line, Mark, Plan, Words, first_place, plan
from portfolio.views.line_ranges import RANGES
from portfolio.views.wealth_line import for_one_range, hover_date, rounded
from portfolio.words import kind_name

# two closes make a line
LEAST = 2


@dataclass(frozen=True, slots=True)
class MonthClose:
    """A row of the chart's table twin."""

    date: str
    close: str


def price_line(*, report: HoldingReport, hidden: bool) -> Line | None:
    """Return the closes with the trades on them; None where there are too few to draw."""
    if len(report.closes) < LEAST:
        return None
    days = np.array([dt.date.fromisoformat(each.date).toordinal() for each in report.closes])
    marks = [_mark(move, days, hidden) for move in report.moves]
    return Line(
        days=days,
        values=np.array([each.close for each in report.closes]),
        marks=tuple(mark for mark in marks if mark is not None),
    )


def price_plans(*, report: HoldingReport, line: Line) -> dict[str, Plan]:
    """Return one plan for each range."""
    as_of = dt.date.fromisoformat(report.as_of)
    words = Words(
        values=lambda text: f"{report.currency} {text}",
        index=lambda growth: "",
        level=lambda text: "",
        low=lambda day, value: f"{show.day_and_month(day)}{show.NO_BREAK * 2}{show.price(value)}",
        end_decimals=max(decimals_of(step_between(float(line.values.min()), float(line.values.max()))), 2),
    )
    return {
        each.key: plan(line=line, first=first_place(line=line, start=each.start(as_of)), unit=Unit(1, ""), words=words)
        for each in RANGES
    }


def for_the_script(*, line: Line, plans: dict[str, Plan]) -> dict[str, Any]:
    """Return everything the script draws, in plain values."""
    return {
        "days": [dt.date.fromordinal(day).isoformat() for day in line.days.tolist()],
        "values": rounded(line.values, 4),
        "index": None,
        "level": None,
        "marks": [{"place": mark.place, "isPurchase": mark.is_purchase, "words": mark.words} for mark in line.marks],
        "plans": {key: for_one_range(each) for key, each in plans.items()},
        "format": ",.2f",
        "unit": "",
        "dates": hover_date(),
        "words": {"values": pgettext("quote", "Close")},
    }


def month_closes(*, report: HoldingReport) -> list[MonthClose]:
    """Return the last close of every month, the latest first."""
    found: dict[str, MonthClose] = {}
    for each in report.closes:
        found[each.date[:7]] = MonthClose(show.full_date(each.date), show.price(each.close))
    return list(reversed(found.values()))


def _mark(move: Move, days: np.ndarray, hidden: bool) -> Mark | None:
    """Return a trade on the close of its day, or the last one before it."""
    place = int(np.searchsorted(days, dt.date.fromisoformat(move.date).toordinal(), side="right")) - 1
    if place < 0:
        return None
    traded = show.price(move.price) if hidden else f"{show.quantity(move.quantity)} × {show.price(move.price)}"
    return Mark(place, move.kind not in DISPOSALS, f"{show.full_date(move.date)} {kind_name(move.kind)} {traded}")
