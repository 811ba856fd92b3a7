"""Ledgers as diaries: a few lines of text become a frozen ledger, so that a test reads like what happened.

    2025-01-02  deposit   10000 USD
    2025-01-03  buy       100 QQQ @ 510.23  fee 1
    2025-03-24  dividend  QQQ 71.60 USD  tax 21.48
    2025-03-31  price     QQQ 468.92
    2025-03-31  rate      USDTWD 33.182

Words after the numbers come in pairs: fee, tax, accrued, fx, in (account), to (account), ex, at (time).
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from portfolio.engine.kinds import CODE, TRADES, Kind
from portfolio.engine.ledger import Distributions, Instrument, Ledger, Rows, SalaryStep, Series, Splits, entry_order
from portfolio.engine.periods import to_day

ACCOUNT = "Broker"
_PAIRS = {"fee", "tax", "accrued", "fx", "in", "to", "ex", "at", "gets", "of", "note"}


@dataclass
class Diary:
    """What the lines said so far."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    instruments: dict[str, Instrument] = field(default_factory=dict)
    prices: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    rates: dict[tuple[str, str], dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    distributions: dict[str, dict[int, tuple[float, int]]] = field(default_factory=lambda: defaultdict(dict))
    splits: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    salaries: list[SalaryStep] = field(default_factory=list)


def scenario(
    text: str, *, instruments: tuple[Instrument, ...] = (), base: str = "USD", targets: dict[str, float] | None = None
) -> Ledger:
    """Return the ledger a diary tells. An unknown symbol is a share in the base currency."""
    diary = Diary(instruments={instrument.symbol: instrument for instrument in instruments})
    for line in text.strip().splitlines():
        if line.strip():
            date, word, *rest = line.split()
            _read(diary, to_day(dt.date.fromisoformat(date)), word, rest, base)
    return _ledger(diary, base, targets or {})


def bond(symbol: str = "NOTE", *, rate: float, issued: str, matures: str, currency: str = "USD", **terms: Any) -> Instrument:
    """Return a note quoted per 100 of face."""
    days = {name: to_day(dt.date.fromisoformat(date)) for name, date in (("issue_day", issued), ("maturity_day", matures))}
    return Instrument(symbol, symbol, "BOND", currency, "FIXED_INCOME", 0.01, "US", 0.0, rate, **days, **terms)


def _read(diary: Diary, day: int, word: str, rest: list[str], base: str) -> None:
    if word == "price":
        _share(diary, rest[0], base)
        diary.prices[rest[0]][day] = float(rest[1])
    elif word == "rate":
        diary.rates[rest[0][:3], rest[0][3:]][day] = float(rest[1])
    elif word == "announced":
        diary.distributions[rest[0]][day] = (float(rest[1]), -1)
    elif word == "market-split":
        diary.splits[rest[0]][day] = float(rest[1])
    elif word == "monthly":
        diary.salaries.append(SalaryStep(day, float(rest[0]), rest[1], 0.04))
    else:
        diary.rows.append(_row(diary, day, Kind(word.upper().replace("-", "_")), rest, base))


def _share(diary: Diary, symbol: str, base: str) -> None:
    diary.instruments.setdefault(symbol, Instrument(symbol, symbol, "STOCK", base, "NEUTRAL"))


def _row(diary: Diary, day: int, kind: Kind, rest: list[str], base: str) -> dict[str, Any]:
    first = next((place for place, word in enumerate(rest) if word in _PAIRS), len(rest))
    said, pairs = rest[:first], dict(zip(rest[first::2], rest[first + 1 :: 2], strict=True))
    row: dict[str, Any] = {"day": day, "kind": kind, "account": pairs.get("in", ACCOUNT), "pairs": pairs}
    row |= _words(kind, said, pairs)
    for symbol in (row.get("symbol"), row.get("child")):
        if symbol:
            _share(diary, symbol, base)
    return row


def _words(kind: Kind, said: list[str], pairs: dict[str, str]) -> dict[str, Any]:
    if kind in TRADES:
        # 100 QQQ @ 510.23   or   100 QQQ for 51023 USD
        row: dict[str, Any] = {"quantity": float(said[0]), "symbol": said[1]}
        if "@" in said:
            row["price"] = float(said[said.index("@") + 1])
        if "for" in said:
            row |= {"amount": float(said[said.index("for") + 1]), "currency": said[said.index("for") + 2]}
        return row
    if kind == Kind.SPIN_OFF:
        # 10 PARENT CHILD 500 USD
        return {"quantity": float(said[0]), "symbol": said[1], "child": said[2], "amount": float(said[3]), "currency": said[4]}
    if kind in {Kind.STOCK_DIVIDEND, Kind.SPLIT}:
        return {"quantity": float(said[0]), "symbol": said[1]}
    if "of" in pairs:
        return {"quantity": float(said[0]), "symbol": pairs["of"]}
    if len(said) == 3:
        # QQQ 71.60 USD
        return {"symbol": said[0], "amount": float(said[1]), "currency": said[2]}
    return {"amount": float(said[0]), "currency": said[1]}


def _ledger(diary: Diary, base: str, targets: dict[str, float]) -> Ledger:
    symbols = list(diary.instruments)
    known = tuple(diary.instruments.values())
    accounts: list[str] = []
    currencies: list[str] = []

    def place(words: list[str], word: str | None) -> int:
        if not word:
            return -1
        if word not in words:
            words.append(word)
        return words.index(word)

    for instrument in known:
        place(currencies, instrument.currency)
    columns: dict[str, list[float]] = {name: [] for name in Rows.__slots__}
    for row in diary.rows:
        pairs, nan = row["pairs"], float("nan")
        symbol = row.get("symbol")
        default = diary.instruments[symbol].currency if symbol else base
        gets = pairs.get("gets", "").split(":")  # 3000:TWD
        values = {
            "day": row["day"],
            "kind": CODE[row["kind"]],
            "account": -1 if row["account"] == "*" else place(accounts, row["account"]),
            "instrument": symbols.index(symbol) if symbol else -1,
            "quantity": row.get("quantity", nan),
            "price": row.get("price", nan),
            "amount": row.get("amount", nan),
            "currency": place(currencies, row.get("currency", default)),
            "fee": float(pairs.get("fee", 0)),
            "tax": float(pairs.get("tax", 0)),
            "accrued_interest": float(pairs.get("accrued", 0)),
            "to_account": place(accounts, pairs.get("to")),
            "to_currency": place(currencies, gets[1] if len(gets) > 1 else None),
            "to_amount": float(gets[0]) if gets[0] else nan,
            "fx_rate": float(pairs.get("fx", nan)),
            "ex_day": to_day(dt.date.fromisoformat(pairs["ex"])) if "ex" in pairs else -1,
            "spin_off": symbols.index(row["child"]) if "child" in row else -1,
            "special": int("special" in pairs.get("note", "")),
        }
        for name, value in values.items():
            columns[name].append(value)
    seconds = [_second(row["pairs"].get("at")) for row in diary.rows]
    floats = {"quantity", "price", "amount", "fee", "tax", "accrued_interest", "to_amount", "fx_rate"}
    arrays = {name: np.array(values, np.float64 if name in floats else np.int64) for name, values in columns.items()}
    order = entry_order(day=arrays["day"], second=np.array(seconds, np.int64))
    return Ledger(
        accounts=tuple(accounts),
        instruments=known,
        currencies=tuple(currencies),
        rows=Rows(**{name: column[order] for name, column in arrays.items()}),
        closes={symbols.index(symbol): _series(values) for symbol, values in diary.prices.items()},
        rates={pair: _series(values) for pair, values in diary.rates.items()},
        distributions={symbols.index(symbol): _distributions(values) for symbol, values in diary.distributions.items()},
        splits={symbols.index(symbol): Splits(*_arrays(values)) for symbol, values in diary.splits.items()},
        salaries=tuple(diary.salaries),
        track_targets=targets,
    )


def _arrays(values: dict[int, float]) -> tuple[Any, Any]:
    days = sorted(values)
    return np.array(days, np.int64), np.array([values[day] for day in days], np.float64)


def _series(values: dict[int, float]) -> Series:
    return Series(*_arrays(values))


def _distributions(values: dict[int, tuple[float, int]]) -> Distributions:
    days = sorted(values)
    return Distributions(
        np.array(days, np.int64),
        np.array([values[day][0] for day in days], np.float64),
        np.array([values[day][1] for day in days], np.int64),
    )


def _second(time: str | None) -> int:
    if not time:
        return -1
    hours, minutes = time.split(":")
    return int(hours) * 3600 + int(minutes) * 60
