"""Rows become transactions, once only: one file, one database transaction, one import entry. Knows no file format."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.db import transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from portfolio.engine.kinds import Kind
from portfolio.engine.row_rules import spin_off_symbol
from portfolio.importers.once_only import Sorted, Update, sort_out
from portfolio.importers.oversold import oversold
from portfolio.importers.report import FileReport
from portfolio.importers.resolve import Resolved, resolve
from portfolio.importers.rows import LedgerRow, Problem, Reading
from portfolio.importers.stored import read_books, stored_rows
from portfolio.models import Account, Instrument, LedgerImport, LedgerStamp, Transaction

_UPDATED_FIELDS = [
    "date", "time", "kind", "account", "instrument", "quantity", "price", "amount", "currency", "fee", "tax",
    "accrued_interest", "to_account", "to_currency", "to_amount", "fx_rate", "ex_date", "tax_year", "note", "external_id",
]  # fmt: skip
_BATCH = 500


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file that rows came from, as its import entry remembers it."""

    name: str
    format: str
    data: bytes

    @property
    def sha256(self) -> str:
        """What tells this content from any other."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person who imports has decided beforehand."""

    dry_run: bool = False
    skip_bad_rows: bool = False
    accept_updates: bool = False


@dataclass(slots=True)
class _Plan:
    """What would be written, and what was found on the way."""

    sorted: Sorted
    resolved: Resolved
    rejected: list[Problem]
    warnings: list[Problem]


def save_rows(*, reading: Reading, source: SourceFile, choices: Choices, user: Any = None) -> FileReport:
    """Write what is new in a file; with anything rejected nothing at all, unless bad rows are to be skipped.

    user: who imports; None where nobody is logged in, as on the command line.
    """
    with transaction.atomic():
        # two imports of one file at the same time would each find nothing stored
        LedgerStamp.objects.select_for_update().filter(pk=1).first()
        plan = _plan(reading)
        report = _report(reading, plan, source, choices)
        if not choices.dry_run and (choices.skip_bad_rows or not report.rejected):
            _write(plan, report, source, choices, user)
    return report


def _plan(reading: Reading) -> _Plan:
    books = read_books()
    resolved = resolve(rows=reading.rows, books=books)
    result = sort_out(rows=resolved.rows, stored=stored_rows(rows=resolved.rows, books=books))
    rejected = sorted([*reading.rejected, *resolved.rejected, *result.rejected], key=lambda problem: problem.line)
    return _Plan(result, resolved, rejected, [*reading.warnings, *resolved.warnings])


def _report(reading: Reading, plan: _Plan, source: SourceFile, choices: Choices) -> FileReport:
    """Count source rows: one with several ledger rows counts once, by the gravest thing that happens to one of them."""
    updates = plan.sorted.updates if choices.accept_updates else []
    offered = [] if choices.accept_updates else [update.as_problem() for update in plan.sorted.updates]
    review = _once_a_line([*reading.needs_review, *offered])
    rejected = _once_a_line(plan.rejected)
    bad, looked_at = {problem.line for problem in rejected}, {problem.line for problem in review}
    review = [problem for problem in review if problem.line not in bad]
    written = [*plan.sorted.new, *(update.row for update in updates)]
    imported = _lines(written) - bad - looked_at
    duplicates = _lines(plan.sorted.duplicates) - imported - bad - looked_at
    is_refused = bool(rejected) and not choices.skip_bad_rows
    warnings = sorted([*plan.warnings, *oversold(new=plan.sorted.new, updates=updates)], key=lambda problem: problem.line)
    return FileReport(
        file=source.name,
        format=source.format,
        rows=reading.source_rows,
        imported=0 if is_refused else len(imported),
        duplicates=len(duplicates),
        skipped=reading.skipped + (len(imported) if is_refused else 0),
        needs_review=review,
        rejected=rejected,
        warnings=warnings,
        is_dry_run=choices.dry_run,
    )


def _lines(rows: list[LedgerRow]) -> set[int]:
    return {line for row in rows for line in row.lines}


