"""The sections of the quarterly review, each from one valuation: engine figures in, parts of the report out."""

import numpy as np

from portfolio.engine.contributions import line_contributions
from portfolio.engine.gains import Gains
from portfolio.engine.kinds import CODE, DISPOSALS, KINDS, TRADES, DividendRule, Kind
from portfolio.engine.money import is_kind
from portfolio.engine.periods import Period, iso
from portfolio.engine.records import daily_extremes, max_drawdown, peak, record_days, volatility, weekdays
from portfolio.engine.returns import (
    DailyReturns,
    MoneyWeighted,
    annualised,
    daily_returns,
    modified_dietz,
    money_weighted_return,
)
from portfolio.engine.review_measure import holding_gains, shares
from portfolio.engine.valuation import Valuation, moved
from portfolio.reports.plain import known, or_nan
from portfolio.reports.review_parts import (
    Bridge,
    Cash,
    Change,
    Contribution,
    LeftOut,
    Move,
    Position,
    Realised,
    Records,
    Returns,
    ReviewContributions,
    ReviewHolding,
    SymbolGain,
    TrackWeight,
)

TRACKS = ("MARKET", "FIXED_INCOME", "NEUTRAL", "CASH")


def window_of(valuation: Valuation, period: Period) -> slice:
    """Return the place of a period's days in daily arrays."""
    return slice(valuation.grid.at(period.start_day), valuation.grid.at(period.end_day) + 1)


def returns_of_days(valuation: Valuation, window: slice) -> DailyReturns:
    """Return the daily returns of a stretch of days; the day before it must lie inside the grid."""
    return daily_returns(
        values=valuation.wealth[window.start - 1 : window.stop],
        money_in=valuation.flows.money_in[window],
        money_out=valuation.flows.money_out[window],
    )


def bridge(*, valuation: Valuation, window: slice, gain: Gains) -> Bridge:
    """Return the parts that lead from opening to closing value; the residual proves that they do."""
    opening, closing = float(valuation.wealth[window.start - 1]), float(valuation.wealth[window.stop - 1])
    flow = float((valuation.flows.money_in[window] - valuation.flows.money_out[window]).sum())
    parts = [float(part.sum()) for part in (gain.price, gain.currency, gain.cross, gain.income, gain.taxes, gain.fees)]
    return Bridge(*map(known, [*parts, closing - opening - flow - sum(parts)]))


def money_weighted(*, valuation: Valuation, window: slice) -> MoneyWeighted:
    """Return the yearly internal rate of the period's flows between opening and closing value."""
    first = valuation.grid.first
    flow = valuation.flows.money_out[window] - valuation.flows.money_in[window]
    at = np.flatnonzero(flow)
    days = np.concatenate([[first + window.start - 1], first + window.start + at, [first + window.stop - 1]])
    opening, closing = valuation.wealth[window.start - 1], valuation.wealth[window.stop - 1]
    return money_weighted_return(days=days, amounts=np.concatenate([[-opening], flow[at], [closing]]))


def returns(*, valuation: Valuation, period: Period, daily: DailyReturns, rate: MoneyWeighted, year_end: int) -> Returns:
    """Return all returns of the period. year_end: 31 December before the end of the period."""
    window = window_of(valuation, period)
    growth = float(daily.growth[-1]) - 1.0
    this_year = returns_of_days(valuation, slice(valuation.grid.at(year_end) + 1, window.stop))
    inner = None if rate.rate is None else float((1.0 + rate.rate) ** (period.days / 365.0) - 1.0)
    dietz = modified_dietz(
        opening=float(valuation.wealth[window.start - 1]),
        closing=float(valuation.wealth[window.stop - 1]),
        money_in=valuation.flows.money_in[window],
        money_out=valuation.flows.money_out[window],
    )
    return Returns(
        time_weighted=known(growth),
        money_weighted=rate.rate,
        money_weighted_period=inner,
        modified_dietz=dietz,
        since_year_end=known(this_year.growth[-1] - 1.0),
        annualised=known(annualised(growth=growth, days=period.days)) if period.days >= 365 else None,
        skipped_days=int(daily.skipped.sum()),
    )


def contributions(*, gain: Gains, daily: DailyReturns) -> tuple[Contribution, ...]:
    """Return every line with its gain and its part of the return, holdings first."""
    parts = line_contributions(gains=gain.total, returns=daily)
    sums = gain.total.sum(axis=0)
    return tuple(
        Contribution(symbol, known(total), known(part))
        for symbol, total, part in zip(gain.symbols, sums.tolist(), parts.tolist(), strict=True)
    )


