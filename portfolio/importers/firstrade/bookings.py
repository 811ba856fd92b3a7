"""Firstrade records become ledger rows, skipped pairs, or questions: what each event books. Pure."""

import re
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from portfolio.engine.kinds import InstrumentType, Kind
from portfolio.importers import review_reasons
from portfolio.importers.broker_values import money
from portfolio.importers.firstrade.record import Record, text_date
from portfolio.importers.firstrade.words import REINVESTED_AT, Event, event_of
from portfolio.importers.money_check import adds_up, price_to_book
from portfolio.importers.rows import LedgerRow, Problem, Security
from portfolio.importers.source_rows import SourceRows
from portfolio.importers.symbols import is_cusip, looks_mangled

COLUMN = "Description"
HUNDREDTH = Decimal("0.01")
_AS_OF = re.compile(r"\bAS/OF ([0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4})")
_ADJUSTED_YEAR = re.compile(r"\b((?:19|20)[0-9]{2}) NRA W/H ADJ\b")
_REPORTED_YEAR = re.compile(r"\bAMOUNT INCLUDED ON ((?:19|20)[0-9]{2})-1099\b")
# event: the type where cash arrives, and where it leaves; None asks
_CASH: dict[Event, tuple[Kind | None, Kind | None]] = {
    Event.INTEREST: (Kind.INTEREST, None),
    Event.INTEREST_CHARGE: (None, Kind.INTEREST_CHARGE),
    Event.COUPON: (Kind.COUPON, None),
    Event.DEPOSIT: (Kind.DEPOSIT, None),
    Event.WITHDRAWAL: (None, Kind.WITHDRAWAL),
    Event.FEE: (None, Kind.FEE),
    Event.FEE_REFUND: (Kind.FEE_REFUND, None),
    Event.TAX: (Kind.TAX_REFUND, Kind.TAX),
    Event.TAX_REVERSAL: (Kind.TAX_REFUND, None),
    Event.TAX_ADJUSTMENT: (Kind.TAX_REFUND, Kind.TAX),
}
_WITHOUT_SYMBOL = frozenset({Event.INTEREST, Event.INTEREST_CHARGE, Event.DEPOSIT, Event.WITHDRAWAL})
PAYMENT_KINDS = {
    Event.DIVIDEND: Kind.DIVIDEND,
    Event.BARE_DIVIDEND: Kind.DIVIDEND,
    Event.LONG_TERM_GAIN: Kind.DIVIDEND,
    Event.SHORT_TERM_GAIN: Kind.DIVIDEND,
    Event.PAYMENT_IN_LIEU: Kind.PAYMENT_IN_LIEU,
    Event.LENDING_REBATE: Kind.LENDING_REBATE,
    Event.RETURN_OF_CAPITAL: Kind.RETURN_OF_CAPITAL,
}


