"""Numbers and dates as people write them."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.written_values import UnreadableError, date, number, plain, time


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"),
        ("12.50", "12.5"),
        (".5", "0.5"),
        ("7.", "7"),
        ("1,234.50", "1234.5"),
        ("1,234,567", "1234567"),
        ("+3", "3"),
        ("-3.5", "-3.5"),
        ("0000.1200000000000000", "0.12"),
        ("99999999999999", "99999999999999"),
    ],
)
def test_a_number_is_read_as_written(text, value):
    assert number(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("12,5O", "is not a number (letter O?)"),
        ("1OO", "(letter O?)"),
        ("l2.5", "(letter l?)"),
        ("12,5", "decimal comma"),
        ("1.234,56", "decimal comma"),
        ("1,23,456", "is not a number"),
        ("abc", "is not a number"),
        ("1.2.3", "is not a number"),
        ("1E+05", "shortened by a spreadsheet"),
        ("--1", "is not a number"),
        ("nan", "is not a number"),
        ("inf", "is not a number"),
        ("1_000", "is not a number"),
        ("１２", "is not a number"),
        ("$5", "is not a number"),
        ("0.12345678901", "more than 10 decimals"),
        ("1234567890.123456", "more than 15 digits"),
        ("123456789012345", "too large"),
    ],
)
def test_what_is_no_number_says_why(text, reason):
    with pytest.raises(UnreadableError) as error:
        number(text)

    assert reason in str(error.value)
    assert text in str(error.value)


@pytest.mark.parametrize("text", ["2025-01-31", "2025/01/31", "2025/1/31"])
def test_a_date_has_the_year_first(text):
    assert date(text) == dt.date(2025, 1, 31)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("25-01-31", "two-digit year"),
        ("01/31/25", "two-digit year"),
        ("31/01/2025", "could be several dates"),
        ("114/01/31", "Republic of China"),
        ("2025-02-30", "no day of the calendar"),
        ("2025/13/01", "no day of the calendar"),
        ("0025-01-31", "before 1900"),
        ("1025/01/31", "before 1900"),
        ("2025-1-31", "could be several dates"),
        ("2025-W01-1", "is not a date"),
        ("20250131", "is not a date"),
        ("yesterday", "is not a date"),
        ("2025-01-3１", "is not a date"),
    ],
)
def test_what_is_no_date_says_why(text, reason):
    with pytest.raises(UnreadableError, match=reason):
        date(text)


def test_a_time_has_hours_and_minutes_and_may_have_seconds():
    assert time("9:30") == dt.time(9, 30)
    assert time("09:30:15") == dt.time(9, 30, 15)


@pytest.mark.parametrize("text", ["25:00", "9", "09:61", "noon"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(UnreadableError, match="is not a time"):
        time(text)


def test_a_number_is_written_with_all_its_digits_and_no_exponent():
    assert plain(Decimal("1E+6")) == "1000000"
    assert plain(Decimal("12.500")) == "12.5"
    assert plain(Decimal("0.0000000001")) == "0.0000000001"
