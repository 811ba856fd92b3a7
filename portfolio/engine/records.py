"""Records and risk of a wealth curve. Knows values, returns and days; nothing of what was held."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portfolio.engine.ledger import Days, Floats

# 1970-01-01 was a Thursday; Monday is 0
_THURSDAY = 3
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Peak:
    """A highest value and its day."""

    value: float
    day: int


def weekdays(days: Days) -> NDArray[np.bool_]:
    """Return which days are Monday to Friday."""
    return (days + _THURSDAY) % 7 < _SATURDAY


def peak(*, values: Floats, days: Days) -> Peak | None:
    """Return the highest value on a weekday and the first day it was reached; None if one of them is unknown."""
    inside = weekdays(days)
    if not inside.any() or np.isnan(values[inside]).any():
        return None
    best = int(np.argmax(values[inside]))
    return Peak(float(values[inside][best]), int(days[inside][best]))


def record_days(*, values: Floats, days: Days) -> NDArray[np.bool_]:
    """Return the weekdays on which wealth stood strictly above every earlier weekday's value, and above zero.

    values: from before anything was held up to the end of the period.
    """
    counted = weekdays(days)
    seen = np.where(counted, values, -np.inf)
    before = np.concatenate([[0.0], np.maximum.accumulate(np.maximum(seen, 0.0))[:-1]])
    return np.asarray(counted & (values > before))


def max_drawdown(*, growth: Floats, values: Floats) -> float:
    """Return the deepest fall of the flow-neutral curve from an earlier high, a fraction >= 0.

    growth: of each day of the period; the curve opens at 1.  values: wealth at the opening and of each day; the first high
    is that of the first close with any, for there is nothing to fall from before.
    """
    something = np.flatnonzero(values)
    curve = np.concatenate([[1.0], growth])[int(something[0]) if len(something) else 0 :]
    return float(np.max(1.0 - curve / np.maximum.accumulate(curve)))


def volatility(*, growth: Floats, trading: NDArray[np.bool_], inside: NDArray[np.bool_]) -> float | None:
    """Return the sample deviation of the log returns of trading days times the root of their number: over the period.

    A trading day's return is since the trading day before, which may lie before the period. None under two returns.

    growth:  flow-neutral curve by calendar day, from some days before the period on.
    trading: days with a stored close of an instrument held.  inside: days of the period that count.
    """
    days = np.flatnonzero(trading)
    logs = np.diff(np.log(growth[days]))[inside[days[1:]]]
    count = len(logs)
    if count < 2 or np.isnan(logs).any():
        return None
    return float(np.std(logs, ddof=1) * np.sqrt(count))


@dataclass(frozen=True, slots=True)
class DailyExtremes:
    """Largest gain and loss of one weekday, reporting currency; days of a weekend count to the Monday after."""

    gain: float
    gain_day: int
    loss: float
    loss_day: int


def daily_extremes(*, gains: Floats, days: Days) -> DailyExtremes | None:
    """Return the best and the worst weekday by gain without flows; None if there is none or a gain is unknown."""
    counted = weekdays(days)
    if not counted.any() or np.isnan(gains).any():
        return None
    sums = np.diff(np.concatenate([[0.0], np.cumsum(gains)[counted]]))
    best, worst = int(np.argmax(sums)), int(np.argmin(sums))
    inside = days[counted]
    return DailyExtremes(float(sums[best]), int(inside[best]), float(sums[worst]), int(inside[worst]))