class Bookings:
    """Books records one by one; payments with tax are booked by `income` with what other rows tell of them."""

    def __init__(self, rows: SourceRows, account: str) -> None:
        self.rows = rows
        self.account = account

    def book(self, record: Record) -> None:
        """Book a record or ask about it."""
        row = self.row_of(record)
        if row is not None:
            self.describe(record, row)
            self.rows.book(row)

    def row_of(self, record: Record, *, event: Event | None = None) -> LedgerRow | None:
        """Return the ledger row of a record; None where the question about it was put instead."""
        event = event or event_of(record)
        if event == Event.TRADE:
            return self._trade(record)
        if event == Event.REINVESTMENT:
            return self._reinvestment(record)
        if event in _CASH:
            return self._cash(record, event)
        self.rows.review(question(record, event))
        return None

    def base(self, record: Record, kind: Kind, **fields: object) -> LedgerRow:
        """Return a row with what all rows have."""
        return LedgerRow(
            lines=(record.line,), date=record.date, kind=kind, account=self.account, currency="USD",
            external_id=record.external_id, **fields,
        )  # fmt: skip

    def describe(self, record: Record, row: LedgerRow) -> None:
        """Note what the file says of the instrument, and a CUSIP that stands for it."""
        if not row.symbol:
            return
        self.rows.security(row.symbol, Security(cusip=record.cusip, name=record.security_name))
        if not record.symbol or is_cusip(record.symbol):
            self.rows.warn(record.line, "CUSIP", f"there is no symbol, so the CUSIP {row.symbol} stands for it", "cusip")

    def _trade(self, record: Record) -> LedgerRow | None:
        kind = Kind.BUY if record.action == "BUY" else Kind.SELL
        quantity, amount = abs(record.quantity), abs(record.amount)
        if not record.instrument or not quantity or not amount:
            self.rows.review(Problem(record.line, "", "a trade lacks symbol, units or amount; enter it by hand", "unreadable"))
            return None
        if (record.amount < 0) != (kind == Kind.BUY):
            self.rows.review(
                review_reasons.unexpected_sign(line=record.line, column="Amount", word=record.text, amount=record.amount)
            )
            return None
        note = f"settled {record.settled}" if record.settled and record.settled != record.date else ""
        gross = amount - record.fee if kind == Kind.BUY else amount + record.fee
        if gross <= 0:
            words = "the charges are more than the trade; enter it by hand"
            self.rows.review(Problem(record.line, "Amount", words, "does_not_add_up"))
            return None
        row = self.base(record, kind, symbol=record.instrument, quantity=quantity, amount=gross, fee=record.fee, note=note)
        if not record.price:
            self.rows.warn(record.line, "Price", "is blank, so the amount could not be checked", "unchecked")
            return row
        if not record.interest and adds_up(amount=gross, expected=quantity * record.price):
            return replace(row, price=price_to_book(quantity=quantity, price=record.price, amount=gross))
        return self._bond(record, row)

    def _bond(self, record: Record, row: LedgerRow) -> LedgerRow | None:
        """Return the trade of a bond, quoted per 100 and with its interest apart; ask where the figures do not fit."""
        assert row.quantity is not None and row.amount is not None and record.price is not None  # noqa: S101, PT018
        interest = abs(record.interest)
        clean = row.amount - interest
        looks_like_a_bond = not record.symbol or record.interest
        for scale in (Decimal(1), Decimal(1000)):
            face = row.quantity * scale
            if looks_like_a_bond and clean > 0 and adds_up(amount=clean, expected=face * record.price * HUNDREDTH):
                if scale != 1:
                    self.rows.warn(record.line, "Quantity", "was taken for thousands of face value", "inferred")
                bond = Security(cusip=record.cusip, type=InstrumentType.BOND, price_unit=HUNDREDTH, name=record.security_name)
                self.rows.security(record.instrument, bond)
                price = price_to_book(quantity=face, price=record.price, amount=clean, price_unit=HUNDREDTH)
                settled = record.settled or record.date
                note = f"traded {record.date}" if settled != record.date else ""
                # accrued interest runs to the settlement, so a bond is dated by it
                return replace(
                    row, date=settled, quantity=face, price=price, amount=clean, accrued_interest=interest, note=note
                )
        parts = "quantity × price and the charges" + (" and interest" if interest else "")
        expected = row.quantity * record.price
        self.rows.review(
            review_reasons.does_not_add_up(line=record.line, column="Amount", amount=row.amount, expected=expected, parts=parts)
        )
        return None

    def _reinvestment(self, record: Record) -> LedgerRow | None:
        quantity, amount = abs(record.quantity), abs(record.amount)
        if not record.symbol or not quantity or not amount:
            self.rows.review(Problem(record.line, COLUMN, "a reinvestment without symbol, units or amount", "unreadable"))
            return None
        found = REINVESTED_AT.search(record.text)
        price = record.price or (money(found[1]) if found else None)
        if price and not adds_up(amount=amount, expected=quantity * price):
            self.rows.review(
                review_reasons.does_not_add_up(
                    line=record.line, column="Amount", amount=amount, expected=quantity * price, parts="quantity × price"
                )
            )
            return None
        booked = price_to_book(quantity=quantity, price=price, amount=amount)
        return self.base(
            record, Kind.BUY, symbol=record.symbol, quantity=quantity, price=booked, amount=amount, note="reinvestment"
        )

    def _cash(self, record: Record, event: Event) -> LedgerRow | None:
        arrives, leaves = _CASH[event]
        kind = arrives if record.amount > 0 else leaves
        if kind is None or not record.amount:
            word = record.text
            self.rows.review(review_reasons.unexpected_sign(line=record.line, column="Amount", word=word, amount=record.amount))
            return None
        symbol = "" if event in _WITHOUT_SYMBOL else record.instrument
        note, year = self._tax_words(record, event)
        return self.base(record, kind, symbol=symbol, amount=abs(record.amount), tax_year=year, note=note)

    def _tax_words(self, record: Record, event: Event) -> tuple[str, int | None]:
        """Return note and tax year of a tax row; ("", None) for all others."""
        if event == Event.TAX:
            year = record.pay_date.year if record.pay_date else record.date.year
            return record.dates_note, year
        if event == Event.TAX_ADJUSTMENT:
            found = _ADJUSTED_YEAR.search(record.text)
            return "withholding adjusted", int(found[1]) if found else None
        if event == Event.TAX_REVERSAL:
            found = _AS_OF.search(record.text)
            day = text_date(found[1]) if found else None
            if re.search(r"\bROC\b", record.text):
                words = "the earlier dividend may be a return of capital in part; see the broker's tax form"
                self.rows.warn(record.line, COLUMN, words, "return_of_capital")
            return f"withholding of {day} reversed" if day else "withholding reversed", day.year if day else None
        return "", None


