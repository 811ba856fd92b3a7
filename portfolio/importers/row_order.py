"""The order of rows within a file: oldest first, and of one day as it happened. Pure."""

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")


def oldest_first(rows: Sequence[T], *, date: Callable[[T], dt.date], spends: Callable[[T], bool]) -> list[T]:
    """Return rows by date; rows of one day keep the file's order, or the reverse of it where the file is newest first.

    spends: whether a row spends what another row of its day brings, as a reinvestment does; it comes after.
    """
    steps = [(date(after) > date(before)) - (date(after) < date(before)) for before, after in pairwise(rows)]
    is_newest_first = sum(steps) < 0
    ordered = list(reversed(rows)) if is_newest_first else list(rows)
    return sorted(ordered, key=lambda row: (date(row), spends(row)))
