"""What each type of ledger row does to the books and to its day's gains and flows.
Knows prices only through the rates of the row's own day; nothing of valuation or periods."""

from decimal import Decimal

from .books import IncomeEntry, Movement, Realised
from .files import spun_off_symbol

ZERO = Decimal(0)
INCOME_KINDS = ("DIVIDEND", "COUPON", "INTEREST", "LENDING_REBATE", "PAYMENT_IN_LIEU")
EXCHANGE = "currency exchange"


def parts(*, units, price, rate, to_price, to_rate):
    """Return (price, currency, cross) gain of units that go from one price and rate to another."""
    return (
        units * (to_price - price) * rate,
        units * price * (to_rate - rate),
        units * (to_price - price) * (to_rate - rate),
    )


class Posting:
    """One row on its day: the books it changes, the day it is counted in, and the rates of that day."""

    def __init__(self, *, row, books, day, market, instruments, base):
        self.row, self.books, self.day, self.market = row, books, day, market
        self.instruments, self.base = instruments, base
        self.instrument = instruments.get(row.symbol)
        self.cash_rate = self.rate(row.currency)  # reporting currency per unit of the row's currency

    def rate(self, currency):
        """Return the day's rate from a currency to the reporting currency."""
        return self.market.rate(source=currency, target=self.base, day=self.row.date)

    @property
    def line(self):
        """Return the line that the row's gains belong to."""
        return self.row.symbol or self.row.type.lower()

    def move_cash(self, amount, *, account=None, currency=None):
        """Add an amount (+ arrives) to an account, by default the row's own."""
        self.books.cash[account or self.row.account, currency or self.row.currency] += amount

    def into_cash_currency(self):
        """Return the cash currency per 1 unit of the instrument's currency: the row's own, else the day's."""
        if self.row.fx_rate is not None:
            return self.row.fx_rate
        return self.market.rate(source=self.instrument.currency, target=self.row.currency, day=self.row.date)

    def gross(self):
        """Return the gross value of a trade in the cash currency, clean; the amount wins over quantity x price."""
        row = self.row
        if row.amount is not None:
            return row.amount
        price = row.price
        if price is None:  # only a maturity may leave it out: at par
            price = 1 / self.instrument.price_unit
        return row.quantity * price * self.instrument.price_unit * self.into_cash_currency()

    def own_price(self, value):
        """Return a value in the cash currency as a price per unit in the instrument's currency."""
        return value / self.into_cash_currency() / self.row.quantity

    def own_rate(self):
        """Return the instrument's to reporting currency as this row has it."""
        return self.into_cash_currency() * self.cash_rate

    def note_trade_price(self):
        """Remember the row's clean price; it stands in until the instrument's first stored close."""
        self.books.trade_prices[self.row.symbol].append((self.row.date, self.own_price(self.gross())))

    def note_movement(self, kind, *, units, price, rate, amount, symbol=None):
        """Remember units that came or went."""
        movement = Movement(self.row.date, symbol or self.row.symbol, kind, units, price, rate, amount)
        self.books.movements.append(movement)

    def note_income(self, *, kind, gross=ZERO, tax=ZERO, fees=ZERO, netted=ZERO):
        """Remember what section 7 counts; amounts in the row's currency, `netted` in the reporting currency."""
        rate = self.cash_rate
        entry = IncomeEntry(self.row.date, kind, self.line, gross * rate, tax * rate, fees * rate, netted)
        self.books.income.append(entry)

    def oversold(self, missing):
        """Warn of units that were never there."""
        message = f"{missing} units more than {self.row.account} holds"
        self.books.warn(code="oversold", symbol=self.row.symbol, day=self.row.date, message=message)


def post(*, row, books, day, market, instruments, base):
    """Apply one row: its charges, then what its type does."""
    posting = Posting(row=row, books=books, day=day, market=market, instruments=instruments, base=base)
    charges(posting)
    HANDLERS[row.type](posting)


def charges(posting):
    """Take fee and tax columns out of cash; with a symbol they belong to its holding."""
    row = posting.row
    if row.fee:
        posting.move_cash(-row.fee)
        posting.day.gain(row.symbol or "fees", "fees", -row.fee * posting.cash_rate)
    if row.tax:
        posting.move_cash(-row.tax)
        posting.day.gain(row.symbol or "taxes", "taxes", -row.tax * posting.cash_rate)


