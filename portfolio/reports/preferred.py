"""The three tools for preferred shares as one report: who gets what of a sale, whether a call pays, what a share yields."""

from collections.abc import Sequence
from dataclasses import dataclass

from portfolio.engine.preferred import (
    Payout,
    PreferredYields,
    Refinancing,
    ShareClass,
    break_points,
    liquidation,
    preferred_yields,
    refinancing,
)

# what the curves are drawn from is exact between break points; these are the rows of the table
STEPS = 10
_FLAT = 1e-6


@dataclass(frozen=True, slots=True)
class Step:
    proceeds: float
    payouts: tuple[Payout, ...]  # in the order of the classes, the common shares last


@dataclass(frozen=True, slots=True)
class Change:
    name: str  # of the class
    event: str  # begins, stops, converts, faster, slower: what its payout does from here on


@dataclass(frozen=True, slots=True)
class BreakPoint:
    proceeds: float
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Liquidation:
    classes: tuple[ShareClass, ...]
    low: float
    high: float
    proceeds: float
    payouts: tuple[Payout, ...]  # of `proceeds`
    break_points: tuple[BreakPoint, ...]  # from low to high
    steps: tuple[Step, ...]  # even steps from low to high
    corners: tuple[Step, ...]  # low, break points, high: straight lines between them are the payouts


@dataclass(frozen=True, slots=True)
class Sensitivity:
    new_rate: float  # a fraction
    outcome: Refinancing


@dataclass(frozen=True, slots=True)
class RefinancingReport:
    outcome: Refinancing
    break_even_rate: float | None  # the new rate at which nothing is won over the horizon; None without one
    sensitivity: tuple[Sensitivity, ...]


def build_liquidation(*, classes: Sequence[ShareClass], low: float, high: float, proceeds: float) -> Liquidation:
    """Return payouts over a range of proceeds. Raises ImpossibleClassesError."""
    inside = [each for each in break_points(classes=classes, most=high) if low < each < high]
    places = [low + (high - low) * number / STEPS for number in range(STEPS + 1)]
    return Liquidation(
        classes=tuple(classes),
        low=low,
        high=high,
        proceeds=proceeds,
        payouts=tuple(liquidation(classes=classes, proceeds=proceeds)),
        break_points=tuple(BreakPoint(each, _changes(classes, each, high)) for each in inside),
        steps=tuple(_step(classes, each) for each in places),
        corners=tuple(_step(classes, each) for each in (low, *inside, high)),
    )


def _step(classes: Sequence[ShareClass], proceeds: float) -> Step:
    return Step(proceeds, tuple(liquidation(classes=classes, proceeds=proceeds)))


def _changes(classes: Sequence[ShareClass], at: float, high: float) -> tuple[Change, ...]:
    """Return what each class does differently after a break point."""
    width = high * 1e-5
    before, here, after = (_step(classes, each).payouts for each in (max(at - width, 0.0), at, at + width))
    found = []
    for early, middle, late in zip(before, here, after, strict=True):
        was, becomes = (middle.amount - early.amount) / width, (late.amount - middle.amount) / width
        event = _event(was, becomes, converts=late.converted and not early.converted)
        if event:
            found.append(Change(early.name, event))
    return tuple(found)


def _event(was: float, becomes: float, *, converts: bool) -> str:
    if converts:
        return "converts"
    if abs(was - becomes) < _FLAT * 100:
        return ""
    if abs(was) < _FLAT:
        return "begins"
    if abs(becomes) < _FLAT:
        return "stops"
    return "faster" if becomes > was else "slower"


def build_refinancing(
    *,
    principal: float,
    old_rate: float,
    new_rate: float,
    call_premium: float,
    costs: float,
    years: float | None = None,
    discount: float = 0.0,
    tax_rate: float = 0.0,
) -> RefinancingReport:
    """Return whether a call pays, and how that depends on the new rate: steps of half a point around it."""

    def at(rate: float) -> Refinancing:
        return refinancing(
            principal=principal,
            old_rate=old_rate,
            new_rate=rate,
            call_premium=call_premium,
            costs=costs,
            years=years,
            discount=discount,
            tax_rate=tax_rate,
        )

    rates = sorted({round(new_rate + step * 0.005, 6) for step in range(-4, 5) if new_rate + step * 0.005 >= 0})
    free, nothing_saved = at(0.0).net_present_value, at(old_rate).net_present_value
    break_even = None
    if free is not None and nothing_saved is not None and free > 0 and free > nothing_saved:
        # the present value falls in a straight line as the new rate rises
        break_even = old_rate * free / (free - nothing_saved)
    return RefinancingReport(at(new_rate), break_even, tuple(Sensitivity(rate, at(rate)) for rate in rates))


def build_yields(
    *,
    price: float,
    dividend: float,
    call_price: float | None,
    years_to_call: float | None,
    a_year: int,
    cumulative: bool,
    missed: float,
) -> PreferredYields:
    """Return what a preferred share yields at a price. Raises ImpossibleClassesError."""
    return preferred_yields(
        price=price,
        dividend=dividend,
        call_price=call_price,
        years_to_call=years_to_call,
        a_year=a_year,
        cumulative=cumulative,
        missed=missed,
    )
