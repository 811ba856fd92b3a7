"""One file of closes, rates, dividends or splits: bytes become checked columns, or a list of what is wrong where. Pure."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import TypeVar

import numpy as np

from portfolio.market_data.series import Closes, closes_from_texts
from portfolio.written_values import (
    DECIMALS,
    EARLIEST_YEAR,
    SIGNIFICANT_DIGITS,
    UnreadableError,
    date,
    number,
    plain,
)

Value = TypeVar("Value")

_NUMBER_LETTERS = frozenset("0123456789.")
_DATE_LETTERS = frozenset("0123456789-")
_LONG_NUMBER = DECIMALS + 2
_EXACT = Context(prec=SIGNIFICANT_DIGITS)
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file: where, and why."""

    file: str  # as the folder calls it, such as prices/QQQ.csv
    line: int  # 0: the file as a whole
    column: str  # "": the line as a whole
    reason: str

    def __str__(self) -> str:
        place = [self.file]
        if self.line:
            place.append(f"line {self.line}")
        if self.column:
            place.append(f"column {self.column}")
        return f"{', '.join(place)}: {self.reason}"


class FaultyFileError(Exception):
    """A file cannot be used; carries every fault found in it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class DatedRow:
    """One line of a dividends or splits file."""

    line: int
    date: dt.date  # the ex-date
    number: Decimal  # amount per unit, or new units per old unit
    pay_date: dt.date | None = None


def read_closes(*, file: str, data: bytes, value_column: str, today: dt.date) -> Closes:
    """Return the closes of a `date,close` or `date,rate` file, by ascending day.

    A close with more digits than a float keeps is rounded to 15: it came out of one.
    today: closes after it are refused. Raises FaultyFileError.
    """
    lines, (dates, texts) = _columns(file, data, ("date", value_column))
    quick = _quick(dates, texts, today)
    return quick if quick is not None else _careful(file, lines, dates, texts, column=value_column, today=today)


def read_dated_rows(
    *, file: str, data: bytes, value_column: str, optional_date: str = "", today: dt.date | None = None
) -> list[DatedRow]:
    """Return the rows of an `ex_date,amount,pay_date` or `ex_date,ratio` file, by ascending date. Raises FaultyFileError.

    today: ex-dates after it are refused; None allows them, since companies announce ahead.
    """
    names = ("ex_date", value_column, *([optional_date] if optional_date else []))
    lines, columns = _columns(file, data, names, optional=optional_date)
    faults: list[Fault] = []
    rows: dict[dt.date, DatedRow] = {}
    for line, *cells in zip(lines, *columns, strict=True):
        row = _dated_row(file, line, cells, names, faults)
        if row is None:
            continue
        if today is not None and row.date > today:
            faults.append(Fault(file, line, "ex_date", f"{row.date} lies in the future"))
        first = rows.setdefault(row.date, row)
        if (first.number, first.pay_date) != (row.number, row.pay_date):
            faults.append(Fault(file, line, "ex_date", f"{row.date} stands in line {first.line} with other figures"))
    if faults:
        raise FaultyFileError(faults)
    return [rows[day] for day in sorted(rows)]


def _dated_row(file: str, line: int, cells: list[str], names: tuple[str, ...], faults: list[Fault]) -> DatedRow | None:
    ex_date = _noted(date, cells[0].strip(), Fault(file, line, names[0], ""), faults)
    value = _noted(_above_zero, cells[1].strip(), Fault(file, line, names[1], ""), faults)
    pay_date = None
    if len(cells) > 2 and cells[2].strip():
        pay_date = _noted(date, cells[2].strip(), Fault(file, line, names[2], ""), faults)
    if ex_date is None or value is None:
        return None
    if pay_date and pay_date < ex_date:
        faults.append(Fault(file, line, names[2], f"{pay_date} lies before the ex-date {ex_date}"))
    return DatedRow(line, ex_date, value, pay_date)


def _noted(read: Callable[[str], Value], text: str, place: Fault, faults: list[Fault]) -> Value | None:
    """Read a cell; what cannot be read is added to the faults."""
    try:
        return read(text)
    except UnreadableError as error:
        faults.append(Fault(place.file, place.line, place.column, str(error)))
        return None


def _above_zero(text: str) -> Decimal:
    value = number(text)
    if value <= 0:
        raise UnreadableError(f"{text} is not above zero")
    return value


def _close(text: str) -> Decimal:
    """Read a close; digits beyond what a float keeps are noise of the program that wrote them."""
    digits = text.strip("0").replace(".", "")
    if len(digits) > DECIMALS and _NUMBER_LETTERS.issuperset(text) and text.count(".") <= 1:
        text = plain(round(_EXACT.create_decimal(text), DECIMALS))
    return _above_zero(text)


def _columns(file: str, data: bytes, names: tuple[str, ...], optional: str = "") -> tuple[list[int], list[list[str]]]:
    """Return the line numbers and the named columns of all lines that are not blank."""
    rows = _cells(file, data)
    if not rows:
        raise FaultyFileError([Fault(file, 0, "", f"the file is empty; its first line is {','.join(names)}")])
    header = [name.strip().lower() for name in rows[0]]
    missing = [name for name in names if name not in header and name != optional]
    if missing:
        words = f"there is no column {', '.join(missing)}; the first line is {','.join(names)}"
        raise FaultyFileError([Fault(file, 1, "", words)])
    width, body = len(header), rows[1:]
    lines = list(range(2, len(body) + 2))
    if any(len(row) != width for row in body):
        kept = [(line, row) for line, row in zip(lines, body, strict=True) if any(map(str.strip, row))]
        short = [Fault(file, line, "", f"has {len(row)} columns instead of {width}") for line, row in kept if len(row) != width]
        if short:
            raise FaultyFileError(short)
        lines, body = [line for line, _ in kept], [row for _, row in kept]
    columns = list(map(list, zip(*body, strict=True))) or [[] for _ in header]
    blank = [""] * len(body)
    return lines, [columns[header.index(name)] if name in header else blank for name in names]


def _cells(file: str, data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FaultyFileError([Fault(file, line, "", "is no UTF-8 text; save the file as CSV UTF-8")]) from None
    if "\0" in text:
        raise FaultyFileError([Fault(file, 0, "", "is no text file")])
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise FaultyFileError([Fault(file, 0, "", f"is no CSV file: {error}")]) from None


def _quick(dates: list[str], texts: list[str], today: dt.date) -> Closes | None:
    """Return the closes of a file without a fault; None sends it to the careful reading, which finds the reason."""
    if not dates:
        return None
    tidy = _NUMBER_LETTERS.issuperset("".join(texts)) and _DATE_LETTERS.issuperset("".join(dates))
    if not tidy or max(map(len, texts)) >= _LONG_NUMBER or {10} != set(map(len, dates)):
        return None
    try:
        closes = closes_from_texts(dates=dates, texts=texts)
    except ValueError:
        return None
    days, values = closes.series.days, closes.series.values
    first, last = (dt.date(EARLIEST_YEAR, 1, 1) - _EPOCH).days, (today - _EPOCH).days
    sound = np.all(values > 0) and np.all(days[1:] > days[:-1]) and days[0] >= first and days[-1] <= last
    return closes if sound else None


def _careful(file: str, lines: list[int], dates: list[str], texts: list[str], *, column: str, today: dt.date) -> Closes:
    faults: list[Fault] = []
    found: dict[dt.date, tuple[Decimal, int]] = {}
    for line, written_date, written in zip(lines, dates, texts, strict=True):
        day = _noted(date, written_date.strip(), Fault(file, line, "date", ""), faults)
        close = _noted(_close, written.strip(), Fault(file, line, column, ""), faults)
        if day is None or close is None:
            continue
        if day > today:
            faults.append(Fault(file, line, "date", f"{day} lies in the future"))
        first = found.setdefault(day, (close, line))
        if first[0] != close:
            faults.append(
                Fault(file, line, column, f"{day} has {plain(close)} here and {plain(first[0])} in line {first[1]}; keep one")
            )
    if faults:
        raise FaultyFileError(faults)
    ordered = sorted(found)
    return closes_from_texts(dates=[day.isoformat() for day in ordered], texts=[plain(found[day][0]) for day in ordered])
