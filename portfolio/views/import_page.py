"""What the import pages show beside their rows: files that wait, the history, the choices of a preview."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portfolio import formatting as show
from portfolio.importers.preview import Preview, PreviewRow
from portfolio.importers.report import FileReport
from portfolio.importers.staging import KEPT, content_of
from portfolio.models import Account, LedgerImport, StagedUpload
from portfolio.views.frame import display_of
from portfolio.views.import_edit import RowForm, initial_of, initial_of_line, known_names
from portfolio.views.import_previews import lines_of
from portfolio.views.import_reasons import reason_of
from portfolio.views.import_rows import filters, left_out, row_texts, shown_rows

ROWS_ON_A_PAGE = 200
IMPORTS_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A file that was handed in and not saved yet."""

    token: str
    name: str
    url: str
    size: str
    until: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A file that was saved."""

    name: str
    url: str
    date: str
    iso: str
    who: str
    format: str
    written: int
    duplicates: int
    left: int  # rows that still need a look
    is_undone: bool


def waiting_lines(*, user: Any) -> list[WaitingLine]:
    """Return the files of a person that wait."""
    return [
        WaitingLine(
            token=str(each.pk),
            name=each.name,
            url=reverse("import-preview", args=[each.pk]),
            size=size_text(each.size),
            until=moment(each.uploaded_at + KEPT),
        )
        for each in StagedUpload.objects.filter(user=user)
    ]


def history_lines(*, page: str | None) -> Page:
    """Return a page of the imports, the latest first."""
    found = Paginator(LedgerImport.objects.select_related("imported_by"), IMPORTS_ON_A_PAGE).get_page(page)
    found.object_list = [history_line(each) for each in found.object_list]
    return found


def history_line(entry: LedgerImport) -> HistoryLine:
    """Return an import as the history lists it."""
    return HistoryLine(
        name=entry.file_name,
        url=reverse("import-entry", args=[entry.pk]),
        date=moment(entry.imported_at),
        iso=timezone.localtime(entry.imported_at).isoformat(timespec="minutes"),
        who=(entry.imported_by.first_name or entry.imported_by.username) if entry.imported_by else "",
        format=entry.format,
        written=entry.written + entry.updated,
        duplicates=entry.duplicates,
        left=len(entry.changes.get("needs_review", [])),
        is_undone=entry.undone_at is not None,
    )


def moment(at: Any) -> str:
    """Return a day and a time of day as the reader's clock shows them."""
    local = timezone.localtime(at)
    return f"{show.full_date(local.date())} {local:%H:%M}"


def size_text(size: int) -> str:
    """Return a file's size."""
    return f"{size / 1_000_000:,.1f} MB" if size >= 100_000 else f"{max(size / 1000, 0.1):,.1f} kB"


def account_names() -> list[str]:
    """Return the names that a field for accounts suggests."""
    return list(Account.objects.order_by("name").values_list("name", flat=True))


def imported_before(upload: StagedUpload) -> HistoryLine | None:
    """Return the import that brought this very file, if there is one."""
    sha256 = hashlib.sha256(content_of(upload=upload)).hexdigest()
    found = LedgerImport.objects.filter(sha256=sha256, undone_at=None).select_related("imported_by").first()
    return history_line(found) if found else None


def preview_context(request: HttpRequest, *, upload: StagedUpload, preview: Preview) -> dict[str, Any]:
    """Return what the preview's template needs for its rows and its counts."""
    hidden, chosen = display_of(request).hide_amounts, request.GET.get("show", "")
    page = Paginator(shown_rows(preview, chosen=chosen), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    rows: list[PreviewRow] = list(page.object_list)
    unread = {row.lines[0] for row in rows if row.row is None}
    here = {name: text for name, text in (("show", chosen), ("page", str(page.number) if page.number > 1 else "")) if text}
    return {
        "report": preview.report,
        "lead": lead(preview.report),
        "filters": filters(preview, chosen=chosen),
        "page": page,
        "rows": row_texts(rows, hidden=hidden, edits=upload.edits, source_lines=lines_of(upload=upload, wanted=unread)),
        "warnings": [reason_of(each, hidden=hidden) for each in preview.warnings],
        "left_out": left_out(upload.edits),
        "counts": {str(mark): count for mark, count in preview.counts().items()},
        "new_accounts": _new_accounts(preview),
        "here": urlencode(here),
        "hidden": hidden,
    }


def lead(report: FileReport) -> str:
    """Say as what a file was read and how much stands in it."""
    rows = ngettext("%(count)s row in the file.", "%(count)s rows in the file.", report.rows)
    # of a refused file every sound row counts as skipped
    skipped = 0 if report.rejected else report.skipped
    none = ngettext(
        "%(count)s makes no row: a blank line, a total, a remark, or left out by you.",
        "%(count)s make no row: blank lines, totals, remarks, or left out by you.",
        skipped,
    )
    return show.sentences(
        [
            _("Read as %(format)s.") % {"format": report.format},
            rows % {"count": f"{report.rows:,}"},
            none % {"count": f"{skipped:,}"} if skipped else "",
        ]
    )


def _new_accounts(preview: Preview) -> list[str]:
    known = set(account_names())
    used = {name for each in preview.rows if each.row for name in (each.row.account, each.row.to_account) if name}
    return sorted(used - known)


def edit_context(
    request: HttpRequest, *, upload: StagedUpload, preview: Preview, form: RowForm | None, today: Any
) -> dict[str, Any]:
    """Return the form of the row that is open, if one is: the one that was sent, or the row as it stands."""
    key = request.resolver_match.kwargs.get("key") if form is not None else request.GET.get("edit", "")
    row = next((each for each in preview.rows if each.key == key), None)
    if row is None:
        return {"edit_key": ""}
    if form is None:
        form = RowForm(initial=_initial(upload, preview, row), today=today)
    return {"edit_key": key, "form": form, **{f"known_{name}": names for name, names in known_names().items()}}


def _initial(upload: StagedUpload, preview: Preview, row: PreviewRow) -> dict[str, Any]:
    if row.row is None and preview.report.format == "ledger":
        return initial_of_line(data=content_of(upload=upload), line=row.lines[0], account=upload.account)
    return initial_of(row.row, account=upload.account)
