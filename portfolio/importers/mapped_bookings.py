"""Rows of a mapped file become ledger rows or questions. Knows fields and words, not columns. Pure."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import CASH_IN, DISPOSALS, INCOME, TRADES, Kind
from portfolio.engine.row_rules import missing_fields
from portfolio.importers import review_reasons
from portfolio.importers.broker_table import folded
from portfolio.importers.fingerprints import Fingerprints
from portfolio.importers.mapped_values import mapped_date, mapped_number, plain_text
from portfolio.importers.mapping import NET, REVIEW, SKIP, Mapping
from portfolio.importers.money_check import adds_up, price_to_book
from portfolio.importers.rows import LedgerRow, Problem, Security
from portfolio.importers.source_rows import SourceRows
from portfolio.written_values import UnreadableError, time

ZERO = Decimal(0)
_CODE_AND_NAME = re.compile(r"([0-9A-Z]{2,12})\s+(\S.*)")
_NUMBERS = (
    "quantity",
    "units_in",
    "units_out",
    "price",
    "amount",
    "net_amount",
    "cash_in",
    "cash_out",
    "accrued_interest",
    "fx_rate",
)
_UNITS_LEAVE = DISPOSALS | {Kind.TRANSFER}
_CURRENCIES = {
    "NTD": "TWD",
    "NT$": "TWD",
    "新台幣": "TWD",
    "台幣": "TWD",
    "臺幣": "TWD",
    "美元": "USD",
    "美金": "USD",
    "日圓": "JPY",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of a row. Units and cash carry the direction as far as the file tells it."""

    units: Decimal | None  # scaled
    price: Decimal | None  # scaled
    amount: Decimal | None
    net: Decimal | None  # what moved after charges; + arrives
    fee: Decimal
    tax: Decimal
    accrued: Decimal
    fx_rate: Decimal | None


