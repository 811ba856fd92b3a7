"""Made-up closes: where they may lie, and that they are the same everywhere."""

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portfolio.demo.bridge import filled

MONDAY = dt.date(2025, 3, 3)


def days_after(start: dt.date, *offsets: int) -> list[dt.date]:
    return [start + dt.timedelta(days=offset) for offset in offsets]


def facts(*pairs: tuple[int, str]) -> list[tuple[dt.date, Decimal]]:
    return [(MONDAY + dt.timedelta(days=offset), Decimal(close)) for offset, close in pairs]


def test_every_open_weekday_between_two_facts_gets_a_close():
    # Monday to the Wednesday of the week after, with the Thursday closed: Tuesday, Wednesday, Friday, Monday, Tuesday
    found = filled(facts=facts((0, "100.00"), (9, "104.00")), closed=days_after(MONDAY, 3), seed="X")

    assert [day for day, _ in found] == days_after(MONDAY, 1, 2, 4, 7, 8)


def test_closes_have_the_decimals_of_the_facts():
    found = filled(facts=facts((0, "100.5"), (4, "101.250")), closed=[], seed="X")

    assert {close.as_tuple().exponent for _, close in found} == {-3}


def test_neighbouring_facts_leave_nothing_to_fill():
    assert filled(facts=facts((0, "100"), (1, "101")), closed=[], seed="X") == []
    assert filled(facts=facts((0, "100")), closed=[], seed="X") == []


def test_a_new_fact_changes_its_own_gap_alone():
    # the step of a day is the median over the gaps, so the new fact must not move it: all lie on one line of no change
    before = filled(facts=facts((0, "100.00"), (4, "102.00"), (11, "104.00"), (18, "106.00")), closed=[], seed="X")
    after = filled(
        facts=facts((0, "100.00"), (4, "102.00"), (11, "104.00"), (18, "106.00"), (25, "108.00")), closed=[], seed="X"
    )

    assert [day for day, _ in after[: len(before)]] == [day for day, _ in before]
    assert after[: len(before)] != []


def test_the_walk_is_the_same_on_every_machine_and_python():
    found = filled(facts=facts((0, "100.00"), (4, "102.00"), (11, "99.00")), closed=[], seed="X")

    # written down once: a change of these is a change of everybody's demo household
    assert [str(close) for _, close in found] == ["99.90", "99.59", "101.83", "102.05", "100.85", "100.23", "98.08"]


def test_a_split_between_two_facts_does_not_make_the_walk_wild():
    quiet = facts((0, "200.00"), (4, "201.00"), (11, "202.00"), (18, "203.00"))
    split = [*quiet, *facts((21, "51.00"), (28, "51.30"))]

    found = filled(facts=split, closed=days_after(MONDAY, 19, 20), seed="X")

    # a usual gap moves 0.5 % in four to five days; closes near 203 stay within a few percent of the line
    assert all(Decimal(195) < close < Decimal(210) for day, close in found if day < MONDAY + dt.timedelta(days=18))


@given(
    closes=st.lists(st.decimals("0.01", "90000", places=2), min_size=2, max_size=8),
    gap=st.integers(1, 40),
    seed=st.text(max_size=8),
)
def test_made_up_closes_are_above_zero_and_never_on_a_fact(closes, gap, seed):
    known = [(MONDAY + dt.timedelta(days=place * gap), close) for place, close in enumerate(closes)]

    found = filled(facts=known, closed=[], seed=seed)

    days = [day for day, _ in found]
    assert days == sorted(set(days))
    assert not set(days) & {day for day, _ in known}
    assert all(day.weekday() < 5 for day in days)
    # at 0.01 a stray of a fifth may round to a cent, never to nothing
    assert all(close > 0 for _, close in found)