def buy(posting):
    """Units enter at their own price and rate, charges go into the cost."""
    row = posting.row
    gross = posting.gross()
    lot = posting.books.new_lot(
        day=row.date,
        units=row.quantity,
        cost=(gross + row.fee + row.tax) * posting.cash_rate,
        price=posting.own_price(gross + row.accrued_interest),
        rate=posting.own_rate(),
        accrued_paid=row.accrued_interest / posting.into_cash_currency(),
    )
    posting.books.add(account=row.account, symbol=row.symbol, lot=lot)
    posting.note_trade_price()
    posting.note_movement(
        "in",
        units=row.quantity,
        price=posting.own_price(gross),
        rate=posting.own_rate(),
        amount=gross * posting.cash_rate,
    )
    dirty = gross + row.accrued_interest
    if row.type == "DELIVERY_IN":
        posting.day.money_in += dirty * posting.cash_rate
    else:
        posting.move_cash(-dirty)


def sell(posting):
    """Units leave from their last mark to their own price and rate, the oldest first; the gain is realised."""
    row, books = posting.row, posting.books
    gross = posting.gross()
    price, rate = posting.own_price(gross + row.accrued_interest), posting.own_rate()
    pieces, average = books.take(account=row.account, symbol=row.symbol, units=row.quantity)
    for piece in pieces:
        posting.day.gain_parts(
            row.symbol,
            parts(units=piece.units, price=piece.price, rate=piece.rate, to_price=price, to_rate=rate),
        )
    gone = sum((piece.units for piece in pieces), ZERO)
    if gone < row.quantity:
        # what was never held has no value to leave from: its proceeds are a price gain
        posting.day.gain(row.symbol, "price", (row.quantity - gone) * price * rate)
        posting.oversold(row.quantity - gone)
    posting.note_trade_price()
    posting.note_movement("out", units=gone, price=posting.own_price(gross), rate=rate, amount=gross * posting.cash_rate)
    proceeds = (gross - row.fee - row.tax) * posting.cash_rate
    cost = sum((piece.cost for piece in pieces), ZERO)
    books.realised.append(Realised(row.date, row.symbol, row.quantity, proceeds, average, cost))
    dirty = gross + row.accrued_interest
    if row.type == "DELIVERY_OUT":
        posting.day.money_out += dirty * posting.cash_rate
        return
    posting.move_cash(dirty)
    if row.accrued_interest:
        paid = sum((piece.accrued_paid for piece in pieces), ZERO)
        netted = paid * posting.rate(posting.instrument.currency)
        posting.note_income(kind="COUPON", gross=row.accrued_interest, netted=netted)


def income(posting):
    """Gross income in cash; a coupon gives back first the accrued interest paid at purchase."""
    row = posting.row
    posting.move_cash(row.amount)
    posting.day.gain(posting.line, "income", row.amount * posting.cash_rate)
    netted = ZERO
    if row.type == "COUPON" and row.symbol:
        for lot in posting.books.lots[row.account, row.symbol]:
            netted += lot.accrued_paid * posting.rate(posting.instrument.currency)
            lot.accrued_paid = ZERO
    posting.note_income(kind=row.type, gross=row.amount, tax=row.tax, fees=row.fee, netted=netted)


def interest_charge(posting):
    """Interest paid: off the bridge's income, not off section 7's."""
    posting.move_cash(-posting.row.amount)
    line = posting.row.symbol or "interest"
    posting.day.gain(line, "income", -posting.row.amount * posting.cash_rate)


def return_of_capital(posting):
    """Cash that lowers the cost; a price gain of its holding, realised only beyond the cost."""
    row = posting.row
    amount = row.amount * posting.cash_rate
    posting.move_cash(row.amount)
    posting.day.gain(posting.line, "price", amount)
    average, fifo = posting.books.lower_cost(account=row.account, symbol=row.symbol, amount=amount)
    if average < amount or fifo < amount:
        posting.books.realised.append(Realised(row.date, row.symbol, ZERO, amount, average, fifo))


def stock_dividend(posting):
    """New units at no cost: a new lot, all of whose value is a price gain."""
    row = posting.row
    rate = posting.rate(posting.instrument.currency)
    lot = posting.books.new_lot(day=row.date, units=row.quantity, cost=ZERO, price=ZERO, rate=rate)
    posting.books.add(account=row.account, symbol=row.symbol, lot=lot)
    posting.note_movement("in", units=row.quantity, price=ZERO, rate=rate, amount=ZERO)


def split(posting):
    """Units times ratio in the row's account, or in every account."""
    row, books = posting.row, posting.books
    for account in books.holders(symbol=row.symbol, account=row.account):
        books.split(account=account, symbol=row.symbol, ratio=row.quantity)
    if row.date not in books.splits[row.symbol]:
        # one row per account is still one split of the instrument
        books.splits[row.symbol][row.date] = row.quantity
        posting.note_movement("split", units=row.quantity, price=ZERO, rate=ZERO, amount=ZERO)


