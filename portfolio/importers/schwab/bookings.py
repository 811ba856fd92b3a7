"""Schwab records become ledger rows or questions: what each action books. Pure."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from portfolio.engine.kinds import InstrumentType, Kind
from portfolio.importers import review_reasons
from portfolio.importers.fingerprints import joined
from portfolio.importers.money_check import CENT, adds_up, price_to_book
from portfolio.importers.rows import LedgerRow, Need, Problem, Security
from portfolio.importers.schwab.record import ZERO, Record
from portfolio.importers.schwab.words import BORDER, BY_SIGN, KINDS, MEANINGS, PRIOR_YEAR, PROPOSALS, Meaning
from portfolio.importers.source_rows import SourceRows
from portfolio.importers.symbols import is_cusip

HUNDREDTH = Decimal("0.01")
_INTEREST = frozenset({Kind.INTEREST})


class Bookings:
    """Books records one by one."""

    def __init__(self, rows: SourceRows, account: str) -> None:
        self.rows = rows
        self.account = account

    def book(self, record: Record, *, tax: Record | None = None) -> None:
        """Book a record, a payment with its tax row; or ask about it."""
        row = self.row_of(record)
        if row is None:
            return
        if tax is not None:
            ids = joined([record.external_id, tax.external_id])
            row = replace(row, tax=-tax.amount, lines=(record.line, tax.line), external_id=ids)
        self.describe(record, row)
        self.rows.book(row)

    def row_of(self, record: Record) -> LedgerRow | None:
        """Return the ledger row of a record; None where the question about it was put instead."""
        ways: dict[Meaning, Callable[[Record], LedgerRow | None]] = {
            Meaning.TRADE: self.trade,
            Meaning.REINVESTED: self._reinvested,
            Meaning.PAYMENT: self._payment,
            Meaning.TAX: self._cash,
            Meaning.BY_SIGN: self._cash,
            Meaning.MOVED_CASH: self._cash,
            Meaning.MOVED_UNITS: self._moved_units,
            Meaning.SPLIT: self._more_units,
            Meaning.STOCK_DIVIDEND: self._more_units,
        }
        meaning = MEANINGS.get(record.action)
        if meaning in ways:
            return ways[meaning](record)
        self._ask(record, meaning)
        return None

    def base(self, record: Record, kind: Kind, *, date: dt.date | None = None, **fields: object) -> LedgerRow:
        """Return a row with what all rows have; dated by the posting unless another date is given."""
        note = record.note
        if date is not None and date != record.posted:
            note = f"posted {record.posted}"
        values: dict[str, object] = {"note": note, "external_id": record.external_id, "lines": (record.line,), **fields}
        return LedgerRow(date=date or record.posted, kind=kind, account=self.account, currency="USD", **values)

    def describe(self, record: Record, row: LedgerRow) -> None:
        """Note what the file says of the instrument."""
        if row.symbol:
            cusip = row.symbol if is_cusip(row.symbol) else ""
            self.rows.security(row.symbol, Security(cusip=cusip, name=record.description))
            if cusip:
                self.rows.warn(record.line, "Symbol", f"the CUSIP {cusip} stands for the symbol", "cusip")

    def ask(self, record: Record, column: str, reason: str, code: str) -> None:
        """Put a record to a person."""
        self.rows.review(Problem(record.line, column, reason, code))

    def ask_of_corporate_action(self, record: Record, partners: list[int]) -> None:
        """Ask for the terms of a corporate action, its other legs named."""
        proposal = PROPOSALS.get(record.action, "")
        problem = review_reasons.corporate_action(line=record.line, column="Action", word=record.word, proposal=proposal)
        if partners:
            lines = " and ".join(map(str, partners))
            problem = replace(problem, reason=f"{problem.reason}. Its other side stands in line {lines}")
        self.rows.review(problem)

    def trade(self, record: Record) -> LedgerRow | None:
        """Return a purchase or sale, checked against its price."""
        kind = KINDS[record.action]
        quantity = abs(record.quantity or ZERO)
        if not record.symbol or not quantity or not record.amount:
            self.ask(record, "", "a trade lacks symbol, units or amount; enter it by hand", "unreadable")
            return None
        if (record.amount < 0) != (kind == Kind.BUY):
            self._ask_of_sign(record)
            return None
        gross = abs(record.amount) - record.fee if kind == Kind.BUY else record.amount + record.fee
        if gross <= 0:
            self.ask(record, "Amount", "the charges are more than the trade; enter it by hand", "does_not_add_up")
            return None
        row = self.base(record, kind, symbol=record.symbol, quantity=quantity, amount=gross, fee=record.fee)
        return self._checked(record, row, quantity, gross)

    def _checked(self, record: Record, row: LedgerRow, quantity: Decimal, gross: Decimal) -> LedgerRow | None:
        price = abs(record.price or ZERO)
        if not price:
            self.rows.warn(record.line, "Price", "is blank, so the amount could not be checked", "unchecked")
            return row
        if adds_up(amount=gross, expected=quantity * price):
            return replace(row, price=price_to_book(quantity=quantity, price=price, amount=gross))
        clean = quantity * price * HUNDREDTH
        if is_cusip(record.symbol) and gross >= clean - CENT:
            bond = Security(cusip=record.symbol, type=InstrumentType.BOND, price_unit=HUNDREDTH, name=record.description)
            if abs(gross - clean) <= CENT:
                self.rows.security(record.symbol, bond)
                return replace(row, price=price)
            # the file has no column for accrued interest: only the bond's own coupon can tell it from the price
            return replace(row, price=price, needs=Need.ACCRUED_INTEREST)
        self.rows.review(
            review_reasons.does_not_add_up(
                line=record.line, column="Amount", amount=gross, expected=quantity * price, parts="quantity × price"
            )
        )
        return None

    def _reinvested(self, record: Record) -> LedgerRow | None:
        quantity, amount = record.quantity or ZERO, -record.amount
        if not record.symbol or quantity <= 0 or amount <= 0:
            self._ask_of_sign(record)
            return None
        price = abs(record.price or ZERO)
        if price and not adds_up(amount=amount, expected=quantity * price):
            self.rows.review(
                review_reasons.does_not_add_up(
                    line=record.line, column="Amount", amount=amount, expected=quantity * price, parts="quantity × price"
                )
            )
            return None
        price_booked = price_to_book(quantity=quantity, price=price or None, amount=amount)
        row = self.base(record, Kind.BUY, symbol=record.symbol, quantity=quantity, price=price_booked, amount=amount)
        return replace(row, note="; ".join(filter(None, ["reinvestment", record.note])))

    def _payment(self, record: Record) -> LedgerRow | None:
        kind = KINDS[record.action]
        if record.amount <= 0:
            self._ask_of_sign(record)
            return None
        if not record.symbol and kind not in _INTEREST:
            self.ask(record, "Symbol", "is blank, so nobody knows what paid; enter the row by hand", "unreadable")
            return None
        year = record.posted.year - 1 if record.action.startswith(PRIOR_YEAR) else None
        note = "; ".join(filter(None, [record.note, record.word.lower() if "cap gain" in record.action else ""]))
        symbol = "" if kind in _INTEREST else record.symbol
        return self.base(record, kind, symbol=symbol, amount=record.amount, tax_year=year, note=note)

    def _cash(self, record: Record) -> LedgerRow | None:
        meaning = MEANINGS[record.action]
        if meaning == Meaning.MOVED_CASH and record.quantity:
            return self._moved_units(record)
        words = (Kind.TAX_REFUND, Kind.TAX) if meaning == Meaning.TAX else BY_SIGN.get(record.action, BORDER)
        kind = words[0] if record.amount > 0 else words[1]
        if kind is None or not record.amount:
            self._ask_of_sign(record)
            return None
        if meaning == Meaning.MOVED_CASH:
            reason = f"where the money of “{record.word}” went or came from is not in the file; it was taken for a {kind}"
            self.rows.warn(record.line, "Action", reason, "other_account_unknown")
        note = record.note
        if record.action.endswith(" adj") and words == BORDER:
            note = "; ".join(filter(None, [note, "return of an earlier transfer"]))
        symbol = "" if words == BORDER or kind == Kind.INTEREST_CHARGE else record.symbol
        year = record.effective.year if kind in {Kind.TAX, Kind.TAX_REFUND} else None
        return self.base(record, kind, symbol=symbol, amount=abs(record.amount), tax_year=year, note=note)

    def _moved_units(self, record: Record) -> LedgerRow | None:
        quantity, price = record.quantity or ZERO, abs(record.price or ZERO)
        if not record.symbol or not quantity or not price or record.amount:
            reason = "units were moved, and their value is not in the file; enter a delivery or transfer with it"
            self.ask(record, "Price", reason, "corporate_action")
            return None
        kind = Kind.DELIVERY_IN if quantity > 0 else Kind.DELIVERY_OUT
        reason = f"the other account is not in the file; the units were taken for a {kind} at the printed price"
        self.rows.warn(record.line, "Action", reason, "other_account_unknown")
        return self.base(record, kind, symbol=record.symbol, quantity=abs(quantity), price=price)

    def _more_units(self, record: Record) -> LedgerRow | None:
        quantity = record.quantity or ZERO
        if not record.symbol or quantity <= 0 or record.amount:
            self.ask_of_corporate_action(record, [])
            return None
        if MEANINGS[record.action] == Meaning.STOCK_DIVIDEND:
            return self.base(record, Kind.STOCK_DIVIDEND, date=record.effective, symbol=record.symbol, quantity=quantity)
        # the row has the units that were added, and a ratio needs those that were there
        return self.base(
            record, Kind.SPLIT, date=record.effective, symbol=record.symbol, quantity=quantity, needs=Need.HELD_UNITS
        )

    def _ask(self, record: Record, meaning: Meaning | None) -> None:
        if meaning == Meaning.OUT_OF_SCOPE:
            what = "options, short positions and stock plans"
            problem = review_reasons.out_of_scope(line=record.line, column="Action", word=record.word, what=what)
        else:
            problem = review_reasons.unknown_word(line=record.line, column="Action", word=record.word)
        self.rows.review(problem)

    def _ask_of_sign(self, record: Record) -> None:
        self.rows.review(
            review_reasons.unexpected_sign(line=record.line, column="Amount", word=record.word, amount=record.amount)
        )
