"""Walks the calendar day by day: rows, then the mark of every lot to the day's close.
Knows nothing of periods, returns or reports; those read the finished days."""

from collections import defaultdict
from copy import copy
from datetime import date, timedelta
from decimal import Decimal

from .bonds import accrued_per_face
from .books import Books
from .files import read_instruments, read_ledger
from .market import Market
from .postings import parts, post

ZERO = Decimal(0)
ONE_DAY = timedelta(days=1)
PARTS = ("price", "currency", "cross", "income", "taxes", "fees")


class Day:
    """One calendar day: what came in and out, what every line gained, and how the books stood at its close.

    Everything in reporting currency; `gains[line][part]` signed, taxes and fees negative.
    """

    def __init__(self, *, day):
        self.date = day
        self.value = ZERO  # total wealth at the close; NaN when a price or rate is missing
        self.money_in = ZERO  # external, positive
        self.money_out = ZERO  # external, positive, salary included
        self.deposits = self.withdrawals = self.salary = ZERO
        self.tax_refunds = ZERO
        self.gains = {}
        self.balances = []  # BALANCE rows to compare at the close
        self.lots = {}  # (account, symbol): copies of the lots at the close
        self.average_cost = {}
        self.cash = {}
        self.traded = False  # a close of this very day is stored for something held here or the day before

    def gain(self, line, part, amount):
        """Add to one part of a line's gain."""
        self.gains.setdefault(line, dict.fromkeys(PARTS, ZERO))[part] += amount

    def gain_parts(self, line, three):
        """Add (price, currency, cross)."""
        for part, amount in zip(("price", "currency", "cross"), three, strict=True):
            self.gain(line, part, amount)

    def units(self, *, symbol):
        """Return the units of a holding over all accounts at the close."""
        return sum((lot.units for key, lots in self.lots.items() if key[1] == symbol for lot in lots), ZERO)

    def symbols(self):
        """Return the symbols held at the close."""
        return {symbol for (_, symbol), lots in self.lots.items() if lots}


