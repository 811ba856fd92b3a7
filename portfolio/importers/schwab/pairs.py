"""Schwab rows that belong together: tax and payment, correction and original, money and units of a merger. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from portfolio.engine.kinds import Kind
from portfolio.importers import review_reasons
from portfolio.importers.fingerprints import joined
from portfolio.importers.pairing import one_opposite, taxes_with_payments
from portfolio.importers.rows import Need
from portfolio.importers.schwab.bookings import Bookings
from portfolio.importers.schwab.record import ZERO, Record
from portfolio.importers.schwab.words import KINDS, MEANINGS, Meaning
from portfolio.importers.symbols import is_cusip

_NEAR = dt.timedelta(days=5)
_STEP = Decimal("1e-10")


def taxes_of_payments(records: Iterable[Record]) -> dict[int, Record]:
    """Return the tax row of each payment that has one, by the payment's line: same day, same symbol or description."""
    records = list(records)
    pairs = taxes_with_payments(
        payments=(each for each in records if MEANINGS.get(each.action) == Meaning.PAYMENT and each.amount > 0),
        taxes=(each for each in records if MEANINGS.get(each.action) == Meaning.TAX and each.amount < 0),
        payment_key=_tax_key,
        tax_key=_tax_key,
        paid=lambda each: each.amount,
        withheld=lambda each: -each.amount,
    )
    return {payment.line: tax for payment, tax in pairs}


def _tax_key(record: Record) -> Hashable:
    # interest on cash has no symbol; its tax names it by the same words
    return record.posted, record.symbol or f"{record.description.casefold()}|"


def settle_corrections(records: list[Record], bookings: Bookings) -> set[int]:
    """Take corrections out together with the one row that each takes back; return all lines that are settled."""
    settled: set[int] = set()
    by_money: dict[Decimal, list[Record]] = defaultdict(list)
    for record in records:
        by_money[abs(record.amount)].append(record)
    for record in records:
        meaning = MEANINGS.get(record.action)
        if record.line in settled or meaning not in {Meaning.CORRECTION, Meaning.CANCEL}:
            continue
        is_opposite = _is_cancelled if meaning == Meaning.CANCEL else _is_corrected
        alike = by_money[abs(record.amount)]
        candidates = [each for each in alike if each.line != record.line and each.line not in settled]
        original = one_opposite(record, candidates, is_opposite=is_opposite)
        settled.add(record.line)
        if original is not None:
            settled.add(original.line)
            bookings.rows.skip(record.line, original.line)
            bookings.rows.cancel(bookings.account, record.external_id, original.external_id)
            words = f"takes back line {original.line}; neither was entered"
            bookings.rows.warn(record.line, "Action", words, "cancelled")
        elif meaning == Meaning.CANCEL and not any(is_opposite(record, each) for each in candidates):
            _look_in_ledger(record, bookings)
        else:
            problem = review_reasons.cancel_without_trade(line=record.line, column="Action", word=record.word)
            bookings.rows.review(problem)
    return settled


def _look_in_ledger(record: Record, bookings: Bookings) -> None:
    """Book a cancel as the trade it takes back, which the stored ledger is asked for."""
    kind = KINDS[record.action]
    amount = -abs(record.amount) if kind == Kind.BUY else abs(record.amount)
    row = bookings.trade(replace(record, amount=amount))
    if row is not None:
        bookings.rows.book(replace(row, needs=Need.ORIGINAL, note=record.word))


def _is_cancelled(cancel: Record, other: Record) -> bool:
    return (
        other.action in {"buy", "sell"}
        and KINDS[other.action] == KINDS[cancel.action]
        and other.symbol == cancel.symbol
        and abs(other.quantity or ZERO) == abs(cancel.quantity or ZERO)
        and abs(other.amount) == abs(cancel.amount)
        and other.posted <= cancel.posted
    )


