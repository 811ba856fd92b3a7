"""The income page's doors: the page, and its stress test alone for sliders that move. Computes no figure.

The printed sections are kept until the books change; the frame and the calendar's forms are made each time.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from portfolio import queries
from portfolio.formatting import Money
from portfolio.views.asked import closing_day
from portfolio.views.calendar_feeds import feeds_of
from portfolio.views.frame import display_of
from portfolio.views.income_choices import Choices, choices_of
from portfolio.views.income_page import Household, Reports, income_page
from portfolio.views.income_stress import stressed
from portfolio.views.instrument_names import instrument_names
from portfolio.views.kept import kept

# choices that the sliders' form brings along
KEPT = ("as_of", "months", "by", "per")


@require_safe
def income(request: HttpRequest) -> HttpResponse:
    """Show whether income pays the salary at the close of `?as_of=`, or of the last day with data."""
    as_of = closing_day(request)
    if as_of is None:
        return render(request, "income.html", {"is_empty": True})
    article = kept(
        request,
        # what the household set decides too, and may change while the books do not
        name=f"income:{settings.CARRY_FORWARD}:{settings.FORMER_INCOME}",
        build=lambda: _article(as_of=as_of, query=request.GET, money=_money(request)),
    )
    return render(request, "income.html", {"article": article, **feeds_of(request)})


@require_safe
def income_stress(request: HttpRequest) -> HttpResponse:
    """Show the stress test's outcome alone, for the blows in the address."""
    as_of = closing_day(request)
    if as_of is None:
        return HttpResponse(status=204)
    choices = choices_of(request.GET)
    found = queries.stress(as_of=as_of, **_blows(choices))
    outcome = stressed(stress=found, choices=choices, money=_money(request), names=instrument_names())
    return render(request, "income_stress_outcome.html", {"stress": outcome})


def _article(*, as_of: dt.date, query: QueryDict, money: Money) -> str:
    """Return the printed sections of a day."""
    choices = choices_of(query)
    reports = Reports(
        income=queries.income(as_of=as_of),
        salary=queries.salary(as_of=as_of),
        history=queries.income_history(as_of=as_of),
        outlook=queries.income_outlook(as_of=as_of),
        stress=queries.stress(as_of=as_of, **_blows(choices)),
    )
    household = Household(instrument_names(), settings.CARRY_FORWARD, settings.FORMER_INCOME)
    page = income_page(reports=reports, choices=choices, household=household, money=money)
    page |= {"links": _links(query, page), "kept": [(name, query[name]) for name in KEPT if name in query]}
    return render_to_string("income_article.html", {"page": page})


def _links(query: QueryDict, page: dict[str, Any]) -> dict[str, Any]:
    """Return each choice with the address of the page that makes it, at the place where it shows."""
    groups = {
        "months": (page["months"]["options"], "months"),
        "by": (page["payers"]["options"], "payers"),
        "per": (page["paid"]["options"], "paid"),
    }
    return {
        name: [(option, f"{_asked(query, name, option.value)}#{anchor}") for option in options]
        for name, (options, anchor) in groups.items()
    }


def _asked(query: QueryDict, name: str, value: str) -> str:
    changed = query.copy()
    changed[name] = value
    return f"?{changed.urlencode()}"


def _blows(choices: Choices) -> dict[str, Any]:
    return {"cut": choices.cut / 100, "drop": choices.drop / 100, "gone": choices.gone}


def _money(request: HttpRequest) -> Money:
    return Money(currency=settings.BASE_CURRENCY, hidden=display_of(request).hide_amounts)
