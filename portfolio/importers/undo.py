"""Takes a whole import back: its rows go, rows it changed are as before, what it took out returns. Or says why it cannot.

An undo is refused where later rows stand on the import's own: units that were sold since, rows that a later import changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portfolio.engine.exact_units import UNIT_KINDS, UnitRow, walk
from portfolio.engine.kinds import Kind
from portfolio.engine.row_rules import spin_off_symbol
from portfolio.models import (
    Account,
    Instrument,
    LedgerDocument,
    LedgerImport,
    LedgerStamp,
    ProposedDividend,
    Transaction,
)

_BATCH = 1000
_UNIT_COLUMNS = ("pk", "date", "time", "kind", "account_id", "instrument_id", "quantity", "to_account_id", "note")


@dataclass(frozen=True, slots=True)
class LeftShort:
    """A row that would take more than there is, were the import's rows gone."""

    row: Transaction
    missing: Decimal  # units; a size


@dataclass(slots=True)
class Undoing:
    """What undoing an import would do, and what stands against it."""

    entry: LedgerImport
    rows: int = 0  # that would go
    changed: int = 0  # stored rows that would be as before
    restored: int = 0  # rows that the import took out and that would come back
    edited_since: int = 0  # of the rows, those that a person changed by hand afterwards
    left_short: list[LeftShort] = field(default_factory=list)
    later_imports: list[LedgerImport] = field(default_factory=list)  # that changed or took out rows of this one
    changed_since: list[Transaction] = field(default_factory=list)  # rows it changed that were changed again

    @property
    def is_possible(self) -> bool:
        """Say whether nothing stands against it."""
        return not (self.entry.undone_at or self.left_short or self.later_imports or self.changed_since)


class UndoRefusedError(Exception):
    """Later rows depend on the import; `undoing` says which."""

    def __init__(self, undoing: Undoing) -> None:
        super().__init__(f"{undoing.entry.file_name} cannot be undone: later rows depend on it")
        self.undoing = undoing


def undoing_of(*, entry: LedgerImport) -> Undoing:
    """Return what undoing an import would do, and what stands against it. Writes nothing."""
    keys = set(entry.transactions.values_list("pk", flat=True))
    found = Undoing(entry, rows=len(keys), restored=len(_taken_out(entry)))
    found.edited_since = (
        Transaction.history.filter(id__in=entry.transactions.values("pk"), history_type="~")
        .exclude(history_change_reason="as imported")
        .values("id")
        .distinct()
        .count()
    )
    changed = _changed(entry)
    found.changed = len(changed)
    found.changed_since = [each.row for each in changed if each.is_changed_again]
    found.later_imports = _later_imports(entry, keys)
    found.left_short = _left_short(entry, keys, changed)
    return found


@transaction.atomic
def undo_import(*, entry: LedgerImport, user: Any = None) -> Undoing:
    """Take an import back as a whole, or raise UndoRefusedError and change nothing. Its entry and its file stay."""
    # nothing may be written between the look and the deed
    LedgerStamp.objects.select_for_update().filter(pk=1).first()
    entry = LedgerImport.objects.select_for_update().get(pk=entry.pk)
    undoing = undoing_of(entry=entry)
    if not undoing.is_possible:
        raise UndoRefusedError(undoing)
    reason = f"undo of the import of {entry.file_name}"[-100:]
    # confirmations of single rows stay with the import they came with
    LedgerDocument.objects.filter(row__source=entry).update(row=None, source=entry)
    for each in _changed(entry):
        _go_back(each, user, reason)
    _remove_rows(entry, user, reason)
    _bring_back(entry, user, reason)
    _remove_made(entry)
    entry.undone_at, entry.undone_by = timezone.now(), user
    entry.save(update_fields=["undone_at", "undone_by"])
    LedgerStamp.bump()
    return undoing


@dataclass(frozen=True, slots=True)
class _Changed:
    """A stored row that the import changed: as it is, and as it was before."""

    row: Transaction
    before: Any  # version of the history
    is_changed_again: bool


