"""Schwab's history in the layouts of several years, from files of our own making."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.importers.schwab.history import read, recognises
from portfolio.models import Instrument, Transaction
from tests.importers.brokers import TODAY, bring, gives_one_ledger, stored
from tests.importers.fuzzing import survives_any_cell, survives_damage

pytestmark = pytest.mark.django_db
HEADER = '"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"\n'
OLD = "Date,Action,Symbol,Description,Price,Quantity,Fees & Comm,Amount,\n"
CUSIP = "037833100"


def line(action, *, date="03/28/2025", symbol="ABC", text="ABC CORP", quantity="", price="", fee="", amount=""):
    return ",".join(f'"{cell}"' for cell in (date, action, symbol, text, quantity, price, fee, amount)) + "\n"


def reading(*lines):
    return read(data=(HEADER + "".join(lines)).encode(), today=TODAY, account="Broker")


def only(found):
    assert not found.needs_review
    (row,) = found.rows
    return row


def codes(found):
    return [problem.code for problem in found.needs_review]


def test_both_layouts_are_known_with_and_without_a_title():
    title = '"Transactions  for account XXXX-1234 as of 03/31/2025 04:05:06 PM ET"\n'

    assert recognises(data=HEADER.encode())
    assert recognises(data=(title + OLD).encode())
    assert not recognises(data=b"Date,Action,Symbol,Description,Quantity,Price,Amount\n")


def test_columns_are_read_by_name_so_the_old_layout_means_the_same():
    new = reading(line("Buy", quantity="10", price="$150.00", fee="$1.00", amount="-$1501.00"))
    old = OLD + '03/28/2025,Buy,ABC,ABC CORP,$150.00,10,$1.00,"-$1,501.00",\n'

    row = only(new)
    assert (row.kind, row.quantity, row.amount, row.fee) == ("BUY", 10, 1500, 1)
    assert only(read(data=old.encode(), today=TODAY, account="Broker")).external_id == row.external_id


@pytest.mark.parametrize("amount", ["$1,239.50", "$1239.50"])
def test_a_sale_is_positive_units_and_keeps_its_fee(amount):
    row = only(reading(line("Sell", quantity="10", price="$124.00", fee="$0.50", amount=amount)))

    assert (row.kind, row.quantity, row.amount, row.fee) == ("SELL", 10, 1240, Decimal("0.50"))


@pytest.mark.parametrize("amount", ["-$1507.51", "$1500.00", ""])
def test_a_purchase_with_the_wrong_money_is_asked_about(amount):
    assert len(codes(reading(line("Buy", quantity="10", price="$150.00", amount=amount)))) == 1


def test_the_total_is_no_row_and_a_difference_is_a_warning():
    rows = line("Credit Interest", symbol="", amount="$5.00")

    agreeing = reading(rows, '"Transactions Total","","","","","","","$5.00"\n')
    differing = reading(rows, "Transactions Total,,,,,,,$6.00\n")

    assert (agreeing.skipped, agreeing.warnings) == (1, [])
    assert [warning.code for warning in differing.warnings] == ["total_differs"]


def test_a_cash_row_is_dated_by_its_posting_and_keeps_the_other_date():
    row = only(reading(line("Cash Dividend", date="03/31/2025 as of 03/28/2025", amount="$5.00")))

    assert (row.date, row.note) == (dt.date(2025, 3, 31), "as of 2025-03-28")


@pytest.mark.parametrize(
    ("action", "amount", "kind", "year"),
    [
        ("Qualified Dividend", "$5.00", "DIVIDEND", None),
        ("Reinvest Dividend", "$5.00", "DIVIDEND", None),
        ("Long Term Cap Gain", "$5.00", "DIVIDEND", None),
        ("Pr Yr Cash Div", "$5.00", "DIVIDEND", 2024),
        ("Return Of Capital", "$5.00", "RETURN_OF_CAPITAL", None),
        ("Foreign Tax Reclaim", "$5.00", "TAX_REFUND", 2025),
        ("NRA Tax Adj", "$5.00", "TAX_REFUND", 2025),
        ("NRA Withholding", "-$5.00", "TAX", 2025),
        ("ADR Mgmt Fee", "-$5.00", "FEE", None),
        ("Service Fee", "$5.00", "FEE_REFUND", None),
        ("Margin Interest", "-$5.00", "INTEREST_CHARGE", None),
        ("Bank Interest", "$-0.45", None, None),
        ("Credit Interest", "$5", "INTEREST", None),
        ("MoneyLink Transfer", "$5.00", "DEPOSIT", None),
        ("Wire Sent", "-$5.00", "WITHDRAWAL", None),
        ("MoneyLink Adj", "-$5.00", "WITHDRAWAL", None),
        ("Visa Purchase", "-$5.00", "WITHDRAWAL", None),
        ("Journal", "$5.00", "DEPOSIT", None),
    ],
)
def test_words_and_signs_say_the_type(action, amount, kind, year):
    found = reading(line(action, amount=amount))

    assert [(row.kind, row.tax_year) for row in found.rows] == ([(kind, year)] if kind else [])
    assert codes(found) == ([] if kind else ["unexpected_sign"])


def test_money_to_an_unknown_account_is_booked_with_a_warning():
    assert "other_account_unknown" in [each.code for each in reading(line("Journal", amount="-$5.00")).warnings]


def test_a_bonds_interest_is_a_coupon_under_its_cusip():
    row = only(reading(line("Bond Interest", symbol=CUSIP, text="NOTE 4%", amount="$20.00")))

    assert (row.kind, row.symbol) == ("COUPON", CUSIP)


def test_tax_joins_the_payment_of_its_day_by_symbol_or_by_words():
    found = reading(
        line("NRA Tax Adj", amount="-$3.00"),
        line("Cash Dividend", amount="$10.00"),
        line("NRA Tax Adj", symbol="", text="SCHWAB1 INT 02/27-03/28", amount="-$0.30"),
        line("Credit Interest", symbol="", text="SCHWAB1 INT 02/27-03/28", amount="$1.00"),
    )

    assert [(row.kind, row.amount, row.tax) for row in found.rows] == [
        ("DIVIDEND", 10, 3),
        ("INTEREST", 1, Decimal("0.30")),
    ]


def test_a_reinvestment_is_a_purchase_by_its_amount():
    row = only(reading(line("Reinvest Shares", quantity="0.0667", price="$150.02", amount="-$10.01")))

    assert (row.kind, row.amount, row.note) == ("BUY", Decimal("10.01"), "reinvestment")


def test_a_negative_reinvestment_adjustment_is_asked_about():
    assert codes(reading(line("Reinvestment Adj", quantity="-0.0667", amount="$10.00"))) == ["unexpected_sign"]


def test_a_correction_goes_out_with_its_one_original():
    found = reading(line("Cash Dividend", date="03/27/2025", amount="$10.00"), line("Div Adjustment", amount="-$10.00"))

    assert (found.rows, found.skipped) == ([], 2)
    assert codes(reading(line("Div Adjustment", amount="-$10.00"))) == ["cancel"]


def test_a_cancel_goes_out_with_its_one_trade():
    buy = line("Buy", date="03/27/2025", quantity="10", price="$150.00", amount="-$1500.00")
    cancel = line("Cancel Buy", quantity="10", price="$150.00", amount="$1500.00")

    assert reading(buy, cancel).skipped == 2
    assert codes(reading(buy, buy, cancel)) == ["cancel"]


def test_a_cancel_takes_out_the_trade_of_an_earlier_file():
    bring(HEADER + line("Buy", date="03/27/2025", quantity="10", price="$150.00", amount="-$1500.00"))

    report = bring(HEADER + line("Cancel Buy", quantity="10", price="$150.00", amount="$1500.00"))

    assert (report.skipped, Transaction.objects.count()) == (1, 0)


def test_a_cash_merger_is_a_sale_of_the_units_in_its_other_row():
    found = reading(
        line("Cash Merger", amount="$1000.00"), line("Cash Merger Adj", quantity="-40", fee="$20.00", amount="-$20.00")
    )

    row = only(found)
    assert (row.kind, row.quantity, row.amount, row.price, row.fee) == ("SELL", 40, 1000, 25, 20)
    assert codes(reading(line("Cash Merger", amount="$1000.00"))) == ["unpaired"]


def test_a_full_redemption_is_a_maturity():
    found = reading(
        line("Full Redemption Adj", symbol=CUSIP, quantity="-5000"), line("Full Redemption", symbol=CUSIP, amount="$5000.00")
    )

    assert [(row.kind, row.quantity, row.amount) for row in found.rows] == [("MATURITY", 5000, 5000)]


def test_a_split_takes_its_ratio_from_the_holding_before_it_rows_of_the_file_included():
    bring(HEADER + line("Buy", date="01/02/2025", quantity="10", price="$150.00", amount="-$1500.00"))

    # 10 stored and 5 in the file are 15; 30 more make it three for one
    bring(
        HEADER
        + line("Stock Split", date="03/31/2025 as of 03/28/2025", quantity="30", price="$50.00")
        + line("Buy", date="02/03/2025", quantity="5", price="$150.00", amount="-$750.00")
    )

    assert stored("date", "quantity", "note", kind="SPLIT") == [
        (dt.date(2025, 3, 28), "3", "posted 2025-03-31; 15 units before")
    ]


def test_a_split_without_a_holding_is_asked_about():
    assert codes(bring(HEADER + line("Stock Split", quantity="30"))) == ["corporate_action"]


def test_a_reverse_split_is_new_units_over_old_ones():
    row = only(reading(line("Reverse Split", quantity="10"), line("Reverse Split", symbol=CUSIP, quantity="-100")))

    assert (row.kind, row.symbol, row.quantity, row.lines) == ("SPLIT", "ABC", Decimal("0.1"), (2, 3))


def test_a_reverse_split_between_two_tickers_or_of_one_to_one_is_a_rename_to_ask_about():
    two = reading(line("Reverse Split", quantity="10"), line("Reverse Split", symbol="DEF", quantity="-100"))
    same = reading(line("Reverse Split", quantity="10"), line("Reverse Split", symbol=CUSIP, quantity="-10"))

    assert codes(two) == codes(same) == ["corporate_action"] * 2


def test_a_stock_dividend_adds_units_on_the_effective_date():
    row = only(reading(line("Stock Div Dist", date="03/31/2025 as of 03/28/2025", quantity="2")))

    assert (row.kind, row.quantity, row.date) == ("STOCK_DIVIDEND", 2, dt.date(2025, 3, 28))


@pytest.mark.parametrize(
    ("action", "code"),
    [
        ("Spin-off", "corporate_action"),
        ("Cash In Lieu", "corporate_action"),
        ("Stock Merger", "corporate_action"),
        ("Name Change", "corporate_action"),
        ("Buy to Open", "out_of_scope"),
        ("Sell Short", "out_of_scope"),
        ("Expired", "out_of_scope"),
        ("Stock Plan Activity", "out_of_scope"),
        ("Brand New Word", "unknown_word"),
        ("Misc Credits", "cancel"),
    ],
)
def test_what_has_no_terms_is_asked_about(action, code):
    assert codes(reading(line(action, quantity="10", amount="$5.00"))) == [code]


def test_the_two_sides_of_a_merger_name_each_other():
    found = reading(line("Stock Merger", quantity="10"), line("Stock Merger", symbol="DEF", quantity="-20"))

    assert [problem.reason.split()[-1] for problem in found.needs_review] == ["3", "2"]
    assert found.rows == []


def test_moved_units_are_a_delivery_at_the_printed_price():
    row = only(reading(line("Security Transfer", quantity="-10", price="$150.00")))

    assert (row.kind, row.quantity, row.price) == ("DELIVERY_OUT", 10, 150)
    assert codes(reading(line("Journaled Shares", quantity="10"))) == ["corporate_action"]


def test_accrued_interest_of_a_known_bond_is_what_its_coupon_allows():
    Instrument.objects.create(symbol=CUSIP, currency="USD", type="BOND", price_unit="0.01", coupon_rate="0.04")
    buy = {"symbol": CUSIP, "quantity": "10,000", "price": "$99.00"}

    # 9,950 less 10,000 x 99 / 100 are 50; half a year's coupon is 200
    good = bring(HEADER + line("Buy", amount="-$9950.00", **buy))
    bad = bring(HEADER + line("Buy", amount="-$10150.00", **buy))

    assert stored("amount", "accrued_interest") == [("9900", "50")]
    assert "accrued_inferred" in [warning.code for warning in good.warnings]
    assert codes(bad) == ["accrued_interest"]


def test_accrued_interest_of_an_unknown_bond_is_asked_about():
    buy = line("Buy", symbol=CUSIP, quantity="10,000", price="$99.00", amount="-$9950.00")

    assert codes(bring(HEADER + buy)) == ["accrued_interest"]


def test_a_bond_bought_at_its_price_alone_becomes_a_bond():
    report = bring(HEADER + line("Buy", symbol=CUSIP, quantity="10,000", price="$99.00", amount="-$9900.00"))

    bond = Instrument.objects.get()
    assert (bond.type, bond.price_unit, bond.is_draft) == ("BOND", Decimal("0.01"), True)
    assert "its coupon or its maturity is missing" in " ".join(warning.reason for warning in report.warnings)


def test_a_payment_whose_cusip_stands_in_the_description_finds_it():
    row = only(reading(line("Cash Dividend", symbol="", text=f"OLD CORP {CUSIP}", amount="$5.00")))

    assert row.symbol == CUSIP


def test_a_future_date_and_a_date_that_is_none_are_refused():
    found = reading(line("Credit Interest", date="03/28/2026", amount="$1"), line("Credit Interest", date="soon", amount="$1"))

    assert [problem.column for problem in found.rejected] == ["Date", "Date"]


QUARTER = "".join(
    [
        line("Sell", date="03/31/2025", quantity="5", price="$160.00", fee="$0.01", amount="$799.99"),
        line("Reinvest Shares", date="03/28/2025", quantity="0.0467", price="$150.00", amount="-$7.00"),
        line("NRA Tax Adj", date="03/28/2025", amount="-$3.00"),
        line("Reinvest Dividend", date="03/28/2025", amount="$10.00"),
        line("Stock Split", date="03/14/2025", quantity="20"),
        line("Spin-off", date="03/10/2025", symbol="DEF", quantity="3"),
        line("Credit Interest", date="02/28/2025", symbol="", text="SCHWAB1 INT", amount="$0.42"),
        line("Buy", date="02/03/2025", quantity="10", price="$450.00", amount="-$4,500.00"),
        line("Buy", date="01/03/2025", symbol="XYZ", text="XYZ CORP", quantity="1", price="$10.00", amount="-$10.00"),
        line("Buy", date="01/03/2025", symbol="XYZ", text="XYZ CORP", quantity="1", price="$10.00", amount="-$10.00"),
        line("Wire Funds Received", date="01/02/2025", symbol="", text="WIRED FUNDS", amount="$10,000.00"),
    ]
)


def test_a_quarter_comes_in_newest_first_and_is_kept_oldest_first():
    report = bring(HEADER + QUARTER + '"Transactions Total","","","","","","","$6280.40"\n')

    # tax and dividend make one row; the total is skipped and the spin-off asked about
    assert (report.rows, report.imported, report.skipped, len(report.needs_review)) == (12, 10, 1, 1)
    assert stored("kind", "quantity", kind="SPLIT") == [("SPLIT", "3")]
    assert [row[0] for row in stored("kind", date=dt.date(2025, 3, 28))] == ["DIVIDEND", "BUY"]
    assert [warning.code for warning in report.warnings if warning.code == "total_differs"] == []


def test_a_file_twice_backwards_and_in_overlapping_halves_gives_one_ledger():
    # without the split, whose ratio depends on what was imported before it
    rows = [each for each in QUARTER.splitlines(keepends=True) if "Split" not in each]
    gives_one_ledger(HEADER + "".join(rows))


def test_damaged_files_end_in_a_report():
    survives_damage(read, (HEADER + QUARTER).encode(), format_name="schwab")


def test_any_cells_end_in_a_report():
    def make_file(row):
        return (HEADER + ",".join(f'"{cell.replace(chr(34), "")}"' for cell in row) + "\n").encode("utf-8", "replace")

    survives_any_cell(read, make_file, cells=8)
