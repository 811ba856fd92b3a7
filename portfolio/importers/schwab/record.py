"""One row of a Schwab history with its cells read. Knows no ledger type. Pure."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from portfolio.importers import review_reasons
from portfolio.importers.broker_table import Cells
from portfolio.importers.broker_values import money, us_date
from portfolio.importers.fingerprints import Fingerprints
from portfolio.importers.rows import Problem
from portfolio.importers.source_rows import SourceRows
from portfolio.importers.symbols import is_cusip
from portfolio.written_values import UnreadableError

ZERO = Decimal(0)
_AS_OF = re.compile(r"(\S+) as of (\S+)", re.IGNORECASE)
_NUMBERS = {"quantity": "Quantity", "price": "Price", "fees & comm": "Fees & Comm", "amount": "Amount"}


@dataclass(frozen=True, slots=True)
class Record:
    """A row as printed: signs are the broker's."""

    line: int
    posted: dt.date
    effective: dt.date  # the "as of" date; the posting date where there is none
    action: str  # folded
    word: str  # as printed
    symbol: str  # a CUSIP of bonds and of what was merged away
    description: str
    quantity: Decimal | None
    price: Decimal | None
    fee: Decimal
    amount: Decimal  # zero where blank
    external_id: str

    @property
    def note(self) -> str:
        """The other date, where there are two."""
        return f"as of {self.effective}" if self.effective != self.posted else ""


class CellReader:
    """Reads rows into records; a number that cannot be read is put to a person, a date that is none refused."""

    def __init__(self, rows: SourceRows, today: dt.date) -> None:
        self._rows = rows
        self._today = today
        self._ids = Fingerprints("schwab")

    def record(self, cells: Cells) -> Record | None:
        """Return a row as a record; None where it was refused or asked about."""
        try:
            posted, effective = self._dates(cells["date"])
        except UnreadableError as error:
            self._rows.reject(Problem(cells.line, "Date", str(error)))
            return None
        numbers: dict[str, Decimal | None] = {}
        for name, column in _NUMBERS.items():
            try:
                numbers[name] = money(cells[name])
            except UnreadableError as error:
                self._rows.review(review_reasons.unreadable(line=cells.line, column=column, reason=str(error)))
                return None
        quantity, price, fee, amount = numbers.values()
        symbol = cells["symbol"].upper() or _cusip_in(cells["description"])
        fee, amount = abs(fee or ZERO), amount or ZERO
        values = (posted, effective, cells["action"], cells["symbol"], quantity, price, fee, amount, cells["description"])
        return Record(
            line=cells.line,
            posted=posted,
            effective=effective,
            action=cells["action"].casefold(),
            word=cells["action"],
            symbol=symbol,
            description=cells["description"],
            quantity=quantity,
            price=price,
            fee=fee,
            amount=amount,
            external_id=self._ids.of(*values),
        )

    def _dates(self, text: str) -> tuple[dt.date, dt.date]:
        found = _AS_OF.fullmatch(text)
        posted = us_date(found[1] if found else text)
        effective = us_date(found[2]) if found else posted
        if max(posted, effective) > self._today:
            raise UnreadableError(f"{max(posted, effective)} lies in the future")
        return posted, effective


def _cusip_in(description: str) -> str:
    """Return the CUSIP that a description names where the symbol is blank."""
    return next((word for word in description.upper().split() if is_cusip(word) and not word.isalpha()), "")
