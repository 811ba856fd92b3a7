"""Rows become transactions, once only: one file, one database transaction, one import entry. Knows no file format."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from portfolio.engine.kinds import Kind
from portfolio.engine.row_rules import spin_off_symbol
from portfolio.importers.fingerprints import parts
from portfolio.importers.once_only import Sorted, StoredRow, Update, sort_out
from portfolio.importers.oversold import held_before, oversold
from portfolio.importers.report import FileReport
from portfolio.importers.resolve import Resolved, resolve
from portfolio.importers.rows import LedgerRow, Problem, Reading, Security
from portfolio.importers.settle import TakenBack, settled_by_instruments, settled_by_ledger, with_own_symbols
from portfolio.importers.stored import cancelled_ids, read_books, read_instruments, rows_like, rows_with_ids, stored_rows
from portfolio.importers.symbols import folded, is_cusip
from portfolio.models import Account, CancelledRow, Instrument, LedgerImport, LedgerStamp, RememberedName, Transaction

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
class Plan:
    """What would be written, and what was found on the way."""

    sorted: Sorted
    resolved: Resolved
    securities: dict[str, Security]
    needs_review: list[Problem]
    rejected: list[Problem]
    warnings: list[Problem]
    taken_back: list[TakenBack]  # found by what the row says; its line writes nothing
    gone: list[StoredRow]  # found by the id of a source row that the file itself takes back


def save_rows(*, reading: Reading, source: SourceFile, choices: Choices, user: Any = None) -> FileReport:
    """Write what is new in a file; with anything rejected nothing at all, unless bad rows are to be skipped.

    user: who imports; None where nobody is logged in, as on the command line.
    """
    with transaction.atomic():
        # two imports of one file at the same time would each find nothing stored
        LedgerStamp.objects.select_for_update().filter(pk=1).first()
        plan = plan_rows(reading=reading, source=source)
        report = report_of(reading=reading, plan=plan, source=source, choices=choices)
        if not choices.dry_run and (choices.skip_bad_rows or not report.rejected):
            _write(reading, plan, report, source, choices, user)
    return report


def plan_rows(*, reading: Reading, source: SourceFile) -> Plan:
    """Return what saving a file would do, row by row; writes nothing."""
    books = read_books()
    instruments = read_instruments()
    named = with_own_symbols(rows=reading.rows, securities=reading.securities, instruments=instruments)
    known = settled_by_instruments(rows=named.rows, instruments=instruments)
    resolved = resolve(rows=known.rows, books=books, securities=named.securities)
    stored = stored_rows(rows=resolved.rows, books=books)
    result = sort_out(rows=resolved.rows, stored=stored, cancelled=cancelled_ids())
    final, taken_back = settled_by_ledger(
        rows=result.new,
        held=lambda row, rows: held_before(row=row, rows=rows),
        originals=lambda row: rows_like(row=row, books=books),
    )
    result.new = final.rows
    # a ledger file is the household's own and can be put right; what does not fit in a broker's is asked about
    is_own = source.format == "ledger"
    asked = [] if is_own else [*resolved.rejected, *result.rejected]
    rejected = [*reading.rejected, *(resolved.rejected if is_own else []), *(result.rejected if is_own else [])]
    return Plan(
        sorted=result,
        resolved=resolved,
        securities=named.securities,
        needs_review=[*reading.needs_review, *known.needs_review, *result.needs_review, *final.needs_review, *asked],
        rejected=sorted(rejected, key=lambda problem: problem.line),
        warnings=[*reading.warnings, *named.warnings, *known.warnings, *resolved.warnings, *final.warnings],
        taken_back=taken_back,
        gone=rows_with_ids(ids=reading.cancelled, books=books),
    )


def report_of(*, reading: Reading, plan: Plan, source: SourceFile, choices: Choices) -> FileReport:
    """Count source rows: one with several ledger rows counts once, by the gravest thing that happens to one of them."""
    updates = plan.sorted.updates if choices.accept_updates else []
    offered = [] if choices.accept_updates else [update.as_problem() for update in plan.sorted.updates]
    rejected = _once_a_line(_with_partners(plan.rejected, reading.rows))
    review = _once_a_line(_with_partners([*plan.needs_review, *offered], reading.rows))
    bad, looked_at = {problem.line for problem in rejected}, {problem.line for problem in review}
    review = [problem for problem in review if problem.line not in bad]
    written = [*plan.sorted.new, *(update.row for update in (*updates, *plan.sorted.completions))]
    imported = _lines(written) - bad - looked_at
    duplicates = _lines(plan.sorted.duplicates) - imported - bad - looked_at
    taken_back = _lines([each.row for each in plan.taken_back]) - imported - duplicates - bad - looked_at
    is_refused = bool(rejected) and not choices.skip_bad_rows
    warnings = sorted([*plan.warnings, *oversold(new=plan.sorted.new, updates=updates)], key=lambda problem: problem.line)
    return FileReport(
        file=source.name,
        format=source.format,
        rows=reading.source_rows,
        imported=0 if is_refused else len(imported),
        duplicates=len(duplicates),
        skipped=reading.skipped + len(taken_back) + (len(imported) if is_refused else 0),
        needs_review=review,
        rejected=rejected,
        warnings=warnings,
        is_dry_run=choices.dry_run,
    )


def _lines(rows: list[LedgerRow]) -> set[int]:
    return {line for row in rows for line in row.lines}


def _with_partners(problems: list[Problem], rows: list[LedgerRow]) -> list[Problem]:
    """Add the other source lines of a ledger row that is asked about or refused: they are not written either."""
    partners = {row.line: row.lines[1:] for row in rows if len(row.lines) > 1}
    added = [
        Problem(line, "", f"belongs to line {problem.line}, which needs a look", "partner")
        for problem in problems
        for line in partners.get(problem.line, ())
    ]
    return [*problems, *added]


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


def _write(  # noqa: PLR0917  one call, right above
    reading: Reading, plan: Plan, report: FileReport, source: SourceFile, choices: Choices, user: Any
) -> None:
    new = plan.sorted.new
    updates = [*plan.sorted.completions, *(plan.sorted.updates if choices.accept_updates else [])]
    keys = _Keys([*new, *(update.row for update in updates)], plan, source, report)
    entry = LedgerImport.objects.create(
        file_name=PurePath(source.name).name[-255:],
        format=source.format,
        sha256=source.sha256,
        imported_by=user,
        written=len(new),
        duplicates=report.duplicates,
        updated=len(updates),
        changes={
            "rows": [update.stored.key for update in updates],
            "accounts": report.new_accounts,
            "instruments": report.new_instruments,
            "needs_review": [problem.as_json() for problem in report.needs_review],
        },
    )
    Transaction.objects.bulk_create(Transaction(source=entry, **keys.fields(row)) for row in new)
    if updates:
        _apply(updates, keys, source, user)
    is_shorter = _take_out(plan, reading.cancelled, keys, entry)
    if new or updates or is_shorter:
        LedgerStamp.bump()
    report.written = len(new) + len(updates)
    report.updated = len(updates)
    # last, so that rows which cannot be written leave no file behind
    entry.file.save(entry.file_name, ContentFile(source.data))
    report.entry = entry.pk


def _take_out(plan: Plan, cancelled: list[tuple[str, str]], keys: "_Keys", entry: LedgerImport) -> bool:
    """Take out rows that the broker took back, and remember their ids: an older file must not bring them again."""
    keys_by_id: dict[tuple[str, str], int | None] = dict.fromkeys(cancelled)
    for each in plan.taken_back:
        keys_by_id |= dict.fromkeys((each.row.account, part) for part in parts(each.row.external_id))
    gone = [*plan.gone, *(each.stored for each in plan.taken_back)]
    keys_by_id |= {(each.row.account, part): each.key for each in gone for part in parts(each.row.external_id)}
    CancelledRow.objects.bulk_create(
        (
            CancelledRow(account_id=account, external_id=external_id, source=entry, transaction_key=key)
            for (name, external_id), key in keys_by_id.items()
            if external_id and (account := keys.account(name)) is not None
        ),
        ignore_conflicts=True,
        batch_size=_BATCH,
    )
    for row in Transaction.objects.filter(pk__in=[each.key for each in gone]):
        row._change_reason = f"taken back by {entry.file_name}"[-100:]
        row.delete()
    return bool(gone)


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

    def __init__(self, rows: list[LedgerRow], plan: Plan, source: SourceFile, report: FileReport) -> None:
        resolved = plan.resolved
        used_accounts = {name for row in rows for name in (row.account, row.to_account)}
        reason = f"import of {source.name}"[-100:]
        accounts = [Account(name=name, currency=code) for name, code in resolved.new_accounts.items() if name in used_accounts]
        bulk_create_with_history(accounts, Account, default_change_reason=reason)
        used = {row.symbol for row in rows} | {spin_off_symbol(note=row.note) for row in rows if row.kind == Kind.SPIN_OFF}
        instruments = [
            _draft(symbol, code, plan.securities.get(symbol, Security()))
            for symbol, code in resolved.new_instruments.items()
            if symbol in used
        ]
        bulk_create_with_history(instruments, Instrument, default_change_reason=reason)
        report.new_accounts.extend(each.name for each in accounts)
        report.new_instruments.extend(each.symbol for each in instruments)
        self._accounts: dict[str, int | None] = {"": None, **dict(Account.objects.values_list("name", "pk"))}
        self._instruments: dict[str, int | None] = {"": None, **dict(Instrument.objects.values_list("symbol", "pk"))}
        self._remember({symbol: said for symbol, said in plan.securities.items() if symbol in used})

    def _remember(self, securities: dict[str, Security]) -> None:
        """Keep the CUSIPs that came beside a ticker: rows without a ticker are found by them later."""
        names = [(symbol, said.cusip) for symbol, said in securities.items() if is_cusip(said.cusip) and said.cusip != symbol]
        known = set(RememberedName.objects.filter(account=None).values_list("name", flat=True))
        RememberedName.objects.bulk_create(
            RememberedName(name=name, instrument_id=self._instruments[symbol])
            for name, symbol in {folded(cusip): symbol for symbol, cusip in names}.items()
            if name not in known
        )

    def account(self, name: str) -> int | None:
        """Return an account's key; None where there is none of that name."""
        return self._accounts.get(name)

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


def _draft(symbol: str, currency: str, said: Security) -> Instrument:
    """Return a new instrument with all that the file says of it."""
    known = {"type": said.type, "price_unit": said.price_unit, "coupon_rate": said.coupon_rate}
    return Instrument(
        symbol=symbol,
        currency=currency,
        is_draft=True,
        name=said.name[:160],
        isin=said.isin,
        maturity_date=said.maturity_date,
        **{name: value for name, value in known.items() if value},
    )
