"""Closes between two known ones: a random walk that ends where it must. Pure; the same on every machine.

Uses nothing but arithmetic that IEEE 754 rounds exactly (no exp, no log), and only `random()` of Python's generator,
whose sequence for a seed is promised to stay.
"""

import datetime as dt
import math
import random
import statistics
from collections.abc import Collection, Sequence
from decimal import Decimal
from itertools import pairwise

Close = tuple[dt.date, Decimal]

# the mean distance of a normal step from zero is this part of its standard deviation: sqrt(2 / pi)
_MEAN_STEP = 0.7978845608
# a walk never strays further than this from the straight line, as a part of it
_WIDEST = 0.2


def filled(*, facts: Sequence[Close], closed: Collection[dt.date], seed: str) -> list[Close]:
    """Return closes for the open weekdays strictly between the facts, ascending; the facts themselves are not among them.

    facts:  known closes by ascending date, above zero.
    closed: weekdays without a close.
    seed:   names the series. Each gap draws from the seed and its own first day, so a new fact changes its gap alone.
    """
    decimals = max((-int(close.as_tuple().exponent) for _, close in facts), default=0)
    daily = _daily_step(facts, closed)
    found: list[Close] = []
    for (start, first), (end, last) in pairwise(facts):
        days = _open_days(start, end, closed)
        walk = _bridge(len(days), random.Random(f"{seed} {start}"))  # noqa: S311  scenery, not secrets
        for place, (day, step) in enumerate(zip(days, walk, strict=True), start=1):
            line = float(first) + (float(last) - float(first)) * place / (len(days) + 1)
            stray = max(-_WIDEST, min(_WIDEST, daily * step))
            found.append((day, round(Decimal(line * (1 + stray)), decimals)))
    return found


def _open_days(start: dt.date, end: dt.date, closed: Collection[dt.date]) -> list[dt.date]:
    days = (start + dt.timedelta(days=day) for day in range(1, (end - start).days))
    return [day for day in days if day.weekday() < 5 and day not in closed]


def _daily_step(facts: Sequence[Close], closed: Collection[dt.date]) -> float:
    """Return the standard deviation of a day's change, as a part of the close, that fits the facts."""
    steps = [
        abs(float(last) / float(first) - 1) / math.sqrt(len(_open_days(start, end, closed)) + 1)
        for (start, first), (end, last) in pairwise(facts)
    ]
    # the median: a split is no change of value
    return statistics.median(steps) / _MEAN_STEP if steps else 0.0


def _bridge(length: int, chance: random.Random) -> list[float]:
    """Return the places of a walk of normal steps that starts and ends at zero, without its two ends."""
    places = [0.0]
    for _ in range(length + 1):
        places.append(places[-1] + _normal(chance))
    return [place - places[-1] * at / (length + 1) for at, place in enumerate(places)][1:-1]


def _normal(chance: random.Random) -> float:
    """Return a nearly normal number: mean 0, variance 1."""
    total = -6.0
    # sum() would add floats differently from Python 3.12 on
    for _ in range(12):
        total += chance.random()
    return total
