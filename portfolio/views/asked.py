"""What a page was asked for: the day of its close, and links to the same page asked for a little differently."""

import datetime as dt

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from portfolio import queries


def closing_day(request: HttpRequest) -> dt.date | None:
    """Return `?as_of=`, else today, moved to the nearest day with data; None for an empty ledger.

    Raises Http404 for a date that no calendar has.
    """
    today = timezone.localdate()
    wanted = min(_date(request.GET["as_of"]) if request.GET.get("as_of") else today, today)
    span = queries.first_and_last_day(as_of=wanted)
    return max(span) if span else None


def same_page(request: HttpRequest, **changes: str | None) -> str:
    """Return this page's address with some of its questions changed; None takes one away."""
    asked = request.GET.copy()
    for name, value in changes.items():
        asked.pop(name, None)
        if value is not None:
            asked[name] = value
    return f"?{asked.urlencode()}" if asked else request.path


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise Http404(_("as_of is a date such as 2025-03-31.")) from error
