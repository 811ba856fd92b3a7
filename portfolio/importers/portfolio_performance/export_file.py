"""The format portfolio-performance: rows of an account or a portfolio export become ledger rows. Pure.

A purchase stands in both exports; its id is made from what the two have in common, so it counts once.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import Kind
from portfolio.importers.broker_values import date_in_order
from portfolio.importers.fingerprints import Fingerprints
from portfolio.importers.kept_digits import kept
from portfolio.importers.portfolio_performance.layout import Row, export_of, is_export
from portfolio.importers.review_reasons import masked, unexpected_sign, unknown_word, unpaired
from portfolio.importers.row_order import oldest_first
from portfolio.importers.rows import ZERO, LedgerRow, Problem, Reading, Security
from portfolio.importers.source_rows import SourceRows
from portfolio.importers.symbols import is_isin
from portfolio.importers.text import FileError
from portfolio.written_values import UnreadableError, time

_WORDS = {
    Kind.BUY: ("Buy", "Kauf", "買入"),
    Kind.SELL: ("Sell", "Verkauf", "賣出"),
    Kind.DEPOSIT: ("Deposit", "Einlage", "存款"),
    Kind.WITHDRAWAL: ("Removal", "Entnahme", "取款"),
    Kind.INTEREST: ("Interest", "Zinsen", "利息"),
    Kind.INTEREST_CHARGE: ("Interest Charge", "Zinsbelastung", "利息徵費"),
    Kind.DIVIDEND: ("Dividend", "Dividende", "股息"),
    Kind.FEE: ("Fees", "Gebühren", "費用"),
    Kind.FEE_REFUND: ("Fees Refund", "Gebührenerstattung", "費用退款"),
    Kind.TAX: ("Taxes", "Steuern", "稅款"),
    Kind.TAX_REFUND: ("Tax Refund", "Steuerrückerstattung", "退稅"),
    Kind.DELIVERY_IN: ("Delivery (Inbound)", "Einlieferung", "交付（入庫）"),
    Kind.DELIVERY_OUT: ("Delivery (Outbound)", "Auslieferung", "交付（出庫）"),
}


def _word(text: str) -> str:
    return text.replace("（", "(").replace("）", ")").replace(" ", "").casefold()


_KIND_OF = {_word(word): kind for kind, words in _WORDS.items() for word in words}
_TRANSFERS = {
    _word(word): direction
    for direction, words in {
        "in": ("Transfer (Inbound)", "Umbuchung (Eingang)", "轉入"),
        "out": ("Transfer (Outbound)", "Umbuchung (Ausgang)", "轉出"),
    }.items()
    for word in words
}
_TRADES = frozenset({Kind.BUY, Kind.SELL, Kind.DELIVERY_IN, Kind.DELIVERY_OUT})
# charges are inside what was paid, and missing from what was received
_PAID = frozenset({Kind.BUY, Kind.DELIVERY_IN})
_WITH_CHARGES = _TRADES | {Kind.DIVIDEND, Kind.INTEREST}
_NEVER_NEGATIVE = frozenset({Kind.DEPOSIT, Kind.DIVIDEND, Kind.INTEREST, Kind.FEE_REFUND, Kind.TAX_REFUND})
_ON_SECURITY = _TRADES | {Kind.DIVIDEND}
_MAY_HAVE_SYMBOL = _ON_SECURITY | {Kind.FEE, Kind.FEE_REFUND, Kind.TAX, Kind.TAX_REFUND}
_LONGEST_SYMBOL = 40
_HALF_A_CENT = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row whose day and numbers could be read."""

    row: Row
    date: dt.date
    time: dt.time | None
    value: Decimal  # signed as printed
    shares: Decimal
    fees: Decimal
    taxes: Decimal

    @property
    def line(self) -> int:
        return self.row.line

    @property
    def symbol(self) -> str:
        names = (self.row["ticker"], self.row["isin"], self.row["wkn"], self.row["name"])
        return next((name for name in names if name and len(name) <= _LONGEST_SYMBOL), "")


def recognises(*, data: bytes) -> bool:
    """Say whether a file is such an export."""
    return is_export(data)


def read(*, data: bytes, today: dt.date, account: str = "") -> Reading:
    """Return the rows of an export. Raises FileError; without an account's name, since the file has none."""
    export = export_of(data)
    rows = SourceRows(row.line for row in export.rows)
    if not export.rows:
        rows.warn(export.header_line, "", "the file has a header and no rows", "no_rows")
    elif not account:
        raise FileError("names no account; say which with --account NAME, the same for an account and its portfolio")
    entries = [entry for row in export.rows if (entry := _entry(row, rows, today)) is not None]
    entries = oldest_first(entries, date=lambda entry: entry.date, spends=lambda entry: _kind(entry) == Kind.BUY)
    if export.is_old_account and any(_kind(entry) in {Kind.BUY, Kind.SELL} for entry in entries):
        words = "the export of a cash account has no fees and taxes: trades are booked with them inside; prefer the portfolio's"
        rows.warn(0, "", words, "no_charges")
    _take_out_transfers(entries, rows)
    ids = _ids(entries, rows)
    for entry in entries:
        if not rows.is_settled(entry.line):
            _book(entry, account, ids[entry.line], rows)
    return rows.reading()


