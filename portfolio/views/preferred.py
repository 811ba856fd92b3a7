"""The door to the preferred share tools: the address is the question, the page or JSON the answer. No arithmetic."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portfolio.engine.preferred import ImpossibleClassesError
from portfolio.reports.plain import to_json
from portfolio.reports.preferred import build_liquidation, build_refinancing, build_yields
from portfolio.views import preferred_page as page
from portfolio.views.asked import same_page
from portfolio.views.preferred_choices import (
    BLANK_CLASS,
    MOST_CLASSES,
    ClassRow,
    Typed,
    class_rows,
    classes_of,
    refinancing_of,
    typed_of,
    waterfall_range,
    yields_of,
)
from portfolio.views.preferred_holdings import preferred_holdings


@require_safe
def preferred(request: HttpRequest) -> HttpResponse:
    """Answer the three tools at once; `?format=json` hands out the reports. The address is a permalink."""
    values = typed_of(request.GET)
    tools = {"liquidation": _liquidation(request, values), "refinancing": _refinancing(values), "yields": _yields(values)}
    errors = {name: typed.errors for name, (typed, _report, _shown) in tools.items() if typed.errors}
    status = 400 if errors else 200
    if request.GET.get("format") == "json":
        found = {name: to_json(report) for name, (_typed, report, _shown) in tools.items()}
        return JsonResponse({**found, "errors": errors}, status=status)
    rows = class_rows(request.GET)
    context = {
        "values": values,
        "classes": rows if len(rows) >= MOST_CLASSES else [*rows, ClassRow(*BLANK_CLASS)],
        "errors": {name: text for found in errors.values() for name, text in found.items() if name},
        "wrong": {name: list(found.values()) for name, found in errors.items()},
        **{name: shown for name, (_typed, _report, shown) in tools.items()},
        "holdings": preferred_holdings(request),
        "json_url": same_page(request, format="json"),
    }
    return render(request, "preferred.html", context, status=status)


def _liquidation(request: HttpRequest, values: dict[str, str]) -> tuple[Typed, Any, Any]:
    typed = Typed(values)
    classes = classes_of(class_rows(request.GET), typed)
    low, high, proceeds = waterfall_range(typed)
    if typed.errors:
        return typed, None, None
    try:
        report = build_liquidation(classes=classes, low=low, high=high, proceeds=proceeds)
    except ImpossibleClassesError as error:
        typed.errors[""] = str(error)
        return typed, None, None
    return typed, report, page.waterfall_page(report)


def _refinancing(values: dict[str, str]) -> tuple[Typed, Any, Any]:
    typed = Typed(values)
    asked = refinancing_of(typed)
    if typed.errors:
        return typed, None, None
    report = build_refinancing(**asked)
    return typed, report, page.refinancing_page(report, has_horizon=asked["years"] is not None)


def _yields(values: dict[str, str]) -> tuple[Typed, Any, Any]:
    typed = Typed(values)
    asked = yields_of(typed)
    if typed.errors:
        return typed, None, None
    report = build_yields(**asked)
    said = {name: asked[name] for name in ("cumulative", "missed", "dividend")}
    return typed, report, page.yields_page(report, **said)
