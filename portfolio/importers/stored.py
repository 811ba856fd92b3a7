"""The stored rows a file could repeat, read in a few queries however long the file is. Writes nothing."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from portfolio.engine.kinds import Kind
from portfolio.importers.once_only import StoredRow
from portfolio.importers.resolve import Books, KnownInstrument, default_currency
from portfolio.importers.rows import LedgerRow
from portfolio.models import Account, Instrument, Transaction

# below the number of parameters that any SQLite allows in one statement
_AT_ONCE = 500
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


def stored_rows(*, rows: list[LedgerRow], books: Books) -> list[StoredRow]:
    """Return the stored rows that rows of a file may be: those with their ids, and those without one on their days."""
    found: list[StoredRow] = []
    names = _Names()
    ids = sorted({row.external_id for row in rows if row.external_id})
    for start in range(0, len(ids), _AT_ONCE):
        found.extend(_rows(Transaction.objects.filter(external_id__in=ids[start : start + _AT_ONCE]), names, books))
    dates = [row.date for row in rows if not row.external_id]
    if dates:
        same_days = Transaction.objects.filter(external_id="", date__range=(min(dates), max(dates)))
        found.extend(_rows(same_days, names, books))
    return found


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
