"""The words a ledger row, an instrument and a currency can use, and what each kind of row does. Nothing else."""

from enum import StrEnum


class Kind(StrEnum):
    """What a ledger row says; the kind carries every sign, so numbers in rows are positive."""

    BUY = "BUY"
    SELL = "SELL"
    MATURITY = "MATURITY"
    DIVIDEND = "DIVIDEND"
    COUPON = "COUPON"
    INTEREST = "INTEREST"
    LENDING_REBATE = "LENDING_REBATE"
    PAYMENT_IN_LIEU = "PAYMENT_IN_LIEU"
    RETURN_OF_CAPITAL = "RETURN_OF_CAPITAL"
    STOCK_DIVIDEND = "STOCK_DIVIDEND"
    SPLIT = "SPLIT"
    SPIN_OFF = "SPIN_OFF"
    DEPOSIT = "DEPOSIT"
    WITHDRAWAL = "WITHDRAWAL"
    SALARY = "SALARY"
    DELIVERY_IN = "DELIVERY_IN"
    DELIVERY_OUT = "DELIVERY_OUT"
    TRANSFER = "TRANSFER"
    FX = "FX"
    FEE = "FEE"
    TAX = "TAX"
    INTEREST_CHARGE = "INTEREST_CHARGE"
    FEE_REFUND = "FEE_REFUND"
    TAX_REFUND = "TAX_REFUND"
    BALANCE = "BALANCE"


# units arrive or leave at a price of the row's own
TRADES = frozenset({Kind.BUY, Kind.SELL, Kind.MATURITY, Kind.DELIVERY_IN, Kind.DELIVERY_OUT})
# of those, the ones whose gross value moves cash
CASH_TRADES = frozenset({Kind.BUY, Kind.SELL, Kind.MATURITY})
DISPOSALS = frozenset({Kind.SELL, Kind.MATURITY, Kind.DELIVERY_OUT})
INCOME = frozenset({Kind.DIVIDEND, Kind.COUPON, Kind.INTEREST, Kind.LENDING_REBATE, Kind.PAYMENT_IN_LIEU})
CASH_IN = INCOME | {Kind.RETURN_OF_CAPITAL, Kind.DEPOSIT, Kind.FEE_REFUND, Kind.TAX_REFUND, Kind.SELL, Kind.MATURITY}
CASH_OUT = frozenset({Kind.BUY, Kind.WITHDRAWAL, Kind.SALARY, Kind.FEE, Kind.TAX, Kind.INTEREST_CHARGE, Kind.FX})
# these may leave the account blank, and then act on every account
EVERY_ACCOUNT = frozenset({Kind.SPLIT, Kind.SPIN_OFF})


class InstrumentType(StrEnum):
    """What can be held."""

    STOCK = "STOCK"
    ETF = "ETF"
    FUND = "FUND"
    PREFERRED = "PREFERRED"
    BOND = "BOND"
    OTHER = "OTHER"


class Track(StrEnum):
    """Which of the two tracks a holding runs on; cash is a track of its own in reports."""

    MARKET = "MARKET"
    FIXED_INCOME = "FIXED_INCOME"
    NEUTRAL = "NEUTRAL"


class DayCount(StrEnum):
    """How a bond counts the days of its accrued interest."""

    ACT_ACT_ICMA = "ACT/ACT ICMA"
    THIRTY_360 = "30/360"
    ACT_365 = "ACT/365"
    ACT_360 = "ACT/360"


class DividendRule(StrEnum):
    """Which dividends the review's own measure counts (docs/methods.md 5)."""

    QUARTER_OF_YEAR = "quarter_of_year"
    WHOLE_YEAR = "whole_year"
    AS_PAID = "as_paid"


# quoted in hundredths of the currency that moves
MINOR_UNITS = {"GBp": "GBP", "GBX": "GBP", "ZAc": "ZAR", "ILA": "ILS"}


def cash_currency(code: str) -> tuple[str, float]:
    """Return the currency that really moves and what one unit of `code` is in it: GBp is 0.01 GBP."""
    if code in MINOR_UNITS:
        return MINOR_UNITS[code], 0.01
    return code, 1.0


# the column `kind` of frozen rows holds an index into this
KINDS = tuple(Kind)
CODE = {kind: index for index, kind in enumerate(KINDS)}
