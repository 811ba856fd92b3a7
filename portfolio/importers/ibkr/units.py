"""Corporate actions and transfers of a Flex query: units that come and go without a trade. Pure."""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import Kind
from portfolio.importers.fingerprints import joined
from portfolio.importers.ibkr.records import Record, Symbols
from portfolio.importers.kept_digits import kept
from portfolio.importers.review_reasons import corporate_action
from portfolio.importers.rows import ZERO, LedgerRow, Problem
from portfolio.importers.source_rows import SourceRows
from portfolio.written_values import UnreadableError

_RATIO = re.compile(r"SPLIT ([0-9]+(?:\.[0-9]+)?) FOR ([0-9]+(?:\.[0-9]+)?)", re.IGNORECASE)
_CASH_ONLY = re.compile(r"FOR [A-Z]{3} [0-9.]+ PER SHARE", re.IGNORECASE)
_SPLITS = frozenset({"FS", "RS"})
_PAYMENTS = frozenset({"CD", "CP"})
_MATURITIES = frozenset({"BM", "TM"})
_PROPOSALS = {"FS": "SPLIT", "RS": "SPLIT", "FI": "SPLIT", "SO": "SPIN_OFF", "SD": "STOCK_DIVIDEND", "BC": "MATURITY"}
_NEAR_DAYS = 7


@dataclass(frozen=True, slots=True)
class _Sizes:
    quantity: Decimal  # + units arrive
    cash: Decimal  # + received


def book_actions(records: list[Record], cash: list[Record], symbols: Symbols, rows: SourceRows) -> None:
    """Book the corporate actions whose terms the file gives; all others are put to a person."""
    legs: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        group = record.text("actionid") or f"line {record.line}"
        legs[record.account, group].append(record)
    for group in legs.values():
        try:
            _book_group([(record, _sizes(record)) for record in group], cash, symbols, rows)
        except UnreadableError as error:
            for record in group:
                rows.reject(Problem(record.line, "", str(error)))


def _sizes(record: Record) -> _Sizes:
    proceeds = record.number("proceeds")
    if not proceeds:
        proceeds = -(record.number("amount") or ZERO)
    return _Sizes(record.number("quantity") or ZERO, proceeds)


def _word(record: Record) -> str:
    return record.text("type").upper()


def _text(record: Record) -> str:
    return record.text("actiondescription") or record.text("description")


def _book_group(legs: list[tuple[Record, _Sizes]], cash: list[Record], symbols: Symbols, rows: SourceRows) -> None:
    moving = []
    for record, sizes in legs:
        if not sizes.quantity and not sizes.cash:
            rows.skip(record.line)
        else:
            moving.append((record, sizes))
    if not moving:
        return
    words = {_word(record) for record, _ in moving}
    if words <= _SPLITS and _book_split([record for record, _ in moving], symbols, rows):
        return
    for record, sizes in moving:
        is_alone = len(moving) == 1
        row = _simple_row(record, sizes, symbols, is_alone=is_alone)
        if row is not None:
            rows.book(row)
        elif _word(record) in _PAYMENTS and _is_told_twice(record, sizes, cash, symbols):
            rows.skip(record.line)
        else:
            said = f"{_word(record)} {_text(record)}"
            proposal = _PROPOSALS.get(_word(record), "")
            rows.review(corporate_action(line=record.line, column="type", word=said, proposal=proposal))


def _book_split(records: list[Record], symbols: Symbols, rows: SourceRows) -> bool:
    """Book a split whose text gives the ratio; the leg that takes the old units away belongs to it."""
    found = {(_RATIO.search(_text(record)) or [""])[0].upper() for record in records}
    names = {symbols.of(record) for record in records}
    ratio = _RATIO.search(found.pop()) if len(found) == 1 else None
    if ratio is None or len(names) != 1 or "" in names:
        return False
    new, old = Decimal(ratio[1]), Decimal(ratio[2])
    # as many units as before is a change of name
    if not new or not old or new == old:
        return False
    first = records[0]
    row = LedgerRow(
        lines=tuple(record.line for record in records),
        date=first.date,
        kind=Kind.SPLIT,
        account=first.account,
        symbol=names.pop(),
        quantity=kept(new / old),
        note=f"{ratio[1]} for {ratio[2]}",
        external_id=joined(record.external_id for record in records),
    )
    rows.book(row)
    return True


def _simple_row(record: Record, sizes: _Sizes, symbols: Symbols, *, is_alone: bool) -> LedgerRow | None:
    """Return the row of an action that stands by itself and says all; None for every other."""
    word, symbol = _word(record), symbols.of(record)
    if not symbol or not is_currency(record.text("currency")):
        return None
    leaves_for_cash = sizes.quantity < 0 < sizes.cash
    if word == "SD" and sizes.quantity > 0 and not sizes.cash:
        kind, amount = Kind.STOCK_DIVIDEND, None
    elif word in _MATURITIES and leaves_for_cash:
        kind, amount = Kind.MATURITY, sizes.cash
    elif word == "TC" and leaves_for_cash and is_alone and _CASH_ONLY.search(_text(record)):
        kind, amount = Kind.SELL, sizes.cash
    else:
        return None
    return LedgerRow(
        lines=(record.line,),
        date=record.date,
        kind=kind,
        account=record.account,
        symbol=symbol,
        quantity=abs(sizes.quantity),
        amount=amount,
        currency=record.text("currency") if amount is not None else "",
        note=_text(record),
        external_id=record.external_id,
    )


