"""Names of periods and what lies in them."""

import datetime as dt

import pytest

from portfolio.engine.periods import UnknownPeriodError, between, month, parse_period, quarter, quarter_of, year

TODAY = dt.date(2025, 5, 20)


@pytest.mark.parametrize(
    ("words", "start", "end", "label"),
    [
        ("2025-Q1", "2025-01-01", "2025-03-31", "2025-Q1"),
        ("2024-q4", "2024-10-01", "2024-12-31", "2024-Q4"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024-02"),
        ("2025", "2025-01-01", "2025-12-31", "2025"),
        ("YTD", "2025-01-01", "2025-05-20", "ytd"),
        ("2025-01-05..2025-02-20", "2025-01-05", "2025-02-20", "2025-01-05..2025-02-20"),
        ("2025-01-01..2025-03-31", "2025-01-01", "2025-03-31", "2025-Q1"),
    ],
)
def test_a_period_is_read_from_its_name(words: str, start: str, end: str, label: str):
    period = parse_period(words, as_of=TODAY)

    assert (period.start.isoformat(), period.end.isoformat(), period.label) == (start, end, label)


@pytest.mark.parametrize("words", ["", "2025-Q5", "2025-13", "25-Q1", "last year", "2025-02-30..2025-03-01"])
def test_what_names_no_period_is_refused_with_the_forms_that_do(words: str):
    with pytest.raises(UnknownPeriodError, match="names no period"):
        parse_period(words, as_of=TODAY)


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(UnknownPeriodError, match="before it starts"):
        parse_period("2025-03-01..2025-02-01", as_of=TODAY)


def test_a_calendar_year_is_told_from_other_periods_of_365_days():
    assert year(2025).is_calendar_year
    assert not between(start=dt.date(2024, 7, 1), end=dt.date(2025, 6, 30)).is_calendar_year


def test_the_last_quarter_and_month_end_with_december():
    assert quarter(year=2024, number=4).end == dt.date(2024, 12, 31)
    assert month(year=2024, number=12).days == 31
    assert quarter_of(dt.date(2024, 12, 31)).label == "2024-Q4"
