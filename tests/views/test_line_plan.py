import datetime as dt
from itertools import pairwise

import numpy as np
import pytest
from django.utils.translation import override

from portfolio.views.line_axis import dates_between, decimals_of, lines_between, step_between, unit_of
from portfolio.views.line_drawing import drawing
from portfolio.views.line_plan import Line, Words, first_place, plan

WORDS = Words(
    values=lambda text: f"values {text}",
    index=lambda growth: f"index {growth:+.2f}",
    level=lambda text: f"level {text}",
    low=lambda day, value: f"{day} {value:.0f}",
)


def line(values: list[float], **options) -> Line:
    """Return a line that starts on 1 January 2025, a point a day."""
    first = dt.date(2025, 1, 1).toordinal()
    return Line(days=np.arange(first, first + len(values)), values=np.array(values, dtype=float), **options)


def plan_of(drawn: Line, *, first: int = 0):
    return plan(line=drawn, first=first, unit=unit_of(1.0, currency="TWD"), words=WORDS)


@pytest.mark.parametrize(
    ("low", "high", "step", "lines"),
    [
        # 7 is 3.5 steps of 2 but 7 of 1: the former is nearer to 4.5
        (0.0, 7.0, 2.0, [0, 2, 4, 6]),
        # 14 is 5.6 steps of 2.5, 2.8 of 5, 7 of 2
        (20.0, 34.0, 2.5, [20, 22.5, 25, 27.5, 30, 32.5]),
        (-3.0, 4.0, 2.0, [-2, 0, 2, 4]),
    ],
)
def test_the_lines_of_an_axis_are_round_and_a_handful(low, high, step, lines):
    assert step_between(low, high) == step
    assert lines_between(low, high) == lines


@pytest.mark.parametrize("level", [0.0, 5.0, 12_345_678.0, 1e-9])
def test_a_line_without_any_movement_has_an_axis_too(level):
    assert step_between(level, level) > 0


def test_a_step_is_written_with_the_decimals_it_needs():
    assert [decimals_of(step) for step in (500, 2.5, 0.25, 0.1, 0.005)] == [0, 1, 2, 1, 3]


def test_large_figures_are_counted_in_the_languages_own_unit():
    with override("zh-hant"):
        assert unit_of(32_000_000, currency="TWD").words(32_000_000, decimals=0) == "3,200\u00a0萬"
    with override("en"):
        assert unit_of(32_000_000, currency="TWD").words(32_500_000, decimals=1) == "32.5\u00a0m"
        assert unit_of(5_000, currency="USD").words(5_000, decimals=0) == "US$5,000"


def test_dates_are_mondays_then_months_then_years():
    with override("en"):
        weeks = dates_between(dt.date(2025, 3, 1), dt.date(2025, 3, 31))
        months = dates_between(dt.date(2024, 12, 31), dt.date(2025, 6, 30))
        years = dates_between(dt.date(2010, 5, 1), dt.date(2025, 6, 30))

    # 1 March 2025 is a Saturday
    assert [words for _, words in weeks] == ["3 Mar", "10 Mar", "17 Mar", "24 Mar", "31 Mar"]
    assert [words for _, words in months] == ["2025", "Feb", "Mar", "Apr", "May", "Jun"]
    assert [words for _, words in years] == ["2012", "2014", "2016", "2018", "2020", "2022", "2024"]


def test_a_range_begins_with_the_first_value_above_zero():
    drawn = line([0, 0, 100, 110, 120])

    assert first_place(line=drawn, start=None) == 2
    assert first_place(line=drawn, start=dt.date(2025, 1, 4)) == 3
    # never so late that no line is left
    assert first_place(line=drawn, start=dt.date(2025, 2, 1)) == 3


def test_the_index_starts_where_the_values_do():
    drawn = line([100, 300, 330], index=np.array([1.0, 1.1, 1.21]))

    shown = plan_of(drawn, first=1)

    # 300 at an index of 1.1; it grew by a tenth since
    assert shown.scale == pytest.approx(300 / 1.1)
    assert [end.words for end in shown.ends if end.kind == "index"] == ["index +0.10"]


def test_labels_at_the_end_never_touch():
    drawn = line([100, 200, 100.1], index=np.array([1.0, 2.0, 1.002]), level=100.0)

    shown = plan_of(drawn)

    places = sorted(end.value for end in shown.ends)
    room = (shown.high - shown.low) * 16 / 320
    assert all(after - before >= room * 0.999 for before, after in pairwise(places))


def test_the_lowest_point_is_named_but_not_where_the_line_begins_or_ends():
    inside = [100.0] * 10 + [50.0] + [100.0] * 10

    assert plan_of(line(inside)).lowest == (10, "2025-01-11 50")
    assert plan_of(line(sorted(inside))).lowest is None


def test_an_unknown_value_leaves_a_gap_in_the_drawing():
    drawn = line([100, float("nan"), 120, 130])

    path = drawing(line=drawn, plan=plan_of(drawn)).values

    assert path.count("M") == 2
    assert "nan" not in path


def test_a_line_of_unknown_values_is_drawn_as_nothing():
    drawn = line([float("nan")] * 3)

    assert drawing(line=drawn, plan=plan_of(drawn)).values == ""


def test_a_long_line_is_drawn_with_no_more_points_than_a_screen_has_and_ends_at_its_end():
    drawn = line([float(place % 7) + 1 for place in range(5000)])

    path = drawing(line=drawn, plan=plan_of(drawn)).values

    assert path.count("L") < 700
    assert path.rsplit("L", 1)[1].startswith("1000.0 ")
