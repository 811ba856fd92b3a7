"""Flex queries in XML: what each kind of row becomes, and what is left to a person."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.engine.kinds import Kind
from portfolio.importers.ibkr import flex_xml
from portfolio.importers.text import FileError

TODAY = dt.date(2026, 1, 1)
ABC = 'symbol="ABC" description="ABC INC" conid="1" isin="US0378331005" currency="USD" assetCategory="STK" accountId="U777"'

NO_NAME = ABC.replace('description="ABC INC"', "")


def flex(*, trades="", cash="", actions="", transfers="", other="", account="U777") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<FlexQueryResponse queryName="all" type="AF"><FlexStatements count="1">
<FlexStatement accountId="{account}" fromDate="20240101" toDate="20251231" whenGenerated="20260101;010203">
<AccountInformation accountId="{account}" currency="USD" />
<Trades>{trades}</Trades><CashTransactions>{cash}</CashTransactions>
<CorporateActions>{actions}</CorporateActions><Transfers>{transfers}</Transfers>{other}
</FlexStatement></FlexStatements></FlexQueryResponse>""".encode()


def trade(extra="", *, base=ABC, tag="Trade", **values) -> str:
    cells = {
        "tradeDate": "20240105", "dateTime": "20240105;101112", "buySell": "BUY", "quantity": "10", "tradePrice": "100.5",
        "proceeds": "-1005", "ibCommission": "-1", "ibCommissionCurrency": "USD", "taxes": "0", "netCash": "-1006",
        "tradeID": "11", "transactionID": "101",
    } | values  # fmt: skip
    written = " ".join(f'{name}="{value}"' for name, value in cells.items())
    return f"<{tag} {base} {written} {extra}/>"


def cash(
    kind: str, amount: str, *, base=NO_NAME, number="201", on="20240315", paid="20240315;202000", text="", extra=""
) -> str:
    kind = kind.replace("&", "&amp;")
    return (
        f'<CashTransaction {base} type="{kind}" amount="{amount}" reportDate="{on}" dateTime="{paid}" transactionID="{number}"'
        f' description="{text}" {extra}/>'
    )


def read(data: bytes, **arguments):
    reading = flex_xml.read(data=data, today=TODAY, **arguments)
    lines = {line for row in reading.rows for line in row.lines}
    # every source row has exactly one outcome
    assert reading.source_rows == len(lines) + reading.skipped + len(reading.needs_review) + len(reading.rejected)
    return reading


def only(data: bytes, **arguments):
    reading = read(data, **arguments)
    assert not reading.needs_review
    assert not reading.rejected
    (row,) = reading.rows
    return row


def test_a_purchase_is_booked_with_its_commission():
    row = only(flex(trades=trade(settleDateTarget="20240109")))

    assert (row.kind, row.account, row.symbol, row.date, row.time) == (
        Kind.BUY, "U777", "ABC", dt.date(2024, 1, 5), dt.time(10, 11, 12),
    )  # fmt: skip
    assert (row.quantity, row.price, row.amount, row.fee, row.tax, row.currency) == (10, Decimal("100.5"), 1005, 1, 0, "USD")
    assert (row.external_id, row.note) == ("101", "settled 2024-01-09")


def test_a_sale_has_a_negative_quantity_and_may_be_taxed():
    row = only(
        flex(trades=trade(buySell="SELL", quantity="-10", proceeds="1005", taxes="-2", netCash="1002", ibCommission="-1"))
    )

    assert (row.kind, row.quantity, row.amount, row.fee, row.tax) == (Kind.SELL, 10, 1005, 1, 2)


