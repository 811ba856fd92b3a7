"""Interest that accrues by contract, per unit of face. Schedules and day counts are QuantLib's; it is loaded on first use.

Accrued interest within a regular period is linear in the day count, so a whole history costs one schedule and a few
array operations instead of one QuantLib call a day; tests hold it against QuantLib's own figure for every day.
Source of the Treasury convention: 31 CFR 356, appendix B.
"""

import datetime as dt
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from portfolio.engine.kinds import DayCount
from portfolio.engine.ledger import Days, Floats, Instrument
from portfolio.engine.periods import to_date, to_day

# where a bond's issue date is unknown its schedule starts this many years before maturity
UNKNOWN_ISSUE_YEARS = 50


class Terms(NamedTuple):
    """What of a bond its schedule depends on."""

    issue_day: int | None
    first_coupon_day: int | None
    maturity_day: int
    frequency: int
    day_count: str
    rate: float


def terms_of(bond: Instrument) -> Terms:
    """Return a bond's terms."""
    return Terms(
        bond.issue_day,
        bond.first_coupon_day,
        bond.maturity_day or 0,
        bond.coupon_frequency,
        bond.day_count,
        bond.coupon_rate or 0.0,
    )


def accrued_interest(*, bond: Instrument, days: Days) -> Floats:
    """Return the interest accrued at the close of each day, per 1 of face; 0 on a coupon date and outside the bond's life."""
    if bond.coupon_rate is None or bond.maturity_day is None:
        return np.zeros(len(days))
    starts, ends, full = _periods(terms_of(bond))
    index = np.searchsorted(starts, days, side="right") - 1
    alive = (index >= 0) & (days < bond.maturity_day)
    index = np.clip(index, 0, len(starts) - 1)
    accrued = _within(bond, starts[index], ends[index], full[index], days)
    if bond.issue_day is not None:
        first = alive & (index == 0)
        accrued[first] = [_first_period(bond, int(day)) for day in days[first]]
    return np.where(alive, accrued, 0.0)


def coupons(*, bond: Instrument) -> tuple[Days, Floats]:
    """Return the contract's coupon days and what each pays per 1 of face; days are not moved off weekends."""
    if bond.coupon_rate is None or bond.maturity_day is None:
        return np.empty(0, np.int64), np.empty(0)
    _, ends, full = _periods(terms_of(bond))
    return ends, full


def _within(bond: Instrument, start: Days, end: Days, full: Floats, day: Days) -> Floats:
    rate = np.float64(bond.coupon_rate or 0.0)
    if bond.day_count == DayCount.THIRTY_360:
        return rate * _thirty_360(start, day) / 360.0
    if bond.day_count == DayCount.ACT_365:
        return rate * (day - start) / 365.0
    if bond.day_count == DayCount.ACT_360:
        return rate * (day - start) / 360.0
    return np.asarray(full * (day - start) / (end - start))


def _thirty_360(start: Days, day: Days) -> Floats:
    """Days between two dates by the bond basis: the 31st counts as the 30th, at the end only after a 30th."""
    first, last = start.astype("datetime64[D]"), day.astype("datetime64[D]")
    first_month, last_month = first.astype("datetime64[M]"), last.astype("datetime64[M]")
    first_day = np.minimum((first - first_month).astype(np.int64) + 1, 30)
    last_day = (last - last_month).astype(np.int64) + 1
    last_day = np.where((last_day == 31) & (first_day == 30), 30, last_day)
    months = (last_month - first_month).astype(np.int64)
    return np.asarray(30.0 * months + last_day - first_day)


@lru_cache(maxsize=512)
def schedule_of(terms: Terms) -> Any:
    """Return QuantLib's schedule of coupon dates, not moved off weekends; from long before where the issue is unknown."""
    import QuantLib as ql  # noqa: PLC0415  a third of a second, so only once a bond is held

    maturity = to_date(terms.maturity_day)
    first = to_date(terms.issue_day) if terms.issue_day is not None else _years_before(maturity, UNKNOWN_ISSUE_YEARS)
    # a Treasury note that matures on the last of a month pays on the last of the month
    end_of_month = (maturity + dt.timedelta(days=1)).day == 1
    return ql.Schedule(
        quantlib_date(first),
        quantlib_date(maturity),
        ql.Period(12 // terms.frequency, ql.Months),
        ql.NullCalendar(),
        ql.Unadjusted,
        ql.Unadjusted,
        ql.DateGeneration.Backward,
        end_of_month,
        *([] if terms.first_coupon_day is None else [quantlib_date(to_date(terms.first_coupon_day))]),
    )


@lru_cache(maxsize=512)
def _periods(terms: Terms) -> tuple[Days, Days, Floats]:
    """Return start and end of each coupon period and the coupon at its end, per 1 of face."""
    schedule = schedule_of(terms)
    days = np.array([_from_quantlib(date) for date in schedule], np.int64)
    starts, ends = days[:-1], days[1:]
    full = np.full(len(starts), terms.rate / terms.frequency)
    if terms.issue_day is not None and not schedule.isRegular(1):
        full[0] = terms.rate * _fraction(schedule, terms.day_count, schedule[1])
    return starts, ends, full


def _first_period(bond: Instrument, day: int) -> float:
    """The first period may be short or long, so QuantLib counts it day by day."""
    schedule = schedule_of(terms_of(bond))
    return (bond.coupon_rate or 0.0) * _fraction(schedule, bond.day_count, quantlib_date(to_date(day)))


def _fraction(schedule: Any, day_count: str, end: Any) -> float:
    return float(counter_of(day_count=day_count, schedule=schedule).yearFraction(schedule[0], end))


def counter_of(*, day_count: str, schedule: Any) -> Any:
    """Return QuantLib's day counter; that of Treasuries needs the schedule of the bond."""
    import QuantLib as ql  # noqa: PLC0415

    return {
        DayCount.ACT_ACT_ICMA: lambda: ql.ActualActual(ql.ActualActual.ISMA, schedule),
        DayCount.THIRTY_360: lambda: ql.Thirty360(ql.Thirty360.BondBasis),
        DayCount.ACT_365: ql.Actual365Fixed,
        DayCount.ACT_360: ql.Actual360,
    }[DayCount(day_count)]()


def _years_before(date: dt.date, years: int) -> dt.date:
    return date.replace(year=date.year - years, day=min(date.day, 28))


def quantlib_date(date: dt.date) -> Any:
    """Return a date as QuantLib writes it."""
    import QuantLib as ql  # noqa: PLC0415

    return ql.Date(date.day, date.month, date.year)


def _from_quantlib(date: Any) -> int:
    return to_day(dt.date(date.year(), date.month(), date.dayOfMonth()))
