"""Fidelity records become ledger rows or questions: what each action books. Pure."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from portfolio.engine.kinds import InstrumentType, Kind
from portfolio.importers import review_reasons
from portfolio.importers.broker_values import us_date
from portfolio.importers.fidelity.record import ZERO, Record
from portfolio.importers.fidelity.words import LENDING_PROPOSAL, Meaning, meaning_of, proposal
from portfolio.importers.fingerprints import joined
from portfolio.importers.money_check import adds_up, price_to_book
from portfolio.importers.rows import LedgerRow, Problem, Security
from portfolio.importers.source_rows import SourceRows
from portfolio.written_values import UnreadableError

HUNDREDTH = Decimal("0.01")
_TERMS = re.compile(r"\b([0-9]{1,2}\.[0-9]+)% ([0-9]{2}/[0-9]{2}/[0-9]{4})")
_BORDER = frozenset({Kind.DEPOSIT, Kind.WITHDRAWAL, Kind.INTEREST_CHARGE})


class Bookings:
    """Books records one by one."""

    def __init__(self, rows: SourceRows) -> None:
        self.rows = rows

    def book(self, record: Record, *, tax: Record | None = None) -> None:
        """Book a record, a payment with its tax row; or ask about it."""
        row = self._row(record)
        if row is None:
            return
        if tax is not None:
            ids = joined([record.external_id, tax.external_id])
            row = replace(row, tax=-tax.amount, lines=(record.line, tax.line), external_id=ids)
        self._describe(record, row)
        self.rows.book(row)

    def base(self, record: Record, kind: Kind, **fields: object) -> LedgerRow:
        """Return a row with what all rows have."""
        values: dict[str, object] = {"date": record.date, "note": record.note, **fields}
        return LedgerRow(
            lines=(record.line,),
            kind=kind,
            account=record.account,
            currency=record.currency,
            external_id=record.external_id,
            **values,
        )

    def _row(self, record: Record) -> LedgerRow | None:
        if record.symbol.startswith("-"):
            problem = review_reasons.out_of_scope(line=record.line, column="Symbol", word=record.phrase, what="options")
            self.rows.review(problem)
            return None
        meaning, _ = meaning_of(record.phrase)
        ways: dict[Meaning, Callable[[Record], LedgerRow | None]] = {
            Meaning.TRADE: self._trade,
            Meaning.REINVESTMENT: self._trade,
            Meaning.PAYMENT: self._payment,
            Meaning.INTEREST: self._interest,
            Meaning.REDEMPTION: self._redemption,
            Meaning.TAX: self._by_sign,
            Meaning.BY_SIGN: self._by_sign,
            Meaning.MOVED: self._moved,
        }
        if meaning in ways:
            return ways[meaning](record)
        self._ask(record, meaning)
        return None

    def _describe(self, record: Record, row: LedgerRow) -> None:
        if not row.symbol:
            return
        if not record.is_bond:
            self.rows.security(row.symbol, Security(name=record.description))
            return
        terms = _TERMS.search(record.description) or _TERMS.search(record.phrase)
        maturity = None
        if terms:
            try:
                maturity = us_date(terms[2])
            except UnreadableError:
                terms = None
        bond = Security(
            cusip=record.symbol,
            name=record.description,
            type=InstrumentType.BOND,
            price_unit=HUNDREDTH,
            coupon_rate=Decimal(terms[1]) * HUNDREDTH if terms else None,
            maturity_date=maturity,
        )
        self.rows.security(row.symbol, bond)

    def _trade(self, record: Record) -> LedgerRow | None:
        meaning, kinds = meaning_of(record.phrase)
        kind = kinds[0] if record.amount > 0 else kinds[1]
        is_buy = kind == Kind.BUY
        if kind is None or not record.symbol or not record.quantity or (record.quantity > 0) != is_buy:
            self._ask_of_sign(record)
            return None
        gross = abs(record.amount) - record.charges if is_buy else record.amount + record.charges
        note = "; ".join(filter(None, ["reinvestment" if meaning == Meaning.REINVESTMENT else "", record.note]))
        row = self.base(
            record, kind, symbol=record.symbol, quantity=abs(record.quantity), amount=gross, fee=record.charges, note=note
        )
        return self._checked(record, row)

    def _checked(self, record: Record, row: LedgerRow) -> LedgerRow | None:
        """Return the trade if its money adds up, a bond's with the interest apart."""
        quantity, price = abs(record.quantity), abs(record.price or ZERO)
        gross = row.amount or ZERO
        clean = gross - record.accrued
        if gross <= 0 or clean <= 0:
            self._ask_of_sums(record, gross, quantity * price)
            return None
        if not price:
            self.rows.warn(record.line, "Price", "is blank, so the amount could not be checked", "unchecked")
            return replace(row, amount=clean, accrued_interest=record.accrued)
        if record.is_bond and adds_up(amount=clean, expected=quantity * price * HUNDREDTH):
            settled = record.settled or record.date
            note = f"traded {record.date}" if settled != record.date else row.note
            # accrued interest runs to the settlement, so a bond is dated by it; its printed price is rounded
            booked = price_to_book(quantity=quantity, price=price, amount=clean, price_unit=HUNDREDTH)
            return replace(row, date=settled, amount=clean, accrued_interest=record.accrued, price=booked, note=note)
        if record.accrued or not adds_up(amount=gross, expected=quantity * price):
            self._ask_of_sums(record, gross, quantity * price + record.accrued)
            return None
        return replace(row, price=price_to_book(quantity=quantity, price=price, amount=gross))

    def _payment(self, record: Record) -> LedgerRow | None:
        _, kinds = meaning_of(record.phrase)
        if record.amount <= 0 or kinds[0] is None or not record.symbol:
            self._ask_of_sign(record)
            return None
        words = record.phrase.upper()
        gain = next((word for word in ("LONG-TERM CAP GAIN", "SHORT-TERM CAP GAIN") if words.startswith(word)), "")
        note = "; ".join(filter(None, [gain.lower(), record.note]))
        return self.base(record, kinds[0], symbol=record.symbol, amount=record.amount, note=note)

    def _interest(self, record: Record) -> LedgerRow | None:
        if record.amount <= 0:
            self._ask_of_sign(record)
            return None
        if record.is_bond:
            return self.base(record, Kind.COUPON, symbol=record.symbol, amount=record.amount)
        is_cash = not record.symbol or record.phrase.upper().startswith("INTEREST EARNED")
        if not is_cash or record.phrase.upper().startswith("MUNI"):
            words = "interest on a security that is no known bond: is it a coupon? Enter it by hand"
            self.rows.review(Problem(record.line, "Symbol", words, "unknown_word"))
            return None
        return self.base(record, Kind.INTEREST, amount=record.amount)

    def _redemption(self, record: Record) -> LedgerRow | None:
        quantity, gross = abs(record.quantity), record.amount - record.accrued
        if not record.symbol or not quantity or gross <= 0 or record.quantity > 0:
            self._ask_of_sign(record)
            return None
        # its price is 1 per unit of face and not per 100 as elsewhere, so the amount alone is taken
        return self.base(
            record,
            Kind.MATURITY,
            symbol=record.symbol,
            quantity=quantity,
            amount=gross + record.charges,
            fee=record.charges,
            accrued_interest=record.accrued,
            note="; ".join(filter(None, ["redemption, at maturity or by an early call", record.note])),
        )

    def _by_sign(self, record: Record) -> LedgerRow | None:
        _, kinds = meaning_of(record.phrase)
        kind = kinds[0] if record.amount > 0 else kinds[1]
        if kind is None or not record.amount:
            self._ask_of_sign(record)
            return None
        symbol = "" if kind in _BORDER else record.symbol
        year = (record.effective or record.date).year if kind in {Kind.TAX, Kind.TAX_REFUND} else None
        return self.base(record, kind, symbol=symbol, amount=abs(record.amount), tax_year=year)

    def _moved(self, record: Record) -> LedgerRow | None:
        if record.quantity or not record.amount:
            self._ask(record, Meaning.CORPORATE)
            return None
        row = self._by_sign(record)
        if row is not None:
            words = f"the other account of this transfer is not in the file; it was taken for a {row.kind}"
            self.rows.warn(record.line, "Action", words, "other_account_unknown")
        return row

    def _ask(self, record: Record, meaning: Meaning | None) -> None:
        line, word = record.line, record.phrase
        if meaning == Meaning.CORPORATE:
            self.rows.review(review_reasons.corporate_action(line=line, column="Action", word=word, proposal=proposal(word)))
        else:
            self.rows.review(review_reasons.unknown_word(line=line, column="Action", word=word))

    def ask_of_loan(self, record: Record) -> None:
        """Put what may be income from lent shares to a person."""
        words = f"“{review_reasons.short(record.phrase)}” may be income from lent shares; if so, enter a {LENDING_PROPOSAL} row"
        self.rows.review(Problem(record.line, "Action", words, "unknown_word"))

    def _ask_of_sign(self, record: Record) -> None:
        self.rows.review(
            review_reasons.unexpected_sign(line=record.line, column="Amount", word=record.phrase, amount=record.amount)
        )

    def _ask_of_sums(self, record: Record, amount: Decimal, expected: Decimal) -> None:
        self.rows.review(
            review_reasons.does_not_add_up(
                line=record.line, column="Amount", amount=amount, expected=expected, parts="quantity × price and the charges"
            )
        )
