"""Ledger rows become a ledger file that reads back as the same rows. Pure; `ledger_file` is its other half."""

import csv
import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import TextIO

from portfolio.importers.ledger_file import COLUMNS
from portfolio.importers.rows import CHARGES, NUMBERS, LedgerRow
from portfolio.importers.table import escaped
from portfolio.written_values import plain

_TEXTS = frozenset({"account", "symbol", "to_account", "note", "external_id"})
_FIELD = {"type": "kind"}
_FIELDS = [(column, _FIELD.get(column, column)) for column in COLUMNS]


def write_ledger(*, rows: Iterable[LedgerRow], file: TextIO) -> int:
    """Write rows in the order given; return how many. Text that a spreadsheet would run as a formula gets an apostrophe."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for row in rows:
        writer.writerow([_cell(column, getattr(row, field)) for column, field in _FIELDS])
        count += 1
    return count


def _cell(column: str, value: object) -> str:
    if value is None or value == "" or (column in CHARGES and not value):
        return ""
    if column in _TEXTS:
        return escaped(str(value))
    if column in NUMBERS and isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
