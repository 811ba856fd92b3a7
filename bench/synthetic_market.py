"""Instruments, closes and exchange rates of the synthetic household: random walks on weekdays. Writes no file.

Closes are whole ticks (hundredths, or tenths of a yen), so that amounts made of them are exact.
"""

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field

INSTRUMENT_COLUMNS = (
    *("symbol", "name", "type", "currency", "isin", "issuer_country", "track", "price_unit", "withholding_rate"),
    *("coupon_rate", "coupon_frequency", "issue_date", "maturity_date", "day_count", "quote_symbol"),
)


@dataclass(frozen=True, slots=True)
class Currency:
    """What trading in a currency looks like."""

    code: str
    country: str
    per_dollar: float  # at the start
    money_decimals: int
    price_decimals: int
    typical_trade: int  # whole units of the currency
    closes_between: tuple[float, float]  # at the start
    commission: float  # of a trade's value
    least_fee: int  # in the smallest unit of money
    sales_tax: float
    withholding: float  # of dividends


# the first is the household's own
CURRENCIES = (
    Currency("TWD", "TW", 30.0, 0, 2, 60_000, (20, 400), 0.001425, 20, 0.003, 0.0211),
    Currency("USD", "US", 1.0, 2, 2, 2_000, (15, 300), 0.0005, 100, 0.0000278, 0.30),
    Currency("JPY", "JP", 130.0, 0, 1, 300_000, (500, 6_000), 0.0005, 50, 0.0, 0.15315),
)


@dataclass(frozen=True, slots=True)
class Instrument:
    """One instrument with its closes, one tick count for each of the market's days."""

    symbol: str
    currency: Currency
    payments_a_year: int
    dividend_yield: float  # a year, a fraction
    fields: dict[str, str]
    ticks: list[int] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Market:
    """Everything that is known of the market: `days` are the weekdays, and each series has one entry for each."""

    days: list[dt.date]
    instruments: list[Instrument]
    per_dollar: dict[str, list[float]]


def dice(seed: int, *part: str) -> random.Random:
    """Return the generator of one part, so that a change in one part leaves the others as they were."""
    return random.Random(f"{seed}/{'/'.join(part)}")  # noqa: S311  made-up closes are no secret


def quoted(whole: int, decimals: int) -> str:
    """Write a count of smallest units as a decimal number, exactly."""
    if not decimals:
        return str(whole)
    scale = 10**decimals
    return f"{whole // scale}.{whole % scale:0{decimals}d}"


def make_market(*, years: int, instruments: int, last_day: dt.date, seed: int) -> Market:
    """Return a market of so many years up to `last_day`, the currencies of the instruments taking turns."""
    first = last_day.replace(year=last_day.year - years) + dt.timedelta(days=1)
    span = (first + dt.timedelta(days=count) for count in range((last_day - first).days + 1))
    days = [day for day in span if day.weekday() < 5]
    numbers: Counter[str] = Counter()
    made = []
    for place in range(instruments):
        currency = CURRENCIES[place % len(CURRENCIES)]
        numbers[currency.code] += 1
        made.append(_instrument(currency, numbers[currency.code], len(days), seed))
    return Market(days, made, {currency.code: _rates(currency, len(days), seed) for currency in CURRENCIES})


def _rates(currency: Currency, count: int, seed: int) -> list[float]:
    """Return a walk that is drawn back to where it started, so that no rate runs away in twenty years."""
    if currency.code == "USD":
        return [1.0] * count
    chance, away, rates = dice(seed, "rates", currency.code), 0.0, []
    for _ in range(count):
        away = 0.9995 * away + chance.gauss(0.0, 0.0045)
        rates.append(round(currency.per_dollar * (1.0 + away), 4))
    return rates


def _instrument(currency: Currency, number: int, count: int, seed: int) -> Instrument:
    symbol = f"{currency.country}{number:03d}"
    chance = dice(seed, "instrument", symbol)
    kind = chance.choices(("STOCK", "ETF", "FUND", "PREFERRED"), (62, 28, 5, 5))[0]
    fields = {
        "symbol": symbol,
        "name": f"{kind.title()} {currency.country} {number}",
        "type": kind,
        "currency": currency.code,
        "issuer_country": currency.country,
        "track": chance.choices(("MARKET", "FIXED_INCOME", "NEUTRAL"), (75, 20, 5))[0],
        "price_unit": "1",
        "withholding_rate": str(currency.withholding),
        "quote_symbol": symbol,
    }
    payments = chance.choices((0, 1, 2, 4, 12), (10, 20, 20, 40, 10))[0]
    return Instrument(symbol, currency, payments, chance.uniform(0.01, 0.06), fields, _ticks(currency, count, chance))


def _ticks(currency: Currency, count: int, chance: random.Random) -> list[int]:
    low, high = currency.closes_between
    close, drift, volatility = chance.uniform(low, high), chance.uniform(-0.0001, 0.0004), chance.uniform(0.006, 0.022)
    scale, ticks = 10**currency.price_decimals, []
    for _ in range(count):
        # a floor keeps even an unlucky walk of twenty years quoted in enough ticks to mean something
        close = max(close * (1.0 + drift + chance.gauss(0.0, volatility)), low / 4)
        ticks.append(round(close * scale))
    return ticks
