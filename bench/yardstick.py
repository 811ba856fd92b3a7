"""The plain layout everything is measured against: one float64 blob of closes per instrument, the ledger by plain cursor.

From its own SQLite file to daily value, time-weighted return, first-in-first-out and average cost, in NumPy and floats.
It skips whatever a household needs beyond that (quarters, contributions, bonds, warnings), so it is a floor, not a rival.
"""

import csv
import sqlite3
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
INCOMING = frozenset({"SELL", "DIVIDEND", "INTEREST", "DEPOSIT"})
BORDER = frozenset({"DEPOSIT", "WITHDRAWAL", "SALARY"})
TABLES = """
    CREATE TABLE ledger (
        id integer PRIMARY KEY, date date, kind varchar(20), account varchar(80), symbol varchar(40), currency varchar(3),
        quantity decimal, amount decimal, fee decimal, tax decimal, to_currency varchar(3), to_amount decimal
    );
    CREATE TABLE closes (symbol TEXT PRIMARY KEY, currency TEXT, closes BLOB);
    CREATE TABLE rates (currency TEXT PRIMARY KEY, rates BLOB);
    CREATE TABLE days (days TEXT);
"""
FILE_COLUMNS = ("date", "type", "account", "symbol", "currency", "quantity", "amount", "fee", "tax", "to_currency", "to_amount")
ROWS = """
    SELECT date, kind, account, symbol, currency, quantity, amount, fee, tax, to_currency, to_amount FROM ledger ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What the yardstick computes; arrays have one entry for each of the market's days."""

    days: list[str]
    values: Floats  # holdings and cash, reporting currency
    growth: Floats  # of one unit of money from the first close on, flows left out
    realised: list[tuple[float, float]]  # of each sale in its own currency: first-in-first-out, average


def build(*, folder: Path, database: Path) -> None:
    """Fill a new SQLite file from a household's folder; the currency of its first row is the reporting one."""
    instruments, rows = _read(folder / "instruments.csv"), _read(folder / "ledger.csv")
    closes = {row["symbol"]: _read(folder / "market" / "prices" / f"{row['symbol']}.csv") for row in instruments}
    days = [line["date"] for line in next(iter(closes.values()))]
    per_dollar = {path.stem[3:]: _array(_read(path), "rate") for path in sorted((folder / "market" / "fx").glob("USD*.csv"))}
    per_dollar["USD"] = np.ones(len(days))
    home = per_dollar[rows[0]["currency"]]
    with sqlite3.connect(database) as connection:
        connection.executescript(TABLES)
        connection.execute("INSERT INTO days VALUES (?)", [" ".join(days)])
        connection.executemany(
            "INSERT INTO rates VALUES (?, ?)", [(code, (home / rates).tobytes()) for code, rates in per_dollar.items()]
        )
        connection.executemany(
            "INSERT INTO closes VALUES (?, ?, ?)",
            [(row["symbol"], row["currency"], _array(closes[row["symbol"]], "close").tobytes()) for row in instruments],
        )
        connection.executemany(
            "INSERT INTO ledger VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ([row[column] or None for column in FILE_COLUMNS] for row in rows),
        )
    connection.close()


def review(cursor: Any) -> Result:
    """Return the figures, everything read anew.

    cursor: of the database that `build` filled; the app's own kind, so that both pay the same for reading a row.
    """
    days = _fetch(cursor, "SELECT days FROM days")[0][0].split()
    rates = {code: np.frombuffer(blob) for code, blob in _fetch(cursor, "SELECT currency, rates FROM rates")}
    instruments = _fetch(cursor, "SELECT symbol, currency, closes FROM closes")
    closes = np.array([np.frombuffer(blob) for _, _, blob in instruments]).T
    currency_at = {code: place for place, code in enumerate(rates)}
    held_in = np.array([currency_at[code] for _, code, _ in instruments])
    symbol_at = {row[0]: place for place, row in enumerate(instruments)}
    day_at = {day: place for place, day in enumerate(days)}
    trades, cash, flows = _split(_fetch(cursor, ROWS), day_at, symbol_at, currency_at)
    in_base = np.array(list(rates.values())).T
    values, growth = _values(closes=closes, in_base=in_base, held_in=held_in, trades=trades, cash=cash, flows=flows)
    return Result(days, values, growth, _realised(trades))


