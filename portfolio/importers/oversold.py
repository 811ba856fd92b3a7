"""Which rows of a file take more units than there are on their day, stored rows and splits counted. Writes nothing."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from portfolio.engine.exact_units import UNIT_KINDS, UnitRow, walk
from portfolio.engine.kinds import DISPOSALS, Kind
from portfolio.engine.row_rules import spin_off_symbol
from portfolio.importers.once_only import Update
from portfolio.importers.rows import LedgerRow, Problem
from portfolio.models import Transaction
from portfolio.written_values import plain

# rows of the file come after every stored one of their day
_AFTER_STORED = 2**62
_TAKES = DISPOSALS | {Kind.TRANSFER}


def oversold(*, new: list[LedgerRow], updates: list[Update]) -> list[Problem]:
    """Return a warning for each row that takes more than its account holds; `updates` replace their stored rows."""
    rows = [*new, *(update.row for update in updates)]
    symbols = _concerned(rows)
    if not symbols:
        return []
    numbers = _Numbers()
    replaced = {update.stored.key for update in updates}
    walking = [row for row in _stored(symbols, numbers) if row.key not in replaced]
    mine = {_AFTER_STORED + place: row for place, row in enumerate(new)} | {each.stored.key: each.row for each in updates}
    walking.extend(_unit_row(key, row, numbers) for key, row in mine.items() if _moves_units(row))
    missing = walk(walking).missing
    return [_problem(row, missing[key]) for key, row in sorted(mine.items(), key=lambda each: each[1].line) if key in missing]


def held_before(*, row: LedgerRow, rows: list[LedgerRow]) -> Decimal:
    """Return the units of a row's instrument in its account before its day: what is stored and these rows, together."""
    numbers = _Numbers()
    walking = _stored({row.symbol}, numbers, before=row.date)
    concerned = (each for each in rows if _moves_units(each) and row.symbol in {each.symbol, spin_off_symbol(note=each.note)})
    walking.extend(_unit_row(_AFTER_STORED + place, each, numbers) for place, each in enumerate(concerned))
    return walk(walking).held(instrument=numbers.of(row.symbol), account=numbers.of(f"account {row.account}"))


def _problem(row: LedgerRow, missing: Any) -> Problem:
    if row.kind == Kind.SPIN_OFF:
        return Problem(row.line, "quantity", f"oversold: no {row.symbol} is held that could be spun off from", "oversold")
    assert row.quantity is not None  # noqa: S101  only such rows move units
    held = row.quantity - missing
    words = f"oversold: {plain(row.quantity)} {row.symbol} leave {row.account} on {row.date}, {plain(held)} are there"
    return Problem(row.line, "quantity", words, "oversold")


def _moves_units(row: LedgerRow) -> bool:
    return row.kind in UNIT_KINDS and bool(row.symbol) and row.quantity is not None


def _concerned(rows: Iterable[LedgerRow]) -> set[str]:
    """Return the symbols of which something is taken; nothing else can be short."""
    return {row.symbol for row in rows if _moves_units(row) and (row.kind in _TAKES or row.kind == Kind.SPIN_OFF)}


class _Numbers:
    """Whole numbers for names, since units are counted by key."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def of(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers))


def _unit_row(key: int, row: LedgerRow, numbers: _Numbers) -> UnitRow:
    assert row.quantity is not None  # noqa: S101  asked before
    child = spin_off_symbol(note=row.note) if row.kind == Kind.SPIN_OFF else ""
    return UnitRow(
        key=key,
        date=row.date,
        time=row.time,
        kind=row.kind,
        account=numbers.of(f"account {row.account}") if row.account else None,
        instrument=numbers.of(row.symbol),
        quantity=row.quantity,
        to_account=numbers.of(f"account {row.to_account}") if row.to_account else None,
        spin_off=numbers.of(child) if child else None,
    )


def _stored(symbols: set[str], numbers: _Numbers, *, before: dt.date = dt.date.max) -> list[UnitRow]:
    """Read what moves units of these instruments; a spin-off of any other may bring them in, so its units count too."""
    spin_offs = Transaction.objects.filter(kind=Kind.SPIN_OFF).values_list("instrument__symbol", "note")
    parents = {parent for parent, note in spin_offs if spin_off_symbol(note=note) in symbols}
    columns = ("pk", "date", "time", "kind", "account__name", "instrument__symbol", "quantity", "to_account__name", "note")
    found = Transaction.objects.filter(
        instrument__symbol__in=symbols | parents, kind__in=UNIT_KINDS, quantity__isnull=False, date__lt=before
    ).values_list(*columns)
    rows = []
    for key, date, time, kind, account, symbol, quantity, to_account, note in found:
        row = LedgerRow(
            lines=(0,),
            date=date,
            time=time,
            kind=Kind(kind),
            account=account or "",
            symbol=symbol,
            quantity=quantity,
            to_account=to_account or "",
            note=note,
        )
        rows.append(_unit_row(key, row, numbers))
    return rows
