"""Closes that look wrong though they can be read: jumps that no split explains. Pure; judges, changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from portfolio.market_data.series import Days, Series

# beyond this a close is more likely a slip, or a split that nobody told us of
JUMP = 0.40


@dataclass(frozen=True, slots=True)
class Jump:
    """A close that is far from the one before it."""

    day: int  # days since 1970-01-01
    change: float  # a fraction, + is up; a split on the way taken out


def jumps(*, series: Series, splits: Mapping[int, float] | None = None, limit: float = JUMP) -> list[Jump]:
    """Return every change from one close to the next that is larger than the limit.

    splits: new units per old unit by ex-day; a close on or after the day is multiplied back before it is compared.
    """
    if len(series) < 2:
        return []
    factor = _split_factor(series.days, splits or {})
    adjusted = series.values * factor
    change = adjusted[1:] / adjusted[:-1] - 1
    places = np.flatnonzero(np.abs(change) > limit)
    return [Jump(int(series.days[place + 1]), float(change[place])) for place in places]


def _split_factor(days: Days, splits: Mapping[int, float]) -> np.ndarray:
    factor = np.ones(len(days))
    for day, ratio in splits.items():
        factor[days >= day] *= ratio
    return factor
