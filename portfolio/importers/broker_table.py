"""A broker's CSV becomes numbered lines of trimmed cells, its header is found. Knows no meaning of a column. Pure.

Unlike `table`, which reads files written for this program, it expects title lines, footers and unknown columns.
"""

import csv
import io
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from portfolio.importers.broker_values import cleaned
from portfolio.importers.rows import Problem
from portfolio.importers.table import DELIMITERS
from portfolio.importers.text import FileError, decode

# title lines that brokers put before the header
_PREAMBLE = 40
_MOST_ROWS = 200_000
_HEAD = 200_000  # bytes
_TALLEST = 20  # text lines of one record: more is a quotation mark that was never closed


@dataclass(frozen=True, slots=True)
class Line:
    """One record: the number of the text line on which it begins, and its cells."""

    number: int
    cells: tuple[str, ...]  # trimmed, with single spaces; "" where blank

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class Cells:
    """One data row, asked by the header's names."""

    line: int
    named: dict[str, str]

    def __getitem__(self, name: str) -> str:
        """Return a cell; "" where the column is missing or the cell blank."""
        return self.named.get(name, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a file from its header on."""

    header_line: int
    names: tuple[str, ...]  # folded, in the file's order
    before: tuple[Line, ...]
    lines: tuple[Line, ...]  # after the header, blank ones among them

    def cells(self, line: Line) -> Cells:
        """Return a line by the header's names; of two columns with one name the first that is filled counts."""
        named: dict[str, str] = {}
        for name, cell in zip(self.names, line.cells, strict=False):
            if name and not named.get(name):
                named[name] = cell
        return Cells(line.number, named)

    def pick(self, line: Line, *names: str) -> list[str]:
        """Return some cells of a line, "" where the column is missing."""
        places = [self.names.index(name) if name in self.names else len(line.cells) for name in names]
        return [line.cells[place] if place < len(line.cells) else "" for place in places]

    def is_too_wide(self, line: Line) -> bool:
        """Whether a line has cells beyond the header's, which means that a comma is not in quotes."""
        return any(line.cells[len(self.names) :])

    def misshapen(self, line: Line) -> Problem | None:
        """Return why a line cannot be read by the header, where it is too wide for it."""
        if not self.is_too_wide(line):
            return None
        words = f"has more cells than the {len(self.names)} column names; is a comma not in quotes?"
        return Problem(line.number, "", words)


def folded(cell: str) -> str:
    """Return a column's name as it is compared: lower case, single spaces, no mark of byte order."""
    return " ".join(cell.lstrip("\ufeff").split()).casefold()


def find_sheet(*, data: bytes, needed: Collection[str], rename: Callable[[str], str] = str) -> Sheet:
    """Return the file from the first line on that names all of `needed` (folded names).

    rename: makes one name of the several that versions of a file use for a column, after folding.
    Raises FileError where no line does, naming what the nearest one lacks.
    """
    lines = all_lines(decode(data, western=True).text)
    nearest: tuple[int, list[str], list[str]] = (0, [], sorted(needed))
    for place, line in enumerate(lines[:_PREAMBLE]):
        names = [rename(folded(cell)) for cell in line.cells]
        missing = [name for name in needed if name not in names]
        if not missing:
            while names and not names[-1]:
                names.pop()
            return Sheet(line.number, tuple(names), lines[:place], lines[place + 1 :])
        if len(missing) < len(nearest[2]):
            nearest = (line.number, names, missing)
    number, names, missing = nearest
    seen = f"; line {number} names {', '.join(filter(None, names))[:200]}" if number else ""
    raise FileError(f"lacks the column {', '.join(missing)}{seen}", line=number, column=missing[0])


def has_sheet(*, data: bytes, needed: Collection[str], rename: Callable[[str], str] = str) -> bool:
    """Say whether a header with all of `needed` stands near the top of the file; never raises."""
    try:
        head = head_lines(data)
    except FileError:
        return False
    return any(set(needed) <= {rename(folded(cell)) for cell in line.cells} for line in head)


def head_lines(data: bytes) -> tuple[Line, ...]:
    """Return the first lines of a file, enough to find its header, without parsing what follows. Raises FileError."""
    return _head_lines(data[:_HEAD])


@lru_cache(maxsize=4)
def _head_lines(head: bytes) -> tuple[Line, ...]:
    # a dozen formats ask for the same lines of one file
    if len(head) == _HEAD:
        cut = max(head.rfind(b"\n"), head.rfind(b"\r")) + 1
        head = head[: cut + (head[cut : cut + 1] == b"\0")] or head
    lines = re.split(r"\r\n|\n|\r", decode(head, western=True).text)
    return all_lines("\n".join(lines[:_PREAMBLE]), strict=False)


def all_lines(text: str, *, strict: bool = True, delimiter: str = "") -> tuple[Line, ...]:
    """Return every record of a text; blank lines are records without cells. Raises FileError.

    strict: whether a quotation mark that is never closed is refused: it would swallow rows.
    """
    text = text.removeprefix("\ufeff")
    mark = delimiter or delimiter_of(text)
    try:
        return _parsed(text, mark, strict=True)
    except csv.Error as error:
        words = str(error)
    # a stray mark inside a cell is harmless, one that is never closed is not
    if strict and "end of data" in words:
        raise FileError("a quotation mark is not closed")
    try:
        lines = _parsed(text, mark, strict=False)
    except csv.Error as error:
        if not strict:
            return ()
        too_long = "field larger" in str(error)
        raise FileError("a cell is too long; is a quotation mark not closed?" if too_long else f"is no CSV: {error}") from None
    if strict and (swallowed := next((line for line, after in pairwise(lines) if after.number - line.number > _TALLEST), None)):
        raise FileError("a quotation mark is not closed", line=swallowed.number)
    return lines


def _parsed(text: str, delimiter: str, *, strict: bool) -> tuple[Line, ...]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    lines: list[Line] = []
    number = 1
    for cells in reader:
        lines.append(Line(number, tuple(map(cleaned, cells))))
        if len(lines) > _MOST_ROWS:
            raise FileError(f"has more than {_MOST_ROWS:,} rows; split it by year")
        number = reader.line_num + 1
    return tuple(lines)


def delimiter_of(text: str) -> str:
    """Return what separates the cells: the mark that the widest line among the first has most of."""
    head = text[:200_000].splitlines()[:_PREAMBLE]
    counts = {mark: max((line.count(mark) for line in head), default=0) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: counts[mark])
