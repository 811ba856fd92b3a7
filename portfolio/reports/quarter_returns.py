"""The return of every quarter so far: the rail of the review and the strip of its print. One valuation for all."""

import datetime as dt
from dataclasses import dataclass

from portfolio.engine.ledger import Ledger
from portfolio.engine.periods import quarter_of, to_date
from portfolio.engine.valuation import value_ledger
from portfolio.reports.plain import known
from portfolio.reports.review_sections import returns_of_days, window_of


@dataclass(frozen=True, slots=True)
class QuarterReturn:
    """One quarter's time-weighted return, a fraction; None where a value is missing."""

    label: str  # 2025-Q1
    start: str  # ISO date
    end: str
    time_weighted: float | None


def build_quarter_returns(*, ledger: Ledger, until: dt.date, base: str) -> tuple[QuarterReturn, ...]:
    """Return every quarter from the first row's to the one that `until` lies in, the oldest first."""
    if not len(ledger.rows) or to_date(int(ledger.rows.day[0])) > until:
        return ()
    last = quarter_of(until)
    period = quarter_of(to_date(int(ledger.rows.day[0])))
    valuation = value_ledger(ledger=ledger, base=base, first_day=period.start_day - 1, last_day=last.end_day)
    found = []
    while period.start <= last.start:
        growth = returns_of_days(valuation, window_of(valuation, period)).growth[-1]
        found.append(QuarterReturn(period.label, period.start.isoformat(), period.end.isoformat(), known(growth - 1.0)))
        period = quarter_of(period.end + dt.timedelta(days=1))
    return tuple(found)
