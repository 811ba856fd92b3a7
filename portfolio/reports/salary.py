"""The spouse's salary: this month's pay, the next ones, and for how many years income pays it. No holdings, no wealth.

Amounts of pay are in the salary's own currency; `months` and what follows are in the reporting currency. Knows nothing of
Django, files or the clock.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from portfolio.engine.coverage import first_uncovered, projection, salary_of_months, step_of
from portfolio.engine.forecast import year_ahead
from portfolio.engine.income import income_entries
from portfolio.engine.kinds import Kind
from portfolio.engine.ledger import Ledger
from portfolio.engine.money import is_kind
from portfolio.engine.pay_days import pay_date, usual_pay_day
from portfolio.engine.payers import payers_of
from portfolio.engine.periods import between, month, months_later, quarter_of, to_date, to_day
from portfolio.engine.valuation import Valuation, value_ledger
from portfolio.reports.income_sections import due, due_ahead, ratio, smoothed_quarter
from portfolio.reports.plain import known

PAID, PARTLY, DUE, LATE = "paid", "partly", "due", "late"
MONTHS_SHOWN = 12
# of the amount; what a bank keeps of a transfer is no shortfall
ENOUGH = 0.995


@dataclass(frozen=True, slots=True)
class Pay:
    """One month's pay, salary's currency."""

    month: str  # 2025-03
    amount: float  # owed
    date: str  # paid on, else the day it is due
    state: str  # paid, partly, due, late
    paid: float


@dataclass(frozen=True, slots=True)
class SalaryMonth:
    month: str
    due: float | None  # reporting currency


@dataclass(frozen=True, slots=True)
class Raise:
    """The next raise, written down or planned."""

    date: str
    monthly: float  # salary's currency


@dataclass(frozen=True, slots=True)
class SalaryReport:
    as_of: str
    currency: str | None  # of the salary; None while none is set
    this_month: Pay | None
    next_payments: tuple[Pay, ...]  # the next three that are not paid yet
    recent: tuple[Pay, ...]  # paid, the latest first
    paid_this_year: float
    payments_this_year: int
    next_raise: Raise | None
    planned_raise: float | None
    first_year: int
    covered_years: int | None  # years from this one on that income pays at the planned raise; None: all twenty-one
    coverage_forward: float | None
    months: tuple[SalaryMonth, ...]  # twelve up to the day's, thirteen after it
    due_so_far: float | None  # of the quarter up to the day
    due_quarter: float | None
    due_ahead: float | None  # twelve months
    smoothed_quarter: float | None  # income


@dataclass(frozen=True, slots=True)
class _Paid:
    date: dt.date
    amount: float  # salary's currency


def build_salary(
    *, ledger: Ledger, as_of: dt.date, base: str, is_open: Callable[[dt.date], bool], income_growth: float = 0.0
) -> SalaryReport:
    """Return the salary's state on a day.

    is_open: says whether banks pay on a date.  income_growth: of the income ahead a year, a fraction.
    """
    day = to_day(as_of)
    valuation = value_ledger(ledger=ledger, base=base, first_day=day, last_day=day)
    payers = payers_of(valuation=valuation)
    ahead = known(sum(payment.net for payment in year_ahead(valuation=valuation, payers=payers)))
    entries = income_entries(valuation=valuation, payers=payers)
    step = step_of(steps=ledger.salaries, day=day)
    due_year = known(sum(amount for _, amount in due_ahead(valuation=valuation)))
    quarter = quarter_of(as_of)
    paid = _paid(valuation, step.currency) if step else []
    pays = _pays(ledger, as_of, paid, is_open) if step else []
    this_month = next((pay for pay in pays if pay.month == f"{as_of:%Y-%m}"), None)
    this_year = [each for each in paid if each.date.year == as_of.year]
    return SalaryReport(
        as_of=as_of.isoformat(),
        currency=step.currency if step else None,
        this_month=this_month,
        next_payments=tuple(pay for pay in pays if pay.state != PAID and pay.month >= f"{as_of:%Y-%m}")[:3],
        recent=tuple(pay for pay in reversed(pays) if pay.paid > 0)[:3],
        paid_this_year=sum(each.amount for each in this_year),
        payments_this_year=len(this_year),
        next_raise=_next_raise(ledger, day),
        planned_raise=step.planned_raise if step else None,
        first_year=as_of.year,
        covered_years=_covered_years(valuation, ahead, income_growth),
        coverage_forward=ratio(ahead, due_year),
        months=_months(valuation, as_of),
        due_so_far=due(valuation=valuation, period=between(start=quarter.start, end=as_of)),
        due_quarter=due(valuation=valuation, period=quarter),
        due_ahead=due_year,
        smoothed_quarter=smoothed_quarter(entries=entries, end=as_of),
    )


def _paid(valuation: Valuation, currency: str) -> list[_Paid]:
    """Return the salaries paid up to the day; those paid in another currency at their day's rate."""
    rows, money = valuation.rows, valuation.money
    rate = valuation.rates.of(currency)
    found = []
    for row in np.flatnonzero(is_kind(rows, Kind.SALARY)).tolist():
        day = int(rows.day[row])
        found.append(_Paid(to_date(day), float(money.value[row]) / float(rate[valuation.grid.at(day)])))
    return found


