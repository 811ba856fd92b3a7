"""Preferred shares: who gets what when a company is sold, whether to call an issue, what a share yields.

Pure functions of plain numbers, independent of the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class ShareClass:
    """One class of preferred shares in the order of payment."""

    name: str
    invested: float
    multiple: float  # preference = invested x multiple
    share: float  # of the company when converted, a fraction
    seniority: int = 1  # 1 is paid first; equal ranks share in proportion to their preferences
    participating: bool = False  # takes its preference and its share of the rest
    cap: float | None = None  # of everything a participating class gets, in multiples of what was invested

    @property
    def preference(self) -> float:
        """What is paid before the common shares."""
        return self.invested * self.multiple


@dataclass(frozen=True, slots=True)
class Payout:
    """What one class gets; `common` is the last line."""

    name: str
    amount: float
    converted: bool


class ImpossibleClassesError(ValueError):
    """The classes can't be: the message says why."""


def liquidation(*, classes: Sequence[ShareClass], proceeds: float) -> list[Payout]:
    """Return who gets what of the proceeds, the common shares last; the amounts sum to the proceeds.

    A class that may convert does so when its share of what is left is worth more than what it gets as preferred, given
    what the others do. Classes decide in the order of their preference per share, the cheapest first: who gives up less
    converts earlier, so a choice once taken stays right as more proceeds come in.
    Worked case: 1,000,000 for 20 % at 1.5 x of 3,000,000: 1,800,000 participating, 1,500,000 not.
    """
    _check(classes, proceeds)
    order = sorted(range(len(classes)), key=lambda place: _price_of_converting(classes[place]))
    converted: set[int] = set()
    for place in order:
        if not classes[place].participating or classes[place].cap is not None:
            before = _amounts(classes, proceeds, converted)[place]
            after = _amounts(classes, proceeds, converted | {place})[place]
            if after > before + TOLERANCE * max(proceeds, 1.0):
                converted.add(place)
    amounts = _amounts(classes, proceeds, converted)
    lines = [Payout(each.name, amounts[place], place in converted) for place, each in enumerate(classes)]
    return [*lines, Payout("common", amounts[-1], False)]


def _price_of_converting(each: ShareClass) -> float:
    """What a class gives up per share of the company by converting."""
    kept = each.preference if not each.participating else (each.cap or float("inf")) * each.invested
    return kept / each.share if each.share > 0 else float("inf")


def _amounts(classes: Sequence[ShareClass], proceeds: float, converted: set[int]) -> list[float]:
    """Return each class's amount and the common's, for a given choice of conversions."""
    amounts = [0.0] * (len(classes) + 1)
    left = proceeds
    for rank in sorted({each.seniority for each in classes}):
        owed = {
            place: each.preference for place, each in enumerate(classes) if each.seniority == rank and place not in converted
        }
        total = sum(owed.values())
        paid = min(total, left)
        for place, preference in owed.items():
            amounts[place] = preference * (paid / total) if total > 0 else 0.0
        left -= paid
    weights = {len(classes): 1.0 - sum(each.share for each in classes)}
    weights |= {place: each.share for place, each in enumerate(classes) if each.participating or place in converted}
    _share_out(classes, amounts, weights, left, converted)
    return amounts


def _share_out(
    classes: Sequence[ShareClass], amounts: list[float], weights: dict[int, float], left: float, converted: set[int]
) -> None:
    """Give what is left to those who take part, by their shares, until capped classes are full."""
    room = {
        place: max(each.cap * each.invested - amounts[place], 0.0)
        for place, each in enumerate(classes)
        if each.participating and each.cap is not None and place not in converted
    }
    while left > TOLERANCE:
        open_weights = {place: weight for place, weight in weights.items() if weight > 0 and room.get(place, 1.0) > 0}
        total = sum(open_weights.values())
        if total <= 0:
            # nobody else may take it: the common shares do
            amounts[-1] += left
            return
        full = [room[place] * total / weight for place, weight in open_weights.items() if place in room]
        step = min([left, *full])
        for place, weight in open_weights.items():
            amounts[place] += step * weight / total
            if place in room:
                room[place] = max(room[place] - step * weight / total, 0.0)
                # a rest of rounding would keep the class open for ever
                room[place] = 0.0 if room[place] <= TOLERANCE * max(step, 1.0) else room[place]
        left -= step


def _check(classes: Sequence[ShareClass], proceeds: float) -> None:
    if proceeds < 0:
        raise ImpossibleClassesError("proceeds are zero or more")
    if sum(each.share for each in classes) > 1.0 + TOLERANCE:
        raise ImpossibleClassesError("the conversion shares of all classes are more than the whole company")
    for each in classes:
        if each.invested < 0 or each.multiple < 0 or each.share < 0:
            raise ImpossibleClassesError(f"{each.name}: amounts, multiples and shares are zero or more")
        if each.cap is not None and each.cap < each.multiple:
            raise ImpossibleClassesError(f"{each.name}: a cap under the preference's multiple can't be")


def break_points(*, classes: Sequence[ShareClass], most: float) -> list[float]:
    """Return the proceeds, up to `most`, at which some class's payout changes its slope.

    The payouts are continuous and straight between break points: two lines met from both ends of a stretch cross at its
    only break, or there are several and the stretch is halved. Breaks nearer than a millionth of `most` count as one.
    """
    if most <= 0:
        return []
    found: list[float] = []
    _find_breaks(_Payouts(classes, most), 0.0, most, found)
    return sorted(found)


