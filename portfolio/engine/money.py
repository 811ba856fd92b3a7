"""Every ledger row in the reporting currency: what it was worth, at which price and rate. Knows rows and rates only."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from portfolio.engine.kinds import CASH_IN, CASH_OUT, CASH_TRADES, CODE, KINDS, TRADES, Kind, cash_currency
from portfolio.engine.ledger import Floats, Ints, Ledger, Rows
from portfolio.engine.prices import Grid, Rates

Columns = TypeVar("Columns", "Rows", "RowMoney")

_IS_TRADE = np.array([kind in TRADES for kind in KINDS])
_IS_CASH_TRADE = np.array([kind in CASH_TRADES for kind in KINDS])
_CASH_SIGN = np.array([(kind in CASH_IN) * 1.0 - (kind in CASH_OUT) * 1.0 for kind in KINDS])
_HAS_GROSS = _IS_TRADE | np.array([kind == Kind.SPIN_OFF for kind in KINDS])


@dataclass(frozen=True, slots=True)
class RowMoney:
    """Columns beside the rows. `own` is the row's own price and rate; NaN where a needed rate or price is missing."""

    gross: Floats  # before charges, cash currency, >= 0; quantity x price where no amount was written
    cash_rate: Floats  # reporting currency per unit of the cash moved, on the row's day
    own_price: Floats  # clean value of one unit, instrument's currency
    own_accrued: Floats  # accrued interest in the trade per unit, instrument's currency
    own_rate: Floats  # reporting currency per unit of the instrument's currency, by the recorded rate where there is one
    value: Floats  # gross in the reporting currency
    charges: Floats  # fee + tax, reporting currency
    # for costs and proceeds a recorded rate also rules where the reports are in the instrument's own currency
    cost_value: Floats
    cost_charges: Floats


@dataclass(frozen=True, slots=True)
class CashMoves:
    """Money that arrived (+) or left (-), one entry a movement; an exchange has two."""

    day: Ints
    account: Ints
    currency: Ints  # index into `currencies`
    amount: Floats
    currencies: tuple[str, ...]  # those that really move: no minor units


def rows_until(*, rows: Rows, day: int) -> Rows:
    """Return the rows dated on or before a day, which are the only ones a report of that day may know."""
    count = int(np.searchsorted(rows.day, day, side="right"))
    return rows if count == len(rows) else first_of(columns=rows, count=count)


def first_of(*, columns: Columns, count: int) -> Columns:
    """Return the first rows of columns that stand beside each other."""
    kind = type(columns)
    return kind(*(getattr(columns, name)[:count] for name in kind.__slots__))


def daily_rates(*, ledger: Ledger, rates: Rates) -> Floats:
    """Return the rate of every currency of the ledger on every day, shape (currencies, days)."""
    if not ledger.currencies:
        return np.empty((0, len(rates.grid)))
    return np.array([rates.of(currency) for currency in ledger.currencies])


