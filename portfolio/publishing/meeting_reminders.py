"""Votes that are due, in words: for the dashboard, for a mail. Formats meetings that were fetched; asks nothing."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portfolio import formatting as show
from portfolio.models import Meeting


def kind_name(meeting: Meeting) -> str:
    """Return what a meeting is called: 股東常會 or annual general meeting."""
    return str(meeting.get_kind_display())


def deadline_words(meeting: Meeting) -> str:
    """Return until when votes are taken, in the meeting's time zone: 2025年5月20日 12:00; its day where no time is known."""
    until = meeting.votes_until
    return f"{show.full_date(until.date())} {until:%H:%M}" if meeting.deadline else show.full_date(meeting.date)


def zone_words(meeting: Meeting) -> str:
    """Return the time zone with its distance from UTC on the day."""
    offset = meeting.votes_until.strftime("%z")
    return f"{meeting.time_zone} UTC{offset[:1].replace('-', show.MINUS)}{offset[1:3]}:{offset[3:5]}"


def due_sentence(meeting: Meeting) -> str:
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


def reminder_mail(*, meetings: Sequence[Meeting]) -> tuple[str, str]:
    """Return subject and text of a mail about votes that are due. Names companies and dates, never units."""
    count = len(meetings)
    subject = ngettext("Votes of %(count)s meeting are due", "Votes of %(count)s meetings are due", count) % {"count": count}
    lines = [f"{each.instrument.symbol} {kind_name(each)}: {due_sentence(each)}" for each in meetings]
    return subject, "\n".join([*lines, "", _("Vote under “Shareholder meetings”; this mail comes once for each deadline.")])
