"""The ledger format: what each line needs, and the reason a person gets for a line that is wrong."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.engine.kinds import Kind
from portfolio.importers import ledger_file
from portfolio.importers.rows import LedgerRow
from portfolio.importers.text import FileError

TODAY = dt.date(2026, 1, 1)
HEADER = ",".join(ledger_file.COLUMNS)


def reading(text: str, *, account: str = "", encoding: str = "utf-8"):
    return ledger_file.read(data=text.encode(encoding), today=TODAY, account=account)


def one(columns: str, cells: str) -> LedgerRow:
    found = reading(f"{columns}\n{cells}\n")
    assert found.rejected == []
    return found.rows[0]


def reason(columns: str, cells: str) -> str:
    found = reading(f"{columns}\n{cells}\n")
    assert found.rows == []
    assert len(found.rejected) == 1
    assert found.rejected[0].line == 2
    return str(found.rejected[0])


def test_every_column_reaches_its_field():
    row = one(
        HEADER,
        "2025-01-03,09:30,BUY,Broker,QQQ,2,510.5,1021,USD,1.5,0.1,2.25,Other,TWD,33000,32.5,2025-01-02,2024,a note,ID-1",
    )

    assert row == LedgerRow(
        lines=(2,),
        date=dt.date(2025, 1, 3),
        time=dt.time(9, 30),
        kind=Kind.BUY,
        account="Broker",
        symbol="QQQ",
        quantity=Decimal(2),
        price=Decimal("510.5"),
        amount=Decimal(1021),
        currency="USD",
        fee=Decimal("1.5"),
        tax=Decimal("0.1"),
        accrued_interest=Decimal("2.25"),
        to_account="Other",
        to_currency="TWD",
        to_amount=Decimal(33000),
        fx_rate=Decimal("32.5"),
        ex_date=dt.date(2025, 1, 2),
        tax_year=2024,
        note="a note",
        external_id="ID-1",
    )


def test_only_date_type_and_account_are_always_needed():
    row = one("date,type,account,amount", "2025-01-03,DEPOSIT,Bank,100")

    assert (row.currency, row.symbol, row.quantity, row.fee) == ("", "", None, 0)


def test_header_names_may_be_in_any_order_case_and_spacing():
    row = one(" Amount ,ACCOUNT,Type,DATE,External ID,ex-date", "100,Bank,deposit,2025-01-03,7,2025-01-01")

    assert (row.kind, row.amount, row.external_id, row.ex_date) == (Kind.DEPOSIT, 100, "7", dt.date(2025, 1, 1))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp950"])
def test_delimiter_line_ends_and_encoding_do_not_matter(delimiter, end, encoding):
    lines = [
        delimiter.join(cells) for cells in (["date", "type", "account", "amount"], ["2025-01-03", "DEPOSIT", "台灣銀行", "100"])
    ]

    found = reading(end.join(lines), encoding=encoding)

    assert [(row.account, row.amount) for row in found.rows] == [("台灣銀行", 100)]


def test_big5_is_mentioned_because_it_could_be_something_else():
    found = reading("date,type,account,amount\n2025-01-03,DEPOSIT,台灣銀行,100", encoding="cp950")

    assert "Big5" in found.warnings[0].reason


def test_thousands_separators_stand_in_quotes():
    assert one("date,type,account,amount", '2025-01-03,DEPOSIT,Bank,"1,234.50"').amount == Decimal("1234.50")


def test_slashes_are_dates_too():
    assert one("date,type,account,amount", "2025/01/31,DEPOSIT,Bank,1").date == dt.date(2025, 1, 31)


@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        ("date,type,account,amount", "2025-02-30,DEPOSIT,Bank,1", 'column date: "2025-02-30" is no day of the calendar'),
        ("date,type,account,amount", "25-02-03,DEPOSIT,Bank,1", 'column date: "25-02-03" has a two-digit year'),
        ("date,type,account,amount", ",DEPOSIT,Bank,1", "column date: is blank"),
        ("date,type,account,amount", "2026-01-02,DEPOSIT,Bank,1", "column date: 2026-01-02 lies in the future"),
        (
            "date,type,account,amount",
            "2025-01-03,PURCHASE,Bank,1",
            'column type: unknown type "PURCHASE"; known types: BUY, SELL',
        ),
        ("date,type,account,amount", "2025-01-03,,Bank,1", "column type: is blank; known types: BUY"),
        ("date,type,account,amount", "2025-01-03,DEPOSIT,,1", "column account: is blank; a DEPOSIT row needs it"),
        ("date,type,account,amount", '2025-01-03,DEPOSIT,Bank,"12,5O"', 'column amount: "12,5O" is not a number (letter O?)'),
        ("date,type,account,amount", '2025-01-03,DEPOSIT,Bank,"12,50"', "decimal comma"),
        ("date,type,account,amount", "2025-01-03,DEPOSIT,Bank,much", 'column amount: "much" is not a number'),
        (
            "date,type,account,amount",
            "2025-01-03,WITHDRAWAL,Bank,-5",
            "minus sign; numbers are positive, the type says the direction",
        ),
        ("date,type,account,amount", "2025-01-03,DEPOSIT,Bank,0.12345678901", "more than 10 decimals"),
        ("date,type,account,amount", "2025-01-03,DEPOSIT,Bank,1234567890.123456", "more than 15 digits"),
        ("date,type,account,amount,currency", "2025-01-03,DEPOSIT,Bank,1,NTD", '"NTD" is no currency code; TWD?'),
        ("date,type,account,amount,currency", "2025-01-03,DEPOSIT,Bank,1,XXZ", '"XXZ" is no currency code'),
        ("date,type,account,time,amount", "2025-01-03,DEPOSIT,Bank,9h,1", "column time"),
        ("date,type,account,tax_year,amount", "2025-01-03,TAX_REFUND,Bank,24,1", "column tax_year"),
        ("date,type,account,symbol,quantity", "2025-01-03,BUY,Broker,QQQ,1", "column price: is blank; a BUY row needs it"),
        ("date,type,account,symbol,quantity,price", "2025-01-03,BUY,Broker,QQQ,1,0", "column price: is 0; leave it blank"),
        ("date,type,account,symbol,quantity,price", "2025-01-03,SELL,Broker,QQQ,0,5", "column quantity: is 0"),
        ("date,type,account,quantity,price", "2025-01-03,BUY,Broker,1,5", "column symbol: is blank"),
        ("date,type,account,symbol", "2025-01-03,SPLIT,,QQQ", "column quantity: is blank; a SPLIT row needs it"),
        ("date,type,account,symbol,quantity,note", "2025-01-03,SPIN_OFF,,AAA,5,BBB", "begins with to:SYMBOL"),
        ("date,type,account,symbol,quantity,note", "2025-01-03,SPIN_OFF,,AAA,5,", "column note: is blank"),
        ("date,type,account,symbol,quantity,note", "2025-01-03,SPIN_OFF,,AAA,5,to:AAA", "names AAA itself"),
        ("date,type,account,to_account,amount", "2025-01-03,TRANSFER,Bank,,5", "column to_account: is blank"),
        ("date,type,account,to_account,amount", "2025-01-03,TRANSFER,Bank,Bank,5", "is the account itself"),
        ("date,type,account,to_account,symbol", "2025-01-03,TRANSFER,Bank,Other,QQQ", "column quantity: is blank"),
        ("date,type,account,amount,to_amount", "2025-01-03,FX,Bank,5,6", "column to_currency: is blank"),
        ("date,type,account,amount,to_currency", "2025-01-03,FX,Bank,5,USD", "column to_amount: is blank"),
        ("date,type,account", "2025-01-03,DIVIDEND,Broker", "column amount: is blank"),
        ("date,type,account", "2025-01-03,INTEREST,Bank", "column amount: is blank"),
        ("date,type,account", "2025-01-03,BALANCE,Bank", "is blank; a BALANCE row needs it"),
        ("date,type,account,amount", "2025-01-03,DEPOSIT,Bank,1,234", "5 cells under 4 column names"),
        ("date,type,account,amount", f"2025-01-03,DEPOSIT,{'x' * 81},1", "longer than 80 characters"),
    ],
)
def test_a_line_that_is_wrong_says_where_and_why(columns, cells, expected):
    assert expected in reason(columns, cells)


def test_a_line_with_several_faults_is_rejected_once_with_all_of_them():
    words = reason("date,type,account,amount", "25-01-03,DEPOSIT,Bank,many")

    assert "two-digit year" in words
    assert 'amount: "many" is not a number' in words


@pytest.mark.parametrize("column", ["amount", "quantity"])
def test_a_balance_may_be_overdrawn(column):
    row = one(
        "date,type,account,symbol,quantity,amount,currency",
        f"2025-01-03,BALANCE,Bank,QQQ,{'-5,,' if column == 'quantity' else ',-5,USD'}",
    )

    assert getattr(row, column) == -5


def test_zeros_in_columns_that_mean_nothing_are_blanks():
    row = one(HEADER, "2025-01-03,,DEPOSIT,Bank,,0,0,100,TWD,0,0,0,,,0,0,,,,")

    assert (row.quantity, row.price, row.to_amount, row.fx_rate, row.fee) == (None, None, None, None, 0)


def test_splits_and_spin_offs_may_leave_the_account_blank():
    found = reading(
        "date,type,account,symbol,quantity,note\n2025-06-18,SPLIT,,0050.TW,4,\n2025-07-01,SPIN_OFF,,AAA,5,to:BBB new\n",
        account="Broker",
    )

    # even where --account names one for rows that lack it
    assert [row.account for row in found.rows] == ["", ""]


def test_a_maturity_without_a_price_is_at_par():
    row = one("date,type,account,symbol,quantity", "2025-01-03,MATURITY,Broker,NOTE,20000")

    assert (row.quantity, row.price, row.amount) == (20000, None, None)


def test_the_named_account_fills_a_file_that_has_none():
    found = reading("date,type,amount\n2025-01-03,DEPOSIT,100\n", account="Bank")

    assert found.rows[0].account == "Bank"


def test_blank_lines_are_skipped_and_counted():
    found = reading("date,type,account,amount\n\n2025-01-03,DEPOSIT,Bank,100\n,,,\n2025-01-04,DEPOSIT,Bank,100\n\n")

    assert (found.source_rows, found.skipped, [row.line for row in found.rows]) == (5, 3, [3, 5])


def test_lines_are_counted_as_an_editor_does_even_after_a_note_of_several_lines():
    found = reading('date,type,account,amount,note\n2025-01-03,DEPOSIT,Bank,1,"two\nlines"\n2025-01-04,DEPOSIT,Bank,x,\n')

    assert found.rows[0].note == "two\nlines"
    assert found.rejected[0].line == 4


def test_an_unknown_column_is_a_warning():
    found = reading("date,type,account,amount,colour\n2025-01-03,DEPOSIT,Bank,1,red\n")

    assert [(problem.line, problem.column) for problem in found.warnings] == [(1, "colour")]
    assert len(found.rows) == 1


def test_a_field_that_means_nothing_for_the_type_is_a_warning():
    found = reading("date,type,account,amount,price\n2025-01-03,DEPOSIT,Bank,1,5\n")

    assert [(problem.line, problem.column) for problem in found.warnings] == [(2, "price")]


@pytest.mark.parametrize("missing", ["date", "type", "account"])
def test_a_missing_column_is_named(missing):
    columns = [name for name in ("date", "type", "account", "amount") if name != missing]

    with pytest.raises(FileError, match=f"the header lacks {missing}; it names") as error:
        reading(",".join(columns) + "\n")

    assert (error.value.line, error.value.column) == (1, missing)


def test_a_column_that_stands_twice_is_refused():
    with pytest.raises(FileError, match="names amount twice"):
        reading("date,type,account,amount,Amount\n")


def test_a_quotation_mark_that_is_never_closed_names_its_line():
    with pytest.raises(FileError, match="a quotation mark is not closed") as error:
        reading('date,type,account,amount\n2025-01-03,DEPOSIT,Bank,1\n2025-01-03,DEPOSIT,"Bank,1\n')

    assert error.value.line == 3


def test_a_file_of_blank_lines_is_no_ledger():
    with pytest.raises(FileError, match="holds no line of text"):
        reading("\n \n,,\n")


def test_a_header_without_rows_is_a_warning():
    assert "no rows" in reading(f"{HEADER}\n").warnings[0].reason


@pytest.mark.parametrize(
    ("cell", "text"),
    [("'=1+1", "=1+1"), ("'+5", "+5"), ("'-5", "-5"), ("'@x", "@x"), ("''=x", "'=x"), ("'tis", "'tis"), ("'", "'")],
)
def test_the_apostrophe_before_a_formula_is_taken_off(cell, text):
    assert one("date,type,account,amount,note", f"2025-01-03,DEPOSIT,Bank,1,{cell}").note == text


def test_a_ledger_is_recognised_by_its_header():
    assert ledger_file.recognises(data=HEADER.encode())
    assert ledger_file.recognises(data=b"\xef\xbb\xbfDate;Type;Account\n")
    assert not ledger_file.recognises(data=b"Symbol,Shares,Cost\n")
    assert not ledger_file.recognises(data=b"\0\0\0")