def spin_off(posting):
    """Move cost from the parent's lots to the child's; a blank account shares out by the parent's units."""
    row, books = posting.row, posting.books
    accounts = books.holders(symbol=row.symbol, account=row.account)
    total = sum((books.units(account=name, symbol=row.symbol) for name in accounts), ZERO)
    for account in accounts:
        spin_off_in_account(posting, account, books.units(account=account, symbol=row.symbol) / total)


def spin_off_in_account(posting, account, portion):
    """Do one account's portion of a spin-off."""
    row, books, parent = posting.row, posting.books, posting.row.symbol
    child = spun_off_symbol(row=row)
    asked = (row.amount or ZERO) * posting.cash_rate * portion
    lots = list(books.lots[account, parent])
    units, cost = sum(lot.units for lot in lots), sum(lot.cost for lot in lots)
    moved = min(asked, cost)
    new_units = row.quantity * portion
    rate = posting.rate(posting.instruments[child].currency)
    price = moved / new_units / rate
    for lot in lots:
        cost_moved = lot.cost if moved == cost else lot.cost * moved / cost  # to the last digit when all goes
        lot.cost -= cost_moved
        piece = books.new_lot(day=lot.date, units=new_units * lot.units / units, cost=cost_moved, price=price, rate=rate)
        books.place(account=account, symbol=child, lot=piece)
    average = min(asked, books.average_cost[account, parent])
    books.average_cost[account, parent] -= average
    books.average_cost[account, child] += average
    posting.day.gain(parent, "price", moved)
    posting.note_movement("cost moved away", units=units, price=ZERO, rate=ZERO, amount=moved)
    posting.note_movement("in", units=new_units, price=price, rate=rate, amount=moved, symbol=child)


def transfer(posting):
    """Move units with their lots, or cash; a rate gap on the way is a currency gain of the exchange."""
    row, books = posting.row, posting.books
    if not row.symbol:
        exchange(posting)
        return
    pieces, average = books.take(account=row.account, symbol=row.symbol, units=row.quantity)
    for piece in pieces:
        books.place(account=row.to_account, symbol=row.symbol, lot=piece)
    books.average_cost[row.to_account, row.symbol] += average
    gone = sum((piece.units for piece in pieces), ZERO)
    if gone < row.quantity:
        posting.oversold(row.quantity - gone)


def exchange(posting):
    """Cash leaves one account and currency and arrives in another (FX, TRANSFER of money)."""
    row = posting.row
    currency = row.to_currency or row.currency
    arrives = row.amount if row.to_amount is None else row.to_amount
    posting.move_cash(-row.amount)
    posting.move_cash(arrives, account=row.to_account or row.account, currency=currency)
    gap = arrives * posting.rate(currency) - row.amount * posting.cash_rate
    posting.day.gain(EXCHANGE, "currency", gap)


def deposit(posting):
    """Money enters the household."""
    amount = posting.row.amount * posting.cash_rate
    posting.move_cash(posting.row.amount)
    posting.day.money_in += amount
    posting.day.deposits += amount


def withdrawal(posting):
    """Money leaves the household; salary is counted apart."""
    amount = posting.row.amount * posting.cash_rate
    posting.move_cash(-posting.row.amount)
    posting.day.money_out += amount
    if posting.row.type == "SALARY":
        posting.day.salary += amount
    else:
        posting.day.withdrawals += amount


def charge_row(posting):
    """FEE, TAX and their refunds as rows of their own; with a symbol they also lower its net income."""
    row = posting.row
    amount = row.amount if row.type.endswith("_REFUND") else -row.amount
    part = "fees" if row.type.startswith("FEE") else "taxes"
    posting.move_cash(amount)
    posting.day.gain(row.symbol or part, part, amount * posting.cash_rate)
    if row.type == "TAX_REFUND":
        posting.day.tax_refunds += amount * posting.cash_rate
    elif row.symbol:
        posting.note_income(kind=row.type, **{"fees" if part == "fees" else "tax": -amount})


def balance(posting):
    """A statement's balance moves nothing; it is compared at the close of its day."""
    posting.day.balances.append(posting.row)


HANDLERS = {
    **dict.fromkeys(("BUY", "DELIVERY_IN"), buy),
    **dict.fromkeys(("SELL", "MATURITY", "DELIVERY_OUT"), sell),
    **dict.fromkeys(INCOME_KINDS, income),
    **dict.fromkeys(("FEE", "TAX", "FEE_REFUND", "TAX_REFUND"), charge_row),
    **dict.fromkeys(("WITHDRAWAL", "SALARY"), withdrawal),
    "DEPOSIT": deposit,
    "INTEREST_CHARGE": interest_charge,
    "RETURN_OF_CAPITAL": return_of_capital,
    "STOCK_DIVIDEND": stock_dividend,
    "SPLIT": split,
    "SPIN_OFF": spin_off,
    "TRANSFER": transfer,
    "FX": exchange,
    "BALANCE": balance,
}
