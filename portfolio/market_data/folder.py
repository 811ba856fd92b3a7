"""A folder of market data becomes rows and arrays: all of it in one transaction, or nothing and a list of faults.

What a person loads is taken as given: jumps are warnings, nothing is quarantined. Knows no network and no clock.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import Kind
from portfolio.engine.periods import iso, to_day
from portfolio.market_data import store
from portfolio.market_data.checks import jumps
from portfolio.market_data.close_file import DatedRow, Fault, FaultyFileError, read_closes, read_dated_rows
from portfolio.market_data.series import Closes
from portfolio.models import Distribution, Instrument, LedgerStamp, Split, Transaction
from portfolio.models.market import Source

PARTS = ("prices", "fx", "dividends", "splits")
LARGEST_FILE = 20_000_000  # bytes; thirty years of daily closes are 300,000

_PAIR = re.compile(r"([A-Za-z]{3})([A-Za-z]{3})")


@dataclass(slots=True)
class PartSummary:
    """What one part of the folder brought."""

    files: int = 0
    rows: int = 0
    written: int = 0  # new or changed


@dataclass(slots=True)
class FolderReport:
    """What a folder brought, by part, and what a person should look at."""

    parts: dict[str, PartSummary] = field(default_factory=lambda: {part: PartSummary() for part in PARTS})
    warnings: list[str] = field(default_factory=list)

    @property
    def written(self) -> int:
        """Rows that were new or changed."""
        return sum(part.written for part in self.parts.values())


@dataclass(slots=True)
class _Read:
    """Everything in the folder, read and checked, before anything is written. Instruments by key."""

    closes: dict[int, Closes] = field(default_factory=dict)
    rates: dict[tuple[str, str], Closes] = field(default_factory=dict)
    distributions: dict[int, list[DatedRow]] = field(default_factory=dict)
    splits: dict[int, list[DatedRow]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    came_from: dict[tuple[str, object], str] = field(default_factory=dict)


def load_folder(
    *, folder: Path, today: dt.date, source: str = Source.FOLDER, progress: Callable[[str], None] = lambda _: None
) -> FolderReport:
    """Load a market-data folder; loading it again changes nothing.

    today:    closes after it are refused.
    progress: called with the name of each file as it is read.
    Raises FaultyFileError with every fault of every file; nothing is written then.
    """
    report = FolderReport()
    read = _read_folder(folder, today, report, progress)
    with transaction.atomic():
        report.parts["splits"].written = _store_splits(read.splits, source)
        report.parts["dividends"].written = _store_distributions(read.distributions, source)
        if report.parts["splits"].written or report.parts["dividends"].written:
            LedgerStamp.bump()
        report.parts["prices"].written = store.store_prices(closes=read.closes, source=source)
        report.parts["fx"].written = store.store_rates(rates=read.rates, source=source)
        report.warnings.extend(_jump_warnings(read))
    return report


def _read_folder(folder: Path, today: dt.date, report: FolderReport, progress: Callable[[str], None]) -> _Read:
    files = [(part, path) for part in PARTS for path in _csv_files(folder / part)]
    if not files:
        raise FaultyFileError([Fault(str(folder), 0, "", f"holds none of {', '.join(f'{part}/*.csv' for part in PARTS)}")])
    instruments = _Instruments()
    read, faults = _Read(), []
    for part, path in files:
        name = f"{part}/{path.name}"
        progress(name)
        try:
            _read_file(part, path, name, read=read, report=report, instruments=instruments, today=today)
        except FaultyFileError as error:
            faults.extend(error.faults)
    if faults:
        raise FaultyFileError(faults)
    return read


def _csv_files(part: Path) -> Iterator[Path]:
    if part.is_dir():
        # a file manager's hidden copies are not meant
        yield from sorted(path for path in part.iterdir() if path.suffix.lower() == ".csv" and not path.name.startswith("."))


def _read_file(
    part: str, path: Path, name: str, *, read: _Read, report: FolderReport, instruments: "_Instruments", today: dt.date
) -> None:
    data = _bytes(path, name)
    if part == "fx":
        closes = read_closes(file=name, data=data, value_column="rate", today=today)
        pair = _pair(name, path.stem)
        _once(read, part, pair, name)
        read.rates[pair] = closes
    else:
        key = instruments.key_of(path.stem)
        rows = _rows_of_instrument(part, name, data, today)
        if key is None:
            report.warnings.append(f"{name}: there is no instrument {path.stem}; import it first. The file was skipped.")
            return
        _once(read, part, key, name)
        read.names[key] = path.stem
        target = {"prices": read.closes, "dividends": read.distributions, "splits": read.splits}[part]
        target[key] = closes = rows
    report.parts[part].files += 1
    report.parts[part].rows += len(closes)


def _rows_of_instrument(part: str, name: str, data: bytes, today: dt.date) -> Closes | list[DatedRow]:
    if part == "prices":
        return read_closes(file=name, data=data, value_column="close", today=today)
    if part == "dividends":
        return read_dated_rows(file=name, data=data, value_column="amount", optional_date="pay_date")
    return read_dated_rows(file=name, data=data, value_column="ratio")


def _bytes(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise FaultyFileError([Fault(name, 0, "", "is larger than 20 MB; that is no file of closes")])
        return path.read_bytes()
    except OSError as error:
        raise FaultyFileError([Fault(name, 0, "", f"cannot be read: {error.strerror}")]) from None


def _once(read: _Read, part: str, key: object, name: str) -> None:
    other = read.came_from.setdefault((part, key), name)
    if other != name:
        raise FaultyFileError([Fault(name, 0, "", f"is about the same as {other}; keep one of them")])


def _pair(name: str, stem: str) -> tuple[str, str]:
    found = _PAIR.fullmatch(stem)
    base, quote = (found[1].upper(), found[2].upper()) if found else ("", "")
    if not (is_currency(base) and is_currency(quote)) or base == quote:
        raise FaultyFileError([Fault(name, 0, "", "is named after no pair of currencies, such as USDTWD.csv")])
    return base, quote


class _Instruments:
    """The keys of all instruments, by symbol and by quote symbol; read once."""

    def __init__(self) -> None:
        known = list(Instrument.objects.values_list("pk", "symbol", "quote_symbol"))
        self._by_quote = {quote: key for key, _, quote in known if quote}
        self._by_symbol = {symbol: key for key, symbol, _ in known}

    def key_of(self, name: str) -> int | None:
        # an instrument's own symbol wins over another one's quote symbol
        return self._by_symbol.get(name, self._by_quote.get(name))


def _store_distributions(found: dict[int, list[DatedRow]], source: str) -> int:
    rows = [(key, row.date.isoformat(), f"{row.number:f}", row.pay_date and row.pay_date.isoformat(), source)
            for key, each in found.items() for row in each]  # fmt: skip
    stored = {
        (key, ex_date.isoformat()): (amount, pay_date and pay_date.isoformat())
        for key, ex_date, amount, pay_date in Distribution.objects.filter(instrument__in=found).values_list(
            "instrument", "ex_date", "amount", "pay_date"
        )
    }
    numbers = {(key, row.date.isoformat()): row.number for key, each in found.items() for row in each}
    changed = [row for row in rows if stored.get(row[:2]) != (numbers[row[:2]], row[3])]
    return _upsert("portfolio_distribution", ("instrument_id", "ex_date", "amount", "pay_date", "source"), changed)


def _store_splits(found: dict[int, list[DatedRow]], source: str) -> int:
    stored = {
        (key, ex_date): ratio
        for key, ex_date, ratio in Split.objects.filter(instrument__in=found).values_list("instrument", "ex_date", "ratio")
    }
    changed = [
        (key, row.date.isoformat(), f"{row.number:f}", source)
        for key, each in found.items()
        for row in each
        if stored.get((key, row.date)) != row.number
    ]
    return _upsert("portfolio_split", ("instrument_id", "ex_date", "ratio", "source"), changed)


def _upsert(table: str, columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> int:
    keys, values = columns[:2], columns[2:]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))}) "  # noqa: S608
                f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in values)}",
                rows,
            )
    return len(rows)


def _jump_warnings(read: _Read) -> Iterator[str]:
    splits = _known_splits(list(read.closes))
    for key, closes in read.closes.items():
        for jump in jumps(series=closes.series, splits=splits.get(key)):
            yield _jump_words(f"prices/{read.names[key]}.csv", jump.day, jump.change, "without a split; is one missing?")
    for (base, quote), closes in read.rates.items():
        for jump in jumps(series=closes.series):
            yield _jump_words(f"fx/{base}{quote}.csv", jump.day, jump.change, "from one day to the next.")


def _jump_words(file: str, day: int, change: float, words: str) -> str:
    return f"{file}: {iso(day)} moves by {change:+.1%} {words} It was loaded as it is."


def _known_splits(instruments: list[int]) -> dict[int, dict[int, float]]:
    """Return splits by instrument and day: those of the market's data, and those that the ledger knows."""
    market = Split.objects.filter(instrument__in=instruments).values_list("instrument", "ex_date", "ratio")
    rows = Transaction.objects.filter(kind=Kind.SPLIT, instrument__in=instruments).values_list("instrument", "date", "quantity")
    splits: dict[int, dict[int, float]] = {}
    for key, day, ratio in (*rows, *market):
        splits.setdefault(key, {})[to_day(day)] = float(ratio)
    return splits
