"""Reports as JSON behind the login: the same objects that pages and commands show. Parses, asks once, hands out."""

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from portfolio import queries
from portfolio.engine.kinds import DividendRule
from portfolio.engine.periods import UnknownPeriodError, parse_period
from portfolio.reports.plain import to_json


def review(request: HttpRequest, period: str) -> JsonResponse:
    """Hand out the review of a period; `?base=USD` and `?dividends=whole_year` as on the command line."""
    try:
        wanted = parse_period(period, as_of=timezone.localdate())
        rule = _rule(request)
        base = _base(request)
    except UnknownPeriodError as error:
        return JsonResponse({"error": str(error)}, status=404)
    except ValueError as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse(to_json(queries.quarterly_review(period=wanted, base_currency=base, dividend_rule=rule)))


def income(request: HttpRequest) -> JsonResponse:
    """Hand out the income report; `?as_of=2025-03-31` and `?base=USD` as on the command line."""
    try:
        as_of = _day(request)
        base = _base(request)
    except ValueError as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse(to_json(queries.income(as_of=as_of, base_currency=base)))


def _rule(request: HttpRequest) -> DividendRule | None:
    said = request.GET.get("dividends")
    if said is not None and said not in set(DividendRule):
        raise ValueError(f"dividends is one of {', '.join(DividendRule)}")
    return None if said is None else DividendRule(said)


def _day(request: HttpRequest) -> dt.date:
    said = request.GET.get("as_of")
    if said is None:
        return timezone.localdate()
    try:
        return dt.date.fromisoformat(said)
    except ValueError:
        raise ValueError("as_of is a date such as 2025-03-31") from None


def _base(request: HttpRequest) -> str:
    base = request.GET.get("base", settings.BASE_CURRENCY).upper()
    if len(base) != 3 or not base.isalpha():
        raise ValueError("base is a three-letter currency code such as TWD")
    return base
