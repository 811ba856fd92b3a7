"""The transaction history of the client portal: sections in one CSV, all money in the account's base currency. Pure."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import InstrumentType, Kind
from portfolio.importers.broker_table import Line, all_lines, head_lines
from portfolio.importers.broker_values import date_in_order
from portfolio.importers.fingerprints import Fingerprints, joined
from portfolio.importers.ibkr.flex_csv import SOURCE
from portfolio.importers.kept_digits import kept, rounded_money
from portfolio.importers.money_check import adds_up, price_to_book
from portfolio.importers.review_reasons import (
    cancel_without_trade,
    does_not_add_up,
    masked,
    masked_account,
    unexpected_sign,
    unknown_word,
)
from portfolio.importers.row_order import oldest_first
from portfolio.importers.rows import ZERO, LedgerRow, Problem, Reading, Security
from portfolio.importers.source_rows import SourceRows
from portfolio.importers.symbols import is_cusip
from portfolio.importers.text import FileError, decode
from portfolio.written_values import UnreadableError, plain

_SECTION = "transaction history"
_NEEDED = ("date", "transaction type", "net amount")
# (kind of money received, kind of money paid); None: the other direction takes something back
_KINDS: dict[str, tuple[Kind | None, Kind | None]] = {
    "dividend": (Kind.DIVIDEND, None),
    "payment in lieu": (Kind.PAYMENT_IN_LIEU, None),
    "foreign tax withholding": (Kind.TAX_REFUND, Kind.TAX),
    "credit interest": (Kind.INTEREST, None),
    "debit interest": (None, Kind.INTEREST_CHARGE),
    "deposit": (Kind.DEPOSIT, None),
    "withdrawal": (None, Kind.WITHDRAWAL),
    "other fee": (Kind.FEE_REFUND, Kind.FEE),
    "forex trade component": (Kind.FEE_REFUND, Kind.FEE),
    "adjustment": (Kind.FEE_REFUND, Kind.FEE),
}
_TRADES = {"buy": Kind.BUY, "sell": Kind.SELL}
_ON_UNITS = frozenset({Kind.DIVIDEND, Kind.PAYMENT_IN_LIEU, Kind.RETURN_OF_CAPITAL})
_LENDING = re.compile(r"SYEP|MANAGED SECURITIES|STOCK YIELD ENHANCEMENT", re.IGNORECASE)
_ON_INTEREST = re.compile(r"WITHHOLDING @ [0-9.]+ ?% ON (.*)", re.IGNORECASE)
_HUNDREDTH = Decimal("0.01")
# a bond goes by issuer, coupon and maturity, and its price is per 100: T 4 5/8 02/28/26
_BOND = re.compile(r"\S+ [0-9.]+(?: [0-9]+/[0-9]+)? [0-9]{2}/[0-9]{2}/[0-9]{2}.*")
_TRANSLATION = re.compile(r"FX TRANSLATION", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row of the history."""

    line: int
    cells: dict[str, str]
    account: str
    date: dt.date
    net: Decimal  # + received, base currency
    external_id: str

    @property
    def word(self) -> str:
        return self.cells.get("transaction type", "")

    @property
    def symbol(self) -> str:
        return self.cells.get("symbol", "")

    @property
    def description(self) -> str:
        return self.cells.get("description", "")

    def number(self, name: str) -> Decimal | None:
        return rounded_money(self.cells.get(name, ""))


@dataclass(frozen=True, slots=True)
class _File:
    base: str
    change: str  # of cash, as the summary prints it
    entries: list[tuple[int, dict[str, str]]]


def recognises(*, data: bytes) -> bool:
    """Say whether a history's header stands near the top."""
    try:
        lines = head_lines(data)
    except FileError:
        return False
    return any(_is_header(line) for line in lines)


def _is_header(line: Line) -> bool:
    cells = [cell.casefold() for cell in line.cells]
    return cells[:2] == [_SECTION, "header"] and "transaction type" in cells


