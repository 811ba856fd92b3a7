"""The quarterly review as one frozen object: command line, page, API and exports are all built from it.

Money is in the reporting currency unless a field says otherwise; rates and shares are fractions; None is what cannot be
computed, and `warnings` says why. Knows nothing of Django, files or the clock.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from portfolio.engine.forecast import year_ahead
from portfolio.engine.gains import gains
from portfolio.engine.income import income_entries
from portfolio.engine.kinds import DividendRule, Kind
from portfolio.engine.ledger import Ledger
from portfolio.engine.payers import payers_of
from portfolio.engine.periods import Period, months_later, to_day
from portfolio.engine.returns import DailyReturns, MoneyWeighted
from portfolio.engine.valuation import Valuation, moved, value_ledger
from portfolio.reports import income_sections as income
from portfolio.reports import review_sections as sections
from portfolio.reports.checks import Sessions, warnings_of, weekday_sessions
from portfolio.reports.holdings import cash, positions
from portfolio.reports.plain import known
from portfolio.reports.review_parts import (
    Bridge,
    Cash,
    Change,
    Contribution,
    DailyLine,
    Income,
    Move,
    PeriodSpan,
    Position,
    Realised,
    Records,
    Returns,
    ReviewContributions,
    SalaryCoverage,
    TrackWeight,
    Warn,
    WatchEntry,
)

UNDEFINED = {
    "no_flows": "nothing was invested",
    "one_day": "all flows are on one day",
    "no_root": "no rate makes the flows cancel",
    "several_roots": "several rates make the flows cancel",
    "unknown_value": "a value is missing",
}


@dataclass(frozen=True, slots=True)
class QuarterlyReview:
    period: PeriodSpan
    base_currency: str
    opening_value: float | None
    closing_value: float | None
    net_external_flow: float | None
    deposits: float | None
    withdrawals: float | None  # without salary
    salary_paid: float | None
    bridge: Bridge
    returns: Returns
    review_contributions: ReviewContributions
    contributions: tuple[Contribution, ...]
    records: Records
    cash: tuple[Cash, ...]
    positions: tuple[Position, ...]
    realised: tuple[Realised, ...]
    income: Income
    salary: SalaryCoverage
    tracks: tuple[TrackWeight, ...]
    watch_list: tuple[WatchEntry, ...]
    changes: tuple[Change, ...]
    moves: tuple[Move, ...]
    daily: DailyLine
    warnings: tuple[Warn, ...]


def build_quarterly_review(
    *,
    ledger: Ledger,
    period: Period,
    base: str,
    rule: DividendRule | None = None,
    sessions: Sessions = weekday_sessions,
    stale: int = 5,
) -> QuarterlyReview:
    """Return the review of a period, which may be any closed interval of dates.

    base: reporting currency.  rule: which dividends the review's own measure counts; by default a quarter of the year's,
    the whole year's in a calendar year.  sessions: counts sessions of an exchange, for prices older than `stale` of them.
    """
    if rule is None:
        rule = DividendRule.WHOLE_YEAR if period.is_calendar_year else DividendRule.QUARTER_OF_YEAR
    year_end = to_day(dt.date(period.end.year - 1, 12, 31))
    valuation = value_ledger(ledger=ledger, base=base, first_day=min(period.start_day - 1, year_end), last_day=period.end_day)
    window = sections.window_of(valuation, period)
    daily = sections.returns_of_days(valuation, window)
    gain = gains(valuation=valuation, first_day=period.start_day, last_day=period.end_day)
    rate = sections.money_weighted(valuation=valuation, window=window)
    flows = valuation.flows.money_in[window] - valuation.flows.money_out[window]
    held, purse = positions(valuation=valuation), cash(valuation=valuation)
    payers = payers_of(valuation=valuation)
    earliest = min(period.start_day, to_day(months_later(period.end, -12)))
    earned = income.income(entries=income_entries(valuation=valuation, payers=payers, first_day=earliest), period=period)
    ahead = sum(payment.net for payment in year_ahead(valuation=valuation, payers=payers))
    found = sections.returns(valuation=valuation, period=period, daily=daily, rate=rate, year_end=year_end)
    return QuarterlyReview(
        period=PeriodSpan(period.start.isoformat(), period.end.isoformat(), period.label),
        base_currency=base,
        opening_value=known(valuation.wealth[window.start - 1]),
        closing_value=known(valuation.wealth[window.stop - 1]),
        net_external_flow=known(flows.sum()),
        deposits=known(moved(valuation=valuation, first_day=period.start_day, kinds=(Kind.DEPOSIT,))),
        withdrawals=known(moved(valuation=valuation, first_day=period.start_day, kinds=(Kind.WITHDRAWAL,))),
        salary_paid=known(moved(valuation=valuation, first_day=period.start_day, kinds=(Kind.SALARY,))),
        bridge=sections.bridge(valuation=valuation, window=window, gain=gain),
        returns=found,
        review_contributions=sections.review_contributions(valuation=valuation, period=period, gain=gain, rule=rule),
        contributions=sections.contributions(gain=gain, daily=daily),
        records=sections.records(valuation=valuation, window=window, daily=daily, year_end=year_end),
        cash=purse,
        positions=held,
        realised=sections.realised(valuation=valuation, first_day=period.start_day),
        income=earned,
        salary=income.salary(valuation=valuation, period=period, earned=earned, ahead=ahead),
        tracks=sections.tracks(valuation=valuation, held=held, purse=purse),
        watch_list=income.watched(valuation=valuation, payers=payers),
        changes=sections.changes(valuation=valuation, window=window, first_day=period.start_day),
        moves=sections.moves(valuation=valuation, first_day=period.start_day),
        daily=_daily_line(valuation, window, daily),
        warnings=(
            *warnings_of(
                valuation=valuation, first_day=period.start_day, last_day=period.end_day, sessions=sessions, stale=stale
            ),
            *_undefined(rate, found),
        ),
    )


def _undefined(rate: MoneyWeighted, found: Returns) -> Iterator[Warn]:
    """Say why a figure is blank that a reader would look for."""
    if rate.rate is None:
        reason = UNDEFINED[rate.reason]
        yield Warn("money_weighted_undefined", None, None, f"No money-weighted return: {reason}.", {"reason": rate.reason})
    if found.modified_dietz is None:
        yield Warn("modified_dietz_undefined", None, None, "No Modified Dietz return: the average capital is not above zero.")
    if found.skipped_days:
        days = found.skipped_days
        yield Warn("skipped_days", None, None, f"{days} days without a usable base are left out of the return.", {"days": days})


def _daily_line(valuation: Valuation, window: slice, daily: DailyReturns) -> DailyLine:
    wealth = valuation.wealth[window.start - 1 : window.stop]
    index = np.concatenate([[1.0], daily.growth])
    start = np.datetime64(valuation.grid.first + window.start - 1, "D")
    return DailyLine(str(start), tuple(map(known, wealth.tolist())), tuple(map(known, index.tolist())))
