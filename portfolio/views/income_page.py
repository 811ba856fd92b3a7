"""The income page put together from five reports of one day. Strings and places out; computes no figure.

Knows no request and no table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portfolio import formatting as show
from portfolio.formatting import Money
from portfolio.reports.income import IncomeReport
from portfolio.reports.income_history import IncomeHistory
from portfolio.reports.income_outlook import IncomeOutlook
from portfolio.reports.salary import SalaryReport
from portfolio.reports.stress import StressReport
from portfolio.views import income_sentences as say
from portfolio.views import income_tables as tables
from portfolio.views.income_choices import Choices
from portfolio.views.income_drawings import coverage_bar
from portfolio.views.income_months import months, short_months
from portfolio.views.income_stress import stressed
from portfolio.views.income_years import projection

# more months than this are no exception that a sentence names
MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Reports:
    """What the page is made of, all of one day."""

    income: IncomeReport
    salary: SalaryReport
    history: IncomeHistory
    outlook: IncomeOutlook
    stress: StressReport


@dataclass(frozen=True, slots=True)
class Household:
    """What the household set, and what its holdings are called."""

    names: Mapping[str, str]
    carries_forward: bool
    former_income: float  # a year, reporting currency; 0: not set


@dataclass(frozen=True, slots=True)
class CoverageFigure:
    """One of the three ways to ask. value: without its unit."""

    name: str
    value: str
    bar: str
    hundred: str  # place of 100 % in thousandths, where the track is longer
    hundred_at: str  # the same in per cent
    basis: SafeString
    note: str


def income_page(*, reports: Reports, choices: Choices, household: Household, money: Money) -> dict[str, Any]:
    """Return every section of the page."""
    income, outlook, names = reports.income, reports.outlook, household.names
    return {
        "sign": money.sign,
        "as_of": income.as_of,
        "headline": _headline(reports, money),
        "months": months(income=income, salary=reports.salary, window=choices.window, money=money),
        "coverage": coverage(income=income, salary=reports.salary, money=money),
        "replacement": tables.replacement(income=income, former=household.former_income, money=money),
        "principal": tables.principal(
            income=income, history=reports.history, carries_forward=household.carries_forward, money=money
        ),
        "payers": tables.payers(history=reports.history, income=income, side=choices.side, names=names, money=money),
        "paid": tables.paid(history=reports.history, side=choices.side, step=choices.step, names=names, money=money),
        "projection": projection(income=income, money=money),
        "raise": tables.raised(outlook=outlook, income=income, names=names, money=money),
        "stress": stressed(stress=reports.stress, choices=choices, money=money, names=names),
        "ladder": tables.ladder(outlook=outlook, income=income, money=money),
        "watch": tables.watch(income=income, outlook=outlook, names=names),
        "tax": tables.tax(income=income, outlook=outlook, money=money),
        "calendar": tables.calendar(income=income, names=names, money=money),
    }


def _headline(reports: Reports, money: Money) -> dict[str, Any]:
    short = short_months(income=reports.income, salary=reports.salary)
    named = short if len(short) <= MOST_NAMED else []
    return {
        "date": show.full_date(reports.income.as_of),
        "verdict": say.verdict(income=reports.income, salary=reports.salary, money=money),
        "until": say.until_when(income=reports.income, short_months=named),
    }


def coverage(*, income: IncomeReport, salary: SalaryReport, money: Money) -> list[CoverageFigure]:
    """Return the three figures, each with its own name and sum; none without a salary."""
    if income.salary.monthly is None:
        return []
    planned = show.percent(salary.planned_raise, decimals=0)
    by_income = _("net income {income} ÷ salary {salary}")
    by_quarter = _("a quarter of twelve months {income} ÷ salary {salary}")

    def basis(template: str, earned: float | None, owed: float | None) -> SafeString:
        return format_html(template, income=money.level(earned), salary=money.level(owed))

    return [
        _coverage(
            _("This quarter, received"),
            income.coverage.actual,
            basis(by_income, income.received.quarter_net, salary.due_so_far),
            _("the quarter up to {date}").format(date=show.day_and_month(income.as_of)),
        ),
        _coverage(
            _("Smoothed over four quarters"),
            income.coverage.smoothed,
            basis(by_quarter, salary.smoothed_quarter, salary.due_quarter),
            _("quarters without payments count, specials do not"),
        ),
        _coverage(
            _("The next twelve months"),
            income.coverage.forward,
            basis(by_income, income.forward.net, salary.due_ahead),
            _("planned raise {rate} a year; payments do not grow").format(rate=planned),
        ),
    ]


def _coverage(name: str, ratio: float | None, basis: SafeString, note: str) -> CoverageFigure:
    bar, hundred = coverage_bar(ratio)
    places = (f"{hundred * 1000:.1f}", f"{hundred * 100:.2f}%") if hundred else ("", "")
    return CoverageFigure(name, show.percent(ratio, unit=False), bar, *places, basis, note)