def _changed(entry: LedgerImport) -> list[_Changed]:
    """Return the rows that the import changed and that are still there. Its own version is the first since its time."""
    keys = entry.changes.get("rows", [])
    versions: dict[int, list[Any]] = {}
    for version in Transaction.history.filter(id__in=keys).order_by("history_date", "history_id"):
        versions.setdefault(version.id, []).append(version)
    found = []
    for key, row in Transaction.objects.in_bulk(keys).items():
        before = [version for version in versions.get(key, ()) if version.history_date < entry.imported_at]
        since = [version for version in versions.get(key, ()) if version.history_date >= entry.imported_at]
        if before:
            found.append(_Changed(row, before[-1], len(since) > 1))
    return found


def _later_imports(entry: LedgerImport, keys: set[int]) -> list[LedgerImport]:
    mine = keys | set(Transaction.history.filter(source=entry, history_type="-").values_list("id", flat=True))
    mine |= set(entry.changes.get("rows", []))
    later = LedgerImport.objects.filter(undone_at=None, imported_at__gte=entry.imported_at).exclude(pk=entry.pk)
    return [
        each
        for each in later.prefetch_related("cancelled")
        if mine.intersection(each.changes.get("rows", ()))
        or any(cancelled.transaction_key in mine for cancelled in each.cancelled.all())
    ]


def _left_short(entry: LedgerImport, keys: set[int], changed: list[_Changed]) -> list[LeftShort]:
    """Return the rows that stay and would lack units without the import's; what lacks them already is no new harm."""
    concerned = set(entry.transactions.filter(kind__in=UNIT_KINDS).values_list("instrument", flat=True)) - {None}
    concerned |= {each.row.instrument_id for each in changed if each.row.kind in UNIT_KINDS} - {None}
    if not concerned:
        return []
    rows = _unit_rows(concerned)
    gone = keys | {each.row.pk for each in changed}
    again = [*(each.before for each in changed), *_taken_out(entry)]
    now = walk(rows).missing
    stay = [row for row in rows if row.key not in gone]
    then = walk([*stay, *(_unit_row(each) for each in again if _moves_units(each))]).missing
    worse = {key: missing for key, missing in then.items() if missing > now.get(key, Decimal(0))}
    stored = Transaction.objects.select_related("account", "instrument").in_bulk(list(worse))
    found = [LeftShort(row, worse[key]) for key, row in stored.items()]
    return sorted(found, key=lambda each: (each.row.date, each.row.pk))


def _unit_rows(instruments: set[int]) -> list[UnitRow]:
    """Return what moves units of these instruments, with those that were spun off and those they came from."""
    symbols = dict(Instrument.objects.values_list("symbol", "pk"))
    spin_offs = [
        (parent, symbols.get(spin_off_symbol(note=note)))
        for parent, note in Transaction.objects.filter(kind=Kind.SPIN_OFF).values_list("instrument", "note")
    ]
    wanted: set[int] = set(instruments)
    while more := {each for pair in spin_offs if wanted.intersection(pair) for each in pair if each is not None} - wanted:
        wanted |= more
    query = Transaction.objects.filter(instrument__in=wanted, kind__in=UNIT_KINDS, quantity__isnull=False)
    return [
        UnitRow(*columns, spin_off=symbols.get(spin_off_symbol(note=note)) if columns[3] == Kind.SPIN_OFF else None)
        for *columns, note in query.values_list(*_UNIT_COLUMNS)
    ]


def _moves_units(version: Any) -> bool:
    return version.kind in UNIT_KINDS and version.quantity is not None and version.instrument_id is not None


def _unit_row(version: Any) -> UnitRow:
    child = spin_off_symbol(note=version.note) if version.kind == Kind.SPIN_OFF else ""
    return UnitRow(
        key=version.id,
        date=version.date,
        time=version.time,
        kind=version.kind,
        account=version.account_id,
        instrument=version.instrument_id,
        quantity=version.quantity,
        to_account=version.to_account_id,
        spin_off=Instrument.objects.filter(symbol=child).values_list("pk", flat=True).first() if child else None,
    )


