"""Market data as the tables hold it: how far each instrument and pair reaches, what waits for a decision, what runs did.

A fixed number of queries, whatever the household's size. Words nothing, and asks no source.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from django.conf import settings
from django.db.models import Count, Max, Q, Sum

from portfolio.engine.periods import to_date
from portfolio.market_data import store
from portfolio.market_data.calendars import exchange_of
from portfolio.market_data.missing import held_units, need_of_pair, pairs_needed
from portfolio.market_data.series import EMPTY, Series
from portfolio.market_data.sessions import last_closed_session, next_close, session_days
from portfolio.market_data.sources import source_order
from portfolio.models import (
    Instrument,
    MarketDataRun,
    MarketFeed,
    PriceRevision,
    ProposedDividend,
    QuarantinedPrice,
    RunItem,
    Transaction,
)

RUNS_SHOWN = 10
REVISIONS_SHOWN = 20
DOUBTS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the closes of one instrument or pair reach."""

    name: str  # the symbol, or the pair as in USDTWD
    instrument: Instrument | None
    sources: tuple[str, ...]  # who is asked; none where closes are typed in
    feed: MarketFeed | None
    last_date: dt.date | None  # of the last close
    last_close: float | None
    behind: int  # sessions that are over since the last close; 0 for what is not held
    holes: int  # earlier sessions without a close, since the first unit came
    last_hole: dt.date | None

    @property
    def is_paused(self) -> bool:
        """Say whether nothing is fetched for it."""
        return self.instrument is not None and self.instrument.is_paused

    @property
    def is_missing(self) -> bool:
        """Say whether there is no close at all."""
        return self.last_date is None

    @property
    def is_stale(self) -> bool:
        """Say whether reviews would call its price stale."""
        return not self.is_missing and self.behind > settings.STALE_SESSIONS


@dataclass(frozen=True, slots=True)
class SourceState:
    """What one source did last."""

    source: str
    answered_at: dt.datetime | None
    feeds: int
    troubled: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """How much there is of what waits."""

    doubts: int
    dividends: int


def reaches(*, now: dt.datetime) -> list[Reach]:
    """Return how far everything reaches that is held, paused or in trouble; what is furthest behind first."""
    feeds = {(feed.instrument_id, feed.base, feed.quote): feed for feed in MarketFeed.objects.all()}
    found = [*_instruments(now, feeds), *_pairs(now, feeds)]
    return sorted(
        found, key=lambda each: (each.is_paused, not each.is_missing, -each.behind, each.instrument is None, each.name)
    )


def _instruments(now: dt.datetime, feeds: dict[Any, MarketFeed]) -> list[Reach]:
    held = held_units()
    troubled = [key for (key, _, _), feed in feeds.items() if key and feed.problem]
    rows = list(Instrument.objects.filter(Q(pk__in=[*held, *troubled]) | Q(is_paused=True)).order_by("symbol"))
    series = store.price_series(instruments=[row.pk for row in rows])
    found = []
    for row in rows:
        exchange = exchange_of(instrument=row)
        end = last_closed_session(exchange=exchange, now=now)
        if row.maturity_date:
            end = min(end, row.maturity_date)
        closes = series.get(row.pk, EMPTY)
        gaps = _gaps(closes, exchange, held.get(row.pk), end)
        found.append(Reach(row.symbol, row, source_order(row), feeds.get((row.pk, "", "")), *_last(closes), *gaps))
    return found


def _pairs(now: dt.datetime, feeds: dict[Any, MarketFeed]) -> list[Reach]:
    first = Transaction.objects.order_by("date").values_list("date", flat=True).first()
    pairs = pairs_needed(base_currency=settings.BASE_CURRENCY) if first else []
    series = store.rate_series(pairs=pairs)
    end = last_closed_session(exchange=None, now=now)
    found = []
    for pair in pairs:
        rates = series.get(pair, EMPTY)
        sources = need_of_pair(pair=pair, start=end, end=end).sources
        gaps = _gaps(rates, None, first, end)
        found.append(Reach("".join(pair), None, sources, feeds.get((None, *pair)), *_last(rates), *gaps))
    return found


