"""Rows of the synthetic household: trades, dividends, and the money that pays for them. Writes no file.

About 54 % purchases, 27 % sales, 15 % dividends, the rest deposits, exchanges, salary and the like. No position is ever
oversold and no cash balance is ever negative, in the order of date and time. Money is counted in smallest units.
"""

import datetime as dt
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from bench.synthetic_market import CURRENCIES, Currency, Instrument, Market, dice, quoted

COLUMNS = (
    *("date", "time", "type", "account", "symbol", "quantity", "price", "amount", "currency", "fee", "tax"),
    *("accrued_interest", "to_account", "to_currency", "to_amount", "fx_rate", "ex_date", "tax_year", "note", "external_id"),
)
SHARES = {"BUY": 0.54, "SELL": 0.27, "DIVIDEND": 0.15}
# of what is left after trades and dividends; deposits take the remainder
OTHERS = {"FX": 0.15, "SALARY": 0.20, "INTEREST": 0.10, "WITHDRAWAL": 0.05, "FEE": 0.05}
INCOMING = frozenset({"SELL", "DIVIDEND", "INTEREST", "DEPOSIT"})
# an account of its own for each currency, and one that holds them all and is paid into in the household's own
GLOBAL = "Broker Global"
ACCOUNTS = {**{f"Broker {currency.country}": (currency,) for currency in CURRENCIES}, GLOBAL: CURRENCIES}
HOME = CURRENCIES[0]

