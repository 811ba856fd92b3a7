"""When a refresh is due: a while after an exchange closes, by its own calendar. Knows the schedule's clock, not the work."""

import datetime as dt
from typing import Any

from celery import schedules

from portfolio.market_data.sessions import next_close

# past the end of an exchange's calendar somebody should restart the program once a year anyway
_FAR = 24 * 3600.0
# a clock that is set back must not make the schedule sleep through a close
_LONGEST_SLEEP = 3600.0


class AfterClose(schedules.BaseSchedule):
    """Due once for every session of an exchange, some minutes after its close; half days and holidays included.

    What fell due while nothing ran is due at the next start, once.
    """

    def __init__(self, *, exchange: str, minutes: float, nowfun: Any = None, app: Any = None) -> None:
        super().__init__(nowfun=nowfun, app=app)
        self.exchange = exchange
        self.minutes = minutes

    def __reduce__(self) -> tuple[Any, ...]:
        # the scheduler keeps its entries in a file
        return _after_close, (self.exchange, self.minutes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AfterClose) and (self.exchange, self.minutes) == (other.exchange, other.minutes)

    def __hash__(self) -> int:
        return hash((self.exchange, self.minutes))

    def __repr__(self) -> str:
        return f"<{self.minutes:g} minutes after {self.exchange} closes>"

    def due_at(self, last_run_at: dt.datetime) -> dt.datetime | None:
        """Return when the first run after another one is due."""
        delay = dt.timedelta(minutes=self.minutes)
        # a run belongs to the last close that lies the delay before it
        close = next_close(exchange=self.exchange, after=_aware(last_run_at) - delay)
        return None if close is None else close + delay

    def remaining_estimate(self, last_run_at: dt.datetime) -> dt.timedelta:
        """Return how long it is until the next run; not above zero when it is due."""
        due = self.due_at(last_run_at)
        return dt.timedelta(seconds=_FAR) if due is None else due - _aware(self.now())

    def is_due(self, last_run_at: dt.datetime) -> schedules.schedstate:
        """Say whether a run is due, and in how many seconds to ask again."""
        left = self.remaining_estimate(last_run_at).total_seconds()
        if left > 0:
            return schedules.schedstate(is_due=False, next=min(left, _LONGEST_SLEEP))
        following = self.remaining_estimate(_aware(self.now())).total_seconds()
        return schedules.schedstate(is_due=True, next=min(max(following, 1.0), _LONGEST_SLEEP))


def _after_close(exchange: str, minutes: float) -> AfterClose:
    return AfterClose(exchange=exchange, minutes=minutes)


def _aware(moment: dt.datetime) -> dt.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
