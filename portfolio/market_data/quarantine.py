"""What a person decides about doubted closes: accept, reject, or type another. Knows no network and no requests."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from portfolio.market_data import store
from portfolio.market_data.checks import JUMP
from portfolio.market_data.doubts import JUMP_OF_RATE
from portfolio.models import Instrument, LedgerStamp, QuarantinedPrice

_FITTING = ("jump", "spike")


class UndecidableError(Exception):
    """The close cannot be decided that way; the message says why and what to do."""


def pending() -> Any:
    """Return what waits for a decision, the youngest first."""
    return QuarantinedPrice.objects.filter(state=QuarantinedPrice.State.PENDING).select_related("instrument")


def accept(*, doubt: int, user: Any = None) -> int:
    """Use a doubted close after all, and the later ones that fit it; return how many closes were stored.

    Raises UndecidableError where there is nothing that could be used.
    """
    with transaction.atomic():
        mine = _open(doubt)
        if mine.close is None or mine.close <= 0:
            raise UndecidableError(f"{mine.name} has no usable close on {mine.date}; type the price, or reject it.")
        if mine.reason == QuarantinedPrice.Reason.CURRENCY:
            raise UndecidableError(f"The close of {mine.name} is in another currency; correct its currency or quote symbol.")
        _use(mine, user)
        return 1 + _accept_followers(mine, user)


def reject(*, doubt: int, user: Any = None) -> None:
    """Leave a doubted close out for good; the same figure is not asked about again."""
    with transaction.atomic():
        _decide(_open(doubt), QuarantinedPrice.State.REJECTED, user)


def type_price(*, instrument: Instrument, date: dt.date, close: Decimal, user: Any = None) -> bool:
    """Store a close by hand; what was doubted on that day is settled by it. Say whether anything changed."""
    if close <= 0:
        raise UndecidableError("A price is above zero.")
    with transaction.atomic():
        for doubt in QuarantinedPrice.objects.filter(instrument=instrument, date=date, state=QuarantinedPrice.State.PENDING):
            _decide(doubt, QuarantinedPrice.State.REJECTED, user)
        return store.save_price(instrument=instrument, date=date, close=close)


def _open(key: int) -> QuarantinedPrice:
    mine = QuarantinedPrice.objects.select_for_update().get(pk=key)
    if mine.state != QuarantinedPrice.State.PENDING:
        raise UndecidableError(f"{mine.name} of {mine.date} is {mine.get_state_display()} already.")
    return mine


def _use(doubt: QuarantinedPrice, user: Any) -> None:
    if doubt.close is None:
        return
    if doubt.instrument is not None:
        store.save_price(instrument=doubt.instrument, date=doubt.date, close=doubt.close, source=doubt.source)
    else:
        store.save_rate(base=doubt.base, quote=doubt.quote, date=doubt.date, rate=doubt.close, source=doubt.source)
    _decide(doubt, QuarantinedPrice.State.ACCEPTED, user)


def _decide(doubt: QuarantinedPrice, state: str, user: Any) -> None:
    doubt.state, doubt.decided_at, doubt.decided_by = state, timezone.now(), user
    doubt.save()
    LedgerStamp.bump()


def _accept_followers(first: QuarantinedPrice, user: Any) -> int:
    """Use the closes after an accepted one that were doubted only because it was: each measured against the one before."""
    limit = JUMP if first.instrument_id else JUMP_OF_RATE
    later = QuarantinedPrice.objects.filter(
        instrument=first.instrument,
        base=first.base,
        quote=first.quote,
        source=first.source,
        state=QuarantinedPrice.State.PENDING,
        reason__in=_FITTING,
        date__gt=first.date,
    ).order_by("date")
    before, count = first.close, 0
    for doubt in later:
        if before is None or doubt.close is None or abs(float(doubt.close / before) - 1) > limit:
            break
        _use(doubt, user)
        before, count = doubt.close, count + 1
    return count
