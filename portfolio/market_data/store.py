"""The only writer of prices and rates: rows and the arrays beside them, in one database transaction.

Only what really changed is written; loading the same closes again touches nothing, not even the ledger stamp.
Knows nothing of files and of the network.
"""
# ruff: noqa: S608  (the names put into SQL are the constants of this module; values go in as parameters)

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.db import connection, transaction

from portfolio.market_data.series import (
    EMPTY,
    Closes,
    Series,
    changed_places,
    closes_of,
    days_of,
    from_blobs,
    merged,
    without,
)
from portfolio.models import Instrument, LedgerStamp, Price, PriceSeries, Rate, RateSeries
from portfolio.models.market import Source

Pair = tuple[str, str]  # base, quote
Key = tuple[int] | Pair


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of rows with its table of arrays; both are keyed by the same columns."""

    rows: str
    series: str
    keys: tuple[str, ...]
    value: str

    @property
    def upsert_rows(self) -> str:
        columns = (*self.keys, "date", self.value, "source")
        return (
            f"INSERT INTO {self.rows} ({', '.join(columns)}) VALUES ({_holes(columns)}) "
            f"ON CONFLICT ({', '.join(self.keys)}, date) "
            f"DO UPDATE SET {self.value} = excluded.{self.value}, source = excluded.source"
        )

    @property
    def upsert_series(self) -> str:
        columns = (*self.keys, "days", "closes")
        return (
            f"INSERT INTO {self.series} ({', '.join(columns)}) VALUES ({_holes(columns)}) "
            f"ON CONFLICT ({', '.join(self.keys)}) DO UPDATE SET days = excluded.days, closes = excluded.closes"
        )

    @property
    def where(self) -> str:
        return " AND ".join(f"{key} = %s" for key in self.keys)


def _holes(columns: tuple[str, ...]) -> str:
    return ", ".join(["%s"] * len(columns))


_PRICES = _Table("portfolio_price", "portfolio_priceseries", ("instrument_id",), "close")
_RATES = _Table("portfolio_rate", "portfolio_rateseries", ("base", "quote"), "rate")


def store_prices(*, closes: Mapping[int, Closes], source: str = Source.FOLDER) -> int:
    """Store closes of many instruments, by their key; return how many closes were new or changed."""
    return _store(_PRICES, {(key,): each for key, each in closes.items()}, source)


def store_rates(*, rates: Mapping[Pair, Closes], source: str = Source.FOLDER) -> int:
    """Store rates of many pairs (units of quote per 1 base); return how many were new or changed."""
    return _store(_RATES, dict(rates), source)


def save_price(*, instrument: Instrument, date: dt.date, close: Decimal, source: str = Source.MANUAL) -> bool:
    """Store one close; say whether anything changed."""
    return bool(store_prices(closes={instrument.pk: closes_of([(date, close)])}, source=source))


def save_rate(*, base: str, quote: str, date: dt.date, rate: Decimal, source: str = Source.MANUAL) -> bool:
    """Store one rate; say whether anything changed."""
    return bool(store_rates(rates={(base, quote): closes_of([(date, rate)])}, source=source))


def delete_prices(*, instrument: Instrument, dates: Iterable[dt.date]) -> int:
    """Delete closes of one instrument; return how many there were."""
    return _delete(_PRICES, (instrument.pk,), [date.isoformat() for date in dates])


def delete_rates(*, base: str, quote: str, dates: Iterable[dt.date]) -> int:
    """Delete rates of one pair; return how many there were."""
    return _delete(_RATES, (base, quote), [date.isoformat() for date in dates])


def price_series(*, instruments: Iterable[int]) -> dict[int, Series]:
    """Return the stored closes of some instruments, by their key; those without any are left out."""
    found = PriceSeries.objects.filter(instrument__in=list(instruments)).values_list("instrument", "days", "closes")
    return {key: from_blobs(days=days, closes=closes) for key, days, closes in found}


def rate_series(*, pairs: Iterable[Pair]) -> dict[Pair, Series]:
    """Return the stored rates of some pairs; those without any are left out."""
    wanted = set(pairs)
    found = RateSeries.objects.filter(base__in={base for base, _ in wanted}).values_list("base", "quote", "days", "closes")
    return {pair: from_blobs(days=days, closes=closes) for *pair_, days, closes in found if (pair := tuple(pair_)) in wanted}


def rebuild_series() -> int:
    """Make every array anew from the rows, as after a restore or a bulk write by hand; return how many there are."""
    with transaction.atomic():
        _one_writer_at_a_time()
        count = sum(_rebuild(table) for table in (_PRICES, _RATES))
        LedgerStamp.bump()
    return count


def place_of(row: Price | Rate) -> tuple[Key, dt.date]:
    """Return the array a row belongs into and its day there."""
    return _table_and_key(row)[1], _as_date(row.date)


def remember_row(row: Price | Rate) -> None:
    """Put a row that was saved one by one into its array."""
    table, key = _table_and_key(row)
    value = row.close if isinstance(row, Price) else row.rate
    closes = closes_of([(_as_date(row.date), Decimal(str(value)))])
    with transaction.atomic():
        _one_writer_at_a_time()
        stored = _stored(table, [key]).get(key, EMPTY)
        if len(changed_places(stored=stored, closes=closes)):
            _write_series(table, {key: merged(stored=stored, new=closes.series)})
            LedgerStamp.bump()


def forget_row(row: Price | Rate) -> None:
    """Take a row that was deleted or moved one by one out of its array."""
    table, key = _table_and_key(row)
    with transaction.atomic():
        _one_writer_at_a_time()
        _drop_from_series(table, key, [_as_date(row.date).isoformat()])


def _table_and_key(row: Price | Rate) -> tuple[_Table, Key]:
    return (_PRICES, (row.instrument_id,)) if isinstance(row, Price) else (_RATES, (row.base, row.quote))


def _as_date(date: dt.date | str) -> dt.date:
    # a row made in code may still carry the text it was given
    return date if isinstance(date, dt.date) else dt.date.fromisoformat(date)


def _store(table: _Table, closes: dict[Key, Closes], source: str) -> int:
    with transaction.atomic():
        _one_writer_at_a_time()
        stored = _stored(table, closes)
        rows: list[tuple[object, ...]] = []
        series: dict[Key, Series] = {}
        for key, new in closes.items():
            known = stored.get(key, EMPTY)
            places = changed_places(stored=known, closes=new)
            if len(places):
                rows.extend((*key, new.dates[place], new.texts[place], source) for place in places.tolist())
                series[key] = merged(stored=known, new=new.series)
        if rows:
            with connection.cursor() as cursor:
                cursor.executemany(table.upsert_rows, rows)
            _write_series(table, series)
            LedgerStamp.bump()
    return len(rows)


def _delete(table: _Table, key: Key, dates: list[str]) -> int:
    with transaction.atomic():
        _one_writer_at_a_time()
        deleted = 0
        with connection.cursor() as cursor:
            for date in dates:
                cursor.execute(f"DELETE FROM {table.rows} WHERE {table.where} AND date = %s", (*key, date))
                deleted += cursor.rowcount
        _drop_from_series(table, key, dates)
    return deleted


def _drop_from_series(table: _Table, key: Key, dates: list[str]) -> None:
    stored = _stored(table, [key]).get(key, EMPTY)
    left = without(stored=stored, days=days_of(dates).tolist())
    if len(left) != len(stored):
        _write_series(table, {key: left})
        LedgerStamp.bump()


def _one_writer_at_a_time() -> None:
    """Wait for other writers before the arrays are read: two merges from one copy would lose the first one's closes."""
    # SQLite lets one writer in anyway, and ignores this
    LedgerStamp.objects.select_for_update().filter(pk=1).first()