def read(*, data: bytes, today: dt.date, account: str = "") -> Reading:
    """Return the rows of a transaction history. Raises FileError where its base currency or a column is missing."""
    file = _file(all_lines(decode(data, western=True).text))
    rows = SourceRows(line for line, _ in file.entries)
    entries = _entries(file, _accounts(file, account), rows, today)
    standing = _without_reversals(entries, rows)
    booked = _Booked(file.base, rows)
    kinds = {entry.line: kind for entry in standing if (kind := _kind(entry, rows)) is not None}
    taxes = _taxes_of_payments(standing, kinds)
    merged = {tax.line for tax in taxes.values()}
    for entry in standing:
        if entry.line not in merged:
            booked.book(entry, kinds.get(entry.line), taxes.get(entry.line))
    _compare_change(file, entries, rows)
    return rows.reading()


def _file(lines: Iterable[Line]) -> _File:
    base = change = ""
    names: list[str] = []
    entries: list[tuple[int, dict[str, str]]] = []
    for line in lines:
        cells = [*line.cells, "", "", ""]
        section, mark = cells[0].casefold(), cells[1].casefold()
        if section == "summary" and mark == "data":
            base = cells[3].upper() if cells[2].casefold() == "base currency" else base
            change = cells[3] if cells[2].casefold() == "change" else change
        elif _is_header(line):
            names = [cell.casefold() for cell in line.cells[2:]]
            if missing := [name for name in _NEEDED if name not in names]:
                raise FileError(f"the history's header lacks {', '.join(missing)}", line=line.number, column=missing[0])
        elif section == _SECTION and mark == "data" and names:
            entries.append((line.number, dict(zip(names, line.cells[2:], strict=False))))
    if not is_currency(base):
        raise FileError("names no base currency in its summary, and all money is in that; download the whole report")
    return _File(base, change, entries)


def _accounts(file: _File, account: str) -> dict[int, str]:
    """Return the account of each row. A number with stars in it is no name: it could be any of several accounts."""
    named = {cells.get("account", "") for _, cells in file.entries} - {""}
    only = next(iter(named)) if len(named) == 1 else ""
    if account and only and "*" not in only and account != only:
        raise FileError(f"is of account {masked_account(only)}, not of {account}; leave the account out or correct it")
    if not account and (not named or any(not cells.get("account") for _, cells in file.entries)):
        raise FileError("names no account; say which with --account NAME")
    alias = account if account and len(named) <= 1 else ""
    return {line: alias or cells.get("account", "") or account for line, cells in file.entries}


def _entries(file: _File, accounts: dict[int, str], rows: SourceRows, today: dt.date) -> list[_Entry]:
    """Return the rows that can be read, the oldest first."""
    found: list[_Entry] = []
    fingerprints = Fingerprints(SOURCE)
    said = ("transaction type", "symbol", "description", "quantity", "price", "gross amount", "commission")
    for line, cells in file.entries:
        try:
            date = date_in_order(cells.get("date", ""), order="ymd")
            net = rounded_money(cells.get("net amount", ""))
            if net is None:
                raise UnreadableError("the net amount is blank")
        except UnreadableError as error:
            rows.reject(Problem(line, "", str(error)))
            continue
        if date > today:
            rows.reject(Problem(line, "Date", f"{date} lies in the future"))
            continue
        external_id = fingerprints.of(date, net, *(_same(cells.get(name, "")) for name in said))
        found.append(_Entry(line, cells, accounts[line], date, net, external_id))
    return oldest_first(found, date=lambda entry: entry.date, spends=lambda entry: entry.word.casefold() == "buy")


def _same(text: str) -> Decimal | str:
    """Return a cell as ids see it: a number however it is written."""
    try:
        return rounded_money(text) or text
    except UnreadableError:
        return text


def _kind(entry: _Entry, rows: SourceRows) -> Kind | None:
    word = entry.word.casefold()
    if word in _TRADES:
        return _TRADES[word]
    pair = _KINDS.get(word)
    if pair is None or (word == "adjustment" and not _TRANSLATION.search(entry.description)):
        rows.review(unknown_word(line=entry.line, column="Transaction Type", word=f"{entry.word}: {entry.description}"))
        return None
    if not entry.net:
        rows.skip(entry.line)
        return None
    kind = pair[entry.net < 0]
    if kind is None:
        rows.review(cancel_without_trade(line=entry.line, column="Net Amount", word=f"{entry.word} {plain(entry.net)}"))
        return None
    if kind == Kind.DIVIDEND and "(RETURN OF CAPITAL)" in entry.description.upper():
        kind = Kind.RETURN_OF_CAPITAL
    if kind == Kind.INTEREST and _LENDING.search(entry.description):
        kind = Kind.LENDING_REBATE
    if kind in _ON_UNITS and not entry.symbol:
        rows.review(Problem(entry.line, "Symbol", "is blank; which security paid?", "unreadable"))
        return None
    return kind