def test_only_the_finest_detail_counts():
    order = trade(tag="Order", transactionID="", tradeID="")
    summary = trade(tag="SymbolSummary", extra='levelOfDetail="SYMBOL_SUMMARY"', transactionID="")
    lot = trade(tag="Lot", extra='levelOfDetail="CLOSED_LOT"', transactionID="")
    total = '<CashTransaction accountId="-" currency="USD" type="Dividends" amount="5" levelOfDetail="SUMMARY"/>'

    reading = read(flex(trades=trade() + order + summary + lot, cash=cash("Dividends", "5") + total))

    assert [row.kind for row in reading.rows] == [Kind.BUY, Kind.DIVIDEND]
    assert (reading.source_rows, reading.skipped) == (6, 4)


def test_a_section_with_coarser_rows_alone_uses_the_finest_of_them():
    order = trade(extra='levelOfDetail="ORDER"', transactionID="")
    summary = trade(extra='levelOfDetail="ASSET_SUMMARY"', transactionID="")

    reading = read(flex(trades=order + summary))

    assert (len(reading.rows), reading.skipped) == (1, 1)


def test_without_ids_two_equal_rows_are_two_events_and_the_same_file_gives_the_same_ids():
    data = flex(cash=cash("Other Fees", "-1", number="", text="DATA") * 2)

    first, again = read(data), read(data)

    ids = [row.external_id for row in first.rows]
    assert len(set(ids)) == 2
    assert ids == [row.external_id for row in again.rows]


@pytest.mark.parametrize(
    ("proceeds", "other", "amount"),
    [
        ("", 'tradeMoney="1005"', "1005"),
        # the cost of a purchase holds its commission: 1006 - 1
        ("", 'cost="1006"', "1005"),
        ("", "", "1005"),
    ],
)
def test_the_gross_comes_from_whatever_the_query_has(proceeds, other, amount):
    row = only(flex(trades=trade(other, proceeds=proceeds, netCash="")))

    assert row.amount == Decimal(amount)


def test_a_commission_in_another_currency_is_a_fee_of_its_own():
    reading = read(flex(trades=trade(ibCommissionCurrency="CHF")))

    assert [(row.kind, row.amount, row.currency, row.fee) for row in reading.rows] == [
        (Kind.BUY, 1005, "USD", 0),
        (Kind.FEE, 1, "CHF", 0),
    ]
    assert len({row.external_id for row in reading.rows}) == 2


def test_a_positive_commission_is_a_rebate():
    reading = read(flex(trades=trade(ibCommission="0.5", netCash="-1004.5")))

    assert [(row.kind, row.amount) for row in reading.rows] == [(Kind.BUY, 1005), (Kind.FEE_REFUND, Decimal("0.5"))]


@pytest.mark.parametrize(("net_cash", "asked"), [("-1006", False), ("-1010", False), ("-1020", True)])
def test_money_that_does_not_add_up_is_asked_about(net_cash, asked):
    # 1006 x 0.5 % = 5.03 may be rounding
    reading = read(flex(trades=trade(netCash=net_cash)))

    assert [problem.code for problem in reading.needs_review] == (["does_not_add_up"] if asked else [])


def test_a_price_in_pence_is_left_to_the_amount():
    row = only(flex(trades=trade(base=ABC.replace("USD", "GBP"), ibCommissionCurrency="GBP", tradePrice="10050")))

    assert (row.price, row.amount) == (None, 1005)


def test_a_bond_is_booked_on_settlement_with_its_interest_and_under_its_id():
    names = 'symbol="T 4 1/8 11/15/32" isin="US91282CFV81" cusip="91282CFV8" conid="7"'
    bond = f'{names} currency="USD" assetCategory="BOND" accountId="U777"'
    reading = read(
        flex(
            trades=trade(
                'accruedInt="-12.5" settleDateTarget="20240108"',
                base=bond,
                quantity="2000",
                tradePrice="99",
                proceeds="-1980",
                netCash="-1981",
            )
        )
    )

    (row,) = reading.rows
    assert (row.symbol, row.date, row.amount, row.price, row.accrued_interest) == (
        "US91282CFV81", dt.date(2024, 1, 8), 1980, 99, Decimal("12.5"),
    )  # fmt: skip
    assert row.note == "traded 2024-01-05"
    security = reading.securities[row.symbol]
    assert (security.type, security.price_unit, security.cusip) == ("BOND", Decimal("0.01"), "91282CFV8")


