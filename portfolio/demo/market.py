"""The demo household's market: typed facts from the files beside this one, and made-up closes on the days between.

Knows files and dates; nothing of tables.
"""

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from portfolio.demo.bridge import Close, filled

FOLDER = Path(__file__).parent
# of a few thousand walks the one on which most quarters peak on the day they really did, 2025-02-20 among them
_SEED = "larder 119"


@dataclass(frozen=True, slots=True)
class DistributionFact:
    """A dividend per unit as announced."""

    symbol: str
    ex_date: dt.date
    amount: Decimal  # instrument's currency, in the units of the ex-date
    pay_date: dt.date | None  # None where the source does not say


@dataclass(frozen=True, slots=True)
class SplitFact:
    """New units per old unit from the ex-date on."""

    symbol: str
    ex_date: dt.date
    ratio: Decimal


@lru_cache(maxsize=1)
def closes() -> dict[str, list[Close]]:
    """Return the close of every session, by symbol."""
    closed = _closed_days()
    market = {row["symbol"]: row["currency"] for row in _rows("instruments.csv")}
    facts = _facts("closes.csv", key="symbol", value="close")
    return {symbol: _whole(symbol, known, closed[symbol] or closed[market[symbol]]) for symbol, known in facts.items()}


@lru_cache(maxsize=1)
def rates() -> dict[tuple[str, str], list[Close]]:
    """Return the rate of every day on which one was fixed, by (base, quote): units of quote per 1 base."""
    closed = _closed_days()
    facts = _facts("rates.csv", key="pair", value="rate")
    return {(pair[:3], pair[3:]): _whole(pair, known, closed[pair]) for pair, known in facts.items()}


def distributions() -> list[DistributionFact]:
    """Return every announced dividend."""
    return [
        DistributionFact(row["symbol"], _date(row["ex_date"]), Decimal(row["amount"]), _date_or_none(row["pay_date"]))
        for row in _rows("distributions.csv")
    ]


def splits() -> list[SplitFact]:
    """Return every split."""
    return [SplitFact(row["symbol"], _date(row["ex_date"]), Decimal(row["ratio"])) for row in _rows("splits.csv")]


def _whole(name: str, facts: list[Close], closed: set[dt.date]) -> list[Close]:
    return sorted([*facts, *filled(facts=facts, closed=closed, seed=f"{_SEED} {name}")])


def _facts(file: str, *, key: str, value: str) -> dict[str, list[Close]]:
    facts: dict[str, list[Close]] = defaultdict(list)
    for row in _rows(file):
        facts[row[key]].append((_date(row["date"]), Decimal(row[value])))
    return facts


def _closed_days() -> dict[str, set[dt.date]]:
    """Return the weekdays without a close: by symbol or pair where it has rows of its own, else by currency."""
    days: dict[str, set[dt.date]] = defaultdict(set)
    for row in _rows("closed_days.csv"):
        days[row["series"]].add(_date(row["date"]))
    return days


def _rows(file: str) -> Iterator[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _date_or_none(text: str) -> dt.date | None:
    return _date(text) if text else None
