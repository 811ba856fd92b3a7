"""Yield to maturity, duration and the premium that runs off, per bond held. QuantLib computes; it is loaded on first use.

Two conventions: "street" compounds in the broken period too, "treasury" takes simple interest in it (31 CFR 356,
appendix B). Everything settles on the day itself.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from portfolio.engine.bonds import accrued_interest, counter_of, coupons, quantlib_date, schedule_of, terms_of
from portfolio.engine.kinds import DISPOSALS, KINDS, TRADES
from portfolio.engine.ledger import Instrument
from portfolio.engine.money import is_kind
from portfolio.engine.periods import month_end, months_later, to_date, to_day
from portfolio.engine.valuation import Valuation

STREET, TREASURY = "street", "treasury"


@dataclass(frozen=True, slots=True)
class BondFigures:
    """One bond over all accounts; money in the reporting currency, prices per 100 of face."""

    instrument: int
    face: float
    clean_price: float
    accrued_interest: float  # in all
    yield_to_maturity: float | None  # a year, a fraction
    modified_duration: float | None  # years, by the street yield
    next_coupon_day: int | None
    next_coupon: float | None  # in all
    premium_left: float | None  # clean price at the purchase's street yield less par, in all; below zero: a discount
    amortisation: float | None  # what of it runs off in the next twelve months


def price_at(*, bond: Instrument, day: int, rate: float, convention: str = STREET) -> float:
    """Return the clean price per 100 at a yearly yield, settled on a day.

    rate: compounded as often as coupons are paid.
    """
    if convention == TREASURY:
        return _treasury_price(bond, day, rate)
    import QuantLib as ql  # noqa: PLC0415

    flat = ql.InterestRate(rate, _counter(bond), ql.Compounded, _frequency(bond))
    return float(ql.BondFunctions.cleanPrice(_bond(bond), flat, quantlib_date(to_date(day))))


def yield_at(*, bond: Instrument, day: int, clean_price: float, convention: str = STREET) -> float | None:
    """Return the yearly yield to maturity of a clean price per 100; None from maturity on or where none fits."""
    if not clean_price > 0 or day >= (bond.maturity_day or 0):
        return None
    if convention == TREASURY:
        return _treasury_yield(bond, day, clean_price)
    import QuantLib as ql  # noqa: PLC0415

    price, date = ql.BondPrice(clean_price, ql.BondPrice.Clean), quantlib_date(to_date(day))
    try:
        found = ql.BondFunctions.bondYield(
            _bond(bond), price, _counter(bond), ql.Compounded, _frequency(bond), date, 1e-12, 200, 0.03
        )
    except RuntimeError:
        # QuantLib's word for "no yield gives this price"
        return None
    return float(found)


def _treasury_price(bond: Instrument, day: int, rate: float) -> float:
    """Discount by simple interest to the next regular coupon date and by whole half-years from there.

    QuantLib takes simple interest only where the first payment is less than a period away; a long first period has its
    fraction before a whole one.  Source: 31 CFR 356, appendix B, II.
    """
    maturity, months = to_date(bond.maturity_day or 0), 12 // bond.coupon_frequency
    periods = 0
    while to_day(_coupon_before(maturity, months * (periods + 1))) > day:
        periods += 1
    start, end = (to_day(_coupon_before(maturity, months * each)) for each in (periods + 1, periods))
    per_period = rate / bond.coupon_frequency
    paid, amounts = coupons(bond=bond)
    due = paid > day
    whole = periods - np.round((to_day(maturity) - paid[due]) / 365.25 * bond.coupon_frequency)
    flows = amounts[due] * 100.0
    flows[-1] += 100.0
    broken = 1.0 + (end - day) / (end - start) * per_period
    dirty = float((flows / (1.0 + per_period) ** whole).sum() / broken)
    return dirty - 100.0 * float(accrued_interest(bond=bond, days=np.array([day]))[0])


def _coupon_before(maturity: dt.date, months: int) -> dt.date:
    """Return the regular coupon date some months before maturity; a month's last day stays the last."""
    date = months_later(maturity, -months)
    is_last = (maturity + dt.timedelta(days=1)).day == 1
    return month_end(year=date.year, month=date.month) if is_last else date