def reported_year(record: Record) -> int | None:
    """Return the year in whose tax form a payment stands, where the text names it."""
    found = _REPORTED_YEAR.search(record.text)
    return int(found[1]) if found else None


def question(record: Record, event: Event) -> Problem:
    """Return what a person is asked about a record that cannot be booked."""
    line, word = record.line, record.text or record.action
    if event == Event.OPTION:
        return review_reasons.out_of_scope(line=line, column=COLUMN, word=word, what="options")
    if event == Event.LIQUIDATION:
        return review_reasons.corporate_action(line=line, column=COLUMN, word=word, proposal=Kind.RETURN_OF_CAPITAL)
    if event == Event.CORPORATE_ACTION:
        return review_reasons.corporate_action(line=line, column=COLUMN, word=word, proposal=_proposal(record.text))
    return review_reasons.unknown_word(line=line, column=COLUMN, word=word)


def _proposal(text: str) -> str:
    for kind, pattern in (
        (Kind.SPLIT, r"\bSPLIT\b"),
        (Kind.SPIN_OFF, r"\bSPIN"),
        (Kind.STOCK_DIVIDEND, r"\bSTK DIV|\bSTOCK DIV"),
        (Kind.SELL, r"\bIN LIEU|\bCIL\b"),
    ):
        if re.search(pattern, text):
            return kind
    return ""


def skip_pairs(records: list[Record], events: dict[int, Event], rows: SourceRows) -> None:
    """Skip moves between sub-accounts in pairs of one day that cancel out; ask about one that stands alone."""
    open_ones: dict[tuple[object, ...], list[Record]] = defaultdict(list)
    for record in records:
        # a symbol that only one of the two names is no reason to part them
        key = (events[record.line], record.date)
        partner = next((each for each in open_ones[key] if _cancel_out(each, record)), None)
        if partner is None:
            open_ones[key].append(record)
            continue
        open_ones[key].remove(partner)
        rows.skip(record.line, partner.line)
    for record in (record for group in open_ones.values() for record in group):
        rows.review(review_reasons.unpaired(line=record.line, column=COLUMN, word=record.text))


def _cancel_out(one: Record, other: Record) -> bool:
    is_same = one.symbol == other.symbol or not one.symbol or not other.symbol
    return is_same and bool(one.amount or one.quantity) and one.amount == -other.amount and one.quantity == -other.quantity


def is_mangled(record: Record) -> Problem | None:
    """Return the question about a symbol that a spreadsheet may have changed."""
    if record.symbol and looks_mangled(record.symbol):
        words = f"“{record.symbol}” may be what a spreadsheet made of a symbol; download the file again"
        return Problem(record.line, "Symbol", words, "mangled_symbol")
    return None
