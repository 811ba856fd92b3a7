"""The state of the books: lots with both costs, cash, and the lists of what happened.
Knows how lots enter, leave and move; nothing of row types, days or returns."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)


@dataclass
class Lot:
    """Units bought together, as they stand in one account."""

    date: date  # of purchase; kept when moved
    sequence: int  # entry order among lots of one date
    units: Decimal  # bonds: face
    cost: Decimal  # first-in-first-out cost, reporting currency, charges included, bonds clean
    accrued_paid: Decimal  # accrued interest paid and not yet netted, instrument's currency
    price: Decimal  # per unit (bonds: per face, dirty) at the last mark: day before, or own price since
    rate: Decimal  # instrument's to reporting currency at the last mark


@dataclass
class Movement:
    """Units that came or went, for the measures between two dates."""

    date: date
    symbol: str
    kind: str  # "in", "out", "split", "cost moved away"
    units: Decimal  # split: the ratio
    price: Decimal  # per unit, clean, instrument's currency
    rate: Decimal  # instrument's to reporting currency
    amount: Decimal  # gross in reporting currency


@dataclass
class Realised:
    """One sale's result in reporting currency; proceeds and costs after charges, bonds clean."""

    date: date
    symbol: str
    quantity: Decimal
    proceeds: Decimal
    cost_average: Decimal
    cost_fifo: Decimal


@dataclass
class IncomeEntry:
    """One booking that section 7 counts, in reporting currency at its own day's rate; all numbers positive."""

    date: date
    kind: str
    line: str  # symbol, or the type in lower case
    gross: Decimal
    tax: Decimal  # negative for a refund
    fees: Decimal  # negative for a refund
    netted: Decimal  # accrued interest paid at purchase that this payment gives back


class Books:
    """Everything that rows change. Keys: (account, symbol) for lots, (account, currency) for cash."""

    def __init__(self):
        self.lots = defaultdict(list)
        self.average_cost = defaultdict(Decimal)  # of the whole position, reporting currency
        self.cash = defaultdict(Decimal)
        self.trade_prices = defaultdict(list)  # symbol: (date, clean price per unit) of every trade row
        self.splits = defaultdict(dict)  # symbol: {date: ratio}
        self.movements = []
        self.realised = []
        self.income = []
        self.warnings = []  # (code, symbol, date, message)
        self.sequence = 0

    def units(self, *, account, symbol):
        """Return the units of a position."""
        return sum((lot.units for lot in self.lots[account, symbol]), ZERO)

    def holders(self, *, symbol, account=""):
        """Return the accounts that hold the symbol: the named one, else all of them."""
        accounts = [key[0] for key, lots in self.lots.items() if key[1] == symbol and lots]
        return [name for name in accounts if account in ("", name)]

    def add(self, *, account, symbol, lot):
        """Put a lot in its place by purchase date and add its cost to the average."""
        self.average_cost[account, symbol] += lot.cost
        self.place(account=account, symbol=symbol, lot=lot)

    def place(self, *, account, symbol, lot):
        """Put a lot in its place by purchase date; the average cost is the caller's business."""
        lots = self.lots[account, symbol]
        lots.append(lot)
        lots.sort(key=lambda each: (each.date, each.sequence))

    def new_lot(self, *, day, units, cost, price, rate, accrued_paid=ZERO):
        """Return a lot that comes after every earlier one of its date."""
        self.sequence += 1
        return Lot(day, self.sequence, units, cost, accrued_paid, price, rate)

    def take(self, *, account, symbol, units):
        """Remove units, the oldest first, and return (pieces, their average cost); no more than is held."""
        held = self.units(account=account, symbol=symbol)
        pieces, left = [], min(units, held)
        if held:
            average = self.average_cost[account, symbol] * left / held
            self.average_cost[account, symbol] -= average
        else:
            average = ZERO
        lots = self.lots[account, symbol]
        while left > 0:
            lot = lots[0]
            part = min(lot.units, left)
            share = part / lot.units
            piece = replace(lot, units=part, cost=lot.cost * share, accrued_paid=lot.accrued_paid * share)
            pieces.append(piece)
            left -= part
            if part == lot.units:
                lots.pop(0)
            else:
                lot.units -= piece.units
                lot.cost -= piece.cost
                lot.accrued_paid -= piece.accrued_paid
        if not lots:
            self.average_cost[account, symbol] = ZERO
        return pieces, average

    def split(self, *, account, symbol, ratio):
        """Multiply units and divide their marks; costs stay."""
        for lot in self.lots[account, symbol]:
            lot.units *= ratio
            lot.price /= ratio

    def lower_cost(self, *, account, symbol, amount):
        """Take a return of capital off the costs and return what they could bear: (average, first-in-first-out)."""
        average = min(amount, self.average_cost[account, symbol])
        self.average_cost[account, symbol] -= average
        left = amount
        while left > 0:
            lots = [lot for lot in self.lots[account, symbol] if lot.cost > 0]
            if not lots:
                break
            # per unit alike; what a lot's cost cannot bear spills to the lots that still have one
            per_unit = left / sum(lot.units for lot in lots)
            least = min(lot.cost / lot.units for lot in lots)
            step = min(per_unit, least)
            for lot in lots:
                taken = lot.cost if step == least and lot.cost / lot.units == least else step * lot.units
                lot.cost -= taken
                left -= taken
            if step == per_unit:
                left = ZERO
        return average, amount - left

    def warn(self, *, code, symbol, day, message):
        """Remember something a reader should know."""
        self.warnings.append((code, symbol, day, message))
