"""Payouts over proceeds as lines with their names, and the break points as numbered marks. Places only; computes no figure."""

from dataclasses import dataclass
from itertools import pairwise

from portfolio import formatting as show
from portfolio.reports.preferred import Liquidation
from portfolio.views.line_axis import Unit, decimals_of, lines_between, step_between, unit_of

# the classes take these in turn; the common shares have one of their own
STYLES = ("l-acc", "l-ink", "l-acc broken", "l-ink broken", "l-acc dotted", "l-ink dotted")
COMMON = "l-mute"
# words at the lines' ends keep this distance, in per cent of the height
APART = 6.0


@dataclass(frozen=True, slots=True)
class Line:
    """One class: its path in a box of 1000 × 1000 that stretches, its name at the end."""

    name: str
    path: str
    style: str
    y: str  # of the name, per cent


@dataclass(frozen=True, slots=True)
class Mark:
    """A word at a place along one axis, per cent. far: left out on the phone."""

    at: str
    words: str
    far: bool = False


@dataclass(frozen=True, slots=True)
class PayoutDrawing:
    """What the template draws."""

    lines: tuple[Line, ...]
    levels: tuple[Mark, ...]
    proceeds: tuple[Mark, ...]
    breaks: tuple[Mark, ...]
    asked: str  # place of the proceeds asked for; empty where they are out of the range


def payout_drawing(*, report: Liquidation, names: list[str]) -> PayoutDrawing:
    """Return the shapes. names: of the lines in the order of the payouts."""
    low, high = report.low, report.high
    top = max(each.amount for step in report.corners for each in step.payouts) or 1.0
    unit = unit_of(high, currency="TWD")

    def across(value: float) -> float:
        return (value - low) / (high - low) * 100

    def down(value: float) -> float:
        return (1 - value / top) * 100

    paths = [
        "M"
        + "L".join(f"{across(step.proceeds) * 10:.1f} {down(step.payouts[place].amount) * 10:.1f}" for step in report.corners)
        for place in range(len(names))
    ]
    ends = _apart([down(each.amount) for each in report.corners[-1].payouts])
    return PayoutDrawing(
        lines=tuple(
            Line(name, path, COMMON if place == len(names) - 1 else STYLES[place % len(STYLES)], f"{ends[place]:.2f}%")
            for place, (name, path) in enumerate(zip(names, paths, strict=True))
        ),
        levels=tuple(Mark(f"{down(value):.2f}%", _words(value, top, 0.0, unit)) for value in lines_between(0.0, top)),
        proceeds=tuple(
            Mark(f"{across(value):.2f}%", _words(value, high, low, unit), far=place % 2 == 1)
            for place, value in enumerate(lines_between(low, high))
        ),
        breaks=tuple(
            Mark(f"{across(each.proceeds):.2f}%", str(place)) for place, each in enumerate(report.break_points, start=1)
        ),
        asked=f"{across(report.proceeds):.2f}%" if low <= report.proceeds <= high else "",
    )


def _words(value: float, high: float, low: float, unit: Unit) -> str:
    decimals = decimals_of(step_between(low, high) / unit.per)
    return unit.words(value, decimals=decimals) if value else show.number(0, decimals=0)


def _apart(places: list[float]) -> list[float]:
    """Move words that would touch: pushed down in their order, then up from the bottom."""
    order = sorted(range(len(places)), key=lambda each: places[each])
    moved = list(places)
    for before, each in pairwise(order):
        moved[each] = max(moved[each], moved[before] + APART)
    limit = 100.0
    for each in reversed(order):
        moved[each] = min(moved[each], limit)
        limit = moved[each] - APART
    return moved