def test_a_bond_that_has_not_settled_is_for_a_later_import():
    bond = 'symbol="B" isin="US91282CFV81" currency="USD" assetCategory="BOND" accountId="U777"'

    reading = read(flex(trades=trade('settleDateTarget="20260105"', base=bond, tradeDate="20251231")))

    assert "import the file again" in reading.needs_review[0].reason


PAIR = 'accountId="U777" currency="USD" assetCategory="CASH" symbol="EUR.USD"'


@pytest.mark.parametrize(
    ("side", "quantity", "proceeds", "given", "got"),
    [
        ("SELL", "-1000", "1100", (1000, "EUR"), (1100, "USD")),
        ("BUY", "1000", "-1100", (1100, "USD"), (1000, "EUR")),
    ],
)
def test_a_currency_trade_is_an_exchange_and_never_a_security(side, quantity, proceeds, given, got):
    reading = read(
        flex(
            trades=trade(
                base=PAIR,
                buySell=side,
                quantity=quantity,
                tradePrice="1.1",
                proceeds=proceeds,
                netCash="0",
                ibCommission="-2",
                ibCommissionCurrency="CHF",
                notes="AFx",
            )
        )
    )

    exchange, fee = reading.rows
    assert (exchange.kind, exchange.symbol) == (Kind.FX, "")
    assert ((exchange.amount, exchange.currency), (exchange.to_amount, exchange.to_currency)) == (given, got)
    assert (fee.kind, fee.amount, fee.currency, fee.symbol) == (Kind.FEE, 2, "CHF", "")
    assert not reading.securities


@pytest.mark.parametrize("category", ["OPT", "FUT", "CFD", "CRYPTO"])
def test_what_the_ledger_does_not_keep_is_asked_about(category):
    reading = read(flex(trades=trade(base=ABC.replace("STK", category))))

    assert reading.needs_review[0].code == "out_of_scope"


def test_a_booking_of_an_assigned_option_is_asked_about():
    reading = read(flex(trades=trade(transactionType="BookTrade", notes="A;L")))

    assert reading.needs_review[0].code == "out_of_scope"


def test_a_cancelled_trade_leaves_with_its_cancel_and_its_commission_stays():
    cancel = trade(
        'origTradeID="11" origTransactionID="101"', transactionType="TradeCancel", buySell="BUY (Ca.)", quantity="-10",
        proceeds="1005", netCash="1005", ibCommission="0", notes="Ca", tradeID="", transactionID="102",
    )  # fmt: skip
    again = trade(transactionID="103", tradePrice="101", proceeds="-1010", netCash="-1011", reportDate="20240108")

    reading = read(flex(trades=trade() + cancel + again))

    assert [(row.kind, row.amount, row.external_id) for row in reading.rows] == [
        (Kind.FEE, 1, "101f"),
        (Kind.BUY, 1010, "103"),
    ]
    assert reading.skipped == 1
    assert ("U777", "101") in reading.cancelled


def test_a_cancel_without_its_trade_is_asked_about_and_names_it():
    cancel = trade('origTransactionID="99"', transactionType="TradeCancel", buySell="BUY (Ca.)", quantity="-10")

    reading = read(flex(trades=cancel))

    assert reading.needs_review[0].code == "cancel"
    assert "99" in reading.needs_review[0].reason


DIVIDEND = "ABC(US0378331005) CASH DIVIDEND USD 1 PER SHARE (Ordinary Dividend)"
TAX = "ABC(US0378331005) CASH DIVIDEND USD 1 PER SHARE - US TAX"


def test_a_tax_joins_its_dividend_even_when_it_comes_first():
    row = only(flex(cash=cash("Withholding Tax", "-3", number="200", text=TAX) + cash("Dividends", "10", text=DIVIDEND)))

    assert (row.kind, row.amount, row.tax, row.lines) == (Kind.DIVIDEND, 10, 3, (2, 1))
    assert row.external_id == "201 & 200"


