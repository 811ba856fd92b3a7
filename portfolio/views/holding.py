"""One holding's door: finds the instrument, asks for its report once, and hands out the page. No arithmetic."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from portfolio import queries
from portfolio.entry.live import name_of
from portfolio.formatting import Money
from portfolio.models import Instrument
from portfolio.reports.holding import HoldingReport
from portfolio.views import holding_sections, price_line
from portfolio.views.asked import closing_day
from portfolio.views.frame import display_of
from portfolio.views.instrument_names import instrument_names
from portfolio.views.kept import kept
from portfolio.views.line_drawing import drawing
from portfolio.views.line_ranges import chosen_range, range_links

DEFAULT_RANGE = "all"
SUGGESTIONS = 12


@require_safe
def holding(request: HttpRequest, symbol: str) -> HttpResponse:
    """Show one instrument: price and own trades, lots, income, gain by its parts, notes."""
    instrument = Instrument.objects.filter(symbol=symbol).first()
    if instrument is None:
        return _unknown(request, symbol)
    article = kept(request, name="holding", build=lambda: _article(request, instrument))
    return render(request, "holding.html", {"symbol": symbol, "article": article})


def _article(request: HttpRequest, instrument: Instrument) -> str:
    """Return the printed page without its frame."""
    as_of = closing_day(request)
    report = queries.holding(symbol=instrument.symbol, as_of=as_of) if as_of else None
    context: dict[str, Any] = {"instrument": instrument, "name": name_of(instrument), "report": report}
    context["may_write"] = request.user.is_staff
    if report is not None:
        money = Money(currency=report.base_currency, hidden=display_of(request).hide_amounts)
        context |= {**holding_sections.sections(report=report, money=money), **_chart(request, report, money.hidden)}
    return render_to_string("holding_article.html", context)


def _chart(request: HttpRequest, report: HoldingReport, hidden: bool) -> dict[str, Any]:
    line = price_line.price_line(report=report, hidden=hidden)
    if line is None:
        return {}
    plans = price_line.price_plans(report=report, line=line)
    links = range_links(request, default=DEFAULT_RANGE)
    return {
        "chart": drawing(line=line, plan=plans[chosen_range(request, default=DEFAULT_RANGE)]),
        "chart_data": price_line.for_the_script(line=line, plans=plans),
        "ranges": links,
        "range": next(each for each in links if each.is_current),
        "month_closes": price_line.month_closes(report=report),
    }


def _unknown(request: HttpRequest, symbol: str) -> HttpResponse:
    """Say that the books do not know the symbol, and name those that look like it."""
    names = instrument_names()
    near = [each for each in names.items() if _is_near(symbol, *each)]
    context = {"symbol": symbol, "near": (near or list(names.items()))[:SUGGESTIONS], "is_near": bool(near)}
    return render(request, "holding_unknown.html", context, status=404)


def _is_near(wanted: str, symbol: str, name: str) -> bool:
    """Say whether one is part of the other, in either case: 0050 for 0050.TW, QQQM for QQQ."""
    said, known = wanted.casefold(), symbol.casefold()
    return said in known or known in said or said in name.casefold()
