"""OFX and QFX in both encodings: what each element becomes, and which files are refused."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from portfolio.engine.kinds import Kind
from portfolio.importers.ofx import ofx_file
from portfolio.importers.text import FileError
from tests.importers.brokers import bring

TODAY = dt.date(2026, 1, 1)
SGML = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

"""
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE"?>\n'
SECURITIES = """<SECLISTMSGSRSV1><SECLIST>
<STOCKINFO><SECINFO><SECID><UNIQUEID>037833100<UNIQUEIDTYPE>CUSIP</SECID><SECNAME>ABC INC<TICKER>ABC</SECINFO></STOCKINFO>
<DEBTINFO><SECINFO><SECID><UNIQUEID>91282CFV8<UNIQUEIDTYPE>CUSIP</SECID><SECNAME>T-NOTE</SECINFO><PARVALUE>1000
<DEBTTYPE>COUPON<COUPONRT>4.125<DTMAT>20321115</DEBTINFO>
</SECLIST></SECLISTMSGSRSV1>"""


def ofx(*rows: str, header=SGML, bank="", account="12345777", securities=SECURITIES) -> bytes:
    return f"""{header}<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20250101<LANGUAGE>ENG
<INTU.BID>1234</SONRS></SIGNONMSGSRSV1><INVSTMTMSGSRSV1><INVSTMTTRNRS><TRNUID>0<STATUS><CODE>0<SEVERITY>INFO</STATUS>
<INVSTMTRS><DTASOF>20250101<CURDEF>USD<INVACCTFROM><BROKERID>x.com<ACCTID>{account}</INVACCTFROM>
<INVTRANLIST><DTSTART>20240101<DTEND>20241231{"".join(rows)}</INVTRANLIST>
<INVPOSLIST><POSSTOCK><INVPOS><SECID><UNIQUEID>037833100<UNIQUEIDTYPE>CUSIP</SECID><UNITS>10</INVPOS></POSSTOCK></INVPOSLIST>
<INVBAL><AVAILCASH>5</INVBAL><INVOOLIST><OOBUYSTOCK><OO><UNITS>3</OO></OOBUYSTOCK></INVOOLIST>
</INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1>{bank}{securities}</OFX>""".encode()


def row(tag: str, values: str, *, number="1", memo="", day="20240105", security="037833100", inner="") -> str:
    wrapped = {"BUY": "INVBUY", "SEL": "INVSELL"}.get(tag[:3], "")
    secid = f"<SECID><UNIQUEID>{security}<UNIQUEIDTYPE>CUSIP</SECID>" if security else ""
    body = f"<INVTRAN><FITID>{number}<DTTRADE>{day}{f'<MEMO>{memo}' if memo else ''}{inner}</INVTRAN>{secid}{values}"
    if not wrapped:
        return f"<{tag}>{body}</{tag}>"
    kind = "" if "TYPE>" in values else f"<{wrapped[3:]}TYPE>{wrapped[3:]}"
    return f"<{tag}><{wrapped}>{body}</{wrapped}>{kind}</{tag}>"


def bank_row(kind: str, amount: str, *, name="", number="1", day="20240105", extra="") -> str:
    return (
        f"<INVBANKTRAN><STMTTRN><TRNTYPE>{kind}<DTPOSTED>{day}<TRNAMT>{amount}<FITID>{number}<NAME>{name or kind}"
        f"{extra}</STMTTRN><SUBACCTFUND>CASH</INVBANKTRAN>"
    )


BUY = row("BUYSTOCK", "<UNITS>10<UNITPRICE>100.5<COMMISSION>1<FEES>0.5<TOTAL>-1006.5<SUBACCTSEC>CASH<SUBACCTFUND>CASH")


def read(data: bytes, **arguments):
    assert ofx_file.recognises(data=data)
    reading = ofx_file.read(data=data, today=TODAY, **arguments)
    lines = {line for row in reading.rows for line in row.lines}
    assert reading.source_rows == len(lines) + reading.skipped + len(reading.needs_review) + len(reading.rejected)
    return reading


def only(data: bytes, **arguments):
    reading = read(data, **arguments)
    assert (reading.needs_review, reading.rejected) == ([], [])
    (found,) = reading.rows
    return found


def closed(data: bytes) -> bytes:
    """Write the end of every value, as XML needs it."""
    text = data.decode().split("<OFX>", 1)[1]
    return (XML + "<OFX>" + re.sub(r"<([A-Z0-9.]+)>([^<\n]+)", r"<\1>\2</\1>", text)).encode()


