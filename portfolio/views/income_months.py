"""Twelve months of income against the salary: figures, drawings and their table. Computes no sum of its own."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portfolio import formatting as show
from portfolio.formatting import Money
from portfolio.reports.income import IncomeReport
from portfolio.reports.salary import SalaryReport
from portfolio.views import income_choices as choose
from portfolio.views.income_axis import wording
from portfolio.views.income_drawings import NARROW, WIDE, MonthFigures, months_drawing


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of the table under the drawing."""

    name: str
    received: str
    announced: str
    scheduled: str
    estimated: str
    total: str
    salary: str
    over: str
    is_short: bool


def months(*, income: IncomeReport, salary: SalaryReport, window: str, money: Money) -> dict[str, Any]:
    """Return the twelve months as two drawings and a table."""
    shown = _window(income, salary, window)
    figures = [each for _label, each in shown]
    whole = income.salary.monthly
    raised = _raise_words(shown)
    today = _today(income.as_of, [label for label, _each in shown])
    drawings = {
        name: months_drawing(
            months=figures,
            today=today,
            frame=frame,
            wording=wording(money=money, whole=whole),
            raised=raised,
        )
        for name, frame in (("wide", WIDE), ("slim", NARROW))
    }
    return {
        **drawings,
        "peak": max(range(len(figures)), key=lambda place: figures[place].total) if figures else 0,
        "rows": [_month_row(label, each, money) for label, each in shown],
        "options": choose.window_options(window),
        "caption": _months_caption(income, money),
        "has_salary": whole is not None,
        "raised": raised,
    }


def short_months(*, income: IncomeReport, salary: SalaryReport) -> list[str]:
    """Return the names of the whole months after the day whose income does not reach the salary."""
    # part of the month the day lies in is over, so it is left out
    ahead = [(label, each) for label, each in _all_months(income, salary) if label > income.as_of[:7]][:12]
    return [month_words(label) for label, each in ahead if each.salary > each.total + 0.5]


def _all_months(income: IncomeReport, salary: SalaryReport) -> list[tuple[str, MonthFigures]]:
    """Return every month from the first received to the last expected, with its salary."""
    received = {each.month: each.net or 0.0 for each in income.received.months}
    ahead = {each.month: each for each in income.forward.months}
    owed = {each.month: each.due or 0.0 for each in salary.months}
    found = []
    for label in sorted({*received, *ahead}):
        expected = ahead.get(label)
        figures = MonthFigures(
            label=label,
            short=str(int(label[5:])),
            year="",
            received=received.get(label, 0.0),
            announced=(expected.announced or 0.0) if expected else 0.0,
            scheduled=(expected.scheduled or 0.0) if expected else 0.0,
            estimated=(expected.estimated or 0.0) if expected else 0.0,
            salary=owed.get(label, 0.0),
        )
        found.append((label, figures))
    return found


def _window(income: IncomeReport, salary: SalaryReport, window: str) -> list[tuple[str, MonthFigures]]:
    """Return the chosen months, named, each year named at its first."""
    every = _all_months(income, salary)
    here = next(place for place, (label, _each) in enumerate(every) if label >= income.as_of[:7])
    # the first month ahead is the day's own unless that is its last
    first = here if income.forward.months[0].month <= income.as_of[:7] else here + 1
    start, stop = {"past": (here - 11, here + 1), "around": (here - 2, here + 10), "ahead": (first, len(every))}[window]
    shown, year = [], ""
    for label, each in every[max(start, 0) : stop]:
        words = month_words(label) if show.is_chinese() else show.short_day(f"{label}-01").split()[-1]
        shown.append((label, replace(each, label=words, year="" if label[:4] == year else label[:4])))
        year = label[:4]
    return shown


def _today(as_of: str, labels: Sequence[str]) -> float | None:
    """Return the end of the day in months from the first month's start."""
    date = dt.date.fromisoformat(as_of)
    if as_of[:7] not in labels:
        return 0.0 if labels and labels[0] > as_of[:7] else None
    days = ((date.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)).day
    return labels.index(as_of[:7]) + date.day / days


def _month_row(label: str, each: MonthFigures, money: Money) -> MonthRow:
    over = each.total - each.salary
    return MonthRow(
        name=month_words(label, with_year=True),
        received=money.level(each.received),
        announced=money.level(each.announced),
        scheduled=money.level(each.scheduled),
        estimated=money.level(each.estimated),
        total=money.level(each.total),
        salary=money.level(each.salary) if each.salary else show.NOTHING,
        over=money.change(over) if each.salary else show.NOTHING,
        is_short=bool(each.salary) and over < -0.5,
    )


def month_words(label: str, *, with_year: bool = False) -> str:
    """Return March, or March 2025, for 2025-03."""
    name = show.month_name(int(label[5:]))
    if not with_year:
        return name
    return f"{label[:4]}年{name}" if show.is_chinese() else f"{name} {label[:4]}"


def _months_caption(income: IncomeReport, money: Money) -> SafeString:
    ahead = income.forward
    sums = format_html(
        _("Net, in {sign}. Next twelve months {net}: announced {announced}, scheduled {scheduled}, estimated {estimated}."),
        sign=money.sign,
        net=money.level(ahead.net),
        announced=money.level(ahead.announced),
        scheduled=money.level(ahead.scheduled),
        estimated=money.level(ahead.estimated),
    )
    return show.sentences([sums, _("Interest, lending rebates and payments in lieu are not forecast.")])


def _raise_words(shown: list[tuple[str, MonthFigures]]) -> str:
    """Return since when the last of the shown salaries holds."""
    changes = [label for (_before, early), (label, late) in pairwise(shown) if late.salary != early.salary]
    return _("from {month}").format(month=month_words(changes[-1])) if changes else ""
