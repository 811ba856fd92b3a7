"""Places of bars and lines, on scales small enough to check by hand. The box is 1000 wide, with 2 kept free at each side."""

import datetime as dt

import pytest

from portfolio import charts

MONDAY = dt.date(2025, 3, 3)


def test_gains_and_losses_share_one_scale_and_one_zero_line():
    # from -1 to +3: 996 / 4 = 249 a unit, zero at 2 + 249
    found = charts.diverging_bars([-1.0, 3.0, None])
    assert found.zero == "251.0"
    loss, gain, nothing = found.bars
    assert (loss.x, loss.width, loss.kind) == ("2.0", "249.0", "down")
    assert (gain.x, gain.width, gain.kind) == ("251.0", "747.0", "up")
    assert nothing is None


def test_a_bar_too_small_to_see_is_drawn_as_a_hair_and_zero_is_not_drawn():
    tiny, zero, _large = charts.diverging_bars([0.0001, 0.0, 100.0]).bars
    assert tiny.width == "2.0"
    assert zero.width == "0.0"


def test_a_waterfall_leads_from_opening_to_closing():
    # the axis is cut half a span under the lowest level: 100 - 10 / 2 = 95; a unit is 1000 / (110 - 95)
    found = charts.waterfall(opening=100.0, steps=[-0.0, 10.0, -5.0], flows=1, closing=105.0)
    assert (found.start, found.is_cut) == (95.0, True)
    opening, flow, gain, loss, closing = found.bars
    assert (opening.kind, opening.width) == ("ink", "333.3")
    assert (flow.kind, flow.width) == ("mute", "0.0")
    assert (gain.kind, gain.x, gain.width, gain.end) == ("up", "333.3", "666.7", "1000.0")
    assert (loss.kind, loss.x, loss.width, loss.end) == ("down", "666.7", "333.3", "666.7")
    assert closing.width == "666.7"


def test_a_waterfall_from_nothing_starts_at_zero():
    found = charts.waterfall(opening=0.0, steps=[100.0], flows=1, closing=100.0)
    assert (found.start, found.is_cut) == (0.0, False)


def test_a_waterfall_of_nothing_at_all_is_drawn_too():
    assert [bar.width for bar in charts.waterfall(opening=0.0, steps=[0.0], flows=0, closing=0.0).bars] == ["0.0"] * 3


def test_lengths_fill_the_scale_of_the_largest():
    assert charts.shares_of([1.0, 4.0, None]) == ("250.0", "1000.0", "0.0")


def test_a_line_keeps_its_peak_its_low_and_its_end():
    found = charts.daily_line(values=[10.0, 12.0, 9.0, 11.0], base=10.0, records=(1,))
    assert (found.peak.day, found.low.day, found.end.day) == (1, 2, 3)
    assert found.record_days == ("33.33%",)
    assert len(found.points.split()) == 4
    assert 4 <= len(found.ticks) <= 9


def test_what_lies_below_the_base_is_tinted_up_to_where_the_line_crosses_it():
    # from 12 on day 1 to 8 on day 2 it crosses 10 half way, at 1000 / 3 * 1.5; it stays below to the end
    found = charts.daily_line(values=[10.0, 12.0, 8.0, 9.0], base=10.0)
    (area,) = found.areas
    assert area.split()[0].startswith("500.0,")
    assert area.split()[-1].startswith("1000.0,")


def test_a_gap_in_the_values_leaves_a_gap_and_no_error():
    found = charts.daily_line(values=[10.0, None, 12.0], base=None)
    assert len(found.points.split()) == 2
    assert found.base_label_y is None


@pytest.mark.parametrize("values", [[], [5.0], [None, None, 3.0]])
def test_one_point_is_no_line(values):
    assert charts.daily_line(values=values, base=None) is None


def test_a_line_that_never_moves_is_drawn_too():
    assert charts.daily_line(values=[5.0, 5.0, 5.0], base=5.0) is not None


def test_a_long_line_is_thinned_without_losing_its_peak():
    values = [100.0] * 2000
    values[777] = 500.0
    found = charts.daily_line(values=values, base=None)
    assert len(found.points.split()) < 1100
    assert f"{777 / 1999 * 1000:.1f},{found.peak.y}" in found.points


def test_labels_that_would_touch_move_apart():
    found = charts.daily_line(values=[10.0, 20.0, 10.1], base=10.0)
    assert abs(float(found.end_label_y) - float(found.base_label_y)) == pytest.approx(18.0, abs=0.11)


def test_records_are_the_last_new_highs_of_weekdays():
    # Monday 10, then 11, 9, 12, 13; Saturday's 14 does not count; Sunday 5, Monday 15
    values = [10.0, 11.0, 9.0, 12.0, 13.0, 14.0, 5.0, 15.0]
    assert charts.new_highs(start=MONDAY, values=values, count=2) == (4, 7)
    assert charts.new_highs(start=MONDAY, values=values, count=0) == ()


def test_upright_bars_stand_on_one_line():
    # from -1 to +1 between 16 and 100: zero at 58, a unit is 42 pixels
    found = charts.upright_bars([1.0, -1.0, None])
    assert found.zero == "58.0"
    up, down, nothing = found.columns
    assert (up.y, up.height, up.kind) == ("16.0", "42.0", "up")
    assert (down.y, down.height, down.kind) == ("58.0", "42.0", "down")
    assert nothing.height == ""
