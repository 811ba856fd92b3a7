"""From a ledger to one clean time series: units, prices, cash and wealth of every calendar day, in one currency.

Everything that reports say about time is computed from this object. Missing prices and rates stay NaN and make every
total that needs them NaN; nothing is guessed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portfolio.engine.bonds import accrued_interest
from portfolio.engine.kinds import CODE, KINDS, TRADES, Kind
from portfolio.engine.ledger import Floats, Ints, Ledger, Rows, Series
from portfolio.engine.lots import DUST, Books, UnitChanges, keep_books
from portfolio.engine.money import (
    CashMoves,
    RowMoney,
    by_day,
    cash_moves,
    daily_rates,
    is_kind,
    money_of_rows,
    rows_until,
    times,
)
from portfolio.engine.prices import NO_SERIES, DailyPrices, Grid, Rates, daily_prices

_IS_TRADE = np.array([kind in TRADES for kind in KINDS])
# cash that is left after everything was spent in binary fractions
PENNY_DUST = 1e-6

_Factors = tuple[tuple[int, float], ...]  # day, factor


@dataclass(frozen=True, slots=True)
class Paper:
    """One instrument through time; arrays have one entry for each day of the grid."""

    units: Floats  # held over all accounts at the close
    clean: Floats  # value of one unit without accrued interest, instrument's currency
    accrued: Floats | None  # accrued interest per unit, instrument's currency; None where there is none
    prices: DailyPrices
    splits: tuple[tuple[int, float], ...]  # of the ledger: day, new units per old unit
    # what the splits did to the units held over all accounts, of which one may lack its row: day, factor
    split_effects: tuple[tuple[int, float], ...]

    @property
    def dirty(self) -> Floats:
        """Value of one unit with accrued interest, instrument's currency."""
        return self.clean if self.accrued is None else self.clean + self.accrued


@dataclass(frozen=True, slots=True)
class Flows:
    """External flows of each day, reporting currency, both as sizes >= 0."""

    money_in: Floats  # counts from the start of its day
    money_out: Floats  # counts to the end of its day


@dataclass(frozen=True, slots=True)
class Valuation:
    """A ledger, day by day, in the reporting currency."""

    ledger: Ledger
    rows: Rows  # those dated inside the grid or before
    grid: Grid
    rates: Rates
    money: RowMoney
    books: Books
    moves: CashMoves
    papers: dict[int, Paper]  # by index of the instrument; those that were ever held
    cash: Floats  # balance of each cash currency, shape (currencies, days)
    cash_rates: Floats  # reporting currency per unit, same shape
    wealth: Floats  # of each day; NaN where a price or rate is missing
    flows: Flows
    held: NDArray[np.bool_]  # days with a holding at the close
    trading: NDArray[np.bool_]  # days with a stored close of an instrument that is held at this close or the one before

    def rate(self, instrument: int) -> Floats:
        """Return the daily rate of an instrument's currency."""
        return self.rates.of(self.ledger.instruments[instrument].currency)


def moved(*, valuation: Valuation, first_day: int, kinds: tuple[Kind, ...]) -> float:
    """Return what the rows of some kinds moved from a day on, reporting currency, a size."""
    rows = valuation.rows
    return float(valuation.money.value[is_kind(rows, *kinds) & (rows.day >= first_day)].sum())


def value_ledger(*, ledger: Ledger, base: str, first_day: int, last_day: int) -> Valuation:
    """Value everything on every calendar day from `first_day` (or the day before the first row) to `last_day`.

    base: reporting currency.
    """
    rows = rows_until(rows=ledger.rows, day=last_day)
    start = min(first_day, int(rows.day[0]) - 1) if len(rows) else first_day
    grid = Grid(start, last_day)
    rates = Rates(pairs=ledger.rates, base=base, grid=grid)
    currency_rates = daily_rates(ledger=ledger, rates=rates)
    money = money_of_rows(ledger=ledger, rows=rows, currency_rates=currency_rates, base=base, grid=grid)
    books = keep_books(rows=rows, money=money)
    moves = cash_moves(ledger=ledger, rows=rows, money=money)
    papers = _papers(ledger, rows, money, books, grid)
    cash = _balances(moves, grid)
    cash_rates = np.array([rates.of(currency) for currency in moves.currencies]).reshape(cash.shape)
    wealth = times(cash, cash_rates).sum(axis=0)
    anything, trading = np.zeros(len(grid), np.bool_), np.zeros(len(grid), np.bool_)
    for instrument, paper in papers.items():
        held = paper.units != 0
        value = np.zeros(len(grid))
        np.multiply(paper.units, paper.dirty, out=value, where=held)
        np.multiply(value, rates.of(ledger.instruments[instrument].currency), out=value, where=held)
        wealth += value
        stored = ledger.closes.get(instrument, NO_SERIES).days
        low, high = np.searchsorted(stored, (grid.first, grid.last + 1))
        at = stored[low:high] - grid.first
        # the close of the day on which everything is sold counts, so that no return reaches over the time without
        trading[at] |= held[at] | held[np.maximum(at - 1, 0)]
        anything |= held
    flows = _external_flows(rows, money, grid)
    return Valuation(ledger, rows, grid, rates, money, books, moves, papers, cash, cash_rates, wealth, flows, anything, trading)


