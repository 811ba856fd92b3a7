"""What a person changed in a file's rows before they are saved: rows put right, rows left out. Pure; knows no tables.

A row is named by its line and its place among the rows that the line makes: `12-0`.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from portfolio.engine.kinds import Kind
from portfolio.importers.rows import CHARGES, NUMBERS, ZERO, LedgerRow, Need, Reading

LEAVE_OUT = "leave_out"
_DATES = ("date", "ex_date")
_TEXTS = ("account", "symbol", "currency", "to_account", "to_currency", "note")
# what a person can change; id, time and tax year stay as the file says
EDITABLE = ("date", "kind", *_TEXTS, *NUMBERS, "ex_date")

Edit = dict[str, Any]


def keyed(rows: list[LedgerRow]) -> Iterator[tuple[str, LedgerRow]]:
    """Yield each row with its name."""
    places: Counter[int] = Counter()
    for row in rows:
        yield f"{row.line}-{places[row.line]}", row
        places[row.line] += 1


def edit_of(values: Mapping[str, Any]) -> Edit:
    """Return what is kept of a changed row: only what is filled in, as text."""
    return {name: str(value) for name in EDITABLE if (value := values.get(name)) not in {None, ""}}


def with_edits(*, reading: Reading, edits: Mapping[str, Edit]) -> Reading:
    """Put a person's changes into what was read. A line that was refused or asked about becomes the row that was entered.

    A line that is left out counts as skipped, unless another row of it stays.
    """
    if not edits:
        return reading
    rows, gone = [], set()
    used = set()
    for key, row in keyed(reading.rows):
        edit = edits.get(key)
        used.add(key)
        if edit is None:
            rows.append(row)
        elif edit.get(LEAVE_OUT):
            gone.update(row.lines)
        else:
            rows.append(_changed(row, edit))
    reading.skipped += len(gone - {line for row in rows for line in row.lines})
    for problems in (reading.needs_review, reading.rejected):
        for problem in list(problems):
            key = f"{problem.line}-0"
            if key in used or key not in edits:
                continue
            problems.remove(problem)
            if edits[key].get(LEAVE_OUT):
                reading.skipped += 1
            else:
                _insert(rows, _changed(LedgerRow((problem.line,), dt.date.min, Kind.DEPOSIT), edits[key]))
    reading.rows = rows
    return reading


def _changed(row: LedgerRow, edit: Edit) -> LedgerRow:
    values: dict[str, Any] = {"kind": Kind(edit["kind"]), "needs": Need.NOTHING}
    for name in _TEXTS:
        values[name] = edit.get(name, "")
    for name in _DATES:
        values[name] = dt.date.fromisoformat(edit[name]) if name in edit else None
    for name in NUMBERS:
        values[name] = Decimal(edit[name]) if name in edit else (ZERO if name in CHARGES else None)
    return replace(row, **values)


def _insert(rows: list[LedgerRow], row: LedgerRow) -> None:
    """Put a row after the last one of its day or before: rows of one day keep their order in the ledger."""
    place = next((place + 1 for place in range(len(rows) - 1, -1, -1) if rows[place].date <= row.date), 0)
    rows.insert(place, row)
