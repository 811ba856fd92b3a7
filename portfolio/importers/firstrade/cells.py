"""The cells of a Firstrade file become records: numbers, dates, identifiers, an id for each row. Knows no ledger type. Pure."""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from portfolio.importers import review_reasons
from portfolio.importers.broker_table import Cells
from portfolio.importers.broker_values import date_in_order, date_parts, money, slash_order
from portfolio.importers.fingerprints import Fingerprints
from portfolio.importers.firstrade.record import ZERO, Record
from portfolio.importers.money_check import CENT, adds_up
from portfolio.importers.rows import Problem
from portfolio.importers.source_rows import SourceRows
from portfolio.importers.symbols import cusip_cell
from portfolio.importers.text import FileError
from portfolio.written_values import UnreadableError

_HISTORY_WORDS = {
    "買進": "BUY", "賣出": "SELL", "股息": "DIVIDEND", "利息": "INTEREST", "存款": "DEPOSIT", "匯款": "DEPOSIT",
    "其他": "OTHER", "其它": "OTHER",
}  # fmt: skip
_ACTIONS = frozenset({"BUY", "SELL", "DIVIDEND", "INTEREST", "OTHER"})
_LONGEST_SETTLEMENT = 7  # days, holidays among them
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
# a price has four decimals
_PRICE_STEP = Decimal("0.00005")


def date_order(dates: Sequence[tuple[int, str, str]]) -> str:
    """Return the order of the parts of the file's dates, mdy or dmy; ymd where all have the year in front.

    A day beyond 12 tells, else that trades settle some days later. Raises FileError where neither does.

    dates: line, trade date and settlement date of each row.
    """
    texts = [text for _, *pair in dates for text in pair]
    slashed = [text for text in texts if (parts := date_parts(text)) is not None and parts[0] <= 31]
    if not slashed:
        return "ymd"
    if order := slash_order(slashed):
        return order
    fitting = [order for order in ("mdy", "dmy") if all(_settles(traded, settled, order) for _, traded, settled in dates)]
    if len(fitting) != 1:
        words = f"dates such as {slashed[0]} could be month-first or day-first; download the file again, unchanged"
        raise FileError(words, line=dates[0][0], column="TradeDate")
    return fitting[0]


def _settles(traded: str, settled: str, order: str) -> bool:
    try:
        days = date_in_order(settled, order=order) - date_in_order(traded, order=order)
    except UnreadableError:
        return not settled
    return 0 <= days.days <= _LONGEST_SETTLEMENT


class CellReader:
    """Reads rows into records; a row with a cell that cannot be read is put to a person, one without a date is refused."""

    def __init__(self, rows: SourceRows, order: str, today: dt.date, *, is_history: bool) -> None:
        self._rows = rows
        self._order = order
        self._today = today
        self._is_history = is_history
        self._ids = Fingerprints("firstrade")

    def record(self, cells: Cells) -> Record | None:
        """Return a row as a record; None where it was refused or asked about."""
        try:
            date = date_in_order(cells["tradedate"], order=self._order)
        except UnreadableError as error:
            self._rows.reject(Problem(cells.line, "TradeDate", str(error)))
            return None
        if date > self._today:
            self._rows.reject(Problem(cells.line, "TradeDate", f"{date} lies in the future"))
            return None
        numbers = self._numbers(cells)
        action = self._action(cells)
        if numbers is None or action is None:
            return None
        return self._record(cells, date, action, numbers)

    def _action(self, cells: Cells) -> str | None:
        word = cells["action"].upper()
        action = _HISTORY_WORDS.get(word, "") if self._is_history else word
        if self._is_history and word in _ACTIONS:
            action = word
        if action not in _ACTIONS and action != "DEPOSIT":
            self._rows.review(review_reasons.unknown_word(line=cells.line, column="Action", word=cells["action"]))
            return None
        return action

    def _numbers(self, cells: Cells) -> dict[str, Decimal | None] | None:
        found: dict[str, Decimal | None] = {}
        for name in ("quantity", "price", "amount", "interest", "commission", "fee"):
            try:
                found[name] = money(cells[name])
            except UnreadableError as error:
                self._rows.review(review_reasons.unreadable(line=cells.line, column=name.title(), reason=str(error)))
                return None
        return found

    def _record(self, cells: Cells, date: dt.date, action: str, numbers: dict[str, Decimal | None]) -> Record:
        quantity, amount = numbers["quantity"] or ZERO, numbers["amount"] or ZERO
        fee = abs((numbers["commission"] or ZERO) + (numbers["fee"] or ZERO))
        is_trade = cells["recordtype"].upper() == "TRADE" or (self._is_history and action in {"BUY", "SELL"})
        if self._is_history and is_trade:
            fee = _charge(action, abs(quantity), numbers["price"], abs(amount))
        text = cells["description"].upper()
        symbol = cells["symbol"].upper()
        # blanks inside the description are padding that a spreadsheet may have taken away
        words = "".join(text.split())
        return Record(
            line=cells.line,
            date=date,
            settled=_optional_date(cells["settleddate"], self._order),
            action=action,
            is_trade=is_trade,
            text=text,
            symbol=symbol,
            cusip=cusip_cell(cells["cusip"]),
            is_cusip_lost=bool(_SCIENTIFIC.fullmatch(cells["cusip"])),
            quantity=quantity,
            price=numbers["price"],
            amount=amount,
            interest=numbers["interest"] or ZERO,
            fee=fee,
            external_id=self._ids.of(date, action, symbol, quantity, amount, fee, words),
        )


def _charge(action: str, quantity: Decimal, price: Decimal | None, amount: Decimal) -> Decimal:
    """Return the charges of a trade on the history page: what lies between its amount and quantity × price."""
    if not price or not quantity:
        return ZERO
    expected = quantity * price
    charge = (amount - expected if action == "BUY" else expected - amount).quantize(CENT, ROUND_HALF_UP)
    is_rounding = charge <= quantity * _PRICE_STEP
    return ZERO if is_rounding or not adds_up(amount=amount, expected=expected) else charge


def _optional_date(text: str, order: str) -> dt.date | None:
    try:
        return date_in_order(text, order=order)
    except UnreadableError:
        return None
