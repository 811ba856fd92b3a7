"""What the entry form asks while a row is being typed: its effect, and which instruments the letters may mean."""

import datetime as dt
from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portfolio.entry.form import TransactionForm
from portfolio.entry.live import answer
from portfolio.entry.suggestions import suggestions
from portfolio.models import Transaction

View = Callable[[HttpRequest], HttpResponse]


def owners_only(view: View) -> View:
    """Refuse everybody who may not write to the ledger."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not (request.user.is_active and request.user.is_staff):
            raise PermissionDenied
        return view(request)

    return guarded


@require_GET
@never_cache
@owners_only
def entry_effect(request: HttpRequest) -> JsonResponse:
    """Return what the row in the query string would do; `pk` names the stored row it would replace."""
    stored = Transaction.objects.filter(pk=_number(request.GET.get("pk"))).first()
    return JsonResponse(answer(TransactionForm(request.GET, instance=stored, is_live=True)))


@require_GET
@never_cache
@owners_only
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
