"""Income as booked: gross, tax, charges and net, by kind and by payer. Return of capital is never income.

Net is lowered by accrued interest that was paid at a bond's purchase, at its next coupon (docs/methods.md 7). Knows rows
and their money; forecasts nothing.
"""

from collections import defaultdict, deque
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from portfolio.engine.kinds import CASH_TRADES, CODE, DISPOSALS, INCOME, KINDS, Kind
from portfolio.engine.money import is_kind
from portfolio.engine.payers import Payer
from portfolio.engine.valuation import Valuation

_COUPON, _TAX, _FEE = CODE[Kind.COUPON], CODE[Kind.TAX], CODE[Kind.FEE]


class IncomeEntry(NamedTuple):
    """One booking, reporting currency at its day's rate; tax and charges as sizes."""

    day: int
    kind: str  # a Kind; TAX and FEE for rows that only lower a payer's net
    payer: str  # symbol, or the kind in lower case
    gross: float
    tax: float
    fees: float
    net: float
    is_special: bool = False  # out of the payer's ordinary: actual income, but no part of the run-rate
    row: int = -1  # of the valuation's rows that it comes from


def income_entries(*, valuation: Valuation, payers: Mapping[int, Payer], first_day: int | None = None) -> list[IncomeEntry]:
    """Return every booking of income from a day (or the first) up to the end of the valuation, by day.

    TAX and FEE rows with a symbol lower that symbol's net under their own kind; interest charges and tax refunds are
    not in it. Accrued interest received on a sale is coupon income of that day, less the part of the interest paid at
    purchase that leaves with the face sold; gross stays as booked.
    """
    rows, money = valuation.rows, valuation.money
    accruals = _Accruals()
    wanted = is_kind(rows, *INCOME, Kind.TAX, Kind.FEE)
    if first_day is not None:
        wanted &= rows.day >= first_day
    # what a bond's purchase paid must be known, however long ago
    wanted |= _trades_bonds(valuation) | is_kind(rows, Kind.COUPON)
    entries = []
    for row in np.flatnonzero(wanted).tolist():
        kind, instrument = int(rows.kind[row]), int(rows.instrument[row])
        payer = valuation.ledger.instruments[instrument].symbol if instrument >= 0 else str(KINDS[kind]).lower()
        day, value, rate = int(rows.day[row]), float(money.value[row]), float(money.cash_rate[row])
        tax, fees = _sized(rows.tax[row], rate), _sized(rows.fee[row], rate)
        if KINDS[kind] in CASH_TRADES:
            netted = accruals.trade(
                instrument,
                buys=KINDS[kind] not in DISPOSALS,
                face=float(rows.quantity[row]),
                accrued=float(rows.accrued_interest[row]),
            )
            if netted:
                entries.append(IncomeEntry(day, str(Kind.COUPON), payer, 0.0, 0.0, 0.0, _sized(netted, rate), row=row))
        elif kind in {_TAX, _FEE}:
            if instrument >= 0:
                tax, fees = tax + value * (kind == _TAX), fees + value * (kind == _FEE)
                entries.append(IncomeEntry(day, str(KINDS[kind]), payer, 0.0, tax, fees, -tax - fees, row=row))
        elif KINDS[kind] in INCOME:
            paid = accruals.coupon(instrument) if kind == _COUPON else 0.0
            net = value - tax - fees - _sized(paid, rate)
            special = _is_special(valuation, row, payers)
            entries.append(IncomeEntry(day, str(KINDS[kind]), payer, value, tax, fees, net, special, row))
    return entries if first_day is None else [entry for entry in entries if entry.day >= first_day]


def _is_special(valuation: Valuation, row: int, payers: Mapping[int, Payer]) -> bool:
    rows = valuation.rows
    if rows.special[row] or rows.kind[row] not in {CODE[Kind.DIVIDEND], CODE[Kind.PAYMENT_IN_LIEU]}:
        return bool(rows.special[row])
    payer = payers.get(int(rows.instrument[row]))
    ex = int(rows.ex_day[row]) if rows.ex_day[row] >= 0 else int(rows.day[row])
    return payer is not None and payer.was_special(ex)


def open_accruals(*, valuation: Valuation) -> dict[int, float]:
    """Return the interest paid at purchase that no coupon has made good yet, by instrument, cash currency of the trades."""
    rows, accruals = valuation.rows, _Accruals()
    for row in np.flatnonzero(_trades_bonds(valuation) | is_kind(rows, Kind.COUPON)).tolist():
        kind, instrument = KINDS[int(rows.kind[row])], int(rows.instrument[row])
        if kind == Kind.COUPON:
            accruals.coupon(instrument)
        else:
            accrued, face = float(rows.accrued_interest[row]), float(rows.quantity[row])
            accruals.trade(instrument, buys=kind not in DISPOSALS, face=face, accrued=accrued)
    return {instrument: sum(each[1] for each in purchases) for instrument, purchases in accruals.open.items()}


def _sized(amount: float, rate: float) -> float:
    return float(amount) * rate if amount else 0.0


def _trades_bonds(valuation: Valuation) -> NDArray[np.bool_]:
    bonds = [number for number, instrument in enumerate(valuation.ledger.instruments) if instrument.is_bond]
    rows = valuation.rows
    return is_kind(rows, *CASH_TRADES) & (np.isin(rows.instrument, bonds) | (rows.accrued_interest > 0))


class _Accruals:
    """Interest paid at purchase and not yet netted, per instrument: face and amount of each purchase, the oldest first."""

    def __init__(self) -> None:
        self.open: dict[int, deque[list[float]]] = defaultdict(deque)

    def trade(self, instrument: int, *, buys: bool, face: float, accrued: float) -> float:
        """Book a trade; return the coupon income in it: interest received less the paid interest of the face sold."""
        if buys:
            self.open[instrument].append([face, accrued])
            return 0.0
        paid, purchases = 0.0, self.open[instrument]
        while face > 0 and purchases:
            gone = min(face, purchases[0][0])
            part = purchases[0][1] * gone / purchases[0][0]
            paid += part
            purchases[0][0] -= gone
            purchases[0][1] -= part
            face -= gone
            if purchases[0][0] <= 0:
                purchases.popleft()
        return accrued - paid

    def coupon(self, instrument: int) -> float:
        """Return what the coupon has to make good, once."""
        paid = 0.0
        for purchase in self.open[instrument]:
            paid += purchase[1]
            purchase[1] = 0.0
        return paid
