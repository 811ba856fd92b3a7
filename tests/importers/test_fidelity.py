"""Fidelity's history of one account and of all, from files of our own making."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.importers.fidelity.history import read, recognises
from portfolio.importers.text import FileError
from portfolio.models import Instrument
from tests.importers.brokers import TODAY, bring, gives_one_ledger, stored
from tests.importers.fuzzing import survives_any_cell, survives_damage

pytestmark = pytest.mark.django_db
ALL = (
    "Run Date,Account,Account Number,Action,Symbol,Description,Type,Exchange Quantity,Exchange Currency,Currency,Price,"
    "Quantity,Exchange Rate,Commission,Fees,Accrued Interest,Amount,Settlement Date\n"
)
ONE = (
    "Run Date,Action,Symbol,Security Description,Security Type,Quantity,Price ($),Commission ($),Fees ($),"
    "Accrued Interest ($),Amount ($),Settlement Date\n"
)
FOOT = (
    ',,,,\n\n"The data and information in this spreadsheet is provided to you solely for your use, and is not advice."\n'
    '"Brokerage services are provided by others."\n\nDate downloaded 11/24/2025 1:23 pm\n'
)
CUSIP = "037833100"


def line(
    action, *, date="03/28/2025", symbol="ABC", text="ABC CORP", quantity="0", price="", charges="", accrued="", amount="",
    settled="", account="Individual", number="X12345678",
):  # fmt: skip
    """Return one row of the layout with all accounts."""
    return (
        f"{date},{account},{number}, {action}, {symbol}, {text},Cash,0,,USD,{price},{quantity},0,{charges},,{accrued},{amount},"
        f"{settled}\n"
    )


def reading(*lines, account="", header=ALL):
    return read(data=(header + "".join(lines)).encode(), today=TODAY, account=account)


def only(found):
    assert not found.needs_review
    (row,) = found.rows
    return row


def codes(found):
    return [problem.code for problem in found.needs_review]


def bought(**cells):
    values = {"quantity": "10", "price": "150.00", "amount": "-1500.00", "settled": "03/31/2025", **cells}
    return line("YOU BOUGHT ABC CORP (ABC) (Cash)", **values)


@pytest.mark.parametrize("header", [ALL, ONE, ONE.replace(" ($)", ""), ALL.replace("Account Number,", ""), "\n,,,\n\n" + ALL])
def test_every_layout_is_known(header):
    assert recognises(data=b"\xef\xbb\xbf" + header.encode())


def test_the_layout_of_one_account_means_the_same():
    one = ONE + "03/28/2025, YOU BOUGHT ABC CORP (ABC) (Cash), ABC, ABC CORP,Cash,10,150.00,,,,-1500.00,03/31/2025\n"

    row, other = only(reading(one.removeprefix(ONE), header=ONE, account="Mine")), only(reading(bought()))
    assert (row.kind, row.quantity, row.amount, row.date) == (other.kind, other.quantity, other.amount, other.date)
    assert (row.account, other.account) == ("Mine", "Individual")
    assert row.note == "settled 2025-03-31"


def test_small_print_is_skipped_and_counted():
    found = reading(bought(), FOOT)

    assert (found.source_rows, len(found.rows), found.skipped) == (4, 1, 3)


def test_a_damaged_date_between_rows_is_no_small_print():
    found = reading(bought(), bought(date="3x/28/2025"), bought(date="03/27/2025"))

    assert [problem.line for problem in found.rejected] == [3]


def test_a_sale_has_its_charges_apart():
    row = only(reading(line("YOU SOLD ABC CORP", quantity="-10", price="160", charges="0.05", amount="1599.95")))

    assert (row.kind, row.quantity, row.amount, row.fee) == ("SELL", 10, 1600, Decimal("0.05"))


@pytest.mark.parametrize("words", ["EXEC ON MULT EXCHG DETAILS ON REQ", "AVERAGE PRICE TRADE", "TRD EXECUTED BY PERT"])
def test_more_words_after_the_verb_change_nothing(words):
    assert only(reading(bought().replace("ABC CORP (ABC)", f"{words} (ABC)"))).kind == "BUY"


def test_money_that_does_not_add_up_is_asked_about():
    assert codes(reading(bought(amount="-1507.51"))) == ["does_not_add_up"]
    assert codes(reading(bought(amount="1500.00"))) == ["unexpected_sign"]


@pytest.mark.parametrize(
    ("action", "symbol", "amount", "kind", "year"),
    [
        ("DIVIDEND RECEIVED ABC CORP (ABC) (Cash)", "ABC", "5.00", "DIVIDEND", None),
        ("LONG-TERM CAP GAIN ABC CORP", "ABC", "5.00", "DIVIDEND", None),
        ("RETURN OF CAPITAL ABC CORP", "ABC", "5.00", "RETURN_OF_CAPITAL", None),
        ("MUNI EXEMPT INT", CUSIP, "5.00", "COUPON", None),
        ("INTEREST NOTE", CUSIP, "5.00", "COUPON", None),
        ("INTEREST EARNED FDIC", "", "5.00", "INTEREST", None),
        ("MARGIN INTEREST", "", "-5.00", "INTEREST_CHARGE", None),
        ("FOREIGN TAX PAID ABC CORP", "ABC", "-5.00", "TAX", 2025),
        ("ADJ NON-RESIDENT TAX as of Dec-15-2024 ABC CORP", "ABC", "5.00", "TAX_REFUND", 2024),
        ("ADJ FOREIGN TAX ABC CORP", "ABC", "-5.00", "TAX", 2025),
        ("FEE CHARGED ABC CORP", "ABC", "-5.00", "FEE", None),
        ("DIRECT DEPOSIT WORK", "", "5.00", "DEPOSIT", None),
        ("Electronic Funds Transfer Received (Cash)", "", "5.00", "DEPOSIT", None),
        ("WIRE TRANSFER FROM BANK", "", "5.00", "DEPOSIT", None),
        ("Check Paid #0001 (Cash)", "", "-5.00", "WITHDRAWAL", None),
        ("Electronic Funds Transfer Paid", "", "-5.00", "WITHDRAWAL", None),
        ("TRANSFERRED TO VS X99-888777-1", "", "-5.00", "WITHDRAWAL", None),
    ],
)
def test_the_verb_says_the_type(action, symbol, amount, kind, year):
    row = only(reading(line(action, symbol=symbol, amount=amount)))

    assert (row.kind, row.amount, row.tax_year) == (kind, 5, year)


def test_tax_joins_the_dividend_of_its_day():
    found = reading(line("NON-RESIDENT TAX ABC", amount="-3.00"), line("DIVIDEND RECEIVED ABC CORP", amount="10.00"))

    assert (only(found).amount, only(found).tax, only(found).lines) == (10, 3, (3, 2))


def test_a_reinvestment_comes_after_its_dividend():
    found = reading(
        line("REINVESTMENT ABC CORP", quantity="0.067", price="149.25", amount="-10.00"),
        line("DIVIDEND RECEIVED ABC CORP", amount="10.00"),
    )

    assert [(row.kind, row.note) for row in found.rows] == [("DIVIDEND", ""), ("BUY", "reinvestment")]


def test_a_bonds_money_is_the_amount_less_interest_and_charges():
    cells = {"symbol": CUSIP, "text": "NOTE 04.00000% 06/01/2035", "quantity": "10000", "price": "99.01", "charges": "1.00"}
    text = line("YOU BOUGHT NOTE", accrued="50.00", amount="-9952.23", settled="04/01/2025", **cells)

    bring(ALL + text, account="")

    # 9952.23 - 50 - 1 = 9901.23; 10,000 x 99.01 / 100 = 9,901.00
    assert stored("date", "quantity", "amount", "accrued_interest", "fee") == [
        (dt.date(2025, 4, 1), "10000", "9901.23", "50", "1")
    ]
    bond = Instrument.objects.get()
    assert (bond.type, bond.price_unit, bond.coupon_rate) == ("BOND", Decimal("0.01"), Decimal("0.04"))
    assert bond.maturity_date == dt.date(2035, 6, 1)


def test_a_redemption_takes_its_amount_and_not_its_price():
    row = only(reading(line("REDEMPTION PAYOUT NOTE", symbol=CUSIP, quantity="-10000", price="1", amount="10000.00")))

    assert (row.kind, row.quantity, row.amount, row.price) == ("MATURITY", 10000, 10000, None)


def test_the_core_fund_is_cash_and_said_once():
    found = reading(
        line("PURCHASE INTO CORE ACCOUNT FDRXX", quantity="5", amount="-5.00"),
        line("REDEMPTION FROM CORE ACCOUNT FDRXX", quantity="-5", amount="5.00"),
    )

    assert (found.rows, found.skipped, [warning.code for warning in found.warnings]) == ([], 2, ["core_fund"])


def test_a_transfer_between_two_accounts_of_the_file_is_one_row():
    found = reading(
        line("TRANSFERRED TO VS Z87654321 (Cash)", symbol="", amount="-500.00"),
        line("TRANSFERRED FROM VS X12345678 (Cash)", symbol="", amount="500.00", account="ROTH IRA", number="Z87654321"),
    )

    row = only(found)
    assert (row.kind, row.account, row.to_account, row.amount) == ("TRANSFER", "Individual", "ROTH IRA", 500)


def test_the_halves_of_a_transfer_that_came_alone_are_not_booked_again():
    sent = line("TRANSFERRED TO VS Z87654321", symbol="", amount="-500.00")
    received = line("TRANSFERRED FROM VS X12345678", symbol="", amount="500.00", account="ROTH IRA", number="Z87654321")
    bring(ALL + sent, account="")
    bring(ALL + received, account="")

    report = bring(ALL + sent + received, account="")

    assert (report.written, report.duplicates) == (0, 2)


@pytest.mark.parametrize(
    ("action", "code"),
    [
        ("MERGER MER FROM 037833100#REOR M0051234567", "corporate_action"),
        ("DISTRIBUTION ABC CORP", "corporate_action"),
        ("IN LIEU OF FRX SHARE", "corporate_action"),
        ("TRANSFER OF ASSETS ACAT RECEIVE", "corporate_action"),
        ("JOURNALED JNL", "corporate_action"),
        ("SECURITIES LOAN INCOME", "unknown_word"),
        ("BRAND NEW VERB", "unknown_word"),
        ("BUY CANCEL ABC", "cancel"),
    ],
)
def test_what_has_no_terms_is_asked_about(action, code):
    assert codes(reading(line(action, quantity="10", amount="5.00"))) == [code]


def test_a_fund_of_loans_is_no_lending():
    row = only(reading(line("DIVIDEND RECEIVED SENIOR LOAN ETF (BKLN) (Cash)", text="SENIOR LOAN ETF", amount="5.00")))

    assert row.kind == "DIVIDEND"


def test_a_correction_goes_out_with_its_original():
    found = reading(bought(), bought(date="03/31/2025", quantity="-10", amount="1500.00"))

    assert (found.rows, found.skipped) == ([], 2)


def test_options_are_out_of_scope():
    assert codes(reading(bought(symbol="-ABC250620C150"))) == ["out_of_scope"]


def test_two_accounts_of_one_name_are_told_apart_by_the_end_of_their_numbers():
    found = reading(bought(), bought(number="X12345999"))

    assert [row.account for row in found.rows] == ["Individual …678", "Individual …999"]
    assert "X12345678" not in str(found)


def test_an_account_that_contradicts_the_file_is_refused():
    with pytest.raises(FileError, match="is of the account “Individual”"):
        reading(bought(), account="Other")

    assert only(reading(bought(), account="individual")).account == "Individual"


MONTHS = "".join(
    [
        line("TRANSFERRED TO VS Z87654321", date="04/02/2025", symbol="", amount="-500.00"),
        line(
            "TRANSFERRED FROM VS X12345678", date="04/02/2025", symbol="", amount="500.00", account="ROTH IRA",
            number="Z87654321",
        ),
        line("REINVESTMENT ABC CORP", quantity="0.047", price="148.94", amount="-7.00"),
        line("NON-RESIDENT TAX ABC", amount="-3.00"),
        line("DIVIDEND RECEIVED ABC CORP", amount="10.00"),
        bought(date="03/03/2025"),
        bought(date="03/03/2025"),
        line("INTEREST EARNED FDIC", date="02/28/2025", symbol="", amount="0.42"),
        line("BRAND NEW VERB", date="02/27/2025", amount="1.00"),
        line("DIRECT DEPOSIT", date="01/02/2025", symbol="", amount="5000.00"),
    ]
)  # fmt: skip


def test_a_file_of_months_comes_in_whole():
    report = bring(ALL + MONTHS + FOOT, account="")

    # 10 rows and 3 of small print; tax and dividend are one row, so are the halves of the transfer
    assert (report.rows, report.imported, report.skipped, len(report.needs_review), report.written) == (13, 9, 3, 1, 7)


def test_a_file_twice_backwards_and_in_overlapping_halves_gives_one_ledger():
    gives_one_ledger(ALL + MONTHS, account="")


def test_damaged_files_end_in_a_report():
    survives_damage(read, (ALL + MONTHS + FOOT).encode(), format_name="fidelity")


def test_any_cells_end_in_a_report():
    def make_file(row):
        return (ONE + ",".join(f'"{cell.replace(chr(34), "")}"' for cell in row) + "\n").encode("utf-8", "replace")

    survives_any_cell(read, make_file, cells=12)
