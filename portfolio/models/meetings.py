"""Shareholder meetings: what is put to the vote, what the board recommends, how the household votes, and how it ended.

The invariant: a resolution has one of the known types, or one of the household's own, and nobody's vote but one of three
words. Units entitled to vote are counted from the ledger each time, never stored.
"""

import datetime as dt
import uuid
from pathlib import PurePath
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from portfolio.engine.resolutions import MeetingKind, ResolutionType, Vote
from portfolio.models.fields import is_one_of
from portfolio.models.ledger import Instrument

TITLE_LENGTH = 600
# what a document may be, as its content says, and how long it may be
DOCUMENT_TYPES = ("application/pdf", "image/png", "image/jpeg", "text/plain")
DOCUMENT_BYTES = 20 * 1024 * 1024


def is_time_zone(name: str) -> None:
    """Refuse a name that the time zone database lacks."""
    if name not in available_timezones():
        said = _("“%(name)s” is no time zone; write one such as Europe/London or Asia/Taipei.")
        raise ValidationError(said, params={"name": name})


def is_web_address(address: str) -> None:
    """Refuse what a browser would run instead of open."""
    if not address.lower().startswith(("https://", "http://")):
        raise ValidationError(_("A link begins with https:// or http://."))


class Meeting(models.Model):
    """One general meeting of one company."""

    KINDS = [(MeetingKind.AGM, _("Annual general meeting")), (MeetingKind.EGM, _("Extraordinary general meeting"))]

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="meetings", verbose_name=_("company"))
    kind = models.CharField(_("kind"), max_length=3, choices=KINDS, default=MeetingKind.AGM)
    date = models.DateField(_("date"))
    record_date = models.DateField(
        _("record date"), null=True, blank=True, help_text=_("Who holds shares at its close may vote.")
    )
    deadline = models.DateTimeField(_("voting deadline"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/London", validators=[is_time_zone])
    link = models.URLField(_("link"), max_length=500, blank=True, validators=[is_web_address])
    notes = models.TextField(_("notes"), blank=True)
    # when people were written to; a deadline that moves clears it
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True, editable=False)
    history = HistoricalRecords(excluded_fields=["reminded_at"])

    class Meta:
        ordering = ["-date", "-pk"]
        verbose_name = _("shareholder meeting")
        verbose_name_plural = _("shareholder meetings")
        constraints = [
            is_one_of("kind", MeetingKind, name="meeting_of_a_known_kind"),
            models.UniqueConstraint(fields=["instrument", "kind", "date"], name="one_meeting_a_day"),
            models.CheckConstraint(
                condition=Q(record_date__isnull=True) | Q(record_date__lte=F("date")), name="record_date_before_meeting"
            ),
            models.CheckConstraint(condition=~Q(time_zone=""), name="meeting_has_a_time_zone"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument.symbol} {self.kind} {self.date:%Y-%m-%d}"

    @property
    def zone(self) -> ZoneInfo:
        """The meeting's own time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def votes_until(self) -> dt.datetime:
        """The deadline in the meeting's time zone; where none is known, the beginning of its day there."""
        if self.deadline is not None:
            return self.deadline.astimezone(self.zone)
        return dt.datetime.combine(self.date, dt.time(), self.zone)


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
        votes=models.Count("resolutions"), open_votes=models.Count("resolutions", filter=Q(resolutions__own_vote=""))
    )
    found = [each for each in counted if (each.open_votes or not each.votes) and now < each.votes_until <= now + within]
    return sorted(found, key=lambda meeting: (meeting.votes_until, meeting.pk))


class OwnResolutionType(models.Model):
    """A type of resolution that the household explains to itself, beside those the app knows."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=80, blank=True)
    explanation = models.TextField(_("explanation"), blank=True)
    explanation_zh = models.TextField(_("Chinese explanation"), blank=True)
    wording = models.CharField(
        _("told by the words"),
        max_length=200,
        blank=True,
        help_text=_("Separated by commas: a pasted title with one of them gets this type."),
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("own type of resolution")
        verbose_name_plural = _("own types of resolutions")
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="own_resolution_type_has_a_name")]

    def __str__(self) -> str:
        return self.name


class Resolution(models.Model):
    """One item that is voted on, in the order of the agenda."""

    TYPES = [
        (ResolutionType.ACCOUNTS, _("Annual report and accounts")),
        (ResolutionType.DIVIDEND, _("Dividend or distribution of earnings")),
        (ResolutionType.REMUNERATION_REPORT, _("Remuneration report")),
        (ResolutionType.REMUNERATION_POLICY, _("Remuneration policy")),
        (ResolutionType.DIRECTORS_ELECTION, _("Election of directors")),
        (ResolutionType.AUDITORS_APPOINTMENT, _("Appointment of auditors")),
        (ResolutionType.AUDITORS_REMUNERATION, _("Auditors' remuneration")),
        (ResolutionType.ALLOTMENT, _("Authority to allot shares")),
        (ResolutionType.PRE_EMPTION, _("Disapplication of pre-emption rights")),
        (ResolutionType.MARKET_PURCHASES, _("On-market purchases of own shares")),
        (ResolutionType.OFF_MARKET_PURCHASES, _("Off-market purchases of own shares")),
        (ResolutionType.DONATIONS, _("Donations and expenditure")),
        (ResolutionType.MEETING_NOTICE, _("Notice of general meetings")),
        (ResolutionType.SHARE_PLAN, _("Share plan for employees")),
        (ResolutionType.ARTICLES, _("Articles and rules")),
        (ResolutionType.CAPITAL, _("Change of the share capital")),
        (ResolutionType.TRANSACTION, _("Merger, purchase or sale")),
        (ResolutionType.COMPETITION, _("Release of directors from non-competition")),
        (ResolutionType.SHAREHOLDER, _("Shareholder resolution")),
        (ResolutionType.OTHER, pgettext_lazy("resolution", "Other")),
    ]
    VOTES = [
        (Vote.FOR, pgettext_lazy("vote", "For")),
        (Vote.AGAINST, pgettext_lazy("vote", "Against")),
        (Vote.ABSTAIN, pgettext_lazy("vote", "Abstain / withheld")),
    ]

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="resolutions", verbose_name=_("meeting"))
    place = models.PositiveSmallIntegerField(_("place"), help_text=_("On the agenda, from 1."))
    number = models.CharField(_("number"), max_length=16, blank=True)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    type = models.CharField(_("type"), max_length=24, choices=TYPES, default=ResolutionType.OTHER)
    own_type = models.ForeignKey(
        OwnResolutionType, models.PROTECT, null=True, blank=True, related_name="resolutions", verbose_name=_("own type")
    )
    board_recommendation = models.CharField(_("board's recommendation"), max_length=8, choices=VOTES, blank=True)
    own_vote = models.CharField(_("own vote"), max_length=8, choices=VOTES, blank=True)
    result_for_percent = models.DecimalField(
        _("result: for, %"), max_digits=6, decimal_places=3, null=True, blank=True, help_text=_("Of the votes cast.")
    )
    note = models.CharField(_("note"), max_length=400, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["meeting", "place"]
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "place"], name="one_resolution_a_place"),
            is_one_of("type", ResolutionType, name="resolution_of_a_known_type"),
            models.CheckConstraint(condition=~Q(title=""), name="resolution_has_a_title"),
            models.CheckConstraint(
                condition=Q(own_type__isnull=True) | Q(type=str(ResolutionType.OTHER)), name="own_type_refines_other"
            ),
            models.CheckConstraint(condition=Q(own_vote__in=["", *map(str, Vote)]), name="vote_is_a_known_word"),
            models.CheckConstraint(
                condition=Q(board_recommendation__in=["", *map(str, Vote)]), name="recommendation_is_a_known_word"
            ),
            models.CheckConstraint(
                condition=Q(result_for_percent__isnull=True) | Q(result_for_percent__gte=0, result_for_percent__lte=100),
                name="result_is_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


def document_path(document: "MeetingDocument", _name: str) -> str:
    """Return where a file is kept: under a name that says nothing and that nobody can choose."""
    return f"meetings/{document.meeting_id}/{uuid.uuid4().hex}"


class MeetingDocument(models.Model):
    """A file of a meeting, such as its notice. Handed out to those who are logged in, and never by its path."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="documents", verbose_name=_("meeting"))
    file = models.FileField(_("file"), upload_to=document_path)
    name = models.CharField(_("name"), max_length=160)
    content_type = models.CharField(_("type"), max_length=40)
    size = models.PositiveIntegerField(_("size"))
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["added_at", "pk"]
        verbose_name = _("document of a meeting")
        verbose_name_plural = _("documents of meetings")
        constraints = [
            models.CheckConstraint(condition=Q(content_type__in=DOCUMENT_TYPES), name="document_of_a_known_type"),
            models.CheckConstraint(condition=Q(size__gt=0, size__lte=DOCUMENT_BYTES), name="document_of_a_sensible_size"),
            models.CheckConstraint(condition=~Q(name=""), name="document_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **options: object) -> None:
        """Keep the last part of a name that may have been a path."""
        self.name = PurePath(self.name.replace("\\", "/")).name[-160:] or "document"
        super().save(*args, **options)
