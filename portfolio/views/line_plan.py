"""How much of a line a page shows and what stands beside it: one plan for each range a reader can choose.

The drawing in the page and the script that makes it interactive follow the same plan, so that no figure is formatted
twice. Knows values, days and words; no report, no request.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from portfolio.views.line_axis import Unit, dates_between, decimals_of, lines_between, step_between

HEIGHT = 320
# two labels of 12 px, one above the other
APART = 16 / HEIGHT

Values = np.ndarray


@dataclass(frozen=True, slots=True)
class Mark:
    """A trade on the line."""

    place: int
    is_purchase: bool
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """What is drawn, whole. Places count points from the first."""

    days: Values  # proleptic ordinals, ascending
    values: Values  # in ink; NaN where unknown
    index: Values | None = None  # growth of one unit of money, in grey, on the scale of the values
    level: float | None = None  # the dotted line
    level_from: int = 0  # place where it starts; the index starts from the level there
    records: tuple[int, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """What the ends of the lines are called; each gets the line's last value as text."""

    values: Callable[[str], str]
    index: Callable[[float], str]
    level: Callable[[str], str]
    low: Callable[[dt.date, float], str]
    end_decimals: int = 0


@dataclass(frozen=True, slots=True)
class End:
    """A label at the right end. value: where it stands, moved so that labels never touch."""

    value: float
    words: str
    kind: str  # ink, index, level


@dataclass(frozen=True, slots=True)
class Plan:
    """One range: its points, both axes, its labels."""

    first: int  # place of the first point shown
    low: float
    high: float
    scale: float  # index × scale stands on the scale of the values
    lines: tuple[tuple[float, str], ...]
    dates: tuple[tuple[str, str], ...]  # ISO date, word
    ends: tuple[End, ...]
    lowest: tuple[int, str] | None  # place, words


def plan(*, line: Line, first: int, unit: Unit, words: Words) -> Plan:
    """Return the plan of a line from one of its points to its end."""
    scale = _scale(line, first)
    low, high = _bounds(line, first, scale)
    step = step_between(low, high)
    lines = tuple((value, unit.words(value, decimals=decimals_of(step / unit.per))) for value in lines_between(low, high))
    start, end = (dt.date.fromordinal(int(line.days[place])) for place in (first, -1))
    return Plan(
        first=first,
        low=low,
        high=high,
        scale=scale,
        lines=lines,
        dates=tuple((day.isoformat(), word) for day, word in dates_between(start, end)),
        ends=_apart(_ends(line, first, scale, unit, words), low, high),
        lowest=_lowest(line, first, words),
    )


def first_place(*, line: Line, start: dt.date | None) -> int:
    """Return the place where a range begins: at its first date, or later with the first value above zero."""
    above = np.flatnonzero(line.values > 0)
    place = int(above[0]) if len(above) else 0
    if start is not None:
        place = max(place, int(np.searchsorted(line.days, start.toordinal())))
    # one point makes no line
    return min(place, max(len(line.days) - 2, 0))


def _scale(line: Line, first: int) -> float:
    """Return what the index is multiplied with to meet the values where the range starts, or at the first above zero."""
    if line.index is None:
        return 1.0
    good = np.flatnonzero((line.values[first:] > 0) & (line.index[first:] > 0))
    if not len(good):
        return 1.0
    place = first + int(good[0])
    return float(line.values[place] / line.index[place])


def _bounds(line: Line, first: int, scale: float) -> tuple[float, float]:
    shown: list[Values] = [line.values[first:]]
    if line.index is not None:
        shown.append(line.index[first:] * scale)
    if line.level is not None:
        shown.append(np.array([line.level]))
    together = np.concatenate(shown)
    together = together[np.isfinite(together)]
    if not len(together):
        return 0.0, 1.0
    low, high = float(together.min()), float(together.max())
    room = (high - low or abs(high) or 1.0) * 0.06
    # below, the name of the lowest point has to fit between the line and the axis
    return low - 2 * room, high + room


def _ends(line: Line, first: int, scale: float, unit: Unit, words: Words) -> list[End]:
    known = np.flatnonzero(np.isfinite(line.values[first:]))
    if not len(known):
        return []
    last = float(line.values[first + int(known[-1])])
    found = [End(last, words.values(unit.words(last, decimals=words.end_decimals)), "ink")]
    if line.index is not None:
        grown = float(line.index[-1]) * scale
        start = float(line.index[first])
        if np.isfinite(grown) and start > 0:
            found.append(End(grown, words.index(float(line.index[-1]) / start - 1.0), "index"))
    if line.level is not None:
        found.append(End(line.level, words.level(unit.words(line.level, decimals=words.end_decimals)), "level"))
    return found


def _apart(ends: Sequence[End], low: float, high: float) -> tuple[End, ...]:
    """Move labels up from the lowest so that none touches another; the ones at the top are moved down in turn."""
    gap = (high - low) * APART
    found: list[End] = []
    for end in sorted(ends, key=lambda each: each.value):
        value = max(end.value, found[-1].value + gap) if found else end.value
        found.append(End(value, end.words, end.kind))
    over = max(found[-1].value - high, 0.0) if found else 0.0
    return tuple(End(end.value - over, end.words, end.kind) for end in found)


def _lowest(line: Line, first: int, words: Words) -> tuple[int, str] | None:
    shown = line.values[first:]
    if not np.isfinite(shown).any():
        return None
    place = int(np.nanargmin(shown))
    # at either end the label would stand on the axis words or on the end's own label
    if not len(shown) * 0.08 <= place <= len(shown) * 0.94:
        return None
    day = dt.date.fromordinal(int(line.days[first + place]))
    return first + place, words.low(day, float(shown[place]))
