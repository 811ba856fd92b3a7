"""Returns, records and risk of finished days. Knows values and flows; nothing of lots, prices or files."""

import math
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

ZERO = Decimal(0)
ONE = Decimal(1)
UNKNOWN = Decimal("NaN")
ONE_DAY = timedelta(days=1)


def daily_returns(*, days, opening):
    """Return [(base, return or None)] of days that follow the opening value; None: skipped.

    r = (V + out) / (V_before + in) - 1. Base zero: no return that day (0). Base negative or r <= -1: skipped.
    """
    results, before = [], opening
    for day in days:
        base = before + day.money_in
        if base == 0:
            results.append((base, ZERO))
        elif base < 0:
            results.append((base, None))
        else:
            r = (day.value + day.money_out) / base - 1
            results.append((base, None if r <= -1 else r))
        before = day.value
    return results


def curve(*, days, opening):
    """Return the growth of one unit of money, the opening point first; a skipped day stands still."""
    points = [ONE]
    for _, r in daily_returns(days=days, opening=opening):
        points.append(points[-1] * (1 + (r or ZERO)))
    return points


def contributions(*, days, opening):
    """Return ({line: gain}, {line: contribution}): sum over days of gain / base x growth to the day before."""
    gains, contributed, growth = {}, {}, ONE
    for day, (base, r) in zip(days, daily_returns(days=days, opening=opening), strict=True):
        for line, its_parts in day.gains.items():
            gain = sum(its_parts.values())
            gains[line] = gains.get(line, ZERO) + gain
            counts = r is not None and base != 0
            contributed[line] = contributed.get(line, ZERO) + (gain / base * growth if counts else ZERO)
        growth *= 1 + (r or ZERO)
    return gains, contributed


def modified_dietz(*, days, opening):
    """Return gain over average capital; money in counts from the start of its day, out to its end; NaN if capital <= 0."""
    length = len(days)
    capital, net = opening, ZERO
    for number, day in enumerate(days, start=1):
        capital += day.money_in * (length - number + 1) / length
        capital -= day.money_out * (length - number) / length
        net += day.money_in - day.money_out
    gain = days[-1].value - opening - net
    return gain / capital if capital > 0 else UNKNOWN


def money_weighted(*, days, opening):
    """Return (annual rate or None, reason): the one rate at which all flows are worth nothing together."""
    flows = {days[0].date - ONE_DAY: -opening}
    for day in days:
        flows[day.date] = flows.get(day.date, ZERO) - day.money_in + day.money_out
    flows[days[-1].date] += days[-1].value
    if any(amount.is_nan() for amount in flows.values()):
        return None, "a value is missing"
    return internal_rate(flows=[(when, float(amount)) for when, amount in sorted(flows.items()) if amount])


def internal_rate(*, flows):
    """Return (annual rate or None, reason) of dated flows, Actual/365, by bisection.

    Looks at the whole range from losing nearly everything to growing three-million-fold over the span and counts
    the changes of sign: exactly one is the answer, several or none are not.
    """
    if len({when for when, _ in flows}) < 2:
        return None, "all flows fall on one day"
    first, last = flows[0][0], flows[-1][0]
    span = (last - first).days
    shares = [((when - first).days / span, amount) for when, amount in flows]

    def worth(growth):
        return sum(amount * math.exp(-growth * share) for share, amount in shares)

    grid = [step / 200 for step in range(-3000, 3001)]
    signed = [(growth, worth(growth)) for growth in grid]
    signed = [(growth, value) for growth, value in signed if value != 0]
    brackets = [(a[0], b[0]) for a, b in pairwise(signed) if (a[1] > 0) != (b[1] > 0)]
    if len(brackets) != 1:
        return None, "no rate solves it" if not brackets else f"{len(brackets)} rates solve it"
    low, high = brackets[0]
    rising = worth(low) < 0
    for _ in range(200):
        middle = (low + high) / 2
        if (worth(middle) < 0) == rising:
            low = middle
        else:
            high = middle
    return math.expm1((low + high) / 2 * 365 / span), ""


