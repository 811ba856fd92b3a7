"""Gains of every holding and every line beside them, day by day, split into price, currency and cross.

One rule for the bridge and for contributions (docs/methods.md 3 and 4): units held from the day before's close earn on
its price and rate; units that arrive or leave do so at their own. Parts of months add up to those of the quarter.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portfolio.engine.kinds import CODE, INCOME, Kind
from portfolio.engine.ledger import Floats, Ints
from portfolio.engine.money import by_day, is_kind, times
from portfolio.engine.valuation import Paper, Valuation

CURRENCY_EXCHANGE = "currency exchange"


@dataclass(frozen=True, slots=True)
class Gains:
    """Gains of a period, reporting currency; rows are days, columns are lines."""

    symbols: tuple[str, ...]  # of the lines; the first `holdings` of them are instruments
    holdings: int
    total: Floats  # shape (days, lines); sums over lines to change of wealth less net external flow
    price: Floats  # of the day over all holdings, shape (days,)
    currency: Floats  # holdings, cash and exchange gaps
    cross: Floats
    income: Floats  # gross, interest charges deducted
    taxes: Floats  # <= 0 unless refunds are larger
    fees: Floats
    cash_currency: Floats  # the part of `currency` that cash and exchanges earned
    by_holding: dict[str, tuple[float, float]]  # symbol to price gain (with the cross part) and currency gain

    def parts_of(self, symbol: str) -> tuple[float, float]:
        """Return a holding's price gain, the cross part in it, and its currency gain; income and charges in neither."""
        return self.by_holding.get(symbol, (0.0, 0.0))

    def of(self, symbol: str) -> float:
        """Return a line's gain over the period; 0 for a line that does not occur."""
        return float(self.total[:, self.symbols.index(symbol)].sum()) if symbol in self.symbols else 0.0


class _Lines:
    """Collects daily gains by line."""

    def __init__(self, days: int) -> None:
        self.days = days
        self.gain: dict[str, Floats] = defaultdict(lambda: np.zeros(days))

    def add(self, name: str, at: Ints, amount: Floats) -> None:
        self.gain[name] += by_day(at, amount, self.days)


def gains(*, valuation: Valuation, first_day: int, last_day: int) -> Gains:
    """Return the gains of each day of a period. The day before `first_day` must lie inside the valuation's grid."""
    window = slice(valuation.grid.at(first_day), valuation.grid.at(last_day) + 1)
    days = last_day - first_day + 1
    parts = _Parts(days)
    lines = _Lines(days)
    by_holding: dict[str, tuple[float, float]] = {}
    traded = _trades_by_instrument(valuation, first_day)
    for number, paper in valuation.papers.items():
        before = slice(window.start - 1, window.stop)
        if number in traded or paper.units[before].any():
            gain = _holding(valuation, number, paper, traded.get(number, []), window)
            parts.add(*gain)
            symbol = valuation.ledger.instruments[number].symbol
            lines.gain[symbol] += sum(gain)
            by_holding[symbol] = (float((gain[0] + gain[2]).sum()), float(gain[1].sum()))
    _capital_and_spin_offs(valuation, first_day, parts, lines)
    income, taxes, fees = _booked(valuation, first_day, lines)
    cash_currency = _cash(valuation, window, lines)
    cash_currency += _exchange_gaps(valuation, first_day, days, lines)
    known = {instrument.symbol for instrument in valuation.ledger.instruments}
    symbols = sorted(lines.gain, key=lambda name: (name not in known, name))
    return Gains(
        symbols=tuple(symbols),
        holdings=sum(name in known for name in symbols),
        total=np.array([lines.gain[name] for name in symbols]).reshape(len(symbols), days).T,
        price=parts.price,
        currency=parts.currency + cash_currency,
        cross=parts.cross,
        income=income,
        taxes=taxes,
        fees=fees,
        cash_currency=cash_currency,
        by_holding=by_holding,
    )


class _Parts:
    """The three parts over all holdings, per day."""

    def __init__(self, days: int) -> None:
        self.price, self.currency, self.cross = np.zeros(days), np.zeros(days), np.zeros(days)

    def add(self, price: Floats, currency: Floats, cross: Floats) -> None:
        self.price += price
        self.currency += currency
        self.cross += cross


@dataclass(slots=True)
class _Trade:
    """Units that arrive (+) or leave (-) at a price and rate of their own."""

    at: int  # day of the period
    units: float
    price: float  # dirty value of one unit, instrument's currency
    rate: float
    missing: float = 0.0  # of the units that leave, those that were never there


