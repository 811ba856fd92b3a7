"""One row of a Fidelity history with its cells read, and the name of its account. Knows no ledger type. Pure."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from portfolio.importers import review_reasons
from portfolio.importers.broker_table import Cells
from portfolio.importers.broker_values import date_in_order, money, us_date
from portfolio.importers.fingerprints import Fingerprints
from portfolio.importers.rows import Problem
from portfolio.importers.source_rows import SourceRows
from portfolio.importers.symbols import is_cusip
from portfolio.importers.text import FileError
from portfolio.written_values import UnreadableError

ZERO = Decimal(0)
ACCOUNT = "Fidelity"  # where neither the file nor the caller names one
_AS_OF = re.compile(r"\bas of ([A-Za-z]{3}-\d{2}-\d{4}|\d{1,2}/\d{1,2}/\d{4})", re.IGNORECASE)
_NUMBERS = {
    "price": "Price", "quantity": "Quantity", "commission": "Commission", "fees": "Fees",
    "accrued interest": "Accrued Interest", "amount": "Amount",
}  # fmt: skip
_NO_NAME = "no description"
_OTHER_ACCOUNT = re.compile(r"\b[A-Z]?[0-9]{6,9}\b|\b[A-Z0-9]{1,3}-?[0-9]{6}(?:-[0-9])?\b")


@dataclass(frozen=True, slots=True)
class Record:
    """A row as printed: signs are the broker's; blank numbers are zero, but for the price."""

    line: int
    date: dt.date
    settled: dt.date | None
    account: str  # as it is named in the ledger
    account_number: str  # never shown, only compared
    phrase: str  # the action
    symbol: str
    description: str
    currency: str
    quantity: Decimal
    price: Decimal | None
    charges: Decimal  # commission and fees, a size
    accrued: Decimal
    amount: Decimal
    external_id: str

    @property
    def is_bond(self) -> bool:
        """Whether it is named by a CUSIP."""
        return is_cusip(self.symbol)

    @property
    def effective(self) -> dt.date | None:
        """The date that the phrase says the row is as of."""
        found = _AS_OF.search(self.phrase)
        try:
            return date_in_order(found[1], order="mdy") if found else None
        except UnreadableError:
            return None

    @property
    def note(self) -> str:
        """The other dates of the row."""
        parts = [f"as of {self.effective}" if self.effective else ""]
        if self.settled and self.settled != self.date:
            parts.append(f"settled {self.settled}")
        return ", ".join(filter(None, parts))

    def names_account(self, number: str) -> bool:
        """Whether the phrase names another account by its number."""
        bare = re.sub(r"[^0-9A-Z]", "", number.upper())
        return bool(bare) and any(
            re.sub(r"[^0-9A-Z]", "", found) == bare for found in _OTHER_ACCOUNT.findall(self.phrase.upper())
        )


class AccountNames:
    """The ledger's names for a file's accounts: the name in its column, with the end of the number where two share it."""

    def __init__(self, cells: Iterable[Cells], account: str) -> None:
        pairs = {(each["account"], each["account number"]) for each in cells}
        numbers: dict[str, set[str]] = defaultdict(set)
        for name, number in pairs:
            numbers[name].add(number)
        self._numbers = numbers
        self._given = account
        named = {pair for pair in pairs if any(pair)}
        if account and len(named) == 1:
            name, number = next(iter(named))
            if account.casefold() not in {name.casefold(), number.casefold(), self._name(name, number).casefold()}:
                shown = self._name(name, number)
                raise FileError(f"is of the account “{shown}”, not of “{account}”; leave the account out", column="Account")

    def of(self, cells: Cells) -> str:
        """Return the account of a row."""
        return self._name(cells["account"], cells["account number"])

    def _name(self, name: str, number: str) -> str:
        masked = review_reasons.masked_account(number)
        if name:
            shown = review_reasons.masked(name)
            return f"{shown} {masked}" if len(self._numbers[name]) > 1 and masked else shown
        return f"{ACCOUNT} {masked}" if number else self._given or ACCOUNT


class CellReader:
    """Reads rows into records; a number that cannot be read is put to a person, a date that is none refused."""

    def __init__(self, rows: SourceRows, names: AccountNames, today: dt.date) -> None:
        self._rows = rows
        self._names = names
        self._today = today
        self._ids = Fingerprints("fidelity")

    def record(self, cells: Cells) -> Record | None:
        """Return a row as a record; None where it was refused or asked about."""
        date = us_date(cells["run date"])
        if date > self._today:
            self._rows.reject(Problem(cells.line, "Run Date", f"{date} lies in the future"))
            return None
        numbers: dict[str, Decimal | None] = {}
        for name, column in _NUMBERS.items():
            try:
                numbers[name] = money(cells[name])
            except UnreadableError as error:
                self._rows.review(review_reasons.unreadable(line=cells.line, column=column, reason=str(error)))
                return None
        if cells["exchange rate"] not in {"", "0", "0.0", "0.00", "0.000", "1"} and cells["exchange currency"] not in {
            "",
            "USD",
        }:
            reason = "a trade in another currency; enter it by hand with its exchange rate"
            self._rows.review(Problem(cells.line, "Exchange Rate", reason, "foreign_currency"))
            return None
        return self._record(cells, date, numbers)

    def _record(self, cells: Cells, date: dt.date, numbers: dict[str, Decimal | None]) -> Record:
        price, quantity, commission, fees, accrued, amount = numbers.values()
        quantity, amount, accrued = quantity or ZERO, amount or ZERO, abs(accrued or ZERO)
        charges = abs(commission or ZERO) + abs(fees or ZERO)
        number = cells["account number"]
        symbol = cells["symbol"].upper()
        phrase = cells["action"]
        description = cells["description"]
        values = (date, number, phrase, symbol, quantity, price, charges, accrued, amount)
        return Record(
            line=cells.line,
            date=date,
            settled=_optional_date(cells["settlement date"]),
            account=self._names.of(cells),
            account_number=number,
            phrase=phrase,
            symbol=symbol,
            description="" if description.casefold() == _NO_NAME else description,
            currency=cells["currency"].upper() or "USD",
            quantity=quantity,
            price=price,
            charges=charges,
            accrued=accrued,
            amount=amount,
            external_id=self._ids.of(*values),
        )


def is_date(text: str) -> bool:
    """Whether a first cell begins a row of data: footers begin with words."""
    try:
        us_date(text)
    except UnreadableError:
        return False
    return True


def _optional_date(text: str) -> dt.date | None:
    try:
        return us_date(text)
    except UnreadableError:
        return None