@dataclass(frozen=True, slots=True)
class _Payouts:
    """What everybody gets as a function of the proceeds, with its slopes on both sides of a point."""

    classes: Sequence[ShareClass]
    most: float

    @property
    def width(self) -> float:
        return self.most * 1e-7

    def at(self, proceeds: float) -> tuple[float, ...]:
        return tuple(each.amount for each in liquidation(classes=self.classes, proceeds=proceeds))

    def slope(self, low: float, high: float) -> tuple[float, ...]:
        return tuple((b - a) / (high - low) for a, b in zip(self.at(low), self.at(high), strict=True))


def _find_breaks(payouts: _Payouts, low: float, high: float, found: list[float]) -> None:
    width = payouts.width
    if high - low <= 8 * width:
        return
    first, last = payouts.slope(low, low + width), payouts.slope(high - width, high)
    chord = payouts.slope(low, high)
    if not _differ(first, last) and not _differ(first, chord):
        return
    crossing = _crossing(payouts, low, high, first, last)
    if crossing is not None:
        found.append(crossing)
        return
    middle = (low + high) / 2
    if _differ(payouts.slope(middle - width, middle), payouts.slope(middle, middle + width)):
        found.append(middle)
    # what lies within a width of the middle was looked at above
    _find_breaks(payouts, low, middle - width, found)
    _find_breaks(payouts, middle + width, high, found)


def _crossing(payouts: _Payouts, low: float, high: float, first: tuple[float, ...], last: tuple[float, ...]) -> float | None:
    """Return where the lines from both ends cross, if every class bends there and nowhere else between."""
    place = max(range(len(first)), key=lambda each: abs(first[each] - last[each]))
    bend = first[place] - last[place]
    start, end = payouts.at(low), payouts.at(high)
    if abs(bend) <= 1e-6:
        return None
    crossing = (end[place] - start[place] + first[place] * low - last[place] * high) / bend
    # lines that meet at an end are one line there, as two through the origin are
    if not low + payouts.width < crossing < high - payouts.width:
        return None
    there = payouts.at(crossing)
    from_low = (a + slope * (crossing - low) for a, slope in zip(start, first, strict=True))
    from_high = (b - slope * (high - crossing) for b, slope in zip(end, last, strict=True))
    near = payouts.most * 1e-7
    fits = all(abs(a - x) < near and abs(b - x) < near for a, b, x in zip(from_low, from_high, there, strict=True))
    return crossing if fits else None


def _differ(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return any(abs(a - b) > 1e-6 for a, b in zip(one, other, strict=True))


@dataclass(frozen=True, slots=True)
class Refinancing:
    """Whether calling an issue and issuing a new one pays."""

    saved_a_year: float  # after tax
    cost_at_once: float  # call premium and costs, after tax
    payback_years: float | None  # None where nothing is saved
    net_present_value: float | None  # over `years` at `discount`; None where no horizon is given


def refinancing(
    *,
    principal: float,
    old_rate: float,
    new_rate: float,
    call_premium: float,
    costs: float,
    years: float | None = None,
    discount: float = 0.0,
    tax_rate: float = 0.0,
) -> Refinancing:
    """Return savings, cost and payback of calling `principal` at a premium and issuing it anew.

    Rates, premium, discount and tax are fractions. Worked case: 10,000,000 from 8 % to 5 %, premium 2 %, costs 300,000:
    saves 300,000 a year, costs 500,000 at once, pays back in 1.67 years.
    """
    kept = 1.0 - tax_rate
    saved = principal * (old_rate - new_rate) * kept
    cost = (principal * call_premium + costs) * kept
    payback = cost / saved if saved > 0 else None
    if years is None:
        return Refinancing(saved, cost, payback, None)
    worth = years if discount == 0 else (1.0 - (1.0 + discount) ** -years) / discount
    return Refinancing(saved, cost, payback, saved * worth - cost)


@dataclass(frozen=True, slots=True)
class PreferredYields:
    """Yearly yields of a preferred share, fractions."""

    current: float
    to_call: float | None  # None where no call is set or no rate fits
    to_worst: float  # the lower of current (held for ever) and to call
    arrears: float  # cumulative and unpaid, per share


def preferred_yields(
    *,
    price: float,
    dividend: float,
    call_price: float | None = None,
    years_to_call: float | None = None,
    a_year: int = 4,
    cumulative: bool = False,
    missed: float = 0.0,
) -> PreferredYields:
    """Return what a preferred share yields at a price.

    dividend: a year, per share.  missed: dividends not paid, in years; a cumulative share owes them before any common
    dividend is paid.
    """
    if price <= 0 or dividend < 0:
        raise ImpossibleClassesError("the price is above zero and the dividend zero or more")
    current = dividend / price
    to_call = None
    if call_price is not None and years_to_call is not None and years_to_call > 0:
        to_call = _yield_to_call(price, dividend / a_year, call_price, max(round(years_to_call * a_year), 1), a_year)
    return PreferredYields(
        current=current,
        to_call=to_call,
        to_worst=current if to_call is None else min(current, to_call),
        arrears=dividend * missed if cumulative else 0.0,
    )


def _yield_to_call(price: float, paid: float, call_price: float, periods: int, a_year: int) -> float | None:
    def worth(rate: float) -> float:
        return sum(paid / (1.0 + rate) ** each for each in range(1, periods + 1)) + call_price / (1.0 + rate) ** periods

    low, high = -0.99, 10.0
    if not worth(high) <= price <= worth(low):
        return None
    while (middle := (low + high) / 2) not in {low, high}:
        if worth(middle) > price:
            low = middle
        else:
            high = middle
    return float((1.0 + middle) ** a_year - 1.0)
