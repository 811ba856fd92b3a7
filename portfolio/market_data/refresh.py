"""The refresh: what is missing is asked for, item by item, and absorbed. The same work for a worker and for a command.

A run and its items are rows, so progress can be watched from anywhere and whatever dies can be taken up again: items are
independent, each is one database transaction, and doing one twice changes nothing. The clock is handed in.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, Sum

from portfolio.market_data import missing
from portfolio.market_data.absorb import Absorbed, absorb
from portfolio.market_data.answers import Answer, PassingError, SourceError
from portfolio.market_data.missing import Need
from portfolio.market_data.proposals import propose_dividends
from portfolio.market_data.sources import source_named
from portfolio.models import MarketDataRun, MarketFeed, RunItem

Clock = Callable[[], dt.datetime]

ITEMS_PER_BATCH = 10
LONGEST_PAUSE = 300.0  # seconds
RUNS_KEPT = dt.timedelta(days=90)
_MESSAGE = 300  # letters


class RunUnderWayError(Exception):
    """Another run is at work; there is never a second one beside it."""

    def __init__(self, run: MarketDataRun) -> None:
        super().__init__(f"A refresh that began at {run.started_at:%Y-%m-%d %H:%M} UTC is still under way.")
        self.run = run


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    run: MarketDataRun
    items: int
    done: int
    failed: int
    written: int
    doubted: int

    @property
    def is_finished(self) -> bool:
        """Say whether nothing is waiting any more."""
        return self.done + self.failed == self.items


def begin(
    *,
    trigger: str,
    clock: Clock,
    since: dt.date | None = None,
    names: Iterable[str] = (),
    is_forced: bool = False,
) -> MarketDataRun:
    """Start a run with an item for everything that is missing. Arguments as in `missing.needs`.

    Raises RunUnderWayError, UnknownNameError.
    """
    now = clock()
    # read before the lock is taken: it can take a second, and whoever reads writes nothing
    found = missing.needs(now=now, base_currency=settings.BASE_CURRENCY, since=since, names=names, is_forced=is_forced)
    with transaction.atomic():
        give_up_lost_runs(now=now)
        try:
            with transaction.atomic():
                run = MarketDataRun.objects.create(trigger=trigger, started_at=now, seen_at=now, is_forced=is_forced)
        except IntegrityError:
            raise RunUnderWayError(MarketDataRun.objects.get(state=MarketDataRun.State.RUNNING)) from None
        RunItem.objects.bulk_create(_item(run, need) for need in found)
    if not found:
        finish(run=run, clock=clock)
    return run


def give_up_lost_runs(*, now: dt.datetime) -> int:
    """Mark a run without a sign of life as broken off, so that another may start; return how many there were."""
    limit = now - dt.timedelta(seconds=settings.MARKET_DATA_LOST_AFTER)
    lost = MarketDataRun.objects.filter(state=MarketDataRun.State.RUNNING, seen_at__lt=limit)
    return lost.update(state=MarketDataRun.State.LOST, finished_at=now)


def break_off(*, clock: Clock) -> int:
    """Mark the run under way as broken off at once: for whoever knows that its worker is gone."""
    running = MarketDataRun.objects.filter(state=MarketDataRun.State.RUNNING)
    return running.update(state=MarketDataRun.State.LOST, finished_at=clock())


def batches(*, run: MarketDataRun) -> list[list[int]]:
    """Return the keys of a run's waiting items, in batches for workers."""
    keys = list(run.items.filter(state=RunItem.State.PENDING).values_list("pk", flat=True))
    return [keys[start : start + ITEMS_PER_BATCH] for start in range(0, len(keys), ITEMS_PER_BATCH)]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Items that met a passing fault, and how long their source asked to be left alone."""

    items: list[int]
    retry_after: float = 0.0  # seconds


def work(*, items: Iterable[int], clock: Clock, is_last_try: bool = False) -> Waiting:
    """Do some items of a run; those that are done already, or whose run is over, are left alone.

    is_last_try: what meets a passing fault has failed, and the next source is asked.
    """
    waiting: list[int] = []
    retry_after = 0.0
    for key in items:
        item = (
            RunItem.objects.filter(pk=key, state=RunItem.State.PENDING, run__state=MarketDataRun.State.RUNNING)
            .select_related("run", "instrument")
            .first()
        )
        if item is None:
            continue
        try:
            _do(item, clock, is_last_try=is_last_try)
        except PassingError as error:
            waiting.append(key)
            retry_after = max(retry_after, error.retry_after or 0.0)
        MarketDataRun.objects.filter(pk=item.run_id).update(seen_at=clock())
    return Waiting(waiting, retry_after)


def fail(*, items: Iterable[int], message: str, clock: Clock) -> None:
    """Say that waiting items could not be done."""
    for item in RunItem.objects.filter(pk__in=list(items), state=RunItem.State.PENDING):
        _fail(item, message, clock)


def pause(*, tries: int, retry_after: float = 0.0) -> float:
    """Return how many seconds to wait after so many tries: doubled each time, shortened at random, never under what was asked.

    The randomness keeps workers from coming back all at once.
    """
    doubled = min(settings.MARKET_DATA_PAUSE * 2 ** max(tries - 1, 0), LONGEST_PAUSE)
    return max(doubled * random.uniform(0.5, 1.0), min(retry_after, LONGEST_PAUSE))  # noqa: S311  no secret in it


def finish(*, run: MarketDataRun, clock: Clock) -> bool:
    """Close a run when nothing of it is waiting, and propose the dividends that came in; say whether this call closed it."""
    if run.items.filter(state=RunItem.State.PENDING).exists():
        return False
    found = progress(run=run)
    state = MarketDataRun.State.DONE
    if found.failed:
        state = MarketDataRun.State.PARTIAL if found.done else MarketDataRun.State.FAILED
    now = clock()
    is_mine = MarketDataRun.objects.filter(pk=run.pk, state=MarketDataRun.State.RUNNING).update(state=state, finished_at=now)
    if is_mine:
        propose_dividends(today=now.date(), confirms=settings.CONFIRM_DIVIDENDS)
        MarketDataRun.objects.filter(started_at__lt=now - RUNS_KEPT).delete()
    return bool(is_mine)


def progress(*, run: MarketDataRun) -> Progress:
    """Return how far a run is."""
    counted = RunItem.objects.filter(run=run).aggregate(
        items=Count("pk"),
        done=Count("pk", filter=Q(state=RunItem.State.DONE)),
        failed=Count("pk", filter=Q(state=RunItem.State.FAILED)),
        written=Sum("written", default=0),
        doubted=Sum("doubted", default=0),
    )
    return Progress(MarketDataRun.objects.get(pk=run.pk), **counted)


def _item(run: MarketDataRun, need: Need) -> RunItem:
    base, quote = need.asked.pair or ("", "")
    return RunItem(run=run, instrument=need.instrument, base=base, quote=quote, start=need.asked.start, end=need.asked.end)


def _need(item: RunItem, start: dt.date) -> Need:
    if item.instrument is None:
        return missing.need_of_pair(pair=(item.base, item.quote), start=start, end=item.end)
    return missing.need_of_instrument(instrument=item.instrument, start=start, end=item.end)


def _do(item: RunItem, clock: Clock, *, is_last_try: bool) -> None:
    """Ask for one item and absorb the answer. Raises PassingError unless it is the last try."""
    need = _need(item, item.start)
    try:
        source, answer = _ask(need, is_last_try=is_last_try)
        with transaction.atomic():
            absorbed = absorb(need=need, answer=answer, source=source, now=clock())
            if not absorbed.wants_history:
                _close_item(item, absorbed, source, clock)
        if absorbed.wants_history:
            # only the whole history can be undone by a split that was missed when it was stored
            need = _need(item, _history_start(item))
            source, answer = _ask(need, is_last_try=is_last_try)
            with transaction.atomic():
                absorbed = absorb(need=need, answer=answer, source=source, now=clock(), replaces_history=True)
                _close_item(item, absorbed, source, clock)
    except PassingError as error:
        if not is_last_try:
            raise
        _fail(item, str(error), clock)
    except SourceError as error:
        _fail(item, str(error), clock)


def _ask(need: Need, *, is_last_try: bool) -> tuple[str, Answer]:
    """Return the first source's answer that holds anything, with the source's name. Raises SourceError."""
    first_error: SourceError | None = None
    for name in need.sources:
        try:
            answer = source_named(name).fetch(need.asked)
        except PassingError as error:
            # another source's closes are no better than this one's a minute later
            if not is_last_try:
                raise
            first_error = first_error or error
            continue
        except SourceError as error:
            first_error = first_error or error
            continue
        if answer.closes:
            return name, answer
    raise first_error or SourceError(f"No source has closes of {need.name} since {need.asked.start}.")


def _history_start(item: RunItem) -> dt.date:
    feed = MarketFeed.objects.filter(instrument=item.instrument, base=item.base, quote=item.quote).first()
    starts = [item.start, *([feed.asked_from] if feed and feed.asked_from else [])]
    return min(starts)


def _close_item(item: RunItem, absorbed: Absorbed, source: str, clock: Clock) -> None:
    item.state = RunItem.State.DONE if absorbed.is_usable else RunItem.State.FAILED
    item.source, item.written, item.doubted = source, absorbed.written, absorbed.doubted
    item.message = " ".join(absorbed.notes)[:_MESSAGE]
    item.save()
    if not absorbed.is_usable:
        _note_problem(item, clock)


def _fail(item: RunItem, message: str, clock: Clock) -> None:
    item.state, item.message = RunItem.State.FAILED, message[:_MESSAGE]
    item.save()
    _note_problem(item, clock)


def _note_problem(item: RunItem, clock: Clock) -> None:
    feed, _ = MarketFeed.objects.get_or_create(instrument=item.instrument, base=item.base, quote=item.quote)
    feed.problem = item.message
    feed.problem_since = feed.problem_since or clock()
    feed.save()