def review_contributions(*, valuation: Valuation, period: Period, gain: Gains, rule: DividendRule) -> ReviewContributions:
    """Return the review's own measure, the worst holding first."""
    found = holding_gains(valuation=valuation, first_day=period.start_day, last_day=period.end_day, rule=rule)
    found.sort(key=lambda each: each.gain)
    amounts = np.array([each.gain for each in found])
    share = shares(amounts)
    total = float(np.abs(amounts).sum())
    opening = float(valuation.wealth[window_of(valuation, period).start - 1])
    instruments = valuation.ledger.instruments
    held = {instruments[each.instrument].symbol for each in found}
    holdings = tuple(
        ReviewHolding(
            symbol=instruments[each.instrument].symbol,
            name=instruments[each.instrument].name,
            gain=known(each.gain),
            share=None if share is None else known(share[place]),
            price=known(each.price),
            currency=known(each.currency),
            cross=known(each.cross),
            dividend=known(each.dividend),
        )
        for place, each in enumerate(found)
    )
    best, worst = (found[-1], found[0]) if found and share is not None else (None, None)
    return ReviewContributions(
        dividend_rule=str(rule),
        sum_absolute=known(total),
        sum_absolute_of_opening=known(total / opening) if opening > 0 else None,
        holdings=holdings,
        left_out=_left_out(valuation, period, gain, held),
        mvp=instruments[best.instrument].symbol if best and best.gain > 0 else None,
        war_criminal=instruments[worst.instrument].symbol if worst and worst.gain < 0 else None,
    )


def _left_out(valuation: Valuation, period: Period, gain: Gains, held: set[str]) -> LeftOut:
    before = window_of(valuation, period).start - 1
    traded = valuation.books.changes.traded_since(period.start_day)
    sold = [
        SymbolGain(symbol, known(gain.of(symbol)))
        for number, paper in valuation.papers.items()
        if (symbol := valuation.ledger.instruments[number].symbol) not in held and (paper.units[before] > 0 or number in traded)
    ]

    def booked(kind: Kind) -> float:
        return moved(valuation=valuation, first_day=period.start_day, kinds=(kind,))

    return LeftOut(
        sold=tuple(sorted(sold, key=lambda each: each.symbol)),
        cash=known(gain.cash_currency.sum()),
        lending_rebate=known(booked(Kind.LENDING_REBATE)),
        interest=known(booked(Kind.INTEREST) - booked(Kind.INTEREST_CHARGE)),
        fees=known(gain.fees.sum()),
        taxes=known(gain.taxes.sum()),
    )


def records(*, valuation: Valuation, window: slice, daily: DailyReturns, year_end: int) -> Records:
    """Return records of wealth and the risk of the flow-neutral curve."""
    days = np.arange(valuation.grid.first, valuation.grid.last + 1)
    wealth, inside = valuation.wealth, days[window]
    here = peak(values=wealth[window], days=inside)
    ever = peak(values=wealth[: window.stop], days=days[: window.stop])
    before = float(wealth[valuation.grid.at(year_end)])
    unknown_past, unknown = np.isnan(wealth[: window.stop]).any(), np.isnan(wealth[window]).any()
    gain = wealth[window] - wealth[window.start - 1 : window.stop - 1]
    extremes = daily_extremes(gains=gain - valuation.flows.money_in[window] + valuation.flows.money_out[window], days=inside)
    new_highs = record_days(values=wealth[: window.stop], days=days[: window.stop])[window]
    below = weekdays(inside) & (wealth[window] < before)
    return Records(
        peak_value=here.value if here else None,
        peak_date=iso(here.day) if here else None,
        all_time_peak_value=ever.value if ever else None,
        all_time_peak_date=iso(ever.day) if ever else None,
        record_days=None if unknown_past else int(new_highs.sum()),
        weekdays_below_year_end=None if unknown or np.isnan(before) else int(below.sum()),
        max_drawdown=None
        if unknown
        else known(max_drawdown(growth=daily.growth, values=wealth[window.start - 1 : window.stop])),
        volatility=_volatility(valuation, window),
        largest_gain=extremes.gain if extremes else None,
        largest_gain_date=iso(extremes.gain_day) if extremes else None,
        largest_loss=extremes.loss if extremes else None,
        largest_loss_date=iso(extremes.loss_day) if extremes else None,
        year_end_value=known(before),
    )


