"""Numbers and dates as people and spreadsheets write them; what cannot be read comes back with the reason. Pure."""

import datetime as dt
import re
from decimal import Decimal

# what SQLite keeps exactly, and what the tables have room for
SIGNIFICANT_DIGITS = 15
DECIMALS = 10
INTEGER_DIGITS = 14
EARLIEST_YEAR = 1900

_PLAIN = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]+|[0-9]{1,3}(\.[0-9]{3})+,[0-9]+")
_EXPONENT = re.compile(r"[0-9]+(\.[0-9]*)?[eE][+-]?[0-9]+")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")


class UnreadableError(ValueError):
    """A text is not what its place needs; the message is the reason, without the place."""


def number(text: str) -> Decimal:
    """Return the number a text writes: digits with a point, thousands separators allowed; a minus sign is read.

    Raises UnreadableError for everything else, also for more digits than the tables keep exactly.
    """
    unsigned = text.removeprefix("-").removeprefix("+") if text[:2] not in {"-+", "+-"} else text
    if _PLAIN.fullmatch(unsigned):
        value = Decimal(unsigned)
    elif _GROUPED.fullmatch(unsigned):
        value = Decimal(unsigned.replace(",", ""))
    else:
        raise UnreadableError(_why_no_number(text, unsigned))
    _check_digits(text, value, unsigned)
    return -value if text.startswith("-") else value


def _check_digits(text: str, value: Decimal, unsigned: str) -> None:
    # most numbers are short: counting digits of each would be half of an import's time
    if len(unsigned) <= DECIMALS:
        return
    short = value.normalize()
    digits = short.as_tuple()
    if -int(digits.exponent) > DECIMALS:
        raise UnreadableError(f'"{text}" has more than {DECIMALS} decimals; round it')
    if len(digits.digits) > SIGNIFICANT_DIGITS:
        raise UnreadableError(
            f'"{text}" has more than {SIGNIFICANT_DIGITS} digits, which the database cannot keep exactly; round it'
        )
    if value and short.adjusted() >= INTEGER_DIGITS:
        raise UnreadableError(f'"{text}" is too large')


def _why_no_number(text: str, unsigned: str) -> str:
    if _DECIMAL_COMMA.fullmatch(unsigned):
        return f'"{text}" seems to have a decimal comma; write a point, as in 1234.50'
    if _EXPONENT.fullmatch(unsigned):
        return f'"{text}" is a number shortened by a spreadsheet; write all its digits'
    for letter, digit, name in (("O", "0", "O"), ("o", "0", "o"), ("l", "1", "l"), ("I", "1", "I")):
        as_meant = unsigned.replace(letter, digit)
        if letter in unsigned and (_PLAIN.fullmatch(as_meant.replace(",", "")) or _GROUPED.fullmatch(as_meant)):
            return f'"{text}" is not a number (letter {name}?)'
    return f'"{text}" is not a number'


def date(text: str) -> dt.date:
    """Return the date of YYYY-MM-DD or YYYY/MM/DD. Raises UnreadableError with what to write instead."""
    # the strict form first: it is nearly every row's, and the parser in C is quick
    if len(text) == 10 and text[4] == text[7] == "-" and text.isascii():
        try:
            return _of_this_age(text, dt.date.fromisoformat(text))
        except ValueError as error:
            raise error if isinstance(error, UnreadableError) else UnreadableError(_why_no_date(text)) from None
    found = _DATE.fullmatch(text)
    if not found:
        raise UnreadableError(_why_no_date(text))
    year, month, day = (part for part in found.groups() if part is not None)
    try:
        return _of_this_age(text, dt.date(int(year), int(month), int(day)))
    except ValueError as error:
        raise error if isinstance(error, UnreadableError) else UnreadableError(_why_no_date(text)) from None


def _of_this_age(text: str, value: dt.date) -> dt.date:
    if value.year < EARLIEST_YEAR:
        raise UnreadableError(f'"{text}" lies before {EARLIEST_YEAR}; is the year right?')
    return value


def _why_no_date(text: str) -> str:
    if _DATE.fullmatch(text):
        return f'"{text}" is no day of the calendar'
    parts = re.split(r"[-/.]", text)
    if len(parts) == 3 and all(re.fullmatch(r"[0-9]+", part) for part in parts):
        if all(len(part) <= 2 for part in parts):
            return f'"{text}" has a two-digit year, which could be several dates; write YYYY-MM-DD'
        if len(parts[0]) == 3:
            return f'"{text}" looks like a year of the Republic of China; write the year with four digits, YYYY-MM-DD'
        return f'"{text}" could be several dates; write YYYY-MM-DD'
    return f'"{text}" is not a date; write YYYY-MM-DD'


def time(text: str) -> dt.time:
    """Return the time of HH:MM or HH:MM:SS. Raises UnreadableError."""
    found = _TIME.fullmatch(text)
    try:
        if found:
            return dt.time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        pass
    raise UnreadableError(f'"{text}" is not a time; write HH:MM or HH:MM:SS')


def plain(value: Decimal) -> str:
    """Return a number as it is written in files: all digits, no exponent, no zeros at the end."""
    return f"{value.normalize():f}"
