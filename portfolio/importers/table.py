"""A CSV file with a header row becomes rows of named cells with their line numbers. Knows no meaning of any column. Pure."""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from portfolio.importers.rows import Problem
from portfolio.importers.text import FileError, decode

DELIMITERS = ",;\t|"
# text that a spreadsheet would run as a formula is written with this before it
ESCAPE = "'"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", ESCAPE)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in the file's order; a row is None where the line is blank."""

    present: frozenset[str]  # the known columns that the header names
    rows: list[tuple[int, dict[str, str] | None]]
    warnings: list[Problem]
    misshapen: list[Problem]  # lines with more cells than the header; they are None among the rows


def header_of(text: str) -> list[str]:
    """Return the column names of a text's first line that is not blank, in lower case with underscores."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    return [_name(cell) for cell in next(csv.reader([line], delimiter=_delimiter(line)), [])]


def read_table(*, data: bytes, columns: Collection[str], needed: Collection[str]) -> Table:
    """Return the rows of a file whose header names some of the columns, in any order and case.

    Commas, semicolons, tabs and bars may separate cells, as the header does. Raises FileError.
    """
    decoded = decode(data)
    lines = _lines(decoded.text)
    first = next(((line, cells) for line, cells in lines if any(map(str.strip, cells))), None)
    if first is None:
        raise FileError("holds no line of text")
    header_line, header = first[0], [_name(cell) for cell in first[1]]
    _check_header(header_line, header, columns, needed)
    warnings = [
        Problem(header_line, name, f"unknown column “{name}”: it is not read")
        for name in dict.fromkeys(header)
        if name and name not in columns
    ]
    if decoded.encoding == "cp950":
        warnings.append(Problem(header_line, "", "the text is not UTF-8 and was read as Big5; check the names"))
    rows, misshapen = _rows(lines, header, columns)
    return Table(frozenset(header) & frozenset(columns), rows, warnings, misshapen)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line with the number of the line on which it begins."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # the parser's own words for a mark that is opened and never closed say nothing to a person
            words = "a quotation mark is not closed" if "end of data" in str(error) else f"cannot be read as CSV: {error}"
            raise FileError(words, line=line) from None
        yield line, cells
        line = reader.line_num + 1


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=header.count)


def _name(cell: str) -> str:
    return "_".join(cell.strip().lstrip("\ufeff").lower().replace("-", " ").replace("_", " ").split())


def _check_header(line: int, header: list[str], columns: Collection[str], needed: Collection[str]) -> None:
    twice = sorted({name for name in header if name in columns and header.count(name) > 1})
    if twice:
        raise FileError(f"the header names {', '.join(twice)} twice", line=line, column=twice[0])
    missing = [name for name in needed if name not in header]
    if missing:
        found = ", ".join(name for name in header if name) or "nothing"
        raise FileError(f"the header lacks {', '.join(missing)}; it names {found}", line=line, column=missing[0])


def _rows(
    lines: Iterator[tuple[int, list[str]]], header: list[str], columns: Collection[str]
) -> tuple[list[tuple[int, dict[str, str] | None]], list[Problem]]:
    places = [(place, name) for place, name in enumerate(header) if name in columns]
    rows: list[tuple[int, dict[str, str] | None]] = []
    misshapen: list[Problem] = []
    width = len(header)
    for line, cells in lines:
        if len(cells) > width and any(map(str.strip, cells[width:])):
            misshapen.append(Problem(line, "", f"has {len(cells)} cells under {width} column names; is a comma not in quotes?"))
            rows.append((line, None))
            continue
        named = {name: _cell(cells[place]) for place, name in places if place < len(cells) and cells[place]}
        rows.append((line, named if any(named.values()) or any(map(str.strip, cells)) else None))
    return rows, misshapen


def _cell(text: str) -> str:
    text = text.strip()
    # undoes what `escaped` does, so that what was exported comes back as it was
    if text[:1] == ESCAPE and text[1:2] and text[1] in FORMULA_STARTS:
        return text[1:]
    return text


def escaped(text: str) -> str:
    """Return a text cell that no spreadsheet takes for a formula; reading it gives the text back."""
    return ESCAPE + text if text.startswith(FORMULA_STARTS) else text
