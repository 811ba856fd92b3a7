"""Votes that are due, as lines of the dashboard. One query."""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portfolio.models.meetings import due_meetings
from portfolio.publishing.meeting_reminders import due_sentence, kind_name
from portfolio.views.warning_links import WarningLine


def reminder_lines(*, may_write: bool) -> list[WarningLine]:
    """Return a line for each meeting whose votes are due within the days of MEETING_REMINDER_DAYS."""
    within = dt.timedelta(days=settings.MEETING_REMINDER_DAYS)
    return [
        WarningLine(
            subject=f"{meeting.instrument.symbol} {kind_name(meeting)}",
            sentence=due_sentence(meeting),
            url=reverse("meeting-edit" if may_write else "meeting", args=[meeting.pk]),
            action=_("Vote") if may_write else _("See the meeting"),
        )
        for meeting in due_meetings(now=timezone.now(), within=within)
    ]
