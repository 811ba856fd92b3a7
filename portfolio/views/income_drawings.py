"""Places of the income page's drawings: twelve months against the salary, and twenty years ahead. Computes no figure.

The wide drawing puts text at per-cent places beside stretching shapes; the narrow one is 350 wide and as it is. All
places are strings ready for an attribute.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

LEAST_NAMED_GAP = 40.0  # px a gap needs to hold its figure
TONES = ("c1", "c2", "c3", "c4")  # received, announced, scheduled, estimated
APART = 16.0  # px between labels


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What is drawn of one month; amounts in the reporting currency, 0 where there is nothing."""

    label: str
    short: str
    year: str  # only where it changes
    received: float
    announced: float
    scheduled: float
    estimated: float
    salary: float

    @property
    def total(self) -> float:
        """Return the month's whole income."""
        return self.received + self.announced + self.scheduled + self.estimated


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a bar or its gap."""

    tone: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """One month's bar with its words; texts are blank where nothing is to be said."""

    x: str
    middle: str
    parts: tuple[Part, ...]
    gap: Part | None
    gap_text: str
    gap_y: str
    total: str
    total_y: str
    label: str
    short: str  # for narrow drawings
    year: str


@dataclass(frozen=True, slots=True)
class Level:
    """A height with its words."""

    y: str
    words: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Months:
    """The drawing of the months."""

    width: str  # of a bar
    columns: tuple[MonthColumn, ...]
    ticks: tuple[Level, ...]
    salary: str  # path
    first_level: Level | None  # of the salary, at the left
    last_level: Level | None  # where it differs, at the right
    today: str | None  # place across
    today_is_right: bool  # its word stands left of the line


@dataclass(frozen=True, slots=True)
class Frame:
    """The box of a drawing. unit: of places across; stretch: what the salary's path is as wide as."""

    left: float
    width: float
    top: float
    bottom: float
    unit: str
    stretch: float
    names_gaps: bool


WIDE = Frame(left=0.0, width=100.0, top=28.0, bottom=252.0, unit="%", stretch=1000.0, names_gaps=True)
NARROW = Frame(left=38.0, width=312.0, top=42.0, bottom=212.0, unit="", stretch=312.0, names_gaps=False)


@dataclass(frozen=True, slots=True)
class Wording:
    """How amounts read on an axis and beside a bar, and of what the axis shows round multiples."""

    axis: Callable[[float], str]
    amount: Callable[[float], str]
    measure: float


@dataclass(frozen=True, slots=True)
class Places:
    """What all months of a drawing share."""

    frame: Frame
    step: float  # across
    scale: float  # px per unit of money


def months_drawing(
    *, months: Sequence[MonthFigures], today: float | None, frame: Frame, wording: Wording, raised: str
) -> Months:
    """Return the drawing of the months in a box.

    today: months from the left edge; None outside it.  raised: since when the salary's new level holds, in words.
    """
    highest = max([each.total for each in months] + [each.salary for each in months] + [1.0])
    scale = (frame.bottom - frame.top) / (highest * 1.02)
    step = frame.width / max(len(months), 1)
    levels = [each.salary for each in months]
    first, last = levels[0], levels[-1]
    columns = [_column(each, number, Places(frame, step, scale), wording) for number, each in enumerate(months)]
    salary_y = frame.bottom - first * scale
    return Months(
        width=_at(step * (0.56 if frame.unit else 0.67), frame.unit),
        columns=tuple(columns),
        ticks=tuple(
            Level(f"{frame.bottom - level * scale:.1f}", wording.axis(level))
            for level in _levels(highest, wording.measure)
            if not first or abs(frame.bottom - level * scale - salary_y) >= APART
        ),
        salary=_steps(levels, scale, frame) if any(levels) else "",
        first_level=Level(f"{salary_y:.1f}", wording.amount(first)) if first else None,
        last_level=Level(f"{frame.bottom - last * scale:.1f}", wording.amount(last), raised)
        if last and last != first
        else None,
        today=None if today is None else _at(frame.left + today * step, frame.unit),
        today_is_right=today is not None and today > len(months) * 0.85,
    )


