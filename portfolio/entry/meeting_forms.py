"""Forms of a shareholder meeting: its dates, its agenda as pasted text, its resolutions as rows, its documents.

They check; `meeting_writing` writes. Nothing here knows a page.
"""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portfolio.engine.kinds import InstrumentType
from portfolio.engine.resolutions import resolutions_of
from portfolio.entry.live import name_of
from portfolio.models import Instrument, Meeting, Resolution
from portfolio.models.meetings import DOCUMENT_BYTES, TITLE_LENGTH, is_time_zone, is_web_address
from portfolio.written_values import plain

AGENDA_LENGTH = 200_000
MOST_RESOLUTIONS = 200
# offered while typing; every name of the time zone database is taken
TIME_ZONES = (
    "Europe/London",
    "Asia/Taipei",
    "America/New_York",
    "Asia/Tokyo",
    "Asia/Hong_Kong",
    "Asia/Singapore",
    "Asia/Seoul",
    "Europe/Amsterdam",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Zurich",
    "America/Toronto",
    "Australia/Sydney",
    "UTC",
)
OWN = "own:"  # before the key of a type of the household's own
# the beginnings that tell what a file is, whatever it is called
_BEGINNINGS = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


class CompanyField(forms.ModelChoiceField):
    """A company by its ticker and name."""

    def label_from_instance(self, instrument: Instrument) -> str:
        """Return what the list says."""
        return " ".join(filter(None, (instrument.symbol, name_of(instrument))))