def _once_a_line(problems: list[Problem]) -> list[Problem]:
    """Keep one problem for each source row, with the reasons of the others in it."""
    by_line: dict[int, Problem] = {}
    for problem in problems:
        first = by_line.get(problem.line)
        if first is None:
            by_line[problem.line] = problem
        elif problem.reason not in first.reason:
            by_line[problem.line] = Problem(first.line, first.column, f"{first.reason}; {problem.reason}", first.code)
    return list(by_line.values())


def _write(plan: _Plan, report: FileReport, source: SourceFile, choices: Choices, user: Any) -> None:
    new = plan.sorted.new
    updates = plan.sorted.updates if choices.accept_updates else []
    keys = _Keys([*new, *(update.row for update in updates)], plan.resolved, source, report)
    entry = LedgerImport.objects.create(
        file_name=PurePath(source.name).name[-255:],
        format=source.format,
        sha256=source.sha256,
        imported_by=user,
        written=len(new),
        duplicates=report.duplicates,
        updated=len(updates),
    )
    Transaction.objects.bulk_create(Transaction(source=entry, **keys.fields(row)) for row in new)
    if updates:
        _apply(updates, keys, source, user)
    if new or updates:
        LedgerStamp.bump()
    report.written = len(new) + len(updates)
    report.updated = len(updates)


def _apply(updates: list[Update], keys: "_Keys", source: SourceFile, user: Any) -> None:
    """Change stored rows so that their history holds the version before and the one after."""
    stored = Transaction.objects.in_bulk([update.stored.key for update in updates])
    known = set(Transaction.history.filter(id__in=stored).values_list("id", flat=True))
    first_versions = [row for key, row in stored.items() if key not in known]
    for row in first_versions:
        row._history_date = row.created_at
    Transaction.history.bulk_history_create(first_versions, batch_size=_BATCH, default_change_reason="as imported")
    changed = []
    for update in updates:
        row = stored[update.stored.key]
        vars(row).pop("_history_date", None)
        for name, value in keys.fields(update.row).items():
            setattr(row, name, value)
        changed.append(row)
    bulk_update_with_history(
        changed,
        Transaction,
        _UPDATED_FIELDS,
        batch_size=_BATCH,
        default_user=user,
        default_change_reason=f"import of {source.name}"[-100:],
    )


class _Keys:
    """The keys of accounts and instruments by name; those that rows name and nobody knows are made first."""

    def __init__(self, rows: list[LedgerRow], resolved: Resolved, source: SourceFile, report: FileReport) -> None:
        used_accounts = {name for row in rows for name in (row.account, row.to_account)}
        reason = f"import of {source.name}"[-100:]
        accounts = [Account(name=name, currency=code) for name, code in resolved.new_accounts.items() if name in used_accounts]
        bulk_create_with_history(accounts, Account, default_change_reason=reason)
        used = {row.symbol for row in rows} | {spin_off_symbol(note=row.note) for row in rows if row.kind == Kind.SPIN_OFF}
        instruments = [
            Instrument(symbol=symbol, currency=code, is_draft=True)
            for symbol, code in resolved.new_instruments.items()
            if symbol in used
        ]
        bulk_create_with_history(instruments, Instrument, default_change_reason=reason)
        report.new_accounts.extend(each.name for each in accounts)
        report.new_instruments.extend(each.symbol for each in instruments)
        self._accounts: dict[str, int | None] = {"": None, **dict(Account.objects.values_list("name", "pk"))}
        self._instruments: dict[str, int | None] = {"": None, **dict(Instrument.objects.values_list("symbol", "pk"))}

    def fields(self, row: LedgerRow) -> dict[str, Any]:
        """Return the values of a transaction's columns."""
        return {
            "date": row.date,
            "time": row.time,
            "kind": row.kind,
            "account_id": self._accounts[row.account],
            "instrument_id": self._instruments[row.symbol],
            "quantity": row.quantity,
            "price": row.price,
            "amount": row.amount,
            "currency": row.currency,
            "fee": row.fee,
            "tax": row.tax,
            "accrued_interest": row.accrued_interest,
            "to_account_id": self._accounts[row.to_account],
            "to_currency": row.to_currency,
            "to_amount": row.to_amount,
            "fx_rate": row.fx_rate,
            "ex_date": row.ex_date,
            "tax_year": row.tax_year,
            "note": row.note,
            "external_id": row.external_id,
        }
