"""Returns of a value series. Knows dates, values and flows; nothing of instruments or currencies."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portfolio.engine.ledger import Days, Floats
from portfolio.engine.money import by_day

DAYS_A_YEAR = 365.0
# growth over a whole period is looked for between e^-GROWTH and e^GROWTH
GROWTH = 12.0
STEPS = 481


@dataclass(frozen=True, slots=True)
class DailyReturns:
    """Day by day; arrays have one entry a day of the period."""

    rate: Floats  # of the day, a fraction; 0 where there was no base
    base: Floats  # what the day's gain was earned on; NaN on days that are skipped or have no base
    growth: Floats  # of one unit of money up to the close, flows left out
    skipped: NDArray[np.bool_]


def daily_returns(*, values: Floats, money_in: Floats, money_out: Floats) -> DailyReturns:
    """Return the growth of one unit of money that stayed from the first close to the last, day by day.

    Money in counts from the start of its day, money out to its end: r = (V + out) / (V_before + in) - 1.
    A day without a base earns nothing and breaks no chain; a day with a negative base, or that loses everything or
    more, is skipped and counted.

    values: close of each day, the opening close first, shape (days + 1,), reporting currency.
    money_in, money_out: external flows of each day as sizes, shape (days,).
    Source: docs/methods.md 2; worked case: tests/worked_examples/test_time_weighted_return.py
    """
    base = values[:-1] + money_in
    ending = values[1:] + money_out
    scale = np.maximum(np.maximum(np.abs(values[:-1]), money_in), 1.0)
    empty = np.abs(base) <= 1e-9 * scale
    with np.errstate(divide="ignore", invalid="ignore"):
        rate: Floats = np.where(empty, 0.0, ending / base - 1.0).astype(np.float64)
    skipped = ~empty & ((base < 0) | (rate <= -1.0))
    rate[skipped] = 0.0
    growth: Floats = np.cumprod(1.0 + rate, dtype=np.float64)
    return DailyReturns(rate, np.where(empty | skipped, np.nan, base), growth, skipped)


def annualised(*, growth: float, days: int) -> float:
    """Return a period's return as a yearly one: (1 + r)^(365 / days) - 1.

    growth: return over the period, a fraction above -1.
    """
    return float((1.0 + growth) ** (DAYS_A_YEAR / days) - 1.0)


def modified_dietz(*, opening: float, closing: float, money_in: Floats, money_out: Floats) -> float | None:
    """Return gain over average capital, flows weighted by the calendar days they were there.

    The same day rule as above: money in counts its own day, money out too. None where the average is not above zero.
    """
    days = len(money_in)
    gain = closing - opening - float(money_in.sum() - money_out.sum())
    left = np.arange(days, 0, -1) / days
    average = opening + float(left @ money_in - (left - 1.0 / days) @ money_out)
    if np.isnan(average) or np.isnan(gain) or average <= 0:
        return None
    return gain / average


@dataclass(frozen=True, slots=True)
class MoneyWeighted:
    """A yearly rate, or the reason why there is none."""

    rate: float | None
    reason: str  # "", "no_flows", "one_day", "no_root", "several_roots", "unknown_value"


def money_weighted_return(*, days: Days, amounts: Floats) -> MoneyWeighted:
    """Return the yearly rate at which the flows are worth nothing together (XIRR, Actual/365).

    Every rate whose growth over the whole period lies between e^-12 and e^12 is looked through, so that one of several
    roots is never returned by luck.

    days:    whole days, any order.
    amounts: what was put in negative, what came out positive, opening and closing value included.
    Example with two roots, hence none: -100, +230, -132 at yearly steps is zero at 10 % and at 20 %.
    """
    if np.isnan(amounts).any():
        return MoneyWeighted(None, "unknown_value")
    when, place = np.unique(days, return_inverse=True)
    flow = by_day(place, amounts, len(when))
    present = np.abs(flow) > 1e-9 * max(float(np.abs(flow).max(initial=0.0)), 1e-9)
    when, flow = when[present], flow[present]
    if not len(flow):
        return MoneyWeighted(None, "no_flows")
    if len(flow) == 1:
        return MoneyWeighted(None, "one_day")
    span = (when - when[0]) / float(when[-1] - when[0])
    roots = _roots(span, flow)
    if len(roots) != 1:
        return MoneyWeighted(None, "several_roots" if len(roots) else "no_root")
    years = float(when[-1] - when[0]) / DAYS_A_YEAR
    exponent = roots[0] / years
    return MoneyWeighted(float(np.expm1(exponent)), "") if exponent < 700 else MoneyWeighted(None, "no_root")


def _roots(span: Floats, flow: Floats) -> list[float]:
    """Return each logarithm of the whole period's growth at which the flows cancel. span: 0 to 1."""

    def value(growth: float) -> float:
        return float(flow @ np.exp(-growth * span))

    signs = np.sign(flow)
    if (signs == signs[0]).all():
        return []
    grid = np.linspace(-GROWTH, GROWTH, STEPS)
    values = np.exp(-np.outer(grid, span)) @ flow
    brackets = np.flatnonzero(values[:-1] * values[1:] < 0)
    exact = [float(grid[index]) for index in np.flatnonzero(values == 0.0)]
    return exact + [
        _bisect(value, float(grid[index]), float(grid[index + 1]), rises=bool(values[index] < 0)) for index in brackets
    ]


def _bisect(value: Callable[[float], float], low: float, high: float, *, rises: bool) -> float:
    """Halve the bracket until it is as narrow as floats allow; slower than Newton's steps, and never astray.

    The direction comes from the caller: at a root that lies on the bracket's edge the sign there is only rounding.
    """
    while (middle := (low + high) / 2) not in {low, high}:
        if (value(middle) < 0) == rises:
            low = middle
        else:
            high = middle
    return middle
