"""The format sharesight: the two reports, found by their headers; both may stand in one file. Pure."""

import datetime as dt
import re

from portfolio.importers.broker_table import Line, all_lines, head_lines
from portfolio.importers.rows import Reading
from portfolio.importers.sharesight.income import IncomeLine, book_income, income_header
from portfolio.importers.sharesight.symbols_of_codes import Codes
from portfolio.importers.sharesight.trades import TradeLine, book_trades, trades_header
from portfolio.importers.source_rows import SourceRows
from portfolio.importers.text import FileError, decode

_TITLE = re.compile(r" - (?:All Trades|Taxable Income) Report\b", re.IGNORECASE)


def recognises(*, data: bytes) -> bool:
    """Say whether a report's title or header stands near the top."""
    try:
        lines = head_lines(data)
    except FileError:
        return False
    return any(_is_title(line) or trades_header(line) or income_header(line) for line in lines)


def _is_title(line: Line) -> bool:
    return bool(line.cells and _TITLE.search(line.cells[0])) and not any(line.cells[1:])


def read(*, data: bytes, today: dt.date, account: str = "") -> Reading:
    """Return the rows of the reports. Raises FileError; without an account's name, since the file has none."""
    lines = all_lines(decode(data, western=True).text)
    trades, income, others = _sorted_out(lines)
    rows = SourceRows([*(each.line.number for each in (*trades, *income)), *others])
    rows.skip(*others)
    if not trades and not income:
        rows.warn(0, "", "the report has no rows", "no_rows")
    elif not account:
        raise FileError("names no account; say which with --account NAME")
    codes = Codes.of([*(each.code for each in trades), *(each.code for each in income)])
    home = book_trades(trades, codes, rows, today=today, account=account)
    book_income(income, codes, rows, today=today, account=account, home=home)
    reading = rows.reading()
    reading.rows.sort(key=lambda row: row.date)
    return reading


def _sorted_out(lines: tuple[Line, ...]) -> tuple[list[TradeLine], list[IncomeLine], list[int]]:
    """Return the rows under each header with their sections, and the lines of totals."""
    trades: list[TradeLine] = []
    income: list[IncomeLine] = []
    others: list[int] = []
    header: tuple[str, ...] = ()
    is_income = False
    sections: list[str] = []
    for line in lines:
        if line.is_blank or _is_title(line):
            continue
        if found := trades_header(line) or income_header(line):
            header, is_income = found, bool(income_header(line))
            continue
        words = [cell for cell in line.cells if cell]
        first = line.cells[0]
        if first.startswith("*"):
            continue
        if first.casefold().startswith("total"):
            others.append(line.number)
        elif len(words) == 1 and first:
            # a section's title; what follows it begins anew
            sections = [*sections[-1:], first] if not header else [first]
            header = ()
        elif header:
            named = {name: cell for name, cell in zip(header, line.cells, strict=False) if name}
            if is_income:
                income.append(IncomeLine(line, named, " > ".join(sections)))
            else:
                trades.append(TradeLine(line, named))
    return trades, income, others