def _pays(ledger: Ledger, as_of: dt.date, paid: list[_Paid], is_open: Callable[[dt.date], bool]) -> list[Pay]:
    """Return the months from five before the day's to five after it, those with a salary."""
    usual = usual_pay_day(paid_on=[each.date for each in paid])
    found = []
    for number in range(-5, 6):
        first = months_later(as_of.replace(day=1), number)
        owed = _owed(ledger, as_of, first)
        if owed <= 0:
            continue
        mine = [each for each in paid if (each.date.year, each.date.month) == (first.year, first.month)]
        total = sum(each.amount for each in mine)
        expected = pay_date(year=first.year, month=first.month, usual=usual, is_open=is_open)
        on = max(each.date for each in mine) if mine else expected
        open_state = LATE if expected < as_of else PARTLY if mine else DUE
        state = PAID if total >= owed * ENOUGH else open_state
        found.append(Pay(f"{first:%Y-%m}", owed, (on if state == PAID else expected).isoformat(), state, total))
    return found


def _owed(ledger: Ledger, as_of: dt.date, first: dt.date) -> float:
    """Return a month's salary in its own currency; a month that has begun is owed what was in force on its first day."""
    if first <= as_of:
        step = step_of(steps=ledger.salaries, day=to_day(first))
        return step.amount if step else 0.0
    months = (first.year - as_of.year) * 12 + first.month - as_of.month
    ahead = salary_of_months(steps=ledger.salaries, after=to_day(as_of), months=months, rate=lambda _currency: 1.0)
    return ahead[-1][1]


def _next_raise(ledger: Ledger, day: int) -> Raise | None:
    step = step_of(steps=ledger.salaries, day=day)
    if step is None:
        return None
    ahead = salary_of_months(steps=ledger.salaries, after=day, months=24, rate=lambda _currency: 1.0)
    found = next(((date, amount) for date, amount in ahead if amount > step.amount * (1 + 1e-9)), None)
    return Raise(found[0].isoformat(), found[1]) if found else None


def _covered_years(valuation: Valuation, ahead: float | None, growth: float) -> int | None:
    """Return how many years from this one on are covered at the planned raise: the income report's own projection."""
    step = step_of(steps=valuation.ledger.salaries, day=valuation.grid.last)
    if step is None or ahead is None:
        return 0
    annual = 12 * step.amount * float(valuation.rates.of(step.currency)[-1])
    years = projection(salary=annual, income=ahead, planned=step.planned_raise, growth=growth, first_year=0)
    return first_uncovered(years=years, raised="planned")


def _months(valuation: Valuation, as_of: dt.date) -> tuple[SalaryMonth, ...]:
    found = []
    for back in range(MONTHS_SHOWN - 1, -1, -1):
        first = months_later(as_of.replace(day=1), -back)
        span = month(year=first.year, number=first.month)
        found.append(SalaryMonth(f"{first:%Y-%m}", due(valuation=valuation, period=span)))
    later = due_ahead(valuation=valuation, months=MONTHS_SHOWN + 1)
    return (*found, *(SalaryMonth(f"{date:%Y-%m}", known(amount)) for date, amount in later))
