"""Which meetings and votes a page needs, fetched with a constant number of queries. Formats nothing."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet

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