def test_one_tax_row_joins_each_dividend_and_what_is_left_over_stands_alone():
    reading = read(
        flex(
            cash=cash("Dividends", "10", text=DIVIDEND)
            + cash("Withholding Tax", "-3", number="202", text=TAX)
            + cash("Withholding Tax", "-1", number="203", text=TAX)
        )
    )

    assert [(row.kind, row.tax, row.amount) for row in reading.rows] == [(Kind.DIVIDEND, 3, 10), (Kind.TAX, 0, 1)]


def test_a_yearly_new_rate_gives_a_refund_and_a_tax_of_the_old_year_and_leaves_the_dividend():
    reading = read(
        flex(
            cash=cash("Dividends", "10", text=DIVIDEND)
            + cash("Withholding Tax", "-3", number="202", text=TAX)
            + cash("Withholding Tax", "3", number="203", text=TAX, on="20250201")
            + cash("Withholding Tax", "-1.5", number="204", text=TAX, on="20250201")
        )
    )

    assert [(row.kind, row.amount, row.tax, row.tax_year, row.date.year) for row in reading.rows] == [
        (Kind.DIVIDEND, 10, 3, None, 2024),
        (Kind.TAX_REFUND, 3, 0, 2024, 2025),
        (Kind.TAX, Decimal("1.5"), 0, 2024, 2025),
    ]


def test_a_reversed_dividend_leaves_with_its_reversal_and_the_new_one_stays():
    reading = read(
        flex(
            cash=cash("Dividends", "10", text=DIVIDEND)
            + cash("Dividends", "-10", number="202", text=DIVIDEND, on="20240320")
            + cash("Dividends", "12", number="203", text=DIVIDEND, on="20240320")
        )
    )

    assert [(row.amount, row.external_id) for row in reading.rows] == [(12, "203")]
    assert reading.skipped == 2


def test_a_negative_dividend_without_its_original_is_asked_about():
    assert read(flex(cash=cash("Dividends", "-10", text=DIVIDEND))).needs_review[0].code == "cancel"


NO_SYMBOL = 'accountId="U777" currency="USD"'


@pytest.mark.parametrize(
    ("kind", "amount", "text", "expected"),
    [
        ("Dividends", "5", "ABC(1) CASH DIVIDEND (Return of Capital)", Kind.RETURN_OF_CAPITAL),
        ("Dividends", "5", "ABC(1) CASH DIVIDEND (Bonus Dividend)", Kind.DIVIDEND),
        ("Payment In Lieu Of Dividends", "5", "ABC PAYMENT IN LIEU OF DIVIDEND", Kind.PAYMENT_IN_LIEU),
        ("Withholding Tax", "-5", TAX, Kind.TAX),
        ("871(m) Withholding", "-5", "ABC 871(M)", Kind.TAX),
        ("Withholding Tax", "5", TAX, Kind.TAX_REFUND),
        ("Broker Interest Received", "5", "USD CREDIT INT FOR MAR-2024", Kind.INTEREST),
        ("Broker Interest Received", "5", "USD IBKR MANAGED SECURITIES (SYEP) INTEREST FOR MAR-2024", Kind.LENDING_REBATE),
        ("Broker Interest Paid", "-5", "USD DEBIT INT", Kind.INTEREST_CHARGE),
        ("Bond Interest Received", "5", "BOND COUPON PAYMENT", Kind.COUPON),
        ("Other Fees", "-5", "ABC(1) CASH DIVIDEND USD 1 - FEE", Kind.FEE),
        ("Other Fees", "5", "REBATE", Kind.FEE_REFUND),
        ("Broker Fees", "-5", "", Kind.FEE),
        ("Advisor Fees", "-5", "", Kind.FEE),
        ("Commission Adjustments", "5", "", Kind.FEE_REFUND),
        ("Deposits & Withdrawals", "5", "ELECTRONIC FUND TRANSFER", Kind.DEPOSIT),
        ("Deposits/Withdrawals", "-5", "", Kind.WITHDRAWAL),
        ("Deposits", "5", "", Kind.DEPOSIT),
    ],
)
def test_each_kind_of_cash_has_its_word(kind, amount, text, expected):
    row = only(flex(cash=cash(kind, amount, text=text)))

    assert (row.kind, row.amount) == (expected, 5)


