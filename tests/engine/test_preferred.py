"""Preferred shares: liquidation, refinancing, yields."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from portfolio.engine.preferred import (
    ImpossibleClassesError,
    ShareClass,
    _amounts,
    break_points,
    liquidation,
    preferred_yields,
    refinancing,
)


def paid(classes: list[ShareClass], proceeds: float) -> dict[str, float]:
    return {each.name: each.amount for each in liquidation(classes=classes, proceeds=proceeds)}


def investor(**terms: object) -> ShareClass:
    return ShareClass("A", 1_000_000, 1.5, 0.20, **terms)


def test_a_participating_class_takes_its_preference_and_its_share_of_the_rest():
    # 1,500,000 + 20 % of the other 1,500,000
    assert paid([investor(participating=True)], 3_000_000) == {"A": approx(1_800_000), "common": approx(1_200_000)}


def test_a_class_that_does_not_participate_takes_the_better_of_preference_and_conversion():
    # 1,500,000 against 20 % of 3,000,000; of 10,000,000 a fifth is more
    assert paid([investor()], 3_000_000)["A"] == approx(1_500_000)
    assert paid([investor()], 10_000_000)["A"] == approx(2_000_000)


def test_a_cap_ends_participation_until_conversion_is_worth_more():
    capped = investor(participating=True, cap=2.0)

    # 1.5 m + 20 % of 1.5 m is under the cap of 2 m; of 6 m it is full; of 11 m a fifth is 2.2 m
    assert paid([capped], 3_000_000)["A"] == approx(1_800_000)
    assert paid([capped], 6_000_000)["A"] == approx(2_000_000)
    assert paid([capped], 11_000_000)["A"] == approx(2_200_000)


def test_the_senior_class_is_paid_first_and_equal_ranks_share():
    senior = ShareClass("B", 2_000_000, 1.0, 0.20, seniority=1)
    junior = ShareClass("A", 1_000_000, 1.0, 0.20, seniority=2)

    assert paid([junior, senior], 2_500_000) == {"A": approx(500_000), "B": approx(2_000_000), "common": 0}
    # the same rank: 2 of 3 parts each
    equal = ShareClass("C", 1_000_000, 1.0, 0.20, seniority=1)
    assert paid([senior, equal], 1_500_000) == {"B": approx(1_000_000), "C": approx(500_000), "common": 0}


def test_the_break_points_are_where_a_payout_bends():
    # the preference is full at 1.5 m; a fifth is worth more from 7.5 m on
    assert break_points(classes=[investor()], most=10_000_000) == [approx(1_500_000, rel=1e-3), approx(7_500_000, rel=1e-3)]


def test_break_points_that_lie_close_together_are_all_found():
    pair = [ShareClass("A", 1_000_000, 1.0, 0.2), ShareClass("B", 1_004_000, 1.0, 0.2)]

    # both preferences are full at 2.004 m. A converts where a fifth of the company less B's preference beats a million:
    # 0.2 / 0.8 x (X - 1.004 m) = 1 m; B where 0.2 X = 1.004 m
    assert break_points(classes=pair, most=20_000_000) == [approx(2_004_000), approx(5_004_000), approx(5_020_000)]


def test_a_break_point_in_the_middle_of_the_range_is_found():
    assert break_points(classes=[investor()], most=3_000_000) == [approx(1_500_000)]
    assert break_points(classes=[investor()], most=0) == []


def test_conversion_breaks_even_at_the_preference_over_the_share():
    # "break-even exit value = preference amount / ownership per cent":
    # metrickittools.com/guides/liquidation-preference-guide; 10 m at 1 x for 25 % converts from 40 m on
    single = [ShareClass("A", 10_000_000, 1.0, 0.25)]

    assert break_points(classes=single, most=100_000_000) == [approx(10_000_000), approx(40_000_000)]
    assert paid(single, 39_000_000)["A"] == approx(10_000_000)
    assert paid(single, 44_000_000)["A"] == approx(11_000_000)


def test_what_cannot_be_is_refused():
    with pytest.raises(ImpossibleClassesError, match="whole company"):
        liquidation(classes=[investor(), ShareClass("B", 1, 1, 0.9)], proceeds=1)
    with pytest.raises(ImpossibleClassesError, match="cap"):
        liquidation(classes=[investor(participating=True, cap=1.0)], proceeds=1)


@st.composite
def capital(draw: st.DrawFn) -> list[ShareClass]:
    count = draw(st.integers(1, 4))
    return [
        ShareClass(
            name=f"S{number}",
            invested=draw(st.integers(1, 50)) * 100_000.0,
            multiple=draw(st.sampled_from((1.0, 1.5, 2.0))),
            share=draw(st.integers(1, 20)) / 100,
            seniority=draw(st.integers(1, 3)),
            participating=(takes_part := draw(st.booleans())),
            cap=draw(st.sampled_from((None, 2.0, 3.0))) if takes_part else None,
        )
        for number in range(count)
    ]


@settings(max_examples=300, deadline=None)
@given(capital(), st.integers(0, 400))
def test_payouts_sum_to_the_proceeds_and_nobody_is_paid_less_than_nothing(classes: list[ShareClass], size: int):
    found = liquidation(classes=classes, proceeds=size * 100_000.0)

    assert sum(each.amount for each in found) == approx(size * 100_000.0, rel=1e-9, abs=1e-3)
    assert all(each.amount >= -1e-6 for each in found)


@settings(max_examples=300, deadline=None)
@given(capital(), st.integers(0, 400))
def test_no_class_gets_more_by_the_other_choice(classes: list[ShareClass], size: int):
    proceeds = size * 100_000.0
    found = liquidation(classes=classes, proceeds=proceeds)
    converted = {place for place, each in enumerate(found[:-1]) if each.converted}

    for place, each in enumerate(classes):
        if not each.participating or each.cap is not None:
            other = _amounts(classes, proceeds, converted ^ {place})[place]
            assert other <= found[place].amount + 1e-3, (place, converted)


@settings(max_examples=200, deadline=None)
@given(capital(), st.integers(0, 300), st.integers(1, 50))
def test_more_proceeds_never_pay_a_class_less(classes: list[ShareClass], size: int, more: int):
    early = liquidation(classes=classes, proceeds=size * 100_000.0)
    late = liquidation(classes=classes, proceeds=(size + more) * 100_000.0)

    for a, b in itertools.zip_longest(early, late):
        assert b.amount >= a.amount - 1e-3, a.name


def test_refinancing_of_the_known_case():
    found = refinancing(principal=10_000_000, old_rate=0.08, new_rate=0.05, call_premium=0.02, costs=300_000)

    assert (found.saved_a_year, found.cost_at_once) == (approx(300_000), approx(500_000))
    assert found.payback_years == approx(1.67, abs=0.005)


def test_refinancing_with_tax_and_discounting():
    found = refinancing(
        principal=10_000_000,
        old_rate=0.08,
        new_rate=0.05,
        call_premium=0.02,
        costs=300_000,
        years=2,
        discount=0.1,
        tax_rate=0.2,
    )

    # 240,000 a year for two years: 240,000 / 1.1 + 240,000 / 1.21 = 416,529; costs 400,000
    assert found.net_present_value == approx(416_528.93 - 400_000, abs=0.01)


def test_refinancing_agrees_with_a_textbook_case():
    # Brigham and Ehrhardt, Financial Management, problem 18-5: 75 m from 12 % to 9 %, call premium 12 %, 25 years, 40 % tax,
    # 5.4 % after tax. Premium after tax 5,400,000; savings 1,350,000 a year, worth 18,286,874.96 today
    found = refinancing(
        principal=75_000_000,
        old_rate=0.12,
        new_rate=0.09,
        call_premium=0.12,
        costs=0,
        years=25,
        discount=0.054,
        tax_rate=0.4,
    )

    assert (found.saved_a_year, found.cost_at_once) == (approx(1_350_000), approx(5_400_000))
    assert found.net_present_value == approx(18_286_874.96 - 5_400_000, abs=0.01)


def test_refinancing_into_a_dearer_issue_never_pays_back():
    found = refinancing(principal=1_000_000, old_rate=0.05, new_rate=0.06, call_premium=0.0, costs=0)

    assert found.payback_years is None


def test_yields_of_a_preferred_share():
    # 1.50 a year at 25 is 6 %; called at par after a year it is the same; bought at 26 the call costs a dollar
    par = preferred_yields(price=25, dividend=1.5, call_price=25, years_to_call=1)
    above = preferred_yields(price=26, dividend=1.5, call_price=25, years_to_call=1)

    assert par.current == approx(0.06)
    assert par.to_call == approx(1.015**4 - 1)
    assert above.to_worst == above.to_call < above.current


def test_the_yield_to_call_agrees_with_a_textbook_case():
    # Brigham and Ehrhardt, Financial Management, chapter on bonds: 100 a year, nine years to a call at 1,100,
    # bought at 1,494.93: 4.21 % a year
    found = preferred_yields(price=1_494.93, dividend=100, call_price=1_100, years_to_call=9, a_year=1)

    assert found.to_call == approx(0.0421, abs=0.00005)


def test_only_a_cumulative_share_owes_what_it_missed():
    assert preferred_yields(price=25, dividend=1.5, cumulative=True, missed=1.5).arrears == approx(2.25)
    assert preferred_yields(price=25, dividend=1.5, missed=1.5).arrears == 0
