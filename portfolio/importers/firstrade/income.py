"""Firstrade's payments together with what other rows tell of them: tax rows, reinvestments, reversals. Pure."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal

from portfolio.importers import review_reasons
from portfolio.importers.fingerprints import joined, knowing_more
from portfolio.importers.firstrade.bookings import COLUMN, PAYMENT_KINDS, Bookings, reported_year
from portfolio.importers.firstrade.record import ZERO, Record
from portfolio.importers.firstrade.taxes import Payment, Withheld, taxes_by_reinvestment, withheld_by_text
from portfolio.importers.firstrade.words import DIVIDENDS, Event
from portfolio.importers.pairing import taxes_with_payments
from portfolio.importers.rows import LedgerRow, Need, Problem

_SILENT_WORDS = {
    Event.LONG_TERM_GAIN: "long-term gain distribution",
    Event.SHORT_TERM_GAIN: "short-term gain distribution",
}


@dataclass(slots=True)
class _Income:
    """A payment while its tax is looked for."""

    record: Record
    event: Event
    withheld: Withheld
    tax_record: Record | None = None
    tax_by_reinvestment: Decimal | None = None


@dataclass(slots=True)
class Payments:
    """All payments of a file, matched inside it by symbol and dates."""

    events: dict[int, Event]
    bookings: Bookings
    _incomes: dict[int, _Income] = field(default_factory=dict)
    _tax_lines: set[int] = field(default_factory=set)

    def prepare(self, records: list[Record]) -> None:
        """Look at all records before any is booked."""
        for record in records:
            event = self.events[record.line]
            if event in PAYMENT_KINDS and record.amount > 0:
                self._incomes[record.line] = _Income(record, event, withheld_by_text(record))
        self._match_tax_rows([each for each in records if self.events[each.line] == Event.TAX and each.amount < 0])
        self._match_reinvestments([each for each in records if self.events[each.line] == Event.REINVESTMENT])

    def is_merged_tax(self, record: Record) -> bool:
        """Whether a tax row stands in its dividend's row."""
        return record.line in self._tax_lines

    def book(self, record: Record) -> None:
        """Book a payment with its tax."""
        income = self._incomes.get(record.line)
        rows = self.bookings.rows
        if income is None:
            word = record.text
            rows.review(review_reasons.unexpected_sign(line=record.line, column="Amount", word=word, amount=record.amount))
            return
        if income.withheld.question:
            rows.review(Problem(record.line, COLUMN, f"{income.withheld.question}; enter the row by hand", "tax_unknown"))
            return
        row = self._row(income)
        self.bookings.describe(record, row)
        rows.book(row)

    def _row(self, income: _Income) -> LedgerRow:
        record, event, rows = income.record, income.event, self.bookings.rows
        withheld = income.withheld
        notes = [_SILENT_WORDS.get(event, ""), record.dates_note]
        year = reported_year(record)
        if year:
            notes.append(f"in the tax form of {year}")
        symbol = "" if event == Event.LENDING_REBATE else record.instrument
        row = self.bookings.base(
            record, PAYMENT_KINDS[event], symbol=symbol, amount=withheld.gross, tax=withheld.tax, tax_year=year
        )
        if income.tax_record is not None:
            tax = income.tax_record
            lines, ids = (record.line, tax.line), joined([record.external_id, tax.external_id])
            row = replace(row, tax=abs(tax.amount), lines=lines, external_id=ids)
        elif income.tax_by_reinvestment is not None:
            words = f"{income.tax_by_reinvestment} was taken for tax: the reinvestment spent that much less than was paid"
            rows.warn(record.line, "Amount", words, "tax_inferred")
            notes.append("tax by the reinvestment")
            row = replace(row, tax=income.tax_by_reinvestment, external_id=knowing_more(record.external_id))
        elif withheld.is_net:
            row = replace(row, needs=Need.WITHHOLDING_RATE)
        if withheld.warning:
            rows.warn(record.line, COLUMN, withheld.warning, "tax_inferred")
        if event == Event.BARE_DIVIDEND:
            rows.warn(record.line, COLUMN, "the usual words of a dividend are missing; booked by its action", "inferred")
        return replace(row, note="; ".join(filter(None, notes)))

    def _match_tax_rows(self, taxes: list[Record]) -> None:
        """Give each tax row of generation 3 to the dividend of its symbol and dates; the rest are TAX rows of their own."""
        open_ones = (each for each in self._incomes.values() if each.withheld.is_silent)
        pairs = taxes_with_payments(
            payments=(each for each in open_ones if each.event != Event.LENDING_REBATE),
            taxes=taxes,
            payment_key=lambda income: _payment_key(income.record),
            tax_key=_payment_key,
            paid=lambda income: income.record.amount,
            withheld=lambda tax: -tax.amount,
        )
        for income, tax in pairs:
            income.tax_record = tax
            self._tax_lines.add(tax.line)

    def _match_reinvestments(self, reinvestments: list[Record]) -> None:
        """Find tax that only shows in how little was reinvested; one reinvestment may spend several payments."""
        spent: dict[tuple[str, dt.date], Decimal] = defaultdict(Decimal)
        for record in reinvestments:
            if record.pay_date and record.amount < 0:
                spent[record.symbol, record.pay_date] += -record.amount
        groups: dict[tuple[str, dt.date], list[_Income]] = defaultdict(list)
        for income in self._incomes.values():
            if income.event in DIVIDENDS and income.record.pay_date:
                groups[income.record.symbol, income.record.pay_date].append(income)
        for key, total in spent.items():
            group = groups.get(key, [])
            taxes = taxes_by_reinvestment(map(_payment, group), spent=total) if group else {}
            for income in group:
                if taxes is None and _is_open(income):
                    words = f"the reinvestment spent {total}, and no usual tax explains the difference"
                    income.withheld = Withheld(income.record.amount, question=words)
                elif taxes and income.record.line in taxes:
                    income.tax_by_reinvestment = taxes[income.record.line]


def _payment_key(record: Record) -> tuple[str, dt.date | None, dt.date | None]:
    return record.instrument, record.record_date, record.pay_date


def _is_open(income: _Income) -> bool:
    return (income.withheld.is_silent or income.withheld.is_net) and income.tax_record is None


def _payment(income: _Income) -> Payment:
    tax = abs(income.tax_record.amount) if income.tax_record else income.withheld.tax
    is_rare = income.event == Event.LONG_TERM_GAIN
    return Payment(income.record.line, income.withheld.gross, tax or ZERO, _is_open(income), is_rare)