def _trades_by_instrument(valuation: Valuation, first_day: int) -> dict[int, list[_Trade]]:
    return {
        instrument: [_trade(valuation, first_day, instrument, row, units) for row, units in changes]
        for instrument, changes in valuation.books.changes.traded_since(first_day).items()
    }


def _trade(valuation: Valuation, first_day: int, instrument: int, row: int, units: float) -> _Trade:
    money, day, kind = valuation.money, int(valuation.rows.day[row]), valuation.rows.kind[row]
    if kind in {CODE[Kind.STOCK_DIVIDEND], CODE[Kind.SPIN_OFF]}:
        # new units come at no cost, or at the cost that a spin-off moves, turned into the new instrument's currency
        rate = float(valuation.rate(instrument)[valuation.grid.at(day)])
        value = float(money.value[row])
        return _Trade(day - first_day, units, value / units / rate if value else 0.0, rate)
    missing = valuation.books.oversold.get(row, 0.0)
    price = float(money.own_price[row] + money.own_accrued[row])
    return _Trade(day - first_day, units, price, float(money.own_rate[row]), missing)


def _holding(
    valuation: Valuation, number: int, paper: Paper, trades: list[_Trade], window: slice
) -> tuple[Floats, Floats, Floats]:
    """Return price, currency and cross gain of each day for one instrument over all accounts."""
    before = slice(window.start - 1, window.stop - 1)
    rate = valuation.rate(number)
    dirty = paper.dirty
    units, price0, rate0 = paper.units[before].copy(), dirty[before].copy(), rate[before]
    for day, ratio in paper.split_effects:
        at = valuation.grid.at(day) - window.start
        if 0 <= at < len(units):
            units[at] *= ratio
            price0[at] /= ratio
    price1, rate1 = dirty[window], rate[window]
    held = units != 0
    price = times(units, (price1 - price0) * rate0)
    currency = times(units, price0 * (rate1 - rate0))
    cross = times(units, (price1 - price0) * (rate1 - rate0))
    price[~held] = currency[~held] = cross[~held] = 0.0
    by_day: dict[int, list[_Trade]] = defaultdict(list)
    for trade in trades:
        by_day[trade.at].append(trade)
    for at, today in by_day.items():
        overnight = (float(units[at]), float(price0[at]), float(rate0[at]))
        close = (float(price1[at]), float(rate1[at]))
        for gain, part in zip((price, currency, cross), _traded(today, overnight, close), strict=True):
            gain[at] += part
    return price, currency, cross


def _traded(
    today: list[_Trade], overnight: tuple[float, float, float], close: tuple[float, float]
) -> tuple[float, float, float]:
    """Return what one day's trades add to the gains of units that were simply held.

    Units that arrive earn from their own price and rate to the close. Units that leave did not earn up to the close but
    up to their own price and rate, the oldest first: those of the night before, then the day's own purchases.
    """
    price1, rate1 = close
    sources = [list(overnight)] if overnight[0] > 0 else []
    price = currency = cross = 0.0
    for trade in today:
        if trade.units > 0:
            price += trade.units * (price1 - trade.price) * trade.rate
            currency += trade.units * trade.price * (rate1 - trade.rate)
            cross += trade.units * (price1 - trade.price) * (rate1 - trade.rate)
            sources.append([trade.units, trade.price, trade.rate])
            continue
        # what was never there leaves at no cost: its proceeds are a gain
        price += trade.missing * trade.price * trade.rate
        need = -trade.units
        while need > 0 and sources:
            source = sources[0]
            gone = min(source[0], need)
            _, price0, rate0 = source
            price += gone * (trade.price - price1) * rate0
            currency += gone * price0 * (trade.rate - rate1)
            cross += gone * ((trade.price - price0) * (trade.rate - rate0) - (price1 - price0) * (rate1 - rate0))
            source[0] -= gone
            need -= gone
            if source[0] <= 0:
                sources.pop(0)
    return price, currency, cross


def _in_period(valuation: Valuation, first_day: int, *kinds: Kind) -> Ints:
    rows = valuation.rows
    found: Ints = np.flatnonzero(is_kind(rows, *kinds) & (rows.day >= first_day))
    return found


def _line_of(valuation: Valuation, instrument: int, otherwise: str) -> str:
    return valuation.ledger.instruments[instrument].symbol if instrument >= 0 else otherwise


