"""The rows of a Flex query, alike whether they came as XML or as CSV: named values, dates, accounts, securities. Pure."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import InstrumentType
from portfolio.importers.broker_values import cleaned, date_in_order, slash_order
from portfolio.importers.kept_digits import rounded_money
from portfolio.importers.review_reasons import masked_account
from portfolio.importers.rows import Security
from portfolio.importers.symbols import is_cusip, is_isin
from portfolio.importers.text import FileError

HUNDREDTH = Decimal("0.01")
BONDS = frozenset({"BOND", "BILL"})
SECURITIES = frozenset({"STK", "FUND"}) | BONDS

_NO_WORD = re.compile(r"[^a-z0-9]")
# what the CSV calls otherwise than the XML does
_ATTRIBUTE = {
    "clientaccountid": "accountid",
    "currencyprimary": "currency",
    "assetclass": "assetcategory",
    "notescodes": "notes",
    "code": "notes",
    "accruedinterest": "accruedint",
    "price": "tradeprice",
    "commission": "ibcommission",
    "commissioncurrency": "ibcommissioncurrency",
    "tax": "taxes",
    "activitydescription": "description",
    "actiondescription": "actiondescription",
}
_DATE_NAMES = ("tradedate", "reportdate", "settledate", "settledatetarget", "datetime", "date")
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})")
# what stands between a date and its time; the T of OCT is none
_BETWEEN = re.compile(r"[;,]|(?<=[0-9])T(?=[0-9])")
_TIME = re.compile(r"([0-9]{2}):?([0-9]{2}):?([0-9]{2})?")
_TYPES = {"STK": InstrumentType.STOCK, "FUND": InstrumentType.FUND, "BOND": InstrumentType.BOND, "BILL": InstrumentType.BOND}
_SUB_TYPES = {"ETF": InstrumentType.ETF, "PREFERRED": InstrumentType.PREFERRED, "PREFERENCE": InstrumentType.PREFERRED}
_OLD = re.compile(r"\.OLD[0-9]*$", re.IGNORECASE)


class Section(StrEnum):
    """What a row of a Flex query tells of; everything else repeats these or is no event."""

    TRADES = "trades"
    CASH = "cash"
    ACTIONS = "corporate actions"
    TRANSFERS = "transfers"
    OTHER = "other"


def name_of(written: str) -> str:
    """Return the one name by which a column or attribute is known here."""
    name = _NO_WORD.sub("", written.casefold())
    return _ATTRIBUTE.get(name, name)


@dataclass(slots=True)
class Record:
    """One row of a section. Values are tidied texts by name; a missing one reads as blank."""

    line: int
    section: Section
    values: dict[str, str]
    account: str = ""
    date: dt.date = dt.date.min  # by the rule of its section
    paid_on: dt.date | None = None  # the day that `dateTime` names: of a tax reversal the old payment's
    settled_on: dt.date | None = None
    time: dt.time | None = None
    external_id: str = ""

    def text(self, name: str) -> str:
        """Return a value; "" where the file has none."""
        return self.values.get(name, "")

    def number(self, name: str) -> Decimal | None:
        """Return a value as a number, None where it is blank. Raises UnreadableError."""
        text = self.values.get(name, "")
        return rounded_money(text) if text else None

    @property
    def security_key(self) -> str:
        """What tells one security from another inside a file; "" for cash."""
        return next((self.text(name) for name in ("conid", "isin", "cusip", "symbol") if self.text(name)), "")

    @property
    def order(self) -> tuple[dt.date, dt.time, int, int]:
        """Where a row stands among the others: the broker's ids grow with time."""
        number = self.text("transactionid")
        return (
            self.date,
            self.time or dt.time.min,
            int(number) if number.isascii() and number.isdigit() and len(number) < 20 else 0,
            self.line,
        )


