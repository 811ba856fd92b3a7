"""The spouse's page: this month's pay, and whether income pays it. No holdings, no wealth. Computes no figure."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portfolio import formatting as show
from portfolio import queries
from portfolio.formatting import Money
from portfolio.reports.salary import LATE, PAID, PARTLY, Pay, SalaryReport
from portfolio.roles import sees_only_the_salary
from portfolio.views.asked import closing_day
from portfolio.views.frame import Surroundings, display_of, surroundings
from portfolio.views.income_tables import weekday

CELLS = 10
# days without a row after which books are taken for old ones
OLD = 62


@require_safe
def salary(request: HttpRequest) -> HttpResponse:
    """Show the salary as of today, of `?as_of=`, or of the last row of books that nobody keeps any more."""
    day, is_old = _day(request)
    # the main links lead to pages that this login may not see
    frame = {"frame": _bare_frame(request)} if sees_only_the_salary(request.user) else {}
    if day is None:
        return render(request, "salary.html", frame)
    page = salary_page(report=queries.salary(as_of=day), hidden=display_of(request).hide_amounts)
    return render(request, "salary.html", {"page": page, "is_old": is_old, **frame})


def _day(request: HttpRequest) -> tuple[dt.date | None, bool]:
    """Return the day to show and whether the page has to name it; None for empty books."""
    today = timezone.localdate()
    if "as_of" in request.GET:
        return closing_day(request), True
    booked = queries.last_booked_day(as_of=today)
    if booked is not None and (today - booked).days > OLD:
        return booked, True
    return (today, False) if booked else (None, False)


def _bare_frame(request: HttpRequest) -> Surroundings:
    return surroundings(
        display=display_of(request),
        language=get_language() or "",
        here="",
        is_inside=True,
        is_owner=False,
        has_navigation=False,
    )


def salary_page(*, report: SalaryReport, hidden: bool) -> dict[str, Any]:
    """Return the page's words and figures."""
    pay = report.this_month
    if report.currency is None or pay is None:
        return {"is_set": False, "date": show.full_date(report.as_of)}
    money = Money(currency=report.currency, hidden=hidden)
    covered = CELLS if report.covered_years is None else min(report.covered_years, CELLS)
    return {
        "is_set": True,
        "date": show.full_date(report.as_of),
        "title": _("The salary of {month}").format(month=_month(pay.month)),
        "sign": money.sign,
        "amount": money.level(pay.amount),
        "state": _state(pay, dt.date.fromisoformat(report.as_of), money),
        "is_paid": pay.state == PAID,
        "is_late": pay.state == LATE,
        "answer": _answer(report),
        "explained": _explained(report, money),
        "cells": [place < covered for place in range(CELLS)],
        "first": report.first_year,
        "last": report.first_year + CELLS - 1,
        "covered_to": report.first_year + covered - 1 if 0 < covered < CELLS else None,
        "covered_at": (covered - 1) * CELLS,
        "cells_say": _cells_say(report, covered),
        "next": [_owed(each, money) for each in report.next_payments],
        "recent": [_received(each, money) for each in report.recent],
        "paid_this_year": _paid_this_year(report, money),
    }


def _state(pay: Pay, as_of: dt.date, money: Money) -> SafeString | str:
    date = dt.date.fromisoformat(pay.date)
    day = _("{date} ({weekday})").format(date=show.day_and_month(date), weekday=weekday(date))
    if pay.state == PAID:
        return _("Paid on {day}").format(day=day)
    if pay.state == LATE:
        return format_html(
            _("Was due on {day}; {amount} is not booked yet"), day=day, amount=money.level(pay.amount - pay.paid)
        )
    days = (date - as_of).days
    if days == 0:
        return _("Due today, {day}").format(day=day)
    return ngettext("Due on {day}, in {days} day", "Due on {day}, in {days} days", days).format(day=day, days=days)


def _answer(report: SalaryReport) -> list[str]:
    """Return the answer to "does it pay?" line by line: that it does, and for how long or how far from income."""
    if report.coverage_forward is None:
        return [_("It cannot be said today: a price is missing.")]
    if report.covered_years is None:
        return [_("It does."), _("The income pays it for twenty years and more.")]
    if report.covered_years == 0:
        share = show.percent(min(report.coverage_forward, 1.0), decimals=0)
        return [_("It does."), _("Income pays {share} of it.").format(share=share)]
    last = report.first_year + report.covered_years - 1
    return [_("It does."), _("Until {year}, the income pays all of it.").format(year=last)]


def _explained(report: SalaryReport, money: Money) -> SafeString:
    parts: list[str] = []
    rate = show.percent(report.planned_raise, decimals=0)
    if report.covered_years is None or report.coverage_forward is None:
        parts.append(_("Reckoned with a raise of {rate} a year and payments that do not grow.").format(rate=rate))
    elif report.covered_years == 0:
        parts.append(_("The rest comes from savings."))
    else:
        years = ngettext(
            "This year included, that is {years} year, with a raise of {rate} a year and payments that do not grow.",
            "This year included, that is {years} years, with a raise of {rate} a year and payments that do not grow.",
            report.covered_years,
        ).format(years=report.covered_years, rate=rate)
        parts.append(years)
        following = report.first_year + report.covered_years
        parts.append(_("From {year} on, a little would come from savings.").format(year=following))
    if report.next_raise is not None:
        date = dt.date.fromisoformat(report.next_raise.date)
        parts.append(
            format_html(
                _("From {month} {year} it is {amount} a month."),
                month=show.month_name(date.month),
                year=date.year,
                amount=money.level(report.next_raise.monthly),
            )
        )
    return show.sentences(parts)


def _cells_say(report: SalaryReport, covered: int) -> str:
    return _("{first} to {last}: income pays the first {covered} of ten years.").format(
        first=report.first_year, last=report.first_year + CELLS - 1, covered=covered
    )


def _owed(pay: Pay, money: Money) -> dict[str, Any]:
    """Return a line of what is still to come."""
    date = dt.date.fromisoformat(pay.date)
    notes = {LATE: _("not booked yet"), PARTLY: _("the rest")}
    return {
        "date": show.day_and_month(date),
        "note": notes.get(pay.state, weekday(date)),
        "amount": money.level(pay.amount - pay.paid),
    }


def _received(pay: Pay, money: Money) -> dict[str, Any]:
    """Return a line of what was paid."""
    return {
        "date": show.day_and_month(pay.date) if pay.state == PAID else _month(pay.month),
        "note": _("paid") if pay.state == PAID else _("partly paid"),
        "amount": money.level(pay.paid),
    }


def _paid_this_year(report: SalaryReport, money: Money) -> SafeString:
    text = ngettext(
        "This year {amount} was paid, in {count} payment.",
        "This year {amount} was paid, in {count} payments.",
        report.payments_this_year,
    )
    return format_html(text, amount=money.level(report.paid_this_year), count=report.payments_this_year)


def _month(label: str) -> str:
    return show.month_name(int(label[5:]))
