"""Trades of a Flex query: purchases, sales, currency exchanges, and trades that were taken back. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import Kind
from portfolio.importers.fingerprints import joined
from portfolio.importers.ibkr.cancels import without_cancelled
from portfolio.importers.ibkr.records import BONDS, HUNDREDTH, SECURITIES, Record, Symbols
from portfolio.importers.money_check import adds_up, price_to_book
from portfolio.importers.review_reasons import does_not_add_up, out_of_scope, unexpected_sign
from portfolio.importers.rows import ZERO, LedgerRow, Problem
from portfolio.importers.source_rows import SourceRows
from portfolio.written_values import UnreadableError

_OPTION_CODES = frozenset({"A", "EX", "EP"})
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class BoughtInterest:
    """Accrued interest that a cash row charges for a bond trade."""

    record: Record
    amount: Decimal


@dataclass(frozen=True, slots=True)
class _Figures:
    """The numbers of a trade; money in the trade's currency, + received."""

    quantity: Decimal  # + bought
    price: Decimal | None
    gross: Decimal  # a size
    commission: Decimal
    taxes: Decimal
    accrued: Decimal  # a size
    net_cash: Decimal | None
    unit: Decimal  # value of one unit = price x unit


def book_trades(records: list[Record], symbols: Symbols, rows: SourceRows, *, interest: Mapping[int, BoughtInterest]) -> None:
    """Book every trade. `interest` holds, by the trade's line, accrued interest that stands among the cash rows."""
    for record in without_cancelled(records, symbols, rows):
        if rows.is_settled(record.line):
            continue
        try:
            _book(record, symbols, rows, interest.get(record.line))
        except UnreadableError as error:
            rows.reject(Problem(record.line, "", str(error)))


def codes(record: Record) -> set[str]:
    """Return the letters that the broker marks a trade with."""
    return {code.strip().upper() for code in record.text("notes").replace(",", ";").split(";")}


def category_of(record: Record) -> str:
    """Return the asset category; where the query left it out, what the other cells tell."""
    category = record.text("assetcategory").upper()
    if category:
        return category
    base, _, quote = record.text("symbol").partition(".")
    if is_currency(base) and is_currency(quote):
        return "CASH"
    # without an ISIN a row can be an exchange whose pair the query does not name
    return "STK" if record.text("isin") or record.text("cusip") or "isin" not in record.text("columns").split() else ""


def _book(record: Record, symbols: Symbols, rows: SourceRows, bought: BoughtInterest | None) -> None:
    category = category_of(record)
    word = f"{record.text('buysell')} {record.text('symbol') or record.text('description')}".strip()
    if not category:
        words = "has no ISIN and no pair of currencies in Symbol: it may be an exchange; enter it by hand"
        rows.review(Problem(record.line, "ISIN", words, "unknown_word"))
    elif category == "CASH":
        _book_exchange(record, rows)
    elif category not in SECURITIES:
        rows.review(
            out_of_scope(line=record.line, column="assetCategory", word=f"{category} {word}", what=f"{category} trades")
        )
    elif codes(record) & _OPTION_CODES and record.text("transactiontype").upper() == "BOOKTRADE":
        rows.review(out_of_scope(line=record.line, column="notes", word=word, what="exercised or assigned options"))
    elif not symbols.of(record):
        rows.review(Problem(record.line, "symbol", "names no security; add symbol, conid or ISIN to the query", "unknown_word"))
    elif not is_currency(record.text("currency")):
        rows.reject(Problem(record.line, "currency", f'"{record.text("currency")}" is no currency code; add it to the query'))
    else:
        _book_security(record, symbols, rows, bought, category)


def _book_security(record: Record, symbols: Symbols, rows: SourceRows, bought: BoughtInterest | None, category: str) -> None:
    figures = _figures(record, rows, category)
    if figures is None:
        return
    is_buy, symbol = figures.quantity > 0, symbols.of(record)
    price = price_to_book(quantity=abs(figures.quantity), price=figures.price, amount=figures.gross, price_unit=figures.unit)
    date = record.date
    notes: list[str] = []
    if category in BONDS and record.settled_on:
        date, notes = _bond_date(record)
    elif record.settled_on:
        notes.append(f"settled {record.settled_on}")
    if "R" in codes(record):
        notes.insert(0, "reinvestment")
    own_charge = _commission_currency(record) == record.text("currency")
    lines, ids, accrued = (record.line,), [record.external_id], figures.accrued
    if bought is not None:
        lines, ids, accrued = (*lines, bought.record.line), [*ids, bought.record.external_id], bought.amount
    main = LedgerRow(
        lines=lines,
        date=date,
        time=record.time,
        kind=Kind.BUY if is_buy else Kind.SELL,
        account=record.account,
        symbol=symbol,
        quantity=abs(figures.quantity),
        price=price,
        amount=figures.gross,
        currency=record.text("currency"),
        fee=max(-figures.commission, ZERO) if own_charge else ZERO,
        tax=max(-figures.taxes, ZERO),
        accrued_interest=accrued,
        note="; ".join(notes),
        external_id=joined(ids),
    )
    rows.book(main, *_beside(record, figures, symbol, lines=lines, own_charge=own_charge))


def _beside(record: Record, figures: _Figures, symbol: str, *, lines: tuple[int, ...], own_charge: bool) -> list[LedgerRow]:
    """Return rows for what a trade cannot carry itself: charges in another currency, and charges that were paid back."""
    found = []
    commission, currency = figures.commission, _commission_currency(record)
    if commission and (commission > 0 or not own_charge):
        kind = Kind.FEE_REFUND if commission > 0 else Kind.FEE
        found.append((kind, abs(commission), currency, "f", "commission"))
    if figures.taxes > 0:
        found.append((Kind.TAX_REFUND, figures.taxes, record.text("currency"), "t", "transaction tax"))
    return [
        LedgerRow(
            lines=lines,
            date=record.date,
            time=record.time,
            kind=kind,
            account=record.account,
            symbol=symbol,
            amount=amount,
            currency=code,
            tax_year=record.date.year if kind == Kind.TAX_REFUND else None,
            note=note,
            external_id=record.external_id + letter,
        )
        for kind, amount, code, letter, note in found
    ]


