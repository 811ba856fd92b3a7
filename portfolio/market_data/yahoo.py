"""Yahoo as a source of closes, rates, distributions and splits. The only place that imports yfinance.

Hands on what Yahoo says, split-adjusted as it is; `as_traded` takes that out. Knows no tables.
"""

import atexit
import datetime as dt
import logging
import os
import shutil
import tempfile
import threading
import warnings
from dataclasses import dataclass, replace
from decimal import Decimal
from email.utils import parsedate_to_datetime
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from portfolio.engine.kinds import MINOR_UNITS
from portfolio.market_data.answers import (
    Answer,
    Asked,
    Close,
    PassingError,
    Payment,
    SourceError,
    SplitEvent,
    UnknownSymbolError,
)

TIMEOUT = 20.0  # seconds, for one request
# how long after an ex-date its pay date is asked for
NEWS = dt.timedelta(days=25)
_CHART = "/v8/finance/chart/"
_REFUSED = frozenset({401, 403})
_TOO_MANY = 429
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class YahooSource:
    """Daily history by symbol.

    address: where to send requests instead of to Yahoo's own hosts, as http://127.0.0.1:8000; their names become the
             first part of the path. Blank: Yahoo itself.
    timeout: seconds for one request.
    """

    address: str = ""
    timeout: float = TIMEOUT

    def fetch(self, asked: Asked) -> Answer:
        """Return everything from `asked.start` to this moment. Raises SourceError.

        Always to this moment: closes are divided by the splits up to now, so an answer that ended earlier would not
        list the splits that its closes were divided by.
        """
        library = _library()
        _give_own_cache(os.getpid())
        symbol = yahoo_symbol(asked)
        session = _session(self.address)
        session.begin()
        # the zone is known here; the library would spend a request on it, and remember a failed one
        library.cache.get_tz_cache().store(symbol, asked.timezone)
        ticker = library.Ticker(symbol, session=session)
        try:
            with warnings.catch_warnings():
                # pandas 4 warns of what the library still does
                warnings.simplefilter("ignore")
                frame = ticker.history(
                    start=asked.start.isoformat(),
                    end=None,
                    interval="1d",
                    auto_adjust=False,
                    back_adjust=False,
                    repair=False,
                    actions=True,
                    keepna=True,
                    timeout=self.timeout,
                )
        except Exception as error:
            raise _in_words(library, error, session, symbol) from error
        finally:
            library.data.YfData.cache_get.cache_clear()
        if session.failure is not None:
            raise _refusal(session, symbol)
        if not len(frame.columns) or not len(frame):
            # the library hands out an empty table where it was turned away politely, too
            raise PassingError(f"Yahoo sent nothing at all for {symbol}.")
        answer = _answer(frame, ticker.history_metadata.get("currency") or "", asked)
        return _with_pay_date(answer, ticker, asked.end)


def yahoo_symbol(asked: Asked) -> str:
    """Return Yahoo's name: its rates of the dollar are named after the other currency alone, TWD=X for USDTWD."""
    if asked.pair is None:
        return asked.market_symbol.upper()
    base, quote = asked.pair
    return f"{quote}=X" if base == "USD" else f"{base}{quote}=X"


def _answer(frame: Any, currency: str, asked: Asked) -> Answer:
    unit = _unit(currency, asked.currency)
    dates = [moment.date() for moment in frame.index]
    volumes = frame["Volume"].to_numpy() if "Volume" in frame else np.ones(len(frame))
    closes = [
        Close(date, _written(value, unit), asked.pair is not None or bool(volume != 0))
        for date, value, volume in zip(dates, frame["Close"].to_numpy(float), volumes, strict=True)
    ]
    if asked.pair and currency == asked.pair[0]:
        # told in the other direction: units of the base per one of the quote currency
        closes = [Close(each.date, _inverse(each.value)) for each in closes]
        currency = asked.pair[1]
    payments = [
        Payment(date, amount)
        for date, value in zip(dates, frame["Dividends"].to_numpy(float), strict=True)
        if value > 0 and (amount := _written(value, unit))
    ]
    splits = [
        SplitEvent(date, Decimal(repr(float(value))).quantize(Decimal("1e-10")).normalize())
        for date, value in zip(dates, frame["Stock Splits"].to_numpy(float), strict=True)
        if value > 0 and value != 1
    ]
    stated = asked.currency if unit != 1 else currency
    return Answer(_one_a_day(closes), payments, splits, stated, is_split_adjusted=asked.pair is None)


def _with_pay_date(answer: Answer, ticker: Any, end: dt.date) -> Answer:
    """Return the answer with the pay date of its last distribution, which Yahoo keeps in another place, while it is news.

    It is worth one request and no failure: without it the payer's habit tells.
    """
    if not answer.payments or end - answer.payments[-1].ex_date > NEWS:
        return answer
    last = answer.payments[-1]
    try:
        calendar = ticker.calendar
        ex_date, pay_date = calendar["Ex-Dividend Date"], calendar["Dividend Date"]
    except Exception:  # the library's, or the server's
        return answer
    # the library counts both dates in this process's time zone, so only the days between them are sure
    lag = pay_date - ex_date
    if abs(ex_date - last.ex_date) > dt.timedelta(days=1) or lag < dt.timedelta(0):
        return answer
    return replace(answer, payments=[*answer.payments[:-1], replace(last, pay_date=last.ex_date + lag)])


