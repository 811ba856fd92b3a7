"""Sharesight's All Trades Report: purchases and sales in the market's currency, and exchanges of currencies. Pure."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import Kind
from portfolio.importers.broker_table import Line, folded
from portfolio.importers.broker_values import date_in_order
from portfolio.importers.fingerprints import Fingerprints, joined
from portfolio.importers.kept_digits import kept, rounded_money
from portfolio.importers.money_check import adds_up
from portfolio.importers.number_style import decimal_mark, with_points
from portfolio.importers.review_reasons import corporate_action, masked, unexpected_sign, unpaired
from portfolio.importers.row_order import oldest_first
from portfolio.importers.rows import ZERO, LedgerRow, Problem, Security
from portfolio.importers.sharesight.symbols_of_codes import Code, Codes
from portfolio.importers.source_rows import SourceRows
from portfolio.written_values import UnreadableError

_NEEDED = frozenset({"market", "code", "type", "date", "quantity", "price"})
_NUMBERS = ("quantity", "price", "brokerage", "value", "exchange rate")
_HUNDREDTH = Decimal("0.01")
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class TradeLine:
    """A row as the report has it."""

    line: Line
    cells: dict[str, str]

    @property
    def code(self) -> Code:
        """The code and its market."""
        return Code.apart(self.cells.get("code", ""), self.cells.get("market", ""))


@dataclass(frozen=True, slots=True)
class _Trade:
    source: TradeLine
    date: dt.date
    quantity: Decimal  # + bought
    price: Decimal
    brokerage: Decimal
    value: Decimal  # portfolio's currency, signed as printed
    rate: Decimal  # rounded; 1 where the market is in the portfolio's currency
    external_id: str

    @property
    def line(self) -> int:
        return self.source.line.number

    @property
    def currency(self) -> str:
        return _currency(self.source.cells)

    @property
    def brokerage_currency(self) -> str:
        """Of its own in newer reports."""
        return self.source.cells.get("brokerage currency", "").upper() or self.currency


def _currency(cells: dict[str, str]) -> str:
    return (cells.get("currency") or cells.get("instrument currency", "")).upper()


def trades_header(line: Line) -> tuple[str, ...]:
    """Return the columns of a header; nothing where the line is none."""
    names = tuple(folded(cell).rstrip(" *") for cell in line.cells)
    return names if set(names) >= _NEEDED and {"currency", "instrument currency"} & set(names) else ()


def book_trades(listed: list[TradeLine], codes: Codes, rows: SourceRows, *, today: dt.date, account: str) -> str:
    """Book the trades; return the portfolio's currency, "" where no row tells it."""
    trades = _readable(listed, rows, today)
    trades = oldest_first(trades, date=lambda trade: trade.date, spends=lambda trade: trade.quantity > 0)
    home = _home(trades)
    _book_exchanges([trade for trade in trades if trade.source.code.market == "FX"], rows, account)
    for trade in trades:
        if trade.source.code.market != "FX":
            _book(trade, codes, rows, account)
    return home


def _readable(listed: list[TradeLine], rows: SourceRows, today: dt.date) -> list[_Trade]:
    found: list[_Trade] = []
    fingerprints = Fingerprints("sharesight")
    mark = decimal_mark(each.cells.get(name, "") for each in listed for name in _NUMBERS)
    for each in listed:
        cells, number = each.cells, each.line.number
        try:
            date = date_in_order(cells.get("date", ""), order="dmy")
            texts = (with_points(cells.get(name, ""), mark) for name in _NUMBERS)
            quantity, price, brokerage, value, rate = (rounded_money(text) or ZERO for text in texts)
        except UnreadableError as error:
            rows.reject(Problem(number, "", str(error)))
            continue
        if date > today:
            rows.reject(Problem(number, "Date", f"{date} lies in the future"))
            continue
        said = (cells.get("market", ""), cells.get("code", ""), cells.get("type", ""), _currency(cells))
        # the rate and the value change with the portfolio's settings
        external_id = fingerprints.of(date, quantity, price, brokerage, *said)
        found.append(_Trade(each, date, quantity, abs(price), abs(brokerage), value, rate, external_id))
    return found


def _home(trades: list[_Trade]) -> str:
    """Return the portfolio's currency: that of rows with rate 1 whose value is their own money."""
    counted: Counter[str] = Counter()
    for trade in trades:
        own = abs(trade.quantity) * trade.price
        if trade.rate == 1 and is_currency(trade.currency) and trade.source.code.market != "FX" and own:
            counted[trade.currency] += any(
                adds_up(amount=abs(trade.value), expected=each) for each in (own, own + trade.brokerage, own - trade.brokerage)
            )
    best = counted.most_common(1)
    return best[0][0] if best and best[0][1] else ""


