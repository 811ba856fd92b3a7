"""The doors through which owners write meetings: enter one from a pasted agenda, change it, vote, keep its documents."""

from django.contrib import messages
from django.db import transaction
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from portfolio.entry import meeting_writing as write
from portfolio.entry.meeting_forms import OWN, TIME_ZONES, DocumentForm, MeetingForm, ResolutionRows, row_of
from portfolio.models import Meeting, MeetingDocument, OwnResolutionType, Resolution
from portfolio.views import meeting_page as words
from portfolio.views.owners import for_owners
from portfolio.views.resolution_explanations import own_explanation


@require_http_methods(["GET", "HEAD", "POST"])
@for_owners
def meeting_new(request: HttpRequest) -> HttpResponse:
    """Enter a meeting and its agenda in one go, and go on to the votes."""
    form = MeetingForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        meeting = write.write_meeting(meeting=Meeting(), found=form.cleaned_data)
        count = meeting.resolutions.count()
        said = ngettext("Stored with %(count)s resolution.", "Stored with %(count)s resolutions.", count)
        messages.success(request, said % {"count": count})
        return redirect("meeting-edit", meeting.pk)
    return render(request, "meeting_entry.html", {"form": form, "time_zones": TIME_ZONES})


@require_http_methods(["GET", "HEAD", "POST"])
@for_owners
def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a meeting, its agenda and its votes; the button `all` votes as the board recommends."""
    meeting = get_object_or_404(Meeting.objects.select_related("instrument"), pk=pk)
    form = MeetingForm(request.POST or None, meeting=meeting)
    rows = _rows(request, meeting)
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        follow_board = request.POST.get("all") == "board"
        with transaction.atomic():
            write.write_resolutions(meeting=meeting, rows=[each.cleaned_data for each in rows], vote_with_board=follow_board)
            write.write_meeting(meeting=meeting, found=form.cleaned_data)
        messages.success(
            request, _("Every vote is the board's now; change the ones you want.") if follow_board else _("Saved.")
        )
        return redirect("meeting-edit" if follow_board or form.cleaned_data["agenda"] else "meeting", meeting.pk)
    title = f"{meeting.instrument.symbol} {words.kind_name(meeting)}"
    context = {"form": form, "rows": rows, "meeting": meeting, "title": title, "time_zones": TIME_ZONES}
    return render(request, "meeting_entry.html", context, status=400 if request.method == "POST" else 200)


def _rows(request: HttpRequest, meeting: Meeting) -> BaseFormSet:
    own = [(f"{OWN}{each.pk}", own_explanation(each).name) for each in OwnResolutionType.objects.all()]
    stored = [row_of(each) for each in meeting.resolutions.all()]
    options = {"types": [*((str(code), name) for code, name in Resolution.TYPES), *own]}
    return ResolutionRows(request.POST or None, initial=stored, prefix="r", form_kwargs=options)


@require_POST
@for_owners
def meeting_with_board(request: HttpRequest, pk: int) -> HttpResponse:
    """Cast every open vote as the board recommends."""
    count = write.vote_with_board(meeting=get_object_or_404(Meeting, pk=pk))
    said = ngettext("%(count)s vote follows the board now.", "%(count)s votes follow the board now.", count)
    messages.success(request, said % {"count": count})
    return redirect("meeting", pk)


@require_POST
@for_owners
def meeting_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a meeting away with its resolutions and documents."""
    write.drop_meeting(meeting=get_object_or_404(Meeting, pk=pk))
    messages.success(request, _("The meeting is gone; its history is kept."))
    return redirect("meetings")


@require_POST
@for_owners
def meeting_add_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a document with the meeting."""
    meeting = get_object_or_404(Meeting, pk=pk)
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        document = write.keep_document(meeting=meeting, file=form.cleaned_data["file"])
        messages.success(request, _("“%(name)s” is kept.") % {"name": document.name})
    else:
        messages.error(request, " ".join(form.errors["file"]))
    return redirect("meeting", pk)


@require_POST
@for_owners
def meeting_drop_document(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    """Take a document away."""
    write.drop_document(document=get_object_or_404(MeetingDocument, pk=document, meeting=pk))
    messages.success(request, _("The document is gone."))
    return redirect("meeting", pk)
