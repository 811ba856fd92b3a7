"""A planned line as the shapes and words of an SVG: places only, in per cent. Computes no figure."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from portfolio.views.line_plan import Line, Plan

# more points than a screen has pixels only make the page heavy
POINTS = 600

Down = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True)
class Label:
    """A word at a place; x and y in per cent of the drawing."""

    x: str
    y: str
    words: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the template draws. Paths are in a box of 1000 × 1000 that stretches."""

    values: str
    index: str
    below: str
    level: str
    lines: tuple[Label, ...]
    dates: tuple[Label, ...]
    ends: tuple[Label, ...]
    ticks: tuple[str, ...]  # x of record days
    marks: tuple[Label, ...]  # kind: mark-bought, mark-sold
    lowest: Label | None


def drawing(*, line: Line, plan: Plan) -> Drawing:
    """Return the shapes of one range."""
    days = line.days[plan.first :]
    span = max(int(days[-1] - days[0]), 1)
    across = (days - days[0]) * (1000 / span)

    def down(values: np.ndarray) -> np.ndarray:
        return (plan.high - values) * (1000 / (plan.high - plan.low))

    def at(day: int) -> str:
        return _percent((day - int(days[0])) / span)

    def height(value: float) -> str:
        return _percent((plan.high - value) / (plan.high - plan.low))

    values = line.values[plan.first :]
    level_from = max(line.level_from - plan.first, 0)
    return Drawing(
        values=_path(across, down(values)),
        index=_path(across, down(line.index[plan.first :] * plan.scale)) if line.index is not None else "",
        below=_below(across[level_from:], values[level_from:], line.level, down) if line.level is not None else "",
        level=_path(across[[level_from, -1]], down(np.array([line.level] * 2))) if line.level is not None else "",
        lines=tuple(Label("0", height(value), words) for value, words in plan.lines),
        dates=_dates(plan, at),
        ends=tuple(Label("100%", height(end.value), end.words, end.kind) for end in plan.ends),
        ticks=tuple(at(int(line.days[place])) for place in line.records if place >= plan.first),
        marks=tuple(
            Label(
                at(int(line.days[m.place])),
                height(float(line.values[m.place])),
                m.words,
                "mark-bought" if m.is_purchase else "mark-sold",
            )
            for m in line.marks
            if m.place >= plan.first
        ),
        lowest=_lowest(line, plan, at, height),
    )


def _path(across: np.ndarray, down: np.ndarray) -> str:
    """Return a polyline as path data, with a gap where a value is unknown."""
    every = max(len(across) // POINTS, 1)
    # counted from the end, which is the one point that must be there
    places = slice((len(across) - 1) % every, None, every)
    pieces, pen = [], "M"
    for x, y in zip(across[places].tolist(), down[places].tolist(), strict=True):
        if y != y:  # noqa: PLR0124  NaN
            pen = "M"
            continue
        pieces.append(f"{pen}{x:.1f} {y:.1f}")
        pen = "L"
    return "".join(pieces)


def _below(across: np.ndarray, values: np.ndarray, level: float, down: Down) -> str:
    """Return the area between the level and where the line is under it."""
    under = np.fmin(values, level)
    edge = _path(across, down(under))
    floor = f"{float(down(np.array([level]))[0]):.1f}"
    return f"M{across[0]:.1f} {floor}{'L' + edge[1:] if edge else ''}L{across[-1]:.1f} {floor}Z"


def _dates(plan: Plan, at: Callable[[int], str]) -> tuple[Label, ...]:
    # the phone has room for a third of them
    every = 3 if len(plan.dates) > 6 else 2 if len(plan.dates) > 4 else 1
    return tuple(
        Label(at(dt.date.fromisoformat(day).toordinal()), "100%", words, "far" if place % every else "")
        for place, (day, words) in enumerate(plan.dates)
    )


def _lowest(line: Line, plan: Plan, at: Callable[[int], str], height: Callable[[float], str]) -> Label | None:
    if plan.lowest is None:
        return None
    place, words = plan.lowest
    side = "left" if (place - plan.first) > (len(line.days) - plan.first) * 0.7 else "right"
    return Label(at(int(line.days[place])), height(float(line.values[place])), words, side)


def _percent(fraction: float) -> str:
    return f"{fraction * 100:.2f}%"