@pytest.mark.parametrize("kind", ["Price Adjustments", "Carbon Credits", "Bill Pay", "Other Income", "Something New"])
def test_an_unknown_kind_of_cash_is_asked_about_with_its_word(kind):
    problem = read(flex(cash=cash(kind, "5"))).needs_review[0]

    assert (problem.code, kind in problem.reason) == ("unknown_word", True)


def test_a_fee_on_receipts_stays_with_its_symbol_and_out_of_the_dividend():
    fee = "ABC(US0378331005) CASH DIVIDEND USD 1 PER SHARE - FEE"
    reading = read(flex(cash=cash("Dividends", "10", text=DIVIDEND) + cash("Other Fees", "-1", number="202", text=fee)))

    assert [(row.kind, row.symbol, row.amount, row.fee) for row in reading.rows] == [
        (Kind.DIVIDEND, "ABC", 10, 0),
        (Kind.FEE, "ABC", 1, 0),
    ]


def test_names_in_deposits_are_not_kept():
    row = only(flex(cash=cash("Deposits", "5", base=NO_SYMBOL, text="FROM SOME PERSON 1234567890")))

    assert row.note == ""


def test_a_cancelled_deposit_leaves_with_its_cancellation():
    reading = read(
        flex(
            cash=cash("Deposits", "5", base=NO_SYMBOL, text="RECEIPT")
            + cash("Deposits", "-5", base=NO_SYMBOL, number="202", text="CANCELLATION")
        )
    )

    assert (reading.rows, reading.skipped) == ([], 2)


BOND = 'symbol="B" isin="US91282CFV81" conid="7" currency="USD" assetCategory="BOND" accountId="U777"'
BOND_TRADE = {"quantity": "2000", "tradePrice": "99", "proceeds": "-1980", "netCash": "-1981"}


def test_interest_paid_with_a_bond_goes_into_the_trade_and_counts_once():
    paid = cash("Bond Interest Paid", "-12.5", base=BOND, on="20240108", text="PURCHASE ACCRUED INT")

    told = read(flex(trades=trade('accruedInt="-12.5"', base=BOND, **BOND_TRADE), cash=paid))
    silent = read(flex(trades=trade(base=BOND, **BOND_TRADE), cash=paid))
    alone = read(flex(cash=paid))

    assert ([row.accrued_interest for row in told.rows], told.skipped) == ([Decimal("12.5")], 1)
    assert ([row.accrued_interest for row in silent.rows], silent.rows[0].lines) == ([Decimal("12.5")], (1, 2))
    assert alone.needs_review[0].code == "unpaired"


def action(kind: str, *, quantity="0", proceeds="0", text="", number="301", base=ABC, extra="") -> str:
    return (
        f'<CorporateAction {base} type="{kind}" quantity="{quantity}" proceeds="{proceeds}" reportDate="20240610"'
        f' dateTime="20240609;202500" actionDescription="{text}" transactionID="{number}" actionID="9" {extra}/>'
    )


def test_a_split_takes_its_ratio_from_the_text():
    row = only(flex(actions=action("FS", quantity="30", text="ABC(US0378331005) SPLIT 4 FOR 1 (ABC, ABC INC, 1)")))

    assert (row.kind, row.symbol, row.quantity, row.account) == (Kind.SPLIT, "ABC", 4, "U777")