def _figures(record: Record, rows: SourceRows, category: str) -> _Figures | None:
    """Return the numbers of a trade; None, with the question asked, where they are missing or contradict each other."""
    quantity, price = record.number("quantity"), record.number("tradeprice")
    if not quantity:
        rows.review(Problem(record.line, "quantity", "is blank or 0; enter the row by hand", "unreadable"))
        return None
    side = record.text("buysell").upper()
    # some queries print sizes only, and the word tells
    if side.startswith("SELL") and quantity > 0 and (record.number("proceeds") or ZERO) >= 0:
        quantity = -quantity
    if (side.startswith("BUY") and quantity < 0) or (side.startswith("SELL") and quantity > 0):
        rows.review(unexpected_sign(line=record.line, column="quantity", word=side, amount=quantity))
        return None
    unit = (HUNDREDTH if category in BONDS else _ONE) * (record.number("multiplier") or _ONE)
    commission = record.number("ibcommission") or ZERO
    taxes = record.number("taxes") or ZERO
    expected = abs(quantity) * price * unit if price else None
    gross = _gross(record, quantity, commission + taxes, expected)
    if gross is None:
        rows.review(
            Problem(record.line, "proceeds", "no money is given; add Proceeds or TradePrice to the query", "unreadable")
        )
        return None
    # London's prices may be in pence while money is in pounds
    in_pence = expected is not None and adds_up(amount=gross, expected=expected * HUNDREDTH)
    if expected is not None and not in_pence and not adds_up(amount=gross, expected=expected):
        parts = "quantity × price"
        rows.review(does_not_add_up(line=record.line, column="proceeds", amount=gross, expected=expected, parts=parts))
        return None
    accrued = abs(record.number("accruedint") or ZERO)
    figures = _Figures(quantity, None if in_pence else price, gross, commission, taxes, accrued, record.number("netcash"), unit)
    return figures if _net_fits(record, figures, rows) else None


def _gross(record: Record, quantity: Decimal, charges: Decimal, expected: Decimal | None) -> Decimal | None:
    for name in ("proceeds", "trademoney"):
        value = record.number(name)
        if value:
            return abs(value)
    cost = record.number("cost")
    # the cost of a purchase holds its charges, which are negative numbers
    if quantity > 0 and cost and cost + charges > 0:
        return cost + charges
    return expected


def _net_fits(record: Record, figures: _Figures, rows: SourceRows) -> bool:
    """Check the money that moved, where it is given and in one currency with the charges."""
    if not figures.net_cash or (figures.commission and _commission_currency(record) != record.text("currency")):
        return True
    money = -figures.gross if figures.quantity > 0 else figures.gross
    interest = -figures.accrued if figures.quantity > 0 else figures.accrued
    expected = money + figures.commission + figures.taxes
    # reports differ in whether accrued interest is part of it
    if any(adds_up(amount=figures.net_cash, expected=each) for each in (expected, expected + interest)):
        return True
    parts = "proceeds + commission + taxes"
    rows.review(does_not_add_up(line=record.line, column="netCash", amount=figures.net_cash, expected=expected, parts=parts))
    return False


def _bond_date(record: Record) -> tuple[dt.date, list[str]]:
    """Return the day to which accrued interest runs, with the trade's day noted."""
    if record.settled_on is None or record.settled_on < record.date:
        return record.date, []
    return record.settled_on, [f"traded {record.date}"]


def _commission_currency(record: Record) -> str:
    return record.text("ibcommissioncurrency") or record.text("currency")


def _book_exchange(record: Record, rows: SourceRows) -> None:
    base, _, quote = record.text("symbol").partition(".")
    quantity = record.number("quantity")
    money = record.number("proceeds") or record.number("trademoney")
    price = record.number("tradeprice")
    if quantity and not money and price:
        money = quantity * price
    if not (is_currency(base) and is_currency(quote)) or base == quote or not quantity or not money:
        words = "is an exchange of currencies without its pair or its amounts; enter an FX row by hand"
        rows.review(Problem(record.line, "symbol", words, "unreadable"))
        return
    if record.text("currency") not in {"", quote}:
        words = f"is an exchange of {base} into {quote} whose money is in {record.text('currency')}; enter an FX row by hand"
        rows.review(Problem(record.line, "currency", words, "unreadable"))
        return
    if price and not adds_up(amount=abs(money), expected=abs(quantity * price)):
        parts = "quantity × price"
        rows.review(
            does_not_add_up(line=record.line, column="proceeds", amount=abs(money), expected=abs(quantity * price), parts=parts)
        )
        return
    side = record.text("buysell").upper()
    is_sale = side.startswith("SELL") if side else quantity < 0
    given, got = ((abs(quantity), base), (abs(money), quote))[:: 1 if is_sale else -1]
    row = LedgerRow(
        lines=(record.line,),
        date=record.date,
        time=record.time,
        kind=Kind.FX,
        account=record.account,
        amount=given[0],
        currency=given[1],
        to_amount=got[0],
        to_currency=got[1],
        external_id=record.external_id,
    )
    charge = record.number("ibcommission") or ZERO
    figures = _Figures(quantity, None, abs(money), charge, ZERO, ZERO, None, _ONE)
    rows.book(row, *_beside(record, figures, "", lines=row.lines, own_charge=False))
