"""One file, from its bytes to the report of its import: the call that commands and pages make. Reads no clock."""

import datetime as dt
from typing import Any

from portfolio.importers.formats import AUTO, format_of
from portfolio.importers.report import FileReport, refused
from portfolio.importers.rows import Problem
from portfolio.importers.save import Choices, SourceFile, save_rows
from portfolio.importers.text import FileError, refuse_unreadable


def import_file(
    *,
    name: str,
    data: bytes,
    today: dt.date,
    format_name: str = AUTO,
    account: str = "",
    choices: Choices | None = None,
    user: Any = None,
) -> FileReport:
    """Import one file and return its report; what is wrong with it stands there, and then nothing was written.

    account: the name to use where the file has none.
    Raises UnknownFormatError for a format name alone.
    """
    try:
        refuse_unreadable(head=data[:4096], size=len(data))
        found = format_of(name=format_name, data=data)
    except FileError as error:
        return refused(file=name, format_name=format_name, problem=Problem(error.line, error.column, error.reason))
    try:
        reading = found.read(data=data, today=today, account=account)
    except FileError as error:
        return refused(file=name, format_name=found.name, problem=Problem(error.line, error.column, error.reason))
    return save_rows(reading=reading, source=SourceFile(name, found.name, data), choices=choices or Choices(), user=user)