def tidied(values: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return values by the names used here; of two columns with one name the first that is filled."""
    found: dict[str, str] = {}
    for name, written in values:
        text = cleaned(written)
        if text:
            found.setdefault(name_of(name), text)
    return found


@dataclass(frozen=True, slots=True)
class Dates:
    """Reads dates in the style of one file."""

    order: str = "mdy"

    @classmethod
    def of(cls, records: Iterable[Record]) -> "Dates":
        """Settle over all rows whether days or months stand before the first slash. Raises FileError where nothing tells."""
        texts = {found[0] for record in records for name in _DATE_NAMES if (found := _SLASHED.match(record.text(name)))}
        order = slash_order(texts)
        if not order and any(text.split("/")[0] != text.split("/")[1] for text in texts):
            raise FileError("holds dates that could be day/month or month/day; choose yyyy-MM-dd in the query's settings")
        return cls(order or "mdy")

    def read(self, text: str) -> tuple[dt.date, dt.time | None]:
        """Return the date, and the time where one is given. Raises UnreadableError."""
        day, _, rest = _BETWEEN.sub(" ", text).partition(" ")
        value = date_in_order(day, order=self.order)
        found = _TIME.match(rest.strip())
        try:
            return value, dt.time(int(found[1]), int(found[2]), int(found[3] or 0)) if found else None
        except ValueError:
            return value, None


def give_accounts(records: list[Record], account: str) -> None:
    """Fill in the account of every row: the file's own wins. Raises FileError where none is known or two contradict."""
    named = {record.account for record in records if record.account}
    if account and len(named) == 1 and account not in named and all(record.account for record in records):
        (only,) = named
        raise FileError(f"is of account {masked_account(only)}, not of {account}; leave the account out or correct it")
    for record in records:
        if not record.account:
            if not account and len(named) != 1:
                raise FileError("names no account for some rows; say which with --account NAME")
            record.account = account or next(iter(named))


@dataclass(slots=True)
class Symbols:
    """The one symbol of each security in a file, whichever of its names a row uses."""

    _by_name: dict[str, str] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        """Take up the names of a row's security; the symbol that stands in the latest row stays."""
        symbol = _ticker(record) or record.text("isin") or _cusip(record)
        for name in self._names(record):
            if symbol:
                self._by_name[name] = symbol

    def of(self, record: Record) -> str:
        """Return the symbol of a row's security; "" for none."""
        for name in self._names(record):
            if name in self._by_name:
                return self._by_name[name]
        return _ticker(record) or (f"CONID{record.text('conid')}" if record.text("conid") else "")

    @staticmethod
    def _names(record: Record) -> list[str]:
        pairs = (("conid", record.text("conid")), ("isin", record.text("isin")), ("cusip", _cusip(record)))
        return [f"{name} {text}" for name, text in pairs if text]


def security_of(record: Record) -> Security:
    """Return what a row says of its security."""
    category = record.text("assetcategory").upper()
    kind = _SUB_TYPES.get(record.text("subcategory").upper()) or _TYPES.get(category)
    isin = record.text("isin").upper()
    currency = record.text("currency")
    return Security(
        cusip=_cusip(record),
        isin=isin if is_isin(isin) else "",
        name="" if record.section is Section.CASH else record.text("description")[:160],
        type=kind or "",
        # the money of a dividend need not be what the share is quoted in
        currency=currency if record.section is not Section.CASH and is_currency(currency) else "",
        price_unit=HUNDREDTH if category in BONDS else None,
    )


def _cusip(record: Record) -> str:
    text = record.text("cusip").upper() or (
        record.text("securityid").upper() if record.text("securityidtype").upper() == "CUSIP" else ""
    )
    return text if is_cusip(text) else ""


def _ticker(record: Record) -> str:
    symbol = _OLD.sub("", record.text("symbol"))
    # the "symbol" of a bond is a description with its coupon; its id is the better name
    if record.text("assetcategory").upper() in BONDS and " " in symbol and (record.text("isin") or _cusip(record)):
        return ""
    return symbol
