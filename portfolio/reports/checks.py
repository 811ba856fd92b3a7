"""What a report has to warn of: odd or missing prices, cash below zero, sales of nothing, statements that disagree.

Every warning has a code that pages translate, and the figures that its sentence needs.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from portfolio.engine.kinds import CODE, Kind
from portfolio.engine.ledger import Instrument
from portfolio.engine.lots import keep_books
from portfolio.engine.money import first_of, rows_until
from portfolio.engine.periods import iso
from portfolio.engine.prices import NO_SERIES
from portfolio.engine.records import weekdays
from portfolio.engine.valuation import Paper, Valuation
from portfolio.reports.review_parts import Warn

# sessions of an instrument's exchange after one day and up to another
Sessions = Callable[[Instrument, int, int], int]

JUMP = 0.40
CASH_TOLERANCE = 0.005
UNIT_TOLERANCE = 1e-6


def weekday_sessions(_instrument: Instrument, after: int, until: int) -> int:
    """Return the weekdays after one day and up to another: sessions of an exchange without holidays."""
    return int(weekdays(np.arange(after + 1, until + 1)).sum())


def warnings_of(*, valuation: Valuation, first_day: int, last_day: int, sessions: Sessions, stale: int) -> tuple[Warn, ...]:
    """Return every warning that a report of this period owes its reader, gravest first."""
    window = slice(valuation.grid.at(first_day) - 1, valuation.grid.at(last_day) + 1)
    found = [
        *_missing_rates(valuation, window),
        *_papers(valuation, window, sessions, stale),
        *_oversold(valuation),
        *_negative_cash(valuation, first_day),
        *_balances(valuation, first_day),
        *_unknown_past(valuation, window.start),
        *_unknown_costs(valuation, first_day),
    ]
    rank = {code: place for place, code in enumerate(ORDER)}
    return tuple(sorted(found, key=lambda warning: rank[warning.code]))


ORDER = (
    "missing_price",
    "missing_rate",
    "quarantined_price",
    "oversold",
    "balance_differs",
    "negative_cash",
    "split_missing",
    "stale_price",
    "price_jump",
    "trade_price",
    "modelled_price",
    "unknown_cost",
    "unknown_history",
    "no_distributions",
)


def _papers(valuation: Valuation, window: slice, sessions: Sessions, stale: int) -> Iterator[Warn]:
    for number, paper in valuation.papers.items():
        held = paper.units[window] != 0
        if not held.any():
            continue
        instrument = valuation.ledger.instruments[number]
        yield from _price_gaps(valuation, instrument, paper, window, held)
        if held[-1]:
            yield from _stale(valuation, instrument, paper, sessions, stale)
            yield from _no_distributions(valuation, number, instrument)
            yield from _modelled(valuation, number, instrument)
        yield from _quarantined(valuation, number, window)
        yield from _jumps(valuation, number, paper, window)
        yield from _missing_splits(valuation, number, paper, window)


def _price_gaps(
    valuation: Valuation,
    instrument: Instrument,
    paper: Paper,
    window: slice,
    held: NDArray[np.bool_],
) -> Iterator[Warn]:
    missing = held & np.isnan(paper.clean[window])
    if missing.any():
        date = iso(valuation.grid.first + window.start + int(np.argmax(missing)))
        yield Warn(
            "missing_price",
            instrument.symbol,
            date,
            f"{instrument.symbol} has no price on or before {date}; totals that need it are blank.",
        )
    own = held & paper.prices.from_trade[window]
    if own.any():
        date = iso(valuation.grid.first + window.start + int(np.argmax(own)))
        message = f"{instrument.symbol} has no stored close on {date}; the price of its last trade stands in."
        yield Warn("trade_price", instrument.symbol, date, message)


def _stale(valuation: Valuation, instrument: Instrument, paper: Paper, sessions: Sessions, stale: int) -> Iterator[Warn]:
    day = int(paper.prices.days[-1])
    # five sessions can't fit into five calendar days, so most prices never ask the exchange's calendar
    if day < 0 or valuation.grid.last - day <= stale:
        return
    age = sessions(instrument, day, valuation.grid.last)
    if age > stale:
        message = f"The price of {instrument.symbol} is of {iso(day)}, {age} sessions old."
        yield Warn("stale_price", instrument.symbol, iso(day), message, {"age": age})


def _no_distributions(valuation: Valuation, number: int, instrument: Instrument) -> Iterator[Warn]:
    if instrument.is_bond or number in valuation.ledger.distributions:
        return
    paid = (valuation.rows.instrument == number) & np.isin(
        valuation.rows.kind, [CODE[Kind.DIVIDEND], CODE[Kind.PAYMENT_IN_LIEU]]
    )
    if not paid.any():
        message = f"{instrument.symbol} has no distributions on record, so its gain counts none."
        yield Warn("no_distributions", instrument.symbol, None, message)


def _modelled(valuation: Valuation, number: int, instrument: Instrument) -> Iterator[Warn]:
    if number in valuation.ledger.modelled:
        message = f"The price of {instrument.symbol} is computed from the US Treasury's yields, not traded."
        yield Warn("modelled_price", instrument.symbol, None, message)


def _quarantined(valuation: Valuation, number: int, window: slice) -> Iterator[Warn]:
    """Name the first close of the period that waits for a decision, and how many do."""
    first, last = valuation.grid.first + window.start, valuation.grid.first + window.stop
    mine = [each for each in valuation.ledger.quarantined if each.instrument == number and first <= each.day < last]
    if mine:
        symbol, date = valuation.ledger.instruments[number].symbol, iso(mine[0].day)
        message = f"{len(mine)} fetched closes of {symbol} from {date} on wait for a decision and are not used."
        yield Warn("quarantined_price", symbol, date, message, {"count": str(len(mine)), "reason": mine[0].reason})


def _jumps(valuation: Valuation, number: int, paper: Paper, window: slice) -> Iterator[Warn]:
    series = valuation.ledger.closes.get(number, NO_SERIES)
    low, high = np.searchsorted(series.days, (valuation.grid.first + window.start, valuation.grid.first + window.stop))
    start = max(int(low) - 1, 0)
    days, closes = series.days[start:high], series.values[start:high]
    if len(days) < 2:
        return
    market = valuation.ledger.splits.get(number)
    splits = {day for day, _ in paper.splits} | (set(market.ex_days.tolist()) if market else set())
    moves = closes[1:] / closes[:-1] - 1.0
    for at in np.flatnonzero(np.abs(moves) > JUMP).tolist():
        before, day = int(days[at]), int(days[at + 1])
        if not any(before < split <= day for split in splits) and paper.units[max(valuation.grid.at(day), 0)]:
            symbol = valuation.ledger.instruments[number].symbol
            message = f"{symbol} moved {moves[at]:+.1%} on {iso(day)} without a split."
            yield Warn("price_jump", symbol, iso(day), message, {"move": float(moves[at])})


def _missing_splits(valuation: Valuation, number: int, paper: Paper, window: slice) -> Iterator[Warn]:
    if number not in valuation.ledger.splits:
        return
    booked = {day for day, _ in paper.splits}
    market = valuation.ledger.splits[number]
    for day, ratio in zip(market.ex_days.tolist(), market.ratios.tolist(), strict=True):
        at = valuation.grid.at(day)
        if window.start < at < window.stop and day not in booked and paper.units[at - 1]:
            symbol = valuation.ledger.instruments[number].symbol
            message = f"{symbol} was split {ratio:g} for 1 on {iso(day)}, but the ledger has no SPLIT row."
            yield Warn("split_missing", symbol, iso(day), message, {"ratio": float(ratio)})


def _missing_rates(valuation: Valuation, window: slice) -> Iterator[Warn]:
    needed: dict[str, NDArray[np.bool_]] = {}
    for number, paper in valuation.papers.items():
        currency = valuation.ledger.instruments[number].currency
        held = paper.units[window] != 0
        needed[currency] = needed[currency] | held if currency in needed else held
    for number, currency in enumerate(valuation.moves.currencies):
        held = valuation.cash[number, window] != 0
        needed[currency] = needed[currency] | held if currency in needed else held
    for currency, held in sorted(needed.items()):
        missing = held & np.isnan(valuation.rates.of(currency)[window])
        if missing.any():
            date = iso(valuation.grid.first + window.start + int(np.argmax(missing)))
            message = f"No rate from {currency} to {valuation.rates.base} on or before {date}."
            yield Warn("missing_rate", currency, date, message)


def _unknown_past(valuation: Valuation, start: int) -> Iterator[Warn]:
    """All-time records need every earlier day; a period's own figures do not."""
    unknown = np.flatnonzero(np.isnan(valuation.wealth[:start]))
    if len(unknown):
        date = iso(valuation.grid.first + int(unknown[-1]))
        message = f"Wealth was unknown up to {date}, so all-time records are blank."
        yield Warn("unknown_history", None, date, message)