def _treasury_yield(bond: Instrument, day: int, clean_price: float) -> float | None:
    low, high = -0.5, 2.0
    if not _treasury_price(bond, day, high) <= clean_price <= _treasury_price(bond, day, low):
        return None
    while (middle := (low + high) / 2) not in {low, high}:
        if _treasury_price(bond, day, middle) > clean_price:
            low = middle
        else:
            high = middle
    return middle


def modified_duration(*, bond: Instrument, day: int, rate: float) -> float:
    """Return the modified duration in years at a street yield."""
    import QuantLib as ql  # noqa: PLC0415

    flat = ql.InterestRate(rate, _counter(bond), ql.Compounded, _frequency(bond))
    return float(ql.BondFunctions.duration(_bond(bond), flat, ql.Duration.Modified, quantlib_date(to_date(day))))


def bond_figures(*, valuation: Valuation, convention: str = STREET) -> list[BondFigures]:
    """Return the figures of every bond held at the end, the first to mature first."""
    found = []
    for number, paper in valuation.papers.items():
        bond = valuation.ledger.instruments[number]
        if bond.is_bond and paper.units[-1] > 0:
            found.append(_figures(valuation, number, bond, convention))
    return sorted(found, key=lambda each: valuation.ledger.instruments[each.instrument].maturity_day or 0)


def _figures(valuation: Valuation, number: int, bond: Instrument, convention: str) -> BondFigures:
    paper, day = valuation.papers[number], valuation.grid.last
    face, rate, price = float(paper.units[-1]), float(valuation.rate(number)[-1]), float(paper.clean[-1]) * 100.0
    street = yield_at(bond=bond, day=day, clean_price=price)
    days, amounts = coupons(bond=bond)
    ahead = np.flatnonzero(days > day)
    now, later = (_premium(valuation, number, bond, each) for each in (day, to_day(months_later(to_date(day), 12))))
    return BondFigures(
        instrument=number,
        face=face,
        clean_price=price,
        accrued_interest=face * float(paper.accrued[-1]) * rate if paper.accrued is not None else 0.0,
        yield_to_maturity=street
        if convention == STREET
        else yield_at(bond=bond, day=day, clean_price=price, convention=convention),
        modified_duration=None if street is None else modified_duration(bond=bond, day=day, rate=street),
        next_coupon_day=int(days[ahead[0]]) if len(ahead) else None,
        next_coupon=face * float(amounts[ahead[0]]) * rate if len(ahead) else None,
        premium_left=None if now is None else now * rate,
        amortisation=None if now is None or later is None else (now - later) * rate,
    )


def _premium(valuation: Valuation, number: int, bond: Instrument, day: int) -> float | None:
    """Return clean price at each open purchase's own yield less par, summed over its face, instrument's currency."""
    total = 0.0
    for face, price, bought in _open_purchases(valuation, number):
        rate = yield_at(bond=bond, day=bought, clean_price=price * 100.0)
        if rate is None:
            return None
        if day < (bond.maturity_day or 0):
            total += face * (price_at(bond=bond, day=day, rate=rate) / 100.0 - 1.0)
    return total


def _open_purchases(valuation: Valuation, number: int) -> list[tuple[float, float, int]]:
    """Return face still held, clean price per 1 of face and day of each purchase, first-in-first-out over all accounts."""
    rows, found = valuation.rows, []
    for row in np.flatnonzero(is_kind(rows, *TRADES) & (rows.instrument == number)).tolist():
        face = float(rows.quantity[row])
        if KINDS[int(rows.kind[row])] not in DISPOSALS:
            found.append([face, float(valuation.money.own_price[row]), int(rows.day[row])])
            continue
        while face > 0 and found:
            gone = min(face, found[0][0])
            found[0][0] -= gone
            face -= gone
            if found[0][0] <= 0:
                found.pop(0)
    return [(each[0], each[1], int(each[2])) for each in found]


def _bond(bond: Instrument) -> Any:
    import QuantLib as ql  # noqa: PLC0415

    schedule = schedule_of(terms_of(bond))
    return ql.FixedRateBond(0, 100.0, schedule, [bond.coupon_rate], _counter(bond))


def _counter(bond: Instrument) -> Any:
    schedule = schedule_of(terms_of(bond))
    return counter_of(day_count=bond.day_count, schedule=schedule)


def _frequency(bond: Instrument) -> Any:
    import QuantLib as ql  # noqa: PLC0415

    return {1: ql.Annual, 2: ql.Semiannual, 4: ql.Quarterly, 12: ql.Monthly}[bond.coupon_frequency]
