"""Cash rows of a Flex query: income with its tax, interest, fees, money in and out, and what was reversed. Pure."""

import datetime as dt
import re
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import Kind
from portfolio.importers.fingerprints import joined
from portfolio.importers.ibkr.records import BONDS, Record, Symbols
from portfolio.importers.ibkr.trades import BoughtInterest
from portfolio.importers.money_check import adds_up
from portfolio.importers.review_reasons import cancel_without_trade, masked, unknown_word
from portfolio.importers.rows import ZERO, LedgerRow, Problem
from portfolio.importers.source_rows import SourceRows
from portfolio.written_values import UnreadableError

# (kind of money received, kind of money paid); None: the opposite of the usual direction is a reversal
_KINDS: dict[str, tuple[Kind | None, Kind | None]] = {
    "dividends": (Kind.DIVIDEND, None),
    "payment in lieu of dividends": (Kind.PAYMENT_IN_LIEU, None),
    "withholding tax": (Kind.TAX_REFUND, Kind.TAX),
    "871(m) withholding": (Kind.TAX_REFUND, Kind.TAX),
    "broker interest received": (Kind.INTEREST, None),
    "broker interest paid": (None, Kind.INTEREST_CHARGE),
    "bond interest received": (Kind.COUPON, None),
    "other fees": (Kind.FEE_REFUND, Kind.FEE),
    "broker fees": (Kind.FEE_REFUND, Kind.FEE),
    "advisor fees": (Kind.FEE_REFUND, Kind.FEE),
    "management fees": (Kind.FEE_REFUND, Kind.FEE),
    "commission adjustments": (Kind.FEE_REFUND, Kind.FEE),
    "deposits & withdrawals": (Kind.DEPOSIT, Kind.WITHDRAWAL),
    "deposits/withdrawals": (Kind.DEPOSIT, Kind.WITHDRAWAL),
    "deposits": (Kind.DEPOSIT, Kind.WITHDRAWAL),
    "withdrawals": (Kind.DEPOSIT, Kind.WITHDRAWAL),
}
_BOND_INTEREST_PAID = "bond interest paid"
_PAID_ON_UNITS = frozenset({Kind.DIVIDEND, Kind.PAYMENT_IN_LIEU, Kind.RETURN_OF_CAPITAL})
_WITH_SYMBOL = _PAID_ON_UNITS | {Kind.COUPON, Kind.TAX, Kind.TAX_REFUND, Kind.FEE, Kind.FEE_REFUND}
_NEEDS_SYMBOL = _PAID_ON_UNITS | {Kind.COUPON}
# names of people and banks may stand in these
_WITHOUT_NOTE = frozenset({Kind.DEPOSIT, Kind.WITHDRAWAL})
_TAKES_BACK = re.compile(r"ADJUSTMENT|CANCELLATION|CANCELED|REVERSAL", re.IGNORECASE)
_LENDING = re.compile(r"SYEP|MANAGED SECURITIES|STOCK YIELD ENHANCEMENT", re.IGNORECASE)
_RETURN = re.compile(r"\(RETURN OF CAPITAL\)", re.IGNORECASE)
_ENDING = re.compile(r"\s+-\s+(?:[A-Z]{2}\s+)?(?:TAX|FEE)\b.*$|\s*\((?:[A-Z]+ )*[A-Z]+\)\s*$", re.IGNORECASE)
_BRACKETED_ID = re.compile(r"\s*\([A-Z0-9]{4,14}\)", re.IGNORECASE)
_NEAR = dt.timedelta(days=7)


def book_cash(records: list[Record], trades: list[Record], symbols: Symbols, rows: SourceRows) -> dict[int, BoughtInterest]:
    """Book every cash row; return, by the trade's line, accrued interest that belongs into a bond trade."""
    known = [(record, amount) for record in records if (amount := _amount(record, rows)) is not None]
    kinds: dict[int, Kind] = {}
    bought: dict[int, BoughtInterest] = {}
    standing = _without_reversals(known, rows)
    for record, amount in standing:
        if record.text("type").casefold() == _BOND_INTEREST_PAID or _is_sold_interest(record, amount):
            try:
                _accrued((record, amount), trades, bought, symbols, rows)
            except UnreadableError:
                words = "belongs to a bond trade that cannot be read; enter both by hand"
                rows.review(Problem(record.line, "type", words, "unpaired"))
            if rows.is_settled(record.line) or any(each.record is record for each in bought.values()):
                continue
        kind = _kind(record, amount, rows)
        if kind is not None:
            kinds[record.line] = kind
    _book(standing, kinds, symbols, rows)
    return bought


