"""A local server that answers in the format of Yahoo's chart, split-adjusted as Yahoo is, and fails as Yahoo fails.

Prices are handed to it as traded; dividing by splits is the server's business, as it is Yahoo's.
"""

import datetime as dt
import json
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import numpy as np


@dataclass
class Listing:
    """What the market knows of one symbol; closes and dividends as traded."""

    closes: dict[dt.date, float | None]
    currency: str | None = "USD"
    timezone: str = "America/New_York"
    dividends: dict[dt.date, float] = field(default_factory=dict)
    splits: dict[dt.date, float] = field(default_factory=dict)
    kind: str = "ETF"
    untraded: set[dt.date] = field(default_factory=set)  # days with a row and no volume
    divides: bool = True  # closes and dividends before a split by its ratio
    tells: bool = True  # splits that it has divided by
    pay_dates: dict[dt.date, dt.date] = field(default_factory=dict)

    def answer(self, start: dt.date, end: dt.date) -> dict[str, Any]:
        """Return one `result` of a chart."""
        days = sorted(day for day in self.closes if start <= day <= end)
        zone = ZoneInfo(self.timezone)
        stamps = {day: int(dt.datetime.combine(day, dt.time(9, 30), zone).timestamp()) for day in days}
        column = [self._adjusted(day, self.closes[day]) for day in days]
        volumes = [0 if day in self.untraded else (None if self.closes[day] is None else 1000) for day in days]
        events: dict[str, Any] = {}
        if paid := {day: amount for day, amount in self.dividends.items() if day in stamps}:
            events["dividends"] = {
                str(stamps[day]): {"amount": self._adjusted(day, amount), "date": stamps[day]} for day, amount in paid.items()
            }
        if self.tells and (told := {day: ratio for day, ratio in self.splits.items() if day in stamps}):
            events["splits"] = {
                str(stamps[day]): {"date": stamps[day], "numerator": ratio, "denominator": 1, "splitRatio": f"{ratio}:1"}
                for day, ratio in told.items()
            }
        quote = dict.fromkeys(("open", "high", "low", "close"), column)
        return {
            "meta": self._meta(),
            "timestamp": [stamps[day] for day in days],
            "events": events,
            "indicators": {"quote": [{**quote, "volume": volumes}], "adjclose": [{"adjclose": column}]},
        }

    def _adjusted(self, day: dt.date, value: float | None) -> float | None:
        if value is None:
            return None
        for split, ratio in self.splits.items():
            if self.divides and day < split:
                value /= ratio
        # Yahoo's numbers have been 32-bit floats on their way
        return float(np.float32(value))

    def _meta(self) -> dict[str, Any]:
        return {
            "currency": self.currency,
            "symbol": "X",
            "exchangeName": "NMS",
            "instrumentType": self.kind,
            "exchangeTimezoneName": self.timezone,
            "timezone": "EST",
            "gmtoffset": -18000,
            "priceHint": 2,
            "regularMarketTime": int(time.time()),
            "firstTradeDate": 0,
            "currentTradingPeriod": {
                name: {"timezone": "EST", "start": 0, "end": 1, "gmtoffset": -18000} for name in ("pre", "regular", "post")
            },
            "validRanges": ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"],
            "dataGranularity": "1d",
            "range": "",
        }


@dataclass
class Failure:
    """An answer that is none: a status with its headers, a pause before the answer, or an answer cut short."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    cuts: bool = False
    body: str | None = None
    is_empty: bool = False


class LocalYahoo:
    """The server, with its listings, the failures it has in store, and the requests it has seen."""

    def __init__(self) -> None:
        self.listings: dict[str, Listing] = {}
        self.failures: dict[str, deque[Failure]] = {}
        self.requests: Counter[str] = Counter()
        self.seconds_per_answer = 0.0
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # head and body in one packet, or each answer waits 40 ms for the other side's acknowledgement
            wbufsize = 65536
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                owner._serve(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def fails(self, symbol: str, *failures: Failure) -> None:
        """Let the next requests for a symbol go wrong, one after the other."""
        self.failures.setdefault(symbol, deque()).extend(failures)

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        _, host, *path = parts.path.split("/")
        if path[:3] == ["v8", "finance", "chart"]:
            self._chart(handler, unquote(path[3]), parse_qs(parts.query))
        elif path[:3] == ["v10", "finance", "quoteSummary"]:
            self._calendar(handler, unquote(path[3]))
        elif path[-1:] == ["getcrumb"]:
            waiting = self.failures.get("crumb")
            failure = waiting.popleft() if waiting else Failure()
            _send(handler, failure.status, "Too Many Requests" if failure.status == 429 else "acrumb", {})
        else:
            _send(handler, 200 if host != "guce.yahoo.com" else 404, "<html></html>", {})

    def _calendar(self, handler: BaseHTTPRequestHandler, symbol: str) -> None:
        listing = self.listings.get(symbol)
        if listing is None or not listing.pay_dates:
            _send(handler, 404, json.dumps({"quoteSummary": {"result": None, "error": {"code": "Not Found"}}}), {})
            return
        ex_date = max(listing.pay_dates)
        dates = {"exDividendDate": ex_date, "dividendDate": listing.pay_dates[ex_date]}
        events = {name: int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()) for name, day in dates.items()}
        result = [{"calendarEvents": {**events, "earnings": {}}}]
        _send(handler, 200, json.dumps({"quoteSummary": {"result": result, "error": None}}), {})

    def _chart(self, handler: BaseHTTPRequestHandler, symbol: str, query: dict[str, list[str]]) -> None:
        self.requests[symbol] += 1
        waiting = self.failures.get(symbol)
        failure = waiting.popleft() if waiting else Failure()
        time.sleep(failure.seconds or self.seconds_per_answer)
        listing = self.listings.get(symbol)
        if failure.status != 200:
            _send(handler, failure.status, failure.body or _error("Unauthorized", "Invalid Crumb"), failure.headers)
        elif failure.is_empty:
            _send(handler, 200, json.dumps({"chart": {"result": [], "error": None}}), {})
        elif listing is None:
            _send(handler, 404, _error("Not Found", "No data found, symbol may be delisted"), {})
        else:
            start, end = (dt.datetime.fromtimestamp(int(query[name][0]), dt.UTC) for name in ("period1", "period2"))
            # a period starts at midnight where the exchange is
            zone = ZoneInfo(listing.timezone)
            result = listing.answer(start.astimezone(zone).date(), end.astimezone(zone).date())
            body = json.dumps({"chart": {"result": [result], "error": None}})
            _send(handler, 200, body[: len(body) // 2] if failure.cuts else body, {})


def _error(code: str, description: str) -> str:
    return json.dumps({"chart": {"result": None, "error": {"code": code, "description": description}}})


def _send(handler: BaseHTTPRequestHandler, status: int, body: str, headers: dict[str, str]) -> None:
    data = body.encode()
    try:
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)
    except (BrokenPipeError, ConnectionResetError):
        # whoever asked did not wait
        pass
