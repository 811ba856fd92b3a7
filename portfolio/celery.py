"""The task queue: its broker, its limits and its schedule. Where there is no Redis, tasks run where they are called."""

import os
import warnings
from urllib.parse import parse_qsl, urlencode, urlsplit

from celery import Celery
from celery.platforms import SecurityWarning

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portfolio.settings")

from django.conf import settings

from portfolio.market_data.schedule import AfterClose

# one batch of items; a source that hangs must not hold a worker for good
SOFT_LIMIT, HARD_LIMIT = 420, 480  # seconds
# after this a batch whose worker vanished is handed to another; longer than any batch can take
HANDED_ON_AFTER = 900


# it warns administrators of pickled tasks; these are JSON
warnings.filterwarnings("ignore", category=SecurityWarning)


def broker_address(redis_url: str) -> str:
    """Return Redis's address as the queue's library writes it: a socket is redis+socket:// there, its database a host."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    options = dict(parse_qsl(parts.query))
    database = options.pop("db", "0")
    return f"redis+socket://{parts.path}?{urlencode({'virtual_host': database, **options})}"


app = Celery("portfolio")
app.conf.update(
    broker_url=broker_address(settings.REDIS_URL) if settings.REDIS_URL else "memory://",
    task_always_eager=not settings.REDIS_URL,
    task_ignore_result=True,
    # a batch that dies with its worker is done again: doing one twice changes nothing
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    # what Redis took along when it went is not waited for, or a worker counts it as work in hand and takes no other
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_prefetch_multiplier=1,
    task_soft_time_limit=SOFT_LIMIT,
    task_time_limit=HARD_LIMIT,
    broker_transport_options={
        "visibility_timeout": HANDED_ON_AFTER,
        "global_keyprefix": "larder:queue:",
        "socket_connect_timeout": 2,
        # a page that starts a run must not wait for a Redis that is gone
        "max_retries": 1,
    },
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # a leak of some library, should there be one, ends with the process
    worker_max_tasks_per_child=200,
    worker_max_memory_per_child=400_000,  # kB
    worker_hijack_root_logger=False,
    timezone="UTC",
    beat_schedule={
        f"after {exchange} closes": {
            "task": "portfolio.tasks.refresh_market_data",
            "schedule": AfterClose(exchange=exchange, minutes=settings.MARKET_DATA_DELAY),
            "kwargs": {"trigger": "schedule"},
            # the next close refreshes the same things; a queue of old orders helps nobody
            "options": {"expires": 3 * 3600},
        }
        for exchange in settings.MARKET_DATA_EXCHANGES
    },
)
app.autodiscover_tasks(["portfolio"])
