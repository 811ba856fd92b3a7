"""Firstrade rows that take others back: a cancel goes out together with the one row that it cancels. Pure."""

import re
from collections import defaultdict
from dataclasses import replace

from portfolio.importers import review_reasons
from portfolio.importers.firstrade.bookings import COLUMN, PAYMENT_KINDS, Bookings
from portfolio.importers.firstrade.record import Record
from portfolio.importers.firstrade.words import CANCEL, REVERSED, Event, event_of
from portfolio.importers.rows import Need

# the sign that an amount has where nothing is taken back
_ARRIVES = frozenset({*PAYMENT_KINDS, Event.INTEREST, Event.COUPON, Event.DEPOSIT, Event.FEE_REFUND, Event.TAX_REVERSAL})
_LEAVES = frozenset({Event.REINVESTMENT, Event.WITHDRAWAL, Event.FEE, Event.INTEREST_CHARGE})
_UNITS = frozenset({Event.TRADE, Event.REINVESTMENT})
_CANCEL_WORDS = re.compile(rf"{CANCEL.pattern}|\bREV\b|\bAS OF \d\d/\d\d/\d\d\b|[^A-Z0-9]")


def take_out(records: list[Record], events: dict[int, Event], bookings: Bookings) -> set[int]:
    """Settle every cancel and return the lines that are settled: its own, and that of the row it takes back.

    Found exactly once in the file, both go out with a warning; never, the stored ledger is asked; several times, a person.
    """
    settled: set[int] = set()
    opposites: dict[tuple[object, ...], list[Record]] = defaultdict(list)
    cancels = [record for record in records if _is_cancel(record, events[record.line])]
    own = {record.line for record in cancels}
    for record in records:
        if record.line not in own:
            opposites[_key(record)].append(record)
    for record in cancels:
        found = [each for each in opposites[_key(_opposite(record))] if each.line not in settled]
        named = [each for each in found if _same_words(each, record)]
        if len(named or found) == 1:
            original = (named or found)[0]
            settled |= {record.line, original.line}
            bookings.rows.skip(record.line, original.line)
            bookings.rows.cancel(bookings.account, record.external_id, original.external_id)
            bookings.rows.warn(record.line, COLUMN, f"takes back line {original.line}; neither was entered", "cancelled")
        else:
            settled.add(record.line)
            _ask(record, events[record.line], bookings, is_missing=not found)
    return settled


def _is_cancel(record: Record, event: Event) -> bool:
    if event in {Event.OPTION, Event.CORPORATE_ACTION, Event.TAX_ADJUSTMENT}:
        return False
    if event == Event.UNKNOWN and REVERSED.search(record.text):
        return True
    return bool(CANCEL.search(record.text)) or _is_inverted(record, event)


def _is_inverted(record: Record, event: Event) -> bool:
    """Whether units or money flow against what the words say."""
    if event == Event.TRADE:
        sign = 1 if record.action == "BUY" else -1
        return record.quantity * sign < 0 and record.amount * sign > 0
    if event in _ARRIVES:
        return record.amount < 0
    return event in _LEAVES and record.amount > 0


def _ask(record: Record, event: Event, bookings: Bookings, *, is_missing: bool) -> None:
    original = _opposite(record)
    can_be_stored = is_missing and _is_inverted(record, event) and event in _UNITS
    row = bookings.row_of(original, event=event_of(original)) if can_be_stored else None
    if row is None:
        bookings.rows.review(review_reasons.cancel_without_trade(line=record.line, column=COLUMN, word=record.text))
        return
    bookings.rows.book(replace(row, needs=Need.ORIGINAL, external_id=record.external_id, note=record.text[:100]))


def _opposite(record: Record) -> Record:
    return replace(record, quantity=-record.quantity, amount=-record.amount, interest=-record.interest)


def _key(record: Record) -> tuple[object, ...]:
    return record.action, record.instrument, record.quantity, record.amount, record.fee


def _same_words(one: Record, other: Record) -> bool:
    """Whether two descriptions say the same but for the words of the cancel, or name the same payment."""
    if one.record_date and one.record_date == other.record_date:
        return True
    return _CANCEL_WORDS.sub("", one.text) == _CANCEL_WORDS.sub("", other.text)