def money_of_rows(*, ledger: Ledger, rows: Rows, currency_rates: Floats, base: str, grid: Grid) -> RowMoney:
    """Return what each row was worth in the reporting currency.

    `amount` rules where it is written, else quantity x price x price unit, turned into the cash currency by the recorded
    `fx_rate` or, where that is blank, by the day's stored rate.
    currency_rates: shape (currencies, days), reporting currency per unit.
    """
    index = {currency: number for number, currency in enumerate(ledger.currencies)}
    own_currency = np.array([index[instrument.currency] for instrument in ledger.instruments] or [0], np.int64)
    unit = np.array([instrument.price_unit for instrument in ledger.instruments] or [1.0])
    at = rows.day - grid.first
    held = rows.instrument >= 0
    instrument = np.where(held, rows.instrument, 0)
    cash_currency_index = np.where(rows.currency >= 0, rows.currency, own_currency[instrument])
    cash_rate = currency_rates[cash_currency_index, at]
    day_rate = currency_rates[own_currency[instrument], at]
    same = cash_currency_index == own_currency[instrument]
    # cash currency per unit of the instrument's
    stored = np.divide(day_rate, cash_rate, out=np.full(len(rows), np.nan), where=cash_rate > 0)
    exchange = np.where(same, 1.0, np.where(np.isnan(rows.fx_rate), stored, rows.fx_rate))
    price = np.where(np.isnan(rows.price) & (rows.kind == CODE[Kind.MATURITY]), 1.0 / unit[instrument], rows.price)
    computed = rows.quantity * price * unit[instrument] * exchange
    gross = np.where(np.isnan(rows.amount), np.where(_HAS_GROSS[rows.kind], computed, 0.0), rows.amount)
    # a spin-off without an amount moves no cost
    gross = np.where(np.isnan(gross) & (rows.kind == CODE[Kind.SPIN_OFF]), 0.0, gross)
    quantity = np.where(rows.quantity > 0, rows.quantity, np.nan)
    recorded = ~same & ~np.isnan(rows.fx_rate)
    own_rate = np.where(recorded, rows.fx_rate * cash_rate, day_rate)
    is_base = np.array([instrument.currency == base for instrument in ledger.instruments] or [False])
    cost_rate = np.where(recorded & is_base[instrument], 1.0 / exchange, cash_rate)
    return RowMoney(
        gross=gross,
        cash_rate=cash_rate,
        own_price=gross / quantity / exchange,
        own_accrued=rows.accrued_interest / quantity / exchange,
        own_rate=own_rate,
        value=times(gross, cash_rate),
        charges=times(rows.fee + rows.tax, cash_rate),
        cost_value=times(gross, cost_rate),
        cost_charges=times(rows.fee + rows.tax, cost_rate),
    )


def times(amount: Floats, rate: Floats) -> Floats:
    """Return amount x rate where nothing times an unknown rate is nothing."""
    return np.where(amount == 0, 0.0, amount * rate)


def by_day(at: Ints, amount: Floats, days: int) -> Floats:
    """Return the sum of amounts for each of `days` days. at: day of each amount, counted from 0."""
    return np.bincount(at, weights=amount, minlength=days).astype(np.float64, copy=False)


def cash_moves(*, ledger: Ledger, rows: Rows, money: RowMoney) -> CashMoves:
    """Return every movement of cash, in the currency that really moves (pence are booked in pounds)."""
    majors: dict[str, int] = {}
    major = np.zeros(max(len(ledger.currencies), 1), np.int64)
    scale = np.ones(max(len(ledger.currencies), 1))
    for number, code in enumerate(ledger.currencies):
        name, scale[number] = cash_currency(code)
        major[number] = majors.setdefault(name, len(majors))
    own = np.array([ledger.currencies.index(instrument.currency) for instrument in ledger.instruments] or [0], np.int64)
    currency = np.where(rows.currency >= 0, rows.currency, own[np.maximum(rows.instrument, 0)])
    sign = _CASH_SIGN[rows.kind]
    is_cash_transfer = (rows.kind == CODE[Kind.TRANSFER]) & (rows.instrument < 0)
    trade = _IS_CASH_TRADE[rows.kind]
    first = sign * (money.gross + np.where(trade, rows.accrued_interest, 0.0)) - rows.fee - rows.tax
    first = np.where(is_cash_transfer, first - rows.amount, first)
    first = np.where(rows.kind == CODE[Kind.BALANCE], 0.0, first)
    lands = is_cash_transfer | (rows.kind == CODE[Kind.FX])
    second_currency = np.where(rows.to_currency >= 0, rows.to_currency, currency)
    second = np.where(np.isnan(rows.to_amount), rows.amount, rows.to_amount)
    second_account = np.where(rows.to_account >= 0, rows.to_account, rows.account)
    moved = (first != 0) | (sign != 0) | is_cash_transfer
    return CashMoves(
        day=np.concatenate([rows.day[moved], rows.day[lands]]),
        account=np.concatenate([rows.account[moved], second_account[lands]]),
        currency=np.concatenate([major[currency[moved]], major[second_currency[lands]]]),
        amount=np.concatenate([first[moved] * scale[currency[moved]], second[lands] * scale[second_currency[lands]]]),
        currencies=tuple(majors),
    )


def is_kind(rows: Rows, *kinds: Kind) -> NDArray[np.bool_]:
    """Return which rows are of one of the kinds."""
    return np.isin(rows.kind, [CODE[kind] for kind in kinds])
