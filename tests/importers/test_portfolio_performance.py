"""Portfolio Performance's exports in three languages and both generations."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.engine.kinds import Kind
from portfolio.importers.portfolio_performance import export_file
from portfolio.importers.text import FileError

TODAY = dt.date(2026, 1, 1)
ENGLISH = "Date,Type,Value,Transaction Currency,Gross Amount,Currency Gross Amount,Exchange Rate,Fees,Taxes,Shares,ISIN,WKN,Ticker Symbol,Security Name,Note"  # noqa: E501
GERMAN = "Datum;Typ;Wert;Buchungswährung;Bruttobetrag;Währung Bruttobetrag;Wechselkurs;Gebühren;Steuern;Stück;ISIN;WKN;Ticker-Symbol;Wertpapiername;Notiz"  # noqa: E501
OLD_ACCOUNT = "Date;Type;Value;Transaction Currency;Shares;ISIN;WKN;Ticker Symbol;Security Name;Note"
ABC = "US0378331005,865985,ABC,ABC Inc,"


def english(*lines: str) -> bytes:
    return ("\r\n".join([ENGLISH, *lines]) + "\r\n").encode()


def german(*lines: str) -> bytes:
    return ("\r\n".join([GERMAN, *lines]) + "\r\n").encode()


def read(data: bytes, *, account="Mine"):
    assert export_file.recognises(data=data)
    reading = export_file.read(data=data, today=TODAY, account=account)
    lines = {line for row in reading.rows for line in row.lines}
    assert reading.source_rows == len(lines) + reading.skipped + len(reading.needs_review) + len(reading.rejected)
    return reading


def only(data: bytes):
    reading = read(data)
    assert (reading.needs_review, reading.rejected) == ([], [])
    (row,) = reading.rows
    return row


def test_a_purchase_is_paid_with_its_charges_inside():
    # 1,012.50 = 1,000 + 10 + 2.50
    row = only(english(f'2024-01-05T10:30,Buy,"1,012.50",EUR,,,,10.00,2.50,4,{ABC}'))

    assert (row.kind, row.account, row.symbol, row.quantity, row.amount, row.fee, row.tax, row.time) == (
        Kind.BUY, "Mine", "ABC", 4, 1000, 10, Decimal("2.5"), dt.time(10, 30),
    )  # fmt: skip


@pytest.mark.parametrize("value", ['"987.50"', '"-987.50"'])
def test_a_sale_is_received_without_its_charges_whatever_its_sign(value):
    # 987.50 = 1,000 - 10 - 2.50
    row = only(english(f"2024-01-05,Sell,{value},EUR,,,,10.00,2.50,4,{ABC}"))

    assert (row.kind, row.amount, row.fee, row.tax) == (Kind.SELL, 1000, 10, Decimal("2.5"))


def test_a_dividend_is_gross_of_its_taxes():
    row = only(english(f"2024-01-05,Dividend,73.50,EUR,,,,0,26.50,4,{ABC}"))

    assert (row.kind, row.amount, row.tax) == (Kind.DIVIDEND, 100, Decimal("26.5"))


def test_german_files_have_decimal_commas_and_semicolons():
    row = only(german("2024-01-05;Kauf;-1.012,50;EUR;;;;10,00;2,50;4,5;US0378331005;865985;ABC;ABC Inc;"))

    assert (row.kind, row.amount, row.quantity) == (Kind.BUY, 1000, Decimal("4.5"))


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("Deposit", "Einlage", "存款"), Kind.DEPOSIT),
        (("Removal", "Entnahme", "取款"), Kind.WITHDRAWAL),
        (("Interest", "Zinsen", "利息"), Kind.INTEREST),
        (("Interest Charge", "Zinsbelastung", "利息徵費"), Kind.INTEREST_CHARGE),
        (("Dividend", "Dividende", "股息"), Kind.DIVIDEND),
        (("Fees", "Gebühren", "費用"), Kind.FEE),
        (("Fees Refund", "Gebührenerstattung", "費用退款"), Kind.FEE_REFUND),
        (("Taxes", "Steuern", "稅款"), Kind.TAX),
        (("Tax Refund", "Steuerrückerstattung", "退稅"), Kind.TAX_REFUND),
        (("Buy", "Kauf", "買入"), Kind.BUY),
        (("Sell", "Verkauf", "賣出"), Kind.SELL),
        (("Delivery (Inbound)", "Einlieferung", "交付（入庫）"), Kind.DELIVERY_IN),
        (("Delivery (Outbound)", "Auslieferung", "交付（出庫）"), Kind.DELIVERY_OUT),
    ],
)
def test_every_type_is_known_in_three_languages(words, kind):
    for word in words:
        assert only(english(f"2024-01-05,{word},100.50,EUR,,,,0,0,4,{ABC}")).kind == kind


def test_an_unknown_word_is_asked_about():
    assert read(english(f"2024-01-05,Achat,100.50,EUR,,,,0,0,4,{ABC}")).needs_review[0].code == "unknown_word"


def test_other_languages_are_known_by_the_places_of_isin_and_wkn():
    header = ",".join(["Fecha", "Tipo", "Valor", "a", "b", "c", "d", "e", "f", "g", "ISIN", "WKN", "h", "i", "j"])

    assert read(f"{header}\n2024-01-05,Compra,100.50,EUR,,,,0,0,4,{ABC}\n".encode()).needs_review


def test_both_halves_of_a_transfer_move_nothing_and_one_is_asked_about():
    out = "2024-01-05,Transfer (Outbound),-100.50,EUR,,,,0,0,,,,,,"
    back = "2024-01-05,Transfer (Inbound),100.50,EUR,,,,0,0,,,,,,"

    assert read(english(out, back)).skipped == 2
    assert read(english(out)).needs_review[0].code == "unpaired"


def test_the_same_purchase_in_account_and_portfolio_has_one_id():
    portfolio = only(english(f'2024-01-05,Buy,"1,012.50",EUR,,,,10.00,2.50,4,{ABC}'))
    account = only(english(f'2024-01-05,Buy,"-1,012.50",EUR,,,,10.00,2.50,4,{ABC}'))
    old = read((OLD_ACCOUNT + "\n2024-01-05;Buy;-1,012.50;EUR;4;US0378331005;865985;ABC;ABC Inc;\n").encode())

    assert portfolio.external_id == account.external_id == old.rows[0].external_id
    assert old.warnings[0].code == "no_charges"


def test_both_sides_of_a_purchase_in_one_file_count_once_and_true_twins_twice():
    portfolio, account = (f'2024-01-05,Buy,"{sign}1,012.50",EUR,,,,10.00,2.50,4,{ABC}' for sign in ("", "-"))

    assert (len(read(english(portfolio, account)).rows), read(english(portfolio, account)).skipped) == (1, 1)
    assert len(read(english(portfolio, portfolio)).rows) == 2


def test_a_foreign_security_gives_an_exact_rate():
    # 920 EUR for 1,000 USD
    reading = read(english(f'2024-01-05,Buy,920.00,EUR,"1,000.00",USD,0.92,0,0,4,{ABC}'))

    assert reading.rows[0].fx_rate == Decimal("0.92")
    assert (reading.rows[0].currency, reading.securities["ABC"].currency) == ("EUR", "USD")


@pytest.mark.parametrize("numbers", [("1.234", "4"), ("1,234", "5")])
def test_a_number_that_could_be_two_refuses_the_file(numbers):
    value, shares = numbers

    with pytest.raises(FileError, match="may be a thousand"):
        read(german(f"2024-01-05;Kauf;{value};EUR;;;;;;{shares};US0378331005;865985;ABC;ABC Inc;"))


def test_two_number_styles_refuse_the_file():
    with pytest.raises(FileError, match="two styles"):
        read(german("2024-01-05;Kauf;1.012,50;EUR;;;;1.50;;4;;;ABC;;"))


def test_a_negative_deposit_is_asked_about():
    assert read(english("2024-01-05,Deposit,-100.50,EUR,,,,0,0,,,,,,")).needs_review[0].code == "unexpected_sign"


def test_the_account_has_to_be_named():
    with pytest.raises(FileError, match="--account"):
        read(english(f"2024-01-05,Buy,100.50,EUR,,,,0,0,4,{ABC}"), account="")
