"""The parts of the quarterly review: plain numbers, ISO dates and words, nothing else.

Field names are the JSON keys that others build on (docs/interface.md 3).
Money is in the reporting currency unless a field says otherwise; rates and shares are fractions; None is what cannot be
computed, and `warnings` says why. Knows nothing of Django, files or the clock.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PeriodSpan:
    start: str  # ISO date
    end: str
    label: str  # 2025-Q1


@dataclass(frozen=True, slots=True)
class Bridge:
    """Opening + net external flow + all of these = closing. Taxes and fees are negative."""

    price_gain: float | None
    currency_gain: float | None
    cross_gain: float | None
    income: float | None  # gross, interest charges deducted
    taxes: float | None
    fees: float | None
    residual: float | None


@dataclass(frozen=True, slots=True)
class Returns:
    time_weighted: float | None
    money_weighted: float | None  # a year
    money_weighted_period: float | None
    modified_dietz: float | None
    since_year_end: float | None
    annualised: float | None  # None under 365 days
    skipped_days: int


@dataclass(frozen=True, slots=True)
class ReviewHolding:
    """One line of the review's own measure (docs/methods.md 5)."""

    symbol: str
    name: str
    gain: float | None
    share: float | None  # of the sum of absolute gains
    price: float | None
    currency: float | None
    cross: float | None
    dividend: float | None


@dataclass(frozen=True, slots=True)
class SymbolGain:
    symbol: str
    gain: float | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What the review's own measure leaves out; signed."""

    sold: tuple[SymbolGain, ...]
    cash: float | None  # currency gain of cash, exchange gaps included
    lending_rebate: float | None
    interest: float | None
    fees: float | None
    taxes: float | None


@dataclass(frozen=True, slots=True)
class ReviewContributions:
    dividend_rule: str  # DividendRule
    sum_absolute: float | None
    sum_absolute_of_opening: float | None
    holdings: tuple[ReviewHolding, ...]  # ascending by gain: the worst first
    left_out: LeftOut
    mvp: str | None  # symbol of the largest positive gain
    war_criminal: str | None  # symbol of the largest negative gain


@dataclass(frozen=True, slots=True)
class Contribution:
    symbol: str  # or a line that is no holding: cash:USD, currency exchange, interest, lending_rebate, fees, taxes
    gain: float | None
    contribution: float | None  # sums to time_weighted over all lines


@dataclass(frozen=True, slots=True)
class Records:
    peak_value: float | None
    peak_date: str | None
    all_time_peak_value: float | None
    all_time_peak_date: str | None
    record_days: int | None
    weekdays_below_year_end: int | None
    max_drawdown: float | None  # >= 0
    volatility: float | None  # over the period, not annualised
    largest_gain: float | None  # of one weekday
    largest_gain_date: str | None
    largest_loss: float | None  # negative
    largest_loss_date: str | None
    year_end_value: float | None  # wealth of 31 December before


@dataclass(frozen=True, slots=True)
class Cash:
    account: str
    currency: str
    amount: float  # account's currency
    value: float | None


@dataclass(frozen=True, slots=True)
class Position:
    account: str
    symbol: str
    quantity: float
    price: float | None  # instrument's currency, as quoted
    price_date: str | None
    fx_rate: float | None  # reporting currency per unit of the instrument's
    accrued_interest: float | None  # in all, reporting currency
    value: float | None  # accrued interest included
    weight: float | None  # of total wealth
    cost_average: float | None
    cost_fifo: float | None
    unrealised_average: float | None  # clean
    unrealised_fifo: float | None


@dataclass(frozen=True, slots=True)
class Realised:
    date: str
    symbol: str
    quantity: float
    proceeds: float | None  # after fee and tax
    cost_average: float | None
    cost_fifo: float | None
    gain_average: float | None
    gain_fifo: float | None
    account: str


@dataclass(frozen=True, slots=True)
class IncomeSums:
    gross: float | None
    tax: float | None
    fees: float | None
    net: float | None


@dataclass(frozen=True, slots=True)
class Income:
    gross: float | None
    tax: float | None
    fees: float | None
    net: float | None
    by_kind: dict[str, IncomeSums]
    by_symbol: dict[str, IncomeSums]
    smoothed_quarter: float | None


@dataclass(frozen=True, slots=True)
class SalaryCoverage:
    due: float | None
    paid: float | None
    coverage_actual: float | None
    coverage_smoothed: float | None
    coverage_forward: float | None
    distributable: float | None
    from_principal: float | None


@dataclass(frozen=True, slots=True)
class TrackWeight:
    track: str  # MARKET, FIXED_INCOME, NEUTRAL, CASH
    value: float | None
    weight: float | None
    target: float | None
    drift: float | None


@dataclass(frozen=True, slots=True)
class WatchEntry:
    symbol: str
    yield_net_forward: float | None
    since: str | None


@dataclass(frozen=True, slots=True)
class Change:
    symbol: str
    action: str  # NEW ADDED REDUCED SOLD
    quantity: float  # size of the change of units over the period, splits undone
    amount: float | None  # NEW, ADDED: bought less sold; REDUCED, SOLD: sold less bought


@dataclass(frozen=True, slots=True)
class Move:
    """One row that bought or sold: the line of the table behind `changes`."""

    date: str
    symbol: str
    kind: str
    quantity: float
    price: float | None  # instrument's currency
    amount: float | None  # gross, in `currency`
    currency: str
    value: float | None  # reporting currency
    account: str


@dataclass(frozen=True, slots=True)
class DailyLine:
    """What the page draws: one point a calendar day, the opening day first."""

    start: str
    wealth: tuple[float | None, ...]
    index: tuple[float | None, ...]  # growth of one unit of money, flows left out; opens at 1


@dataclass(frozen=True, slots=True)
class Warn:
    code: str
    symbol: str | None
    date: str | None
    message: str  # English; pages translate by code
    figures: dict[str, float | str] | None = None
