"""Ghostfolio's JSON export and CSV: activities become rows, and no cash flow is made up."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from portfolio.engine.kinds import Kind
from portfolio.importers.formats import format_of
from portfolio.importers.ghostfolio import ghostfolio_file
from portfolio.importers.text import FileError

TODAY = dt.date(2026, 1, 1)
ACTIVITY = {
    "accountId": "a-1", "comment": None, "fee": 1.5, "quantity": 10, "type": "BUY", "unitPrice": 100.25, "currency": "USD",
    "dataSource": "YAHOO", "date": "2024-01-05T00:00:00.000Z", "symbol": "ABC", "tags": [], "id": "act-1",
}  # fmt: skip


def export(*activities: dict, **more) -> bytes:
    content = {
        "meta": {"date": "2026-01-01T00:00:00.000Z", "version": "2.0"},
        "accounts": [{"id": "a-1", "name": "Broker", "balances": [{"date": "2024-01-01", "value": 5}]}],
        "activities": [ACTIVITY | activity for activity in activities],
    }
    return json.dumps(content | more).encode()


def read(data: bytes, **arguments):
    assert ghostfolio_file.recognises(data=data)
    reading = ghostfolio_file.read(data=data, today=TODAY, **arguments)
    lines = {line for row in reading.rows for line in row.lines}
    assert reading.source_rows == len(lines) + reading.skipped + len(reading.needs_review) + len(reading.rejected)
    return reading


def only(data: bytes, **arguments):
    (row,) = read(data, **arguments).rows
    return row


def test_a_purchase_names_its_account_and_keeps_its_id():
    row = only(export({}))

    assert (row.kind, row.account, row.symbol, row.date, row.quantity, row.price, row.amount, row.fee, row.external_id) == (
        Kind.BUY, "Broker", "ABC", dt.date(2024, 1, 5), 10, Decimal("100.25"), Decimal("1002.5"), Decimal("1.5"), "act-1",
    )  # fmt: skip


def test_no_cash_flow_is_made_up_and_the_file_says_so():
    reading = read(export({}))

    assert len(reading.rows) == 1
    assert "no_cash_flows" in {warning.code for warning in reading.warnings}


@pytest.mark.parametrize(
    ("kind", "amount", "fee", "symbol"),
    [
        ("DIVIDEND", "1002.5", "1.5", "ABC"),
        ("INTEREST", "1002.5", "1.5", ""),
        # the fee of a fee row is part of the fee
        ("FEE", "1004", "0", ""),
    ],
)
def test_each_type_makes_its_amount(kind, amount, fee, symbol):
    row = only(export({"type": kind}))

    assert (row.kind, row.amount, row.fee, row.symbol) == (Kind(kind), Decimal(amount), Decimal(fee), symbol)


def test_a_fee_may_stand_alone():
    assert only(export({"type": "FEE", "quantity": 0})).amount == Decimal("1.5")


@pytest.mark.parametrize("kind", ["LIABILITY", "ITEM"])
def test_what_the_ledger_does_not_keep_is_asked_about(kind):
    assert read(export({"type": kind})).needs_review[0].code == "out_of_scope"


@pytest.mark.parametrize(("price", "counts"), [(0, (0, 1, 0)), (5, (0, 1, 0))])
def test_a_purchase_of_nothing_is_a_placeholder(price, counts):
    reading = read(export({"quantity": 0, "unitPrice": price}))

    assert (len(reading.rows), reading.skipped, len(reading.needs_review)) == counts
    assert reading.warnings[0].code == "placeholder"


def test_a_purchase_at_no_price_is_asked_about():
    assert "price of 0" in read(export({"unitPrice": 0})).needs_review[0].reason


@pytest.mark.parametrize(("code", "whole"), [("GBp", "GBP"), ("GBX", "GBP"), ("ZAc", "ZAR"), ("ILA", "ILS")])
def test_hundredths_of_a_currency_become_the_currency(code, whole):
    row = only(export({"currency": code}))

    # 10 x 100.25 hundredths
    assert (row.currency, row.amount, row.fee) == (whole, Decimal("10.025"), Decimal("0.015"))


def test_what_was_typed_by_hand_goes_by_its_name():
    number = "6d2c1c0e-0000-4000-8000-000000000000"
    data = export(
        {"dataSource": "MANUAL", "symbol": number},
        assetProfiles=[{"dataSource": "MANUAL", "symbol": number, "name": "House fund", "currency": "EUR"}],
    )

    reading = read(data)

    assert reading.rows[0].symbol == "House fund"
    assert reading.securities["House fund"].currency == "EUR"


def test_the_day_is_the_one_in_utc_and_a_time_is_a_warning():
    reading = read(export({"date": "2024-01-05T23:30:00.000-05:00"}))

    assert reading.rows[0].date == dt.date(2024, 1, 6)
    assert reading.warnings[0].code == "time_of_day"


def test_a_date_ahead_is_a_warning_alone():
    reading = read(export({"date": "2026-02-01T00:00:00.000Z"}))

    assert len(reading.rows) == 1
    assert "future_date" in {warning.code for warning in reading.warnings}


def test_without_an_account_the_name_given_counts_and_none_is_refused():
    assert only(export({"accountId": None}), account="Mine").account == "Mine"
    with pytest.raises(FileError, match="--account"):
        read(export({"accountId": None}))
    with pytest.raises(FileError, match="not of Mine"):
        read(export({}), account="Mine")


def test_some_activities_without_an_account_take_the_name_given_or_are_asked_about():
    data = export({}, {"accountId": None, "id": "act-2"})

    assert [row.account for row in read(data, account="Mine").rows] == ["Broker", "Mine"]
    assert [problem.code for problem in read(data).needs_review] == ["no_account"]


def test_equal_activities_without_ids_are_two_events():
    reading = read(export({"id": None}, {"id": None}))

    assert len({row.external_id for row in reading.rows}) == 2


@pytest.mark.parametrize(
    "activity",
    [{"type": "GIFT"}, {"currency": "XYZ"}, {"date": "1969-12-31T00:00:00.000Z"}],
)
def test_what_ghostfolio_itself_refuses_refuses_the_whole_file(activity):
    with pytest.raises(FileError):
        read(export({}, activity))


@pytest.mark.parametrize(
    "data",
    [
        b'{"meta": {}, "activities": []}',
        b'{"meta": {}, "activities": [',
        b'{"meta": {}, "activities": [{"quantity": NaN}]}',
        b'{"meta": {}, "activities": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_a_file_without_activities_or_with_damage_is_refused(data):
    with pytest.raises(FileError):
        read(data)


CSV = "Date,Code,DataSource,Currency,Price,Quantity,Action,Fee,Note\n"


@pytest.mark.parametrize(
    "written", ["05-01-2024", "05/01/2024", "05.01.2024", "20240105", "2024-01-05", "2024-01-05T00:00:00Z"]
)
def test_csv_dates_are_read_in_every_style_day_first(written):
    row = only(f"{CSV}{written},ABC,YAHOO,USD,-100.25,-10,buy,-1.5,first\n".encode(), account="Mine")

    # signs are dropped
    assert (row.date, row.amount, row.quantity, row.fee, row.note) == (
        dt.date(2024, 1, 5), Decimal("1002.5"), 10, Decimal("1.5"), "first",
    )  # fmt: skip


def test_csv_dates_may_be_mixed():
    lines = "05-01-2024,ABC,YAHOO,USD,1,1,BUY,0,\n2024-01-06,ABC,YAHOO,USD,1,1,BUY,0,\n"

    assert [row.date.day for row in read((CSV + lines).encode(), account="Mine").rows] == [5, 6]


def test_a_year_of_two_digits_refuses_the_file():
    with pytest.raises(FileError, match="two-digit year"):
        read(f"{CSV}05-01-24,ABC,YAHOO,USD,1,1,BUY,0,\n".encode(), account="Mine")


@pytest.mark.parametrize(
    "header",
    [
        "TradeDate,Ticker,Ccy,UnitPrice,Qty,Type,Commission,Account",
        "date,symbol,currency,value,units,buy/sell,fee,accountid",
    ],
)
def test_csv_columns_go_by_several_names(header):
    row = only(f"{header}\n2024-01-05,ABC,USD,100,2,SELL,1,Broker\n".encode())

    assert (row.kind, row.account, row.amount, row.fee) == (Kind.SELL, "Broker", 200, 1)


def test_neither_a_ledger_nor_a_flex_query_is_taken_for_ghostfolios():
    ledger = b"date,type,account,symbol,quantity,price,currency,fee\n"
    flex = b"ClientAccountID,CurrencyPrimary,Symbol,TradeDate,Quantity,TradePrice,Buy/Sell,IBCommission\n"

    assert format_of(name="auto", data=ledger).name == "ledger"
    assert format_of(name="auto", data=flex).name == "ibkr-csv"
    assert format_of(name="auto", data=CSV.encode()).name == "ghostfolio"
