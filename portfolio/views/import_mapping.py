"""The door to a file that no importer knows: a person says which column is which, and what the words for types mean."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portfolio.importers import staging
from portfolio.importers.mapping import DATES, ENCODINGS, FIELDS, GROSS, NET, REVIEW, SKIP, mapping_from
from portfolio.importers.mapping_store import save_preset
from portfolio.importers.text import FileError
from portfolio.models import StagedUpload
from portfolio.views import import_guesses as guess
from portfolio.views.import_guesses import Sheet, open_sheet
from portfolio.views.import_owners import own_upload
from portfolio.views.import_page import account_names
from portfolio.views.import_reasons import file_reason
from portfolio.views.import_rows import field_name
from portfolio.views.owners import for_owners
from portfolio.words import kind_name

_DELIMITERS = ("", ",", ";", "\t", "|")
_BY_DIRECTION = ("BUY|SELL", "DEPOSIT|WITHDRAWAL", "INTEREST|INTEREST_CHARGE", "DELIVERY_IN|DELIVERY_OUT")
STOP_WORDS = ["Total", "Subtotal", "小計", "合計", "總計"]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One column of the file, and what it is taken for."""

    place: int
    name: str
    samples: str
    meaning: str


@dataclass(frozen=True, slots=True)
class WordLine:
    """One word for a type, how often it stands there, and what it is taken for."""

    place: int
    word: str
    count: int
    meaning: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_owners
def import_mapping(request: HttpRequest, token: Any) -> HttpResponse:
    """Ask for the mapping of a file; `do=use` reads the file with it, anything else shows the page with what was chosen."""
    upload = own_upload(request, token)
    asked = request.POST
    try:
        sheet = open_sheet(
            data=staging.content_of(upload=upload),
            encoding=_one_of(asked.get("encoding"), ENCODINGS),
            delimiter=_one_of(asked.get("delimiter"), _DELIMITERS),
            header_line=_number(asked.get("header_line")),
        )
    except FileError as error:
        return render(request, "import_mapping.html", {"upload": upload, "refused": file_reason(error)}, status=400)
    if asked.get("do") == "use" and _is_used(request, upload, sheet):
        return redirect("import-preview", token)
    status = 400 if asked.get("do") == "use" else 200
    return render(request, "import_mapping.html", _context(request, upload, sheet), status=status)


def _is_used(request: HttpRequest, upload: StagedUpload, sheet: Sheet) -> bool:
    rules = _rules(request, sheet)
    name = request.POST.get("preset", "").strip()[:80]
    try:
        if said := _lacks(rules):
            messages.error(request, said)
            return False
        upload.mapping = mapping_from(rules).as_json()
        if name:
            save_preset(name=name, rules=rules, data=staging.content_of(upload=upload))
    except FileError as error:
        reason = file_reason(error)
        messages.error(request, f"{reason.words} {reason.detail}".strip())
        return False
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    upload.preset, upload.format, upload.edits = name, "", {}
    upload.account = request.POST.get("account", "").strip()[:80]
    upload.save()
    return True


def _lacks(rules: dict[str, Any]) -> str:
    """Say what is missing or said twice; "" where the mapping can be tried."""
    columns = rules["columns"]
    if "date" not in columns:
        return _("Say which column holds the date.")
    if "type" not in columns and "type" not in rules["constants"]:
        return _("Say which column holds the type of a row, or which type every row has.")
    for name, found in columns.items():
        if len(found) > 1 and name not in {"fee", "tax"}:
            return _("Two columns cannot both be “%(field)s”.") % {"field": meaning_name(name)}
    return ""


def _rules(request: HttpRequest, sheet: Sheet) -> dict[str, Any]:
    """Return the mapping that the form describes."""
    asked = request.POST
    columns: dict[str, list[str]] = {}
    for line in _columns(request, sheet):
        if line.meaning in FIELDS and line.name:
            columns.setdefault(line.meaning, []).append(line.name)
    constants = {"type": asked.get("type", ""), "currency": asked.get("currency", "").strip().upper()}
    return {
        "columns": columns,
        "words": {line.word: line.meaning for line in _words(request, sheet) if line.meaning},
        # where a column says it, no constant is needed
        "constants": {name: value for name, value in constants.items() if value and (name != "type" or name not in columns)},
        "dates": _one_of(asked.get("dates"), DATES),
        "decimal": _one_of(asked.get("decimal"), (".", ",")),
        "encoding": _one_of(asked.get("encoding"), ENCODINGS),
        "delimiter": _one_of(asked.get("delimiter"), _DELIMITERS),
        "trades": _one_of(asked.get("trades"), (GROSS, NET)),
        "income": _one_of(asked.get("income"), (GROSS, NET)),
        "stop_words": STOP_WORDS,
    }


