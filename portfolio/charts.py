"""Places of bars, lines and labels for the drawings of pages. Computes no figure, writes no markup, reads no table.

Shapes live in a box 1000 wide that stretches with the page; what carries text is placed in per cent, so that text keeps
its size. All places are strings ready for an attribute.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 1000.0
# a bar that would vanish is drawn this wide: about one pixel of a wide page
HAIR = 2.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from `x` on; `kind` is its fill: up, down, mute, ink."""

    x: str
    width: str
    kind: str
    end: str = ""  # place of the value's end, where a connector starts


@dataclass(frozen=True, slots=True)
class DivergingBars:
    """Bars left and right of one zero line, one scale for all."""

    zero: str
    bars: tuple[Bar | None, ...]


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Steps from an opening to a closing level. start: the level at the left edge; is_cut: it is not zero."""

    start: float
    is_cut: bool
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A day of a line: its place among the days, x in per cent, y in pixels, and where a label beside it is anchored."""

    day: int
    x: str
    y: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Tick:
    """A grid line: its height and its level."""

    y: str
    level: float
    step: float  # to the next one: decides on decimals


@dataclass(frozen=True, slots=True)
class Line:
    """A daily line with its grid, its base line, the area below that, and the days of records."""

    height: int
    axis_y: str
    points: str
    second: str  # points of a second line on the same scale; may be empty
    base_y: str | None
    areas: tuple[str, ...]
    ticks: tuple[Tick, ...]
    record_days: tuple[str, ...]
    peak: Point
    low: Point
    end: Point
    end_label_y: str  # moved away from the base's label where the two would touch
    base_label_y: str | None


def across(day: int, days: int) -> str:
    """Return the place of a day among so many, in per cent of the width."""
    return f"{day / max(days - 1, 1) * 100:.2f}%"


def place(value: float) -> str:
    """Return a coordinate with one decimal."""
    return f"{value:.1f}"


