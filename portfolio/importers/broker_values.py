"""Cells of brokers' files: money, units and dates in all the ways they are written there. Pure; knows no columns.

Nothing is guessed: a date that could be two, or a number that is none, raises UnreadableError with the reason.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from portfolio.written_values import EARLIEST_YEAR, UnreadableError, number

BLANKS = frozenset({"", "-", "--", "---", "N/A", "n/a", "NA", "—", "–"})
_MINUS = str.maketrans(
    {"\u2212": "-", "\u2013": "-", "\uff0d": "-", "\u00a0": "", "\u202f": "", "\u2009": "", " ": "", "'": ""}
)
_CURRENCY_SIGNS = re.compile(r"US\$|NT\$|HK\$|A\$|C\$|[$€£¥]")
_EXPONENT = re.compile(r"[0-9]+(?:\.[0-9]*)?[eE]-[0-9]{1,2}")
_SLASHED = re.compile(r"([0-9]{1,4})([/.-])([0-9]{1,2})\2([0-9]{1,4})")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {name: place for place, name in enumerate(_MONTH_NAMES, start=1)}
_NAMED = re.compile(r"([A-Za-z]{3})[A-Za-z]*[- /.]([0-9]{1,2}),?[- /.]([0-9]{4})")
_DAY_FIRST_NAMED = re.compile(r"([0-9]{1,2})[- /.]([A-Za-z]{3})[A-Za-z]*[- /.]([0-9]{2}|[0-9]{4})")
# a year of two digits is of this century up to here: brokers print no dates of before 1970 so shortly
_LATEST_SHORT_YEAR = 69


def cleaned(cell: str) -> str:
    """Return a cell without outer space, with single spaces inside; "" for the marks that mean blank."""
    text = " ".join(cell.replace("\u00a0", " ").split())
    return "" if text in BLANKS else text


def money(text: str, *, exponents: bool = False) -> Decimal | None:
    """Return the signed number of a cell; None where it is blank.

    Reads $1,234.50, -$1.00, $-1.00, ($1.00), 1.00- and the typographic minus.
    exponents: whether 1.5E-4 is a number of this source's own rather than damage.
    Raises UnreadableError.
    """
    text = cleaned(text)
    if not text:
        return None
    bare = _CURRENCY_SIGNS.sub("", unicodedata.normalize("NFKC", text).translate(_MINUS))
    negative = False
    if bare.startswith("(") and bare.endswith(")"):
        bare, negative = bare[1:-1], True
    elif bare.endswith("-"):
        bare, negative = bare[:-1], True
    if bare.startswith("-"):
        # minus three dollars in parentheses would be two signs for one thing
        if negative:
            raise UnreadableError(f'"{text}" has two minus signs')
        bare, negative = bare[1:], True
    bare = bare.removeprefix("+")
    if exponents and _EXPONENT.fullmatch(bare):
        bare = f"{Decimal(bare):f}"
    try:
        value = number(bare)
    except UnreadableError as error:
        raise UnreadableError(str(error).replace(f'"{bare}"', f'"{text}"')) from None
    if value < 0:
        raise UnreadableError(f'"{text}" has two minus signs')
    return -value if negative else value


def date_parts(text: str) -> tuple[int, int, int] | None:
    """Return the three numbers of a date in figures, in their order; None where the text is no such date."""
    found = _SLASHED.fullmatch(text.strip())
    return (int(found[1]), int(found[3]), int(found[4])) if found else None


def us_date(text: str) -> dt.date:
    """Return the date of MM/DD/YYYY, or of a year-first form. Raises UnreadableError."""
    return date_in_order(text, order="mdy")


def date_in_order(text: str, *, order: str) -> dt.date:
    """Return the date of a text whose parts stand in a known order: mdy, dmy or ymd.

    A year of four digits in front, the form without separators, and months in letters are read in any case.
    Raises UnreadableError.
    """
    text = text.strip()
    if named := _NAMED.fullmatch(text):
        return _day(text, int(named[3]), MONTHS.get(named[1].lower(), 0), int(named[2]))
    if named := _DAY_FIRST_NAMED.fullmatch(text):
        return _day(text, full_year(named[3]), MONTHS.get(named[2].lower(), 0), int(named[1]))
    if re.fullmatch(r"(19|20)[0-9]{6}", text):
        return _day(text, int(text[:4]), int(text[4:6]), int(text[6:]))
    found = _SLASHED.fullmatch(text)
    if not found:
        raise UnreadableError(f'"{text}" is not a date')
    first, second, third = found[1], found[3], found[4]
    if len(first) == 4:
        return _day(text, int(first), int(second), int(third))
    if order == "ymd" or len(first) > 2:
        raise UnreadableError(f'"{text}" has no year of four digits in front')
    month, day = (first, second) if order == "mdy" else (second, first)
    return _day(text, full_year(third), int(month), int(day))


def full_year(text: str) -> int:
    """Return a year of two or four digits as four. Raises UnreadableError."""
    if len(text) not in {2, 4}:
        raise UnreadableError(f'"{text}" is no year')
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year <= _LATEST_SHORT_YEAR else 1900)


def slash_order(texts: Iterable[str]) -> str:
    """Return mdy or dmy for a column of dates, by the days beyond 12; "" where nothing tells or the rows disagree."""
    orders = set()
    for text in texts:
        parts = date_parts(text)
        if parts is None or parts[0] > 31:
            continue
        if parts[0] > 12 >= parts[1]:
            orders.add("dmy")
        elif parts[1] > 12 >= parts[0]:
            orders.add("mdy")
    return orders.pop() if len(orders) == 1 else ""


def _day(text: str, year: int, month: int, day: int) -> dt.date:
    if year < EARLIEST_YEAR:
        raise UnreadableError(f'"{text}" lies before {EARLIEST_YEAR}; is the year right?')
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise UnreadableError(f'"{text}" is no day of the calendar') from None
