"""The stored rows a file could repeat, read in a few queries however long the file is. Writes nothing."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from portfolio.engine.kinds import Kind
from portfolio.importers.fingerprints import parts
from portfolio.importers.once_only import StoredRow
from portfolio.importers.resolve import Books, KnownInstrument, default_currency
from portfolio.importers.rows import AND, LedgerRow
from portfolio.importers.symbols import Instruments, Known, folded
from portfolio.models import Account, CancelledRow, Instrument, RememberedName, Transaction

# below the number of parameters that any SQLite allows in one statement
_AT_ONCE = 500
# source rows of one event are days apart at most, but tax can be booked late
_NEAR = dt.timedelta(days=60)
_CANCELS_REACH = dt.timedelta(days=400)
_COLUMNS = (
    "pk", "source_id", "date", "kind", "account_id", "time", "instrument_id", "quantity", "price", "amount", "currency", "fee",
    "tax", "accrued_interest", "to_account_id", "to_currency", "to_amount", "fx_rate", "ex_date", "tax_year", "note",
    "external_id",
)  # fmt: skip


def read_books() -> Books:
    """Return every instrument and account as rows need to know them."""
    instruments = Instrument.objects.values_list("symbol", "currency", "price_unit")
    return Books(
        instruments={symbol: KnownInstrument(currency, unit) for symbol, currency, unit in instruments},
        accounts=dict(Account.objects.values_list("name", "currency")),
    )


def read_instruments() -> Instruments:
    """Return every instrument by all of its names, those that a person has told among them."""
    names = RememberedName.objects.values_list("account__name", "name", "instrument__symbol")
    found = Instruments(remembered={(account or "", folded(name)): symbol for account, name, symbol in names})
    columns = ("symbol", "isin", "name", "type", "price_unit", "withholding_rate", "coupon_rate")
    for values in Instrument.objects.order_by("pk").values_list(*columns):
        found.add(Known(*values))
    return found


def cancelled_ids() -> set[tuple[str, str]]:
    """Return account and id of every source row that was taken back."""
    return set(CancelledRow.objects.values_list("account__name", "external_id"))


def stored_rows(*, rows: list[LedgerRow], books: Books) -> list[StoredRow]:
    """Return the stored rows that rows of a file may be: those with their ids, and those without one on their days."""
    found: dict[int, StoredRow] = {}
    names = _Names()
    ids = sorted({part for row in rows if row.external_id for part in (row.external_id, *parts(row.external_id))})
    for start in range(0, len(ids), _AT_ONCE):
        query = Transaction.objects.filter(external_id__in=ids[start : start + _AT_ONCE])
        found.update((each.key, each) for each in _rows(query, names, books))
    if rows:
        first, last = min(row.date for row in rows), max(row.date for row in rows)
        same_days = Transaction.objects.filter(external_id="", date__range=(first, last))
        found.update((each.key, each) for each in _rows(same_days, names, books))
    if ids:
        # a row that was merged from several, of which the file has some
        merged = Transaction.objects.filter(external_id__contains=AND, date__range=(first - _NEAR, last + _NEAR))
        found.update((each.key, each) for each in _rows(merged, names, books))
    return list(found.values())


def rows_with_ids(*, ids: list[tuple[str, str]], books: Books) -> list[StoredRow]:
    """Return the stored rows that an import brought and that are one of these source rows, named by account and id."""
    wanted = set(ids)
    texts = sorted({external_id for _, external_id in ids})
    found: list[StoredRow] = []
    for start in range(0, len(texts), _AT_ONCE):
        query = Transaction.objects.filter(external_id__in=texts[start : start + _AT_ONCE], source__isnull=False)
        found.extend(each for each in _rows(query, _Names(), books) if (each.row.account, each.row.external_id) in wanted)
    return found


def rows_like(*, row: LedgerRow, books: Books) -> list[StoredRow]:
    """Return stored rows which an import brought and that say the same as a row, on its day or before."""
    query = Transaction.objects.filter(
        kind=row.kind, account__name=row.account, date__lte=row.date, date__gte=row.date - _CANCELS_REACH,
        source__isnull=False, quantity=row.quantity, amount=row.amount,
    )  # fmt: skip
    query = query.filter(instrument__symbol=row.symbol) if row.symbol else query.filter(instrument__isnull=True)
    return list(_rows(query, _Names(), books))


def stored_ledger(*, books: Books) -> Iterator[LedgerRow]:
    """Yield every stored row in the words of the ledger, in its order, blank currencies filled in."""
    return (each.row for each in _rows(Transaction.objects.all(), _Names(), books))


class _Names:
    """Names of accounts and symbols by key, read once: joining them to every row costs more."""

    def __init__(self) -> None:
        self.accounts: dict[int | None, str] = {None: "", **dict(Account.objects.values_list("pk", "name"))}
        self.symbols: dict[int | None, str] = {None: "", **dict(Instrument.objects.values_list("pk", "symbol"))}


def _rows(query: QuerySet[Transaction], names: _Names, books: Books) -> Iterator[StoredRow]:
    for values in query.order_by("date", "pk").values_list(*_COLUMNS).iterator(chunk_size=2000):
        row = _ledger_row(values, names)
        if not row.currency:
            row = replace(row, currency=default_currency(row, books))
        yield StoredRow(values[0], values[1], row)


def _ledger_row(values: tuple[Any, ...], names: _Names) -> LedgerRow:
    _, _, date, kind, account, time, instrument, quantity, price, amount, currency, fee, tax, accrued, to_account, *rest = (
        values
    )
    return LedgerRow(
        (0,), date, Kind(kind), names.accounts[account], time, names.symbols[instrument], quantity, price, amount, currency,
        fee, tax, accrued, names.accounts[to_account], *rest,
    )  # fmt: skip