def diverging_bars(values: Sequence[float | None]) -> DivergingBars:
    """Return one bar a value on a scale that holds them all; None has no bar."""
    known = [value for value in values if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    span = (high - low) or 1.0
    zero = -low / span * (WIDTH - 2 * HAIR) + HAIR
    scale = (WIDTH - 2 * HAIR) / span
    return DivergingBars(place(zero), tuple(_diverging(value, zero, scale) for value in values))


def waterfall(*, opening: float, steps: Sequence[float], flows: int, closing: float) -> Waterfall:
    """Return the bars from opening to closing. flows: how many of the first steps are money moved, not earned."""
    levels = [opening]
    for step in steps:
        levels.append(levels[-1] + step)
    low, high = min(*levels, closing), max(*levels, closing)
    start = _axis_start(low, high)
    scale = WIDTH / ((high - start) or 1.0)

    def at(level: float) -> float:
        return (level - start) * scale

    bars = [Bar("0", place(at(opening)), "ink", place(at(opening)))]
    for number, step in enumerate(steps):
        before, after = at(levels[number]), at(levels[number + 1])
        kind = "mute" if number < flows else "up" if step > 0 else "down"
        width = 0.0 if step == 0 else max(abs(after - before), HAIR)
        bars.append(Bar(place(min(before, after)), place(width), kind, place(after)))
    bars.append(Bar("0", place(at(closing)), "ink", place(at(closing))))
    return Waterfall(start, start > 0, tuple(bars))


@dataclass(frozen=True, slots=True)
class Column:
    """An upright bar: places across in per cent, heights in pixels; text_y is outside its end."""

    x: str
    middle: str
    y: str
    height: str
    text_y: str
    kind: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Upright bars on one zero line."""

    zero: str
    width: str
    columns: tuple[Column, ...]


def upright_bars(values: Sequence[float | None], *, top: float = 16.0, bottom: float = 100.0) -> Columns:
    """Return bars up and down from one zero line between two heights; None has no height."""
    known = [value for value in values if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    scale = (bottom - top) / ((high - low) or 1.0)
    zero, step = top + high * scale, 100.0 / max(len(values), 1)
    columns = []
    for number, value in enumerate(values):
        size, is_up = abs(value or 0.0) * scale, (value or 0.0) >= 0
        columns.append(
            Column(
                x=f"{step * (number + 0.3):.2f}%",
                middle=f"{step * (number + 0.5):.2f}%",
                y=place(zero - size if is_up else zero),
                height=place(size) if value else "",
                text_y=place(zero - size - 5 if is_up else zero + size + 14),
                kind="up" if is_up else "down",
            )
        )
    return Columns(place(zero), f"{step * 0.4:.2f}%", tuple(columns))


def shares_of(values: Sequence[float | None], *, most: float | None = None) -> tuple[str, ...]:
    """Return bar lengths on a scale whose full width is the largest value, or `most`."""
    largest = most or max([value for value in values if value is not None], default=0.0) or 1.0
    return tuple(place(max(0.0, min((value or 0.0) / largest, 1.0)) * WIDTH) for value in values)


def daily_line(
    *,
    values: Sequence[float | None],
    base: float | None,
    records: Sequence[int] = (),
    highest: int | None = None,
    height: int = 248,
    second: Sequence[float | None] = (),
) -> Line | None:
    """Return the drawing of a daily line, or None when it has fewer than two known points.

    values: one a calendar day.  base: level of the dotted line; what lies below it is tinted.
    records: places of the days to mark under the axis.  highest: place of the day to name as the peak, where the caller
    counts weekdays only.  second: another line on the same scale.
    """
    known = [day for day, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    levels = [value for value in (*values, *second, base) if value is not None]
    canvas = _Canvas(levels, len(values), height)
    peak = max(known, key=values.__getitem__) if highest is None else highest
    low = min(known, key=values.__getitem__)
    end_y, base_y = canvas.y(values[known[-1]]), None if base is None else canvas.y(base)
    end_label_y, base_label_y = _apart(end_y, base_y)
    return Line(
        height=height,
        axis_y=place(canvas.bottom),
        points=canvas.points(values),
        second=canvas.points(second) if second else "",
        base_y=None if base_y is None else place(base_y),
        areas=() if base is None else canvas.areas_below(values, base),
        ticks=tuple(Tick(place(canvas.y(level)), level, canvas.step) for level in canvas.ticks),
        record_days=tuple(canvas.percent(day) for day in records),
        peak=canvas.point(peak, values[peak]),
        low=canvas.point(low, values[low]),
        end=canvas.point(known[-1], values[known[-1]]),
        end_label_y=place(end_label_y),
        base_label_y=None if base_label_y is None else place(base_label_y),
    )


def new_highs(*, start: dt.date, values: Sequence[float | None], count: int) -> tuple[int, ...]:
    """Return the places of the last `count` weekdays, after the opening one, that stand above all before them.

    count: how many of them are records; the earlier ones only came back to a level of before.
    """
    best, found = values[0] if values else None, []
    for day in range(1, len(values)):
        value = values[day]
        if value is None or (start + dt.timedelta(days=day)).weekday() > 4:
            continue
        if best is None or value > best:
            best = value
            found.append(day)
    return tuple(found[-count:]) if count else ()


class _Canvas:
    """The scale of one line drawing."""

    TOP, GROUND = 28, 28
    GRID = 4

    def __init__(self, levels: Sequence[float], days: int, height: int) -> None:
        self.bottom = float(height - self.GROUND)
        self.days = max(days - 1, 1)
        low, high = min(levels), max(levels)
        pad = ((high - low) or abs(high) or 1.0) * 0.06
        self.low, self.high = low - pad, high + pad
        self.step = self._step()
        first, last = self._lines(self.step)
        self.ticks = [number * self.step for number in range(first, last + 1)]

    def _lines(self, step: float) -> tuple[int, int]:
        return math.ceil(self.low / step), math.floor(self.high / step)

    def _step(self) -> float:
        """Return the largest round distance that still gives enough lines."""
        rough = self.high - self.low
        power = 10.0 ** math.floor(math.log10(rough))
        steps = [factor * power for factor in (1, 0.5, 0.25, 0.2, 0.1, 0.05)]
        return next(step for step in steps if self._lines(step)[1] - self._lines(step)[0] + 1 >= self.GRID)

    def x(self, day: int) -> float:
        return day / self.days * WIDTH

    def percent(self, day: int) -> str:
        return across(day, self.days + 1)

    def y(self, level: float) -> float:
        return self.bottom - 12 - (level - self.low) / (self.high - self.low) * (self.bottom - 12 - self.TOP)

    def points(self, values: Sequence[float | None]) -> str:
        """Return the points of a line; of long ones the lowest and highest of each stretch, so that no peak is lost."""
        stretch = max(len(values) // 300, 1)
        kept: list[int] = []
        for begin in range(0, len(values), stretch):
            days = [day for day in range(begin, min(begin + stretch, len(values))) if values[day] is not None]
            if days:
                kept += sorted({min(days, key=values.__getitem__), max(days, key=values.__getitem__), days[-1]})
        return " ".join(f"{self.x(day):.1f},{self.y(values[day] or 0.0):.1f}" for day in kept)

    def areas_below(self, values: Sequence[float | None], base: float) -> tuple[str, ...]:
        """Return the areas between the line and the base where the line is below it, cut where the two cross."""
        areas, run = [], []
        ground = f"{self.y(base):.1f}"
        for day in range(1, len(values)):
            before, after = values[day - 1], values[day]
            if before is None or after is None:
                continue
            crossing = self.x(day - 1) + (self.x(day) - self.x(day - 1)) * ((base - before) / ((after - before) or 1.0))
            if before >= base > after:
                run = [f"{crossing:.1f},{ground}", f"{self.x(day):.1f},{self.y(after):.1f}"]
            elif before < base:
                run = run or [f"{self.x(day - 1):.1f},{ground}", f"{self.x(day - 1):.1f},{self.y(before):.1f}"]
                run.append(f"{crossing:.1f},{ground}" if after >= base else f"{self.x(day):.1f},{self.y(after):.1f}")
                if after >= base:
                    areas.append(" ".join(run))
                    run = []
        if run:
            areas.append(" ".join([*run, f"{self.x(len(values) - 1):.1f},{ground}"]))
        return tuple(areas)

    def point(self, day: int, level: float) -> Point:
        """Return a day's place; its label turns inward near the edges."""
        share = day / self.days
        return Point(
            day, self.percent(day), place(self.y(level)), "start" if share < 0.25 else "end" if share > 0.75 else "middle"
        )


def _diverging(value: float | None, zero: float, scale: float) -> Bar | None:
    if value is None:
        return None
    width = max(abs(value) * scale, HAIR) if value else 0.0
    return Bar(place(zero if value >= 0 else zero - width), place(width), "up" if value > 0 else "down")


def _axis_start(low: float, high: float) -> float:
    """Return where a cut axis starts: so far under the lowest level that the steps stay readable, on a round number."""
    span = high - low
    if span <= 0 or low <= 0:
        return min(low, 0.0)
    start = low - span / 2
    if start <= high * 0.2:
        return 0.0
    step = _nice(span / 10)
    return math.floor(start / step) * step


def _nice(step: float) -> float:
    """Return 1, 2 or 5 times a power of ten, not under a step."""
    power = 10.0 ** math.floor(math.log10(step)) if step > 0 else 1.0
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * 0.999)


def _apart(first: float, second: float | None, room: float = 18.0) -> tuple[float, float | None]:
    """Return two label heights moved apart where they would touch."""
    if second is None or abs(first - second) >= room:
        return first, second
    middle, sign = (first + second) / 2, 1 if first >= second else -1
    return middle + sign * room / 2, middle - sign * room / 2
