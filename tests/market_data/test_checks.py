"""Jumps, with and without a split."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.market_data.checks import jumps
from portfolio.market_data.series import closes_of


def series(*closes: float):
    return closes_of([(dt.date(1970, 1, 1 + day), Decimal(str(close))) for day, close in enumerate(closes)]).series


@pytest.mark.parametrize(("closes", "found"), [((100, 140), []), ((100, 140.1), [1]), ((100, 60), []), ((100, 59, 60), [1])])
def test_a_jump_is_more_than_forty_percent_either_way(closes, found):
    assert [jump.day for jump in jumps(series=series(*closes))] == found


def test_a_split_explains_its_own_jump_and_no_other():
    # four for one: 188 becomes 47
    assert jumps(series=series(188, 47), splits={1: 4.0}) == []
    assert [jump.day for jump in jumps(series=series(188, 188, 47), splits={1: 4.0})] == [1, 2]


def test_one_close_cannot_jump():
    assert jumps(series=series(5)) == []