def _last(closes: Series) -> tuple[dt.date | None, float | None]:
    return (to_date(int(closes.days[-1])), float(closes.values[-1])) if len(closes) else (None, None)


def _gaps(closes: Series, exchange: str | None, first: dt.date | None, end: dt.date) -> tuple[int, int, dt.date | None]:
    """Return the sessions since the last close, the number of earlier ones without a close, and the last of those."""
    if first is None or first > end:
        return 0, 0, None
    missing = np.setdiff1d(session_days(exchange=exchange, start=first, end=end), closes.days)
    if not len(closes):
        return len(missing), 0, None
    earlier = missing[missing < closes.days[-1]]
    return len(missing) - len(earlier), len(earlier), to_date(int(earlier[-1])) if len(earlier) else None


def lengths() -> Lengths:
    """Return how many closes and dividends wait for a decision. One query: every page of the dashboard asks."""
    doubts = QuarantinedPrice.objects.filter(state=QuarantinedPrice.State.PENDING)
    due = ProposedDividend.objects.filter(state=ProposedDividend.State.PROPOSED)
    counts = [each.order_by().values("state").annotate(count=Count("pk")) for each in (doubts, due)]
    found = dict(counts[0].union(counts[1], all=True).values_list("state", "count"))
    return Lengths(found.get(QuarantinedPrice.State.PENDING, 0), found.get(ProposedDividend.State.PROPOSED, 0))


def proposals() -> list[ProposedDividend]:
    """Return the dividends to be confirmed, the earliest payment first."""
    waiting = ProposedDividend.objects.filter(state=ProposedDividend.State.PROPOSED)
    return list(waiting.select_related("instrument", "account"))


def revisions() -> list[PriceRevision]:
    """Return the closes that their source corrected last."""
    return list(PriceRevision.objects.select_related("instrument")[:REVISIONS_SHOWN])


def runs() -> list[MarketDataRun]:
    """Return the last runs, the youngest first, each with `done`, `failed`, `written` and `doubted`."""
    return list(
        MarketDataRun.objects.annotate(
            done=Count("items", filter=Q(items__state=RunItem.State.DONE)),
            failed=Count("items", filter=Q(items__state=RunItem.State.FAILED)),
            written=Sum("items__written", default=0),
            doubted=Sum("items__doubted", default=0),
        ).order_by("-started_at", "-pk")[:RUNS_SHOWN]
    )


def noted_items(*, run: MarketDataRun) -> list[RunItem]:
    """Return what a run has to say something about: what failed first, then what came with a note."""
    items = run.items.exclude(message="").select_related("instrument")
    return sorted(items, key=lambda item: (item.state != RunItem.State.FAILED, item.pk))


def source_states() -> list[SourceState]:
    """Return what each source did last; one that never answered is not among them."""
    rows = (
        MarketFeed.objects.exclude(source="")
        .order_by("source")
        .values_list("source")
        .annotate(last=Max("answered_at"), feeds=Count("pk"), troubled=Count("pk", filter=~Q(problem="")))
    )
    return [SourceState(*row) for row in rows]


def running() -> MarketDataRun | None:
    """Return the run that is under way."""
    return MarketDataRun.objects.filter(state=MarketDataRun.State.RUNNING).first()


def next_due(*, now: dt.datetime) -> dt.datetime | None:
    """Return when the schedule begins the next run."""
    delay = dt.timedelta(minutes=settings.MARKET_DATA_DELAY)
    closes = [next_close(exchange=exchange, after=now - delay) for exchange in settings.MARKET_DATA_EXCHANGES]
    return min((close + delay for close in closes if close), default=None)


def change(*, old: Decimal | None, new: Decimal | None) -> Decimal | None:
    """Return the change from one close to another as a fraction; None where there is none."""
    return new / old - 1 if old and new is not None else None