def _is_told_twice(record: Record, sizes: _Sizes, cash: list[Record], symbols: Symbols) -> bool:
    """Say whether a payment among the corporate actions stands among the cash rows too."""
    for other in cash:
        same = (other.account, symbols.of(other)) == (record.account, symbols.of(record))
        if same and abs((other.date - record.date).days) <= _NEAR_DAYS and other.number("amount") == sizes.cash:
            return True
    return False


def book_transfers(records: list[Record], symbols: Symbols, rows: SourceRows) -> None:
    """Book units and money that came from or went to another account; both sides in the file make one row."""
    own = {record.account for record in records}
    sides: list[tuple[Record, _Sizes]] = []
    for record in records:
        try:
            sizes = _transfer_sizes(record)
        except UnreadableError as error:
            rows.reject(Problem(record.line, "", str(error)))
            continue
        if sizes.quantity or sizes.cash:
            sides.append((record, sizes))
        else:
            rows.skip(record.line)
    paired: set[int] = set()
    for record, sizes in sides:
        if record.line in paired:
            continue
        partner = _other_side(record, sizes, [each for each in sides if each[0].line not in paired]) if len(own) > 1 else None
        if partner is not None:
            paired |= {record.line, partner.line}
            giver, taker = (record, partner) if min(sizes.quantity, sizes.cash) < 0 else (partner, record)
            _book_transfer(giver, taker, sizes, symbols, rows)
        else:
            try:
                _book_crossing(record, sizes, symbols, rows)
            except UnreadableError as error:
                rows.reject(Problem(record.line, "positionAmount", str(error)))


def _transfer_sizes(record: Record) -> _Sizes:
    """Return signed sizes, whether the file signs them or says the direction in a word."""
    quantity, cash = record.number("quantity") or ZERO, record.number("cashtransfer") or ZERO
    is_cash = record.text("assetcategory").upper() == "CASH"
    if is_cash and not cash:
        quantity, cash = ZERO, quantity
    direction = record.text("direction").upper()
    if direction in {"IN", "OUT"}:
        sign = 1 if direction == "IN" else -1
        return _Sizes(sign * abs(quantity), sign * abs(cash))
    return _Sizes(quantity, cash)


def _other_side(record: Record, sizes: _Sizes, others: list[tuple[Record, _Sizes]]) -> Record | None:
    found = [
        other
        for other, size in others
        if other.account != record.account
        and other.security_key == record.security_key
        and (size.quantity, size.cash) == (-sizes.quantity, -sizes.cash)
        and other.date == record.date
        and record.text("account") in {"", "-", other.account}
    ]
    return found[0] if len(found) == 1 else None


def _book_transfer(giver: Record, taker: Record, sizes: _Sizes, symbols: Symbols, rows: SourceRows) -> None:
    symbol = symbols.of(giver) if sizes.quantity else ""
    rows.book(
        LedgerRow(
            lines=(giver.line, taker.line),
            date=giver.date,
            kind=Kind.TRANSFER,
            account=giver.account,
            to_account=taker.account,
            symbol=symbol,
            quantity=abs(sizes.quantity) if sizes.quantity else None,
            amount=None if sizes.quantity else abs(sizes.cash),
            currency="" if sizes.quantity else giver.text("currency"),
            external_id=joined([giver.external_id, taker.external_id]),
        )
    )


def _book_crossing(record: Record, sizes: _Sizes, symbols: Symbols, rows: SourceRows) -> None:
    """Book what came from or went to an account outside the file."""
    currency = record.text("currency")
    if not is_currency(currency):
        rows.reject(Problem(record.line, "currency", f'"{currency}" is no currency code; add it to the query'))
        return
    if not sizes.quantity:
        kind = Kind.DEPOSIT if sizes.cash > 0 else Kind.WITHDRAWAL
        rows.warn(
            record.line, "", "is a transfer whose other account is not in the file; booked as money in or out", "transfer"
        )
        row = LedgerRow((record.line,), record.date, kind, record.account, amount=abs(sizes.cash), currency=currency)
        rows.book(replace(row, external_id=record.external_id))
        return
    symbol, value = symbols.of(record), record.number("positionamount")
    if not symbol or not value or sizes.cash:
        words = "moves units without their value or their security; enter a DELIVERY or TRANSFER row by hand"
        rows.review(Problem(record.line, "positionAmount", words, "corporate_action"))
        return
    arrives = sizes.quantity > 0
    if arrives:
        words = "brings units at their market value; what they cost is not in the file, so correct the amount if it is known"
        rows.warn(record.line, "positionAmount", words, "cost_unknown")
    row = LedgerRow(
        lines=(record.line,),
        date=record.date,
        kind=Kind.DELIVERY_IN if arrives else Kind.DELIVERY_OUT,
        account=record.account,
        symbol=symbol,
        quantity=abs(sizes.quantity),
        amount=abs(value),
        currency=currency,
        note=f"transfer {record.text('type')}".strip(),
    )
    rows.book(replace(row, external_id=record.external_id))