def _amount(record: Record, rows: SourceRows) -> Decimal | None:
    try:
        amount = record.number("amount")
    except UnreadableError as error:
        rows.reject(Problem(record.line, "amount", str(error)))
        return None
    if amount is None:
        rows.reject(Problem(record.line, "amount", "is blank"))
    elif not is_currency(record.text("currency")):
        rows.reject(Problem(record.line, "currency", f'"{record.text("currency")}" is no currency code; add it to the query'))
    elif not amount:
        rows.skip(record.line)
    else:
        return amount
    return None


def _kind(record: Record, amount: Decimal, rows: SourceRows) -> Kind | None:
    """Return the ledger's word for a row; None where a person has to say it."""
    word = record.text("type")
    description = record.text("description")
    pair = _KINDS.get(word.casefold())
    if pair is None:
        rows.review(unknown_word(line=record.line, column="type", word=f"{word}: {description}"))
        return None
    kind = pair[amount < 0]
    is_move = Kind.DEPOSIT in pair
    if kind is None or (is_move and _TAKES_BACK.search(description)):
        rows.review(cancel_without_trade(line=record.line, column="type", word=f"{word} {amount}"))
        return None
    if kind == Kind.DIVIDEND and _RETURN.search(description):
        return Kind.RETURN_OF_CAPITAL
    if kind == Kind.INTEREST and _LENDING.search(description):
        return Kind.LENDING_REBATE
    if kind in _NEEDS_SYMBOL and not record.security_key:
        rows.review(Problem(record.line, "symbol", "names no security; add symbol, conid or ISIN to the query", "unknown_word"))
        return None
    return kind


def _without_reversals(known: list[tuple[Record, Decimal]], rows: SourceRows) -> list[tuple[Record, Decimal]]:
    """Take out each reversal with the one row that it undoes. Taxes stay: their two directions are booked as they are."""
    gone: set[int] = set()
    by_money: dict[tuple[str, str, Decimal], list[Record]] = defaultdict(list)
    for record, amount in known:
        by_money[record.account, record.security_key, amount].append(record)
    for record, amount in known:
        pair = _KINDS.get(record.text("type").casefold())
        if pair is None or record.line in gone:
            continue
        is_move = Kind.DEPOSIT in pair
        if pair[amount < 0] is not None and not (is_move and _TAKES_BACK.search(record.text("description"))):
            continue
        candidates = [
            other
            for other in by_money[record.account, record.security_key, -amount]
            if other.line not in gone and other.order <= record.order and _is_same_event(record, other, is_move=is_move)
        ]
        # equal rows of one day are the same to the ledger, whichever of them goes
        if len({(each.date, each.text("description")) for each in candidates}) == 1:
            original = candidates[0]
            gone |= {record.line, original.line}
            rows.skip(record.line, original.line)
            rows.cancel(record.account, original.external_id)
            rows.warn(record.line, "", f"takes back row {original.line} of {original.date}; neither is booked", "cancelled")
    return [(record, amount) for record, amount in known if record.line not in gone]


def _is_same_event(record: Record, other: Record, *, is_move: bool) -> bool:
    if any(record.text(name).casefold() != other.text(name).casefold() for name in ("type", "currency")):
        return False
    return is_move or record.paid_on == other.paid_on or stem(record.text("description")) == stem(other.text("description"))


def stem(description: str) -> str:
    """Return a payment's description without what tells the dividend from its tax and its fee."""
    text = description
    while (shorter := _ENDING.sub("", text)) != text:
        text = shorter
    return " ".join(without_id(text).upper().split())


def without_id(description: str) -> str:
    """Return a description without the id in brackets, which the security's own columns give."""
    return _BRACKETED_ID.sub("", description)


def _is_sold_interest(record: Record, amount: Decimal) -> bool:
    return amount > 0 and "ACCRUED" in record.text("description").upper() and "bond interest" in record.text("type").casefold()