def _column(each: MonthFigures, number: int, places: Places, wording: Wording) -> MonthColumn:
    frame, step, scale = places.frame, places.step, places.scale
    share = 0.22 if frame.unit else 0.165
    x = frame.left + (number + share) * step
    base, parts = frame.bottom, []
    amounts = (each.received, each.announced, each.scheduled, each.estimated)
    for tone, value in zip(TONES, amounts, strict=True):
        height = max(value, 0.0) * scale
        if height > 0:
            # a pixel of paper between two tones
            drawn = max(height - (1.0 if parts else 0.0), 0.5)
            parts.append(Part(tone, f"{base - height:.1f}", f"{drawn:.1f}"))
            base -= height
    missing = max(each.salary - max(each.total, 0.0), 0.0)
    room = missing * scale
    gap = Part("gap", f"{base - room:.1f}", f"{room:.1f}") if room > 1 else None
    is_named = frame.names_gaps and room >= LEAST_NAMED_GAP
    return MonthColumn(
        x=_at(x, frame.unit),
        middle=_at(frame.left + (number + 0.5) * step, frame.unit),
        parts=tuple(parts),
        gap=gap,
        gap_text=wording.amount(-missing) if is_named else "",
        gap_y=f"{base - room + 18:.1f}",
        total=wording.amount(each.total) if each.total else "",
        # above the salary's line where the gap is too small to hold the figure under it
        total_y=f"{(base if is_named or gap is None else base - room) - 8:.1f}",
        label=each.label,
        short=each.short,
        year=each.year,
    )


def _steps(levels: Sequence[float], scale: float, frame: Frame) -> str:
    start = 0.0 if frame.unit else frame.left
    step = frame.stretch / len(levels)
    path, height = [], None
    for number, level in enumerate(levels):
        y = f"{frame.bottom - level * scale:.1f}"
        if y != height:
            path.append(f"{'V' if path else f'M{start:.0f} '}{y}")
            height = y
        path.append(f"H{start + (number + 1) * step:.1f}")
    return " ".join(path)


def _levels(highest: float, measure: float) -> list[float]:
    """Return the grid's levels: round multiples of a measure, about four of them."""
    step = _round(highest / measure / 4.5) * measure
    return [number * step for number in range(1, math.floor(highest / step) + 1)]


def _round(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step)) if step > 0 else 1.0
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= step * 0.999)