def _unknown_costs(valuation: Valuation, first_day: int) -> Iterator[Warn]:
    """Name what was bought on a day without a rate: its cost and its gains are blank."""
    rows, books = valuation.rows, valuation.books
    blank = {each.instrument for each in books.holdings if np.isnan(each.cost_average + each.cost_fifo)}
    sold = (each for each in books.sales if rows.day[each.row] >= first_day)
    blank |= {each.instrument for each in sold if np.isnan(each.proceeds - each.cost_average - each.cost_fifo)}
    for instrument in sorted(blank):
        symbol = valuation.ledger.instruments[instrument].symbol
        message = f"{symbol} was traded on a day without an exchange rate, so its cost is blank."
        yield Warn("unknown_cost", symbol, None, message)


def _oversold(valuation: Valuation) -> Iterator[Warn]:
    for row, excess in valuation.books.oversold.items():
        symbol = valuation.ledger.instruments[int(valuation.rows.instrument[row])].symbol
        date = iso(int(valuation.rows.day[row]))
        message = f"On {date} {excess:g} units of {symbol} left that were not held."
        yield Warn("oversold", symbol, date, message, {"units": float(excess)})


def _negative_cash(valuation: Valuation, first_day: int) -> Iterator[Warn]:
    moves = valuation.moves
    count = max(len(moves.currencies), 1)
    cell = moves.account * count + moves.currency
    order = np.lexsort((moves.day, cell))
    cell, day, amount = cell[order], moves.day[order], moves.amount[order]
    starts = np.flatnonzero(np.diff(cell, prepend=-1))
    stops = np.append(starts[1:], len(cell))[: len(starts)]
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        days, balance = day[start:stop], np.cumsum(amount[start:stop])
        closes = np.append(days[1:] != days[:-1], True)
        days, balance = days[closes], balance[closes]
        until = np.append(days[1:], np.iinfo(np.int64).max)
        below = np.flatnonzero((balance < -CASH_TOLERANCE) & (until > first_day))
        if len(below):
            account, currency = divmod(int(cell[start]), count)
            lowest, date = float(balance[below].min()), iso(int(days[below[0]]))
            name, code = valuation.ledger.accounts[account], moves.currencies[currency]
            message = f"{name} is below zero in {code} since {date}, down to {lowest:,.2f}."
            yield Warn("negative_cash", None, date, message, {"account": name, "currency": code, "amount": lowest})


