"""The doors of the private calendar: make an address, take it back, hand out what it names.

The address is shown once; afterwards only its hash is known. An address works without a login and only with its token.
"""

import secrets
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_POST, require_safe

from portfolio import queries
from portfolio.models import CalendarFeed, Meeting
from portfolio.publishing.calendar_feed import payment_calendar
from portfolio.publishing.meeting_calendar import meeting_events
from portfolio.roles import sees_only_the_salary

NEW_FEED = "new_calendar_feed"  # in the session, until it was shown
TOKEN_BYTES = 32


def feeds_of(request: HttpRequest) -> dict[str, Any]:
    """Return the reader's own feeds that are alive, and the address of one that was just made."""
    return {
        "feeds": list(CalendarFeed.objects.filter(user=request.user, revoked_at=None)),
        "new_feed_url": request.session.pop(NEW_FEED, ""),
    }


@require_POST
def make_calendar_feed(request: HttpRequest) -> HttpResponse:
    """Make an address for the reader and go back to the page, which shows it once."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    CalendarFeed.objects.create(
        user=request.user,
        token_hash=CalendarFeed.hash_of(token),
        with_amounts="with_amounts" in request.POST,
        language=translation.get_language() or "",
    )
    request.session[NEW_FEED] = request.build_absolute_uri(reverse("calendar-feed", args=[token]))
    return redirect(reverse("income") + "#feed")


@require_POST
def revoke_calendar_feed(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one of the reader's own addresses back; it is never given out again."""
    feed = get_object_or_404(CalendarFeed, pk=pk, user=request.user)
    CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=timezone.now())
    return redirect(reverse("income") + "#feed")


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out the payments ahead to whoever knows a token; unknown, revoked and locked-out ones look alike."""
    feed = CalendarFeed.objects.select_related("user").filter(token_hash=CalendarFeed.hash_of(token), revoked_at=None).first()
    if feed is None or not feed.user.is_active or sees_only_the_salary(feed.user):
        raise Http404
    today = timezone.localdate()
    span = queries.first_and_last_day(as_of=today)
    as_of = span[1] if span else today
    now = timezone.now()
    meetings = Meeting.objects.filter(date__gte=today).select_related("instrument").order_by("date", "pk")
    with translation.override(feed.language):
        others = meeting_events(meetings=meetings, written_at=now)
        income = queries.income(as_of=as_of)
        body = payment_calendar(income=income, with_amounts=feed.with_amounts, written_at=now, others=others)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="payments.ics"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