def _book(trade: _Trade, codes: Codes, rows: SourceRows, account: str) -> None:
    word = trade.source.cells.get("type", "")
    kind = {"buy": Kind.BUY, "sell": Kind.SELL}.get(word.casefold())
    comments = trade.source.cells.get("comments", "")
    if kind is None:
        rows.review(corporate_action(line=trade.line, column="Type", word=f"{word} {comments}"))
        return
    if not trade.quantity or not trade.price or not trade.source.code.code:
        rows.review(Problem(trade.line, "Quantity", "has no code, quantity or price; enter the row by hand", "unreadable"))
        return
    if (trade.quantity > 0) != (kind == Kind.BUY):
        rows.review(unexpected_sign(line=trade.line, column="Quantity", word=word, amount=trade.quantity))
        return
    wrong = next((code for code in (trade.currency, trade.brokerage_currency) if not is_currency(code)), None)
    if wrong is not None:
        rows.reject(Problem(trade.line, "Currency", f'"{wrong[:10]}" is no currency code'))
        return
    if kind == Kind.BUY and "stock activity" in comments.casefold():
        kind = Kind.DELIVERY_IN
        words = "are shares received as pay: booked as units brought in at that value, not as a purchase"
        rows.warn(trade.line, "Comments", words, "shares_as_pay")
    size = abs(trade.quantity)
    unit = _unit(trade)
    symbol = codes.symbol(trade.source.code)
    security = Security(name=trade.source.cells.get("name", "")[:160], currency=trade.currency)
    rows.security(symbol, security)
    own_fee = trade.brokerage_currency == trade.currency
    row = LedgerRow(
        lines=(trade.line,),
        date=trade.date,
        kind=kind,
        account=account,
        symbol=symbol,
        quantity=size,
        price=trade.price if unit == _ONE else None,
        amount=kept(size * trade.price * unit),
        currency=trade.currency,
        fee=trade.brokerage if own_fee else ZERO,
        note=masked(comments),
        external_id=trade.external_id,
    )
    rows.book(row, *([] if own_fee or not trade.brokerage else [_brokerage(trade, row)]))


def _brokerage(trade: _Trade, row: LedgerRow) -> LedgerRow:
    """Return the row of a brokerage in another currency than the trade's."""
    return LedgerRow(
        lines=row.lines,
        date=row.date,
        kind=Kind.FEE,
        account=row.account,
        symbol=row.symbol,
        amount=trade.brokerage,
        currency=trade.brokerage_currency,
        note="brokerage",
        external_id=f"{trade.external_id}f",
    )


def _unit(trade: _Trade) -> Decimal:
    """Return a hundredth where the value shows that the price is in pence; only rate 1 makes the two comparable."""
    own = abs(trade.quantity) * trade.price
    if trade.rate == 1 and trade.value and adds_up(amount=abs(trade.value), expected=own * _HUNDREDTH):
        return _HUNDREDTH
    return _ONE


def _book_exchanges(trades: list[_Trade], rows: SourceRows, account: str) -> None:
    """Book a sale of one currency and a purchase of another with the same value on one day as one exchange."""
    by_value: dict[tuple[dt.date, Decimal], list[_Trade]] = defaultdict(list)
    for trade in trades:
        by_value[trade.date, abs(trade.value)].append(trade)
    for (_, value), legs in by_value.items():
        sold = [each for each in legs if each.quantity < 0]
        bought = [each for each in legs if each.quantity > 0]
        names = {each.source.code.code for each in legs}
        if len(sold) != 1 or len(bought) != 1 or not value or len(names) != 2 or not all(map(is_currency, names)):
            for each in legs:
                word = f"FX {each.source.cells.get('type', '')} {each.source.code.code}"
                rows.review(unpaired(line=each.line, column="Market", word=word))
            continue
        rows.book(_exchange(sold[0], bought[0], account))


def _exchange(sold: _Trade, bought: _Trade, account: str) -> LedgerRow:
    return LedgerRow(
        lines=(sold.line, bought.line),
        date=sold.date,
        kind=Kind.FX,
        account=account,
        amount=-sold.quantity,
        currency=sold.source.code.code,
        to_amount=bought.quantity,
        to_currency=bought.source.code.code,
        external_id=joined([sold.external_id, bought.external_id]),
    )
