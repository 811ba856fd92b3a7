"""The frozen input of every computation: instruments, rows as columns, closes and rates as arrays. Computes nothing.

A day is a whole number, days since 1970-01-01 (`numpy.datetime64(…, "D")` as an integer).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Instrument:
    """What can be held, as far as arithmetic needs it."""

    symbol: str
    name: str
    type: str  # InstrumentType
    currency: str  # of its closes; may be a minor unit such as GBp
    track: str  # Track
    price_unit: float = 1.0  # value of one unit = close x price_unit; 0.01 for bonds
    issuer_country: str = ""
    withholding_rate: float = 0.0  # of its distributions, a fraction
    coupon_rate: float | None = None  # a year, a fraction of face; None when it is no bond
    coupon_frequency: int = 2
    issue_day: int | None = None
    first_coupon_day: int | None = None  # only where the first period is no regular or short one
    maturity_day: int | None = None
    day_count: str = "ACT/ACT ICMA"
    quote_symbol: str = ""
    has_own_rate: bool = True  # the withholding rate is the instrument's own, not its country's

    @property
    def is_bond(self) -> bool:
        """Say whether interest accrues by contract: a rate and a maturity are known."""
        return self.coupon_rate is not None and self.maturity_day is not None


@dataclass(frozen=True, slots=True)
class Series:
    """Closes of an instrument or a currency pair: ascending days without twins, values above zero."""

    days: Days
    values: Floats


@dataclass(frozen=True, slots=True)
class Distributions:
    """Announced distributions of one instrument, by ascending ex-date."""

    ex_days: Days
    amounts: Floats  # per unit as of the ex-date, instrument's currency
    pay_days: Days  # -1 when unknown


@dataclass(frozen=True, slots=True)
class Splits:
    """Splits of one instrument as the market reports them."""

    ex_days: Days
    ratios: Floats  # new units per old unit


@dataclass(frozen=True, slots=True)
class QuarantinedClose:
    """A fetched close that waits for a person's decision and is not used."""

    instrument: int  # index into Ledger.instruments
    day: int
    close: float  # instrument's currency; NaN where the source gave no number
    reason: str


@dataclass(frozen=True, slots=True)
class SalaryStep:
    """The spouse's salary from a day on."""

    valid_from: int
    amount: float  # a month
    currency: str
    planned_raise: float  # a year, a fraction


@dataclass(frozen=True, slots=True)
class WithholdingRule:
    """Tax withheld by an issuer's country for a stretch of time; `type` blank: from every type without its own rule."""

    country: str
    type: str
    rate: float
    first_day: int
    last_day: int | None  # None: still valid


@dataclass(frozen=True, slots=True)
class PremiumRule:
    """A health-insurance premium on single payments of a country's issuers, for a stretch of time."""

    country: str
    currency: str
    rate: float
    threshold: float  # a payment from this size on pays it
    cap: float  # of the base
    par: float  # a stock dividend counts at par
    first_day: int
    last_day: int | None


@dataclass(frozen=True, slots=True)
class Rows:
    """Ledger rows as columns, sorted by day, then in the order of entry. Missing numbers are NaN, missing keys -1."""

    day: Days
    kind: Ints  # index into kinds.KINDS
    account: Ints  # index into Ledger.accounts; -1 acts on every account
    instrument: Ints  # index into Ledger.instruments
    quantity: Floats
    price: Floats  # instrument's currency, as quoted
    amount: Floats  # gross, in `currency`
    currency: Ints  # index into Ledger.currencies: the currency of the cash moved
    fee: Floats
    tax: Floats
    accrued_interest: Floats
    to_account: Ints
    to_currency: Ints
    to_amount: Floats
    fx_rate: Floats  # cash currency per 1 unit of the instrument's currency
    ex_day: Ints  # -1 when unknown
    spin_off: Ints  # instrument that a SPIN_OFF creates; -1 elsewhere
    special: Ints  # 1 where the note calls a payment special

    def __len__(self) -> int:
        return len(self.day)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything a report may know. Equal ledgers give equal reports."""

    accounts: tuple[str, ...]
    instruments: tuple[Instrument, ...]
    currencies: tuple[str, ...]
    rows: Rows
    closes: Mapping[int, Series]  # by index into instruments
    rates: Mapping[tuple[str, str], Series]  # (base, quote): quote per 1 base
    distributions: Mapping[int, Distributions] = field(default_factory=dict)
    splits: Mapping[int, Splits] = field(default_factory=dict)
    salaries: tuple[SalaryStep, ...] = ()
    track_targets: Mapping[str, float] = field(default_factory=dict)
    withholding_rules: tuple[WithholdingRule, ...] = ()
    premium_rules: tuple[PremiumRule, ...] = ()
    account_currencies: tuple[str, ...] = ()  # beside accounts; "" when unknown
    quarantined: tuple[QuarantinedClose, ...] = ()  # by instrument and day
    modelled: frozenset[int] = frozenset()  # instruments whose closes are computed from a yield curve


def entry_order(*, day: Days, second: Ints) -> Ints:
    """Return the order of rows: by day, then as entered; rows that carry a time change places among themselves only.

    day:    of each row, in the order of entry.
    second: seconds since midnight, -1 where the row carries no time.
    """
    order = np.argsort(day, kind="stable")
    timed = order[second[order] >= 0]
    if not len(timed):
        return order
    by_time = timed[np.lexsort((second[timed], day[timed]))]
    order[second[order] >= 0] = by_time
    return order