class MeetingForm(forms.Form):
    """The meeting itself; times are written as its own country reads them."""

    instrument = CompanyField(
        label=gettext_lazy("company"),
        queryset=Instrument.objects.exclude(type=InstrumentType.BOND).order_by("symbol"),
        empty_label="",
    )
    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=Meeting.KINDS)
    date = forms.DateField(label=gettext_lazy("date"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    record_date = forms.DateField(
        label=gettext_lazy("record date"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    deadline = forms.CharField(
        label=gettext_lazy("voting deadline"), required=False, widget=forms.TextInput({"type": "datetime-local"})
    )
    time_zone = forms.CharField(
        label=gettext_lazy("time zone"),
        initial=TIME_ZONES[0],
        max_length=40,
        validators=[is_time_zone],
        widget=forms.TextInput({"list": "time-zones", "autocomplete": "off", "spellcheck": "false"}),
    )
    link = forms.URLField(
        label=gettext_lazy("link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[is_web_address],
        widget=forms.URLInput({"placeholder": "https://"}),
    )
    notes = forms.CharField(label=gettext_lazy("notes"), required=False, widget=forms.Textarea({"rows": 3}))
    agenda = forms.CharField(
        label=gettext_lazy("resolutions, pasted"),
        required=False,
        max_length=AGENDA_LENGTH,
        widget=forms.Textarea({"rows": 12, "spellcheck": "false"}),
    )
    board_is_for = forms.BooleanField(
        label=gettext_lazy("the board recommends for, and against shareholders' own; what the text says wins"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, meeting: Meeting | None = None, **options: Any) -> None:
        """Start from a stored meeting, if there is one."""
        self.meeting = meeting
        if meeting is not None:
            options["initial"] = {**_stored(meeting), **options.get("initial", {})}
        super().__init__(*args, **options)

    def clean_agenda(self) -> str:
        """Refuse more resolutions than any meeting has."""
        text = self.cleaned_data["agenda"]
        if len(resolutions_of(text=text).resolutions) > MOST_RESOLUTIONS:
            raise ValidationError(
                _("That reads as more than %(most)s resolutions; paste the list alone.") % {"most": MOST_RESOLUTIONS}
            )
        return str(text)

    def clean(self) -> dict[str, Any]:
        """Hold the dates against each other, and the meeting against those that are stored."""
        found: dict[str, Any] = super().clean() or {}
        date, record_date, zone = found.get("date"), found.get("record_date"), found.get("time_zone")
        if date and record_date and record_date > date:
            self.add_error("record_date", _("The record date lies after the meeting."))
        if text := found.get("deadline", ""):
            found["deadline"] = self._deadline(text, zone, date)
        else:
            found["deadline"] = None
        if date and found.get("instrument") and self._is_twice(found):
            self.add_error("date", _("This meeting is stored already."))
        return found

    def _deadline(self, text: str, zone: str | None, date: dt.date | None) -> dt.datetime | None:
        try:
            said = dt.datetime.fromisoformat(text)
        except ValueError:
            self.add_error("deadline", _("“%(text)s” is no time; write 2025-05-20T12:00.") % {"text": text})
            return None
        if zone is None:
            return None
        if date and said.date() > date:
            self.add_error("deadline", _("The deadline lies after the meeting."))
        return said.replace(tzinfo=ZoneInfo(zone))

    def _is_twice(self, found: dict[str, Any]) -> bool:
        same = Meeting.objects.filter(instrument=found["instrument"], kind=found.get("kind", ""), date=found["date"])
        return same.exclude(pk=self.meeting.pk if self.meeting else None).exists()


def _stored(meeting: Meeting) -> dict[str, Any]:
    deadline = meeting.votes_until if meeting.deadline else None
    return {
        "instrument": meeting.instrument_id,
        "kind": meeting.kind,
        "date": meeting.date,
        "record_date": meeting.record_date,
        "deadline": f"{deadline:%Y-%m-%dT%H:%M}" if deadline else "",
        "time_zone": meeting.time_zone,
        "link": meeting.link,
        "notes": meeting.notes,
    }


class ResolutionForm(forms.Form):
    """One resolution as a row; the key says which stored one it is, none makes a new one."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    number = forms.CharField(label=gettext_lazy("number"), required=False, max_length=16)
    title = forms.CharField(label=gettext_lazy("title"), max_length=TITLE_LENGTH, widget=forms.Textarea({"rows": 2}))
    type = forms.ChoiceField(label=gettext_lazy("type"))
    board_recommendation = forms.ChoiceField(
        label=gettext_lazy("board's recommendation"), required=False, choices=[("", "—"), *Resolution.VOTES]
    )
    own_vote = forms.ChoiceField(label=gettext_lazy("own vote"), required=False, choices=[("", "—"), *Resolution.VOTES])
    result_for_percent = forms.DecimalField(
        label=gettext_lazy("result: for, %"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=6,
        decimal_places=3,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "class": "num"}),
    )
    note = forms.CharField(label=gettext_lazy("note"), required=False, max_length=400)

    def __init__(self, *args: Any, types: list[tuple[str, Any]], **options: Any) -> None:
        """Offer the types of the app and the household's own."""
        super().__init__(*args, **options)
        self.fields["type"].choices = types
        # what a screen reader calls the row
        self.said_number = self["number"].value() or (self.prefix or "").rpartition("-")[2]
        for bound in self.visible_fields():
            bound.field.widget.attrs["aria-label"] = _("%(field)s of resolution %(number)s") % {
                "field": bound.label,
                "number": self.said_number,
            }


class BaseResolutions(forms.BaseFormSet):
    """All rows of a meeting."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """Name the box that takes a row away."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("%(field)s of resolution %(number)s") % {
                "field": _("remove"),
                "number": form.said_number,
            }


ResolutionRows = forms.formset_factory(
    ResolutionForm,
    formset=BaseResolutions,
    extra=0,
    can_delete=True,
    max_num=MOST_RESOLUTIONS,
    absolute_max=MOST_RESOLUTIONS + 10,
)


def row_of(resolution: Resolution) -> dict[str, Any]:
    """Return a stored resolution as its row starts."""
    result = resolution.result_for_percent
    return {
        "pk": resolution.pk,
        "number": resolution.number,
        "title": resolution.title,
        "type": f"{OWN}{resolution.own_type_id}" if resolution.own_type_id else resolution.type,
        "board_recommendation": resolution.board_recommendation,
        "own_vote": resolution.own_vote,
        "result_for_percent": None if result is None else plain(result),
        "note": resolution.note,
    }


class DocumentForm(forms.Form):
    """A file, taken for what its content says it is."""

    file = forms.FileField(label=gettext_lazy("file"))

    def clean_file(self) -> Any:
        """Refuse what is too large, and what is no document; note the type found."""
        file = self.cleaned_data["file"]
        if file.size > DOCUMENT_BYTES:
            raise ValidationError(_("The file is larger than %(most)s MB.") % {"most": DOCUMENT_BYTES // 1024**2})
        file.found_type = type_by_content(file)
        if file.found_type is None:
            raise ValidationError(
                _("This is neither a PDF, nor a PNG or JPEG picture, nor plain text in UTF-8. Save it as a PDF.")
            )
        return file


def type_by_content(file: Any) -> str | None:
    """Return what a file is by its bytes; None for what is not kept."""
    file.seek(0)
    head = file.read(16)
    for beginning, content_type in _BEGINNINGS:
        if head.startswith(beginning):
            file.seek(0)
            return content_type
    file.seek(0)
    content = file.read()
    file.seek(0)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return "text/plain" if "\0" not in text else None
