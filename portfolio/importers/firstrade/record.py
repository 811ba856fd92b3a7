"""One row of a Firstrade file with its cells read, whichever page it was downloaded from. Knows no ledger type. Pure."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from portfolio.importers.broker_values import date_in_order
from portfolio.written_values import UnreadableError

ZERO = Decimal(0)
CASH_CUSIP = "00099A109"  # of idle cash
_DATE = r"([0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2})"
_RECORD_DATE = re.compile(rf"\bREC:? {_DATE}")
_PAY_DATE = re.compile(rf"\bPAY:? {_DATE}")
# where the security's name ends and what happened to it begins
_FACTS = re.compile(
    r"\s+(?:CASH DIV ON|SUBST PAY ON|L/T CAP GNS|S/T CAP GNS|REIN @|NON-RES TAX WITHHELD|REV NRA W/H|[0-9]{4} NRA W/H|"
    r"INTERNET ORDER|UNSOLICITED|PRODUCT DESCRIPTION|AUTO LIQUIDATION|A/O |AS OF |ADR FEE|AVERAGE PRICE|"
    r"WE MAKE A MKT|PROSPECTUS|DISCRETION|RETURN OF CAPITAL|STK SPLIT|STOCK SPLIT|NAME CHANGE|\*{2,})"
)


@dataclass(frozen=True, slots=True)
class Record:
    """A row as printed: signs are the broker's, blank numbers are zero but for the price."""

    line: int
    date: dt.date  # trade date
    settled: dt.date | None
    action: str  # BUY SELL DIVIDEND INTEREST OTHER
    is_trade: bool  # by RecordType; the history page has none and says it by the action
    text: str  # upper case, single spaces
    symbol: str
    cusip: str  # "" where blank or damaged
    is_cusip_lost: bool  # a spreadsheet made a number in scientific notation of it
    quantity: Decimal
    price: Decimal | None
    amount: Decimal
    interest: Decimal
    fee: Decimal  # commission and fee, a size
    external_id: str

    @property
    def record_date(self) -> dt.date | None:
        """The record date that the text names."""
        return _named_date(_RECORD_DATE, self.text)

    @property
    def pay_date(self) -> dt.date | None:
        """The pay date that the text names."""
        return _named_date(_PAY_DATE, self.text)

    @property
    def instrument(self) -> str:
        """The symbol, else the CUSIP."""
        return self.symbol or (self.cusip if self.cusip != CASH_CUSIP else "")

    @property
    def security_name(self) -> str:
        """The name with which the text begins; "" where none can be told apart."""
        found = _FACTS.search(self.text)
        return self.text[: found.start()].strip() if found else ""

    @property
    def dates_note(self) -> str:
        """Record and pay date in words, for the note of a payment."""
        named = (("record", self.record_date), ("pay", self.pay_date))
        return ", ".join(f"{word} {date}" for word, date in named if date)


def text_date(text: str) -> dt.date | None:
    """Return a date as descriptions print it, MM/DD/YY or ISO; None where it is no day."""
    try:
        return date_in_order(text, order="mdy")
    except UnreadableError:
        return None


def _named_date(pattern: re.Pattern[str], text: str) -> dt.date | None:
    found = pattern.search(text)
    return text_date(found[1]) if found else None