def _capital_and_spin_offs(valuation: Valuation, first_day: int, parts: _Parts, lines: _Lines) -> None:
    """Return of capital is a price gain of its holding; a spin-off's cost leaves the parent as if it were paid out."""
    rows, money = valuation.rows, valuation.money
    for row in _in_period(valuation, first_day, Kind.RETURN_OF_CAPITAL, Kind.SPIN_OFF).tolist():
        if row in valuation.books.oversold:
            continue
        at = int(rows.day[row]) - first_day
        parts.price[at] += money.value[row]
        lines.gain[_line_of(valuation, int(rows.instrument[row]), "return_of_capital")][at] += money.value[row]


def _booked(valuation: Valuation, first_day: int, lines: _Lines) -> tuple[Floats, Floats, Floats]:
    """Return income, taxes and fees as booked, and put them on their lines: rows with a symbol on its holding's."""
    rows, money = valuation.rows, valuation.money
    start = int(np.searchsorted(rows.day, first_day))
    inside = slice(start, len(rows))
    at, kind, instrument = rows.day[inside] - first_day, rows.kind[inside], rows.instrument[inside]
    value, rate = money.value[inside], money.cash_rate[inside]
    income = np.where(is_kind_code(kind, *INCOME), value, 0.0) - np.where(is_kind_code(kind, Kind.INTEREST_CHARGE), value, 0.0)
    taxes = -times(rows.tax[inside], rate)
    taxes -= np.where(is_kind_code(kind, Kind.TAX), value, 0.0) - np.where(is_kind_code(kind, Kind.TAX_REFUND), value, 0.0)
    fees = -times(rows.fee[inside], rate)
    fees -= np.where(is_kind_code(kind, Kind.FEE), value, 0.0) - np.where(is_kind_code(kind, Kind.FEE_REFUND), value, 0.0)
    own = instrument >= 0
    for number in np.unique(instrument[own]).tolist():
        mine = instrument == number
        booked = (income + taxes + fees)[mine]
        if booked.any():
            lines.add(valuation.ledger.instruments[number].symbol, at[mine], booked)
    for name, amount in _without_symbol(kind, income, taxes, fees):
        mine = ~own & (amount != 0)
        if mine.any():
            lines.add(name, at[mine], amount[mine])
    return by_day(at, income, lines.days), by_day(at, taxes, lines.days), by_day(at, fees, lines.days)


def _without_symbol(kind: Ints, income: Floats, taxes: Floats, fees: Floats) -> list[tuple[str, Floats]]:
    lines: dict[str, tuple[Kind, ...]] = {each.value.lower(): (each,) for each in sorted(INCOME)}
    lines["interest"] = (Kind.INTEREST, Kind.INTEREST_CHARGE)
    of_kind = [(name, np.where(is_kind_code(kind, *kinds), income, 0.0)) for name, kinds in lines.items()]
    return [("taxes", taxes), ("fees", fees), *of_kind]


def is_kind_code(codes: Ints, *kinds: Kind) -> NDArray[np.bool_]:
    """Return which codes are one of the kinds."""
    return np.isin(codes, [CODE[kind] for kind in kinds])


def _cash(valuation: Valuation, window: slice, lines: _Lines) -> Floats:
    """Cash has a currency gain only: the balance of the night before times the change of its rate."""
    before = slice(window.start - 1, window.stop - 1)
    total = np.zeros(window.stop - window.start)
    for number, currency in enumerate(valuation.moves.currencies):
        rate = valuation.cash_rates[number]
        gain = times(valuation.cash[number, before], rate[window] - rate[before])
        if gain.any():
            lines.gain[f"cash:{currency}"] += gain
            total += gain
    return total


def _exchange_gaps(valuation: Valuation, first_day: int, days: int, lines: _Lines) -> Floats:
    """What a currency exchange gave or cost against the day's stored rates."""
    rows, money = valuation.rows, valuation.money
    found = _in_period(valuation, first_day, Kind.FX, Kind.TRANSFER)
    found = found[(rows.to_amount[found] > 0) & ((rows.kind[found] == CODE[Kind.FX]) | (rows.instrument[found] < 0))]
    total = np.zeros(days)
    for row in found.tolist():
        currency = int(rows.to_currency[row]) if rows.to_currency[row] >= 0 else int(rows.currency[row])
        rate = valuation.rates.of(valuation.ledger.currencies[currency])[valuation.grid.at(int(rows.day[row]))]
        total[int(rows.day[row]) - first_day] += float(rows.to_amount[row] * rate - money.value[row])
    if len(found):
        lines.gain[CURRENCY_EXCHANGE] += total
    return total