class History:
    """The days from the first ledger row on, walked once and kept."""

    def __init__(self, *, ledgers, instruments, market, base):
        self.base = base
        self.instruments = read_instruments(path=instruments)
        self.market = Market(folder=market)
        self.rows, warnings = read_ledger(paths=ledgers, instruments=self.instruments, base=base)
        self.books = Books()
        self.books.warnings += warnings
        self.days = []
        self.rows_by_day = defaultdict(list)
        for row in self.rows:
            self.rows_by_day[row.date].append(row)
        self.first = self.rows[0].date if self.rows else date.max

    def day(self, day):
        """Return one finished day; before the first row nothing was owned."""
        if day < self.first:
            return Day(day=day)
        while not self.days or day > self.days[-1].date:
            self.walk_one_day()
        return self.days[(day - self.first).days]

    def between(self, first, last):
        """Return the finished days of a closed interval."""
        return [self.day(first + timedelta(days=count)) for count in range((last - first).days + 1)]

    def rate(self, *, currency, day):
        """Return the units of reporting currency per unit of a currency."""
        return self.market.rate(source=currency, target=self.base, day=day)

    def clean_price(self, *, symbol, day):
        """Return (price, its date, whether it is a trade's) per unit of quantity, clean, in the instrument's currency.

        A price carried over a split is divided by its ratio. Until the first stored close the last trade's price counts.
        """
        close, seen = self.market.close(symbol=symbol, day=day)
        price = close * self.instruments[symbol].price_unit
        traded = False
        if seen is None:
            for then, own_price in self.books.trade_prices[symbol]:
                if then <= day:
                    seen, price, traded = then, own_price, True
        for split_day, ratio in self.books.splits[symbol].items():
            if seen is not None and seen < split_day <= day:
                price /= ratio
        return price, seen, traded

    def dirty_price(self, *, symbol, day):
        """Return the price per unit with accrued interest, in the instrument's currency."""
        price, _, _ = self.clean_price(symbol=symbol, day=day)
        return price + accrued_per_face(bond=self.instruments[symbol], day=day)

    def walk_one_day(self):
        """Finish the next calendar day."""
        before = self.days[-1] if self.days else Day(day=self.first - ONE_DAY)
        today = Day(day=before.date + ONE_DAY)
        for row in self.rows_by_day[today.date]:
            post(
                row=row,
                books=self.books,
                day=today,
                market=self.market,
                instruments=self.instruments,
                base=self.base,
            )
        self.mark_lots(today)
        self.mark_cash(before, today)
        self.keep(before, today)
        self.check(before, today)
        self.days.append(today)

    def mark_lots(self, today):
        """Move every lot from its last mark to the close of the day and add up what it is worth."""
        closes = {}
        for (_, symbol), lots in self.books.lots.items():
            for lot in lots:
                if symbol not in closes:
                    price = self.dirty_price(symbol=symbol, day=today.date)
                    closes[symbol] = price, self.rate(currency=self.instruments[symbol].currency, day=today.date)
                price, rate = closes[symbol]
                gains = parts(units=lot.units, price=lot.price, rate=lot.rate, to_price=price, to_rate=rate)
                today.gain_parts(symbol, gains)
                lot.price, lot.rate = price, rate
                today.value += lot.units * price * rate

    def mark_cash(self, before, today):
        """Give yesterday's balances the change of their rate, and add today's to the day's value."""
        for (_, currency), amount in before.cash.items():
            if amount and currency != self.base:
                old = self.rate(currency=currency, day=before.date)
                new = self.rate(currency=currency, day=today.date)
                today.gain("cash:" + currency, "currency", amount * (new - old))
        for (_, currency), amount in self.books.cash.items():
            if amount:
                today.value += amount * self.rate(currency=currency, day=today.date)

    def keep(self, before, today):
        """Copy the books as they stand at the close."""
        today.lots = {key: [copy(lot) for lot in lots] for key, lots in self.books.lots.items() if lots}
        today.average_cost = {key: self.books.average_cost[key] for key in today.lots}
        today.cash = {key: amount for key, amount in self.books.cash.items() if amount}
        held = today.symbols() | before.symbols()
        today.traded = any(self.market.has_close(symbol=symbol, day=today.date) for symbol in held)

    def check(self, before, today):
        """Warn of what is missing, guessed, overdrawn or unlike the broker's statement."""
        warn = self.books.warn
        for symbol in sorted(today.symbols()):
            price, _, traded = self.clean_price(symbol=symbol, day=today.date)
            if price.is_nan():
                warn(code="missing_price", symbol=symbol, day=today.date, message="no close on or before the day")
            if traded:
                warn(code="trade_price", symbol=symbol, day=today.date, message="priced at its last trade")
        currencies = {key[1] for key in today.cash}
        currencies |= {self.instruments[symbol].currency for symbol in today.symbols()}
        for currency in sorted(currencies):
            if self.rate(currency=currency, day=today.date).is_nan():
                warn(code="missing_rate", symbol=currency, day=today.date, message="no rate on or before the day")
        for (account, currency), amount in sorted(today.cash.items()):
            if amount < 0 and not before.cash.get((account, currency), ZERO) < 0:
                warn(code="negative_cash", symbol=currency, day=today.date, message=f"{account}: {amount}")
        for row in today.balances:
            self.compare_balance(row)

    def compare_balance(self, row):
        """Warn when a statement's balance differs from the books at the close of its day."""
        if row.symbol:
            said, have = row.quantity, self.books.units(account=row.account, symbol=row.symbol)
        else:
            said, have = row.amount, self.books.cash[row.account, row.currency]
        if said != have:
            message = f"{row.account}: the statement says {said}, the books {have}"
            self.books.warn(code="balance_differs", symbol=row.symbol or row.currency, day=row.date, message=message)
