"""The words on a daily line of wealth: axis, peak, low, end. One drawing for every page that shows one."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from portfolio import charts
from portfolio import formatting as show
from portfolio.views.line_axis import dates_between


class Scale:
    """How levels are written on the axis: in a large unit; where amounts are hidden, they are per cent already."""

    def __init__(self, *, money: show.Money, largest: float) -> None:
        """Choose the unit of amounts up to `largest`."""
        self.money = money
        if money.hidden:
            self.unit, self.name = 1.0, _("dotted line = 100 %")
        elif largest < 100_000:
            self.unit, self.name = 1.0, money.sign
        elif show.is_chinese():
            self.unit, self.name = 10_000.0, f"{money.sign} 萬"
        elif largest < 1_000_000:
            self.unit, self.name = 1_000.0, f"{money.sign} thousand"
        else:
            self.unit, self.name = 1_000_000.0, f"{money.sign} million"

    def tick(self, tick: charts.Tick) -> str:
        """Return the text of a grid line."""
        size = tick.step / self.unit
        return show.number(tick.level / self.unit, decimals=0 if size >= 1 else 1 if size >= 0.1 else 2)

    def exact(self, value: float) -> str:
        """Return a named point's text."""
        return show.percent(value / 100, decimals=1) if self.money.hidden else self.money.level(value)

    def rough(self, value: float) -> str:
        """Return an end label's text, in the axis' own unit."""
        if self.money.hidden:
            return show.percent(value / 100, decimals=1)
        return show.number(value / self.unit, decimals=2 if self.unit >= 1_000_000 else 1 if self.unit == 1_000 else 0)


def drawing(
    *,
    start: dt.date,
    values: Sequence[float | None],
    base: float | None,
    base_name: str,
    money: show.Money,
    records: Sequence[int] = (),
    highest: int | None = None,
    second: Sequence[float | None] = (),
    height: int = 248,
) -> dict[str, Any] | None:
    """Return what `daily_line.html` draws; None when too little is known.

    base: level of the dotted line, named `base_name`.  money: without markup, for text inside the drawing.
    """
    if money.hidden:
        values, base = _in_per_cent(values, base)
    line = charts.daily_line(values=values, base=base, records=records, highest=highest, height=height, second=second)
    if line is None:
        return None
    known = [value for value in values if value is not None]
    scale = Scale(money=money, largest=max(map(abs, known)))
    return {
        "line": line,
        "unit": scale.name,
        "ticks": [(tick.y, scale.tick(tick)) for tick in line.ticks],
        "dates": _dates(start, len(values)),
        "peak": _named(start, line.peak, scale.exact(values[line.peak.day])),
        "low": _named(start, line.low, scale.exact(values[line.low.day])) if line.low.day not in (0, line.end.day) else None,
        "end": scale.rough(values[line.end.day]),
        "base": None if base is None else f"{base_name} {scale.rough(base)}",
    }


def table(*, start: dt.date, values: Sequence[float | None], index: Sequence[float | None], money: show.Money) -> list[Any]:
    """Return the line as rows: day, level, return so far. Every day of a month, weeks of a year, months beyond."""
    days = len(values)
    kept = [day for day in range(days) if _is_row(start + dt.timedelta(days=day), days) or day in (0, days - 1)]
    return [
        (
            show.full_date(start + dt.timedelta(days=day)),
            money.level(values[day]),
            _so_far(index[day] if day < len(index) else None),
        )
        for day in kept
    ]


def _in_per_cent(values: Sequence[float | None], base: float | None) -> tuple[list[float | None], float | None]:
    """Return levels as per cent of the base, else of the first known one: the page must not hold an amount."""
    hundred = (base or next((value for value in values if value), 1.0)) / 100
    return [None if value is None else value / hundred for value in values], None if base is None else base / hundred


def _so_far(growth: float | None) -> str:
    return show.signed_percent(None if growth is None else growth - 1)


def _is_row(date: dt.date, days: int) -> bool:
    if days <= 32:
        return date.weekday() < 5
    return date.weekday() == 4 if days <= 370 else (date + dt.timedelta(days=1)).day == 1


def _named(start: dt.date, point: charts.Point, level: str) -> dict[str, str]:
    y = float(point.y)
    date = show.day_and_month(start + dt.timedelta(days=point.day))
    return {
        "x": point.x,
        "y": point.y,
        "anchor": point.anchor,
        "over": f"{y - 10:.1f}",
        "under": f"{y + 18:.1f}",
        "text": f"{date} {level}",
    }


def _dates(start: dt.date, days: int) -> list[tuple[str, str, bool]]:
    """Return dates along the axis: place, words, and whether the phone has no room for it."""
    named = dates_between(start, start + dt.timedelta(days=days - 1))
    is_crowded = len(named) > 6
    return [
        (charts.across((date - start).days, days), words, is_crowded and number % 2 == 1)
        for number, (date, words) in enumerate(named)
    ]
