"""Which sessions of an exchange are over, and when. Knows exchanges by their code and the moment it is handed.

Exchange rates have no exchange: their day is over when New York's is, on every weekday.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from portfolio.engine.periods import to_date, to_day
from portfolio.market_data.calendars import calendar_of

# sources show delayed quotes for a while, and the auction's price only after it
SETTLING = dt.timedelta(minutes=30)
_WEEKDAY_CLOSE = dt.time(22, 0)


@dataclass(frozen=True, slots=True)
class _Sessions:
    days: NDArray[np.int64]  # since 1970-01-01, ascending
    closes: NDArray[np.int64]  # of each, seconds since 1970-01-01 in UTC
    timezone: str


@lru_cache(maxsize=16)
def _sessions(exchange: str) -> _Sessions:
    calendar = calendar_of(exchange)
    closes = calendar.closes
    days = closes.index.to_numpy().astype("datetime64[D]").astype(np.int64)
    seconds = closes.dt.tz_convert(None).to_numpy().astype("datetime64[s]").astype(np.int64)
    return _Sessions(days, seconds, str(calendar.tz))


def timezone_of(exchange: str | None) -> str:
    """Return the name of an exchange's time zone; London's for exchange rates, as sources date them."""
    return _sessions(exchange).timezone if exchange else "Europe/London"


def last_closed_session(*, exchange: str | None, now: dt.datetime) -> dt.date:
    """Return the day of the last session whose close is settled.

    exchange: None for exchange rates, and for what is traded nobody knows where: weekdays, over at 22:00 UTC.
    now:      aware.
    """
    moment = (now - SETTLING).timestamp()
    if exchange:
        sessions = _sessions(exchange)
        place = int(np.searchsorted(sessions.closes, moment, side="right")) - 1
        if 0 <= place < len(sessions.days) - 1:
            return to_date(int(sessions.days[place]))
    return _last_weekday(moment)


def _last_weekday(moment: float) -> dt.date:
    settled = dt.datetime.fromtimestamp(moment, dt.UTC)
    day = settled.date() if settled.time() >= _WEEKDAY_CLOSE else settled.date() - dt.timedelta(days=1)
    return day - dt.timedelta(days=max(day.weekday() - 4, 0))


def session_days(*, exchange: str | None, start: dt.date, end: dt.date) -> NDArray[np.int64]:
    """Return the days of all sessions from one date to another, both inside; weekdays where no calendar says."""
    first, last = to_day(start), to_day(end)
    days = np.arange(first, last + 1, dtype=np.int64)
    # 1970-01-01 was a Thursday
    weekdays = days[(days + 3) % 7 < 5]
    if exchange is None:
        return weekdays
    sessions = _sessions(exchange)
    known = sessions.days[(sessions.days >= first) & (sessions.days <= last)]
    outside = weekdays[(weekdays < sessions.days[0]) | (weekdays > sessions.days[-1])]
    return np.sort(np.concatenate([known, outside]))


def next_close(*, exchange: str, after: dt.datetime) -> dt.datetime | None:
    """Return when the first session that closes after a moment does; None past the calendar's end."""
    sessions = _sessions(exchange)
    place = int(np.searchsorted(sessions.closes, after.timestamp(), side="right"))
    if place >= len(sessions.closes):
        return None
    return dt.datetime.fromtimestamp(int(sessions.closes[place]), dt.UTC)
