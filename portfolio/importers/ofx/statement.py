"""Statements and securities of an OFX file as plain values: accounts, currencies, rows with their ids. Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from xml.etree.ElementTree import Element

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import InstrumentType
from portfolio.importers.fingerprints import Fingerprints, joined
from portfolio.importers.kept_digits import kept
from portfolio.importers.ofx.tree import amount, day, texts
from portfolio.importers.review_reasons import masked, masked_account
from portfolio.importers.rows import Security
from portfolio.importers.symbols import is_cusip, is_isin
from portfolio.importers.text import FileError
from portfolio.written_values import UnreadableError

HUNDREDTH = Decimal("0.01")
_LONGEST_ID = 30
_NOT_ROWS = frozenset({"DTSTART", "DTEND"})
_TYPES = {
    "STOCKINFO": InstrumentType.STOCK,
    "MFINFO": InstrumentType.FUND,
    "DEBTINFO": InstrumentType.BOND,
    "OTHERINFO": InstrumentType.OTHER,
}


@dataclass(frozen=True, slots=True)
class Named:
    """A security of the file's list."""

    symbol: str
    has_ticker: bool
    is_debt: bool
    security: Security


@dataclass(slots=True)
class Entry:
    """One transaction of a statement."""

    line: int  # its number among all of the file
    tag: str  # what kind of transaction it is
    values: dict[str, str]
    account: str
    currency: str
    is_401k: bool
    date: dt.date = dt.date.min
    number: str = ""  # FITID
    external_id: str = ""

    def text(self, name: str) -> str:
        """Return a value; "" where the file has none."""
        return self.values.get(name, "")

    def money(self, name: str) -> Decimal | None:
        """Return a number, None where it is blank. Raises UnreadableError."""
        return amount(self.values, name)

    @property
    def words(self) -> str:
        """All that the row says in words."""
        return " ".join(filter(None, (self.text("NAME"), self.text("MEMO"))))

    @property
    def note(self) -> str:
        """The words as they may be kept."""
        return masked(self.words)


def securities_of(root: Element) -> dict[str, Named]:
    """Return the file's securities by their ids."""
    found: dict[str, Named] = {}
    for info in (each for listed in root.iter("SECLIST") for each in listed):
        values = texts(info)
        number, kind = values.get("UNIQUEID", ""), values.get("UNIQUEIDTYPE", "").upper()
        if not number:
            continue
        ticker = values.get("TICKER", "")
        is_debt = info.tag == "DEBTINFO"
        preferred = info.tag == "STOCKINFO" and values.get("STOCKTYPE", "").upper() == "PREFERRED"
        security = Security(
            cusip=number if is_cusip(number) and kind != "ISIN" else "",
            isin=number if is_isin(number) else "",
            name=values.get("SECNAME", "")[:160],
            type=InstrumentType.PREFERRED if preferred else _TYPES.get(str(info.tag), ""),
            currency=code if is_currency(code := values.get("CURSYM", "").upper()) else "",
            price_unit=HUNDREDTH if is_debt else None,
            coupon_rate=_coupon(values),
            maturity_date=_maturity(values),
        )
        found[number] = Named(ticker or number, bool(ticker), is_debt, security)
    return found


def _coupon(values: dict[str, str]) -> Decimal | None:
    try:
        rate = amount(values, "COUPONRT")
    except UnreadableError:
        return None
    return kept(rate / 100) if rate and 0 < rate < 100 else None


def _maturity(values: dict[str, str]) -> dt.date | None:
    try:
        return day(values, "DTMAT")
    except UnreadableError:
        return None


def entries_of(root: Element, account: str) -> list[Entry]:
    """Return every transaction of every statement, numbered through.

    account: of statements that name none. Raises FileError where none is known or two contradict.
    """
    found: list[Entry] = []
    statements = [each for tag in ("INVSTMTRS", "STMTRS", "CCSTMTRS") for each in root.iter(tag)]
    if not statements:
        raise FileError("is an OFX file without an account statement")
    named = {number for each in statements if (number := _account_number(each))}
    if account and len(named) == 1 and account not in named:
        (only,) = named
        raise FileError(f"is of account {masked_account(only)}, not of {account}; leave the account out or correct it")
    for statement in statements:
        own = _account_number(statement) or account
        elements = list(_elements(statement))
        if elements and not own:
            raise FileError("names no account; say which with --account NAME")
        is_401k = statement.find(".//INV401KSOURCE") is not None
        currency = (statement.findtext("CURDEF") or "").strip().upper()
        for element in elements:
            values = texts(element)
            # a row's own currency stands inside CURRENCY or ORIGCURRENCY
            code = values.get("CURSYM", "").upper() or currency
            found.append(Entry(len(found) + 1, str(element.tag), values, own, code, is_401k))
    return found


def _account_number(statement: Element) -> str:
    for name in ("INVACCTFROM", "BANKACCTFROM", "CCACCTFROM"):
        # the account of the statement itself, not of a transfer inside it
        found = statement.find(name)
        if found is not None:
            return texts(found).get("ACCTID", "")
    return ""


def _elements(statement: Element) -> Iterator[Element]:
    for name in ("INVTRANLIST", "BANKTRANLIST"):
        for listed in statement.iter(name):
            yield from (each for each in listed if each.tag not in _NOT_ROWS)


def give_ids(entries: list[Entry]) -> None:
    """Give each row its id: the broker's number, and a fingerprint since some brokers number anew with each download."""
    fingerprints = Fingerprints("ofx")
    for entry in entries:
        names = ("UNIQUEID", "UNITS", "UNITPRICE", "TOTAL", "TRNAMT", "TRNTYPE", "INCOMETYPE", "TFERACTION", "NAME", "MEMO")
        said = [_same(entry, name) for name in names]
        fingerprint = fingerprints.of(entry.tag, entry.date, *said)
        entry.number = entry.text("FITID")
        number = entry.number.replace(" & ", "+")
        if len(number) > _LONGEST_ID:
            number = Fingerprints("fitid").of(number)
        entry.external_id = joined([number, fingerprint])


def _same(entry: Entry, name: str) -> Decimal | str | None:
    if name in {"UNITS", "UNITPRICE", "TOTAL", "TRNAMT"}:
        try:
            return entry.money(name)
        except UnreadableError:
            pass
    return entry.text(name)
