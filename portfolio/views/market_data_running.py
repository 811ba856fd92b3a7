"""Starting a refresh from a page: on the workers where there are any, else in a thread of the web server itself.

The database holds the lock, so it does not matter who else starts one. Knows no page.
"""

import logging
import threading
import time
from enum import Enum

from django.conf import settings
from django.db import connection
from django.utils import timezone

from portfolio import demo
from portfolio.market_data import refresh
from portfolio.models import MarketDataRun

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 1.0
# what was heard of the queue is believed for so long: asking a silent one holds the page up
BELIEVED_SECONDS = 15.0


class Queue(Enum):
    """Who does the work."""

    READY = "ready"
    OFF = "off"  # no Redis is named
    UNREACHABLE = "unreachable"
    NO_WORKER = "no worker"


class NothingFetchedError(Exception):
    """The household's closes are made up, and true ones among them would be neither."""


class QueueGoneError(Exception):
    """Redis answered a moment ago and does not any more; nothing was begun."""


_heard: dict[str, tuple[float, Queue]] = {}


def queue_state() -> Queue:
    """Return whether Redis and a worker answer; a silent worker costs a second, once in a while."""
    address = settings.REDIS_URL
    if not address:
        return Queue.OFF
    heard_at, state = _heard.get(address, (0.0, Queue.UNREACHABLE))
    if not heard_at or time.monotonic() - heard_at > BELIEVED_SECONDS:
        state = _ask(address)
        _heard[address] = (time.monotonic(), state)
    return state


def forget() -> None:
    """Ask anew next time."""
    _heard.clear()


def _ask(address: str) -> Queue:
    import redis  # noqa: PLC0415  the queue's libraries cost half a second, and most pages ask no queue
    from celery.exceptions import CeleryError  # noqa: PLC0415
    from kombu.exceptions import KombuError  # noqa: PLC0415

    from portfolio.celery import app, broker_address  # noqa: PLC0415

    options = {"socket_connect_timeout": ANSWER_SECONDS, "socket_timeout": ANSWER_SECONDS}
    try:
        with redis.Redis.from_url(address, **options) as client:
            client.ping()
        with app.connection_for_write(broker_address(address)) as line:
            answers = app.control.ping(timeout=ANSWER_SECONDS, limit=1, connection=line)
    except (redis.RedisError, KombuError, CeleryError, OSError):
        return Queue.UNREACHABLE
    return Queue.READY if answers else Queue.NO_WORKER


def run_now() -> MarketDataRun:
    """Begin a run and see that somebody does it; return it, finished already where nothing is missing.

    Raises RunUnderWayError, NothingFetchedError, QueueGoneError.
    """
    if demo.is_loaded():
        raise NothingFetchedError
    if queue_state() is Queue.READY:
        return _on_workers()
    run = refresh.begin(trigger=MarketDataRun.Trigger.PERSON, clock=timezone.now)
    # what had nothing to do was closed behind this object's back
    run.refresh_from_db()
    if run.state == MarketDataRun.State.RUNNING:
        threading.Thread(target=_here, args=(run,), name="market data", daemon=True).start()
    return run


def _on_workers() -> MarketDataRun:
    from kombu.exceptions import OperationalError  # noqa: PLC0415  as above

    from portfolio import tasks  # noqa: PLC0415

    try:
        key = tasks.refresh_market_data(trigger=MarketDataRun.Trigger.PERSON)
    except OperationalError:
        # without this the run would hold the lock and nobody would do it
        refresh.break_off(clock=timezone.now)
        forget()
        raise QueueGoneError from None
    if key is None:
        raise refresh.RunUnderWayError(MarketDataRun.objects.filter(state=MarketDataRun.State.RUNNING).latest("started_at"))
    return MarketDataRun.objects.get(pk=key)


def _here(run: MarketDataRun) -> None:
    try:
        waiting = [item for batch in refresh.batches(run=run) for item in batch]
        for tries in range(1, settings.MARKET_DATA_TRIES + 1):
            result = refresh.work(items=waiting, clock=timezone.now, is_last_try=tries == settings.MARKET_DATA_TRIES)
            waiting = result.items
            if not waiting:
                break
            time.sleep(refresh.pause(tries=tries, retry_after=result.retry_after))
        refresh.finish(run=run, clock=timezone.now)
    except Exception:  # nobody waits for this thread: what it leaves behind must not hold the lock
        logger.exception("a refresh in the web server broke off")
        # it may have been stopped, and another begun
        if MarketDataRun.objects.filter(pk=run.pk, state=MarketDataRun.State.RUNNING).exists():
            refresh.break_off(clock=timezone.now)
    finally:
        connection.close()
