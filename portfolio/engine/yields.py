"""Yields of holdings, and since when one is under the household's floor. Knows payers and prices, no money."""

from dataclasses import dataclass

import numpy as np

from portfolio.engine.forecast import contract_year, per_unit_year_ahead
from portfolio.engine.kinds import Track
from portfolio.engine.ledger import Floats
from portfolio.engine.payers import Payer, payer_of
from portfolio.engine.prices import NO_SERIES
from portfolio.engine.review_measure import units_since, year_of_distributions
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


def holding_yields(*, valuation: Valuation) -> list[Yields]:
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
        ahead = per_unit_year_ahead(
            valuation=valuation, instrument=number, payer=payer_of(valuation=valuation, instrument=number)
        )
        worth = net * float(paper.units[-1]) * float(valuation.rate(number)[-1])
        on_cost = worth / cost[number] if cost[number] > 0 else float("nan")
        found.append(Yields(number, trailing / price, net / price, ahead / price, on_cost))
    return found


def watch_list(*, valuation: Valuation, floor: float = FLOOR, tolerance: float = TOLERANCE) -> list[Watch]:
    """Return the income holdings (those not on the market track) strictly below floor less tolerance, lowest first."""
    found = []
    for number, paper in valuation.papers.items():
        what = valuation.ledger.instruments[number]
        if paper.units[-1] <= 0 or what.track == Track.MARKET or not paper.clean[-1] > 0:
            continue
        payer = payer_of(valuation=valuation, instrument=number)
        ahead = per_unit_year_ahead(valuation=valuation, instrument=number, payer=payer)
        now = ahead / float(paper.clean[-1])
        if now < floor - tolerance:
            found.append(Watch(number, now, _since(valuation, number, payer, floor - tolerance)))
    return sorted(found, key=lambda watch: watch.net_forward)


def _since(valuation: Valuation, number: int, payer: Payer | None, limit: float) -> int:
    """Walk back over the days with a stored close as long as a yield was known and under the limit."""
    series, last = valuation.ledger.closes.get(number, NO_SERIES), valuation.grid.last
    what = valuation.ledger.instruments[number]
    count = int(np.searchsorted(series.days, last, side="right"))
    since = int(series.days[count - 1]) if count else last
    for place in range(count - 1, -1, -1):
        day = int(series.days[place])
        # what was known on the day, in the units of today, like the price
        if payer is not None and payer.rhythm(day) is None:
            break
        ahead = contract_year(valuation=valuation, instrument=number, day=day) if what.is_bond else _ahead(payer, day)
        price = float(series.values[place]) * what.price_unit / units_since(valuation, number, day, last)
        if not ahead * (1.0 - what.withholding_rate) / price < limit:
            break
        since = day
    return since


def _ahead(payer: Payer | None, day: int) -> float:
    return payer.year_ahead(day) if payer else 0.0


def daily_yields(*, valuation: Valuation, number: int, days: list[int]) -> Floats:
    """Return the net forward yield of one holding on each of some days, for the line of the watch list."""
    paper, what = valuation.papers[number], valuation.ledger.instruments[number]
    payer = payer_of(valuation=valuation, instrument=number)
    ahead = [
        contract_year(valuation=valuation, instrument=number, day=day)
        if what.is_bond
        else _ahead(payer, day) * units_since(valuation, number, day, valuation.grid.last)
        for day in days
    ]
    prices = paper.clean[[valuation.grid.at(day) for day in days]]
    return np.array(ahead) * (1.0 - what.withholding_rate) / prices
