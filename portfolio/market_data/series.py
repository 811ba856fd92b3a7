"""Closes of one instrument or pair as two arrays, and their merging. Pure: knows neither tables nor files."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

DAYS_TYPE = "<i4"  # days since 1970-01-01
CLOSES_TYPE = "<f8"

Days = NDArray[np.int32]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Series:
    """Ascending days without twins, and the close of each."""

    days: Days
    values: Values

    def __len__(self) -> int:
        return len(self.days)

    @property
    def blobs(self) -> tuple[bytes, bytes]:
        """The two arrays as they are stored."""
        return self.days.astype(DAYS_TYPE).tobytes(), self.values.astype(CLOSES_TYPE).tobytes()


EMPTY = Series(np.empty(0, DAYS_TYPE), np.empty(0, CLOSES_TYPE))


@dataclass(frozen=True, slots=True)
class Closes:
    """Closes to be stored, by ascending day without twins: the same as dates, exact texts and floats."""

    dates: list[str]  # YYYY-MM-DD
    texts: list[str]  # plain decimals: digits and at most one point
    series: Series

    def __len__(self) -> int:
        return len(self.dates)

    def pairs(self) -> list[tuple[dt.date, Decimal]]:
        """Return date and close of each."""
        return [(dt.date.fromisoformat(date), Decimal(text)) for date, text in zip(self.dates, self.texts, strict=True)]


def from_blobs(*, days: bytes | memoryview, closes: bytes | memoryview) -> Series:
    """Return the series that two stored arrays hold."""
    return Series(np.frombuffer(bytes(days), DAYS_TYPE), np.frombuffer(bytes(closes), CLOSES_TYPE))


def closes_of(pairs: Iterable[tuple[dt.date, Decimal]]) -> Closes:
    """Return closes in the form in which they are stored; of twins the last one counts."""
    ordered = sorted(dict(pairs).items())
    dates = [date.isoformat() for date, _ in ordered]
    texts = [f"{close:f}" for _, close in ordered]
    return closes_from_texts(dates=dates, texts=texts)


def closes_from_texts(*, dates: list[str], texts: list[str]) -> Closes:
    """Return closes from texts that are known to be dates, ascending and without twins, and plain decimals."""
    # float() of each text is exact where NumPy's own parser may round the last bit differently
    values = np.fromiter(map(float, texts), np.float64, len(texts))
    return Closes(dates, texts, Series(days_of(dates), values))


def days_of(dates: list[str]) -> Days:
    """Return days since 1970-01-01 of ISO dates."""
    if not dates:
        return EMPTY.days
    return np.array(dates, "datetime64[D]").astype(np.int64).astype(DAYS_TYPE)


def changed_places(*, stored: Series, closes: Closes) -> NDArray[np.intp]:
    """Return the places in `closes` that are new or differ from what is stored."""
    new = closes.series
    if not len(stored):
        return np.arange(len(new))
    at = np.searchsorted(stored.days, new.days)
    inside = np.minimum(at, len(stored) - 1)
    known = (stored.days[inside] == new.days) & (stored.values[inside] == new.values)
    return np.flatnonzero(~known)


def merged(*, stored: Series, new: Series) -> Series:
    """Return both series as one; where both know a day the new close counts."""
    days = np.concatenate([stored.days, new.days])
    values = np.concatenate([stored.values, new.values])
    order = np.argsort(days, kind="stable")
    days, values = days[order], values[order]
    # of equal days the last in this order is the new one
    last = np.append(days[1:] != days[:-1], True) if len(days) else np.empty(0, bool)
    return Series(days[last], values[last])


def without(*, stored: Series, days: Iterable[int]) -> Series:
    """Return the series less some days."""
    kept = ~np.isin(stored.days, np.fromiter(days, DAYS_TYPE))
    return Series(stored.days[kept], stored.values[kept])