def test_both_legs_of_a_reverse_split_are_one_row():
    old = ABC.replace('symbol="ABC"', 'symbol="ABC.OLD"').replace('conid="1"', 'conid="2"').replace('isin="US0378331005"', "")
    text = "ABC(US0378331005) SPLIT 1 FOR 10 (ABC, ABC INC, 1)"

    legs = action("RS", quantity="-100", text=text, base=old) + action("RS", quantity="10", text=text, number="302")
    row = only(flex(actions=legs))

    assert (row.quantity, row.lines, row.symbol) == (Decimal("0.1"), (1, 2), "ABC")


@pytest.mark.parametrize("ratio", ["1 FOR 1", ""])
def test_a_reverse_split_that_is_a_change_of_name_is_asked_about(ratio):
    text = f"ABC(1) SPLIT {ratio}" if ratio else "ABC RENAMED"

    assert read(flex(actions=action("RS", quantity="5", text=text))).needs_review[0].code == "corporate_action"


@pytest.mark.parametrize(
    ("kind", "quantity", "proceeds", "text", "expected"),
    [
        ("SD", "5", "0", "STOCK DIVIDEND", Kind.STOCK_DIVIDEND),
        ("TC", "-10", "125.5", "ABC(1) MERGED(Liquidation) FOR USD 12.55 PER SHARE", Kind.SELL),
        ("BM", "-10", "1000", "BOND MATURITY", Kind.MATURITY),
        ("TM", "-10", "1000", "TBILL MATURITY", Kind.MATURITY),
    ],
)
def test_actions_that_say_all_are_booked(kind, quantity, proceeds, text, expected):
    row = only(flex(actions=action(kind, quantity=quantity, proceeds=proceeds, text=text)))

    assert row.kind == expected
    assert row.amount == (Decimal(proceeds) if Decimal(proceeds) else None)


@pytest.mark.parametrize("kind", ["FI", "HI", "SO", "TO", "TI", "IC", "OR", "DW", "BC", "RI", "GV", "CD"])
def test_actions_without_terms_are_asked_about(kind):
    assert read(flex(actions=action(kind, quantity="5"))).needs_review[0].code == "corporate_action"


def test_an_action_that_moves_nothing_is_skipped():
    assert read(flex(actions=action("PV"))).skipped == 1


def test_a_payment_told_twice_counts_once():
    reading = read(flex(cash=cash("Dividends", "10", text=DIVIDEND, on="20240610"), actions=action("CD", proceeds="10")))

    assert ([row.kind for row in reading.rows], reading.skipped) == ([Kind.DIVIDEND], 1)


def transfer(direction: str, *, base=ABC, quantity="10", value="1000", number="401", extra="") -> str:
    return (
        f'<Transfer {base} type="ACATS" direction="{direction}" quantity="{quantity}" positionAmount="{value}" date="20240701"'
        f' transactionID="{number}" {extra}/>'
    )


def test_units_from_outside_come_in_at_their_value_with_a_warning():
    reading = read(flex(transfers=transfer("IN")))

    (row,) = reading.rows
    assert (row.kind, row.quantity, row.amount) == (Kind.DELIVERY_IN, 10, 1000)
    assert reading.warnings[0].code == "cost_unknown"


def test_both_sides_of_a_transfer_in_one_file_are_one_row():
    other = ABC.replace("U777", "U888")

    row = only(flex(transfers=transfer("OUT", quantity="-10") + transfer("IN", base=other, number="402")))

    assert (row.kind, row.account, row.to_account, row.quantity, row.lines) == (Kind.TRANSFER, "U777", "U888", 10, (1, 2))


def test_sections_that_repeat_money_or_lend_shares_are_not_read():
    other = (
        f'<SLBActivities><SLBActivity {ABC} type="ManagedLoan" quantity="-5"/></SLBActivities>'
        f'<FxTransactions><FxTransaction {ABC} quantity="5"/></FxTransactions>'
        '<Novelties><Novelty amount="5"/></Novelties>'
    )

    reading = read(flex(trades=trade(), other=other))

    assert (reading.source_rows, len(reading.rows)) == (1, 1)
    assert ["Novelties" in warning.reason for warning in reading.warnings] == [True]


