"""Figures as text: signs, decimals, masks, dates, in both languages."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils.translation import override

from portfolio import formatting as show

MINUS = "\u2212"
THIN = "\u00a0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234.5, "1,234.50"),
        (-1234.5, f"{MINUS}1,234.50"),
        (0.0, "0.00"),
        (-0.004, "0.00"),
        (Decimal("-0.1"), f"{MINUS}0.10"),
        (None, "—"),
        (float("nan"), "—"),
    ],
)
def test_a_level_has_a_minus_where_it_needs_one_and_never_a_plus(value, text):
    assert show.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.016, "+0.02"), (-0.0153, f"{MINUS}0.02"), (0.0, "0.00"), (0.004, "0.00"), (-0.004, "0.00"), (None, "—")],
)
def test_a_change_has_a_sign_unless_it_rounds_to_zero(value, text):
    assert show.signed(value) == text


def test_per_cent_stands_behind_a_space_that_does_not_break():
    assert show.signed_percent(-0.0153) == f"{MINUS}1.53{THIN}%"
    assert show.percent(0.0702) == f"7.02{THIN}%"
    assert show.percent(0.0702, unit=False) == "7.02"
    assert show.percent(None) == "—"


def test_units_keep_the_decimals_they_have_and_prices_at_least_two():
    assert show.quantity(814.4178) == "814.4178"
    assert show.quantity(20000.0) == "20,000"
    assert show.price(102.3919) == "102.3919"
    assert show.price(2824) == "2,824.00"


def test_a_hundredth_of_a_per_cent_is_a_basis_point():
    assert show.basis_points(-0.032677) == f"{MINUS}326.8"


def test_new_taiwan_dollars_have_no_decimals_and_us_dollars_two():
    assert show.Money(currency="TWD").level(30_002_173.63) == "30,002,174"
    assert show.Money(currency="USD").change(-1234.5) == f"{MINUS}1,234.50"


def test_a_gain_is_coloured_by_its_direction_and_zero_is_not():
    money = show.Money(currency="TWD")
    assert money.gain(324) == '<span class="up">+324</span>'
    assert money.gain(-324) == f'<span class="down">{MINUS}324</span>'
    assert money.gain(0.3) == "0"


@override("en")
def test_a_mask_is_the_same_for_every_amount_and_has_neither_sign_nor_direction():
    money = show.Money(currency="TWD", hidden=True)
    masks = {money.level(226), money.change(-32_000_000), money.gain(5), money.rough(7)}
    assert len(masks) == 1
    (mask,) = masks
    assert "••••••" in mask
    assert "amount hidden" in mask
    assert MINUS not in mask
    assert "up" not in mask


def test_where_there_is_no_amount_there_is_nothing_to_hide():
    assert show.Money(currency="TWD", hidden=True).level(None) == "—"


def test_a_mask_for_drawings_is_bare_text():
    assert show.Money(currency="TWD", hidden=True, markup=False).level(5) == "••••••"


def test_sentences_round_to_what_each_language_counts_in():
    money = show.Money(currency="TWD")
    with override("zh-hant"):
        assert money.rough(-324_393) == f"32{THIN}萬"
        assert show.from_to(30_002_174, 29_467_559, money) == f"3,000 → 2,947{THIN}萬"
    with override("en"):
        assert money.rough(-324_393) == f"NT$324{THIN}thousand"
        assert money.rough(3_388_115) == f"NT$3.39{THIN}million"
        assert show.from_to(30_002_174, 29_467_559, money) == f"NT$30.00 → 29.47{THIN}million"


def test_two_amounts_of_different_size_both_keep_their_unit():
    with override("en"):
        assert show.from_to(950_000, 1_200_000, show.Money(currency="USD")) == f"US$950{THIN}thousand → US$1.20{THIN}million"


def test_dates_are_written_as_the_language_does():
    day = dt.date(2025, 3, 18)
    with override("zh-hant"):
        assert (show.day_and_month(day), show.short_day(day), show.full_date(day)) == ("3月18日", "3/18", "2025年3月18日")
    with override("en"):
        assert (show.day_and_month(day), show.short_day(day), show.full_date("2025-03-18")) == (
            "18 March",
            "18 Mar",
            "18 March 2025",
        )
    assert show.full_date(None) == "—"


def test_lists_and_sentences_follow_the_language():
    with override("en"):
        assert show.joined(["KO", "SHEL", "PFF"]) == "KO, SHEL and PFF"
        assert show.joined(["KO"]) == "KO"
        assert show.sentences(["One.", "", "Two."]) == "One. Two."
    with override("zh-hant"):
        assert show.joined(["KO", "SHEL", "PFF"]) == "KO、SHEL、PFF"
        assert show.sentences(["一。", "二。"]) == "一。二。"


def test_sentences_escape_what_is_not_ours():
    assert show.sentences(["<b>"]) == "&lt;b&gt;"


def test_rounded_shares_add_up_to_a_hundred():
    # three thirds: 33.33 each leaves 0.01, which the first of equal remainders takes
    assert show.shares_to_hundred([1 / 3, -1 / 3, 1 / 3]) == ["+33.34", f"{MINUS}33.33", "+33.33"]
    # 0.00004 rounds to nothing, and nothing has no sign
    assert show.shares_to_hundred([0.99996, -0.00004]) == ["+100.00", "0.00"]


def test_shares_that_do_not_make_a_whole_are_left_as_they_are():
    assert show.shares_to_hundred([0.5, None]) == ["+50.00", "—"]
    assert show.shares_to_hundred([0.25, 0.25]) == ["+25.00", "+25.00"]
    assert show.shares_to_hundred([]) == []
