"""Votes that are due, as lines of the dashboard. One query."""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portfolio.views.meeting_page import deadline_words, kind_name
from portfolio.views.meeting_rows import due_meetings
from portfolio.views.warning_links import WarningLine

DAYS = 14


def reminder_lines(*, may_write: bool) -> list[WarningLine]:
    """Return a line for each meeting whose votes are due within the days of MEETING_REMINDER_DAYS."""
    within = dt.timedelta(days=getattr(settings, "MEETING_REMINDER_DAYS", DAYS))
    return [
        WarningLine(
            subject=f"{meeting.instrument.symbol} {kind_name(meeting)}",
            sentence=due_sentence(meeting),
            url=reverse("meeting-edit" if may_write else "meeting", args=[meeting.pk]),
            action=_("Vote") if may_write else _("See the meeting"),
        )
        for meeting in due_meetings(now=timezone.now(), within=within)
    ]


def due_sentence(meeting: object) -> str:
    """Return what is open until when, for a meeting as `due_meetings` returns it."""
    said = {
        "open": meeting.open_votes,
        "total": meeting.votes,
        "deadline": deadline_words(meeting),
        "zone": meeting.time_zone,
    }
    if not meeting.votes:
        return _("votes are due by %(deadline)s (%(zone)s); no resolution is entered yet.") % said
    return _("%(open)s of %(total)s votes are open, due by %(deadline)s (%(zone)s).") % said
