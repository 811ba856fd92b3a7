"""The instruments file becomes instruments, created or updated. Says of each which it was; knows no rows and no prices."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import DayCount, InstrumentType, Track
from portfolio.importers.rows import Problem
from portfolio.importers.table import Table, read_table
from portfolio.models import Instrument, LedgerStamp
from portfolio.written_values import UnreadableError, date, number

COLUMNS = (
    "symbol", "name", "type", "currency", "isin", "issuer_country", "track", "price_unit", "withholding_rate", "coupon_rate",
    "coupon_frequency", "issue_date", "maturity_date", "day_count", "quote_symbol", "first_coupon_date", "name_zh", "notes",
)  # fmt: skip
NEEDED = ("symbol", "currency")
BOND_DEFAULTS = {"price_unit": Decimal("0.01"), "day_count": DayCount.ACT_ACT_ICMA.value, "coupon_frequency": 2}


@dataclass(slots=True)
class InstrumentsReport:
    """The symbols of the file, by what became of them, and what is wrong in it."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    rejected: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def import_instruments(*, data: bytes) -> InstrumentsReport:
    """Create or update the instruments of a file. With anything rejected, nothing is written.

    A blank cell of a known instrument keeps what is stored only where the file lacks the column altogether.
    Raises FileError for a file that is no table of instruments.
    """
    table = read_table(data=data, columns=COLUMNS, needed=NEEDED)
    report = InstrumentsReport(rejected=list(table.misshapen), warnings=list(table.warnings))
    wanted = _wanted(table, report)
    if report.rejected:
        return report
    with transaction.atomic():
        _save(wanted, report)
    return report


def _wanted(table: Table, report: InstrumentsReport) -> dict[str, dict[str, Any]]:
    """Return the fields of each instrument the file names, by symbol."""
    wanted: dict[str, dict[str, Any]] = {}
    first_line: dict[str, int] = {}
    for line, cells in table.rows:
        if cells is None:
            continue
        problems = [Problem(line, column, reason) for column, reason in _faults(cells)]
        report.rejected.extend(problems)
        if problems:
            continue
        values = _values(cells, table.present)
        symbol = values["symbol"]
        if symbol in wanted and wanted[symbol] != values:
            report.rejected.append(Problem(line, "symbol", f"{symbol} stands in line {first_line[symbol]} with other values"))
        wanted.setdefault(symbol, values)
        first_line.setdefault(symbol, line)
    return wanted


def _share(text: str) -> Decimal:
    value = number(text)
    if not 0 <= value <= 1:
        raise UnreadableError(f'"{text}" is no fraction between 0 and 1; 30 % is 0.30')
    return value


def _above_zero(text: str) -> Decimal:
    value = number(text)
    if value <= 0:
        raise UnreadableError(f'"{text}" is not above zero')
    return value


def _frequency(text: str) -> int:
    if text not in {"1", "2", "4", "12"}:
        raise UnreadableError(f'"{text}" coupons a year; 1, 2, 4 and 12 are known')
    return int(text)


def _one_of(words: type[InstrumentType] | type[Track]) -> Callable[[str], str]:
    def read(text: str) -> str:
        word = text.upper().replace(" ", "_").replace("-", "_")
        if word not in set(words):
            raise UnreadableError(f'"{text}" is not one of {", ".join(words)}')
        return word

    return read


def _day_count(text: str) -> str:
    known = {count.upper().replace(" ", ""): count.value for count in DayCount} | {"ACT/ACT": DayCount.ACT_ACT_ICMA.value}
    found = known.get(text.upper().replace(" ", ""))
    if found is None:
        raise UnreadableError(f'"{text}" is not one of {", ".join(DayCount)}')
    return found


def _currency(text: str) -> str:
    code = text if is_currency(text) else text.upper()
    if not is_currency(code):
        raise UnreadableError(f'"{text}" is no currency; write a three-letter code such as TWD')
    return code


def _country(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise UnreadableError(f'"{text}" is no country; write two letters such as US')
    return text.upper()


def _no_longer_than(length: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > length:
            raise UnreadableError(f"is longer than {length} characters")
        return text

    return read


_READ: dict[str, Callable[[str], Any]] = {
    "symbol": _no_longer_than(40),
    "name": _no_longer_than(160),
    "name_zh": _no_longer_than(160),
    "type": _one_of(InstrumentType),
    "currency": _currency,
    "isin": _no_longer_than(12),
    "issuer_country": _country,
    "track": _one_of(Track),
    "price_unit": _above_zero,
    "withholding_rate": _share,
    "coupon_rate": _share,
    "coupon_frequency": _frequency,
    "issue_date": date,
    "maturity_date": date,
    "first_coupon_date": date,
    "day_count": _day_count,
    "quote_symbol": _no_longer_than(40),
    "notes": str,
}
_BLANK: dict[str, Any] = {
    "type": InstrumentType.STOCK.value,
    "track": Track.NEUTRAL.value,
    "price_unit": Decimal(1),
    "withholding_rate": None,
    "coupon_rate": None,
    "coupon_frequency": None,
    "issue_date": None,
    "maturity_date": None,
    "first_coupon_date": None,
}


def _faults(cells: dict[str, str]) -> list[tuple[str, str]]:
    faults = []
    for column in COLUMNS:
        text = cells.get(column, "")
        if not text:
            if column in NEEDED:
                faults.append((column, "is blank"))
            continue
        try:
            _READ[column](text)
        except UnreadableError as error:
            faults.append((column, str(error)))
    issued, matures = cells.get("issue_date"), cells.get("maturity_date")
    if not faults and issued and matures and date(matures) <= date(issued):
        faults.append(("maturity_date", f"{matures} is not after the issue date {issued}"))
    return faults


def _values(cells: dict[str, str], present: frozenset[str]) -> dict[str, Any]:
    """Return the fields that the file says something about; a bond's blanks get what is usual."""
    is_bond = cells.get("type", "").upper() == InstrumentType.BOND
    values: dict[str, Any] = {}
    for column in COLUMNS:
        text = cells.get(column, "")
        if text:
            values[column] = _READ[column](text)
        elif is_bond and column in BOND_DEFAULTS:
            values[column] = BOND_DEFAULTS[column]
        elif column in present:
            values[column] = _BLANK.get(column, "")
    return values


def _save(wanted: dict[str, dict[str, Any]], report: InstrumentsReport) -> None:
    stored = {each.symbol: each for each in Instrument.objects.filter(symbol__in=wanted)}
    new, changed = [], []
    for symbol, values in wanted.items():
        instrument = stored.get(symbol)
        if instrument is None:
            new.append(Instrument(**values))
            continue
        # what a file describes is no longer a draft made from a symbol alone
        differing = {name: value for name, value in {**values, "is_draft": False}.items() if getattr(instrument, name) != value}
        if not differing:
            report.unchanged.append(symbol)
            continue
        for name, value in differing.items():
            setattr(instrument, name, value)
        changed.append(instrument)
    if new:
        bulk_create_with_history(new, Instrument, default_change_reason="instruments file")
    if changed:
        bulk_update_with_history(changed, Instrument, [*COLUMNS, "is_draft"], default_change_reason="instruments file")
    if new or changed:
        LedgerStamp.bump()
    report.created.extend(each.symbol for each in new)
    report.updated.extend(each.symbol for each in changed)