def _context(request: HttpRequest, upload: StagedUpload, sheet: Sheet) -> dict[str, Any]:
    asked = request.POST
    columns = _columns(request, sheet)
    places = {line.meaning: line.place for line in columns}
    dates = sheet.samples(places["date"]) if "date" in places else []
    return {
        "upload": upload,
        "sheet": sheet,
        "columns": columns,
        "words": _words(request, sheet),
        "has_type": "type" in places,
        "meanings": [Option(name, meaning_name(name)) for name in FIELDS],
        "types": type_options(),
        "accounts": account_names(),
        "account": asked.get("account", upload.account),
        "currency": asked.get("currency", guess.currency(sheet)),
        "type": asked.get("type", ""),
        "preset": asked.get("preset", ""),
        "encodings": [Option(name, _("by the file") if name == "auto" else name.upper()) for name in ENCODINGS],
        "encoding": asked.get("encoding", "auto"),
        "delimiters": [Option(mark, _delimiter_name(mark)) for mark in _DELIMITERS],
        "delimiter": asked.get("delimiter", ""),
        "date_styles": _date_styles(),
        "dates": asked.get("dates") or guess.date_style(dates),
        "decimal": asked.get("decimal") or ".",
        "trades": asked.get("trades") or GROSS,
        "income": asked.get("income") or GROSS,
    }


def _columns(request: HttpRequest, sheet: Sheet) -> list[ColumnLine]:
    asked = request.POST
    taken: set[str] = set()
    lines = []
    for place, name in enumerate(sheet.names):
        meaning = asked.get(f"column-{place}")
        if meaning is None:
            meaning = guess.meaning_of(name, taken=taken)
        taken.add(meaning)
        lines.append(ColumnLine(place, name, " · ".join(sheet.samples(place)[:3]), meaning))
    return lines


def _words(request: HttpRequest, sheet: Sheet) -> list[WordLine]:
    """Return the words in the column for types, the frequent ones first."""
    place = next((line.place for line in _columns(request, sheet) if line.meaning == "type"), None)
    if place is None:
        return []
    known = {request.POST[f"word-{n}-text"]: request.POST.get(f"word-{n}", "") for n in _word_places(request)}
    return [
        WordLine(n, word, count, known.get(word) or ("" if word in known else guess.type_of(word)))
        for n, (word, count) in enumerate(sheet.words(place))
    ]


def _word_places(request: HttpRequest) -> list[str]:
    return [name.removeprefix("word-").removesuffix("-text") for name in request.POST if name.endswith("-text")]


def meaning_name(name: str) -> str:
    """Return what a field of a mapping is called."""
    return {
        "type": _("kind"),
        "name": _("name of the instrument"),
        "units_in": _("units that come in"),
        "units_out": _("units that leave"),
        "amount": _("amount before charges"),
        "net_amount": _("amount after charges"),
        "cash_in": _("cash that comes in"),
        "cash_out": _("cash that leaves"),
    }.get(name) or field_name(name)


def type_options() -> list[Option]:
    """Return what a word for a type can mean."""
    pairs = [Option(each, " / ".join(map(kind_name, each.split("|")))) for each in _BY_DIRECTION]
    return [
        *(Option(str(kind), kind_name(kind)) for kind in guess.TYPES),
        *pairs,
        Option(SKIP, _("no row: skip it")),
        Option(REVIEW, _("ask me each time")),
    ]


def _date_styles() -> list[Option]:
    return [
        Option("ymd", _("year-month-day: 2025-03-18")),
        Option("mdy", _("month/day/year: 03/18/2025")),
        Option("dmy", _("day/month/year: 18/03/2025")),
        Option("roc", _("Republic of China: 114/03/18")),
    ]


def _delimiter_name(mark: str) -> str:
    return {"": _("by the file"), ",": _("comma"), ";": _("semicolon"), "\t": _("tab")}.get(mark, mark)


def _one_of(text: str | None, known: tuple[str, ...]) -> str:
    return text if text in known else known[0]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else 0
