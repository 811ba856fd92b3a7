"""A synthetic household in the import formats: ledger.csv, instruments.csv and market/. Standard library only.

The same size and seed give the same bytes. Knows nothing of the app, its tables or its arithmetic.
"""

import csv
import datetime as dt
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.synthetic_ledger import COLUMNS, ledger_lines, make_ledger
from bench.synthetic_market import INSTRUMENT_COLUMNS, Market, make_market, quoted

SEED = 20260101
LAST_DAY = dt.date(2025, 12, 31)


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything: years of history, instruments, ledger rows."""

    name: str
    years: int
    instruments: int
    rows: int


SIZES = {
    size.name: size for size in (Size("household", 10, 50, 2_000), Size("ten", 10, 50, 10_000), Size("heavy", 20, 200, 50_000))
}
# start-up is timed on next to nothing, so that only starting is timed
TINY = Size("tiny", 1, 3, 60)


def make_household(*, folder: Path, size: Size, seed: int = SEED) -> None:
    """Write a household into an empty or missing folder; a folder that holds anything is refused."""
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty; name a new folder, or empty this one")
    market = make_market(years=size.years, instruments=size.instruments, last_day=LAST_DAY, seed=seed)
    entries, distributions = make_ledger(market=market, rows=size.rows, seed=seed)
    _write_market(folder, market)
    _write(folder / "ledger.csv", COLUMNS, ledger_lines(entries))
    for symbol, lines in distributions.items():
        _write(folder / "market" / "dividends" / f"{symbol}.csv", ("ex_date", "amount", "pay_date"), lines)


def household_at(*, folder: Path, size: Size, seed: int = SEED) -> Path:
    """Return a folder with the household, made unless it is complete already (its ledger and a mark are there)."""
    mark = folder / f"{size.years}-{size.instruments}-{size.rows}-{seed}"
    if not mark.exists():
        shutil.rmtree(folder, ignore_errors=True)
        make_household(folder=folder, size=size, seed=seed)
        mark.touch()
    return folder


def _write_market(folder: Path, market: Market) -> None:
    days = [day.isoformat() for day in market.days]
    lines = [[held.fields.get(column, "") for column in INSTRUMENT_COLUMNS] for held in market.instruments]
    _write(folder / "instruments.csv", INSTRUMENT_COLUMNS, lines)
    for held in market.instruments:
        closes = (quoted(tick, held.currency.price_decimals) for tick in held.ticks)
        _write(folder / "market" / "prices" / f"{held.symbol}.csv", ("date", "close"), zip(days, closes, strict=True))
    for code, rates in market.per_dollar.items():
        if code != "USD":
            quotes = (f"{rate:.4f}" for rate in rates)
            _write(folder / "market" / "fx" / f"USD{code}.csv", ("date", "rate"), zip(days, quotes, strict=True))


def _write(path: Path, header: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)