Trade = tuple[int, int, str, float, float]  # day, instrument, account, units (+ arrive), money after charges
Move = tuple[int, int, float]  # day, currency, money (+ arrives)


def _split(
    rows: Iterable[tuple[Any, ...]], day_at: dict[str, int], symbol_at: dict[str, int], currency_at: dict[str, int]
) -> tuple[list[Trade], list[Move], list[Move]]:
    trades: list[Trade] = []
    cash: list[Move] = []
    flows: list[Move] = []
    for date, kind, account, symbol, code, quantity, amount, fee, tax, to_code, to_amount in rows:
        # Django's connection hands out a date column as dates, sqlite3 alone as text
        day, currency = day_at[date if isinstance(date, str) else date.isoformat()], currency_at[code]
        charges, sign = (fee or 0.0) + (tax or 0.0), 1.0 if kind in INCOMING else -1.0
        cash.append((day, currency, sign * amount - charges))
        if kind in {"BUY", "SELL"}:
            trades.append((day, symbol_at[symbol], account, -sign * quantity, amount - sign * charges))
        elif kind == "FX":
            cash.append((day, currency_at[to_code], to_amount))
        elif kind in BORDER:
            flows.append((day, currency, sign * amount))
    return trades, cash, flows


def _values(
    *,
    closes: Floats,
    in_base: Floats,
    held_in: NDArray[Any],
    trades: list[Trade],
    cash: list[Move],
    flows: list[Move],
) -> tuple[Floats, Floats]:
    """Return the value of each day's close and the growth of a unit of money; money in counts from the day's start."""
    count, instruments = closes.shape
    quantity: Floats
    day, place, _, quantity, _ = map(np.array, zip(*trades, strict=True))
    units = np.bincount(day * instruments + place, quantity, count * instruments).reshape(count, instruments)
    np.cumsum(units, axis=0, out=units)
    units *= closes
    units *= in_base[:, held_in]
    currencies = in_base.shape[1]
    day, place, money = map(np.array, zip(*cash, strict=True))
    balance = np.bincount(day * currencies + place, money, count * currencies).reshape(count, currencies).cumsum(axis=0)
    values = units.sum(axis=1) + (balance * in_base).sum(axis=1)
    day, place, money = map(np.array, zip(*flows, strict=True))
    in_home = money * in_base[day, place]
    money_in = np.bincount(day, np.maximum(in_home, 0.0), count)
    money_out = np.bincount(day, np.maximum(-in_home, 0.0), count)
    rates: Floats = np.ones(count)
    rates[1:] = (values[1:] + money_out[1:]) / (values[:-1] + money_in[1:])
    return values, np.cumprod(rates, dtype=np.float64)


def _realised(trades: list[Trade]) -> list[tuple[float, float]]:
    """Return the gain of each sale by both methods, positions kept by account."""
    lots: dict[tuple[int, str], deque[list[float]]] = {}
    pools: dict[tuple[int, str], tuple[float, float]] = {}
    gains = []
    for _, instrument, account, quantity, money in trades:
        key = instrument, account
        units, cost = pools.get(key, (0.0, 0.0))
        if quantity > 0:
            lots.setdefault(key, deque()).append([quantity, money / quantity])
            pools[key] = units + quantity, cost + money
            continue
        average = cost * -quantity / units
        pools[key] = units + quantity, cost - average
        gains.append((money - _taken(lots[key], -quantity), money - average))
    return gains


def _taken(queue: deque[list[float]], needed: float) -> float:
    """Take units from the oldest lots and return what they had cost."""
    cost = 0.0
    while needed > 0:
        lot = queue[0]
        part = min(lot[0], needed)
        cost += part * lot[1]
        lot[0] -= part
        needed -= part
        if not lot[0]:
            queue.popleft()
    return cost


def _fetch(cursor: Any, sql: str) -> list[tuple[Any, ...]]:
    cursor.execute(sql)
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _array(lines: list[dict[str, str]], column: str) -> Floats:
    return np.array([float(line[column]) for line in lines])