def _accrued(
    paid: tuple[Record, Decimal], trades: list[Record], bought: dict[int, BoughtInterest], symbols: Symbols, rows: SourceRows
) -> None:
    """Give accrued interest to the bond trade it was paid with; a trade that carries it already says it twice."""
    record, amount = paid
    near = [
        trade
        for trade in trades
        if trade.text("assetcategory").upper() in BONDS
        and (trade.account, symbols.of(trade)) == (record.account, symbols.of(record))
        and min(abs(trade.date - record.date), abs((trade.settled_on or trade.date) - record.date)) <= _NEAR
        and ((trade.number("quantity") or ZERO) > 0) == (amount < 0)
        and trade.line not in bought
    ]
    told = [trade for trade in near if adds_up(amount=abs(trade.number("accruedint") or ZERO), expected=abs(amount))]
    silent = [trade for trade in near if not trade.number("accruedint")]
    if told:
        rows.skip(record.line)
    elif len(silent) == 1:
        bought[silent[0].line] = BoughtInterest(record, abs(amount))
    else:
        words = "is accrued interest, and the bond trade it belongs to is not in the file; enter it with the trade by hand"
        rows.review(Problem(record.line, "type", words, "unpaired"))


def _book(standing: list[tuple[Record, Decimal]], kinds: dict[int, Kind], symbols: Symbols, rows: SourceRows) -> None:
    known = [(record, amount, kinds[record.line]) for record, amount in standing if record.line in kinds]
    taxes = taxes_of_payments(known, rows)
    merged = {tax.line for tax, _ in taxes.values()}
    for record, amount, kind in known:
        if record.line in merged:
            continue
        row = _row(record, amount, kind, symbols)
        if (found := taxes.get(record.line)) is not None:
            tax, size = found
            row = _with_tax(row, tax, size)
        rows.book(row)


def _row(record: Record, amount: Decimal, kind: Kind, symbols: Symbols) -> LedgerRow:
    is_tax = kind in {Kind.TAX, Kind.TAX_REFUND}
    return LedgerRow(
        lines=(record.line,),
        date=record.date,
        kind=kind,
        account=record.account,
        symbol=symbols.of(record) if kind in _WITH_SYMBOL and record.security_key else "",
        amount=abs(amount),
        currency=record.text("currency"),
        tax_year=(record.paid_on or record.date).year if is_tax else None,
        note="" if kind in _WITHOUT_NOTE else masked(without_id(record.text("description"))),
        external_id=record.external_id,
    )


def _with_tax(row: LedgerRow, tax: Record, size: Decimal) -> LedgerRow:
    lines, external_id = (*row.lines, tax.line), joined([row.external_id, tax.external_id])
    return replace(row, lines=lines, tax=size, external_id=external_id)


def taxes_of_payments(known: list[tuple[Record, Decimal, Kind]], rows: SourceRows) -> dict[int, tuple[Record, Decimal]]:
    """Return, by the line of a payment, its one tax row and the size of it. What is left over is a tax by itself."""
    payments: dict[tuple[object, ...], list[Record]] = defaultdict(list)
    for record, _, kind in known:
        if kind in _PAID_ON_UNITS:
            payments[_event(record)].append(record)
    found: dict[int, tuple[Record, Decimal]] = {}
    left: list[tuple[Record, Decimal]] = []
    for tax, amount, kind in known:
        if kind != Kind.TAX or not tax.security_key:
            continue
        words = stem(tax.text("description"))
        near = _payments_of(tax, payments, found)
        payment = next((each for each in near if stem(each.text("description")) == words), None)
        if payment is not None:
            found[payment.line] = (tax, -amount)
        else:
            left.append((tax, -amount))
    for tax, size in left:
        near = _payments_of(tax, payments, found)
        if len(near) == 1:
            found[near[0].line] = (tax, size)
            rows.warn(tax.line, "", f"was taken as the tax of row {near[0].line}, though its words differ", "tax_inferred")
    return found


def _event(record: Record) -> tuple[object, ...]:
    return record.account, record.security_key, record.paid_on, record.text("currency")


def _payments_of(
    tax: Record, payments: dict[tuple[object, ...], list[Record]], found: dict[int, tuple[Record, Decimal]]
) -> list[Record]:
    """Return the payments that a tax row may belong to; one that was rated anew years later keeps its own day."""
    same = payments.get(_event(tax), [])
    return [each for each in same if each.line not in found and abs(tax.date - each.date) <= _NEAR]
