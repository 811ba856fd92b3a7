"""Units and what they cost, row by row: first-in-first-out lots and average cost side by side, per account.

The one place that walks through the rows in order. It yields the change of units of every row, from which daily units
are summed, so that positions and costs can never disagree. Knows no prices of days, no flows and no returns.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from portfolio.engine.kinds import CODE, Kind
from portfolio.engine.ledger import Days, Floats, Ints, Rows
from portfolio.engine.money import RowMoney, is_kind

Lot = list[float]  # units, cost in the reporting currency, day of purchase
Key = tuple[int, int]  # account, instrument
# row, kind, account, instrument, quantity, cost if it arrives, proceeds if it leaves, gross value, day
_Entry = tuple[int, int, int, int, float, float, float, float, int]

# what is left of a position after a sale of "everything" in binary fractions
DUST = 1e-9


class Sale(NamedTuple):
    """A disposal with the cost of what left, reporting currency; proceeds after charges."""

    row: int
    account: int
    instrument: int
    quantity: float
    proceeds: float
    cost_average: float
    cost_fifo: float


@dataclass(frozen=True, slots=True)
class Holding:
    """Units of one instrument in one account with both costs, reporting currency."""

    account: int
    instrument: int
    units: float
    cost_average: float
    cost_fifo: float
    lots: tuple[tuple[float, float, int], ...]  # units, cost, day of purchase; the oldest first


@dataclass(slots=True)
class Books:
    """What the walk through the rows gives."""

    holdings: list[Holding] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)
    oversold: dict[int, float] = field(default_factory=dict)  # by row: units that were not there
    changes: "UnitChanges" = field(default_factory=lambda: UnitChanges.of([]))


@dataclass(frozen=True, slots=True)
class UnitChanges:
    """Changes of units over all accounts, by day, beside each other; a transfer is none."""

    day: Days
    row: Ints
    instrument: Ints
    units: Floats
    split: NDArray[np.bool_]  # units changed without a trade

    @classmethod
    def of(cls, notes: list[tuple[int, int, int, float, bool]]) -> "UnitChanges":
        """Return notes of (day, row, instrument, units, split) as columns."""
        day, row, instrument, units, split = zip(*notes, strict=True) if notes else ((),) * 5
        return cls(
            np.array(day, np.int64),
            np.array(row, np.int64),
            np.array(instrument, np.int64),
            np.array(units, np.float64),
            np.array(split, np.bool_),
        )

    def traded_since(self, day: int) -> dict[int, list[tuple[int, float]]]:
        """Return (row, units) of every change from a day on that is no split, by instrument, in the order of the rows."""
        start = int(np.searchsorted(self.day, day))
        found: dict[int, list[tuple[int, float]]] = defaultdict(list)
        columns = (self.row, self.instrument, self.units, self.split)
        for row, instrument, units, split in zip(*(column[start:].tolist() for column in columns), strict=True):
            if not split:
                found[instrument].append((row, units))
        return found


_UNIT_KINDS = (
    Kind.BUY,
    Kind.SELL,
    Kind.MATURITY,
    Kind.DELIVERY_IN,
    Kind.DELIVERY_OUT,
    Kind.STOCK_DIVIDEND,
    Kind.SPLIT,
    Kind.SPIN_OFF,
    Kind.TRANSFER,
    Kind.RETURN_OF_CAPITAL,
)
_ARRIVES = frozenset({CODE[Kind.BUY], CODE[Kind.DELIVERY_IN]})
_LEAVES = frozenset({CODE[Kind.SELL], CODE[Kind.MATURITY], CODE[Kind.DELIVERY_OUT]})
_SPLIT, _STOCK_DIVIDEND, _SPIN_OFF = CODE[Kind.SPLIT], CODE[Kind.STOCK_DIVIDEND], CODE[Kind.SPIN_OFF]
_TRANSFER = CODE[Kind.TRANSFER]
_TAKES = _LEAVES | {_TRANSFER}


def keep_books(*, rows: Rows, money: RowMoney) -> Books:
    """Walk through the rows and return units, lots, costs and realised gains.

    A split acts at the open of its day, and what one day sells before it buys waits for the day's purchases. Fees and taxes
    of a purchase are in the cost, those of a sale off the proceeds; accrued interest is in neither. Where the reports are
    in the instrument's own currency a recorded rate rules them. More than is held never becomes a negative lot: the excess
    leaves without cost and is named in `oversold`.
    """
    return _Walk(rows, money).books


class _Walk:
    """The walk's state; `_Walk(…).books` is its result."""

    def __init__(self, rows: Rows, money: RowMoney) -> None:
        self.books = Books()
        self.rows = rows
        self.units: dict[Key, float] = {}
        self.average: dict[Key, float] = {}
        self.lots: dict[Key, deque[Lot]] = defaultdict(deque)
        self.accounts: dict[int, set[int]] = defaultdict(set)
        wanted = np.flatnonzero(is_kind(rows, *_UNIT_KINDS) & (rows.instrument >= 0))
        self.notes: list[tuple[int, int, int, float, bool]] = []
        self.day = 0  # of the row that is being booked
        later = rows.kind[wanted] != _SPLIT
        order = wanted[np.lexsort((later, rows.day[wanted]))]
        self._go(order, money)
        self._close()
        self.books.changes = UnitChanges.of(self.notes)

    def _go(self, order: Ints, money: RowMoney) -> None:
        rows = self.rows
        cost: Floats = money.cost_value + money.cost_charges
        proceeds: Floats = money.cost_value - money.cost_charges
        columns = (rows.kind, rows.account, rows.instrument, rows.quantity, cost, proceeds, money.cost_value, rows.day)
        today = -1
        waiting: list[_Entry] = []
        for entry in zip(order.tolist(), *(column[order].tolist() for column in columns), strict=True):
            if entry[-1] != today:
                for late in waiting:
                    self._book(late)
                today, waiting = entry[-1], []
            if entry[1] in _TAKES and self._is_short(*entry[2:5]):
                waiting.append(entry)
            else:
                self._book(entry)
        for late in waiting:
            self._book(late)

    def _is_short(self, account: int, instrument: int, quantity: float) -> bool:
        """Say whether a row takes more than is there yet; the day's later arrivals may still bring it.

        Brokers' files list a day's rows in any order, the latest first among them.
        """
        held = self.units.get((account, instrument), 0.0)
        return quantity > held + DUST * max(held, 1.0)

    def _book(self, entry: _Entry) -> None:
        row, kind, account, instrument, quantity, paid, received, value, day = entry
        self.day, key = day, (account, instrument)
        if kind in _ARRIVES:
            self._add(key, quantity, paid, day)
            self._note(row, instrument, quantity)
        elif kind in _LEAVES:
            gone, average, fifo = self._take(row, key, quantity)
            self._note(row, instrument, -gone)
            cost_fifo = sum(lot[1] for lot in fifo)
            self.books.sales.append(Sale(row, account, instrument, quantity, received, average, cost_fifo))
        elif kind == _STOCK_DIVIDEND:
            self._add(key, quantity, 0.0, day)
            self._note(row, instrument, quantity)
        elif kind == _SPLIT:
            self._split(row, account, instrument, quantity)
        elif kind == _TRANSFER:
            self._transfer(row, key, quantity)
        elif kind == _SPIN_OFF:
            self._spin_off(row, account, instrument, quantity, value)
        else:
            self._return_capital(row, account, instrument, value)

    def _note(self, row: int, instrument: int, units: float, *, split: bool = False) -> None:
        self.notes.append((self.day, row, instrument, units, split))

    def _add(self, key: Key, quantity: float, cost: float, day: float) -> None:
        self.units[key] = self.units.get(key, 0.0) + quantity
        self.average[key] = self.average.get(key, 0.0) + cost
        self.accounts[key[1]].add(key[0])
        self.lots[key].append([quantity, cost, day])

    def _take(self, row: int, key: Key, quantity: float) -> tuple[float, float, list[Lot]]:
        """Return the units that left, their average cost and the lots that went, the oldest first."""
        held = self.units.get(key, 0.0)
        if quantity >= held - DUST * max(held, 1.0):
            if quantity > held + DUST * max(held, 1.0):
                self.books.oversold[row] = quantity - held
            gone, average = list(self.lots[key]), self.average.get(key, 0.0)
            self.lots[key].clear()
            self.units[key] = self.average[key] = 0.0
            return held, average, gone
        average = self.average[key] * (quantity / held)
        self.average[key] -= average
        self.units[key] = held - quantity
        lots, gone, need = self.lots[key], [], quantity
        while need > 0 and lots:
            lot = lots[0]
            if lot[0] <= need:
                gone.append(lots.popleft())
                need -= lot[0]
            else:
                part = lot[1] * (need / lot[0])
                gone.append([need, part, lot[2]])
                lot[0] -= need
                lot[1] -= part
                break
        return quantity, average, gone

    def _held_by(self, account: int, instrument: int) -> list[Key]:
        accounts = [account] if account >= 0 else sorted(self.accounts[instrument])
        return [(each, instrument) for each in accounts if self.units.get((each, instrument), 0.0) > 0]

    def _split(self, row: int, account: int, instrument: int, ratio: float) -> None:
        for key in self._held_by(account, instrument):
            self._note(row, instrument, self.units[key] * (ratio - 1.0), split=True)
            self.units[key] *= ratio
            for lot in self.lots[key]:
                lot[0] *= ratio

    def _transfer(self, row: int, key: Key, quantity: float) -> None:
        """Move lots with their cost and date; they keep their place by date in the other account."""
        gone, average, lots = self._take(row, key, quantity)
        target = (int(self.rows.to_account[row]), key[1])
        self.units[target] = self.units.get(target, 0.0) + gone
        self.average[target] = self.average.get(target, 0.0) + average
        self.accounts[key[1]].add(target[0])
        self.lots[target] = deque(sorted([*self.lots[target], *lots], key=lambda lot: lot[2]))

    def _spin_off(self, row: int, account: int, parent: int, quantity: float, moved: float) -> None:
        """Give the new units the parent's purchase dates and the part of its cost that the row names."""
        child = int(self.rows.spin_off[row])
        parents = self._held_by(account, parent)
        units = sum(self.units[key] for key in parents)
        if child < 0 or units <= 0:
            self.books.oversold[row] = quantity
            return
        for key in parents:
            part = self.units[key] / units
            self._move_cost((key[0], child), key, quantity * part, moved * part)
        self._note(row, child, quantity)

    def _move_cost(self, child: Key, parent: Key, quantity: float, moved: float) -> None:
        held, average = self.units[parent], self.average[parent]
        fifo = sum(lot[1] for lot in self.lots[parent])
        moved_fifo, moved_average = min(moved, fifo), min(moved, average)
        for lot in list(self.lots[parent]):
            cost = moved_fifo * (lot[1] / fifo) if fifo > 0 else 0.0
            self._add(child, quantity * lot[0] / held, cost, lot[2])
            lot[1] -= cost
        # `_add` booked the lots' cost; the average carries its own part
        self.average[child] += moved_average - moved_fifo
        self.average[parent] = average - moved_average
        self.lots[child] = deque(sorted(self.lots[child], key=lambda lot: lot[2]))

    def _return_capital(self, row: int, account: int, instrument: int, value: float) -> None:
        """Lower the cost down to zero; the rest is a realised gain, all of it where nothing is held any more."""
        keys = self._held_by(account, instrument)
        if not keys:
            self.books.sales.append(Sale(row, account, instrument, 0.0, value, 0.0, 0.0))
        for key in keys:
            average = self.average[key]
            fifo = sum(lot[1] for lot in self.lots[key])
            self.average[key] = max(average - value, 0.0)
            lower_cost(self.lots[key], min(value, fifo))
            if value > average or value > fifo:
                self.books.sales.append(Sale(row, account, instrument, 0.0, value, min(value, average), min(value, fifo)))

    def _close(self) -> None:
        for (account, instrument), units in self.units.items():
            if units > 0:
                lots = self.lots[account, instrument]
                self.books.holdings.append(
                    Holding(
                        account,
                        instrument,
                        units,
                        self.average[account, instrument],
                        sum(lot[1] for lot in lots),
                        tuple((lot[0], lot[1], int(lot[2])) for lot in lots),
                    )
                )


def lower_cost(lots: "deque[Lot] | list[Lot]", amount: float) -> None:
    """Take an amount off the cost of lots, the same per unit, spilling what a lot can't bear over to the others."""
    open_lots = [lot for lot in lots if lot[1] > 0]
    while amount > DUST and open_lots:
        per_unit = amount / sum(lot[0] for lot in open_lots)
        for lot in open_lots:
            part = min(lot[1], per_unit * lot[0])
            lot[1] -= part
            amount -= part
        open_lots = [lot for lot in open_lots if lot[1] > DUST]
