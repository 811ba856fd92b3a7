"""Which fetched closes to believe: what is new, what its source corrected, and what a person has to look at. Pure.

Closes come in as traded. A close is measured against the last believed one before it, so one bad tick doubts itself alone.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from portfolio.market_data.answers import Close, SplitEvent
from portfolio.market_data.checks import JUMP

# exchange rates of whole currencies do not move like shares
JUMP_OF_RATE = 0.10
# one day's rate this far from both neighbours, which agree with each other, is a bad tick
SPIKE_OF_RATE = 0.03
AGREEING = 0.015
# days from one close to the next, holidays included, within which a jump is one
ORDINARY_GAP = 12
# sources settle a close a day or two later; a larger correction is a person's to believe
CORRECTION = 0.01


@dataclass(frozen=True, slots=True)
class Stored:
    """A close that is stored already."""

    close: Decimal
    is_typed: bool  # by a person, in a file or by hand: it is never overwritten
    is_same_source: bool  # as the answer's, so that a difference is a correction


@dataclass(frozen=True, slots=True)
class Doubt:
    """A close that is not to be used as it is."""

    date: dt.date
    value: Decimal | None
    expected: Decimal | None  # the believed close before it, or the stored one it differs from
    reason: str  # QuarantinedPrice.Reason


@dataclass(frozen=True, slots=True)
class Correction:
    """A stored close that its source now says otherwise, a little."""

    date: dt.date
    old: Decimal
    new: Decimal


@dataclass(slots=True)
class Sifted:
    """Fetched closes by what is to be done with them."""

    believed: list[tuple[dt.date, Decimal]] = field(default_factory=list)  # new, corrected, or repeated: to be stored
    doubts: list[Doubt] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What closes are measured against."""

    stored: Mapping[dt.date, Stored]
    last_session: dt.date  # the last that is over
    today: dt.date  # where the exchange is
    sessions: frozenset[dt.date]  # of the stretch
    splits: tuple[SplitEvent, ...] = ()
    is_rate: bool = False
    accepted: frozenset[tuple[dt.date, Decimal]] = frozenset()  # a person has said that they are right


def sift(*, closes: Iterable[Close], yardstick: Yardstick) -> Sifted:
    """Sort closes by ascending date into believed, doubted and corrected ones.

    What is younger than the last session that is over is no close yet and left out; so is what was not traded on a day
    without a session, and every day on which a person's own close is stored.
    """
    result = Sifted()
    ordered = sorted(closes, key=lambda close: close.date)
    known = _Known(yardstick)
    for place, close in enumerate(ordered):
        stored = yardstick.stored.get(close.date)
        if _is_left_out(close, stored, yardstick):
            continue
        reason = _unusable(close, yardstick)
        if reason is None and (close.date, close.value) not in yardstick.accepted:
            reason = _unlikely(ordered, place, stored, known, yardstick)
        if reason is not None:
            if stored is None or reason == "changed":
                expected = stored.close if stored else known.before(close.date)[0]
                result.doubts.append(Doubt(close.date, close.value, expected, reason))
            continue
        value = close.value or Decimal(0)
        result.believed.append((close.date, value))
        known.add(close.date, value)
        if stored and stored.is_same_source and stored.close != value:
            result.corrections.append(Correction(close.date, stored.close, value))
    return result


class _Known:
    """Believed closes by date: those stored, and those of the answer so far."""

    def __init__(self, yardstick: Yardstick) -> None:
        self._splits = yardstick.splits
        self._dates = sorted(yardstick.stored)
        self._stored = yardstick.stored
        self._last: tuple[dt.date, Decimal] | None = None

    def add(self, date: dt.date, value: Decimal) -> None:
        self._last = (date, value)

    def before(self, date: dt.date) -> tuple[Decimal | None, int]:
        """Return the last believed close before a date, divided by the splits since, and how many days older it is."""
        place = bisect_left(self._dates, date) - 1
        found = (self._dates[place], self._stored[self._dates[place]].close) if place >= 0 else None
        if self._last and (found is None or self._last[0] >= found[0]):
            found = self._last
        if found is None:
            return None, 0
        day, value = found
        for split in self._splits:
            if day < split.ex_date <= date:
                value /= split.ratio
        return value, (date - day).days


def _is_left_out(close: Close, stored: Stored | None, yardstick: Yardstick) -> bool:
    if stored and stored.is_typed:
        return True
    if yardstick.last_session < close.date <= yardstick.today:
        return True
    is_holiday = close.date.weekday() < 5 and close.date not in yardstick.sessions
    return is_holiday and (close.value is None or not close.is_traded)


def _unusable(close: Close, yardstick: Yardstick) -> str | None:
    """Return why a number can be no close at all; order decides between several reasons."""
    reasons = {
        "nan": close.value is None,
        "zero": close.value is not None and close.value == 0,
        "negative": close.value is not None and close.value < 0,
        "future": close.date > yardstick.today,
        "weekend": close.date.weekday() >= 5,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _unlikely(ordered: list[Close], place: int, stored: Stored | None, known: _Known, yardstick: Yardstick) -> str | None:
    close = ordered[place]
    if stored is not None:
        changed = stored.is_same_source and _change(stored.close, close.value)
        return "changed" if changed and changed > CORRECTION else None
    before, days = known.before(close.date)
    if before is None:
        return None
    # what may happen over a night may happen the more over a gap
    change = _change(before, close.value) / max(days / ORDINARY_GAP, 1) ** 0.5
    if yardstick.is_rate and change > SPIKE_OF_RATE:
        after = next((each.value for each in ordered[place + 1 :] if each.value), None)
        # without a neighbour on the other side the next run decides
        if after is None or _change(before, after) < AGREEING:
            return "spike"
    return "jump" if change > (JUMP_OF_RATE if yardstick.is_rate else JUMP) else None


def _change(old: Decimal, new: Decimal | None) -> float:
    """Return the size of a change as a fraction of the old close."""
    return abs(float((new or Decimal(0)) / old) - 1)
