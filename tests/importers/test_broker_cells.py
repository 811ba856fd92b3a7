"""What all brokers' files share: money, dates, identifiers, tables with titles around them, ids for rows without one."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.importers.broker_table import find_sheet, has_sheet
from portfolio.importers.broker_values import date_in_order, money, slash_order, us_date
from portfolio.importers.fingerprints import Fingerprints, joined, knowing_more, parts
from portfolio.importers.money_check import adds_up, price_to_book
from portfolio.importers.review_reasons import masked, masked_account
from portfolio.importers.rows import Security
from portfolio.importers.symbols import Instruments, Known, cusip_cell, is_cusip, is_isin, isin_of, looks_mangled
from portfolio.importers.text import FileError
from portfolio.written_values import UnreadableError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$1,234.50", "1234.50"), ("-$1.00", "-1"), ("$-1.00", "-1"), ("($1.00)", "-1"), ("1.00-", "-1"),
        ("\u22121.50", "-1.5"),
        ("-$1200", "-1200"), ("$2000000.00", "2000000"), ("1\u00a0234.5", "1234.5"), (" 0.03127 ", "0.03127"),
    ],
)  # fmt: skip
def test_money_is_read_in_every_way_that_brokers_write_it(text, value):
    assert money(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "  ", "-", "--", "N/A"])
def test_marks_that_mean_nothing_are_blank(text):
    assert money(text) is None


@pytest.mark.parametrize("text", ["1.5E-4", "abc", "--1", "(-1)", "1,23", "NaN", "1e9999"])
def test_what_is_no_number_is_never_guessed(text):
    with pytest.raises(UnreadableError):
        money(text)


def test_exponents_are_numbers_only_where_the_source_writes_them():
    assert money("-1.5E-4", exponents=True) == Decimal("-0.00015")


@pytest.mark.parametrize("text", ["03/28/2025", "3/28/25", "2025-03-28", "2025/3/28", "20250328", "Mar-28-2025", "28-Mar-25"])
def test_american_dates_and_unambiguous_ones_are_read(text):
    assert us_date(text) == dt.date(2025, 3, 28)


@pytest.mark.parametrize("text", ["28/03/2025", "02/30/2025", "03/28/0025", "soon", "2025-13-01", "03-28/2025"])
def test_other_dates_are_refused(text):
    with pytest.raises(UnreadableError):
        us_date(text)


def test_the_order_of_day_and_month_comes_from_days_beyond_twelve():
    assert slash_order(["1/2/2025", "13/2/2025"]) == "dmy"
    assert slash_order(["1/2/2025", "2/13/2025"]) == "mdy"
    assert slash_order(["1/2/2025"]) == slash_order(["13/2/2025", "2/13/2025"]) == ""
    assert date_in_order("13/2/2025", order="dmy") == dt.date(2025, 2, 13)


def test_identifiers_prove_themselves_by_their_check_digits():
    assert is_cusip("037833100")
    assert not is_cusip("037833101")
    assert is_isin("US0378331005")
    assert not is_isin("US0378331006")
    assert isin_of("037833100") == "US0378331005"
    assert cusip_cell("37833100") == "037833100"
    assert cusip_cell("3.8E+07") == cusip_cell("37833101") == ""


def test_a_ticker_that_a_spreadsheet_would_leave_alone_is_not_mangled():
    assert [looks_mangled(text) for text in ("TRUE", "1-Mar", "2025-03-01", "12", "MAR", "BRK.B")] == [True] * 4 + [False] * 2


def test_a_security_is_found_by_what_a_person_said_then_by_symbol_then_by_its_ids():
    known = Instruments(remembered={("Broker", "fund a"): "ASKED"})
    known.add(Known("ABC", isin="US0378331005"))
    known.add(Known("DEF"))

    def meant(symbol, **said):
        return known.meant(symbol=symbol, account="Broker", security=Security(**said))

    assert meant("X", name="Fund  A") == "ASKED"
    assert meant("DEF", cusip="037833100") == "DEF"
    assert meant("037833100") == meant("US0378331005") == meant("NEW", cusip="037833100") == "ABC"
    assert meant("OTHER") == "OTHER"


def test_equal_rows_of_a_file_are_counted_and_writing_them_otherwise_changes_no_id():
    day = dt.date(2025, 3, 28)
    ids, again = Fingerprints("x"), Fingerprints("x")

    first, twin = ids.of(day, Decimal("15.60"), "ABC  corp"), ids.of(day, Decimal("15.60"), "ABC  corp")

    assert first != twin
    assert again.of(day, Decimal("15.6"), "abc CORP") == first
    assert parts(joined([first, twin, first])) == [first, twin]
    assert set(parts(knowing_more(first))) > {first}


def test_money_adds_up_within_half_a_percent_or_a_cent():
    assert adds_up(amount=Decimal("1005.00"), expected=Decimal(1000))
    assert not adds_up(amount=Decimal("1005.01"), expected=Decimal(1000))
    assert adds_up(amount=Decimal("0.06"), expected=Decimal("0.05"))
    assert not adds_up(amount=Decimal("0.07"), expected=Decimal("0.05"))
    assert price_to_book(quantity=Decimal(1), price=Decimal("0.05"), amount=Decimal("0.06")) is None


def test_a_header_is_found_below_titles_and_a_missing_column_is_named():
    data = b'Title, of it\n\n"Date";"Sum ";"Note"\n2025-01-01;5;\n'

    sheet = find_sheet(data=b"Title, of it\n\nDate,Sum \n2025-01-01,5\n", needed=("date", "sum"))

    assert (sheet.header_line, sheet.cells(sheet.lines[0])["sum"]) == (3, "5")
    assert has_sheet(data=data, needed=("date", "sum"))
    with pytest.raises(FileError, match="lacks the column total; line 3 names date, sum"):
        find_sheet(data=b"x\n\nDate,Sum\n", needed=("date", "total"))


def test_every_kind_of_line_end_makes_the_same_rows():
    rows = [find_sheet(data=end.join([b"Date,Sum", b"1,2", b"3,4"]), needed=("date",)).lines for end in (b"\n", b"\r\n", b"\r")]

    assert rows[0] == rows[1] == rows[2]


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows():
    with pytest.raises(FileError, match="quotation mark"):
        find_sheet(data=b'Date,Sum\n1,"2\n3,4\n', needed=("date",))


def test_a_stray_quotation_mark_inside_a_cell_is_harmless():
    sheet = find_sheet(data=b'Date,Sum\n1,12" pipe\n3,"a" b\n', needed=("date",))

    assert [line.cells[1] for line in sheet.lines] == ['12" pipe', "a b"]


def test_account_numbers_are_masked():
    assert masked("TO VS 123456789 ON 03/28/2025") == "TO VS …789 ON 03/28/2025"
    assert masked_account("X12345678") == "…678"