def _entry(row: Row, rows: SourceRows, today: dt.date) -> _Entry | None:
    try:
        day, _, clock = row["date"].replace(" ", "T").partition("T")
        # the program writes the year first; German spreadsheets make 15.03.2025 of it
        date = date_in_order(day, order="dmy" if "." in day else "ymd")
        # a date of its own comes at midnight
        moment = time(clock) if clock else None
        value = row.number("value")
        if value is None:
            raise UnreadableError("the value is blank")
        numbers = [row.number(name) or ZERO for name in ("shares", "fees", "taxes")]
    except UnreadableError as error:
        rows.reject(Problem(row.line, "", str(error)))
        return None
    if date > today:
        rows.reject(Problem(row.line, "Date", f"{date} lies in the future"))
        return None
    if not is_currency(row["currency"]):
        rows.reject(Problem(row.line, "Transaction Currency", f'"{row["currency"][:10]}" is no currency code'))
        return None
    return _Entry(row, date, moment if moment != dt.time.min else None, value, *map(abs, numbers))


def _kind(entry: _Entry) -> Kind | None:
    return _KIND_OF.get(_word(entry.row["type"]))


def _take_out_transfers(entries: list[_Entry], rows: SourceRows) -> None:
    """Skip both halves of what moved between accounts of one file; one half alone is put to a person."""
    halves: dict[tuple[object, ...], list[_Entry]] = {}
    for entry in entries:
        direction = _TRANSFERS.get(_word(entry.row["type"]))
        if direction is None:
            continue
        key = (entry.date, entry.symbol, entry.shares, abs(entry.value), entry.row["currency"])
        waiting = halves.setdefault(key, [])
        partner = next((each for each in waiting if _TRANSFERS[_word(each.row["type"])] != direction), None)
        if partner is None:
            waiting.append(entry)
            continue
        waiting.remove(partner)
        rows.skip(entry.line, partner.line)
        words = "moved between accounts that the file does not name, and both halves are in it: nothing changes"
        rows.warn_once("transfer", partner.line, words)
    for waiting in halves.values():
        for entry in waiting:
            rows.review(unpaired(line=entry.line, column="Type", word=entry.row["type"]))


def _ids(entries: list[_Entry], rows: SourceRows) -> dict[int, str]:
    """Return an id for each row; the two sides of one trade, which differ in sign alone, share one and count once."""
    sides = {True: Fingerprints("portfolio-performance"), False: Fingerprints("portfolio-performance")}
    ids: dict[int, str] = {}
    seen: Counter[str] = Counter()
    for entry in entries:
        row, kind = entry.row, _kind(entry)
        is_trade = kind in {Kind.BUY, Kind.SELL}
        said = (entry.date, str(kind or row["type"]), entry.symbol, entry.shares, abs(entry.value), row["currency"])
        note = "" if is_trade else row["note"]
        ids[entry.line] = sides[entry.value < 0 and is_trade].of(*said, note)
        seen[ids[entry.line]] += 1
        if seen[ids[entry.line]] > 1:
            rows.skip(entry.line)
            rows.warn(entry.line, "", "is the other side of a trade that is in the file already: skipped", "other_side")
    return ids


def _book(entry: _Entry, account: str, external_id: str, rows: SourceRows) -> None:
    row, kind = entry.row, _kind(entry)
    if kind is None:
        rows.review(unknown_word(line=entry.line, column="Type", word=row["type"] or "a blank type"))
        return
    if entry.value < 0 and kind in _NEVER_NEGATIVE:
        rows.review(unexpected_sign(line=entry.line, column="Value", word=row["type"], amount=entry.value))
        return
    if kind in _ON_SECURITY and (not entry.symbol or (kind in _TRADES and not entry.shares)):
        rows.review(Problem(entry.line, "Shares", "names no security or no shares; enter the row by hand", "unreadable"))
        return
    charges = entry.fees + entry.taxes
    gross = abs(entry.value)
    if kind in _WITH_CHARGES:
        gross += -charges if kind in _PAID else charges
    if gross <= 0:
        rows.review(unexpected_sign(line=entry.line, column="Value", word=row["type"], amount=gross))
        return
    symbol = entry.symbol if kind in _MAY_HAVE_SYMBOL else ""
    try:
        rate = _rate(entry, gross)
    except UnreadableError as error:
        rows.reject(Problem(entry.line, "", str(error)))
        return
    if symbol:
        rows.security(symbol, _security(row))
    is_charged = kind in _WITH_CHARGES
    rows.book(
        LedgerRow(
            lines=(entry.line,),
            date=entry.date,
            time=entry.time,
            kind=kind,
            account=account,
            symbol=symbol,
            quantity=entry.shares if kind in _TRADES else None,
            amount=gross,
            currency=row["currency"],
            fee=entry.fees if is_charged else ZERO,
            tax=entry.taxes if is_charged else ZERO,
            fx_rate=rate if kind in _ON_SECURITY else None,
            tax_year=entry.date.year if kind in {Kind.TAX, Kind.TAX_REFUND} else None,
            note=masked(row["note"]),
            external_id=external_id,
        )
    )


def _security(row: Row) -> Security:
    isin, currency = row["isin"].upper(), row["gross_currency"] or row["currency"]
    return Security(
        isin=isin if is_isin(isin) else "", name=row["name"][:160], currency=currency if is_currency(currency) else ""
    )


def _rate(entry: _Entry, gross: Decimal) -> Decimal | None:
    """Return account currency per 1 unit of the security's, from the two gross amounts that the file gives."""
    row = entry.row
    foreign = abs(row.number("gross") or ZERO)
    if not foreign or row["gross_currency"] in {"", row["currency"]}:
        return None
    rate = kept(gross / foreign)
    printed = row.number("rate")
    # the printed rate, in either direction, is used where it makes the very same amount
    for each in (printed, kept(1 / printed) if printed else None):
        if each and each > 0 and abs(foreign * each - gross) <= _HALF_A_CENT:
            return each
    return rate or None
