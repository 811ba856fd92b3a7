"""What one row does to cash, in exact decimals: the rule behind "after this". Knows no tables and no rates.

The same rule as `money.cash_moves`, which works on arrays of floats; a test holds the two together.
"""

from dataclasses import dataclass
from decimal import Decimal

from portfolio.engine.kinds import CASH_IN, CASH_OUT, CASH_TRADES, MINOR_UNITS, Kind

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class CashRow:
    """One row, or the sum of rows that agree in everything but the figures. All figures are sizes."""

    kind: str
    account: int | None
    currency: str  # of the cash; of the instrument where the row names none
    gross: Decimal  # the amount, or quantity x price in the cash's currency
    fee: Decimal = NOTHING
    tax: Decimal = NOTHING
    accrued_interest: Decimal = NOTHING
    moves_units: bool = False  # names an instrument, which makes a transfer one of units
    to_account: int | None = None
    to_currency: str = ""
    to_amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CashMove:
    """Money that arrives (+) or leaves (-), in a currency that really moves: pence are booked in pounds."""

    account: int | None
    currency: str
    amount: Decimal


def cash_moves(row: CashRow) -> list[CashMove]:
    """Return what moves; an exchange and a transfer have two sides."""
    if row.kind == Kind.BALANCE:
        return []
    cash_transfer = row.kind == Kind.TRANSFER and not row.moves_units
    sign = (row.kind in CASH_IN) - (row.kind in CASH_OUT) - cash_transfer
    accrued = row.accrued_interest if row.kind in CASH_TRADES else NOTHING
    moves = [_move(row.account, row.currency, sign * (row.gross + accrued) - row.fee - row.tax)]
    if cash_transfer or row.kind == Kind.FX:
        arrives = row.gross if row.to_amount is None else row.to_amount
        where = row.account if row.to_account is None else row.to_account
        moves.append(_move(where, row.to_currency or row.currency, arrives))
    return [move for move in moves if move.amount]


def _move(account: int | None, currency: str, amount: Decimal) -> CashMove:
    if currency in MINOR_UNITS:
        return CashMove(account, MINOR_UNITS[currency], amount / 100)
    return CashMove(account, currency, amount)