def _stored(table: _Table, keys: Iterable[Key]) -> dict[Key, Series]:
    if table is _PRICES:
        return {(key,): series for key, series in price_series(instruments=[key[0] for key in keys]).items()}
    return dict(rate_series(pairs=keys))


def _write_series(table: _Table, series: Mapping[Key, Series]) -> None:
    with connection.cursor() as cursor:
        empty = [key for key, each in series.items() if not len(each)]
        full = [(*key, *each.blobs) for key, each in series.items() if len(each)]
        if full:
            cursor.executemany(table.upsert_series, full)
        for key in empty:
            cursor.execute(f"DELETE FROM {table.series} WHERE {table.where}", key)


def _rebuild(table: _Table) -> int:
    """Read the rows through a plain cursor: as objects a million of them would take minutes."""
    days = "CAST(julianday(date) - 2440587.5 AS INTEGER)" if connection.vendor == "sqlite" else "date - DATE '1970-01-01'"
    keys = ", ".join(table.keys)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table.series}")
        cursor.execute(
            f"SELECT {keys}, {days}, CAST({table.value} AS double precision) FROM {table.rows} ORDER BY {keys}, date"
        )
        found: dict[Key, tuple[list[int], list[float]]] = {}
        for *key, day, value in cursor.fetchall():
            column = found.setdefault(tuple(key), ([], []))
            column[0].append(day)
            column[1].append(value)
    _write_series(table, {key: Series(np.array(days, "<i4"), np.array(values, "<f8")) for key, (days, values) in found.items()})
    return len(found)
