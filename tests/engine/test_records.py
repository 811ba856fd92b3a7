"""Records of wealth, drawdown and volatility."""

import math
import statistics

import numpy as np
from pytest import approx

from portfolio.engine.records import daily_extremes, max_drawdown, peak, record_days, volatility, weekdays

# 2025-01-03 was a Friday
FRIDAY = 20091


def days(count: int) -> np.ndarray:
    return np.arange(FRIDAY, FRIDAY + count)


def test_saturday_and_sunday_are_no_weekdays():
    assert weekdays(days(4)).tolist() == [True, False, False, True]


def test_a_record_stands_strictly_above_every_earlier_weekday():
    values = np.array([100.0, 130.0, 100.0, 100.0, 101.0, 99.0])

    # Friday is the first value above zero; Saturday's 130 neither counts nor stands in the way; Monday only equals Friday
    assert record_days(values=values, days=days(6)).tolist() == [True, False, False, False, True, False]


def test_the_peak_is_the_first_weekday_of_the_highest_value():
    found = peak(values=np.array([100.0, 130.0, 100.0, 101.0, 101.0]), days=days(5))

    assert (found.value, found.day) == (101.0, FRIDAY + 3)


def test_an_unknown_value_leaves_the_peak_unknown():
    assert peak(values=np.array([100.0, np.nan, 1.0, np.nan]), days=days(4)) is None


def test_the_drawdown_is_the_deepest_fall_from_an_earlier_high_the_opening_included():
    # falls from 1 to 0.9 at once (10 %), rises to 1.2, falls to 1.02 (15 %)
    assert max_drawdown(growth=np.array([0.9, 1.2, 1.02, 1.1]), values=np.full(5, 100.0)) == approx(0.15)


def test_before_there_was_any_wealth_there_was_no_high_to_fall_from():
    # nothing at the opening; the first day's purchase cost 1 %, after that nothing fell
    growth, values = np.array([0.99, 1.05]), np.array([0.0, 99.0, 105.0])

    assert max_drawdown(growth=growth, values=values) == 0


def test_volatility_scales_the_deviation_of_log_returns_to_their_number():
    growth = np.array([1.0, 1.0, 1.02, 1.01, 1.01, 1.05])
    trading = np.array([True, False, True, True, False, True])
    inside = np.array([False, True, True, True, True, True])
    logs = [math.log(1.02), math.log(1.01 / 1.02), math.log(1.05 / 1.01)]

    assert volatility(growth=growth, trading=trading, inside=inside) == approx(statistics.stdev(logs) * math.sqrt(3))


def test_one_return_has_no_volatility():
    assert volatility(growth=np.array([1.0, 1.1]), trading=np.array([True, True]), inside=np.array([True, True])) is None


def test_the_weekends_gain_counts_to_monday():
    found = daily_extremes(gains=np.array([5.0, 1.0, 1.0, 4.0, -3.0]), days=days(5))

    assert (found.gain, found.gain_day, found.loss, found.loss_day) == (6.0, FRIDAY + 3, -3.0, FRIDAY + 4)
