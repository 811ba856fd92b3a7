"""The review's page: which period, which rule for dividends; then one report, printed. Computes no figure.

The printed article is kept until the books change; the frame around it is the reader's own and made each time.
"""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portfolio import queries
from portfolio.engine.kinds import DividendRule
from portfolio.engine.periods import Period, UnknownPeriodError, between, parse_period, quarter_of
from portfolio.views import period_names
from portfolio.views.frame import display_of
from portfolio.views.instrument_names import instrument_names
from portfolio.views.kept import kept
from portfolio.views.quarterly_review_page import review_page


@require_safe
def latest_review(request: HttpRequest) -> HttpResponse:
    """Lead to the dates of the form, else to the last quarter that is over and has data."""
    if "from" in request.GET:
        try:
            period = between(start=_date(request, "from"), end=_date(request, "to"))
        except ValueError:
            return _no_review(request, _("Both dates are needed, the first not after the second."))
        return redirect("quarterly-review", period=period_names.address(period))
    span = queries.first_and_last_day(as_of=timezone.localdate())
    if span is None:
        return render(request, "quarterly_review_empty.html")
    return redirect("quarterly-review", period=period_names.address(_last_finished(*span)))


@require_safe
def quarterly_review(request: HttpRequest, period: str) -> HttpResponse:
    """Print the review of a period: 2025-q1, 2025-03, 2025, ytd, or two dates with two dots between."""
    today = timezone.localdate()
    try:
        wanted = parse_period(period, as_of=today)
    except UnknownPeriodError:
        return _no_review(request, _("“{words}” names no period.").format(words=period))
    if period != period_names.address(wanted):
        return redirect("quarterly-review", period=period_names.address(wanted))
    article = kept(
        request,
        name="quarterly_review",
        build=lambda: _article(period=wanted, rule=_rule(request), hide_amounts=display_of(request).hide_amounts, today=today),
    )
    if not article:
        return _no_review(request, _("The books hold nothing for {period}.").format(period=period_names.title(wanted)))
    return render(request, "quarterly_review.html", {"title": period_names.title(wanted), "article": article})


def _article(*, period: Period, rule: DividendRule | None, hide_amounts: bool, today: dt.date) -> str:
    """Return the printed article; nothing for a period outside the books."""
    span = queries.first_and_last_day(as_of=today)
    if span is None or period.end < span[0] or period.start > max(span[1], today):
        return ""
    page = review_page(
        review=queries.quarterly_review(period=period, dividend_rule=rule),
        period=period,
        quarters=queries.quarter_returns(until=span[1]),
        names=instrument_names(),
        span=span,
        today=today,
        hide_amounts=hide_amounts,
    )
    return render_to_string("quarterly_review_article.html", {"page": page})


def _no_review(request: HttpRequest, reason: str) -> HttpResponse:
    """Say what is missing and what would be understood."""
    span = queries.first_and_last_day(as_of=timezone.localdate())
    return render(request, "quarterly_review_unknown.html", {"reason": reason, "span": span}, status=404)


def _last_finished(first: dt.date, last: dt.date) -> Period:
    """Return the last quarter that ended by the last day of data; the first one while none has."""
    here = quarter_of(last)
    if here.end <= last:
        return here
    before = quarter_of(here.start - dt.timedelta(days=1))
    return before if before.end >= first else here


def _rule(request: HttpRequest) -> DividendRule | None:
    said = request.GET.get("dividends")
    return DividendRule(said) if said in set(DividendRule) else None


def _date(request: HttpRequest, name: str) -> dt.date:
    return dt.date.fromisoformat(request.GET.get(name, ""))
