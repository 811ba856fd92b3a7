"""One file, from its bytes to the report of its import: the call that commands and pages make. Reads no clock."""

import datetime as dt
from functools import partial
from typing import Any

from portfolio.importers import mapped
from portfolio.importers.formats import AUTO, Read, check_name, format_of
from portfolio.importers.mapping import Mapping
from portfolio.importers.mapping_store import has_changed, preset_for, preset_named
from portfolio.importers.report import FileReport, refused
from portfolio.importers.rows import Problem, Reading
from portfolio.importers.save import Choices, SourceFile, save_rows
from portfolio.importers.text import FileError, refuse_unreadable

MAPPED = "mapped"


def import_file(
    *,
    name: str,
    data: bytes,
    today: dt.date,
    format_name: str = AUTO,
    account: str = "",
    choices: Choices | None = None,
    user: Any = None,
    preset: str = "",
    mapping: Mapping | None = None,
) -> FileReport:
    """Import one file and return its report; what is wrong with it stands there, and then nothing was written.

    account: the name to use where the file has none.
    preset:  the name of a mapping; with it, or with a mapping itself, the format is `mapped`.
    Raises UnknownFormatError for a format name alone.
    """
    shown = format_name
    try:
        refuse_unreadable(head=data[:4096], size=len(data))
        shown, read, warnings = _reader(data, format_name, preset, mapping)
        reading = read(data=data, today=today, account=account)
    except FileError as error:
        return refused(file=name, format_name=shown, problem=Problem(error.line, error.column, error.reason))
    reading.warnings[:0] = warnings
    return save_rows(reading=reading, source=SourceFile(name, shown, data), choices=choices or Choices(), user=user)


def _reader(data: bytes, format_name: str, preset: str, mapping: Mapping | None) -> tuple[str, Read, list[Problem]]:
    """Return the format's name, how to read the file, and what to say of the choice. Raises FileError."""
    check_name(format_name)
    warnings: list[Problem] = []
    if preset:
        mapping = preset_named(name=preset)
        if has_changed(name=preset, data=data):
            words = f"has another header than the one that the preset “{preset}” was saved for; check what was read"
            warnings.append(Problem(0, "", words, "header_changed"))
    elif mapping is None and format_name in {AUTO, MAPPED} and (kept := preset_for(data=data)) is not None:
        # a person has said how files with this very header are read, which goes before every guess
        words = f"is read with the preset “{kept[0]}”"
        mapping = kept[1]
        warnings.append(Problem(0, "", words, "preset"))
    if mapping is not None:
        return MAPPED, partial(mapped.read, mapping=mapping), warnings
    found = format_of(name=format_name, data=data)
    return found.name, found.read, warnings


def read_file(
    *, data: bytes, today: dt.date, format_name: str = AUTO, account: str = "", mapping: Mapping | None = None
) -> tuple[str, Reading]:
    """Return format and rows of a file without comparing them with what is stored. Raises FileError, UnknownFormatError."""
    refuse_unreadable(head=data[:4096], size=len(data))
    shown, read, _warnings = _reader(data, format_name, "", mapping)
    return shown, read(data=data, today=today, account=account)
