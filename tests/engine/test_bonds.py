"""Accrued interest, held day by day against QuantLib's own bonds."""

import datetime as dt

import numpy as np
import pytest
import QuantLib as ql
from pytest import approx

from portfolio.engine.bonds import accrued_interest, coupons
from portfolio.engine.ledger import Instrument
from portfolio.engine.periods import to_date, to_day
from tests.scenario import bond


def days(*dates: str) -> np.ndarray:
    return np.array([to_day(dt.date.fromisoformat(date)) for date in dates])


def test_the_november_2034_note_accrues_as_published():
    # docs/methods.md 11, per 100 of face
    note = bond(rate=0.0425, issued="2024-11-15", matures="2034-11-15")

    found = 100 * accrued_interest(bond=note, days=days("2025-12-31", "2026-03-31", "2026-05-14", "2026-05-15"))

    assert found.tolist() == approx([0.540055, 1.596685, 2.113260, 0], abs=5e-7)


def reference(note: Instrument, day: int) -> float:
    """Return QuantLib's accrued amount of the whole bond, per 100."""
    date = lambda each: ql.Date(each.day, each.month, each.year)  # noqa: E731
    matures = to_date(note.maturity_day)
    schedule = ql.Schedule(
        date(to_date(note.issue_day)),
        date(matures),
        ql.Period(12 // note.coupon_frequency, ql.Months),
        ql.NullCalendar(),
        ql.Unadjusted,
        ql.Unadjusted,
        ql.DateGeneration.Backward,
        (matures + dt.timedelta(days=1)).day == 1,
    )
    counter = {
        "ACT/ACT ICMA": ql.ActualActual(ql.ActualActual.ISMA, schedule),
        "30/360": ql.Thirty360(ql.Thirty360.BondBasis),
        "ACT/365": ql.Actual365Fixed(),
        "ACT/360": ql.Actual360(),
    }[note.day_count]
    return ql.FixedRateBond(0, 100.0, schedule, [note.coupon_rate], counter).accruedAmount(date(to_date(day)))


@pytest.mark.parametrize("day_count", ["ACT/ACT ICMA", "30/360", "ACT/365", "ACT/360"])
@pytest.mark.parametrize(
    ("issued", "matures", "frequency"),
    [
        ("2024-11-15", "2027-11-15", 2),
        ("2024-12-31", "2027-12-31", 2),
        ("2024-04-20", "2026-12-31", 4),
        ("2024-02-29", "2027-02-28", 1),
    ],
)
def test_every_day_of_a_bonds_life_agrees_with_quantlib(day_count: str, issued: str, matures: str, frequency: int):
    note = bond(rate=0.0425, issued=issued, matures=matures, coupon_frequency=frequency, day_count=day_count)
    life = np.arange(note.issue_day, note.maturity_day)

    found = 100 * accrued_interest(bond=note, days=life)

    assert found == approx(np.array([reference(note, int(day)) for day in life]), abs=1e-9)


def test_nothing_accrues_before_issue_and_from_maturity_on():
    note = bond(rate=0.0425, issued="2024-11-15", matures="2034-11-15")

    assert accrued_interest(bond=note, days=days("2024-11-14", "2024-11-15", "2034-11-15", "2040-01-01")).tolist() == [
        0,
        0,
        0,
        0,
    ]


def test_a_note_that_matures_on_the_last_of_a_month_pays_on_the_last_of_the_month():
    note = bond(rate=0.045, issued="2024-12-31", matures="2031-12-31")

    paid, amounts = coupons(bond=note)

    assert [to_date(day).isoformat() for day in paid[:3]] == ["2025-06-30", "2025-12-31", "2026-06-30"]
    assert amounts[:3].tolist() == approx([0.0225] * 3)


def test_a_short_first_period_pays_its_part():
    # issued 11 days before the coupon date: 11 of the 184 days from 30 June to 31 December
    note = bond(rate=0.0425, issued="2024-12-20", matures="2031-12-31")

    assert coupons(bond=note)[1][0] == approx(0.02125 * 11 / 184)


def test_an_unknown_issue_date_accrues_by_the_regular_schedule():
    note = bond(rate=0.0425, issued="2024-11-15", matures="2034-11-15")
    unknown = Instrument("N", "N", "BOND", "USD", "FIXED_INCOME", 0.01, coupon_rate=0.0425, maturity_day=note.maturity_day)

    assert accrued_interest(bond=unknown, days=days("2026-03-31")) == approx(
        accrued_interest(bond=note, days=days("2026-03-31"))
    )