@pytest.mark.parametrize("data", [ofx(BUY), closed(ofx(BUY)), ofx(BUY).replace(b"\n", b"\r\n")])
def test_both_encodings_say_the_same(data):
    found = only(data)

    assert (found.kind, found.account, found.symbol, found.quantity, found.price, found.amount, found.fee) == (
        Kind.BUY, "12345777", "ABC", 10, Decimal("100.5"), 1005, Decimal("1.5"),
    )  # fmt: skip
    assert found.external_id.startswith("1 & ofx:")


def test_positions_balances_and_open_orders_are_no_rows():
    assert read(ofx(BUY)).source_rows == 1


def test_a_security_is_described_by_the_files_list():
    values = "<UNITS>2000<UNITPRICE>99<ACCRDINT>12.5<TOTAL>-1992.5"
    reading = read(ofx(BUY, row("BUYDEBT", values, number="2", security="91282CFV8")))

    note = reading.securities["91282CFV8"]
    assert (reading.securities["ABC"].cusip, reading.securities["ABC"].name) == ("037833100", "ABC INC")
    assert (note.type, note.price_unit, note.coupon_rate, note.maturity_date) == (
        "BOND", Decimal("0.01"), Decimal("0.04125"), dt.date(2032, 11, 15),
    )  # fmt: skip
    assert "no_ticker" in {warning.code for warning in reading.warnings}
    bond = reading.rows[1]
    assert (bond.amount, bond.price, bond.accrued_interest) == (1980, 99, Decimal("12.5"))


@pytest.mark.parametrize("written", ["20240105233000[-5:EST]", "20240105", "20240105120000.000", "20240105000000[+8:CST]"])
def test_the_day_is_taken_as_it_is_written(written):
    assert only(ofx(BUY.replace("<DTTRADE>20240105", f"<DTTRADE>{written}"))).date == dt.date(2024, 1, 5)


@pytest.mark.parametrize(
    ("tag", "values", "kind"),
    [
        ("BUYMF", "<UNITS>10<UNITPRICE>100<TOTAL>-1000", Kind.BUY),
        ("BUYOTHER", "<UNITS>10<UNITPRICE>100<TOTAL>-1000", Kind.BUY),
        ("SELLSTOCK", "<UNITS>-10<UNITPRICE>100<COMMISSION>1<TOTAL>999", Kind.SELL),
        ("SELLMF", "<UNITS>-10<UNITPRICE>100<TOTAL>1000", Kind.SELL),
        ("SELLOTHER", "<UNITS>-10<UNITPRICE>100<TOTAL>1000", Kind.SELL),
    ],
)
def test_each_trade_has_its_word(tag, values, kind):
    found = only(ofx(row(tag, values)))

    assert (found.kind, found.quantity, found.amount) == (kind, 10, 1000)


@pytest.mark.parametrize(("reason", "kind"), [("CALL", Kind.MATURITY), ("MATURITY", Kind.MATURITY), ("SELL", Kind.SELL)])
def test_a_debt_that_ends_is_a_maturity(reason, kind):
    values = "<UNITS>-2000<UNITPRICE>100<TOTAL>2000"
    data = ofx(row("SELLDEBT", values, security="91282CFV8").replace("</INVSELL>", f"</INVSELL><SELLREASON>{reason}"))

    assert only(data).kind == kind


def test_a_short_position_is_asked_about():
    data = ofx(BUY.replace("<BUYTYPE>BUY", "<BUYTYPE>BUYTOCOVER"))

    assert read(data).needs_review[0].code == "out_of_scope"


def test_money_that_does_not_add_up_is_asked_about():
    assert read(ofx(BUY.replace("-1006.5", "-1100"))).needs_review[0].code == "does_not_add_up"


def test_a_reinvestment_is_two_rows():
    reading = read(ofx(row("REINVEST", "<INCOMETYPE>DIV<TOTAL>-50<SUBACCTSEC>CASH<UNITS>0.5<UNITPRICE>100")))

    assert [(found.kind, found.amount, found.quantity) for found in reading.rows] == [
        (Kind.DIVIDEND, 50, None),
        (Kind.BUY, 50, Decimal("0.5")),
    ]
    assert len({found.external_id for found in reading.rows}) == 2
    assert reading.source_rows == 1


@pytest.mark.parametrize(
    ("word", "memo", "security", "kind"),
    [
        ("DIV", "", "037833100", Kind.DIVIDEND),
        ("CGLONG", "", "037833100", Kind.DIVIDEND),
        ("CGSHORT", "", "037833100", Kind.DIVIDEND),
        ("INTEREST", "", "91282CFV8", Kind.COUPON),
        ("INTEREST", "", "037833100", Kind.INTEREST),
        ("MISC", "FULLYPAID LENDING REBATE MAR 2024", "037833100", Kind.LENDING_REBATE),
        ("MISC", "INTEREST ON CREDIT BALANCE", "037833100", Kind.INTEREST),
        ("MISC", "SUBST PAY IN LIEU OF DIVIDEND", "037833100", Kind.PAYMENT_IN_LIEU),
    ],
)
def test_each_income_has_its_word(word, memo, security, kind):
    assert only(ofx(row("INCOME", f"<INCOMETYPE>{word}<TOTAL>5", memo=memo, security=security))).kind == kind


