"""Sessions of exchanges, holidays included: Lunar New Year is no fault of a price. Loads the calendars on first use."""

import datetime as dt
import warnings
from functools import lru_cache
from typing import Any

from portfolio.engine.ledger import Instrument

# by the suffix of the quote symbol, as the market's data sources write it
_SUFFIXES = {
    "TW": "XTAI",
    "TWO": "XTAI",
    "T": "XTKS",
    "L": "XLON",
    "HK": "XHKG",
    "SI": "XSES",
    "DE": "XFRA",
    "PA": "XPAR",
    "AS": "XAMS",
    "SW": "XSWX",
    "TO": "XTSE",
    "AX": "XASX",
    "KS": "XKRX",
}
_CURRENCIES = {"USD": "XNYS", "TWD": "XTAI", "JPY": "XTKS", "GBP": "XLON", "GBp": "XLON", "HKD": "XHKG"}


def exchange_of(*, instrument: Instrument) -> str | None:
    """Return the exchange's code: by the quote symbol's suffix, else by currency; None where neither says."""
    symbol = instrument.quote_symbol or instrument.symbol
    _, dot, suffix = symbol.rpartition(".")
    if dot and suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    return _CURRENCIES.get(instrument.currency)


def sessions_between(*, instrument: Instrument, after: dt.date, until: dt.date) -> int:
    """Return how many sessions an instrument's exchange held after one date and up to another.

    Without a known exchange, or outside the years its calendar covers, every weekday counts as one.
    """
    code = exchange_of(instrument=instrument)
    calendar = calendar_of(code) if code else None
    if calendar is None or after < calendar.first_session.date() or until > calendar.last_session.date():
        return sum((after + dt.timedelta(days=day + 1)).weekday() < 5 for day in range((until - after).days))
    return len(calendar.sessions_in_range(after + dt.timedelta(days=1), until))


@lru_cache(maxsize=16)
def calendar_of(code: str) -> Any:
    """Return an exchange's calendar, kept once it was loaded."""
    import exchange_calendars  # noqa: PLC0415  a second to load, and only an old price asks

    with warnings.catch_warnings():
        # pandas warns the library of what pandas 4 will do otherwise
        warnings.simplefilter("ignore")
        return exchange_calendars.get_calendar(code)