def returns(*, days, opening, since_year_end_days, year_end_value):
    """Return the `returns` object of the review; None where a figure cannot be computed."""
    growth = curve(days=days, opening=opening)[-1]
    length = len(days)
    annual, reason = money_weighted(days=days, opening=opening)
    return {
        "time_weighted": growth - 1,
        "money_weighted": annual,
        "money_weighted_period": None if annual is None else math.expm1(math.log1p(annual) * length / 365),
        "money_weighted_reason": reason,
        "modified_dietz": modified_dietz(days=days, opening=opening),
        "since_year_end": curve(days=since_year_end_days, opening=year_end_value)[-1] - 1,
        "annualised": float(growth) ** (365 / length) - 1 if length >= 365 and not growth.is_nan() else None,
        "skipped_days": sum(r is None for _, r in daily_returns(days=days, opening=opening)),
    }


def is_weekday(day):
    """Return whether a day is Monday to Friday."""
    return day.weekday() < 5


def peak(days):
    """Return (value, date) of the highest weekday, the earliest of equals; (None, None) without one or with a gap."""
    weekdays = [day for day in days if is_weekday(day.date)]
    if not weekdays or any(day.value.is_nan() for day in weekdays):
        return None, None
    best = weekdays[0]
    for day in weekdays:
        if day.value > best.value:
            best = day
    return best.value, best.date


def record_days(*, days, first):
    """Return the weekdays from `first` on whose wealth is strictly above every earlier weekday's; above zero at first.

    None when a value is missing.
    """
    if any(day.value.is_nan() for day in days):
        return None
    highest, count = ZERO, 0
    for day in days:
        if is_weekday(day.date) and day.value > highest:
            highest = day.value
            count += day.date >= first
    return count


def days_below(*, days, value):
    """Return the weekdays whose wealth is under a value, None when one is missing."""
    if value.is_nan() or any(day.value.is_nan() for day in days):
        return None
    return sum(is_weekday(day.date) and day.value < value for day in days)


def largest_fall(points):
    """Return the deepest fall from an earlier high of a curve, as a fraction >= 0."""
    highest, deepest = points[0], ZERO
    for point in points:
        if point.is_nan():
            return UNKNOWN
        highest = max(highest, point)
        deepest = max(deepest, 1 - point / highest)
    return deepest


def volatility(*, days, first):
    """Return the sample standard deviation of ln(1+r) x sqrt(n) over the trading days from `first` on, None under two.

    A trading day: a stored close of something held. r is the chained daily return since the trading day before,
    which may lie before the period; both closes need a holding. `days` begin with the whole history.
    """
    logs, growth, before = [], ONE, None
    for day, (_, r) in zip(days, daily_returns(days=days, opening=ZERO), strict=True):
        growth *= 1 + (r or ZERO)
        if not day.traded:
            continue
        if before is not None and before.lots and day.lots and day.date >= first:
            if growth.is_nan():
                return None
            logs.append(math.log(growth))
        before, growth = day, ONE
    if len(logs) < 2:
        return None
    mean = math.fsum(logs) / len(logs)
    variance = math.fsum((each - mean) ** 2 for each in logs) / (len(logs) - 1)
    return math.sqrt(variance) * math.sqrt(len(logs))


def records(*, history_days, days, opening, year_end_value):
    """Return the `records` object of the review.

    history_days: every day from the first ledger row to the period's end; days: the period's.
    """
    peak_value, peak_date = peak(days)
    all_time_value, all_time_date = peak(history_days)
    return {
        "peak_value": peak_value,
        "peak_date": peak_date,
        "all_time_peak_value": all_time_value,
        "all_time_peak_date": all_time_date,
        "record_days": record_days(days=history_days, first=days[0].date),
        "weekdays_below_year_end": days_below(days=days, value=year_end_value),
        "max_drawdown": largest_fall(curve(days=days, opening=opening)),
        "volatility": volatility(days=history_days, first=days[0].date),
    }
