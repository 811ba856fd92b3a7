"""Closes and exchange rates on every calendar day. Knows series and days; nothing of units or money."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portfolio.engine.kinds import MINOR_UNITS
from portfolio.engine.ledger import Days, Floats, Series

NO_SERIES = Series(np.empty(0, np.int64), np.empty(0, np.float64))


@dataclass(frozen=True, slots=True)
class Grid:
    """The calendar days a computation looks at, both ends inside."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1

    def at(self, day: int) -> int:
        """Return the row of a day in daily arrays."""
        return day - self.first


@dataclass(frozen=True, slots=True)
class DailyPrices:
    """One instrument's price on each day of a grid, per unit as held on that day."""

    values: Floats  # as quoted; NaN before anything is known
    days: Days  # day the price is from; -1 where unknown
    from_trade: NDArray[np.bool_]  # no close was stored yet: the household's own last trade


def last_known(*, series: Series, grid: Grid) -> NDArray[np.int64]:
    """Return, for each day of the grid, the index of the last entry on or before it; -1 before the first."""
    low, high = np.searchsorted(series.days, (grid.first, grid.last + 1))
    steps = np.zeros(len(grid), np.int64)
    steps[series.days[low:high] - grid.first] = 1
    index: NDArray[np.int64] = np.cumsum(steps)
    index += low - 1
    return index


def daily_prices(*, series: Series, trades: Series, splits: Iterable[tuple[int, float]], grid: Grid) -> DailyPrices:
    """Return the price of each day: the last close on or before it, never one from after it.

    A price that is carried over a split is divided by its ratio, so that it fits the units of the day. Until the first
    stored close the last trade's own price stands in; a stored close wins from its day on.

    series: stored closes as traded.  trades: prices of the household's own trade rows, last of each day.
    splits: (ex-day, new units per old unit).
    """
    index = last_known(series=series, grid=grid)
    known = index >= 0
    if len(series.days) and known[0]:
        values, days = series.values[index], series.days[index]
    else:
        values, days = np.full(len(grid), np.nan), np.full(len(grid), -1, np.int64)
        values[known], days[known] = series.values[index[known]], series.days[index[known]]
    from_trade = np.zeros(len(grid), np.bool_)
    if len(trades.days) and not known[0]:
        trade_index = last_known(series=trades, grid=grid)
        from_trade = ~known & (trade_index >= 0)
        values[from_trade] = trades.values[trade_index[from_trade]]
        days[from_trade] = trades.days[trade_index[from_trade]]
    for ex_day, ratio in splits:
        carried = (days < ex_day) & (np.arange(grid.first, grid.last + 1) >= ex_day)
        values[carried] /= ratio
    return DailyPrices(values, days, from_trade)


class Rates:
    """Reporting currency per unit of any currency, day by day, from stored pairs in either direction.

    A direct pair wins; where it knows nothing yet, the cross through one common currency serves, USD first
    (JPY to TWD = USDTWD / USDJPY), both legs as last known on the day itself.
    """

    def __init__(self, *, pairs: Mapping[tuple[str, str], Series], base: str, grid: Grid) -> None:
        self.base = MINOR_UNITS.get(base, base)
        self.grid = grid
        self._pairs = pairs
        self._known: dict[str, Floats] = {}
        self._legs: dict[tuple[str, str], Floats] = {}

    def of(self, currency: str) -> Floats:
        """Return the daily rate of a currency; NaN where none is known on or before the day."""
        if currency not in self._known:
            major = MINOR_UNITS.get(currency, currency)
            rate = self._of_major(major)
            self._known[currency] = rate * 0.01 if major != currency else rate
        return self._known[currency]

    def _of_major(self, currency: str) -> Floats:
        if currency == self.base:
            return np.ones(len(self.grid))
        rate = self._direct(currency, self.base)
        for via in self._common(currency):
            if not np.isnan(rate).any():
                break
            rate = np.where(np.isnan(rate), self._direct(currency, via) * self._direct(via, self.base), rate)
        return rate

    def _common(self, currency: str) -> list[str]:
        others = {code for pair in self._pairs for code in pair} - {currency, self.base}
        return sorted(others, key=lambda code: (code != "USD", code))

    def _direct(self, base: str, quote: str) -> Floats:
        if (base, quote) not in self._legs:
            stored, inverse = self._pairs.get((base, quote)), self._pairs.get((quote, base))
            rate = self._stored(stored) if stored is not None else np.full(len(self.grid), np.nan)
            if inverse is not None and np.isnan(rate).any():
                rate = np.where(np.isnan(rate), 1.0 / self._stored(inverse), rate)
            self._legs[base, quote] = rate
        return self._legs[base, quote]

    def _stored(self, series: Series) -> Floats:
        index = last_known(series=series, grid=self.grid)
        if not len(series.values):
            return np.full(len(self.grid), np.nan)
        return np.where(index >= 0, series.values[index], np.nan)