def _go_back(changed: _Changed, user: Any, reason: str) -> None:
    """Write the version before the import over the row, as a version of its own."""
    row = changed.row
    for name in _columns():
        setattr(row, name, getattr(changed.before, name))
    row._change_reason, row._history_user = reason, user
    row.save()


def _columns() -> Iterable[str]:
    return (each.attname for each in Transaction._meta.concrete_fields if each.attname not in {"id", "created_at"})


def _remove_rows(entry: LedgerImport, user: Any, reason: str) -> None:
    """Delete the import's rows, with a version in the history for each. In bulk: an import may have a hundred thousand."""
    version = Transaction.history.model
    columns = [each.attname for each in Transaction._meta.concrete_fields]
    now = timezone.now()
    rows = Transaction.objects.filter(source=entry)
    waiting = rows.iterator(chunk_size=_BATCH)
    while batch := list(islice(waiting, _BATCH)):
        version.objects.bulk_create(
            version(
                **{name: getattr(row, name) for name in columns},
                history_date=now,
                history_type="-",
                history_user=user,
                history_change_reason=reason,
            )
            for row in batch
        )
    for proposal in ProposedDividend.objects.filter(transaction__source=entry):
        proposal.transaction = None
        if proposal.state == ProposedDividend.State.MATCHED:
            # nobody decided anything: the announced dividend that a row answered is open again
            proposal.state, proposal.decided_at = ProposedDividend.State.PROPOSED, None
        proposal._change_reason, proposal._history_user = reason, user
        proposal.save()
    # without signals, which would write one version and one stamp for each row once more
    rows._raw_delete(rows.db)


def _taken_out(entry: LedgerImport) -> list[Any]:
    """Return the last versions of the rows that the import took out, but those whose own import is undone."""
    keys = [key for key in entry.cancelled.values_list("transaction_key", flat=True) if key is not None]
    gone = Transaction.history.filter(id__in=keys, history_type="-", history_date__gte=entry.imported_at).order_by(
        "history_date", "history_id"
    )
    latest = {version.id: version for version in gone}
    present = set(Transaction.objects.filter(pk__in=keys).values_list("pk", flat=True))
    undone = set(LedgerImport.objects.exclude(undone_at=None).values_list("pk", flat=True))
    return [each for key, each in latest.items() if key not in present and each.source_id not in undone]


def _bring_back(entry: LedgerImport, user: Any, reason: str) -> None:
    for version in _taken_out(entry):
        row = Transaction(pk=version.id, created_at=version.created_at)
        for name in _columns():
            setattr(row, name, getattr(version, name))
        row._change_reason, row._history_user = reason, user
        row.save(force_insert=True)
    entry.cancelled.all().delete()


def _remove_made(entry: LedgerImport) -> None:
    """Delete the accounts and drafts that the import made and that nothing else has used since."""
    in_use = {
        spin_off_symbol(note=note) for note in Transaction.objects.filter(kind=Kind.SPIN_OFF).values_list("note", flat=True)
    }
    drafts = Instrument.objects.filter(symbol__in=entry.changes.get("instruments", []), is_draft=True)
    for instrument in drafts.exclude(symbol__in=in_use):
        if not _is_used(instrument, but={"names"}):
            instrument.delete()
    for account in Account.objects.filter(name__in=entry.changes.get("accounts", [])):
        if not _is_used(account):
            account.delete()


def _is_used(made: Instrument | Account, *, but: Iterable[str] = ()) -> bool:
    """Say whether any row of any table names it."""
    for relation in made._meta.related_objects:
        if relation.get_accessor_name() in but or relation.related_model.__name__.startswith("Historical"):
            continue
        if relation.related_model._default_manager.filter(Q(**{relation.field.name: made.pk})).exists():
            return True
    return False