def test_an_income_that_says_nothing_is_asked_about():
    assert read(ofx(row("INCOME", "<INCOMETYPE>MISC<TOTAL>5", memo="THING"))).needs_review[0].code == "unknown_word"


@pytest.mark.parametrize(
    ("total", "gross", "code"),
    [
        # 30 is 30 % of 100: the total is gross; 30 is 30 % of 70 + 30: the total is what was left
        ("100", 100, ["tax_inferred"]),
        ("70", 100, []),
    ],
)
def test_a_tax_inside_an_income_is_told_from_the_usual_rates(total, gross, code):
    reading = read(ofx(row("INCOME", f"<INCOMETYPE>DIV<TOTAL>{total}<WITHHOLDING>30")))

    assert [(found.amount, found.tax) for found in reading.rows] == [(gross, 30)]
    assert [warning.code for warning in reading.warnings] == code


def test_a_tax_among_the_expenses_joins_its_income():
    income = row("INCOME", "<INCOMETYPE>DIV<TOTAL>100")
    tax = row("INVEXPENSE", "<TOTAL>-30", number="2", memo="NRA W/H TAX")

    found = only(ofx(tax, income))

    assert (found.amount, found.tax, set(found.lines)) == (100, 30, {1, 2})
    assert only(ofx(tax)).kind == Kind.TAX
    assert only(ofx(row("INVEXPENSE", "<TOTAL>-3", memo="CUSTODY"))).kind == Kind.FEE


def test_margin_interest_and_capital_returned():
    reading = read(ofx(row("MARGININTEREST", "<TOTAL>-5", security=""), row("RETOFCAP", "<TOTAL>7", number="2")))

    assert [(found.kind, found.amount) for found in reading.rows] == [
        (Kind.INTEREST_CHARGE, 5),
        (Kind.RETURN_OF_CAPITAL, 7),
    ]


def test_a_split_by_its_ratio_and_with_cash_a_question():
    split = "<OLDUNITS>10<NEWUNITS>40<NUMERATOR>4<DENOMINATOR>1"

    assert only(ofx(row("SPLIT", split))).quantity == 4
    assert read(ofx(row("SPLIT", f"{split}<FRACCASH>3.2"))).needs_review[0].code == "corporate_action"


def test_units_that_leave_and_come_back_move_nothing():
    out = row("TRANSFER", "<UNITS>-5<TFERACTION>OUT<UNITPRICE>100")
    back = row("TRANSFER", "<UNITS>5<TFERACTION>IN<UNITPRICE>100", number="2")

    assert read(ofx(out, back)).skipped == 2


def test_units_from_outside_come_in_at_their_price_and_a_fee_in_units_is_a_question():
    reading = read(
        ofx(
            row("TRANSFER", "<UNITS>5<TFERACTION>IN<UNITPRICE>100"),
            row("TRANSFER", "<UNITS>0.01<TFERACTION>OUT<UNITPRICE>100", number="2", memo="Recordkeeping Expense"),
        )
    )

    assert [(found.kind, found.quantity, found.price) for found in reading.rows] == [(Kind.DELIVERY_IN, 5, 100)]
    assert "SELL and a FEE" in reading.needs_review[0].reason


@pytest.mark.parametrize(
    ("kind", "amount", "name", "expected"),
    [
        ("INT", "5", "", Kind.INTEREST),
        ("DIV", "5", "", Kind.DIVIDEND),
        ("FEE", "-5", "", Kind.FEE),
        ("SRVCHG", "-5", "", Kind.FEE),
        ("CREDIT", "5", "", Kind.DEPOSIT),
        ("DEBIT", "-5", "", Kind.WITHDRAWAL),
        ("XFER", "-5", "", Kind.WITHDRAWAL),
        ("CREDIT", "5", "FULLYPAID LENDING REBATE", Kind.LENDING_REBATE),
        ("DEBIT", "-5", "NON-RES TAX WITHHELD", Kind.TAX),
    ],
)
def test_cash_is_told_by_its_words_before_its_type(kind, amount, name, expected):
    found = only(ofx(bank_row(kind, amount, name=name)))

    assert (found.kind, found.amount) == (expected, 5)


def test_lending_bookkeeping_cancels_out_in_pairs():
    pair = bank_row("CREDIT", "5", name="XFER FFS TO CASH") + bank_row("DEBIT", "-5", name="XFER CASH FROM FFS", number="2")

    assert read(ofx(pair)).skipped == 2
    assert read(ofx(bank_row("CREDIT", "5", name="XFER FFS TO CASH"))).needs_review[0].code == "unpaired"


