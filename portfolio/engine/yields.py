"""Yields of holdings, and since when one is under the household's floor. Knows payers and prices, no money."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from portfolio.engine.bonds import coupons
from portfolio.engine.forecast import contract_year, per_unit_year_ahead
from portfolio.engine.kinds import Track
from portfolio.engine.ledger import Days, Floats
from portfolio.engine.payers import Payer, around_months_later
from portfolio.engine.prices import NO_SERIES
from portfolio.engine.review_measure import splits_of, year_of_distributions
from portfolio.engine.valuation import Valuation

FLOOR = 0.04
TOLERANCE = 0.0005


@dataclass(frozen=True, slots=True)
class Yields:
    """Fractions of the clean market price, on cost for `on_cost`; NaN where there is no price or no cost."""

    instrument: int
    gross_trailing: float
    net_trailing: float
    net_forward: float
    on_cost: float  # net trailing over average cost


@dataclass(frozen=True, slots=True)
class Watch:
    """An income holding whose net forward yield is under the floor."""

    instrument: int
    net_forward: float
    since: int  # first priced day of the unbroken run below the floor


def holding_yields(*, valuation: Valuation, payers: Mapping[int, Payer]) -> list[Yields]:
    """Return the yields of everything held at the end."""
    cost = dict.fromkeys(valuation.papers, 0.0)
    for held in valuation.books.holdings:
        cost[held.instrument] += held.cost_average
    found = []
    for number, paper in valuation.papers.items():
        if paper.units[-1] <= 0:
            continue
        price, what = float(paper.clean[-1]), valuation.ledger.instruments[number]
        trailing = year_of_distributions(valuation=valuation, instrument=number, last_day=valuation.grid.last)
        net = trailing * (1.0 - what.withholding_rate)
        ahead = per_unit_year_ahead(valuation=valuation, instrument=number, payer=payers.get(number))
        worth = net * float(paper.units[-1]) * float(valuation.rate(number)[-1])
        on_cost = worth / cost[number] if cost[number] > 0 else float("nan")
        found.append(Yields(number, trailing / price, net / price, ahead / price, on_cost))
    return found


def watch_list(
    *, valuation: Valuation, payers: Mapping[int, Payer], floor: float = FLOOR, tolerance: float = TOLERANCE
) -> list[Watch]:
    """Return the income holdings (those not on the market track) strictly below floor less tolerance, lowest first."""
    found = []
    for number, paper in valuation.papers.items():
        what = valuation.ledger.instruments[number]
        if paper.units[-1] <= 0 or what.track == Track.MARKET or not paper.clean[-1] > 0:
            continue
        payer = payers.get(number)
        ahead = per_unit_year_ahead(valuation=valuation, instrument=number, payer=payer)
        now = ahead / float(paper.clean[-1])
        if now < floor - tolerance:
            found.append(Watch(number, now, _since(valuation, number, payer, floor - tolerance)))
    return sorted(found, key=lambda watch: watch.net_forward)


def _since(valuation: Valuation, number: int, payer: Payer | None, limit: float) -> int:
    """Walk back over the days with a stored close as long as a yield was known and under the limit.

    What a unit is expected to pay changes on a few days only, so prices are judged a stretch at a time.
    """
    last, what = valuation.grid.last, valuation.ledger.instruments[number]
    days, prices = _priced_days(valuation, number)
    since = int(days[-1]) if len(days) else last
    stops = _change_days(valuation, number, payer)
    stop = len(days)
    while stop > 0:
        day = int(days[stop - 1])
        at = bisect_right(stops, day) - 1
        start = int(np.searchsorted(days, stops[at])) if at >= 0 else 0
        ahead = contract_year(valuation=valuation, instrument=number, day=day)
        if payer is not None:
            if payer.rhythm(day) is None:
                break
            ahead = payer.year_ahead(day)
        above = np.flatnonzero(ahead * (1.0 - what.withholding_rate) / prices[start:stop] >= limit)
        first = start + int(above[-1]) + 1 if len(above) else start
        if first < stop:
            since = int(days[first])
        if len(above):
            break
        stop = start
    return since


def _priced_days(valuation: Valuation, number: int) -> tuple[Days, Floats]:
    """Return the days with a stored close and the value of one of today's units on each."""
    series, last = valuation.ledger.closes.get(number, NO_SERIES), valuation.grid.last
    count = int(np.searchsorted(series.days, last, side="right"))
    days, prices = series.days[:count], series.values[:count] * valuation.ledger.instruments[number].price_unit
    for day, ratio in splits_of(valuation, number).items():
        if day <= last:
            prices = np.where(days < day, prices / ratio, prices)
    return days, prices


def _change_days(valuation: Valuation, number: int, payer: Payer | None) -> list[int]:
    """Return every day on which the expectation of the year ahead may change, ascending."""
    if payer is not None:
        return payer.change_days
    paid = coupons(bond=valuation.ledger.instruments[number])[0].tolist()
    return sorted({*paid, *(day for coupon in paid for day in around_months_later(coupon, -12))})