def _at(value: float, unit: str) -> str:
    return f"{value:.2f}{unit}"


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where a raise outgrows the income: place across, first uncovered year, and how far below its label stands."""

    x: str
    y: str
    year: int
    name: str  # low, planned, high
    text_y: str
    leader_y: str
    anchor: str


@dataclass(frozen=True, slots=True)
class EndLabel:
    """What a line is called at its end."""

    name: str  # low, planned, high, income
    y: str
    words: str


@dataclass(frozen=True, slots=True)
class TwentyYears:
    """Three salaries and the income over the years; shapes 1000 wide."""

    height: int
    axis_y: str
    ticks: tuple[Level, ...]
    lines: tuple[tuple[str, str], ...]  # name, points
    gap: str  # polygon after the plan's crossing; blank where there is none
    gap_y: str
    crossings: tuple[Crossing, ...]
    ends: tuple[EndLabel, ...]
    years: tuple[tuple[str, str, str], ...]  # place, year, anchor


def twenty_years(
    *,
    series: Mapping[str, Sequence[float]],
    first_year: int,
    first_uncovered: Mapping[str, int | None],
    height: int,
    wording: Wording,
) -> TwentyYears:
    """Return the drawing of low, planned, high and income, one value a year each."""
    count = len(series["income"])
    highest = max(max(values) for values in series.values()) or 1.0
    bottom, top = height - 38.0, 20.0
    scale = (bottom - top) / (highest * 1.02)

    def y(value: float) -> float:
        return bottom - value * scale

    def points(values: Sequence[float], start: float = 0.0) -> list[str]:
        return [f"{n / (count - 1) * 1000:.1f},{y(v):.1f}" for n, v in enumerate(values) if n >= start]

    crossings = _crossings(series, first_year, first_uncovered, y)
    plan = _crossing_at(series["planned"], series["income"])
    gap = ""
    if plan is not None:
        cut = f"{plan / (count - 1) * 1000:.1f},{y(_between(series['income'], plan)):.1f}"
        gap = " ".join([cut, *points(series["planned"], plan), *reversed(points(series["income"], plan))])
    middle = (series["planned"][-1] + series["income"][-1]) / 2
    return TwentyYears(
        height=height,
        axis_y=f"{bottom:.1f}",
        ticks=tuple(Level(f"{y(level):.1f}", wording.axis(level)) for level in _levels(highest, wording.measure)),
        lines=tuple((name, " ".join(points(series[name]))) for name in ("low", "high", "planned", "income")),
        gap=gap,
        gap_y=f"{y(middle) + 4:.1f}" if gap and abs(y(series["planned"][-1]) - y(series["income"][-1])) > 30 else "",
        crossings=crossings,
        ends=_ends({name: (y(values[-1]), wording.axis(values[-1])) for name, values in series.items()}),
        years=tuple(
            (f"{n / (count - 1) * 100:.2f}%", str(first_year + n), "start" if n == 0 else "end" if n == count - 1 else "middle")
            for n in range(0, count, 5)
        ),
    )


def _crossing_at(salary: Sequence[float], income: Sequence[float]) -> float | None:
    """Return the years after which the salary outgrows the income; 0 where it does from the start."""
    for number, (owed, earned) in enumerate(zip(salary, income, strict=True)):
        if owed > earned:
            if number == 0:
                return 0.0
            before = income[number - 1] - salary[number - 1]
            return number - 1 + before / (before + owed - earned)
    return None


def _between(values: Sequence[float], at: float) -> float:
    low = min(int(at), len(values) - 2)
    return values[low] + (values[low + 1] - values[low]) * (at - low)


def _crossings(
    series: Mapping[str, Sequence[float]],
    first_year: int,
    first_uncovered: Mapping[str, int | None],
    y: Callable[[float], float],
) -> tuple[Crossing, ...]:
    count, found = len(series["income"]), []
    # the plan's label stands in a row of its own, so that close years never touch
    rows = {"high": (27.0, "end"), "planned": (45.0, "middle"), "low": (27.0, "start")}
    for name, (below, anchor) in rows.items():
        at, year = _crossing_at(series[name], series["income"]), first_uncovered[name]
        if at is None or year is None:
            continue
        level = y(_between(series["income"], at))
        near_edge = at / (count - 1) < 0.12
        found.append(
            Crossing(
                x=f"{at / (count - 1) * 100:.2f}%",
                y=f"{level:.1f}",
                year=year,
                name=name,
                text_y=f"{level + below:.1f}",
                leader_y=f"{level + below - 13:.1f}",
                anchor="start" if near_edge else anchor,
            )
        )
    # from the start uncovered: three labels at one place would lie on each other
    return tuple(found) if first_uncovered["planned"] != first_year else tuple(e for e in found if e.name == "planned")


def _ends(levels: Mapping[str, tuple[float, str]]) -> tuple[EndLabel, ...]:
    """Return the labels at the lines' ends, pushed apart downward from the highest."""
    found, before = [], -math.inf
    for name, (y, words) in sorted(levels.items(), key=lambda item: item[1][0]):
        before = max(y, before + APART)
        found.append(EndLabel(name, f"{before + 4:.1f}", words))
    return tuple(found)


def coverage_bar(ratio: float | None) -> tuple[str, float | None]:
    """Return the bar's length in thousandths of its track, and the share of it that is 100 % where it is longer than that."""
    known = max(ratio or 0.0, 0.0)
    track = 1.0 if known <= 1 else max(1.4, known * 1.05)
    return f"{known / track * 1000:.1f}", None if track == 1.0 else 1.0 / track
