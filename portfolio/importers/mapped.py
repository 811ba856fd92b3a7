"""Files that no importer knows, read by a mapping that a person chose: Taiwan's brokers and everything else. Pure."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from portfolio.importers.broker_table import Line, all_lines, folded, head_lines
from portfolio.importers.mapped_bookings import MappedRows
from portfolio.importers.mapping import ADDED, FIELDS, Mapping, MappingError
from portfolio.importers.presets import SHIPPED
from portfolio.importers.row_order import oldest_first
from portfolio.importers.rows import Problem, Reading
from portfolio.importers.source_rows import SourceRows
from portfolio.importers.text import FileError, decode

# what a row cannot be read without
_NEEDED = ("date", "type")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a mapping finds its columns in one file."""

    header: Line
    places: dict[str, list[int]]  # field: columns, of fee and tax several
    patterns: list[tuple[int, re.Pattern[str]]]

    def fields(self, line: Line) -> dict[str, list[str]]:
        """Return the cells of a line by field."""
        found = {
            name: [line.cells[place] for place in places if place < len(line.cells)] for name, places in self.places.items()
        }
        for place, pattern in self.patterns:
            matched = pattern.fullmatch(line.cells[place]) if place < len(line.cells) else None
            if matched:
                found |= {name: [text or ""] for name, text in matched.groupdict().items()}
        return found


def recognises(*, data: bytes) -> bool:
    """Say whether a shipped preset fits the file's header; never raises."""
    return shipped_for(data=data) is not None


def shipped_for(*, data: bytes) -> Mapping | None:
    """Return the shipped preset that fits a file's header."""
    try:
        lines = head_lines(data)
    except FileError:
        return None
    for mapping in SHIPPED.values():
        if any(_layout(line, mapping) is not None for line in lines):
            return mapping
    return None


def read(*, data: bytes, today: dt.date, account: str = "", mapping: Mapping | None = None) -> Reading:
    """Return the rows of a file. Raises FileError.

    account: whose rows they are where neither a column nor the mapping says so.
    mapping: how to read it; None takes the shipped preset that fits.
    """
    mapping = mapping or shipped_for(data=data)
    if mapping is None:
        raise FileError("needs a mapping that says which column is which; none that is shipped fits its header")
    lines = all_lines(_text(data, mapping), delimiter=mapping.delimiter)
    layout = find_layout(lines, mapping)
    if not account and not mapping.constants.get("account") and "account" not in layout.places:
        raise FileError("names no account, and the mapping has no column for it; say whose file it is")
    data_lines = [line for line in lines if line.number > layout.header.number and not line.is_blank]
    rows = SourceRows(line.number for line in data_lines)
    mapped = MappedRows(rows, mapping, today, account)
    last = len(data_lines) - mapping.skip_at_end
    for place, line in enumerate(data_lines):
        if place >= last or is_total(line, mapping) or _is_repeated_header(line, layout):
            rows.skip(line.number)
        elif any(line.cells[len(layout.header.cells) :]):
            words = f"has more cells than the {len(layout.header.cells)} column names; is a comma not in quotes?"
            rows.reject(Problem(line.number, "", words))
        elif len([cell for cell in line.cells if cell]) == 1:
            # a title or a remark among the rows: a single cell moves nothing
            rows.skip(line.number)
        else:
            mapped.take(line.number, layout.fields(line))
    mapped.book(order=lambda found: oldest_first(found, date=lambda row: row.date, spends=lambda _row: False))
    return rows.reading()


def find_layout(lines: Sequence[Line], mapping: Mapping) -> Layout:
    """Return where the mapping's columns are. Raises FileError that says what the file has instead."""
    candidates = [line for line in lines[:60] if not mapping.header_line or line.number == mapping.header_line]
    for line in candidates:
        layout = _layout(line, mapping)
        if layout is not None:
            return layout
    widest = max(candidates, key=lambda line: len([cell for cell in line.cells if cell]), default=None)
    seen = f"; line {widest.number} names {', '.join(filter(None, widest.cells))[:200]}" if widest else ""
    wanted = ", ".join(names[0] for name, names in mapping.columns.items() if names and name in _NEEDED)
    raise FileError(f"has no line with the mapping's columns {wanted}{seen}", line=widest.number if widest else 0)


def _layout(line: Line, mapping: Mapping) -> Layout | None:
    """Return the layout if a line is the header: every field that rows need is there, and all but alternatives."""
    names = [folded(cell) for cell in line.cells]
    places: dict[str, list[int]] = {}
    for name in FIELDS:
        found = [names.index(each) for each in mapping.names_of(name) if each in names]
        if found:
            places[name] = found if name in ADDED else found[:1]
    patterns = [
        (names.index(folded(column)), re.compile(pattern))
        for column, pattern in mapping.patterns.items()
        if folded(column) in names
    ]
    given = set(places) | set(mapping.constants) | {group for _, pattern in patterns for group in pattern.groupindex}
    if not set(_NEEDED) <= given or len(places) + len(patterns) < min(3, len(mapping.columns) + len(mapping.patterns)):
        return None
    # a column of the mapping that is gone means that the file has another layout
    is_complete = all(name in given for name in mapping.columns if len(mapping.columns[name]) == 1 and name not in ADDED)
    return Layout(line, places, patterns) if is_complete else None


def is_total(line: Line, mapping: Mapping) -> bool:
    """Whether a line is a total: one of its first cells begins with a stop word."""
    first = [cell for cell in line.cells if cell][:2]
    return any(cell.casefold().startswith(word.casefold()) for cell in first for word in mapping.stop_words if word)


def _is_repeated_header(line: Line, layout: Layout) -> bool:
    return line.cells == layout.header.cells


def _text(data: bytes, mapping: Mapping) -> str:
    if mapping.encoding == "auto":
        return decode(data, western=True).text
    try:
        return data.decode(mapping.encoding)
    except UnicodeDecodeError:
        raise MappingError(f"is not written in {mapping.encoding}, as the mapping says") from None
