"""Two arrays and their merging."""

import datetime as dt
from decimal import Decimal

import numpy as np

from portfolio.market_data.series import EMPTY, Series, changed_places, closes_of, from_blobs, merged, without


def series(*pairs: tuple[int, float]) -> Series:
    days, values = zip(*pairs, strict=True) if pairs else ((), ())
    return Series(np.array(days, "<i4"), np.array(values, "<f8"))


def pairs(found: Series) -> list[tuple[int, float]]:
    return list(zip(found.days.tolist(), found.values.tolist(), strict=True))


def test_closes_count_days_from_1970_and_keep_their_text():
    closes = closes_of([(dt.date(1970, 1, 3), Decimal("2.50")), (dt.date(1970, 1, 1), Decimal(1))])

    assert (closes.dates, closes.texts) == (["1970-01-01", "1970-01-03"], ["1", "2.50"])
    assert pairs(closes.series) == [(0, 1.0), (2, 2.5)]


def test_merging_keeps_days_ascending_and_the_new_close_counts():
    assert pairs(merged(stored=series((1, 1.0), (3, 3.0)), new=series((2, 2.0), (3, 9.0)))) == [(1, 1.0), (2, 2.0), (3, 9.0)]
    assert pairs(merged(stored=EMPTY, new=series((2, 2.0)))) == [(2, 2.0)]
    assert pairs(merged(stored=EMPTY, new=EMPTY)) == []


def test_only_new_and_different_closes_have_changed():
    closes = closes_of([(dt.date(1970, 1, day), Decimal(day)) for day in (1, 2, 3)])

    assert changed_places(stored=series((0, 1.0), (1, 5.0)), closes=closes).tolist() == [1, 2]
    assert changed_places(stored=EMPTY, closes=closes).tolist() == [0, 1, 2]


def test_a_day_can_be_taken_out():
    assert pairs(without(stored=series((1, 1.0), (2, 2.0)), days=[1, 7])) == [(2, 2.0)]


def test_blobs_are_little_endian_whole_numbers_and_floats():
    days, closes = series((1, 1.5)).blobs

    assert days == b"\x01\0\0\0"
    # 1.5 = 0x3FF8 0000 0000 0000
    assert closes == b"\0\0\0\0\0\0\xf8\x3f"
    assert pairs(from_blobs(days=days, closes=closes)) == [(1, 1.5)]
