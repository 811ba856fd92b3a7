"""The workers' door: a refresh in batches. Reads the clock, makes one call inward for each batch."""

import logging
from typing import Any

from celery import group
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.utils import timezone

from portfolio import demo
from portfolio.celery import app
from portfolio.market_data import refresh
from portfolio.models import MarketDataRun

logger = logging.getLogger(__name__)


@app.task
def refresh_market_data(*, trigger: str = MarketDataRun.Trigger.PERSON) -> int | None:
    """Begin a run and hand its batches to the workers; return its key, None where one is under way already."""
    if demo.is_loaded():
        # its closes are made up, and true ones among them would be neither
        return None
    try:
        run = refresh.begin(trigger=trigger, clock=timezone.now)
    except refresh.RunUnderWayError as error:
        logger.info("%s", error)
        return None
    group(refresh_batch.s(run=run.pk, items=items) for items in refresh.batches(run=run))()
    return run.pk


@app.task(bind=True, max_retries=None)
def refresh_batch(self: Any, *, run: int, items: list[int], tries: int = 1) -> None:
    """Do one batch; what met a passing fault is tried again later, the rest of the run does not wait for it."""
    is_last = tries >= settings.MARKET_DATA_TRIES
    try:
        waiting = refresh.work(items=items, clock=timezone.now, is_last_try=is_last)
    except SoftTimeLimitExceeded:
        # done items are stored; the others get a batch of their own
        waiting = refresh.Waiting(items)
        if is_last:
            refresh.fail(items=items, message="It took too long.", clock=timezone.now)
    if waiting.items and not is_last:
        again = refresh_batch.s(run=run, items=waiting.items, tries=tries + 1)
        again.apply_async(countdown=refresh.pause(tries=tries, retry_after=waiting.retry_after))
    refresh.finish(run=MarketDataRun.objects.get(pk=run), clock=timezone.now)
