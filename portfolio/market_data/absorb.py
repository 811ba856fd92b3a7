"""A source's answer becomes rows: closes that are believed, doubts for a person, corrections, distributions, splits.

One database transaction per instrument or pair; absorbing an answer again changes nothing. Knows no network.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from portfolio.engine.kinds import InstrumentType, Kind
from portfolio.engine.periods import to_date
from portfolio.market_data import store
from portfolio.market_data.answers import Answer, Close, Payment, SplitEvent
from portfolio.market_data.as_traded import AsTraded, Tick, as_traded, is_same_split, taiwan_tick
from portfolio.market_data.doubts import Doubt, Sifted, Stored, Yardstick, sift
from portfolio.market_data.missing import Need
from portfolio.market_data.series import closes_of
from portfolio.market_data.sessions import session_days
from portfolio.models import (
    Distribution,
    LedgerStamp,
    MarketFeed,
    Price,
    PriceRevision,
    QuarantinedPrice,
    Rate,
    Split,
    Transaction,
)
from portfolio.models.market import Source

# what a person loaded or typed stays
TYPED = frozenset({Source.FOLDER, Source.MANUAL, Source.DEMO})
# one distribution that two sources date differently
SAME_PAYMENT = dt.timedelta(days=4)
_PER_CENT = Decimal("0.01")


@dataclass(slots=True)
class Absorbed:
    """What an answer brought."""

    written: int = 0  # closes, distributions and splits that are new or changed
    doubted: int = 0
    notes: list[str] = field(default_factory=list)  # sentences for a person
    is_usable: bool = True  # False: nothing of it could be used
    wants_history: bool = False  # the whole history has to be asked for, and replaced


def absorb(*, need: Need, answer: Answer, source: str, now: dt.datetime, replaces_history: bool = False) -> Absorbed:
    """Store what an answer says about one instrument or pair.

    replaces_history: closes of the same source are overwritten without doubting the difference.
    """
    with transaction.atomic():
        feed = _locked_feed(need)
        work = _Absorbing(need, source, now)
        if answer.currency and answer.currency != need.asked.currency:
            return work.refuse_currency(answer)
        traded = work.undo_splits(answer, replaces_history=replaces_history)
        if traded.is_rescaled:
            return work.refuse_scale(traded)
        if traded.contradicts_stored and not replaces_history:
            return Absorbed(wants_history=True)
        work.store_closes(traded, replaces_history=replaces_history)
        if need.instrument is not None:
            work.store_events(traded)
        _advance(feed, need, source, now)
        return work.result


def _locked_feed(need: Need) -> MarketFeed:
    """Return the feed, kept from others until the end of the transaction: two workers may hold one answer each."""
    pair = need.asked.pair or ("", "")
    feed, _ = MarketFeed.objects.get_or_create(instrument=need.instrument, base=pair[0], quote=pair[1])
    return MarketFeed.objects.select_for_update().get(pk=feed.pk)


def _advance(feed: MarketFeed, need: Need, source: str, now: dt.datetime) -> None:
    reaches = feed.asked_from and feed.asked_until and need.asked.start <= feed.asked_until + dt.timedelta(days=1)
    feed.asked_from = min(feed.asked_from, need.asked.start) if reaches and feed.asked_from else need.asked.start
    feed.asked_until = max(feed.asked_until, need.asked.end) if reaches and feed.asked_until else need.asked.end
    feed.source, feed.answered_at, feed.problem, feed.problem_since = source, now, "", None
    feed.save()


class _Absorbing:
    """The storing of one answer, with what the tables say about its instrument or pair."""

    def __init__(self, need: Need, source: str, now: dt.datetime) -> None:
        self.need, self.source, self.now = need, source, now
        self.pair = need.asked.pair or ("", "")
        self.result = Absorbed()
        self._names: dict[str, Any] = {"instrument": need.instrument, "base": self.pair[0], "quote": self.pair[1]}
        self._known_splits = list(known_splits(need))
        self._rows = self._stored_rows()

    def _stored_rows(self) -> list[tuple[dt.date, Decimal, str]]:
        if self.need.instrument is None:
            base, quote = self.pair
            rows: Any = Rate.objects.filter(base=base, quote=quote).values_list("date", "rate", "source")
        else:
            rows = Price.objects.filter(instrument=self.need.instrument).values_list("date", "close", "source")
        # one close from before the stretch, to measure its first one against
        before = rows.filter(date__lt=self.need.asked.start).order_by("-date")[:1]
        return [*before, *rows.filter(date__gte=self.need.asked.start).order_by("date")]

    def refuse_currency(self, answer: Answer) -> Absorbed:
        stated, wanted = answer.currency, self.need.asked.currency
        self._doubt_the_last(answer.closes, "currency")
        self.result.notes.append(
            f"The source quotes it in {stated}, the instrument is kept in {wanted}: correct its currency or quote symbol."
        )
        return self.result

    def refuse_scale(self, traded: AsTraded) -> Absorbed:
        self._doubt_the_last(traded.closes, "rescaled")
        self.result.notes.append(
            "The source's closes are a multiple of those known here, as after a split that it does not list. "
            "Enter the split, and the next run puts it right."
        )
        return self.result

    def _doubt_the_last(self, closes: list[Close], reason: str) -> None:
        usable = [close for close in closes if close.value is not None and close.date <= self.need.asked.end]
        if usable:
            expected = self._rows[-1][1] if self._rows else None
            self._store_doubts([Doubt(usable[-1].date, usable[-1].value, expected, reason)], believed=[])
        self.result.is_usable = False

    def undo_splits(self, answer: Answer, *, replaces_history: bool) -> AsTraded:
        instrument = self.need.instrument
        if instrument is None:
            return AsTraded(answer.closes, [], [], [])
        known = {date: close for date, close, source in self._rows if source in TYPED or not replaces_history}
        trades = {} if self._is_scale_accepted() else own_prices(self.need)
        return as_traded(answer=answer, known_splits=self._known_splits, stored=known, trades=trades, tick=self._tick())

    def _tick(self) -> Tick | None:
        instrument = self.need.instrument
        if instrument is None or self.need.exchange != "XTAI":
            return None
        return taiwan_tick(is_fund=instrument.type in {InstrumentType.ETF, InstrumentType.FUND})

    def _is_scale_accepted(self) -> bool:
        state = QuarantinedPrice.State.ACCEPTED
        return QuarantinedPrice.objects.filter(**self._names, reason="rescaled", state=state).exists()

    def store_closes(self, traded: AsTraded, *, replaces_history: bool) -> None:
        sifted = sift(closes=traded.closes, yardstick=self._yardstick(traded, replaces_history=replaces_history))
        closes = closes_of(sifted.believed)
        if self.need.instrument is not None:
            written = store.store_prices(closes={self.need.instrument.pk: closes}, source=self.source)
        else:
            written = store.store_rates(rates={self.pair: closes}, source=self.source)
        self.result.written += written
        self._store_doubts(sifted.doubts, believed=[date for date, _ in sifted.believed])
        self._store_corrections(sifted)
        if replaces_history and written:
            self.result.notes.append("The history was replaced: a split shows that it had been stored divided by its ratio.")
        for split in traded.held_back:
            self.result.notes.append(
                f"The source lists a split {split.ratio.normalize():f} for 1 on {split.ex_date}, against the stored closes. "
                "It was left out; enter it if it is true."
            )

    def _yardstick(self, traded: AsTraded, *, replaces_history: bool) -> Yardstick:
        asked = self.need.asked
        splits = [*self._known_splits, *(each for each in traded.splits if not self._is_known(each))]
        same = "" if replaces_history else self.source
        days = session_days(exchange=self.need.exchange, start=asked.start, end=asked.end)
        accepted = QuarantinedPrice.objects.filter(
            **self._names, state=QuarantinedPrice.State.ACCEPTED, close__isnull=False
        ).values_list("date", "close")
        return Yardstick(
            stored={date: Stored(close, source in TYPED, source == same) for date, close, source in self._rows},
            last_session=asked.end,
            today=self.now.astimezone(ZoneInfo(asked.timezone)).date(),
            sessions=frozenset(to_date(day) for day in days.tolist()),
            splits=tuple(splits),
            is_rate=self.need.instrument is None,
            accepted=frozenset(accepted),
        )

    def _is_known(self, split: SplitEvent) -> bool:
        return any(is_same_split(split, known) for known in self._known_splits)

    def _store_doubts(self, doubts: list[Doubt], *, believed: list[dt.date]) -> None:
        mine = QuarantinedPrice.objects.filter(**self._names, source=self.source)
        decided = {
            (date, close) for date, close in mine.exclude(state=QuarantinedPrice.State.PENDING).values_list("date", "close")
        }
        if believed:
            # what is believed now is a question no more
            mine.filter(state=QuarantinedPrice.State.PENDING, date__in=believed).delete()
        rows = [
            QuarantinedPrice(
                **self._names,
                date=doubt.date,
                close=doubt.value,
                expected=doubt.expected,
                source=self.source,
                reason=doubt.reason,
                found_at=self.now,
            )
            for doubt in doubts
            if (doubt.date, doubt.value) not in decided
        ]
        standing = mine.filter(date__in=[row.date for row in rows])
        kept = set(standing.values_list("date", "close", "reason"))
        fresh = [row for row in rows if (row.date, row.close, row.reason) not in kept]
        standing.filter(date__in=[row.date for row in fresh]).delete()
        QuarantinedPrice.objects.bulk_create(fresh)
        if fresh:
            # reviews name what waits for a decision
            LedgerStamp.bump()
        self.result.doubted += len(rows)

    def _store_corrections(self, sifted: Sifted) -> None:
        PriceRevision.objects.bulk_create(
            PriceRevision(**self._names, date=each.date, old=each.old, new=each.new, source=self.source, seen_at=self.now)
            for each in sifted.corrections
        )
        if sifted.corrections:
            last = sifted.corrections[-1]
            self.result.notes.append(
                f"{len(sifted.corrections)} stored closes were corrected, "
                f"the last of {last.date}: {last.old.normalize():f} → {last.new:f}."
            )

    def store_events(self, traded: AsTraded) -> None:
        written = self._store_splits(traded.splits) + self._store_payments(traded.payments)
        if written:
            LedgerStamp.bump()
        self.result.written += written

    def _store_splits(self, splits: list[SplitEvent]) -> int:
        others = Transaction.objects.filter(instrument=self.need.instrument, kind__in=[Kind.SPIN_OFF, Kind.STOCK_DIVIDEND])
        booked = list(others.values_list("date", flat=True))
        new = [
            Split(instrument=self.need.instrument, ex_date=split.ex_date, ratio=split.ratio, source=self.source)
            for split in splits
            # the ledger knows better what it was
            if not self._is_known(split) and not any(abs(split.ex_date - day) <= SAME_PAYMENT for day in booked)
        ]
        bulk_create_with_history(new, Split, default_change_reason=f"fetched: {self.source}")
        return len(new)

    def _store_payments(self, payments: list[Payment]) -> int:
        stored = list(Distribution.objects.filter(instrument=self.need.instrument))
        new, changed = [], []
        for payment in payments:
            twin = next((each for each in stored if _is_same_payment(each, payment)), None)
            if twin is None:
                new.append(
                    Distribution(
                        instrument=self.need.instrument,
                        ex_date=payment.ex_date,
                        amount=payment.amount,
                        pay_date=payment.pay_date,
                        source=self.source,
                    )
                )
            elif twin.source not in TYPED and self._is_correction(twin, payment):
                twin.amount = payment.amount
                twin.pay_date = payment.pay_date or twin.pay_date
                changed.append(twin)
        reason = f"fetched: {self.source}"
        bulk_create_with_history(new, Distribution, default_change_reason=reason)
        if changed:
            bulk_update_with_history(changed, Distribution, ["amount", "pay_date"], default_change_reason=reason)
        return len(new) + len(changed)

    def _is_correction(self, stored: Distribution, payment: Payment) -> bool:
        if payment.pay_date and payment.pay_date != stored.pay_date:
            return True
        if abs(payment.amount / stored.amount - 1) < _PER_CENT / 2:
            return False
        # one that differs by a split's ratio was divided, or not yet, while the closes were
        ratios = [split.ratio for split in self._known_splits]
        return not any(
            abs(payment.amount / stored.amount / factor - 1) < _PER_CENT for ratio in ratios for factor in (ratio, 1 / ratio)
        )


def _is_same_payment(stored: Distribution, payment: Payment) -> bool:
    if stored.ex_date == payment.ex_date:
        return True
    near = abs(stored.ex_date - payment.ex_date) <= SAME_PAYMENT
    return near and abs(stored.amount / payment.amount - 1) < 2 * _PER_CENT


def known_splits(need: Need) -> Iterable[SplitEvent]:
    """Return the splits of the ledger and those stored; the ledger's date wins, since units change on it."""
    booked = [
        SplitEvent(date, ratio)
        for date, ratio in Transaction.objects.filter(instrument=need.instrument, kind=Kind.SPLIT)
        .exclude(instrument=None)
        .values_list("date", "quantity")
        .distinct()
    ]
    yield from booked
    for date, ratio in Split.objects.filter(instrument=need.instrument).values_list("ex_date", "ratio"):
        split = SplitEvent(date, ratio)
        if not any(is_same_split(split, known) for known in booked):
            yield split


def own_prices(need: Need) -> dict[dt.date, Decimal]:
    """Return what the household paid and got, by date: the nearest thing to a close that cannot be adjusted."""
    rows = Transaction.objects.filter(
        instrument=need.instrument, kind__in=[Kind.BUY, Kind.SELL], price__isnull=False, date__gte=need.asked.start
    )
    return dict(rows.order_by("pk").values_list("date", "price"))
