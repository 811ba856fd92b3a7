"""What a trade usually costs and what a payment usually loses: defaults for the form, every one of them editable."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from portfolio.engine import trading_costs
from portfolio.engine.bonds import accrued_interest
from portfolio.engine.currencies import rounded
from portfolio.engine.kinds import INCOME, Kind
from portfolio.engine.ledger import Instrument as EngineInstrument
from portfolio.engine.periods import to_day
from portfolio.entry.quotes import withholding_rate
from portfolio.models import Instrument, Transaction

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Charges:
    """Defaults of one row, in the currency of its cash; sizes."""

    fee: Decimal = NOTHING
    tax: Decimal = NOTHING
    accrued_interest: Decimal = NOTHING
    withholding: Decimal | None = None  # a suggestion only: a fraction of the amount; None where nothing is withheld


def default_charges(*, row: Transaction, exchange: Decimal | None) -> Charges:
    """Return the usual charges of a row as far as it is known.

    exchange: cash currency per 1 unit of the instrument's, for accrued interest; None when unknown.
    """
    if row.kind in INCOME and row.instrument is not None:
        return Charges(withholding=withholding_rate(instrument=row.instrument, date=row.date) or None)
    if row.kind not in {Kind.BUY, Kind.SELL} or row.instrument is None:
        return Charges()
    gross = row.amount or NOTHING
    return Charges(
        fee=_commission(row, gross),
        tax=_selling_tax(row, gross) if row.kind == Kind.SELL else NOTHING,
        accrued_interest=_accrued(row, exchange),
    )


def _commission(row: Transaction, gross: Decimal) -> Decimal:
    account = row.account
    if account is None:
        return NOTHING
    return trading_costs.commission(
        gross=gross,
        rate=account.commission_rate,
        currency=row.currency,
        discount=account.commission_discount,
        minimum=account.commission_minimum,
    )


def _selling_tax(row: Transaction, gross: Decimal) -> Decimal:
    instrument = row.instrument
    return trading_costs.selling_tax(
        gross=gross,
        issuer_country=instrument.issuer_country,
        instrument_type=instrument.type,
        track=instrument.track,
        currency=row.currency,
    )


def _accrued(row: Transaction, exchange: Decimal | None) -> Decimal:
    """Interest to the row's date, which is the settlement date of a bond."""
    bond = row.instrument
    if bond.coupon_rate is None or bond.maturity_date is None or not row.quantity or not exchange:
        return NOTHING
    days = np.array([to_day(row.date)], np.int64)
    per_face = Decimal(repr(float(accrued_interest(bond=_of_engine(bond), days=days)[0])))
    return rounded(amount=per_face * row.quantity * exchange, currency=row.currency)


def _of_engine(bond: Instrument) -> EngineInstrument:
    return EngineInstrument(
        symbol=bond.symbol,
        name=bond.name,
        type=bond.type,
        currency=bond.currency,
        track=bond.track,
        coupon_rate=float(bond.coupon_rate),
        coupon_frequency=bond.coupon_frequency or 2,
        issue_day=to_day(bond.issue_date) if bond.issue_date else None,
        maturity_day=to_day(bond.maturity_date),
        day_count=bond.day_count or "ACT/ACT ICMA",
    )
