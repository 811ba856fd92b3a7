"""When holdings went under the household's yield floor and when they came back. Judges each day by what was known then.

The rule is that of the watch list (`yields`); this module only walks over all days instead of back from the last.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from portfolio.engine.bonds import coupons
from portfolio.engine.forecast import contract_year
from portfolio.engine.kinds import Track
from portfolio.engine.ledger import Days, Floats
from portfolio.engine.payers import Payer, around_months_later
from portfolio.engine.periods import months_later, to_date, to_day
from portfolio.engine.prices import NO_SERIES
from portfolio.engine.review_measure import splits_of
from portfolio.engine.valuation import Valuation
from portfolio.engine.yields import FLOOR, TOLERANCE

YEARS = 3


@dataclass(frozen=True, slots=True)
class WatchRun:
    """An unbroken stretch of priced days under the floor."""

    instrument: int
    since: int  # first priced day under it
    until: int | None  # first priced day back over it, or the first without it; None: still under
    lowest: float  # net forward yield, a fraction
    is_sold: bool = False  # it ended with the holding


def watch_runs(
    *, valuation: Valuation, payers: Mapping[int, Payer], floor: float = FLOOR, tolerance: float = TOLERANCE
) -> list[WatchRun]:
    """Return the runs of the last three years in which an income holding was held, the latest first."""
    found: list[WatchRun] = []
    for number, paper in valuation.papers.items():
        if valuation.ledger.instruments[number].track == Track.MARKET:
            continue
        days, yields = _yields(valuation, number, payers.get(number))
        held = paper.units > 0
        for run in _runs(number, days, yields, floor - tolerance):
            first = max(run.since - valuation.grid.first, 0)
            last = len(held) if run.until is None else max(run.until - valuation.grid.first, 0)
            under = np.flatnonzero(held[first:last])
            if len(under):
                gone = first + int(under[-1]) + 1
                # the holding went before the yield came back
                sold = gone < last
                found.append(replace(run, until=valuation.grid.first + gone, is_sold=True) if sold else run)
    return sorted(found, key=lambda run: (run.until is not None, -run.since))


def _yields(valuation: Valuation, number: int, payer: Payer | None) -> tuple[Days, Floats]:
    """Return the priced days and the net forward yield on each; NaN where nothing was expected yet."""
    what, last = valuation.ledger.instruments[number], valuation.grid.last
    series = valuation.ledger.closes.get(number, NO_SERIES)
    # a year before the three, so that a run that was under way is not cut where the window starts
    begin = to_day(months_later(to_date(last), -12 * (YEARS + 1)))
    wanted = (series.days >= begin) & (series.days <= last)
    days, prices = series.days[wanted], series.values[wanted] * what.price_unit
    for day, ratio in splits_of(valuation, number).items():
        if day <= last:
            prices = np.where(days < day, prices / ratio, prices)
    stops = payer.change_days if payer is not None else _bond_days(valuation, number)
    expected: dict[int, float] = {}
    ahead = np.empty(len(days))
    for place, day in enumerate(days.tolist()):
        # what a unit is expected to pay changes on a few days only
        at = bisect_right(stops, day)
        if at not in expected:
            expected[at] = _ahead(valuation, number, payer, day)
        ahead[place] = expected[at]
    return days, ahead * (1.0 - what.withholding_rate) / prices


def _bond_days(valuation: Valuation, number: int) -> list[int]:
    paid = coupons(bond=valuation.ledger.instruments[number])[0].tolist()
    return sorted({*paid, *(day for coupon in paid for day in around_months_later(coupon, -12))})


def _ahead(valuation: Valuation, number: int, payer: Payer | None, day: int) -> float:
    if payer is None:
        return contract_year(valuation=valuation, instrument=number, day=day)
    return payer.year_ahead(day) if payer.rhythm(day) is not None else float("nan")


def _runs(number: int, days: Days, yields: Floats, limit: float) -> list[WatchRun]:
    begin = to_day(months_later(to_date(int(days[-1])), -12 * YEARS)) if len(days) else 0
    under = yields < limit
    edges = np.flatnonzero(np.diff(np.concatenate(([False], under, [False])).astype(np.int8)))
    found = []
    for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        until = int(days[stop]) if stop < len(days) else None
        if until is None or until >= begin:
            found.append(WatchRun(number, int(days[start]), until, float(yields[start:stop].min())))
    return found
