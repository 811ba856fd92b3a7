"""Files of closes and of dividends: read fast when they are sound, with every reason when they are not."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.market_data.close_file import FaultyFileError, read_closes, read_dated_rows

TODAY = dt.date(2026, 1, 1)


def closes(text: str, *, encoding: str = "utf-8"):
    return read_closes(file="prices/QQQ.csv", data=text.encode(encoding), value_column="close", today=TODAY)


def faults(text: str) -> list[str]:
    with pytest.raises(FaultyFileError) as error:
        closes(text)
    return [str(fault) for fault in error.value.faults]


def test_dates_and_exact_texts_come_back():
    found = closes("date,close\n2025-01-02,510.2300\n2025-01-03,512\n")

    assert (found.dates, found.texts) == (["2025-01-02", "2025-01-03"], ["510.2300", "512"])
    assert found.series.values.tolist() == [510.23, 512.0]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffdate,close\n2025-01-02,5\n2025-01-03,6\n",
        "date,close\r\n2025-01-02,5\r\n2025-01-03,6\r\n",
        "Date;Close\n2025-01-02;5\n2025-01-03;6\n",
        "close,volume,date\n5,9,2025-01-02\n6,9,2025-01-03\n",
        "date,close\n2025-01-03,6\n2025-01-02,5\n",
        "date,close\n\n2025/01/02, 5\n2025-01-03,6\n\n",
        "date,close\n2025-01-02,5\n2025-01-02,5.0\n2025-01-03,6\n",
    ],
)
def test_marks_ends_order_blanks_and_equal_twins_do_not_matter(text):
    found = closes(text)

    assert found.dates == ["2025-01-02", "2025-01-03"]
    assert found.series.values.tolist() == [5.0, 6.0]


def test_digits_beyond_what_a_float_keeps_are_rounded_away():
    assert closes("date,close\n2025-01-02,293.7200012207031\n").texts == ["293.7200012207"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("2025-02-30,5", 'line 2, column date: "2025-02-30" is no day of the calendar'),
        ("25-02-03,5", 'line 2, column date: "25-02-03" has a two-digit year'),
        ("2025-01-02,5,5", "line 2: has 3 columns instead of 2"),
        ("2025-01-02", "line 2: has 1 columns instead of 2"),
        ('2025-01-02,"5,5"', 'column close: "5,5" seems to have a decimal comma'),
        ("2025-01-02,12.5O", 'column close: "12.5O" is not a number (letter O?)'),
        ("2025-01-02,", 'column close: "" is not a number'),
        ("2025-01-02,0", "column close: 0 is not above zero"),
        ("2025-01-02,-5", "column close: -5 is not above zero"),
        ("2025-01-02,nan", 'column close: "nan" is not a number'),
        ("2026-01-02,5", "column date: 2026-01-02 lies in the future"),
    ],
)
def test_a_wrong_line_says_where_and_why(line, fault):
    found = faults(f"date,close\n{line}\n")

    assert len(found) == 1
    assert found[0].startswith("prices/QQQ.csv, line 2")
    assert fault in found[0]


def test_two_closes_of_one_day_are_refused_with_both_lines():
    assert faults("date,close\n2025-01-02,5\n2025-01-03,6\n2025-01-02,7\n") == [
        "prices/QQQ.csv, line 4, column close: 2025-01-02 has 7 here and 5 in line 2; keep one"
    ]


def test_every_fault_is_listed():
    assert len(faults("date,close\n2025-02-30,5\n2025-01-02,x\n")) == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"date,price\n2025-01-02,5\n", "there is no column close"),
        (b"\0\0\0\0", "no text file"),
        (b"date,close\n2025-01-02,\xff\xff\n", "line 2: is no UTF-8"),
    ],
)
def test_a_file_that_is_none_of_closes_says_why(data, reason):
    with pytest.raises(FaultyFileError, match=reason):
        read_closes(file="prices/QQQ.csv", data=data, value_column="close", today=TODAY)


def test_a_header_alone_holds_no_close():
    assert len(closes("date,close\n")) == 0


def dividends(text: str):
    return read_dated_rows(file="dividends/KO.csv", data=text.encode(), value_column="amount", optional_date="pay_date")


def test_a_dividend_may_lack_its_pay_date_and_the_file_its_column():
    rows = dividends("ex_date,amount,pay_date\n2025-03-14,0.51,2025-04-01\n2024-11-29,0.485,\n")

    assert [(row.date, row.number, row.pay_date) for row in rows] == [
        (dt.date(2024, 11, 29), Decimal("0.485"), None),
        (dt.date(2025, 3, 14), Decimal("0.51"), dt.date(2025, 4, 1)),
    ]
    assert dividends("ex_date,amount\n2025-03-14,0.51\n")[0].pay_date is None


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("2025-03-14,0.51,2025-03-01", "lies before the ex-date"),
        ("2025-03-14,0,", "is not above zero"),
        ("2025-03-14,0.51,\n2025-03-14,0.52,", "stands in line 2 with other figures"),
        ("soon,0.51,", "is not a date"),
    ],
)
def test_a_wrong_dividend_says_why(lines, reason):
    with pytest.raises(FaultyFileError, match=reason):
        dividends(f"ex_date,amount,pay_date\n{lines}\n")
