"""The doors of an import before it is saved: hand in files, look at what they would do, put rows right, save or drop."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portfolio.importers import staging
from portfolio.importers.edits import LEAVE_OUT
from portfolio.importers.formats import AUTO, UnknownFormatError, known_formats
from portfolio.importers.mapping_store import preset_named, preset_names
from portfolio.importers.save import Choices
from portfolio.importers.text import FileError
from portfolio.models import StagedUpload
from portfolio.views import import_page as page
from portfolio.views.frame import display_of
from portfolio.views.import_edit import RowForm
from portfolio.views.import_owners import own_upload
from portfolio.views.import_previews import preview_of
from portfolio.views.import_reasons import file_reason, reason_of
from portfolio.views.import_refusals import MOST_FILES, refusal
from portfolio.views.owners import for_owners

# the ledger's own format says itself that it is one
FORMATS = tuple(name for name in known_formats() if name != AUTO)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_owners
def imports(request: HttpRequest) -> HttpResponse:
    """Take files, and list those that wait and those that were saved."""
    if request.method == "POST":
        return _take(request)
    staging.drop_expired(now=timezone.now())
    context = {
        "waiting": page.waiting_lines(user=request.user),
        "history": page.history_lines(page=request.GET.get("page")),
        "formats": FORMATS,
        "accounts": page.account_names(),
    }
    return render(request, "import.html", context)


def _take(request: HttpRequest) -> HttpResponse:
    files = request.FILES.getlist("file")
    refusals = [said for each in files if (said := refusal(each))]
    if not files:
        refusals.append(_("No file was chosen."))
    if len(files) > MOST_FILES:
        refusals.append(_("At most %(most)s files can be handed in at once.") % {"most": MOST_FILES})
        files = []
    for said in refusals:
        messages.error(request, said)
    asked = {"account": request.POST.get("account", "").strip()[:80], "format_name": _format(request)}
    kept = [staging.stage(user=request.user, file=each, name=each.name or "", **asked) for each in files if not refusal(each)]
    url = reverse("import-preview", args=[kept[0].pk]) if len(kept) == 1 and not refusals else reverse("import")
    # a script that followed a redirect would use up the messages that the page is to show
    return JsonResponse({"url": url}) if request.headers.get("accept") == "application/json" else redirect(url)


def _format(request: HttpRequest) -> str:
    name = request.POST.get("format", "")
    return name if name in FORMATS else ""


@never_cache
@require_safe
@for_owners
def import_preview(request: HttpRequest, token: Any) -> HttpResponse:
    """Show what saving a file would do, row by row; `?edit=` opens a row."""
    return _preview(request, own_upload(request, token))


def _preview(request: HttpRequest, upload: StagedUpload, form: RowForm | None = None) -> HttpResponse:
    today = timezone.localdate()
    context: dict[str, Any] = {
        "upload": upload,
        "formats": FORMATS,
        "presets": preset_names(),
        "accounts": page.account_names(),
        "others": page.waiting_lines(user=request.user),
        "imported_before": page.imported_before(upload),
    }
    try:
        preview = preview_of(upload=upload, today=today)
    except (FileError, UnknownFormatError) as error:
        found = error if isinstance(error, FileError) else FileError(str(error))
        return render(request, "import_preview.html", {**context, "refused": file_reason(found)})
    context |= page.preview_context(request, upload=upload, preview=preview)
    context |= page.edit_context(request, upload=upload, preview=preview, form=form, today=today)
    return render(request, "import_preview.html", context, status=400 if form is not None else 200)


@require_POST
@for_owners
def import_read(request: HttpRequest, token: Any) -> HttpResponse:
    """Read a file in another way: as a format, for an account, with a preset."""
    upload = own_upload(request, token)
    upload.format, upload.account = _format(request), request.POST.get("account", "").strip()[:80]
    name = request.POST.get("preset", "")
    upload.preset, upload.mapping = "", None
    if name:
        try:
            upload.preset, upload.mapping, upload.format = name, preset_named(name=name).as_json(), ""
        except FileError as error:
            messages.error(request, str(error))
    # a change belongs to a row as it was read before
    upload.edits = {}
    upload.save()
    return redirect("import-preview", token)


@require_POST
@for_owners
def import_row(request: HttpRequest, token: Any, key: str) -> HttpResponse:
    """Put a row right, leave it out (`do=leave_out`), or take it as the file has it (`do=as_read`)."""
    upload = own_upload(request, token)
    wanted = request.POST.get("do", "change")
    if wanted == "change":
        form = RowForm(request.POST, today=timezone.localdate())
        if not form.is_valid():
            return _preview(request, upload, form)
        upload.edits[key] = form.edit()
    elif wanted == "leave_out":
        upload.edits[key] = {LEAVE_OUT: True}
    else:
        upload.edits.pop(key, None)
    upload.save()
    return _back_to_row(request, token, key)


def _back_to_row(request: HttpRequest, token: Any, key: str) -> HttpResponseRedirect:
    place = {name: text for name in ("show", "page") if (text := request.GET.get(name))}
    query = f"?{urlencode(place)}" if place else ""
    return redirect(f"{reverse('import-preview', args=[token])}{query}#row-{key}")


@require_POST
@for_owners
def import_save(request: HttpRequest, token: Any) -> HttpResponse:
    """Save what was previewed, all or nothing."""
    upload = own_upload(request, token)
    choices = Choices(skip_bad_rows="skip_bad_rows" in request.POST, accept_updates="accept_updates" in request.POST)
    try:
        report = staging.save_upload(upload=upload, today=timezone.localdate(), choices=choices, user=request.user)
    except FileError as error:
        messages.error(request, file_reason(error).words)
        return redirect("import-preview", token)
    except StagedUpload.DoesNotExist:
        # the button was pressed twice
        return redirect("import")
    if report.entry is None:
        first = reason_of(report.rejected[0], hidden=display_of(request).hide_amounts)
        messages.error(request, _("Nothing was saved: %(reason)s") % {"reason": first.words})
        return redirect("import-preview", token)
    said = ngettext("%(count)s row was saved.", "%(count)s rows were saved.", report.written)
    messages.success(request, said % {"count": f"{report.written:,}"})
    return redirect("import-entry", report.entry)


@require_POST
@for_owners
def import_drop(request: HttpRequest, token: Any) -> HttpResponse:
    """Drop a file that waits."""
    upload = own_upload(request, token)
    staging.drop(uploads=[upload])
    messages.success(request, _("“%(name)s” was dropped; nothing was imported.") % {"name": upload.name})
    return redirect("import")
