"""The doors to imports that were saved: one import, its original file, its undo."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portfolio import formatting as show
from portfolio.importers.rows import Problem
from portfolio.importers.undo import Undoing, UndoRefusedError, undo_import, undoing_of
from portfolio.models import LedgerImport
from portfolio.views import import_page as page
from portfolio.views.frame import display_of
from portfolio.views.import_documents import document_lines
from portfolio.views.import_reasons import Reason, reason_of
from portfolio.views.import_serving import handed_out
from portfolio.views.ledger_rows import Shown, months
from portfolio.views.owners import for_owners
from portfolio.views.sentences import sentence
from portfolio.words import kind_name

ROWS_ON_A_PAGE = 100


@never_cache
@require_safe
@for_owners
def import_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one import: what it wrote, what it left to a person, its documents, and what undoing it would do."""
    entry = get_object_or_404(LedgerImport.objects.select_related("imported_by", "undone_by"), pk=pk)
    undoing = None if entry.undone_at else undoing_of(entry=entry)
    hidden = display_of(request).hide_amounts
    context = {
        "entry": entry,
        "line": page.history_line(entry),
        "undone_on": page.moment(entry.undone_at) if entry.undone_at else "",
        "left": _left(entry, hidden),
        "undoing": undoing,
        "consequences": _consequences(undoing) if undoing else [],
        "objections": _objections(undoing, hidden) if undoing else [],
        "documents": document_lines(entry.documents.all()),
        **_rows(request, entry),
    }
    return render(request, "import_entry.html", context)


def _rows(request: HttpRequest, entry: LedgerImport) -> dict[str, Any]:
    rows = entry.transactions.select_related("account", "to_account", "instrument", "source__imported_by").order_by(
        "-date", "-pk"
    )
    found = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    listed = list(found.object_list)
    texts = months(rows=listed, hidden=display_of(request).hide_amounts, may_write=True)
    return {"page": found, "rows": zip(listed, (row for month in texts for row in month.rows), strict=True)}


def _left(entry: LedgerImport, hidden: bool) -> list[tuple[int, Reason]]:
    """Return lines of the file that were not written, with the reason."""
    return [
        (problem.line, reason_of(problem, hidden=hidden)) for problem in map(_problem, entry.changes.get("needs_review", []))
    ]


def _problem(kept: dict[str, Any]) -> Problem:
    return Problem(kept["line"], kept.get("column") or "", kept["reason"], kept.get("code", ""))


def _consequences(undoing: Undoing) -> list[str]:
    """Say what an undo would do."""
    counts = (
        (undoing.rows, ngettext("%(count)s row goes.", "%(count)s rows go.", undoing.rows)),
        (
            undoing.edited_since,
            ngettext(
                "%(count)s of them was changed by hand since; the change goes too.",
                "%(count)s of them were changed by hand since; the changes go too.",
                undoing.edited_since,
            ),
        ),
        (
            undoing.changed,
            ngettext("%(count)s row is as it was before.", "%(count)s rows are as they were before.", undoing.changed),
        ),
        (
            undoing.restored,
            ngettext("%(count)s row that it took out returns.", "%(count)s rows that it took out return.", undoing.restored),
        ),
    )
    return [said % {"count": f"{count:,}"} for count, said in counts if count]


def _objections(undoing: Undoing, hidden: bool) -> list[str]:
    """Say what stands against an undo, each with what to do."""
    shown = Shown(hidden=hidden)
    said = [
        sentence(
            _("%(symbol)s: the row “%(kind)s” of %(date)s needs units that this import brought; %(units)s would be missing."),
            symbol=each.row.instrument.symbol if each.row.instrument else "",
            kind=kind_name(each.row.kind),
            date=show.full_date(each.row.date),
            units=shown.units(each.missing),
        )
        for each in undoing.left_short
    ]
    said += [
        _("The import “%(name)s” changed rows of this one afterwards. Undo that one first.") % {"name": each.file_name}
        for each in undoing.later_imports
    ]
    said += [
        _("The row “%(row)s” was changed again after this import; put it right by hand first.")
        % {"row": f"{show.full_date(each.date)} {kind_name(each.kind)} {each.instrument or ''}".strip()}
        for each in undoing.changed_since
    ]
    return said


@never_cache
@require_safe
@for_owners
def import_file(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out the original file to be saved, never to be shown: whatever stands in it, no browser runs it here."""
    entry = get_object_or_404(LedgerImport, pk=pk)
    if not entry.file or not entry.file.storage.exists(entry.file.name):
        raise Http404
    return handed_out(entry.file, name=entry.file_name, content_type="application/octet-stream")


@require_POST
@for_owners
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a whole import back, or say why that is not possible."""
    entry = get_object_or_404(LedgerImport, pk=pk)
    try:
        done = undo_import(entry=entry, user=request.user)
    except UndoRefusedError as refused:
        reasons = _objections(refused.undoing, display_of(request).hide_amounts) or [_("It is undone already.")]
        messages.error(request, sentence(_("Nothing was undone: %(reason)s"), reason=reasons[0]))
    else:
        said = ngettext("Undone: %(count)s row is gone.", "Undone: %(count)s rows are gone.", done.rows)
        messages.success(request, said % {"count": f"{done.rows:,}"})
    return redirect("import-entry", pk)
