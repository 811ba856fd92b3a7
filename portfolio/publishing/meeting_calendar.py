"""Meetings and voting deadlines as calendar entries (RFC 5545), for the private feed and as a file of its own."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from portfolio.models import Meeting

PRODUCT = "-//Larder//Meetings//EN"
WARNING = dt.timedelta(days=-2)


def meeting_calendar(*, meetings: Iterable[Meeting], written_at: dt.datetime) -> bytes:
    """Return an .ics file of meetings in the active language. written_at: the moment each entry says it was made."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Shareholder meetings"))
    for event in meeting_events(meetings=meetings, written_at=written_at):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def meeting_events(*, meetings: Iterable[Meeting], written_at: dt.datetime) -> list[Event]:
    """Return each meeting as a whole day and, where one is known, its deadline as a moment with an alarm before it."""
    events = []
    for meeting in meetings:
        events.append(_day(meeting, written_at))
        if meeting.deadline is not None:
            events.append(_deadline(meeting, written_at))
    return events


def _day(meeting: Meeting, written_at: dt.datetime) -> Event:
    event = _event(f"meeting-{meeting.pk}@larder", _title(meeting), meeting, written_at)
    event.add("dtstart", meeting.date)
    event.add("dtend", meeting.date + dt.timedelta(days=1))
    return event


def _deadline(meeting: Meeting, written_at: dt.datetime) -> Event:
    title = _("Votes due: %(meeting)s") % {"meeting": _title(meeting)}
    event = _event(f"meeting-deadline-{meeting.pk}@larder", title, meeting, written_at)
    # as a moment in UTC: a calendar shows it by its own clock, and needs no table of the zone
    moment = meeting.deadline.astimezone(dt.UTC)
    event.add("dtstart", moment)
    event.add("dtend", moment)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", WARNING)
    event.add_component(alarm)
    return event


def _event(uid: str, title: str, meeting: Meeting, written_at: dt.datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", written_at)
    event.add("summary", title)
    if meeting.link:
        event.add("url", meeting.link)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _title(meeting: Meeting) -> str:
    return f"{meeting.instrument.symbol} {meeting.get_kind_display()}"
