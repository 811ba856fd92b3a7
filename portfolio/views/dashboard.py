"""The dashboard's door: what there is, what this year did, what comes in next. One report, no arithmetic."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from portfolio import queries
from portfolio.formatting import Money
from portfolio.reports.dashboard import Dashboard
from portfolio.views import dashboard_holdings as table
from portfolio.views import dashboard_sections as sections
from portfolio.views import wealth_line as line
from portfolio.views.asked import closing_day, same_page
from portfolio.views.frame import display_of
from portfolio.views.instrument_names import instrument_names
from portfolio.views.kept import kept
from portfolio.views.line_drawing import drawing
from portfolio.views.line_ranges import chosen_range, range_links
from portfolio.views.market_data_hint import market_data_hint
from portfolio.views.meeting_reminders import reminder_lines
from portfolio.views.warning_links import warning_lines

DEFAULT_RANGE = "ytd"


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the household at the close of `?as_of=`, or of the last day with data."""
    article = kept(request, name="dashboard", build=lambda: _article(request))
    return render(request, "dashboard.html", {"article": article, "hint": market_data_hint(may_write=request.user.is_staff)})


def _article(request: HttpRequest) -> str:
    """Return the printed page without its frame; empty for an empty ledger."""
    as_of = closing_day(request)
    if as_of is None:
        return ""
    report = queries.dashboard(as_of=as_of)
    money = Money(currency=report.base_currency, hidden=display_of(request).hide_amounts)
    context = {
        "headline": sections.headline(report=report, money=money, is_today=as_of == timezone.localdate()),
        **sections.said(report, money),
        "warnings": _warnings(request, report, money),
        **_chart(request, report, money),
        **_table(request, report, money),
    }
    return render_to_string("dashboard_article.html", context)


def _warnings(request: HttpRequest, report: Dashboard, money: Money) -> list[Any]:
    lines = warning_lines(warnings=report.warnings, may_write=request.user.is_staff, hidden=money.hidden)
    return [*reminder_lines(may_write=request.user.is_staff), *lines, *sections.watch_lines(holdings=report.holdings)]


def _chart(request: HttpRequest, report: Dashboard, money: Money) -> dict[str, Any]:
    bare = Money(currency=money.currency, hidden=money.hidden, markup=False)
    whole = line.wealth_line(report=report, money=bare)
    plans = line.wealth_plans(report=report, line=whole, money=bare)
    links = range_links(request, default=DEFAULT_RANGE)
    chosen = chosen_range(request, default=DEFAULT_RANGE)
    return {
        "chart": drawing(line=whole, plan=plans[chosen]),
        "chart_data": line.for_the_script(line=whole, plans=plans, money=bare),
        "ranges": links,
        "range": next(each for each in links if each.is_current),
        "month_ends": line.month_ends(report=report, money=money),
    }


def _table(request: HttpRequest, report: Dashboard, money: Money) -> dict[str, Any]:
    sort = table.known_sort(request.GET.get("sort"))
    headings = table.headings(sort=sort, money=money)
    return {
        "headings": [(each, same_page(request, sort=each.sort) + "#holdings") for each in headings],
        "rows": table.rows(report=report, names=instrument_names(), sort=sort, money=money),
        "totals": table.totals(report=report, money=money),
    }
