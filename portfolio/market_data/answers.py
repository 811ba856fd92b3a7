"""What is asked of a source and what it answers: the vocabulary between sources and the refresh. Pure."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

Pair = tuple[str, str]  # base, quote


@dataclass(frozen=True, slots=True)
class BondTerms:
    """What a bond's price is computed from."""

    coupon_rate: Decimal  # a year, a fraction of face
    coupon_frequency: int
    maturity_date: dt.date
    issue_date: dt.date | None
    first_coupon_date: dt.date | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One instrument or one pair of currencies, and the stretch of time that is wanted of it."""

    symbol: str  # the household's; a pair as USDTWD
    start: dt.date
    end: dt.date  # the last closed session: what is younger is no close yet
    currency: str  # of the closes; of a pair the quote currency
    timezone: str  # of the exchange
    quote_symbol: str = ""
    pair: Pair | None = None
    bond: BondTerms | None = None

    @property
    def market_symbol(self) -> str:
        """The market's name for it."""
        return self.quote_symbol or self.symbol


@dataclass(frozen=True, slots=True)
class Close:
    """A close as the source says it; None where it says that there is none."""

    date: dt.date
    value: Decimal | None
    is_traded: bool = True  # False: nothing changed hands that day, as on a holiday


@dataclass(frozen=True, slots=True)
class Payment:
    """A distribution per unit."""

    ex_date: dt.date
    amount: Decimal
    pay_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class SplitEvent:
    """New units per old unit, from a date on."""

    ex_date: dt.date
    ratio: Decimal


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source knows, by ascending date."""

    closes: list[Close] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    splits: list[SplitEvent] = field(default_factory=list)
    currency: str = ""  # as the source names it; "" where it does not say
    # closes and payments from before a split are divided by its ratio, whether or not the split is listed
    is_split_adjusted: bool = False


class SourceError(Exception):
    """A source gave no answer. The message is for a person and names the symbol."""


class PassingError(SourceError):
    """It may answer later: a network fault, too many requests, a fault of the server."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after  # seconds, where the server said so


class UnknownSymbolError(SourceError):
    """It knows nothing of that name: delisted, renamed, or misspelt."""


class NotMineError(SourceError):
    """It is no source for this kind of instrument; the next one is asked."""


class PriceSource(Protocol):
    """Something that can be asked for closes."""

    def fetch(self, asked: Asked) -> Answer:
        """Return what is known from `asked.start` on. Raises SourceError."""
        ...