def _papers(ledger: Ledger, rows: Rows, money: RowMoney, books: Books, grid: Grid) -> dict[int, Paper]:
    changes = books.changes
    trades, splits = _trade_prices(rows, money), _splits(rows)
    papers = {}
    for instrument, events in _grouped(changes.instrument).items():
        units = np.cumsum(by_day(changes.day[events] - grid.first, changes.units[events], len(grid)))
        units[np.abs(units) < DUST * max(float(np.abs(units).max()), 1.0)] = 0.0
        own = trades.get(instrument, NO_SERIES)
        ratios = tuple(sorted(splits.get(instrument, {}).items()))
        effects = _split_effects(changes, events[changes.split[events]], units, grid)
        papers[instrument] = _paper(ledger, instrument, units, own, splits=(ratios, effects), grid=grid)
    return papers


def _grouped(keys: Ints) -> dict[int, Ints]:
    """Return the places of each key, in order."""
    order = np.argsort(keys, kind="stable")
    found, starts = np.unique(keys[order], return_index=True)
    return dict(zip(found.tolist(), np.split(order, starts[1:]), strict=True)) if len(found) else {}


def _split_effects(changes: UnitChanges, events: Ints, units: Floats, grid: Grid) -> _Factors:
    """Return what each split day did to the units of the night before, as a factor."""
    found = []
    for day in sorted(set(changes.day[events].tolist())):
        added = float(changes.units[events[changes.day[events] == day]].sum())
        before = float(units[grid.at(day) - 1])
        if before > 0:
            found.append((day, (before + added) / before))
    return tuple(found)


def _splits(rows: Rows) -> dict[int, dict[int, float]]:
    """Return the ratio of each instrument's split days; several accounts may report the same split."""
    found: dict[int, dict[int, float]] = {}
    for row in np.flatnonzero(rows.kind == CODE[Kind.SPLIT]).tolist():
        found.setdefault(int(rows.instrument[row]), {})[int(rows.day[row])] = float(rows.quantity[row])
    return found


def _paper(
    ledger: Ledger, number: int, units: Floats, trades: Series, *, splits: tuple[_Factors, _Factors], grid: Grid
) -> Paper:
    instrument = ledger.instruments[number]
    own = Series(trades.days, trades.values / instrument.price_unit)
    prices = daily_prices(series=ledger.closes.get(number, NO_SERIES), trades=own, splits=splits[0], grid=grid)
    accrued = None
    if instrument.is_bond:
        held = units != 0
        # the day before a purchase and the day of a sale need it too
        held[:-1] |= held[1:]
        held[1:] |= held[:-1]
        accrued = np.zeros(len(grid))
        accrued[held] = accrued_interest(bond=instrument, days=np.flatnonzero(held) + grid.first)
    return Paper(units, prices.values * instrument.price_unit, accrued, prices, *splits)


def _trade_prices(rows: Rows, money: RowMoney) -> dict[int, Series]:
    """Return the value of one unit in each instrument's own trades, the last of a day."""
    trade = np.flatnonzero(_IS_TRADE[rows.kind] & (rows.instrument >= 0) & (money.own_price > 0))
    found = {}
    for instrument, places in _grouped(rows.instrument[trade]).items():
        mine = trade[places]
        days = rows.day[mine]
        last = np.append(days[1:] != days[:-1], True)
        found[instrument] = Series(days[last], money.own_price[mine][last])
    return found


def _balances(moves: CashMoves, grid: Grid) -> Floats:
    count = len(moves.currencies)
    cells = moves.currency * len(grid) + (moves.day - grid.first)
    daily = by_day(cells, moves.amount, count * len(grid)).reshape(count, len(grid))
    balances: Floats = np.cumsum(daily, axis=1)
    balances[np.abs(balances) < PENNY_DUST] = 0.0
    return balances


def _external_flows(rows: Rows, money: RowMoney, grid: Grid) -> Flows:
    def daily(*kinds: Kind) -> Floats:
        mine = is_kind(rows, *kinds)
        return by_day(rows.day[mine] - grid.first, money.value[mine], len(grid))

    return Flows(
        money_in=daily(Kind.DEPOSIT, Kind.DELIVERY_IN),
        money_out=daily(Kind.WITHDRAWAL, Kind.SALARY, Kind.DELIVERY_OUT),
    )