def _unit(stated: str, wanted: str) -> Decimal:
    """Return what one unit of Yahoo's money is in the instrument's: pence for an instrument kept in pounds are 0.01."""
    if MINOR_UNITS.get(stated) == wanted and stated != wanted:
        return 1 / _HUNDRED
    if MINOR_UNITS.get(wanted) == stated and stated != wanted:
        return _HUNDRED
    return Decimal(1)


def _written(value: float, unit: Decimal) -> Decimal | None:
    """Return a number as it was meant: Yahoo's are short decimals that went through 32-bit floats."""
    if not isfinite(value):
        return None
    short = np.float32(value)
    text = np.format_float_positional(short, unique=True) if float(short) == float(value) else repr(float(value))
    return (Decimal(text) * unit).quantize(Decimal("1e-8")).normalize() + 0


def _inverse(value: Decimal | None) -> Decimal | None:
    return None if value is None or not value else (1 / value).quantize(Decimal("1e-8"))


def _one_a_day(closes: list[Close]) -> list[Close]:
    # while a session runs its row can come twice
    return list({close.date: close for close in closes}.values())


def _in_words(library: Any, error: Exception, session: Any, symbol: str) -> SourceError:
    """Turn whatever the library raises into what it means for the refresh."""
    missing = library.exceptions
    if isinstance(error, missing.YFRateLimitError) or session.failure is not None:
        return _refusal(session, symbol)
    if isinstance(error, missing.YFTickerMissingError):
        if session.is_unknown:
            return UnknownSymbolError(f"Yahoo knows no {symbol}: delisted, renamed, or written differently there.")
        if error.yahoo_reason if isinstance(error, missing.YFPricesMissingError) else False:
            return SourceError(f"Yahoo has nothing for {symbol}: {error.yahoo_reason}"[:280])
        # an empty answer without a reason is what too many requests get, too
        return PassingError(f"Yahoo sent an empty answer for {symbol}.")
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return PassingError(f"Yahoo could not be reached for {symbol}: {reason}"[:280])


def _refusal(session: Any, symbol: str) -> PassingError:
    status, retry_after = session.failure or (_TOO_MANY, None)
    if status == _TOO_MANY:
        return PassingError(f"Yahoo answers too many requests (asked for {symbol}).", retry_after=retry_after)
    if status in _REFUSED:
        return PassingError(f"Yahoo refuses the request for {symbol} (status {status}).", retry_after=retry_after)
    return PassingError(f"Yahoo's server failed on {symbol} (status {status}).", retry_after=retry_after)


@lru_cache(maxsize=1)
def _library() -> Any:
    """Load yfinance, with errors raised instead of logged."""
    import yfinance  # noqa: PLC0415  half a second with pandas, and only a refresh asks

    yfinance.config.debug.hide_exceptions = False
    # what it would log is in the errors
    logging.getLogger("yfinance").setLevel(logging.CRITICAL)
    return yfinance


@lru_cache(maxsize=1)
def _give_own_cache(process: int) -> None:
    # kept by process, since a forked one needs a cache of its own
    # its caches are small databases that lock each other out between processes
    _library().set_tz_cache_location(_own_folder())


def _own_folder() -> str:
    """Make a folder that goes away with this process; take away those of processes that could not."""
    parent = Path(tempfile.gettempdir())
    for old in parent.glob("larder-yfinance-*"):
        if not _is_running(old.name.split("-")[2]):
            shutil.rmtree(old, ignore_errors=True)
    folder = tempfile.mkdtemp(prefix=f"larder-yfinance-{os.getpid()}-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _is_running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


_of_thread = threading.local()


def _session(address: str) -> Any:
    """Return this thread's session for an address; connections are kept."""
    known: dict[tuple[int, str], Any] = _of_thread.__dict__.setdefault("sessions", {})
    # a forked worker must not share its parent's connections
    key = (os.getpid(), address)
    if key not in known:
        known[key] = _watchful_session()(address)
    return known[key]


@lru_cache(maxsize=1)
def _watchful_session() -> type[Any]:
    """Return a session class that remembers what the server said where the library forgets it: status and Retry-After."""
    from curl_cffi import requests  # noqa: PLC0415  comes and loads with yfinance

    class WatchfulSession(requests.Session):
        def __init__(self, address: str) -> None:
            super().__init__(impersonate="chrome")
            self._address = address.rstrip("/")
            self.begin()

        def begin(self) -> None:
            self.failure: tuple[int, float | None] | None = None
            self.is_unknown = False

        def request(self, method: str, url: str, *args: Any, **options: Any) -> Any:
            if self._address:
                parts = urlsplit(url)
                url = f"{self._address}/{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")
            answer = super().request(method, url, *args, **options)
            if _CHART in url:
                status = answer.status_code
                self.is_unknown = status == 404
                failed = status in _REFUSED or status == _TOO_MANY or status >= 500
                self.failure = (status, _seconds(answer.headers.get("Retry-After"))) if failed else None
            return answer

    return WatchfulSession


def _seconds(header: str | None) -> float | None:
    """Return how long a Retry-After header asks to wait: seconds, or a date."""
    if not header:
        return None
    try:
        return max(float(header), 0.0)
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max((until - dt.datetime.now(dt.UTC)).total_seconds(), 0.0)
