"""Coupons and accrued interest from a bond's contract, by hand. Knows no prices and no ledger."""

from calendar import monthrange
from datetime import date
from decimal import Decimal
from itertools import pairwise

ZERO = Decimal(0)


def months_before(day, months):
    """Return the coupon date so many months earlier; a schedule that ends on a month's last day stays on last days."""
    count = day.year * 12 + day.month - 1 - months
    year, month = count // 12, count % 12 + 1
    last = monthrange(year, month)[1]
    at_month_end = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, last if at_month_end else min(day.day, last))


def coupon_dates(*, bond):
    """Return the contract's coupon dates after issue, oldest first, with the (notional) one at or before issue in front."""
    step = 12 // bond.coupon_frequency
    dates = []
    back = 0
    while True:
        day = months_before(bond.maturity_date, back)
        dates.append(day)
        if day <= bond.issue_date:
            return list(reversed(dates))
        back += step


def pays_coupons(*, bond):
    """Return whether the contract is known well enough to count its coupons."""
    return bool(bond.type == "BOND" and bond.coupon_rate and bond.issue_date and bond.maturity_date)


def days_30_360(first, last):
    """Return the days between two dates of the 30/360 bond basis."""
    first_day = min(first.day, 30)
    last_day = 30 if last.day == 31 and first_day == 30 else last.day
    return (last.year - first.year) * 360 + (last.month - first.month) * 30 + last_day - first_day


def interest(*, bond, first, last, before, after):
    """Return the interest per unit of face from `first` to `last`, both inside the coupon period before..after."""
    if bond.day_count == "30/360":
        return bond.coupon_rate * days_30_360(first, last) / 360
    days = (last - first).days
    if bond.day_count == "ACT/365":
        return bond.coupon_rate * days / 365
    if bond.day_count == "ACT/360":
        return bond.coupon_rate * days / 360
    return bond.coupon_rate / bond.coupon_frequency * days / (after - before).days


def accrued_per_face(*, bond, day):
    """Return the accrued interest per unit of face at the close of a day, in the bond's currency.

    Zero on a coupon date, before issue and from maturity on. Worked case (4.25 % November 2034, per 100):
    0.540055 on 2025-12-31, 46 of 181 days of 2.125.
    """
    if not pays_coupons(bond=bond) or day <= bond.issue_date or day >= bond.maturity_date:
        return ZERO
    dates = coupon_dates(bond=bond)
    for before, after in pairwise(dates):
        if before <= day < after:
            return interest(bond=bond, first=max(before, bond.issue_date), last=day, before=before, after=after)
    return ZERO


def coupons_per_face(*, bond):
    """Return [(date, coupon per unit of face)] of the whole contract; a first period begun late pays its part."""
    coupons = []
    dates = coupon_dates(bond=bond)
    for before, after in pairwise(dates):
        coupon = bond.coupon_rate / bond.coupon_frequency
        if before < bond.issue_date:
            coupon = interest(bond=bond, first=bond.issue_date, last=after, before=before, after=after)
        coupons.append((after, coupon))
    return coupons