def _without_reversals(entries: list[_Entry], rows: SourceRows) -> list[_Entry]:
    """Take out income that was paid back, with the one row that paid it."""
    gone: set[int] = set()
    by_money: dict[tuple[str, str, str, Decimal], list[_Entry]] = defaultdict(list)
    for entry in entries:
        by_money[entry.account, entry.word.casefold(), entry.symbol, entry.net].append(entry)
    for entry in entries:
        pair = _KINDS.get(entry.word.casefold())
        if pair is None or not entry.net or pair[entry.net < 0] is not None:
            continue
        found = [
            each
            for each in by_money[entry.account, entry.word.casefold(), entry.symbol, -entry.net]
            if each.date <= entry.date and each.line not in gone
        ]
        if len({(each.date, each.description) for each in found}) == 1:
            gone |= {entry.line, found[0].line}
            rows.skip(entry.line, found[0].line)
            rows.cancel(entry.account, found[0].external_id)
            rows.warn(entry.line, "", f"takes back line {found[0].line}; neither is booked", "cancelled")
    return [entry for entry in entries if entry.line not in gone]


def _taxes_of_payments(entries: list[_Entry], kinds: dict[int, Kind]) -> dict[int, _Entry]:
    """Return, by the line of a payment, its one tax row."""
    payments: dict[tuple[str, str, dt.date], list[_Entry]] = defaultdict(list)
    for entry in entries:
        kind = kinds.get(entry.line)
        if kind in _ON_UNITS or kind == Kind.INTEREST:
            payments[entry.account, entry.symbol if kind in _ON_UNITS else "", entry.date].append(entry)
    found: dict[int, _Entry] = {}
    for tax in entries:
        if kinds.get(tax.line) != Kind.TAX:
            continue
        on_interest = _ON_INTEREST.search(tax.description)
        key = (tax.account, "" if on_interest else tax.symbol, tax.date)
        if not on_interest and not tax.symbol:
            continue
        near = [each for each in payments.get(key, []) if each.line not in found]
        named = [each for each in near if on_interest and on_interest[1].upper().strip() in each.description.upper()]
        if named or (near and (not on_interest or len(near) == 1)):
            found[(named or near)[0].line] = tax
    return found


