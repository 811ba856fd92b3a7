"""What the entry form asks while a row is being typed: its effect, and which instruments the letters may mean."""

import datetime as dt

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portfolio.entry.form import TransactionForm
from portfolio.entry.live import answer
from portfolio.entry.suggestions import suggestions
from portfolio.models import Transaction
from portfolio.views.owners import for_owners


@require_GET
@never_cache
@for_owners
def entry_effect(request: HttpRequest) -> JsonResponse:
    """Return what the row in the query string would do; `pk` names the stored row it would replace."""
    stored = Transaction.objects.filter(pk=_number(request.GET.get("pk"))).first()
    return JsonResponse(answer(TransactionForm(request.GET, instance=stored, is_live=True)))


@require_GET
@never_cache
@for_owners
def entry_instruments(request: HttpRequest) -> JsonResponse:
    """Return the instruments that `q` may mean, with the units held in `account` on `date`."""
    found = suggestions(
        words=request.GET.get("q", "").strip(),
        account=_number(request.GET.get("account")),
        date=_date(request.GET.get("date")),
    )
    return JsonResponse({"results": found})


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _date(text: str | None) -> dt.date:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return timezone.localdate()
