"""The file formats that can be imported, and which of them a file is written in. Knows no tables.

A new format is a module with `recognises(data=…)` and `read(data=…, today=…, account=…)`, and one line here.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from portfolio.importers import ledger_file
from portfolio.importers.rows import Reading
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


# asked in this order: what recognises itself by less stands further down
FORMATS: tuple[Format, ...] = (Format("ledger", ledger_file.recognises, ledger_file.read),)


class UnknownFormatError(ValueError):
    """A name is no format's; the message lists those that are."""


def known_formats() -> tuple[str, ...]:
    """Return every name that may be asked for."""
    return (AUTO, *(each.name for each in FORMATS))


def format_of(*, name: str, data: bytes) -> Format:
    """Return the format that a name means; for `auto` the first that recognises the file.

    Raises UnknownFormatError for a name, FileError for a file that nothing recognises.
    """
    check_name(name)
    fits: Callable[[Format], bool] = (
        (lambda each: each.recognises(data=data)) if name == AUTO else (lambda each: each.name == name)
    )
    found = next((each for each in FORMATS if fits(each)), None)
    if found is None:
        # a file that cannot be read at all is in no format for that reason
        if not decode(data).text.strip():
            raise FileError("holds no line of text")
        columns = ",".join(ledger_file.COLUMNS[:9])
        raise FileError(f"is in no known format ({', '.join(known_formats()[1:])}); a ledger file begins with {columns},…")
    return found


def check_name(name: str) -> None:
    """Raise UnknownFormatError for a name that means nothing here."""
    if name not in known_formats():
        raise UnknownFormatError(f"“{name}” is no known format; known: {', '.join(known_formats())}")
