"""The doors to documents beside the ledger: confirmations and statements of one row or one import. Owners only."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portfolio.models import LedgerDocument, LedgerImport, Transaction
from portfolio.models.files import DOCUMENT_BYTES
from portfolio.views.frame import display_of
from portfolio.views.import_page import moment, size_text
from portfolio.views.import_serving import handed_out
from portfolio.views.ledger_rows import months
from portfolio.views.owners import for_owners

# the beginnings that tell what a file is, whatever it is called
_BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document as lists show it."""

    pk: int
    name: str
    size: str
    date: str


class LedgerDocumentForm(forms.Form):
    """A file, taken for what its content says it is."""

    file = forms.FileField(label=gettext_lazy("file"), allow_empty_file=True)

    def clean_file(self) -> Any:
        """Refuse what is too large, and what is neither PDF nor picture; note the type found."""
        file = self.cleaned_data["file"]
        if file.size > DOCUMENT_BYTES:
            raise ValidationError(_("The file is larger than %(most)s MB.") % {"most": DOCUMENT_BYTES // 1_000_000})
        file.found_type = type_by_content(file.read(16))
        file.seek(0)
        if file.found_type is None:
            raise ValidationError(_("This is neither a PDF nor a picture (PNG, JPEG, GIF, WebP)."))
        return file


def type_by_content(head: bytes) -> str | None:
    """Return what a file is by its first 16 bytes; None for what is not kept."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((content_type for beginning, content_type in _BEGINNINGS if head.startswith(beginning)), None)


def document_lines(documents: Iterable[LedgerDocument]) -> list[DocumentLine]:
    """Return documents as lists show them."""
    return [DocumentLine(each.pk, each.name, size_text(each.size), moment(each.added_at)) for each in documents]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_owners
def transaction_documents(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the documents of a row of the ledger, and take one more."""
    related = ("account", "to_account", "instrument", "source__imported_by")
    row = get_object_or_404(Transaction.objects.select_related(*related), pk=pk)
    if request.method == "POST":
        _keep(request, row=row)
        return redirect("transaction-documents", pk)
    (month,) = months(rows=[row], hidden=display_of(request).hide_amounts, may_write=True)
    documents = document_lines(row.documents.all())
    return render(request, "import_documents.html", {"row": month.rows[0], "pk": pk, "documents": documents})


@require_POST
@for_owners
def import_add_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a document with an import."""
    _keep(request, source=get_object_or_404(LedgerImport, pk=pk))
    return redirect("import-entry", pk)


def _keep(request: HttpRequest, **of: Any) -> None:
    form = LedgerDocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["file"]))
        return
    file = form.cleaned_data["file"]
    document = LedgerDocument(name=file.name, content_type=file.found_type, size=file.size, **of)
    with transaction.atomic():
        document.file.save(file.name, file, save=False)
        document.save()
    messages.success(request, _("“%(name)s” is kept.") % {"name": document.name})


@never_cache
@require_safe
@for_owners
def ledger_document(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out a document to be saved."""
    document = get_object_or_404(LedgerDocument, pk=pk)
    if not document.file.storage.exists(document.file.name):
        raise Http404
    return handed_out(document.file, name=document.name, content_type=document.content_type)


@require_POST
@for_owners
def ledger_document_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a document away."""
    document = get_object_or_404(LedgerDocument, pk=pk)
    row, source = document.row_id, document.source_id
    document.delete()
    messages.success(request, _("The document is gone."))
    return redirect("transaction-documents", row) if row else redirect("import-entry", source)
