"""Takes a source's adjustments for splits out again, so that closes and distributions are as they were traded and paid.

A source divides everything before a split by its ratio, and says so in a list of splits: on time, late, or never. Whether
it has divided is therefore read off its own closes and off what is known already: stored closes and the household's own
trades. Pure: knows no source by name.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import chain, combinations
from math import log

from portfolio.market_data.answers import Answer, Close, Payment, SplitEvent

Tick = Callable[[Decimal], Decimal]  # the smallest step of a price

# one split that two sources date differently
SAME_SPLIT = dt.timedelta(days=5)
# a ratio nearer to one than this cannot be told from a lively day
TELLING_RATIO = 1.25
# the logarithm of how far a close may be from the same day's stored one, and from what the household traded at
FAR_FROM_STORED = 0.2
FAR_FROM_TRADE = 0.6
MOST_SPLITS_WEIGHED = 6


@dataclass(frozen=True, slots=True)
class AsTraded:
    """An answer without its adjustments, and what to think of its splits."""

    closes: list[Close]
    payments: list[Payment]
    splits: list[SplitEvent]  # of the answer, believed
    held_back: list[SplitEvent]  # of the answer, against all that is known: to be looked at by a person
    is_rescaled: bool = False  # closes are a multiple of what is known, and no split says why: none is usable
    contradicts_stored: bool = False  # a split that is certain shows that stored closes were never undone


@dataclass(frozen=True, slots=True)
class _Candidate:
    split: SplitEvent
    is_listed: bool  # by the answer
    is_certain: bool  # by the ledger, or stored before
    is_divided: bool  # the answer's closes run on across it as if nothing had happened


def as_traded(
    *,
    answer: Answer,
    known_splits: Iterable[SplitEvent] = (),
    stored: Mapping[dt.date, Decimal] | None = None,
    trades: Mapping[dt.date, Decimal] | None = None,
    tick: Tick | None = None,
) -> AsTraded:
    """Return the answer as traded.

    known_splits: of the ledger and those stored, in their own dates; where the answer lists one too, their date counts.
    stored:       closes as traded, by date.   trades: the household's own prices, by date.
    tick:         what multiplied-up closes are rounded to, where rounding at the source explains the difference.
    Case: 48.94 on 2024-12-31 with a split 4:1 listed for 2025-06-18 is 195.75 (step 0.05); the dividend 0.675 is 2.70.
    """
    closes = [close for close in answer.closes if close.value is not None and close.value > 0]
    if not answer.is_split_adjusted or not closes:
        return AsTraded(answer.closes, answer.payments, answer.splits, [])
    candidates = _candidates(answer, list(known_splits), closes)
    guessed = frozenset(place for place, each in enumerate(candidates) if each.is_divided)
    chosen, is_rescaled = _weigh(candidates, guessed, closes, stored or {}, trades or {})
    dropped = guessed - chosen
    contradicts = any(candidates[place].is_certain and candidates[place].is_listed for place in dropped)
    if contradicts:
        chosen, is_rescaled = guessed, False
    held_back = [each.split for place, each in enumerate(candidates) if each.is_listed and place in dropped and not contradicts]
    divided = [candidates[place].split for place in chosen]
    return AsTraded(
        closes=[_undone(close, divided, tick) for close in answer.closes],
        payments=[_undone_payment(payment, divided) for payment in answer.payments],
        splits=[each.split for each in candidates if each.is_listed and each.split not in held_back],
        held_back=held_back,
        is_rescaled=is_rescaled,
        contradicts_stored=contradicts,
    )


def taiwan_tick(*, is_fund: bool) -> Tick:
    """Return the steps of prices in Taipei: finer ones for funds traded on the exchange."""
    steps = (
        [(Decimal(50), Decimal("0.01"))]
        if is_fund
        else [
            (Decimal(10), Decimal("0.01")),
            (Decimal(50), Decimal("0.05")),
            (Decimal(100), Decimal("0.1")),
            (Decimal(500), Decimal("0.5")),
            (Decimal(1000), Decimal(1)),
        ]
    )
    top = Decimal("0.05") if is_fund else Decimal(5)
    return lambda price: next((step for below, step in steps if price < below), top)


def is_same_split(one: SplitEvent, other: SplitEvent) -> bool:
    """Say whether two sources mean the same split."""
    near = abs(one.ex_date - other.ex_date) <= SAME_SPLIT
    return near and abs(float(one.ratio / other.ratio) - 1) < 0.01


def _candidates(answer: Answer, known: list[SplitEvent], closes: Sequence[Close]) -> list[_Candidate]:
    dates = [close.date for close in closes]
    found = []
    left = list(known)
    for listed in answer.splits:
        twin = next((each for each in left if is_same_split(each, listed)), None)
        if twin:
            left.remove(twin)
        split = twin or listed
        found.append(_Candidate(split, True, twin is not None, _runs_on(split, dates, closes, is_listed=True)))
    found.extend(_Candidate(split, False, True, _runs_on(split, dates, closes, is_listed=False)) for split in left)
    return sorted(found, key=lambda each: each.split.ex_date)


def _runs_on(split: SplitEvent, dates: list[dt.date], closes: Sequence[Close], *, is_listed: bool) -> bool:
    """Say whether closes run on across a split; where the ratio tells nothing, a listed split is taken as divided."""
    place = bisect_left(dates, split.ex_date)
    if place in {0, len(closes)}:
        # nothing before it could have been divided; a split still to come has divided nothing
        return False
    ratio = float(split.ratio)
    if 1 / TELLING_RATIO < ratio < TELLING_RATIO:
        return is_listed
    step = _log(closes[place].value) - _log(closes[place - 1].value)
    return abs(step) < abs(step + log(ratio))


def _weigh(
    candidates: list[_Candidate],
    guessed: frozenset[int],
    closes: Sequence[Close],
    stored: Mapping[dt.date, Decimal],
    trades: Mapping[dt.date, Decimal],
) -> tuple[frozenset[int], bool]:
    """Return which splits were divided, so that the closes fit what is known best; and whether they still do not fit."""
    gaps = [
        (close.date, _log(close.value) - _log(known), limit)
        for close in closes
        for known, limit in ((stored.get(close.date), FAR_FROM_STORED), (trades.get(close.date), FAR_FROM_TRADE))
        if known
    ]
    if not gaps:
        return guessed, False

    def misfits(choice: frozenset[int]) -> int:
        steps = [(candidates[place].split.ex_date, log(float(candidates[place].split.ratio))) for place in choice]
        return sum(abs(gap + sum(step for ex_date, step in steps if date < ex_date)) > limit for date, gap, limit in gaps)

    # the fewer guesses are overturned, the better
    places = range(min(len(candidates), MOST_SPLITS_WEIGHED))
    flips = chain.from_iterable(combinations(places, size) for size in range(len(places) + 1))
    best = min((guessed ^ frozenset(flip) for flip in flips), key=misfits)
    return best, misfits(best) * 5 > len(gaps)


def _undone(close: Close, divided: list[SplitEvent], tick: Tick | None) -> Close:
    factor = _factor(divided, close.date)
    if close.value is None or factor == 1:
        return close
    raw = close.value * factor.numerator / factor.denominator
    value = raw.quantize(Decimal("0.0001") if raw >= 1 else Decimal("0.000001"))
    if tick is not None and raw > 0:
        step = tick(raw)
        snapped = (raw / step).quantize(Decimal(1)) * step
        # half of the last digit that the source wrote, multiplied up
        doubt = Decimal(5).scaleb(int(close.value.as_tuple().exponent) - 1) * factor.numerator / factor.denominator
        value = snapped if abs(snapped - raw) <= doubt else value
    return replace(close, value=value)


def _undone_payment(payment: Payment, divided: list[SplitEvent]) -> Payment:
    factor = _factor(divided, payment.ex_date)
    if factor == 1:
        return payment
    amount = (payment.amount * factor.numerator / factor.denominator).quantize(Decimal("0.000001"))
    return replace(payment, amount=amount)


def _factor(divided: list[SplitEvent], date: dt.date) -> Fraction:
    factor = Fraction(1)
    for split in divided:
        if date < split.ex_date:
            factor *= Fraction(split.ratio).limit_denominator(1000)
    return factor


def _log(value: Decimal | None) -> float:
    return log(float(value or 1))
