"""Interactive Brokers in CSV: Flex queries with any columns in any order, and the portal's transaction history."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.engine.kinds import Kind
from portfolio.importers.ibkr import csv_file
from portfolio.importers.text import FileError

TODAY = dt.date(2026, 1, 1)
TRADES = "ClientAccountID,CurrencyPrimary,AssetClass,Symbol,Conid,ISIN,TradeDate,DateTime,Quantity,TradePrice,Proceeds,IBCommission,IBCommissionCurrency,NetCash,Buy/Sell,TransactionID"  # noqa: E501
BUY = "U777,USD,STK,ABC,1,US0378331005,20240105,20240105;101112,10,100.5,-1005,-1,USD,-1006,BUY,101"
CASH = "ClientAccountID,CurrencyPrimary,Symbol,ISIN,Description,Date/Time,SettleDate,Amount,Type,TransactionID"
_ABC = "U777,USD,ABC,US0378331005"
DIVIDEND = f"{_ABC},ABC(US0378331005) CASH DIVIDEND USD 1 PER SHARE (Ordinary Dividend),20240315,20240315,10,Dividends,201"
TAX = f"{_ABC},ABC(4711001) CASH DIVIDEND USD 1 PER SHARE - US TAX,20240315,20240315,-3,Withholding Tax,202"


def quoted(*lines: str) -> bytes:
    return "".join(",".join(f'"{cell}"' for cell in line.split(",")) + "\r\n" for line in lines).encode()


def read(data: bytes, **arguments):
    assert csv_file.recognises(data=data)
    reading = csv_file.read(data=data, today=TODAY, **arguments)
    lines = {line for row in reading.rows for line in row.lines}
    assert reading.source_rows == len(lines) + reading.skipped + len(reading.needs_review) + len(reading.rejected)
    return reading


def test_sections_follow_each_other_with_headers_of_their_own():
    reading = read(quoted(TRADES, BUY, CASH, DIVIDEND, TAX))

    assert [(row.kind, row.amount, row.tax, row.lines) for row in reading.rows] == [
        (Kind.BUY, 1005, 0, (2,)),
        # the two texts name one security by two numbers
        (Kind.DIVIDEND, 10, 3, (4, 5)),
    ]
    assert reading.rows[0].external_id == "101"


def test_columns_stand_in_any_order():
    names, cells = TRADES.split(","), BUY.split(",")

    reading = read(quoted(",".join(reversed(names)), ",".join(reversed(cells))))

    assert (reading.rows[0].kind, reading.rows[0].quantity, reading.rows[0].fee) == (Kind.BUY, 10, 1)


def test_headers_and_trailers_with_record_codes_are_stripped():
    data = quoted(
        "BOF,U777,x", "BOA,U777", "BOS,TRNT,Trades", f"HEADER,TRNT,{TRADES}", f"DATA,TRNT,{BUY}", "EOS,TRNT,1",
        "BOS,CTRN,Cash", f"HEADER,CTRN,{CASH}", f"DATA,CTRN,{DIVIDEND}", "EOS,CTRN,1", "EOA,U777", "EOF,1",
    )  # fmt: skip

    reading = read(data)

    assert [row.kind for row in reading.rows] == [Kind.BUY, Kind.DIVIDEND]
    assert reading.source_rows == 2


@pytest.mark.parametrize(
    ("column", "shown"), [("Buy/Sell", "Buy/Sell"), ("Quantity", "Quantity"), ("CurrencyPrimary", "CurrencyPrimary")]
)
def test_a_needed_column_that_is_missing_is_named(column, shown):
    place = TRADES.split(",").index(column)
    lines = [",".join(cell for number, cell in enumerate(line.split(",")) if number != place) for line in (TRADES, BUY)]

    with pytest.raises(FileError, match=f"lack the column {shown}"):
        read(quoted(*lines))


def test_without_an_isin_a_row_is_an_exchange_or_a_question():
    header = "ClientAccountID,CurrencyPrimary,Symbol,ISIN,TradeDate,Quantity,TradePrice,Proceeds,Buy/Sell,IBCommission"
    named = "U777,USD,EUR.USD,,20240105,-1000,1.1,1100,SELL,-2"
    nameless = "U777,USD,,,20240105,-1000,1.1,1100,SELL,-2"

    reading = read(quoted(header, named, nameless))

    assert [(row.kind, row.amount, row.currency) for row in reading.rows] == [(Kind.FX, 1000, "EUR"), (Kind.FEE, 2, "USD")]
    assert "may be an exchange" in reading.needs_review[0].reason


def test_only_the_finest_level_counts():
    reading = read(quoted(f"{TRADES},LevelOfDetail", f"{BUY},EXECUTION", f"{BUY},ORDER"))

    assert (len(reading.rows), reading.skipped) == (1, 1)


HISTORY = """Statement,Header,Field Name,Field Value
Statement,Data,Title,Transaction History
Summary,Header,Field Name,Field Value
Summary,Data,Base Currency,EUR
Summary,Data,Change,{change}
Transaction History,Header,Date,Account,Description,Transaction Type,Symbol,Quantity,Price,{columns}
"""
OLD = "Gross Amount ,Commission,Net Amount"
NEW = "Price Currency,Gross Amount ,Commission,Net Amount,Exchange Rate"


def history(*lines: str, change="-", columns=OLD) -> bytes:
    head = HISTORY.format(change=change, columns=columns)
    return (head + "".join(f"Transaction History,Data,{line}\n" for line in lines)).encode()


def only(data: bytes, **arguments):
    reading = read(data, **arguments)
    assert (reading.needs_review, reading.rejected) == ([], [])
    (row,) = reading.rows
    return row


def test_a_trade_in_the_base_currency():
    row = only(history("2025-03-03,U***777,X CORP,Buy,XCO,10,100,-1000.0,-1,-1001", change="-1001"))

    assert (row.kind, row.account, row.symbol, row.quantity, row.price, row.amount, row.fee, row.currency) == (
        Kind.BUY, "U***777", "XCO", 10, 100, 1000, 1, "EUR",
    )  # fmt: skip


def test_a_masked_number_may_be_given_a_name_and_a_whole_one_may_not():
    line = "2025-03-03,{},X CORP,Buy,XCO,10,100,-1000.0,-1,-1001"

    assert only(history(line.format("U***777")), account="Mine").account == "Mine"
    with pytest.raises(FileError, match="not of Mine"):
        read(history(line.format("U1234777")), account="Mine")


def test_a_trade_in_another_currency_keeps_its_price_and_gets_a_rate():
    reading = read(history("2025-03-03,U***777,X CORP,Sell,XCO,-10,100,USD,920,-1,919,0.92", columns=NEW))

    (row,) = reading.rows
    # 920 EUR for 10 x 100 USD
    assert (row.kind, row.price, row.amount, row.currency, row.fx_rate) == (Kind.SELL, 100, 920, "EUR", Decimal("0.92"))
    assert reading.securities["XCO"].currency == "USD"


def test_an_old_file_does_not_tell_the_currency_of_a_price():
    reading = read(history("2025-03-03,U***777,X CORP,Buy,XCO,10,100,-920,-1,-921"))

    assert (reading.rows[0].price, reading.rows[0].amount) == (None, 920)
    assert reading.warnings[0].code == "currency_unknown"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Dividend,XCO,-,-,5,-,5", Kind.DIVIDEND),
        ("Payment in Lieu,XCO,-,-,5,-,5", Kind.PAYMENT_IN_LIEU),
        ("Foreign Tax Withholding,XCO,-,-,-5,-,-5", Kind.TAX),
        ("Credit Interest,-,-,-,5,-,5", Kind.INTEREST),
        ("Debit Interest,-,-,-,-5,-,-5", Kind.INTEREST_CHARGE),
        ("Deposit,-,-,-,5,-,5", Kind.DEPOSIT),
        ("Withdrawal,-,-,-,-5,-,-5", Kind.WITHDRAWAL),
        ("Other Fee,-,-,-,-5,-,-5", Kind.FEE),
    ],
)
def test_each_type_has_its_word(line, kind):
    row = only(history(f"2025-03-03,U***777,TEXT,{line}"))

    assert (row.kind, row.amount) == (kind, 5)


def test_a_tax_joins_the_dividend_of_its_symbol_and_day():
    row = only(
        history(
            "2025-03-03,U***777,XCO TAX,Foreign Tax Withholding,XCO,-,-,-1,-,-1",
            "2025-03-03,U***777,XCO DIV,Dividend,XCO,-,-,10,-,10",
        )
    )

    assert (row.kind, row.amount, row.tax) == (Kind.DIVIDEND, 10, 1)


def test_a_tax_on_interest_joins_its_month_and_its_cancel_is_a_refund():
    reading = read(
        history(
            "2025-04-05,U***777,CANCEL WITHHOLDING ON Credit Interest,Foreign Tax Withholding,-,-,-,1,-,1",
            "2025-03-05,U***777,Withholding @ 20% on Credit Interest for Feb-2025,Foreign Tax Withholding,-,-,-,-1,-,-1",
            "2025-03-05,U***777,USD Credit Interest for Feb-2025,Credit Interest,-,-,-,5,-,5",
        )
    )

    assert [(row.kind, row.amount, row.tax) for row in reading.rows] == [(Kind.INTEREST, 5, 1), (Kind.TAX_REFUND, 1, 0)]


def test_lending_income_is_a_rebate():
    assert only(history("2025-03-05,U***777,USD SYEP Interest,Credit Interest,-,-,-,5,-,5")).kind == Kind.LENDING_REBATE


def test_what_exchanging_left_over_is_kept_so_that_cash_agrees():
    reading = read(
        history(
            "2025-03-05,U***777,EUR.USD,Forex Trade Component,EUR.USD,-,-,-1.5E-4,-,-1.5E-4",
            "2025-03-05,U***777,FX Translations P&L,Adjustment,-,-,-,0.5,-,0.5",
            change="0.49985",
        )
    )

    assert [(row.kind, row.amount, row.symbol) for row in reading.rows] == [
        (Kind.FEE, Decimal("0.00015"), ""),
        (Kind.FEE_REFUND, Decimal("0.5"), ""),
    ]
    assert [warning.code for warning in reading.warnings] == ["currency_remainder"]


def test_rows_that_do_not_make_the_summarys_change_are_a_warning():
    assert read(history("2025-03-05,U***777,T,Deposit,-,-,-,5,-,5", change="7")).warnings[0].code == "control_total"


@pytest.mark.parametrize("word", ["Stock Split", "Merger", "Adjustment"])
def test_other_words_are_asked_about(word):
    assert read(history(f"2025-03-05,U***777,TEXT,{word},XCO,-,-,5,-,5")).needs_review[0].code == "unknown_word"


def test_the_order_of_the_file_makes_no_difference():
    lines = [f"2025-03-0{day},U***777,T,Deposit,-,-,-,{day},-,{day}" for day in (1, 2, 3)]

    forward, backward = read(history(*lines)), read(history(*reversed(lines)))

    assert [row.external_id for row in forward.rows] == [row.external_id for row in backward.rows]


def test_without_a_base_currency_the_file_is_refused():
    data = history("2025-03-05,U***777,T,Deposit,-,-,-,5,-,5").replace(b"Base Currency", b"Other")

    with pytest.raises(FileError, match="base currency"):
        read(data)


def test_several_accounts_in_one_history_keep_their_names():
    line = "2025-03-03,{},T,Deposit,-,-,-,5,-,5"

    assert [row.account for row in read(history(line.format("One"), line.format("Two"))).rows] == ["One", "Two"]


def test_a_bonds_price_is_per_hundred():
    # 2,000 x 99.5 / 100
    reading = read(history("2025-03-03,U***777,T-NOTE,Buy,T 4 5/8 02/28/26,2000,99.5,-1990,-1,-1991"))

    assert (reading.rows[0].price, reading.rows[0].amount) == (Decimal("99.5"), 1990)
    assert reading.securities["T 4 5/8 02/28/26"].type == "BOND"