class MappedRows:
    """Takes rows as cells by field, and books them in the order of their dates."""

    def __init__(self, rows: SourceRows, mapping: Mapping, today: dt.date, account: str) -> None:
        self._rows = rows
        self._mapping = mapping
        self._today = today
        self._account = account or mapping.constants.get("account", "")
        self._words = {folded(plain_text(word)): meaning for word, meaning in mapping.words.items()}
        self._ids = Fingerprints("mapped")
        self._found: list[LedgerRow] = []

    def book(self, *, order: Callable[[list[LedgerRow]], list[LedgerRow]]) -> None:
        """Book everything that was taken."""
        self._rows.book(*order(self._found))

    def take(self, line: int, cells: dict[str, list[str]]) -> None:
        """Read one row, or ask about it."""
        try:
            date = mapped_date(_one(cells, "date"), style=self._mapping.dates)
            meaning = self._meaning(line, cells)
            figures = self._figures(cells) if meaning else None
        except UnreadableError as error:
            self._rows.review(review_reasons.unreadable(line=line, column="", reason=str(error)))
            return
        if date > self._today:
            self._rows.reject(Problem(line, "date", f"{date} lies in the future; is the style of dates right?"))
        elif figures is not None and (kind := self._kind(line, cells, meaning, figures)) is not None:
            self._add(line, cells, date, kind, figures)

    def _meaning(self, line: int, cells: dict[str, list[str]]) -> str:
        """Return what the row's word means; "" where it is skipped or asked about."""
        word = plain_text(_one(cells, "type"))
        meaning = self._words.get(folded(word)) if word else None
        meaning = meaning or self._mapping.constants.get("type", "")
        if meaning == SKIP:
            self._rows.skip(line)
            return ""
        if not meaning:
            self._rows.review(review_reasons.unknown_word(line=line, column="type", word=word or "(blank)"))
        elif meaning == REVIEW:
            reason = f"“{review_reasons.short(word)}” is a word that the mapping leaves to you; enter the row by hand"
            self._rows.review(Problem(line, "type", reason, "left_to_you"))
        return "" if meaning == REVIEW else meaning

    def _figures(self, cells: dict[str, list[str]]) -> Figures:
        decimal = self._mapping.decimal
        found = {name: mapped_number(_one(cells, name), decimal=decimal) for name in _NUMBERS}
        fee, tax = (
            sum((abs(mapped_number(cell, decimal=decimal) or ZERO) for cell in cells.get(name, ())), ZERO)
            for name in ("fee", "tax")
        )
        units = found["quantity"]
        if units is None and (found["units_in"] or found["units_out"]):
            units = abs(found["units_in"] or ZERO) - abs(found["units_out"] or ZERO)
        net = found["net_amount"]
        if net is None and (found["cash_in"] or found["cash_out"]):
            net = abs(found["cash_in"] or ZERO) - abs(found["cash_out"] or ZERO)
        price = found["price"]
        scale = {name: Decimal(str(factor)) for name, factor in self._mapping.scale.items()}
        return Figures(
            units=units * scale.get("quantity", Decimal(1)) if units else None,
            price=price * scale.get("price", Decimal(1)) if price else None,
            amount=found["amount"],
            net=net,
            fee=fee,
            tax=tax,
            accrued=abs(found["accrued_interest"] or ZERO),
            fx_rate=found["fx_rate"] or None,
        )

    def _kind(self, line: int, cells: dict[str, list[str]], meaning: str, figures: Figures) -> Kind | None:
        """Return the type of a row, by direction where the word has one for each; None where signs contradict the word."""
        first, _, second = meaning.partition("|")
        arrives, leaves = Kind(first), Kind(second or first)
        cash = figures.net if figures.net is not None else figures.amount
        kind = arrives
        if second:
            direction = _direction(arrives, figures, cash, is_split=_has_two_columns(cells))
            if direction == 0:
                self._rows.review(Problem(line, "amount", "says neither what arrived nor what left", "unexpected_sign"))
                return None
            kind = arrives if direction > 0 else leaves
        is_negative_income = kind in CASH_IN and cash is not None and cash < 0
        units_leave = figures.units is not None and figures.units < 0 and kind not in _UNITS_LEAVE
        if is_negative_income or units_leave:
            amount = cash if is_negative_income else figures.units
            word = _one(cells, "type") or kind
            self._rows.review(review_reasons.unexpected_sign(line=line, column="amount", word=word, amount=amount or ZERO))
            return None
        return kind

    def _add(self, line: int, cells: dict[str, list[str]], date: dt.date, kind: Kind, figures: Figures) -> None:
        amount, price = self._money(line, kind, figures)
        if amount is not None and amount < 0:
            return
        symbol, name = _symbol(cells)
        currency = self._currency(cells)
        units = abs(figures.units) if figures.units else None
        account = plain_text(_one(cells, "account")) or self._account
        note = plain_text(_one(cells, "note"))
        filled = {
            "date", "kind", "account" if account else "", "instrument" if symbol else "", "quantity" if units else "",
            "price" if price else "", "amount" if amount is not None else "", "currency",
        }  # fmt: skip
        if missing := missing_fields(kind=kind, filled=filled):
            names = ", ".join("symbol" if each == "instrument" else each for each in missing)
            self._rows.review(Problem(line, names, f"is blank; a {kind} row needs it. Enter the row by hand", "incomplete"))
            return
        if currency and not is_currency(currency):
            self._rows.review(Problem(line, "currency", f"“{currency[:10]}” is no currency code", "unreadable"))
            return
        values = (date, kind, symbol, units, price, amount, figures.fee, figures.tax, currency, _one(cells, "external_id"))
        row = LedgerRow(
            lines=(line,), date=date, kind=kind, account=account, time=_time(cells), symbol=symbol, quantity=units,
            price=price, amount=amount, currency=currency, fee=figures.fee, tax=figures.tax, accrued_interest=figures.accrued,
            fx_rate=figures.fx_rate, note=review_reasons.masked(note)[:500], external_id=self._ids.of(*values),
        )  # fmt: skip
        if symbol and name:
            self._rows.security(symbol, Security(name=name))
        self._found.append(row)

    def _money(self, line: int, kind: Kind, figures: Figures) -> tuple[Decimal | None, Decimal | None]:
        """Return gross amount and price as the ledger takes them; the amount is negative where a question was put."""
        charges = figures.fee + figures.tax
        amount = abs(figures.amount) if figures.amount is not None else None
        net = abs(figures.net) if figures.net is not None else None
        style = self._mapping.trades if kind in TRADES else self._mapping.income if kind in INCOME else ""
        if amount is not None and net is None and style == NET:
            amount, net = None, amount
        extra = charges - figures.accrued if kind in DISPOSALS or kind in INCOME else -charges - figures.accrued
        if amount is None and net is not None:
            amount = net + extra if style else net
        elif amount is not None and net is not None and not adds_up(amount=net, expected=amount - extra):
            self._ask_of_sums(line, net, amount - extra, "the gross amount and the charges")
            return Decimal(-1), None
        if kind in INCOME and style == NET and not figures.tax and net is not None:
            words = "income was entered as it was paid: the file has no column for what was withheld from it"
            self._rows.warn_once("net_income", line, words)
        if kind in TRADES and figures.units and figures.price and amount is not None:
            expected = abs(figures.units) * figures.price
            if figures.fx_rate is None and not adds_up(amount=amount, expected=expected):
                self._ask_of_sums(line, amount, expected, "quantity × price")
                return Decimal(-1), None
            return amount, price_to_book(quantity=abs(figures.units), price=figures.price, amount=amount)
        return amount, figures.price

    def _ask_of_sums(self, line: int, amount: Decimal, expected: Decimal, parts: str) -> None:
        self._rows.review(
            review_reasons.does_not_add_up(line=line, column="amount", amount=amount, expected=expected, parts=parts)
        )

    def _currency(self, cells: dict[str, list[str]]) -> str:
        text = plain_text(_one(cells, "currency"))
        return _CURRENCIES.get(text.upper(), text) or self._mapping.constants.get("currency", "")


def _one(cells: dict[str, list[str]], name: str) -> str:
    return next(iter(cells.get(name, ())), "")


def _has_two_columns(cells: dict[str, list[str]]) -> bool:
    return bool(_one(cells, "units_in") or _one(cells, "units_out"))


def _direction(kind: Kind, figures: Figures, cash: Decimal | None, *, is_split: bool) -> int:
    """Return 1 where units or cash arrive, -1 where they leave, 0 where the row does not tell."""
    if kind not in TRADES:
        return _sign(cash)
    if figures.units is not None and (is_split or figures.units < 0):
        return _sign(figures.units)
    return -_sign(cash)


def _sign(value: Decimal | None) -> int:
    return 0 if not value else 1 if value > 0 else -1


def _symbol(cells: dict[str, list[str]]) -> tuple[str, str]:
    """Return code and name; the name stands for the code where there is none, until a person says what it means."""
    code, name = plain_text(_one(cells, "symbol")), plain_text(_one(cells, "name"))
    if found := _CODE_AND_NAME.fullmatch(code):
        code, name = found[1], name or found[2]
    # a spreadsheet keeps the zeros of 0050 only behind a sign of its own
    code = code.removeprefix("'").removeprefix('="').removesuffix('"')
    return (code.upper() if code.isascii() else code) or name, name


def _time(cells: dict[str, list[str]]) -> dt.time | None:
    text = plain_text(_one(cells, "time"))
    try:
        return time(text) if text else None
    except UnreadableError:
        return None
