"""A previewed file as its page shows it: marks, figures and reasons as text. Decides nothing; reads no file."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portfolio import formatting as show
from portfolio.importers.edits import LEAVE_OUT, Edit
from portfolio.importers.preview import Mark, Preview, PreviewRow
from portfolio.importers.rows import LedgerRow
from portfolio.views.import_reasons import Reason, reason_of
from portfolio.views.ledger_rows import Shown
from portfolio.views.sentences import sentence
from portfolio.words import kind_name

NEEDS_A_PERSON = frozenset({Mark.REJECTED, Mark.REVIEW, Mark.UPDATE})


@dataclass(frozen=True, slots=True)
class RowText:
    """One row of the preview; empty where there is nothing to say."""

    key: str
    line: str
    mark: str
    mark_name: str
    is_alert: bool  # a person has to do something
    date: str = ""
    kind: str = ""
    account: str = ""
    symbol: str = ""
    units: str = ""
    price: str = ""
    amount: str = ""
    currency: str = ""
    charges: str = ""
    reason: Reason | None = None
    changes: tuple[str, ...] = ()
    warnings: tuple[Reason, ...] = ()
    source: str = ""  # the line as the file has it
    is_edited: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice of which rows are shown."""

    name: str
    label: str
    count: int
    is_chosen: bool


def mark_name(mark: Mark) -> str:
    """Return what a mark is called."""
    return {
        Mark.NEW: pgettext("row", "new"),
        Mark.DUPLICATE: pgettext("row", "there already"),
        Mark.UPDATE: pgettext("row", "update offered"),
        Mark.REVIEW: pgettext("row", "needs a look"),
        Mark.REJECTED: pgettext("row", "refused"),
        Mark.TAKES_BACK: pgettext("row", "takes back"),
        Mark.COMPLETES: pgettext("row", "completes"),
    }[mark]


def filters(preview: Preview, *, chosen: str) -> list[Filter]:
    """Return the choices: everything, and each mark that some row has."""
    counts = {mark: count for mark, count in preview.counts().items() if count}
    every = Filter("", _("All"), len(preview.rows), chosen not in counts)
    return [every, *(Filter(str(mark), mark_name(mark), count, mark == chosen) for mark, count in counts.items())]


def shown_rows(preview: Preview, *, chosen: str) -> list[PreviewRow]:
    """Return the rows of a choice; all of them for a word that is none."""
    narrowed = [row for row in preview.rows if row.mark == chosen]
    return narrowed or preview.rows


def row_texts(
    rows: Iterable[PreviewRow], *, hidden: bool, edits: dict[str, Edit], source_lines: dict[int, str]
) -> list[RowText]:
    """Return rows as text. hidden: amounts and units are masked, and the file's own lines are not shown."""
    shown = Shown(hidden=hidden)
    return [_text(row, shown, row.key in edits, "" if hidden else source_lines.get(row.lines[0], "")) for row in rows]


def _text(row: PreviewRow, shown: Shown, is_edited: bool, source: str) -> RowText:
    is_alert = row.mark in NEEDS_A_PERSON
    is_update = row.mark == Mark.UPDATE
    marked = {
        "key": row.key,
        "line": "–".join(dict.fromkeys((str(min(row.lines)), str(max(row.lines))))),
        "mark": str(row.mark),
        "mark_name": mark_name(row.mark),
        "is_alert": is_alert,
        "reason": _update_reason(row) if is_update else reason_of(row.problem, hidden=shown.hidden) if row.problem else None,
        "changes": tuple(_change(each, shown) for each in row.changes) if is_update else (),
        "warnings": tuple(reason_of(each, hidden=shown.hidden) for each in row.warnings),
        "source": source if is_alert and row.row is None else "",
        "is_edited": is_edited,
    }
    return RowText(**marked) if row.row is None else RowText(**marked, **_figures(row.row, shown))


def _figures(row: LedgerRow, shown: Shown) -> dict[str, str]:
    money = shown.money(row.currency)
    charges = row.fee + row.tax
    account = f"{row.account} → {row.to_account}" if row.to_account else row.account or _("every account")
    return {
        "date": row.date.isoformat(),
        "kind": kind_name(row.kind),
        "account": account,
        "symbol": row.symbol,
        "units": shown.units(row.quantity),
        "price": "" if row.price is None else show.price(row.price),
        "amount": "" if row.amount is None else money.level(row.amount),
        "currency": row.currency,
        "charges": money.level(charges) if charges else "",
    }


def _update_reason(row: PreviewRow) -> Reason:
    code = row.problem.code if row.problem else "update"
    if code == "typed_before":
        return Reason(_("It looks like a row that was entered by hand; the two can be merged."))
    return Reason(_("It is stored with other values; the file's can be taken over."))


def _change(change: tuple[str, object, object], shown: Shown) -> str:
    name, old, new = change
    values = {"old": _value(name, old, shown), "new": _value(name, new, shown)}
    return sentence("%(name)s: %(old)s → %(new)s", name=field_name(name), **values)


def field_name(name: str) -> str:
    """Return what a field of a ledger row is called."""
    return {
        "date": _("date"),
        "time": _("time"),
        "kind": _("kind"),
        "account": _("account"),
        "symbol": _("symbol"),
        "quantity": _("quantity"),
        "price": _("price"),
        "amount": _("amount"),
        "currency": _("currency"),
        "fee": _("fee"),
        "tax": _("tax"),
        "accrued_interest": _("accrued interest"),
        "to_account": _("to account"),
        "to_currency": _("to currency"),
        "to_amount": _("to amount"),
        "fx_rate": _("exchange rate"),
        "ex_date": _("ex-date"),
        "tax_year": _("tax year"),
        "note": _("note"),
        "external_id": _("external id"),
    }.get(name, name)


def _value(name: str, value: object, shown: Shown) -> str:
    if value is None or value == "":
        return show.NOTHING
    if name == "kind":
        return kind_name(str(value))
    if isinstance(value, Decimal):
        is_public = name in {"price", "fx_rate"}
        return show.price(value) if is_public else shown.units(value)
    return str(value)


def left_out(edits: dict[str, Edit]) -> list[tuple[str, int]]:
    """Return name and line of each row that a person has left out."""
    found = [(key, int(key.partition("-")[0])) for key, edit in edits.items() if edit.get(LEAVE_OUT)]
    return sorted(found, key=lambda each: (each[1], each[0]))
