"""Meetings and resolutions as text: dates in the meeting's own time zone, votes as words, open ones counted. Asks nothing."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portfolio import formatting as show
from portfolio.entry.live import name_of
from portfolio.models import Meeting, Resolution
from portfolio.publishing.meeting_reminders import deadline_words, kind_name, zone_words
from portfolio.reports.meetings import Count, Side, VotingHistory, side_of
from portfolio.views.resolution_explanations import Explanation, explanation_of, own_explanation

_VOTES = dict(Resolution.VOTES)


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting in a list."""

    url: str
    symbol: str
    name: str
    kind: str | Promise
    date: str
    iso: str
    deadline: str  # in the meeting's time zone
    zone: str
    units: str  # entitled to vote; a dash without a record date
    open: int
    total: int
    against: int  # votes against the board, abstentions included


@dataclass(frozen=True, slots=True)
class ResolutionLine:
    """One resolution on its meeting's page."""

    number: str
    title: str
    explanation: Explanation
    board: str | Promise
    vote: str | Promise
    differs: bool  # from the board
    result: str
    note: str


@dataclass(frozen=True, slots=True)
class CountLine:
    """A row of the voting history."""

    name: str | Promise
    url: str
    with_board: str
    against: str
    abstained: str
    share: str  # with the board, per cent


def units_words(units: Decimal | None, *, hidden: bool, mask: str) -> str:
    """Return units entitled to vote, masked where amounts are."""
    if units is None:
        return show.NOTHING
    return mask if hidden else show.quantity(units)


def meeting_line(*, meeting: Meeting, units: str) -> MeetingLine:
    """Return a meeting with its resolutions counted; they have to be fetched with it."""
    sides = [_side(each) for each in meeting.resolutions.all()]
    return MeetingLine(
        url=reverse("meeting", args=[meeting.pk]),
        symbol=meeting.instrument.symbol,
        name=name_of(meeting.instrument),
        kind=kind_name(meeting),
        date=show.full_date(meeting.date),
        iso=meeting.date.isoformat(),
        deadline=deadline_words(meeting) if meeting.deadline else show.NOTHING,
        zone=zone_words(meeting) if meeting.deadline else "",
        units=units,
        open=sides.count(Side.OPEN),
        total=len(sides),
        against=sides.count(Side.AGAINST) + sides.count(Side.ABSTAINED),
    )


def resolution_lines(resolutions: Iterable[Resolution]) -> list[ResolutionLine]:
    """Return the agenda in its order."""
    return [
        ResolutionLine(
            number=each.number or str(each.place),
            title=each.title,
            explanation=explanation_for(each),
            board=_VOTES.get(each.board_recommendation, show.NOTHING),
            vote=_VOTES.get(each.own_vote, pgettext("vote", "open")),
            differs=_side(each) in {Side.AGAINST, Side.ABSTAINED},
            result=show.number(each.result_for_percent, decimals=2),
            note=each.note,
        )
        for each in resolutions
    ]


def explanation_for(resolution: Resolution) -> Explanation:
    """Return what a resolution's type means."""
    return own_explanation(resolution.own_type) if resolution.own_type else explanation_of(resolution.type)


def _side(resolution: Resolution) -> Side:
    return side_of(recommendation=resolution.board_recommendation, vote=resolution.own_vote)


def first_sentence(*, meeting: Meeting, line: MeetingLine, now: dt.datetime) -> str:
    """Return how far the voting is, and for how long it can go on."""
    if not line.total:
        return _("No resolution is entered yet: paste the list from the notice of the meeting.")
    if meeting.votes_until < now:
        return _after(line)
    said = {"open": line.open, "total": line.total, "deadline": deadline_words(meeting), "zone": meeting.time_zone}
    if not line.open:
        return _("All %(total)s votes are decided; they can be changed until %(deadline)s (%(zone)s).") % said
    return _("%(open)s of %(total)s votes are open; they are due by %(deadline)s (%(zone)s).") % said


def _after(line: MeetingLine) -> str:
    cast = line.total - line.open
    said = {"cast": cast, "total": line.total, "against": line.against}
    if not cast:
        return _("The meeting is over; no vote of it is on record.")
    if not line.against:
        return _("%(cast)s of %(total)s votes were cast, none against the board's recommendation.") % said
    return (
        ngettext(
            "%(cast)s of %(total)s votes were cast, %(against)s of them against the board's recommendation.",
            "%(cast)s of %(total)s votes were cast, %(against)s of them against the board's recommendation.",
            line.against,
        )
        % said
    )


def history_sentence(history: VotingHistory) -> str:
    """Return how often the household agrees with its boards."""
    total = history.total
    if not total.compared:
        return _("No vote with a recommendation is on record yet.")
    differing = total.against_board + total.abstained
    said = {"compared": total.compared, "share": show.percent(total.share_with_board, decimals=0), "differing": differing}
    return _("Of %(compared)s votes %(share)s followed the board; %(differing)s did not.") % said


def count_lines(counts: Sequence[Count], *, names: dict[str, str | Promise], url: str = "") -> list[CountLine]:
    """Return rows of the history. url: where a row leads, with its name put in."""
    return [
        CountLine(
            name=names.get(each.name, each.name),
            url=url.format(each.name) if url else "",
            with_board=str(each.with_board),
            against=str(each.against_board),
            abstained=str(each.abstained),
            share=show.percent(each.share_with_board, decimals=0, unit=False),
        )
        for each in counts
        if each.compared
    ]