def test_journals_are_skipped_and_options_asked_about():
    reading = read(
        ofx(
            row("JRNLSEC", "<UNITS>5", security="037833100"),
            row("BUYOPT", "<UNITS>1<UNITPRICE>2<TOTAL>-200", number="2"),
        )
    )

    assert (reading.skipped, reading.needs_review[0].code) == (1, "out_of_scope")


def test_a_reversed_row_leaves_with_its_reversal():
    reversal = row("SELLSTOCK", "<UNITS>-10<UNITPRICE>100.5<TOTAL>1005", number="2", inner="<REVERSALFITID>1")

    reading = read(ofx(BUY, reversal))

    assert (reading.rows, reading.skipped) == ([], 2)
    assert ("12345777", "1") in reading.cancelled


def test_a_corrected_bank_row_is_replaced():
    first = bank_row("CREDIT", "5")
    better = bank_row("CREDIT", "6", number="2", extra="<CORRECTFITID>1<CORRECTACTION>REPLACE")
    gone = bank_row("CREDIT", "5", number="3", extra="<CORRECTFITID>1<CORRECTACTION>DELETE")

    assert [found.amount for found in read(ofx(first, better)).rows] == [6]
    assert read(ofx(first, gone)).skipped == 2


def test_one_number_for_two_different_rows_is_asked_about():
    reading = read(ofx(bank_row("CREDIT", "5"), bank_row("CREDIT", "6")))

    assert [problem.code for problem in reading.needs_review] == ["same_id", "same_id"]


def test_contributions_to_a_plan_come_in_from_outside():
    values = "<UNITS>10<UNITPRICE>100<TOTAL>-1000<SUBACCTSEC>OTHER<SUBACCTFUND>OTHER<INV401KSOURCE>PRETAX"

    reading = read(ofx(row("BUYMF", values)))

    assert (reading.rows[0].kind, reading.rows[0].amount) == (Kind.DELIVERY_IN, 1000)
    assert reading.warnings[0].code == "contribution"


def test_bank_statements_in_the_same_file_bring_their_cash():
    bank = """<BANKMSGSRSV1><STMTTRNRS><TRNUID>0<STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>98765<ACCTTYPE>CHECKING
    </BANKACCTFROM><BANKTRANLIST><DTSTART>20240101<DTEND>20241231<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20240105<TRNAMT>1234,50
    <FITID>b1<NAME>SOMEONE</STMTTRN></BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1>"""

    reading = read(ofx(BUY, bank=bank))

    (paid,) = (found for found in reading.rows if found.kind == Kind.DEPOSIT)
    assert (paid.account, paid.currency, paid.note, paid.amount) == ("98765", "EUR", "", Decimal("1234.50"))


def test_a_rows_own_currency_wins():
    data = ofx(BUY.replace("<TOTAL>", "<CURRENCY><CURRATE>1.1<CURSYM>EUR</CURRENCY><TOTAL>"))

    assert only(data).currency == "EUR"


def test_an_empty_value_without_an_end_swallows_nothing():
    assert only(ofx(BUY.replace("<DTTRADE>20240105", "<DTTRADE>20240105<MEMO>\n"))).quantity == 10


def test_letters_are_read_whatever_the_header_says():
    utf8 = ofx(bank_row("FEE", "-5", name="Gebühr"))
    latin = utf8.decode().encode("cp1252")

    assert only(utf8).note == only(latin).note == "Gebühr"


@pytest.mark.parametrize("data", [ofx(BUY)[:-300], ofx(BUY).replace(b"</INVBUY>", b"</INVSELL>")])
def test_a_damaged_file_is_refused_as_a_whole(data):
    with pytest.raises(FileError, match="damaged"):
        read(data)


def test_entities_are_refused_unread():
    with pytest.raises(FileError, match="entities"):
        read(XML.encode() + b'<!DOCTYPE OFX [<!ENTITY a "aaaa">]><OFX>&a;</OFX>')


def test_another_account_than_the_files_is_refused():
    with pytest.raises(FileError, match="not of Mine") as refused:
        read(ofx(BUY), account="Mine")
    assert "12345777" not in str(refused.value)


@pytest.mark.django_db
def test_rows_numbered_anew_are_the_same_and_one_number_with_other_money_is_asked_about():
    bring(ofx(BUY, bank_row("CREDIT", "5", number="2")), account="")

    anew = bring(ofx(BUY.replace("<FITID>1", "<FITID>2"), bank_row("CREDIT", "5", number="3")), account="")
    other = bring(ofx(bank_row("CREDIT", "7", number="2")), account="")

    assert (anew.duplicates, anew.written, anew.needs_review) == (2, 0, [])
    assert (other.written, len(other.needs_review)) == (0, 1)
