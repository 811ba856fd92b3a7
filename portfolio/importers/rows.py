"""What every importer yields: plain rows in the ledger's own words, and what could not be read. Knows no file format. Pure."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from portfolio.engine.kinds import Kind

ZERO = Decimal(0)
# between the ids of source rows that were merged into one ledger row
AND = " & "


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should know about a line of a file."""

    line: int  # 0: the file as a whole
    column: str  # "": the line as a whole
    reason: str
    code: str = ""  # a word that programs can look for, such as oversold

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line else []
        if self.column:
            place.append(f"column {self.column}")
        return f"{', '.join(place)}: {self.reason}" if place else self.reason

    def as_json(self) -> dict[str, object]:
        """Return the problem as the command prints it."""
        found: dict[str, object] = {"line": self.line, "column": self.column or None, "reason": self.reason}
        return found | {"code": self.code} if self.code else found


class Need(StrEnum):
    """What a row lacks that only the stored ledger can say; `settle` fills it in or gives the row to a person."""

    NOTHING = ""
    HELD_UNITS = "held_units"  # a SPLIT whose quantity is the change of units, negative where some leave
    WITHHOLDING_RATE = "withholding_rate"  # a DIVIDEND whose amount is what was left after an unprinted tax
    ACCRUED_INTEREST = "accrued_interest"  # a BUY or SELL of a bond whose amount still holds the interest
    ORIGINAL = "original"  # this row was cancelled: the source says so, and the row itself is in an earlier file


@dataclass(frozen=True, slots=True)
class Security:
    """What a file says of an instrument besides the symbol that its rows use; "" and None where it says nothing."""

    cusip: str = ""
    isin: str = ""
    name: str = ""
    type: str = ""  # a word of InstrumentType
    currency: str = ""
    price_unit: Decimal | None = None  # 0.01 where prices are per 100 of face
    coupon_rate: Decimal | None = None  # a year, as a fraction
    maturity_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of the ledger. The kind carries every sign: numbers are sizes, None or zero where the source says nothing."""

    lines: tuple[int, ...]  # of the source; more than one where the source spreads an event over several
    date: dt.date
    kind: Kind
    account: str = ""  # "": every account, of SPLIT and SPIN_OFF alone
    time: dt.time | None = None
    symbol: str = ""
    quantity: Decimal | None = None  # units; of a bond its face; of a split new units per old unit
    price: Decimal | None = None  # instrument's currency, as quoted
    amount: Decimal | None = None  # gross, in `currency`
    currency: str = ""  # of the cash moved; "": the instrument's, else the account's
    fee: Decimal = ZERO  # in `currency`, as tax and accrued_interest
    tax: Decimal = ZERO
    accrued_interest: Decimal = ZERO
    to_account: str = ""
    to_currency: str = ""
    to_amount: Decimal | None = None
    fx_rate: Decimal | None = None  # cash currency per 1 unit of the instrument's currency
    ex_date: dt.date | None = None
    tax_year: int | None = None
    note: str = ""
    external_id: str = ""  # the source's own id, unique per account; of merged source rows all ids, joined by AND
    needs: Need = Need.NOTHING

    @property
    def line(self) -> int:
        """The line by which the row is named."""
        return self.lines[0]


NUMBERS = ("quantity", "price", "amount", "fee", "tax", "accrued_interest", "to_amount", "fx_rate")
# these are zero, not unknown, where a row leaves them blank
CHARGES = frozenset({"fee", "tax", "accrued_interest"})


@dataclass(slots=True)
class Reading:
    """What a file holds, before anything is compared with what is stored. At most one rejection for each source row."""

    rows: list[LedgerRow] = field(default_factory=list)
    source_rows: int = 0
    skipped: int = 0  # source rows that are meant to make no ledger row, blank lines among them
    rejected: list[Problem] = field(default_factory=list)
    needs_review: list[Problem] = field(default_factory=list)  # source rows only a person can judge
    warnings: list[Problem] = field(default_factory=list)
    securities: dict[str, Security] = field(default_factory=dict)  # by the symbol that rows use
    # account and id of source rows that the file itself takes back: wherever they come from, they do not count
    cancelled: list[tuple[str, str]] = field(default_factory=list)