def _is_corrected(correction: Record, other: Record) -> bool:
    return (
        bool(correction.amount)
        and other.amount == -correction.amount
        and other.symbol == correction.symbol
        and (bool(other.symbol) or other.description == correction.description)
        and MEANINGS.get(other.action) in {Meaning.PAYMENT, Meaning.CORRECTION}
    )


def book_legs(legs: list[Record], bookings: Bookings) -> None:
    """Book the money of each merger or redemption with the units of its other row; ask about a leg that stands alone."""
    units = [each for each in legs if MEANINGS[each.action] == Meaning.UNIT_LEG]
    for money in (each for each in legs if MEANINGS[each.action] == Meaning.CASH_LEG):
        partner = min(
            (each for each in units if each.action == f"{money.action} adj" and _is_other_leg(money, each)),
            key=lambda each: abs(each.posted - money.posted),
            default=None,
        )
        if partner is None or money.amount <= 0:
            bookings.rows.review(review_reasons.unpaired(line=money.line, column="Action", word=money.word))
            continue
        units.remove(partner)
        _book_leg(money, partner, bookings)
    for each in units:
        bookings.rows.review(review_reasons.unpaired(line=each.line, column="Action", word=each.word))


def _is_other_leg(money: Record, units: Record) -> bool:
    is_near = abs(units.posted - money.posted) <= _NEAR
    return is_near and units.symbol == money.symbol and bool(units.symbol) and (units.quantity or ZERO) < 0


def _book_leg(money: Record, units: Record, bookings: Bookings) -> None:
    kind = KINDS[money.action]
    quantity = abs(units.quantity or ZERO)
    fee = max(money.fee + units.fee, abs(units.amount))
    price = (money.amount / quantity).quantize(_STEP, ROUND_HALF_UP) if kind == Kind.SELL else None
    digits = price is None or len(price.normalize().as_tuple().digits) <= 15
    row = bookings.base(
        money, kind, symbol=money.symbol, quantity=quantity, price=price if digits else None, amount=money.amount, fee=fee
    )
    ids = joined([money.external_id, units.external_id])
    row = replace(row, lines=(money.line, units.line), external_id=ids, note=money.word.lower())
    bookings.describe(money, row)
    bookings.rows.book(row)


def book_reverse_splits(records: list[Record], bookings: Bookings) -> None:
    """Book new units over old ones where a day has one row of each; ask about anything else."""
    days: dict[dt.date, list[Record]] = defaultdict(list)
    for record in records:
        days[record.effective].append(record)
    for group in days.values():
        arrived = [each for each in group if (each.quantity or ZERO) > 0]
        left = [each for each in group if (each.quantity or ZERO) < 0]
        if len(arrived) == len(left) == 1 and (symbol := _common_symbol(arrived[0], left[0])):
            _book_reverse_split(arrived[0], left[0], symbol, bookings)
            continue
        for each in group:
            bookings.ask_of_corporate_action(each, [other.line for other in group if other is not each])


def _common_symbol(arrived: Record, left: Record) -> str:
    """Return the ticker of both; one of the two may be under its CUSIP. "" where they are two tickers: a rename as well."""
    if arrived.symbol == left.symbol or is_cusip(left.symbol):
        return arrived.symbol
    return left.symbol if is_cusip(arrived.symbol) else ""


def _book_reverse_split(arrived: Record, left: Record, symbol: str, bookings: Bookings) -> None:
    new, old = arrived.quantity or ZERO, -(left.quantity or ZERO)
    ratio = (new / old).quantize(_STEP, ROUND_HALF_UP)
    if ratio in {ZERO, Decimal(1)} or new > old:
        for record, other in ((arrived, left), (left, arrived)):
            bookings.ask_of_corporate_action(record, [other.line])
        return
    row = bookings.base(arrived, Kind.SPLIT, date=arrived.effective, symbol=symbol, quantity=ratio)
    ids = joined([arrived.external_id, left.external_id])
    row = replace(row, lines=(arrived.line, left.line), external_id=ids)
    bookings.describe(arrived, row)
    bookings.rows.book(row)