class _Booked:
    """Makes ledger rows in the base currency."""

    def __init__(self, base: str, rows: SourceRows) -> None:
        self._base = base
        self._rows = rows

    def book(self, entry: _Entry, kind: Kind | None, tax: _Entry | None) -> None:
        """Book one row, with its tax where it has one."""
        if kind is None:
            return
        try:
            row = self._trade(entry, kind) if kind in {Kind.BUY, Kind.SELL} else self._cash(entry, kind)
        except UnreadableError as error:
            self._rows.reject(Problem(entry.line, "", str(error)))
            return
        if row is None:
            return
        if tax is not None:
            ids = joined([row.external_id, tax.external_id])
            row = replace(row, lines=(*row.lines, tax.line), tax=-tax.net, external_id=ids)
        self._rows.book(row)

    def _row(self, entry: _Entry, kind: Kind) -> LedgerRow:
        return LedgerRow(
            lines=(entry.line,),
            date=entry.date,
            kind=kind,
            account=entry.account,
            symbol=entry.symbol,
            currency=self._base,
            external_id=entry.external_id,
        )

    def _cash(self, entry: _Entry, kind: Kind) -> LedgerRow | None:
        is_tax, is_move = kind in {Kind.TAX, Kind.TAX_REFUND}, kind in {Kind.DEPOSIT, Kind.WITHDRAWAL}
        row = replace(
            self._row(entry, kind),
            amount=abs(entry.net),
            tax_year=entry.date.year if is_tax else None,
            # names of people and banks may stand in a deposit's text
            note="" if is_move else masked(entry.description),
        )
        if entry.word.casefold() in {"forex trade component", "adjustment"}:
            words = "is what exchanging or revaluing foreign cash left over; kept as a fee so that the cash agrees"
            self._rows.warn_once("currency_remainder", entry.line, words)
            row = replace(row, symbol="", note=f"currency remainder: {row.note or entry.word}")
        return replace(row, symbol="") if is_move else row

    def _trade(self, entry: _Entry, kind: Kind) -> LedgerRow | None:
        quantity, price = entry.number("quantity") or ZERO, entry.number("price")
        fee = -(entry.number("commission") or ZERO)
        gross = entry.number("gross amount")
        if gross is None:
            gross = entry.net + fee
        is_buy = kind == Kind.BUY
        if not quantity or not gross or not entry.symbol:
            self._rows.review(Problem(entry.line, "", "is a trade without its symbol, quantity or amount", "unreadable"))
            return None
        if (quantity > 0) != is_buy or (gross < 0) != is_buy:
            self._rows.review(unexpected_sign(line=entry.line, column="Quantity", word=entry.word, amount=quantity))
            return None
        if not adds_up(amount=entry.net, expected=gross - fee):
            parts = "gross amount + commission"
            self._rows.review(
                does_not_add_up(line=entry.line, column="Net Amount", amount=entry.net, expected=gross - fee, parts=parts)
            )
            return None
        row = replace(self._row(entry, kind), quantity=abs(quantity), amount=abs(gross), fee=max(fee, ZERO))
        if fee < 0:
            refund = replace(self._row(entry, Kind.FEE_REFUND), amount=-fee, external_id=f"{entry.external_id}f")
            self._rows.book(refund)
        return self._priced(entry, row, price)

    def _priced(self, entry: _Entry, row: LedgerRow, price: Decimal | None) -> LedgerRow | None:
        """Add the price, which is in the security's own currency, and the rate where that is not the base."""
        quantity, amount = row.quantity or ZERO, row.amount or ZERO
        traded_in = entry.cells.get("price currency", "").upper() or self._base
        unit = _HUNDREDTH if _BOND.fullmatch(row.symbol) or is_cusip(row.symbol) else Decimal(1)
        is_bond = unit == _HUNDREDTH
        security = Security(
            cusip=row.symbol if is_cusip(row.symbol) else "",
            name=entry.description[:160],
            type=InstrumentType.BOND if is_bond else "",
            currency=traded_in if is_currency(traded_in) else "",
            price_unit=unit if is_bond else None,
        )
        expected = quantity * (price or ZERO) * unit
        if not price or traded_in == self._base or not is_currency(traded_in):
            fits = not price or adds_up(amount=amount, expected=expected)
            if not fits and "price currency" in entry.cells:
                parts = "quantity × price"
                self._rows.review(
                    does_not_add_up(line=entry.line, column="Gross Amount", amount=amount, expected=expected, parts=parts)
                )
                return None
            if not fits:
                words = f"{row.symbol} seems to trade in another currency than {self._base}, which the file does not name"
                self._rows.warn(entry.line, "Price", f"{words}; correct the instrument", "currency_unknown")
                security = replace(security, currency="")
            kept_price = price_to_book(quantity=quantity, price=price, amount=amount, price_unit=unit) if fits else None
            row = replace(row, price=kept_price)
        else:
            rate, own = entry.number("exchange rate"), kept(amount / expected)
            row = replace(row, price=price, fx_rate=rate if rate and adds_up(amount=own, expected=rate, cent=ZERO) else own)
        self._rows.security(row.symbol, security)
        return row


def _compare_change(file: _File, entries: list[_Entry], rows: SourceRows) -> None:
    try:
        change = rounded_money(file.change)
    except UnreadableError:
        return
    total = sum((entry.net for entry in entries), ZERO)
    if change is not None and not adds_up(amount=total, expected=change, cent=Decimal("0.02")):
        words = f"the rows add up to {plain(total)}, the summary's change is {plain(change)}; is the file complete?"
        rows.warn(0, "", words, "control_total")
