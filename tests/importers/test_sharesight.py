"""Sharesight's reports All Trades and Taxable Income."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.engine.kinds import Kind
from portfolio.importers.sharesight import reports
from portfolio.importers.text import FileError
from tests.importers.brokers import bring, stored

TODAY = dt.date(2026, 1, 1)
TRADES = """Family - All Trades Report between 2024-01-01 and 2024-12-31,,,,,,,,,,,,
,,,,,,,,,,,,
Market,Code,Name,Type,Date,Quantity,Price *,Brokerage *,Currency,Exchange Rate,Value,,Comments
{rows},,,,,,,,,,,,
* Prices and brokerage are specified in market currency.,,,,,,,,,,,,
"""
INCOME = """Family - Taxable Income Report between 2024-01-01 and 2024-12-31,,,,,,,,
,,,,,,,,
Local Income,,,,,,,,
Dividend Payments,,,,,,,,
Code,Name,Date Paid,Net Dividend,Tax Deducted,Tax Credit,Gross Dividend,Comments,
{local}Total,,,8.00,2.00,1.00,10.00,,
Total Local Income,,,,,,10.00,,
,,,,,,,,
Foreign Income,,,,,,,,
Code,Name,Date Paid,Exchange Rate,Currency,Net Amount,Foreign Tax Deducted,Gross Amount,Comments
{foreign}Total,,,,,70.00,30.00,100.00,
"""
BUY = "NASDAQ,ABC,ABC Inc,Buy,05/02/2024,10,100.5,5,USD,1.35,750.00,,\n"


def trades(*rows: str) -> bytes:
    return TRADES.format(rows="".join(rows)).encode()


def income(*, local="", foreign="") -> bytes:
    return INCOME.format(local=local, foreign=foreign).encode()


def read(data: bytes, *, account="Mine"):
    assert reports.recognises(data=data)
    reading = reports.read(data=data, today=TODAY, account=account)
    lines = {line for row in reading.rows for line in row.lines}
    assert reading.source_rows == len(lines) + reading.skipped + len(reading.needs_review) + len(reading.rejected)
    return reading


def test_a_trade_is_booked_in_the_markets_currency():
    reading = read(trades(BUY))

    (row,) = reading.rows
    assert (row.kind, row.symbol, row.date, row.quantity, row.price, row.amount, row.fee, row.currency) == (
        Kind.BUY, "ABC", dt.date(2024, 2, 5), 10, Decimal("100.5"), 1005, 5, "USD",
    )  # fmt: skip
    assert (reading.source_rows, reading.securities["ABC"].name) == (1, "ABC Inc")


def test_a_sale_is_negative():
    (row,) = read(trades("NASDAQ,ABC,ABC Inc,Sell,05/02/2024,-10,100.5,5,USD,0,-740.00,,\n")).rows

    assert (row.kind, row.quantity, row.amount) == (Kind.SELL, 10, 1005)


@pytest.mark.parametrize("word", ["Split", "Opening Balance", "Consolidation", "Merger"])
def test_other_types_are_asked_about(word):
    assert read(trades(BUY.replace("Buy", word))).needs_review[0].code == "corporate_action"


FX = "FX,{code},{code},{side},05/02/2024,{units},1,0,{code},1.35,{value},,\n"
SOLD = FX.format(code="USD", side="Sell", units="-1350", value="-1000")
BOUGHT = FX.format(code="EUR", side="Buy", units="920", value="1000")


def test_both_legs_of_one_value_are_an_exchange_and_one_leg_is_asked_about():
    (row,) = read(trades(SOLD, BOUGHT)).rows

    assert (row.kind, row.amount, row.currency, row.to_amount, row.to_currency) == (Kind.FX, 1350, "USD", 920, "EUR")
    assert read(trades(SOLD)).needs_review[0].code == "unpaired"


def test_a_fund_quoted_in_pence_shows_by_its_value():
    # 100 x 250 pence = 250 GBP, in a portfolio in GBP
    (row,) = read(trades("FundUK,GB00X,Fund,Buy,05/02/2024,100,250,0,GBP,1,250.00,,\n")).rows

    assert (row.amount, row.price) == (250, None)


def test_shares_received_as_pay_are_no_purchase():
    reading = read(trades(BUY.replace(",,\n", ",,Stock Activity\n")))

    assert (reading.rows[0].kind, reading.warnings[0].code) == (Kind.DELIVERY_IN, "shares_as_pay")


def test_one_code_on_two_markets_is_two_symbols():
    reading = read(trades(BUY, BUY.replace("NASDAQ", "LSE")))

    assert sorted(row.symbol for row in reading.rows) == ["ABC.LSE", "ABC.NASDAQ"]


FOREIGN = "ABC.NASDAQ,ABC Inc,07/03/2024,1.35,USD,70.00,30.00,100.00,\n"
LOCAL = "XYZ.LSE,XYZ plc,08/03/2024,8.00,2.00,1.00,10.00,,\n"


def test_foreign_income_is_gross_with_its_tax_and_totals_are_skipped():
    reading = read(income(foreign=FOREIGN))

    (row,) = reading.rows
    assert (row.kind, row.symbol, row.amount, row.tax, row.currency) == (Kind.DIVIDEND, "ABC", 100, 30, "USD")
    assert reading.skipped == 3


def test_local_income_is_in_the_currency_that_the_trades_in_the_file_tell():
    reading = read(trades("LSE,XYZ,XYZ plc,Buy,05/02/2024,10,10,0,GBP,1,100.00,,\n") + income(local=LOCAL))

    (row,) = (each for each in reading.rows if each.kind == Kind.DIVIDEND)
    # a tax credit is no cash
    assert (row.symbol, row.amount, row.tax, row.currency) == ("XYZ", 10, 2, "GBP")


@pytest.mark.django_db
def test_local_income_alone_takes_the_currency_of_trades_imported_before_or_is_asked_about():
    asked = bring(income(local=LOCAL))
    bring(trades("LSE,XYZ,XYZ plc,Buy,05/02/2024,10,10,0,GBP,1.9,52.00,,\n"))
    booked = bring(income(local=LOCAL))

    assert ([problem.line for problem in asked.needs_review], asked.written) == ([6], 0)
    assert booked.written == 1
    assert stored("kind", "currency", "amount", kind="DIVIDEND") == [("DIVIDEND", "GBP", "10")]


def test_income_that_does_not_add_up_is_asked_about():
    assert read(income(foreign=FOREIGN.replace("70.00", "60.00"))).needs_review[0].code == "does_not_add_up"


def test_a_trusts_income_is_asked_about():
    data = income(foreign=FOREIGN).replace(b"Foreign Income", b"Trust Income")

    assert read(data).needs_review[0].code == "unknown_word"


def test_the_account_has_to_be_named():
    with pytest.raises(FileError, match="--account"):
        read(trades(BUY), account="")


def test_the_order_of_rows_makes_no_difference():
    later = BUY.replace("05/02", "06/02")

    forward, backward = read(trades(BUY, later)), read(trades(later, BUY))

    assert [row.external_id for row in forward.rows] == [row.external_id for row in backward.rows]


def test_newer_reports_name_the_currencies_apart_and_follow_the_language():
    head = (
        "Family - All Trades Report between 2025-06-12 and 2026-06-12\n"
        "Market,Code,Name,Type,Date,Quantity,Price,Instrument Currency,Cost base per share (SEK),Brokerage,Brokerage Currency,"
        "Exchange Rate,Value,,Comments\n"
    )
    row = 'NASDAQ,ABC,ABC Inc,Sell,12/06/2025,\u22124,"12,50",USD,"0,00","9,00",SEK,"0,100000","\u2212500,00",All Trades,\n'

    sale, fee = read((head + row).encode()).rows

    assert (sale.kind, sale.quantity, sale.amount, sale.currency, sale.fee) == (Kind.SELL, 4, 50, "USD", 0)
    assert (fee.kind, fee.amount, fee.currency) == (Kind.FEE, 9, "SEK")