def test_the_statement_names_the_account_and_another_name_is_refused():
    without = ABC.replace(' accountId="U777"', "")

    assert only(flex(trades=trade(base=without)), account="U777").account == "U777"
    with pytest.raises(FileError, match="not of Mine") as refused:
        read(flex(trades=trade(base=without)), account="Mine")
    # numbers of accounts are not shown whole
    assert "U777" not in str(refused.value)


def test_two_accounts_in_one_file_keep_their_names_whatever_is_asked_for():
    reading = read(flex(trades=trade() + trade(base=ABC.replace("U777", "U888"), transactionID="102")), account="Mine")

    assert [row.account for row in reading.rows] == ["U777", "U888"]


@pytest.mark.parametrize(
    ("written", "clock"),
    [
        ("20240105;101112", "20240105;101112"),
        ("2024-01-05", "2024-01-05, 10:11:12"),
        ("2024-01-05", "2024-01-05;10:11:12 EST"),
        ("05-Jan-24", "05-Jan-24;101112"),
        ("01/25/2024", "01/25/2024;101112"),
        ("25/01/24", "25/01/24;10:11:12"),
    ],
)
def test_dates_are_read_in_every_style_of_the_query(written, clock):
    row = only(flex(trades=trade(tradeDate=written, dateTime=clock)))

    assert row.date in {dt.date(2024, 1, 5), dt.date(2024, 1, 25)}
    assert row.time == dt.time(10, 11, 12)


def test_the_month_of_october_is_no_mark_of_a_time():
    assert only(flex(trades=trade(tradeDate="12-OCT-23", dateTime="12-OCT-23;101112"))).date == dt.date(2023, 10, 12)


def test_slashes_that_nothing_settles_are_refused():
    with pytest.raises(FileError, match="day/month or month/day"):
        read(flex(trades=trade(tradeDate="01/05/2024", dateTime="")))


def test_one_security_has_one_symbol_where_its_number_says_so():
    nameless = ABC.replace('symbol="ABC"', "").replace('isin="US0378331005"', "")

    reading = read(flex(trades=trade() + trade(base=nameless, transactionID="102")))

    assert {row.symbol for row in reading.rows} == {"ABC"}


def test_a_row_in_the_future_is_refused():
    assert "future" in read(flex(trades=trade(tradeDate="20270101"))).rejected[0].reason


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>
<FlexQueryResponse><a>&lol2;</a></FlexQueryResponse>"""
OUTSIDE = (
    b"""<?xml version="1.0"?><!DOCTYPE f [<!ENTITY x SYSTEM "file:///etc/passwd">]><FlexQueryResponse>&x;</FlexQueryResponse>"""
)


@pytest.mark.parametrize("data", [BOMB, OUTSIDE])
def test_entities_are_refused_unread(data):
    assert flex_xml.recognises(data=data)
    with pytest.raises(FileError, match="entities"):
        read(data)


def test_an_answer_of_the_service_is_shown():
    answer = b"""<FlexStatementResponse timestamp="x"><Status>Fail</Status><ErrorCode>1019</ErrorCode>
    <ErrorMessage>Statement generation in progress</ErrorMessage></FlexStatementResponse>"""

    with pytest.raises(FileError, match="1019 Statement generation in progress"):
        read(answer)


def test_a_cut_file_is_refused_as_a_whole():
    with pytest.raises(FileError, match="damaged"):
        read(flex(trades=trade())[:-200])


def test_a_query_without_rows_is_a_warning():
    assert read(flex()).warnings[0].code == "no_rows"


def test_more_digits_than_money_has_are_rounded():
    long = {"proceeds": "-1005.000000000000012", "netCash": "-1006.0000000000001", "quantity": "10.00000000000000001"}
    row = only(flex(trades=trade(**long)))

    assert (row.amount, row.quantity) == (1005, 10)