def _balances(valuation: Valuation, first_day: int) -> Iterator[Warn]:
    rows = valuation.rows
    # a statement names many holdings of one day: the rows up to it are walked through once
    units: dict[int, dict[tuple[int, int], float]] = {}
    for row in np.flatnonzero((rows.kind == CODE[Kind.BALANCE]) & (rows.day >= first_day)).tolist():
        day = int(rows.day[row])
        if rows.instrument[row] < 0:
            yield from _cash_differs(valuation, row)
            continue
        if day not in units:
            units[day] = _units_on(valuation, day)
        yield from _units_differ(valuation, row, units[day])


def _units_on(valuation: Valuation, day: int) -> dict[tuple[int, int], float]:
    """Return the units in each account at the close of a day, by account and instrument."""
    rows = rows_until(rows=valuation.rows, day=day)
    books = keep_books(rows=rows, money=first_of(columns=valuation.money, count=len(rows)))
    return {(each.account, each.instrument): each.units for each in books.holdings}


def _units_differ(valuation: Valuation, row: int, units: dict[tuple[int, int], float]) -> Iterator[Warn]:
    rows = valuation.rows
    key = (int(rows.account[row]), int(rows.instrument[row]))
    held = units.get(key, 0.0)
    stated = float(rows.quantity[row])
    if abs(held - stated) > UNIT_TOLERANCE:
        account, symbol = valuation.ledger.accounts[key[0]], valuation.ledger.instruments[key[1]].symbol
        date = iso(int(rows.day[row]))
        message = f"{account}: the statement of {date} says {stated:g} {symbol}, the ledger {held:g}."
        yield Warn("balance_differs", symbol, date, message, {"account": account, "stated": stated, "ledger": float(held)})


def _cash_differs(valuation: Valuation, row: int) -> Iterator[Warn]:
    rows, moves = valuation.rows, valuation.moves
    code = valuation.ledger.currencies[int(rows.currency[row])]
    if code not in moves.currencies:
        held = 0.0
    else:
        mine = (moves.account == rows.account[row]) & (moves.currency == moves.currencies.index(code))
        held = round(float(moves.amount[mine & (moves.day <= rows.day[row])].sum()), 8)
    stated = float(rows.amount[row])
    if abs(held - stated) > CASH_TOLERANCE:
        account, date = valuation.ledger.accounts[int(rows.account[row])], iso(int(rows.day[row]))
        message = f"{account}: the statement of {date} says {stated:,.2f} {code}, the ledger {held:,.2f}."
        figures: dict[str, float | str] = {"account": account, "currency": code, "stated": stated, "ledger": held}
        yield Warn("balance_differs", None, date, message, figures)
