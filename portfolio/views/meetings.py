"""The doors to shareholder meetings for everybody who may look: the list, one meeting, its documents, table and calendar."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portfolio.formatting import Money
from portfolio.models import Meeting, MeetingDocument, Resolution
from portfolio.publishing.meeting_calendar import meeting_calendar
from portfolio.publishing.votes_table import votes_table
from portfolio.reports.meetings import VotingHistory, build_voting_history
from portfolio.views import meeting_page as words
from portfolio.views.frame import display_of
from portfolio.views.instrument_names import instrument_names
from portfolio.views.meeting_rows import cast_votes, meetings_of, units_entitled
from portfolio.views.resolution_explanations import all_explanations


@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """Show meetings ahead and past, of `?company=` or all, and how the household votes."""
    company = request.GET.get("company", "")
    found = meetings_of(company=company)
    entitled = units_entitled(found)
    lines = [(each, words.meeting_line(meeting=each, units=_units(request, entitled.get(each.pk)))) for each in found]
    now = timezone.now()
    explanations = all_explanations()
    history = build_voting_history(votes=cast_votes(company=company))
    context = {
        "company": company,
        "ahead": [line for each, line in reversed(lines) if each.votes_until >= now],
        "past": [line for each, line in lines if each.votes_until < now],
        "explanations": explanations,
        **_history(history, {each.key: each.name for each in explanations}),
    }
    return render(request, "meetings.html", context)


def _history(history: VotingHistory, type_names: dict[str, Any]) -> dict[str, Any]:
    # types are counted by their code, explained under the same in lower case
    names = {each.name: type_names.get(each.name.lower(), each.name) for each in history.by_type}
    companies = {symbol: f"{symbol} {name}" for symbol, name in instrument_names().items()}
    return {
        "say": words.history_sentence(history),
        "by_type": words.count_lines(history.by_type, names=names),
        "by_company": words.count_lines(history.by_company, names=companies, url="?company={}"),
    }


@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one meeting with its agenda."""
    found = get_object_or_404(Meeting.objects.select_related("instrument"), pk=pk)
    agenda = list(found.resolutions.select_related("own_type"))
    # the line counts what is fetched here
    found._prefetched_objects_cache = {"resolutions": agenda}
    line = words.meeting_line(meeting=found, units=_units(request, units_entitled([found]).get(found.pk)))
    resolutions = words.resolution_lines(agenda)
    context = {
        "meeting": found,
        "line": line,
        "record_date": words.show.full_date(found.record_date),
        "lead": words.first_sentence(meeting=found, line=line, now=timezone.now()),
        "resolutions": resolutions,
        "explanations": {each.explanation.key: each.explanation for each in resolutions}.values(),
        "documents": list(found.documents.all()),
        "is_over": found.votes_until < timezone.now(),
        "may_write": request.user.is_staff,
    }
    return render(request, "meeting.html", context)


@require_safe
def votes_csv(request: HttpRequest) -> HttpResponse:
    """Hand out every resolution of `?company=`, or of all, as a table."""
    rows = Resolution.objects.select_related("meeting__instrument", "own_type").order_by("-meeting__date", "meeting", "place")
    if company := request.GET.get("company"):
        rows = rows.filter(meeting__instrument__symbol=company)
    response = HttpResponse(votes_table(resolutions=rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="votes.csv"'
    return response


@require_safe
def meetings_ics(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Hand out one meeting, or all that are ahead, for a calendar."""
    wanted = Meeting.objects.select_related("instrument").order_by("date", "pk")
    today = timezone.localdate()
    found = [get_object_or_404(wanted, pk=pk)] if pk is not None else list(wanted.filter(date__gte=today))
    body = meeting_calendar(meetings=found, written_at=timezone.now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="meetings.ics"'
    return response


@require_safe
def meeting_document(request: HttpRequest, pk: int, document: int) -> FileResponse:
    """Hand out a document to be saved: never shown inside the app's own pages, whatever it holds."""
    found = get_object_or_404(MeetingDocument, pk=document, meeting=pk)
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name, content_type=found.content_type)
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox"
    return response


def _units(request: HttpRequest, units: Any) -> str:
    hidden = display_of(request).hide_amounts
    return words.units_words(units, hidden=hidden, mask=Money(currency="", hidden=hidden).mask)