def _volatility(valuation: Valuation, window: slice) -> float | None:
    """Days of the period count that have a holding at their close and at the trading day's before.

    That day is looked for in the whole history, so the curve starts there.
    """
    days = np.flatnonzero(valuation.trading[: window.stop])
    before, day = days[:-1], days[1:]
    counted = np.zeros(window.stop, np.bool_)
    counted[day] = (day >= window.start) & valuation.held[day] & valuation.held[before]
    earlier = days[days < window.start]
    start = max(int(earlier[-1]) if len(earlier) else window.start, 1)
    curve = returns_of_days(valuation, slice(start, window.stop)).growth
    return volatility(growth=curve, trading=valuation.trading[start : window.stop], inside=counted[start:])


def realised(*, valuation: Valuation, first_day: int) -> tuple[Realised, ...]:
    """Return the period's disposals with the cost of what left."""
    return tuple(
        Realised(
            date=iso(int(valuation.rows.day[sale.row])),
            symbol=valuation.ledger.instruments[sale.instrument].symbol,
            quantity=sale.quantity,
            proceeds=known(sale.proceeds),
            cost_average=known(sale.cost_average),
            cost_fifo=known(sale.cost_fifo),
            gain_average=known(sale.proceeds - sale.cost_average),
            gain_fifo=known(sale.proceeds - sale.cost_fifo),
            account=valuation.ledger.accounts[sale.account] if sale.account >= 0 else "",
        )
        for sale in valuation.books.sales
        if valuation.rows.day[sale.row] >= first_day
    )


def tracks(*, valuation: Valuation, held: tuple[Position, ...], purse: tuple[Cash, ...]) -> tuple[TrackWeight, ...]:
    """Return the weight of each track over total wealth; cash is a track of its own."""
    total = float(valuation.wealth[-1])
    track_of = {instrument.symbol: instrument.track for instrument in valuation.ledger.instruments}
    value = dict.fromkeys(TRACKS, 0.0)
    for position in held:
        value[track_of[position.symbol]] += or_nan(position.value)
    for line in purse:
        value["CASH"] += or_nan(line.value)
    found = []
    for track in TRACKS:
        weight = known(value[track] / total) if total > 0 else None
        target = valuation.ledger.track_targets.get(track)
        drift = None if weight is None or target is None else weight - target
        found.append(TrackWeight(track, known(value[track]), weight, target, drift))
    return tuple(found)


def moves(*, valuation: Valuation, first_day: int) -> tuple[Move, ...]:
    """Return the period's rows that bought, sold or delivered, in order."""
    rows, money = valuation.rows, valuation.money
    traded = np.flatnonzero(is_kind(rows, *TRADES) & (rows.day >= first_day) & (rows.instrument >= 0))
    instruments = valuation.ledger.instruments
    found = []
    for row in traded.tolist():
        instrument = instruments[int(rows.instrument[row])]
        found.append(
            Move(
                date=iso(int(rows.day[row])),
                symbol=instrument.symbol,
                kind=str(KINDS[int(rows.kind[row])]),
                quantity=float(rows.quantity[row]),
                price=known(money.own_price[row] / instrument.price_unit),
                amount=known(money.gross[row]),
                currency=valuation.ledger.currencies[int(rows.currency[row])]
                if rows.currency[row] >= 0
                else instrument.currency,
                value=known(money.value[row]),
                account=valuation.ledger.accounts[int(rows.account[row])],
            )
        )
    return tuple(found)


def changes(*, valuation: Valuation, window: slice, first_day: int) -> tuple[Change, ...]:
    """Return what became more, less or nothing over the period; a split alone is no change."""
    leaves = [CODE[kind] for kind in DISPOSALS]
    found = []
    for number, rows in valuation.books.changes.traded_since(first_day).items():
        paper = valuation.papers[number]
        opening, closing = float(paper.units[window.start - 1]), float(paper.units[window.stop - 1])
        for day, ratio in paper.split_effects:
            if day >= first_day:
                opening *= ratio
        spent = sum(
            (-1.0 if valuation.rows.kind[row] in leaves else 1.0) * float(valuation.money.value[row])
            for row, _ in rows
            if KINDS[valuation.rows.kind[row]] in TRADES
        )
        action = _action(opening, closing)
        if action:
            amount = -spent if action in {"REDUCED", "SOLD"} else spent
            symbol = valuation.ledger.instruments[number].symbol
            found.append(Change(symbol, action, abs(closing - opening), known(amount)))
    order = ("NEW", "ADDED", "REDUCED", "SOLD")
    return tuple(sorted(found, key=lambda change: (order.index(change.action), change.symbol)))


def _action(opening: float, closing: float) -> str:
    if closing <= 0:
        return "SOLD"
    if opening <= 0:
        return "NEW"
    if abs(closing - opening) <= 1e-9 * max(opening, closing):
        return ""
    return "ADDED" if closing > opening else "REDUCED"
