"""The dashboard: what there is, what this year did, what comes in next. One valuation for everything on the page."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from portfolio.engine.forecast import Payment, year_ahead
from portfolio.engine.gains import gains
from portfolio.engine.ledger import Ledger
from portfolio.engine.payers import Payer, payers_of
from portfolio.engine.periods import iso, to_day
from portfolio.engine.records import record_days, weekdays
from portfolio.engine.valuation import Valuation, value_ledger
from portfolio.engine.yields import holding_yields
from portfolio.reports.checks import Sessions, warnings_of, weekday_sessions
from portfolio.reports.holdings import cash, positions
from portfolio.reports.income_sections import due_ahead, ratio, watched
from portfolio.reports.plain import known, or_nan
from portfolio.reports.review_parts import DailyLine, TrackWeight, Warn
from portfolio.reports.review_sections import returns_of_days, tracks

UPCOMING = 6


@dataclass(frozen=True, slots=True)
class DashboardHolding:
    """One instrument over all accounts; gains are of this year, reporting currency."""

    symbol: str
    name: str
    quantity: float
    price: float | None  # instrument's currency, as quoted
    price_date: str | None
    currency: str
    value: float | None
    weight: float | None
    gain: float | None  # everything, income and charges included
    price_gain: float | None
    currency_gain: float | None
    yield_net_forward: float | None
    on_watch: bool


@dataclass(frozen=True, slots=True)
class UpcomingPayment:
    date: str
    symbol: str
    kind: str
    certainty: str  # announced, scheduled, estimated
    net: float | None


@dataclass(frozen=True, slots=True)
class Dashboard:
    as_of: str  # ISO date
    base_currency: str
    wealth: float | None
    today_change: float | None  # gain of the last weekday, flows left out
    today_return: float | None
    year_change: float | None  # of wealth since year-end
    year_gain: float | None  # of it, what was earned
    since_year_end: float | None  # time-weighted
    year_end_value: float | None
    income_ahead: float | None  # net, next twelve months
    estimated_share: float | None  # of it
    coverage_forward: float | None
    record_days: tuple[str, ...]  # of this year
    daily: DailyLine  # from the day before the first row
    records: tuple[int, ...]  # places of record days in `daily`
    holdings: tuple[DashboardHolding, ...]  # the most valuable first
    cash_value: float | None
    cash_currencies: tuple[str, ...]
    tracks: tuple[TrackWeight, ...]
    upcoming: tuple[UpcomingPayment, ...]
    warnings: tuple[Warn, ...]


def build_dashboard(
    *, ledger: Ledger, as_of: dt.date, base: str, sessions: Sessions = weekday_sessions, stale: int = 5
) -> Dashboard:
    """Return the household's state at the close of a day."""
    day, year_end = to_day(as_of), to_day(dt.date(as_of.year - 1, 12, 31))
    valuation = value_ledger(ledger=ledger, base=base, first_day=year_end, last_day=day)
    year = slice(valuation.grid.at(year_end) + 1, len(valuation.grid))
    wealth = valuation.wealth
    earned = wealth[1:] - wealth[:-1] - valuation.flows.money_in[1:] + valuation.flows.money_out[1:]
    payers = payers_of(valuation=valuation)
    ahead = year_ahead(valuation=valuation, payers=payers)
    income = known(sum(payment.net for payment in ahead))
    estimated = sum(payment.net for payment in ahead if payment.certainty == "estimated")
    today = _last_session(valuation)
    held, purse = positions(valuation=valuation), cash(valuation=valuation)
    days = np.arange(valuation.grid.first, valuation.grid.last + 1)
    marks = np.flatnonzero(record_days(values=wealth, days=days))
    growth = returns_of_days(valuation, slice(1, len(valuation.grid))).growth
    return Dashboard(
        as_of=as_of.isoformat(),
        base_currency=base,
        wealth=known(wealth[-1]),
        today_change=known(earned[today].sum()),
        today_return=known(returns_of_days(valuation, slice(today.start + 1, today.stop + 1)).growth[-1] - 1.0),
        year_change=known(wealth[-1] - wealth[year.start - 1]),
        year_gain=known(earned[year.start - 1 :].sum()),
        since_year_end=known(returns_of_days(valuation, year).growth[-1] - 1.0),
        year_end_value=known(wealth[year.start - 1]),
        income_ahead=income,
        estimated_share=ratio(known(estimated), income),
        coverage_forward=ratio(income, known(sum(amount for _, amount in due_ahead(valuation=valuation)))),
        record_days=tuple(iso(int(days[mark])) for mark in marks if mark >= year.start),
        daily=DailyLine(iso(valuation.grid.first), tuple(map(known, wealth.tolist())), (1.0, *map(known, growth.tolist()))),
        records=tuple(marks.tolist()),
        holdings=_holdings(valuation, payers, year_end, day),
        cash_value=known(sum(or_nan(line.value) for line in purse)),
        cash_currencies=tuple(sorted({line.currency for line in purse if line.amount})),
        tracks=tracks(valuation=valuation, held=held, purse=purse),
        upcoming=tuple(_upcoming(valuation, payment) for payment in ahead[:UPCOMING]),
        warnings=warnings_of(valuation=valuation, first_day=year_end + 1, last_day=day, sessions=sessions, stale=stale),
    )


def _last_session(valuation: Valuation) -> slice:
    """Return the last weekday with the weekend before it, as places in arrays that start a day later than the grid."""
    days = np.arange(valuation.grid.first + 1, valuation.grid.last + 1)
    open_days = np.flatnonzero(weekdays(days))
    if len(open_days) < 2:
        return slice(0, len(days))
    return slice(int(open_days[-2]) + 1, len(days))


def _holdings(valuation: Valuation, payers: Mapping[int, Payer], year_end: int, day: int) -> tuple[DashboardHolding, ...]:
    gain = gains(valuation=valuation, first_day=year_end + 1, last_day=day)
    yields = {each.instrument: each.net_forward for each in holding_yields(valuation=valuation, payers=payers)}
    watching = {each.symbol for each in watched(valuation=valuation, payers=payers)}
    total = float(valuation.wealth[-1])
    found = []
    for number, paper in valuation.papers.items():
        units = float(paper.units[-1])
        if units <= 0:
            continue
        what = valuation.ledger.instruments[number]
        value = units * float(paper.dirty[-1]) * float(valuation.rate(number)[-1])
        price_day = int(paper.prices.days[-1])
        price_gain, currency_gain = gain.parts_of(what.symbol)
        found.append(
            DashboardHolding(
                symbol=what.symbol,
                name=what.name,
                quantity=units,
                price=known(paper.prices.values[-1]),
                price_date=iso(price_day) if price_day >= 0 else None,
                currency=what.currency,
                value=known(value),
                weight=known(value / total) if total > 0 else None,
                gain=known(gain.of(what.symbol)),
                price_gain=known(price_gain),
                currency_gain=known(currency_gain),
                yield_net_forward=known(yields[number]) if number in payers or what.is_bond else None,
                on_watch=what.symbol in watching,
            )
        )
    return tuple(sorted(found, key=lambda each: -(each.value or 0.0)))


def _upcoming(valuation: Valuation, payment: Payment) -> UpcomingPayment:
    symbol = valuation.ledger.instruments[payment.instrument].symbol
    return UpcomingPayment(iso(payment.day), symbol, payment.kind, payment.certainty, known(payment.net))
