"""Units per account, row by row, in exact decimals: what is held, and which row takes more than there is.

The check at the door, for a handful of instruments at a time; reports count units with `lots`, and a test holds the two
together. Knows no prices, no costs and no tables.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from portfolio.engine.kinds import Kind

UNIT_KINDS = (
    Kind.BUY,
    Kind.SELL,
    Kind.MATURITY,
    Kind.DELIVERY_IN,
    Kind.DELIVERY_OUT,
    Kind.STOCK_DIVIDEND,
    Kind.SPLIT,
    Kind.SPIN_OFF,
    Kind.TRANSFER,
)
_ARRIVES = frozenset({Kind.BUY, Kind.DELIVERY_IN, Kind.STOCK_DIVIDEND})
_LEAVES = frozenset({Kind.SELL, Kind.MATURITY, Kind.DELIVERY_OUT})
# as in lots: what is left after a sale of everything where a split's ratio had no end
DUST = Decimal("1e-9")

Key = tuple[int, int]  # account, instrument


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One row that moves units. `key` is its place in the order of entry and names it."""

    key: int
    date: dt.date
    time: dt.time | None
    kind: str
    account: int | None  # None acts on every account (splits and spin-offs)
    instrument: int
    quantity: Decimal  # a size; new units per old unit of a split
    to_account: int | None = None
    spin_off: int | None = None  # the instrument that a spin-off creates


@dataclass(slots=True)
class Walked:
    """Where the rows lead: units at the end, and what rows tried to take beyond what was there."""

    units: dict[Key, Decimal] = field(default_factory=dict)
    missing: dict[int, Decimal] = field(default_factory=dict)  # by row key; sizes

    def held(self, *, instrument: int, account: int | None = None) -> Decimal:
        """Return the units in one account, or over all accounts where none is named."""
        return sum(
            (units for (where, what), units in self.units.items() if what == instrument and account in {None, where}),
            Decimal(0),
        )


def in_order(rows: Iterable[UnitRow]) -> list[UnitRow]:
    """Return rows by day, a day's splits first, then as entered; timed rows of a day change places among themselves only."""
    ordered = sorted(rows, key=lambda row: (row.date, row.key))
    places = [place for place, row in enumerate(ordered) if row.time is not None]
    by_time = sorted((ordered[place] for place in places), key=lambda row: (row.date, row.time))
    for place, row in zip(places, by_time, strict=True):
        ordered[place] = row
    return sorted(ordered, key=lambda row: (row.date, row.kind != Kind.SPLIT))


def walk(rows: Iterable[UnitRow]) -> Walked:
    """Follow the rows in order. More than is held never makes a negative position: the excess is noted as missing.

    As in lots, what a day sells before it buys waits for the day's purchases.
    """
    walked = Walked()
    for _date, today in groupby(in_order(rows), key=lambda row: row.date):
        waiting = []
        for row in today:
            if _is_short(row, walked):
                waiting.append(row)
            else:
                _follow(row, walked)
        for row in waiting:
            _follow(row, walked)
    return walked


def _is_short(row: UnitRow, walked: Walked) -> bool:
    if row.account is None or (row.kind not in _LEAVES and row.kind != Kind.TRANSFER):
        return False
    held = walked.units.get((row.account, row.instrument), Decimal(0))
    return row.quantity > held + DUST * max(held, Decimal(1))


def _follow(row: UnitRow, walked: Walked) -> None:
    if row.kind == Kind.SPLIT:
        for key in _holders(row, walked):
            walked.units[key] *= row.quantity
    elif row.kind == Kind.SPIN_OFF:
        _spin_off(row, walked)
    elif row.account is None:
        return
    elif row.kind in _ARRIVES:
        _add(walked, (row.account, row.instrument), row.quantity)
    elif row.kind in _LEAVES:
        _take(row, walked, row.account)
    elif row.kind == Kind.TRANSFER and row.to_account is not None:
        _add(walked, (row.to_account, row.instrument), _take(row, walked, row.account))


def _add(walked: Walked, key: Key, quantity: Decimal) -> None:
    walked.units[key] = walked.units.get(key, Decimal(0)) + quantity


def _take(row: UnitRow, walked: Walked, account: int) -> Decimal:
    """Return the units that really left."""
    key = (account, row.instrument)
    held = walked.units.get(key, Decimal(0))
    dust = DUST * max(held, Decimal(1))
    if row.quantity > held + dust:
        walked.missing[row.key] = row.quantity - held
    gone = held if row.quantity >= held - dust else row.quantity
    walked.units[key] = held - gone
    return gone


def _holders(row: UnitRow, walked: Walked) -> list[Key]:
    return [
        key for key, units in walked.units.items() if key[1] == row.instrument and units > 0 and row.account in {None, key[0]}
    ]


def _spin_off(row: UnitRow, walked: Walked) -> None:
    """Share the new units out by the parent's units, account by account."""
    parents = _holders(row, walked)
    total = sum((walked.units[key] for key in parents), Decimal(0))
    if row.spin_off is None or not total:
        walked.missing[row.key] = row.quantity
        return
    for key in parents:
        _add(walked, (key[0], row.spin_off), row.quantity * walked.units[key] / total)
