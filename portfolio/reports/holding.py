"""One holding through time: its price with the household's own trades, lots, income so far and ahead, gain in its parts."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from portfolio.engine.forecast import year_ahead
from portfolio.engine.gains import gains
from portfolio.engine.income import income_entries
from portfolio.engine.ledger import Ledger
from portfolio.engine.payers import payers_of
from portfolio.engine.periods import iso, to_day
from portfolio.engine.valuation import Valuation, value_ledger
from portfolio.engine.yields import holding_yields
from portfolio.reports.dashboard import UpcomingPayment
from portfolio.reports.holdings import positions
from portfolio.reports.plain import known, or_nan
from portfolio.reports.review_parts import Move, Position, Realised
from portfolio.reports.review_sections import moves, realised


@dataclass(frozen=True, slots=True)
class LotLine:
    account: str
    date: str  # of purchase
    quantity: float
    cost: float | None  # reporting currency
    value: float | None  # clean
    gain: float | None


@dataclass(frozen=True, slots=True)
class IncomeLine:
    date: str
    kind: str
    gross: float | None
    tax: float | None
    net: float | None
    is_special: bool


@dataclass(frozen=True, slots=True)
class PricePoint:
    date: str
    close: float  # as of today's units: earlier closes are divided by later splits


@dataclass(frozen=True, slots=True)
class HoldingReport:
    """Money in the reporting currency; gains since the first row."""

    as_of: str
    base_currency: str
    symbol: str
    name: str
    type: str
    currency: str
    track: str
    quantity: float
    value: float | None
    price_gain: float | None  # with the cross part
    currency_gain: float | None
    income_and_charges: float | None
    gain: float | None
    net_trailing: float | None  # yield
    net_forward: float | None
    on_cost: float | None
    closes: tuple[PricePoint, ...]
    moves: tuple[Move, ...]
    positions: tuple[Position, ...]
    lots: tuple[LotLine, ...]
    realised: tuple[Realised, ...]
    income: tuple[IncomeLine, ...]  # the latest first
    upcoming: tuple[UpcomingPayment, ...]


def build_holding(*, ledger: Ledger, symbol: str, as_of: dt.date, base: str) -> HoldingReport | None:
    """Return the report of one symbol; None for one the ledger doesn't know."""
    number = next((place for place, each in enumerate(ledger.instruments) if each.symbol == symbol), None)
    if number is None:
        return None
    day = to_day(as_of)
    valuation = value_ledger(ledger=ledger, base=base, first_day=day, last_day=day)
    first = valuation.grid.first + 1
    gain = gains(valuation=valuation, first_day=first, last_day=day) if first <= day else None
    payers = payers_of(valuation=valuation)
    price_gain, currency_gain = gain.parts_of(symbol) if gain else (0.0, 0.0)
    total = gain.of(symbol) if gain else 0.0
    found = next((each for each in holding_yields(valuation=valuation, payers=payers) if each.instrument == number), None)
    held = tuple(each for each in positions(valuation=valuation) if each.symbol == symbol)
    what = ledger.instruments[number]
    return HoldingReport(
        as_of=as_of.isoformat(),
        base_currency=base,
        symbol=symbol,
        name=what.name,
        type=what.type,
        currency=what.currency,
        track=what.track,
        quantity=sum(each.quantity for each in held),
        value=known(sum(or_nan(each.value) for each in held)),
        price_gain=known(price_gain),
        currency_gain=known(currency_gain),
        income_and_charges=known(total - price_gain - currency_gain),
        gain=known(total),
        net_trailing=known(found.net_trailing) if found else None,
        net_forward=known(found.net_forward) if found else None,
        on_cost=known(found.on_cost) if found else None,
        closes=_closes(valuation, number),
        moves=tuple(each for each in moves(valuation=valuation, first_day=first) if each.symbol == symbol),
        positions=held,
        lots=_lots(valuation, number),
        realised=tuple(each for each in realised(valuation=valuation, first_day=first) if each.symbol == symbol),
        income=tuple(
            IncomeLine(iso(e.day), e.kind, known(e.gross), known(e.tax), known(e.net), e.is_special)
            for e in reversed(income_entries(valuation=valuation, payers=payers))
            if e.payer == symbol
        ),
        upcoming=tuple(
            UpcomingPayment(iso(each.day), symbol, each.kind, each.certainty, known(each.net))
            for each in year_ahead(valuation=valuation, payers=payers)
            if each.instrument == number
        ),
    )


def _closes(valuation: Valuation, number: int) -> tuple[PricePoint, ...]:
    """Return the days with a price of their own since the household first held the instrument."""
    paper = valuation.papers.get(number)
    if paper is None:
        return ()
    days = np.arange(valuation.grid.first, valuation.grid.last + 1)
    values = paper.prices.values.copy()
    for day, ratio in paper.splits:
        values[days < day] /= ratio
    held = np.flatnonzero(paper.units)
    start = max(int(held[0]) - 30, 0) if len(held) else 0
    own = [place for place in np.flatnonzero(paper.prices.days == days).tolist() if place >= start]
    return tuple(PricePoint(iso(int(days[place])), float(values[place])) for place in own)


def _lots(valuation: Valuation, number: int) -> tuple[LotLine, ...]:
    found = []
    for held in valuation.books.holdings:
        if held.instrument != number:
            continue
        worth = float(valuation.papers[number].clean[-1]) * float(valuation.rate(number)[-1])
        for units, cost, day in held.lots:
            account = valuation.ledger.accounts[held.account]
            value = units * worth
            found.append(LotLine(account, iso(day), units, known(cost), known(value), known(value - cost)))
    return tuple(sorted(found, key=lambda lot: (lot.date, lot.account)))
