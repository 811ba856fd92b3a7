"""Which meetings and votes a page needs, fetched with a constant number of queries. Formats nothing."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from portfolio.entry.units_held import units_held
from portfolio.models import Meeting, Resolution
from portfolio.reports.meetings import CastVote

OWN_TYPE = "own-"


def meetings_of(*, company: str = "") -> list[Meeting]:
    """Return the meetings of one company or all, the latest first, with company and resolutions."""
    return list(_narrowed(Meeting.objects.select_related("instrument").prefetch_related("resolutions"), company))


def _narrowed(meetings: QuerySet[Meeting], company: str) -> QuerySet[Meeting]:
    return meetings.filter(instrument__symbol=company) if company else meetings


def units_entitled(meetings: Iterable[Meeting]) -> dict[int, Decimal]:
    """Return the units that may vote at each meeting by its key; a meeting without a record date has none to count."""
    asked = {each.pk: (each.instrument_id, each.record_date) for each in meetings if each.record_date}
    found = units_held(wanted=asked.values())
    return {key: found[what] for key, what in asked.items()}


def cast_votes(*, company: str = "") -> list[CastVote]:
    """Return every resolution as voted; a type of the household's own is named by its key."""
    rows = Resolution.objects.order_by()
    if company:
        rows = rows.filter(meeting__instrument__symbol=company)
    columns = ("meeting__instrument__symbol", "type", "own_type_id", "board_recommendation", "own_vote")
    return [
        CastVote(symbol, f"{OWN_TYPE}{own}" if own else kind, board, vote)
        for symbol, kind, own, board, vote in rows.values_list(*columns)
    ]


def due_meetings(*, now: dt.datetime, within: dt.timedelta) -> list[Meeting]:
    """Return the meetings whose votes are due soon and not all decided, the nearest first, with `open_votes` and `votes`.

    A meeting without any resolution is one nobody has looked at: it is due, too.
    """
    # a deadline is never after its meeting's day, so the date narrows what the clock of each zone decides
    soon = Meeting.objects.filter(date__gte=now.date() - dt.timedelta(days=1)).filter(
        Q(deadline__isnull=True, date__lte=(now + within).date() + dt.timedelta(days=1))
        | Q(deadline__gt=now, deadline__lte=now + within)
    )
    counted = soon.select_related("instrument").annotate(
        votes=Count("resolutions"), open_votes=Count("resolutions", filter=Q(resolutions__own_vote=""))
    )
    found = [each for each in counted if (each.open_votes or not each.votes) and now < each.votes_until <= now + within]
    return sorted(found, key=lambda meeting: (meeting.votes_until, meeting.pk))
