"""The file formats that can be imported, and which of them a file is written in. Knows no tables.

A new format is a module with `recognises(data=…)` and `read(data=…, today=…, account=…)`, and one line here.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from portfolio.importers import ledger_file, mapped
from portfolio.importers.broker_table import head_lines
from portfolio.importers.fidelity import history as fidelity
from portfolio.importers.firstrade import activity as firstrade
from portfolio.importers.ghostfolio import ghostfolio_file
from portfolio.importers.ibkr import csv_file, flex_xml
from portfolio.importers.ofx import ofx_file
from portfolio.importers.portfolio_performance import export_file
from portfolio.importers.review_reasons import masked
from portfolio.importers.rows import Reading
from portfolio.importers.schwab import history as schwab
from portfolio.importers.sharesight import reports
from portfolio.importers.text import FileError, decode

AUTO = "auto"


class Read(Protocol):
    """Bytes become rows."""

    def __call__(self, *, data: bytes, today: dt.date, account: str) -> Reading:
        """Return the rows. `account` is the name to use where the file has none. Raises FileError."""


class Recognises(Protocol):
    """Says whether bytes are written in a format, by content and never by file name."""

    def __call__(self, *, data: bytes) -> bool:
        """Return whether they are; never raises."""


@dataclass(frozen=True, slots=True)
class Format:
    """One source of rows."""

    name: str
    recognises: Recognises
    read: Read
    rank: int = 0  # a format that recognises itself by less has a higher one and is asked later


FORMATS: tuple[Format, ...] = (
    Format("firstrade", firstrade.recognises, firstrade.read),
    Format("ibkr-flex", flex_xml.recognises, flex_xml.read),
    Format("ibkr-csv", csv_file.recognises, csv_file.read),
    Format("ofx", ofx_file.recognises, ofx_file.read),
    Format("portfolio-performance", export_file.recognises, export_file.read),
    Format("sharesight", reports.recognises, reports.read),
    # its columns have common names, and a Flex query can have the same
    Format("ghostfolio", ghostfolio_file.recognises, ghostfolio_file.read, rank=3),
    Format("schwab", schwab.recognises, schwab.read),
    Format("fidelity", fidelity.recognises, fidelity.read),
    Format("ledger", ledger_file.recognises, ledger_file.read, rank=5),
    Format("mapped", mapped.recognises, mapped.read, rank=9),
)


class UnknownFormatError(ValueError):
    """A name is no format's; the message lists those that are."""


def known_formats() -> tuple[str, ...]:
    """Return every name that may be asked for."""
    return (AUTO, *(each.name for each in FORMATS))


def format_of(*, name: str, data: bytes) -> Format:
    """Return the format that a name means; for `auto` the one of lowest rank that recognises the file.

    Raises UnknownFormatError for a name, FileError for a file that nothing or more than one recognises.
    """
    check_name(name)
    if name != AUTO:
        return next(each for each in FORMATS if each.name == name)
    found = [each for each in FORMATS if each.recognises(data=data)]
    nearest = [each for each in found if each.rank == min(one.rank for one in found)]
    if len(nearest) > 1:
        names = ", ".join(each.name for each in nearest)
        raise FileError(f"could be in any of these formats: {names}; say which it is")
    if not nearest:
        # a file that cannot be read at all is in no format for that reason
        if not decode(data, western=True).text.strip():
            raise FileError("holds no line of text")
        raise FileError(f"is in no known format ({', '.join(known_formats()[1:])}); {seen_in(data=data)}")
    return nearest[0]


def seen_in(*, data: bytes) -> str:
    """Say what an unknown file's widest line near the top holds, and what can be done with it."""
    widest = max(head_lines(data), key=lambda line: len([cell for cell in line.cells if cell]), default=None)
    if widest is None or widest.is_blank:
        return "it holds no table"
    cells = ", ".join(filter(None, widest.cells))
    seen = f"line {widest.number} names {masked(cells)[:200]}"
    columns = ",".join(ledger_file.COLUMNS[:9])
    return f"{seen}. Say by a mapping which column is which, or write a ledger file, which begins with {columns},…"


def check_name(name: str) -> None:
    """Raise UnknownFormatError for a name that means nothing here."""
    if name not in known_formats():
        raise UnknownFormatError(f"“{name}” is no known format; known: {', '.join(known_formats())}")
