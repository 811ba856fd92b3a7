"""Firstrade's account activity: every clause of its description, from files of our own making."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.importers.firstrade.activity import read, recognises
from portfolio.models import Instrument, Transaction
from tests.importers.brokers import TODAY, bring, gives_one_ledger, stored
from tests.importers.fuzzing import survives_any_cell, survives_damage

pytestmark = pytest.mark.django_db
HEADER = "Symbol,Quantity,Price,Action,Description,TradeDate,SettledDate,Interest,Amount,Commission,Fee,CUSIP,RecordType\n"
CUSIP = "037833100"


def line(text, action="Other", *, symbol="ABC", date="2025-03-28", quantity="0.00", amount="0.00", **cells):
    """Return one row as exported, the symbol padded to twelve characters."""
    kind = "Trade" if action in {"BUY", "SELL"} else "Financial"
    values = {"price": "", "interest": "0.00", "commission": "0.00", "fee": "0.00", "cusip": CUSIP if symbol else " " * 9}
    values |= {"settled": date, "kind": kind, **cells}
    return (
        f"{symbol:<12},{quantity},{values['price']},{action},{text},{date},{values['settled']},{values['interest']},"
        f"{amount},{values['commission']},{values['fee']},{values['cusip']},{values['kind']}\n"
    )


def dividend(amount, tail="", *, action="Dividend", words="CASH DIV ON 10 SHS", **cells):
    return line(f"ABC CORP   {words} REC 03/14/25 PAY 03/28/25{tail}", action, amount=amount, **cells)


def reading(*lines, account="Broker"):
    return read(data=(HEADER + "".join(lines)).encode(), today=TODAY, account=account)


def only(found):
    assert not found.needs_review
    (row,) = found.rows
    return row


def test_the_header_tells_firstrade_and_not_its_look_alike():
    other = "Symbol,Quantity,Price,ActionNameUS,TradeDate,SettledDate,Interest,Amount,Commission,Fees,CUSIP,TradeNumber\n"

    assert recognises(data=HEADER.encode())
    assert not recognises(data=other.encode())


def test_a_purchase_is_dated_by_the_trade_and_a_sale_keeps_its_fee_apart():
    found = reading(
        line("ABC CORP UNSOLICITED", "BUY", quantity="10.00", price="150.00", amount="-1500.00", settled="2025-03-31"),
        line("ABC CORP", "SELL", quantity="-4.00", price="160.00", amount="639.98", fee="0.02", date="2025-04-01"),
    )

    # 4 x 160 = 640, of which two cents went to the exchange
    bought, sold = found.rows
    assert (bought.kind, bought.quantity, bought.amount, bought.fee) == ("BUY", 10, 1500, 0)
    assert (bought.date, bought.note) == (dt.date(2025, 3, 28), "settled 2025-03-31")
    assert (sold.kind, sold.quantity, sold.amount, sold.fee) == ("SELL", 4, 640, Decimal("0.02"))
    assert found.securities["ABC"].name == "ABC CORP"
    assert found.securities["ABC"].cusip == CUSIP


def test_a_trade_whose_money_does_not_add_up_is_asked_about():
    # 0.5 % of 1500 is 7.50
    sound = reading(line("ABC", "BUY", quantity="10", price="150", amount="-1507.50"))
    off = reading(line("ABC", "BUY", quantity="10", price="150", amount="-1507.51"))

    assert only(sound).amount == Decimal("1507.50")
    assert [problem.code for problem in off.needs_review] == ["does_not_add_up"]
    assert off.rows == []


def test_the_rest_of_a_position_is_a_sale_of_a_fraction():
    text = "ABC CORP AUTO LIQUIDATION FRAC AS OF 03/27/25"

    row = only(reading(line(text, "SELL", quantity="-0.03127", price="160.00", amount="5.00")))

    assert (row.kind, row.quantity, row.price) == ("SELL", Decimal("0.03127"), Decimal("160.00"))


def test_an_option_is_out_of_scope():
    row = line("CALL ABC 06/20/25 150 OPEN CONTRACT", "BUY", symbol="", quantity="1", price="2.00", amount="-200.00")

    assert reading(row).needs_review[0].code == "out_of_scope"


# --- dividends and their tax


def test_a_printed_figure_was_withheld_from_a_gross_amount():
    row = only(reading(dividend("8.00", " NON-RES TAX WITHHELD   $2.40")))

    assert (row.kind, row.amount, row.tax) == ("DIVIDEND", 8, Decimal("2.40"))
    assert row.note == "record 2025-03-14, pay 2025-03-28"
    assert row.ex_date is None


def test_a_printed_figure_can_show_that_the_amount_is_net():
    found = reading(dividend("70.00", " NON-RES TAX WITHHELD $30.00"))

    # 30 / 70 is no rate, 30 / 100 is
    assert (only(found).amount, only(found).tax) == (100, 30)
    assert found.warnings[0].code == "tax_inferred"


def test_a_printed_figure_at_no_known_rate_is_asked_about():
    assert reading(dividend("100.00", " NON-RES TAX WITHHELD $22.00")).needs_review[0].code == "tax_unknown"


def test_a_row_below_a_dollar_is_too_coarse_to_tell_and_taken_as_gross():
    row = only(reading(dividend("0.05", " NON-RES TAX WITHHELD $0.01")))

    assert (row.amount, row.tax) == (Decimal("0.05"), Decimal("0.01"))


def test_a_net_amount_is_grossed_up_by_the_instruments_own_rate():
    Instrument.objects.create(symbol="ABC", currency="USD", withholding_rate="0.30")

    report = bring(HEADER + dividend("7.000", " NON-RES TAX WITHHELD"))

    # 7 / 0.7 = 10: the cash stays 7
    assert stored("amount", "tax") == [("10", "3")]
    assert [warning.code for warning in report.warnings] == ["tax_inferred"]


def test_a_net_amount_without_a_known_rate_stays_net():
    report = bring(HEADER + dividend("7.003", " NON-RES TAX WITHHELD"))

    assert stored("amount", "tax") == [("7.003", "0")]
    assert "tax_unknown" in [warning.code for warning in report.warnings]


def test_a_tax_row_of_its_own_joins_its_dividend():
    found = reading(dividend("10.00"), dividend("-3.00", action="Other", words="NON-RES TAX WITHHELD"), account="Broker")

    row = only(found)
    assert (row.amount, row.tax, row.lines) == (10, 3, (2, 3))


def test_a_tax_row_without_its_dividend_is_a_tax_with_symbol_and_year():
    row = only(reading(dividend("-3.00", action="Other", words="NON-RES TAX WITHHELD")))

    assert (row.kind, row.symbol, row.amount, row.tax_year) == ("TAX", "ABC", 3, 2025)


def test_two_tax_rows_of_one_dividend_leave_one_alone():
    tax = "NON-RES TAX WITHHELD"

    found = reading(
        dividend("10.00"), dividend("-3.00", action="Other", words=tax), dividend("-1.00", action="Other", words=tax)
    )

    assert [(row.kind, row.amount, row.tax) for row in found.rows] == [("DIVIDEND", 10, 3), ("TAX", 1, 0)]


def test_a_dividend_booked_as_other_is_a_dividend_of_the_year_it_names():
    row = only(reading(dividend("10.00", " AMOUNT INCLUDED ON 2024-1099", action="Other")))

    assert (row.kind, row.tax_year, row.tax) == ("DIVIDEND", 2024, 0)


def reinvestment(units, amount, price="100.0000"):
    return line(f"ABC CORP REIN @ {price} REC 03/14/25 PAY 03/28/25", quantity=units, amount=amount)


def test_a_reinvestment_is_a_purchase_after_its_dividend():
    found = reading(reinvestment("0.07", "-7.00"), dividend("10.00", " NON-RES TAX WITHHELD $3.00"))

    assert [row.kind for row in found.rows] == ["DIVIDEND", "BUY"]
    assert (found.rows[1].quantity, found.rows[1].price, found.rows[1].amount) == (Decimal("0.07"), 100, 7)
    assert found.rows[1].note == "reinvestment"


def test_a_reinvestment_of_cents_keeps_the_money_and_drops_the_price():
    # 0.00011 x 97.5 = 0.010725: a cent is 7 % off, which is rounding alone
    row = only(reading(reinvestment("0.00011", "-0.01", "97.5000")))

    assert (row.price, row.amount) == (None, Decimal("0.01"))


def test_a_reinvestment_that_spends_clearly_less_shows_the_tax():
    found = reading(dividend("10.00"), reinvestment("0.07", "-7.00"))

    # 10 - 7 = 3, which is 30 %
    assert (found.rows[0].amount, found.rows[0].tax) == (10, 3)
    assert "tax_inferred" in [warning.code for warning in found.warnings]


def test_one_reinvestment_may_spend_several_payments_of_which_long_term_gains_are_rarely_taxed():
    gains = dividend("5.00", words="L/T CAP GNS 10 SHS")

    found = reading(dividend("10.00"), gains, reinvestment("0.12", "-12.00"))

    # 15 - 12 = 3: 30 % of the dividend alone
    assert [(row.amount, row.tax) for row in found.rows[:2]] == [(10, 3), (5, 0)]
    assert found.rows[1].note.startswith("long-term gain distribution")


def test_a_reinvestment_a_cent_off_is_no_tax():
    assert reading(dividend("10.00"), reinvestment("0.0999", "-9.99")).rows[0].tax == 0


def test_a_reinvestment_at_no_known_rate_is_asked_about():
    found = reading(dividend("10.00"), reinvestment("0.05", "-5.00"))

    assert [problem.code for problem in found.needs_review] == ["tax_unknown"]
    assert [row.kind for row in found.rows] == ["BUY"]


def test_a_payment_in_lieu_is_no_dividend():
    text = "ABC CORP SUBST PAY ON 10 SHS REC 03/14/25 PAY 03/28/25 IN LIEU OF DIVIDEND NON-RES TAX WITHHELD $0.30"

    row = only(reading(line(text, "Dividend", amount="1.00")))

    assert (row.kind, row.amount, row.tax) == ("PAYMENT_IN_LIEU", 1, Decimal("0.30"))


@pytest.mark.parametrize(
    "text",
    [
        "FULLYPAID LENDING REBATE MAR2025 REBATE DUE 04/15/2025 0.000 NON-RES TAX WITHHELD $1.50",
        "Fully Paid Lending Rebate MAR2025 NON-RES TAX WITHHELD  $1.50",
    ],
)
def test_a_lending_rebate_is_never_interest(text):
    row = only(reading(line(text, "Interest", symbol="", amount="5.00")))

    assert (row.kind, row.amount, row.tax, row.symbol) == ("LENDING_REBATE", 5, Decimal("1.50"), "")


# --- cash


@pytest.mark.parametrize(
    ("text", "amount", "kind"),
    [
        ("Wire Funds Received ABA-021000021 REF 1234567", "500.00", "DEPOSIT"),
        ("Wire Funds Received BIC-ABCDTWTP FEDREF 99", "500.00", "DEPOSIT"),
        ("ACH DEPOSIT 123", "500.00", "DEPOSIT"),
        ("CHECK DEPOSIT", "500.00", "DEPOSIT"),
        ("ACH DISBURSEMENT SEN(20250328)", "-500.00", "WITHDRAWAL"),
        ("WIRE FUNDS SENT", "-500.00", "WITHDRAWAL"),
        ("MEMO CASH ADVANCE ATM 99 MAIN ST", "-500.00", "WITHDRAWAL"),
        ("TRANSACTION FEE MEMO FOREIGN CARD TRANSACTION FEE", "-1.00", "FEE"),
        ("FOREIGN TRANSACTION FEE REIMB", "1.00", "FEE_REFUND"),
        ("REBATE FOR WIRE 03/20/25", "1.00", "FEE_REFUND"),
    ],
)
def test_cash_moves_by_its_words_and_its_sign(text, amount, kind):
    row = only(reading(line(text, symbol="", amount=amount)))

    assert (row.kind, row.amount, row.symbol) == (kind, abs(Decimal(amount)), "")
    assert "1234567" not in row.note


def test_an_adr_fee_names_its_share():
    assert (only(reading(line("ABC PLC ADR FEE", amount="-0.20"))).kind, "ABC") == ("FEE", "ABC")


def test_interest_on_idle_cash_is_known_by_its_words_or_its_cusip():
    for text, cusip in (("INTEREST ON CREDIT BALANCE AT 0.35% 02/16 THRU 03/15", " " * 9), ("SOMETHING", "00099A109")):
        row = only(reading(line(text, "Interest", symbol="", amount="0.12", cusip=cusip)))
        assert (row.kind, row.symbol) == ("INTEREST", "")


def test_margin_interest_is_a_charge():
    assert only(reading(line("MARGIN INTEREST", "Interest", symbol="", amount="-3.00"))).kind == "INTEREST_CHARGE"


def test_interest_on_a_security_is_a_coupon():
    row = only(reading(line("NOTE 4% INT", "Interest", symbol="", amount="20.00", cusip=CUSIP)))

    assert (row.kind, row.symbol) == ("COUPON", CUSIP)


@pytest.mark.parametrize(
    ("one", "other", "units"),
    [
        ("XFER FFS TO CASH", "XFER CASH FROM FFS", "0"),
        ("XFER CASH TO MARGIN", "XFER MARGIN TO CASH", "0"),
        ("TFR TO TYPE 2", "TFR FROM TYPE 1", "5"),
    ],
)
def test_moves_between_sub_accounts_go_out_in_pairs(one, other, units):
    pair = (line(one, amount="5.12", quantity=units), line(other, amount="-5.12", quantity=f"-{units}"))

    assert reading(*pair).skipped == 2
    assert [problem.code for problem in reading(pair[0]).needs_review] == ["unpaired"]


def test_reversed_withholding_is_a_refund_for_its_old_year():
    found = reading(
        line("ABC CORP Rev NRA W/H AS/OF 05/15/24 LCG", amount="1.10"),
        line("ABC CORP Rev NRA W/H AS/OF 05/15/23 ROC", amount="2.10"),
    )

    assert [(row.kind, row.symbol, row.tax_year) for row in found.rows] == [
        ("TAX_REFUND", "ABC", 2024),
        ("TAX_REFUND", "ABC", 2023),
    ]
    assert [warning.code for warning in found.warnings] == ["return_of_capital"]


def test_adjusted_withholding_goes_both_ways_and_rows_of_one_day_differ_by_their_text():
    rows = [line(f"ABC CORP 2024 NRA W/H ADJ as of 2024-0{month}-15", amount="1.10") for month in (1, 2, 3)]

    found = reading(*rows, line("ABC CORP 2024 NRA W/H ADJ as of 2024-03-15", amount="-0.40"))

    assert [row.kind for row in found.rows] == ["TAX_REFUND"] * 3 + ["TAX"]
    assert {row.tax_year for row in found.rows} == {2024}
    assert len({row.external_id for row in found.rows}) == 4


# --- questions and reversals


@pytest.mark.parametrize(
    ("text", "action", "code"),
    [
        ("SOMETHING NEW", "Other", "unknown_word"),
        ("ABC CORP STK SPLIT 2 FOR 1", "Other", "corporate_action"),
        ("ABC CORP NAME CHANGE", "Other", "corporate_action"),
        ("ABC CORP MERGER", "Other", "corporate_action"),
        ("ABC CORP LIQUIDATING DISTRIBUTION", "Other", "corporate_action"),
        ("ABC CORP", "Gift", "unknown_word"),
    ],
)
def test_what_is_not_known_is_asked_about(text, action, code):
    assert [problem.code for problem in reading(line(text, action, quantity="10", amount="0")).needs_review] == [code]


def test_units_without_money_are_a_corporate_action_even_under_buy():
    found = reading(line("ABC CORP", "BUY", quantity="10", price="0", amount="0.00"))

    assert found.needs_review[0].code == "corporate_action"


def test_a_cancel_goes_out_with_its_one_trade():
    found = reading(
        line("ABC CORP", "BUY", quantity="10", price="150.00", amount="-1500.00"),
        line("ABC CORP CXL BUY", "BUY", quantity="-10", price="150.00", amount="1500.00", date="2025-03-31"),
    )

    assert (found.rows, found.skipped) == ([], 2)
    assert found.warnings[-1].code == "cancelled"


def test_a_cancel_of_one_of_two_equal_trades_is_asked_about():
    buy = line("ABC CORP", "BUY", quantity="10", price="150.00", amount="-1500.00")

    found = reading(buy, buy, line("ABC CORP CXL", "BUY", quantity="-10", price="150.00", amount="1500.00"))

    assert len(found.rows) == 2
    assert [problem.code for problem in found.needs_review] == ["cancel"]


def test_a_cancel_takes_out_the_trade_that_an_earlier_file_brought_and_it_stays_out():
    buy = line("ABC CORP", "BUY", quantity="10", price="150.00", amount="-1500.00")
    cancel = line("ABC CORP CXL", "BUY", quantity="-10", price="150.00", amount="1500.00", date="2025-03-31")
    bring(HEADER + buy)

    report = bring(HEADER + cancel)
    again = bring(HEADER + buy + cancel)

    assert (report.skipped, len(report.needs_review)) == (1, 0)
    assert again.written == 0
    assert Transaction.objects.count() == 0
    assert Transaction.history.filter(history_type="-").count() == 1


def test_a_cancel_without_any_trade_is_asked_about():
    report = bring(HEADER + line("ABC CXL", "BUY", quantity="-10", price="150.00", amount="1500.00"))

    assert [problem.code for problem in report.needs_review] == ["cancel"]


def test_a_negative_dividend_takes_back_its_equal_and_a_new_one_stays():
    found = reading(dividend("10.00"), dividend("-10.00", date="2025-03-31"), dividend("9.00", date="2025-03-31"))

    assert [(row.kind, row.amount) for row in found.rows] == [("DIVIDEND", 9)]
    assert found.skipped == 2


def test_a_bare_dividend_is_booked_by_its_action_with_a_warning():
    found = reading(line("ABC CORP DISTRIBUTION", "Dividend", amount="3.00"))

    assert only(found).kind == "DIVIDEND"
    assert "inferred" in [warning.code for warning in found.warnings]


def test_a_bond_is_booked_only_where_its_interest_fits():
    cells = {"symbol": "", "quantity": "10000", "price": "99.00", "cusip": CUSIP, "settled": "2025-03-31"}

    # 10,000 x 99 / 100 = 9,900, and 50 of interest
    row = only(reading(line("NOTE 4%", "BUY", amount="-9950.00", interest="50.00", **cells)))
    off = reading(line("NOTE 4%", "BUY", amount="-9800.00", interest="50.00", **cells))

    assert (row.symbol, row.quantity, row.amount, row.accrued_interest) == (CUSIP, 10000, 9900, 50)
    assert (row.date, row.note) == (dt.date(2025, 3, 31), "traded 2025-03-28")
    assert off.needs_review[0].code == "does_not_add_up"


# --- files saved again in a spreadsheet


def test_a_file_saved_again_in_a_spreadsheet_gives_the_same_ids():
    original = line("ABC CORP           UNSOLICITED", "BUY", quantity="10.00", price="150.50", amount="-1505.00")
    again = "ABC,10,150.5,BUY,ABC CORP UNSOLICITED,2025/3/28,2025/3/28,0,-1505,0,0,3.8E+07,Trade\n"

    assert only(reading(original)).external_id == only(reading(again)).external_id


def test_a_damaged_cusip_is_never_used_but_lost_zeros_come_back():
    lost = reading("ABC,10,150,BUY,ABC,2025/3/28,2025/3/28,0,-1500,0,0,3.8E+07,Trade\n")
    short = reading("ABC,10,150,BUY,ABC,2025/3/28,2025/3/28,0,-1500,0,0,37833100,Trade\n")

    assert lost.securities["ABC"].cusip == ""
    assert short.securities["ABC"].cusip == CUSIP


def test_month_and_day_are_told_by_the_whole_file():
    row = "ABC,10,150,BUY,ABC,{},{},0,-1500,0,0,,Trade\n"

    # settled the next day: only the month-first reading fits 3/4 and 3/5
    found = reading(row.format("3/4/2025", "3/5/2025"))

    assert only(found).date == dt.date(2025, 3, 4)


def test_dates_that_could_be_two_are_refused():
    report = bring(HEADER + "ABC,10,150,BUY,ABC,3/3/2025,3/3/2025,0,-1500,0,0,,Trade\n")

    assert "month-first or day-first" in report.rejected[0].reason


@pytest.mark.parametrize("symbol", ["TRUE", "1-Mar", "4.5E+03", "2025-03-01"])
def test_a_symbol_that_a_spreadsheet_may_have_made_is_asked_about(symbol):
    found = reading(line("ABC", "BUY", symbol=symbol, quantity="10", price="150", amount="-1500"))

    assert found.needs_review[0].code == "mangled_symbol"


def test_a_column_that_is_missing_is_named():
    report = bring(HEADER.replace("RecordType", "Kind"), format_name="firstrade")

    assert "recordtype" in report.rejected[0].reason


def test_an_extra_column_is_ignored_and_a_surplus_cell_is_not():
    extra = HEADER.replace("\n", ",New\n") + line("ABC DEPOSIT ACH DEPOSIT", symbol="", amount="5.00").replace("\n", ",x\n")
    surplus = HEADER + line("ACH DEPOSIT, 5", symbol="", amount="5.00")

    assert bring(extra).imported == 1
    assert "comma" in bring(surplus).rejected[0].reason


def test_without_an_account_rows_go_to_the_brokers_own_and_a_warning_says_so():
    report = bring(HEADER + line("ACH DEPOSIT", symbol="", amount="5.00"), account="")

    assert report.new_accounts == ["Firstrade"]
    assert report.warnings[0].code == "account_assumed"


# --- the page in Chinese


CHINESE = "日期,交易類別,數量,說明,代號,賬戶類別,價格,金額\n"


def test_the_chinese_history_is_known_by_its_clearing_houses_phrases():
    text = CHINESE + '03/28/2025,買進,10,ABC CORP,ABC,現金,150.00,"-1,500.10"\n'

    assert not recognises(data=text.encode())
    assert recognises(data=(text + "03/31/2025,其他,0,Wire Funds Received ABA-1,,現金,,500.00\n").encode())


def test_the_chinese_history_has_its_fee_in_the_difference():
    text = CHINESE + '03/28/2025,買進,10,ABC CORP,ABC,現金,150.00,"-1,500.10"\n03/31/2025,存款,0,,,現金,,500.00\n'

    found = read(data=text.encode("utf-8-sig"), today=TODAY, account="Broker")

    # 1500.10 less 10 x 150
    assert [(row.kind, row.amount, row.fee) for row in found.rows] == [("BUY", 1500, Decimal("0.10")), ("DEPOSIT", 500, 0)]
    assert "overlapping_sources" in [warning.code for warning in found.warnings]


# --- whole files


YEAR = "".join(
    [
        line("Wire Funds Received ABA-021000021", symbol="", date="2025-01-02", amount="5000.00"),
        line("ABC CORP", "BUY", date="2025-01-03", quantity="10.00", price="150.00", amount="-1500.00"),
        line("ABC CORP", "BUY", date="2025-01-03", quantity="10.00", price="150.00", amount="-1500.00"),
        line("FULLYPAID LENDING REBATE JAN2025", "Interest", symbol="", date="2025-02-15", amount="1.00"),
        line("XFER FFS TO CASH", date="2025-02-15", amount="5.12"),
        line("XFER CASH FROM FFS", date="2025-02-15", amount="-5.12"),
        dividend("20.00"),
        dividend("-6.00", action="Other", words="NON-RES TAX WITHHELD"),
        dividend("10.00", symbol="DEF", cusip=""),
        line("DEF CORP REIN @ 50.0000 REC 03/14/25 PAY 03/28/25", symbol="DEF", cusip="", quantity="0.14", amount="-7.00"),
        line("ABC CORP", "SELL", date="2025-04-01", quantity="-4.00", price="160.00", amount="639.98", fee="0.02"),
        line("ABC CORP 2024 NRA W/H ADJ as of 2024-05-15", date="2025-04-02", amount="1.10"),
        line("INTEREST ON CREDIT BALANCE AT 0.35%", "Interest", symbol="", date="2025-04-15", amount="0.12"),
        line("ABC CORP", "SELL", date="2025-05-01", quantity="-1.00", price="160.00", amount="160.00"),
        line("SOMETHING NEW", date="2025-05-02", amount="9.99"),
    ]
)


def test_a_year_comes_in_whole_and_two_equal_purchases_are_two():
    report = bring(HEADER + YEAR)

    # 15 rows: the XFER pair is skipped, one word is unknown, 12 make 11 ledger rows since a tax joins its dividend
    assert (report.rows, report.imported, report.skipped, len(report.needs_review), report.written) == (15, 12, 2, 1, 11)
    assert len(stored("pk", kind="BUY", instrument__symbol="ABC")) == 2


def test_a_file_twice_backwards_and_in_overlapping_halves_gives_one_ledger():
    gives_one_ledger(HEADER + YEAR)


def test_the_cusip_is_remembered_and_finds_the_symbol_later():
    bring(HEADER + line("ABC", "BUY", quantity="10", price="150", amount="-1500.00"))

    bring(HEADER + line("ABC CORP RETURN OF CAPITAL", symbol="", amount="3.00", cusip=CUSIP, date="2025-04-01"))

    assert stored("instrument__symbol", kind="RETURN_OF_CAPITAL") == [("ABC",)]


def test_a_row_that_was_typed_before_is_offered_for_merging():
    bring(HEADER + line("ABC", "BUY", quantity="10", price="150", amount="-1500.00"))
    Transaction.objects.update(external_id="", source=None, note="typed")

    offered = bring(HEADER + line("ABC", "BUY", quantity="10", price="150", amount="-1500.00"))
    merged = bring(HEADER + line("ABC", "BUY", quantity="10", price="150", amount="-1500.00"), accept_updates=True)

    assert [problem.code for problem in offered.needs_review] == ["typed_before"]
    assert (merged.updated, Transaction.objects.count()) == (1, 1)
    assert Transaction.objects.get().external_id.startswith("firstrade:")


# --- damage


def test_damaged_files_end_in_a_report():
    survives_damage(read, (HEADER + YEAR).encode(), format_name="firstrade")


def test_any_cells_end_in_a_report():
    def make_file(row):
        return (HEADER + ",".join(f'"{cell.replace(chr(34), "")}"' for cell in row) + "\n").encode("utf-8", "replace")

    survives_any_cell(read, make_file, cells=13)