Line = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. Sizes are positive, in the smallest unit of `currency`; the kind carries the sign."""

    day: dt.date
    time: dt.time
    kind: str
    account: str
    currency: Currency
    amount: int
    fee: int = 0
    tax: int = 0
    held: Instrument | None = None
    quantity: int = 0
    tick: int = 0
    ex_day: dt.date | None = None
    to_currency: Currency | None = None
    to_amount: int = 0

    @property
    def cash(self) -> int:
        """What the row does to the balance in its own currency; + arrives."""
        return (self.amount if self.kind in INCOMING else -self.amount) - self.fee - self.tax


def make_ledger(*, market: Market, rows: int, seed: int) -> tuple[list[Entry], dict[str, list[Line]]]:
    """Return the entries in their order, and each instrument's distributions (ex-date, amount per unit, pay date).

    Every distribution with units held on its ex-date has its dividend row, so that nothing looks forgotten.
    """
    sales = round(rows * SHARES["SELL"])
    entries, units = _trades(market, round(rows * SHARES["BUY"]), sales, dice(seed, "trades"))
    paid, distributions = _dividends(market, units, round(rows * SHARES["DIVIDEND"]), dice(seed, "dividends"))
    entries += paid
    entries += _money(market, entries, rows - len(entries), dice(seed, "money"))
    entries.sort(key=lambda entry: (entry.day, entry.time))
    return entries, distributions


def ledger_lines(entries: Iterable[Entry]) -> Iterator[list[str]]:
    """Write entries as lines of ledger.csv."""
    for number, entry in enumerate(entries, 1):
        decimals = entry.currency.money_decimals
        words = {
            "date": entry.day.isoformat(),
            "time": entry.time.isoformat(),
            "type": entry.kind,
            "account": entry.account,
            "currency": entry.currency.code,
            "amount": quoted(entry.amount, decimals),
            "fee": quoted(entry.fee, decimals) if entry.fee else "",
            "tax": quoted(entry.tax, decimals) if entry.tax else "",
            "external_id": f"G{number:06d}",
        }
        if entry.held:
            words["symbol"] = entry.held.symbol
        if entry.held and entry.quantity:
            words |= {"quantity": str(entry.quantity), "price": quoted(entry.tick, entry.held.currency.price_decimals)}
        if entry.ex_day:
            words["ex_date"] = entry.ex_day.isoformat()
        if entry.to_currency:
            words["to_currency"] = entry.to_currency.code
            words["to_amount"] = quoted(entry.to_amount, entry.to_currency.money_decimals)
        yield [words.get(column, "") for column in COLUMNS]


Holder = tuple[str, str]  # account, symbol


@dataclass(slots=True)
class _History:
    """Units of one position after each of its trades."""

    days: list[dt.date]
    units: list[int]

    def before(self, day: dt.date) -> int:
        place = bisect_left(self.days, day)
        return self.units[place - 1] if place else 0


def _trades(market: Market, buys: int, sells: int, chance: Random) -> tuple[list[Entry], dict[Holder, _History]]:
    places = sorted(chance.randrange(len(market.days)) for _ in range(buys + sells))
    choices = [
        (name, held) for name, currencies in ACCOUNTS.items() for held in market.instruments if held.currency in currencies
    ]
    instrument_of = {held.symbol: held for held in market.instruments}
    held_units: dict[Holder, int] = {}
    histories: dict[Holder, _History] = {}
    entries = []
    today: Counter[int] = Counter()
    for place in places:
        is_sale = bool(held_units) and (not buys or chance.random() * (buys + sells) < sells)
        if is_sale:
            account, symbol = chance.choice(list(held_units))
            held = instrument_of[symbol]
        else:
            account, held = chance.choice(choices)
        key = account, held.symbol
        before, tick = held_units.get(key, 0), held.ticks[place]
        quantity = _sold(before, held, tick, chance) if is_sale else _bought(held, tick, chance)
        after = before - quantity if is_sale else before + quantity
        buys, sells = buys - (not is_sale), sells - is_sale
        held_units[key] = after
        if not after:
            del held_units[key]
        history = histories.setdefault(key, _History([], []))
        history.days.append(market.days[place])
        history.units.append(after)
        today[place] += 1
        entries.append(
            _trade(
                day=market.days[place],
                number=today[place],
                account=account,
                held=held,
                quantity=quantity,
                tick=tick,
                is_sale=is_sale,
            )
        )
    return entries, histories


def _bought(held: Instrument, tick: int, chance: Random) -> int:
    close = tick / 10**held.currency.price_decimals
    return max(10, int(held.currency.typical_trade * chance.lognormvariate(0.0, 0.6) / close))


def _sold(owned: int, held: Instrument, tick: int, chance: Random) -> int:
    if chance.random() < 0.2:
        return owned
    close = tick / 10**held.currency.price_decimals
    most = max(1, int(6 * held.currency.typical_trade / close))
    return min(most, max(1, int(owned * chance.uniform(0.2, 0.7))))


def _trade(*, day: dt.date, number: int, account: str, held: Instrument, quantity: int, tick: int, is_sale: bool) -> Entry:
    currency = held.currency
    gross = round(quantity * tick * 10**currency.money_decimals / 10**currency.price_decimals)
    second = 9 * 3600 + 7 * number
    return Entry(
        day=day,
        time=dt.time(second // 3600, second // 60 % 60, second % 60),
        kind="SELL" if is_sale else "BUY",
        account=account,
        currency=currency,
        amount=gross,
        fee=max(currency.least_fee, round(gross * currency.commission)),
        tax=round(gross * currency.sales_tax) if is_sale else 0,
        held=held,
        quantity=quantity,
        tick=tick,
    )


def _dividends(
    market: Market, histories: dict[Holder, _History], wanted: int, chance: Random
) -> tuple[list[Entry], dict[str, list[Line]]]:
    accounts_of = defaultdict(list)
    for account, symbol in histories:
        accounts_of[symbol].append(account)
    events = []
    for held in market.instruments:
        for ex_place, pay_place in _payments(market, held, wanted, chance):
            ex_day = market.days[ex_place]
            owners = [(name, histories[name, held.symbol].before(ex_day)) for name in accounts_of[held.symbol]]
            events.append((held, ex_place, pay_place, [owner for owner in owners if owner[1]]))
    chance.shuffle(events)
    entries: list[Entry] = []
    chosen: dict[str, list[Line]] = defaultdict(list)
    for held, ex_place, pay_place, owners in events:
        if len(entries) + len(owners) > wanted:
            continue
        ex_day, pay_day = market.days[ex_place], market.days[pay_place]
        close = held.ticks[ex_place] / 10**held.currency.price_decimals
        per_unit = max(1, round(close * held.dividend_yield / held.payments_a_year * 10_000))
        chosen[held.symbol].append((ex_day.isoformat(), quoted(per_unit, 4), pay_day.isoformat()))
        entries += [
            _dividend(day=pay_day, ex_day=ex_day, account=account, held=held, units=units, per_unit=per_unit)
            for account, units in owners
        ]
    return entries, {symbol: sorted(lines) for symbol, lines in sorted(chosen.items())}


def _payments(market: Market, held: Instrument, wanted: int, chance: Random) -> Iterator[tuple[int, int]]:
    """Yield the places of ex-date and pay date; none at all where no dividend row is wanted."""
    if not held.payments_a_year or not wanted:
        return
    step = 261 / held.payments_a_year
    place = chance.uniform(0.2, 1.0) * step
    while (pay := int(place) + chance.randint(10, 25)) < len(market.days):
        yield int(place), pay
        place += step


def _dividend(*, day: dt.date, ex_day: dt.date, account: str, held: Instrument, units: int, per_unit: int) -> Entry:
    currency = held.currency
    gross = max(1, round(units * per_unit * 10**currency.money_decimals / 10_000))
    tax = round(gross * currency.withholding)
    return Entry(day, dt.time(8, 45), "DIVIDEND", account, currency, gross, tax=tax, held=held, ex_day=ex_day)


def _money(market: Market, others: list[Entry], wanted: int, chance: Random) -> list[Entry]:
    """Return everything that is no trade and no dividend; what pays for the rest comes last, when the rest is known."""
    counts = {kind: max(1, round(wanted * share)) for kind, share in OTHERS.items()}
    purses = [(account, currencies[0]) for account, currencies in ACCOUNTS.items()]
    made = []
    for kind, size in (("SALARY", 0.4), ("INTEREST", 0.02), ("WITHDRAWAL", 2.0), ("FEE", 0.005)):
        for number in range(counts[kind]):
            account, currency = purses[0] if kind == "SALARY" else purses[number % len(purses)]
            amount = _about(size * currency.typical_trade, currency, chance)
            made.append(Entry(chance.choice(market.days), dt.time(17), kind, account, currency, amount))
    foreign = [currency for currency in CURRENCIES if currency is not HOME]
    for currency, count in zip(foreign, _spread(counts["FX"], len(foreign)), strict=True):
        made += list(_exchanges(market, [*others, *made], currency, count))
    left = max(len(purses), wanted - len(made))
    for (account, currency), count in zip(purses, _spread(left, len(purses)), strict=True):
        for day, amount in _enough(market, [*others, *made], account, currency, count):
            made.append(Entry(day, dt.time(8), "DEPOSIT", account, currency, amount))
    return made


def _about(whole: float, currency: Currency, chance: Random) -> int:
    scale: int = 10**currency.money_decimals
    return max(1, round(whole * scale * chance.uniform(0.5, 1.5)))


def _spread(total: int, parts: int) -> list[int]:
    return [max(1, total // parts + (place < total % parts)) for place in range(parts)]


def _exchanges(market: Market, entries: list[Entry], currency: Currency, count: int) -> Iterator[Entry]:
    place_of = {day: place for place, day in enumerate(market.days)}
    for day, amount in _enough(market, entries, GLOBAL, currency, count):
        place = place_of[day]
        per_unit = market.per_dollar[HOME.code][place] / market.per_dollar[currency.code][place]
        given = max(1, round(amount / 10**currency.money_decimals * per_unit * 10**HOME.money_decimals))
        yield Entry(
            day=day,
            time=dt.time(8, 30),
            kind="FX",
            account=GLOBAL,
            currency=HOME,
            amount=given,
            fee=max(1, round(given * 0.0002)),
            to_currency=currency,
            to_amount=amount,
        )


def _enough(
    market: Market, entries: list[Entry], account: str, currency: Currency, count: int
) -> Iterator[tuple[dt.date, int]]:
    """Yield `count` evenly spread days and what must arrive on each for the balance to last until the next one."""
    moves = [(entry.day, entry.cash) for entry in entries if entry.account == account and entry.currency is currency]
    moves += [(entry.day, entry.to_amount) for entry in entries if entry.account == account and entry.to_currency is currency]
    # within a day what leaves comes first: whatever the hours, the balance then never falls lower than reckoned here
    moves.sort()
    days = [market.days[len(market.days) * number // count] for number in range(count)]
    step = max(1, currency.typical_trade * 10**currency.money_decimals // 10)
    balance = place = 0
    for day, following in zip(days, [*days[1:], dt.date.max], strict=True):
        lowest = running = balance
        while place < len(moves) and moves[place][0] < following:
            running += moves[place][1]
            lowest = min(lowest, running)
            place += 1
        amount = max(step, -(-(step - lowest) // step) * step)
        balance = running + amount
        yield day, amount
