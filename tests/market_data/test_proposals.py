"""Dividends that ought to come: proposed once, answered once, rejected for good."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.engine.kinds import Kind
from portfolio.market_data import proposals
from portfolio.models import Account, Distribution, Instrument, PremiumRule, ProposedDividend, Transaction, WithholdingRule

pytestmark = pytest.mark.django_db
D = dt.date
TODAY = D(2025, 4, 30)
EX_DATE, PAY_DATE = D(2025, 3, 24), D(2025, 3, 31)


@pytest.fixture
def fund(household):
    """Ten units of QQQ since January; 0.7157 a unit, ex on 24 March, paid on 31 March."""
    PremiumRule.objects.all().delete()
    WithholdingRule.objects.all().delete()
    WithholdingRule.objects.create(country="US", rate="0.3")
    instrument = household.buys("QQQ", "2025-01-06", issuer_country="US")
    announce(instrument)
    return instrument


def announce(instrument, ex_date=EX_DATE, amount="0.7157", pay_date=PAY_DATE):
    return Distribution.objects.create(instrument=instrument, ex_date=ex_date, amount=amount, pay_date=pay_date)


def pays(instrument, date, amount="7.16", **fields):
    account = fields.pop("account", None) or Account.objects.first()
    return Transaction.objects.create(
        date=date, kind=Kind.DIVIDEND, account=account, instrument=instrument, amount=amount, currency="USD", **fields
    )


def proposed():
    return ProposedDividend.objects.get()


def test_units_held_before_the_ex_date_are_proposed_with_the_tax_of_the_table(fund):
    assert proposals.propose_dividends(today=TODAY) == 1

    # 10 x 0.7157 = 7.157, booked as 7.16; 30 % of it is 2.148
    found = proposed()
    assert (found.amount, found.tax, found.currency) == (Decimal("7.16"), Decimal("2.15"), "USD")
    assert (found.pay_date, found.units, found.state) == (D(2025, 3, 31), 10, "proposed")


def test_units_bought_on_the_ex_date_get_nothing(household):
    instrument = household.buys("QQQ", "2025-03-24")
    announce(instrument)

    assert proposals.propose_dividends(today=TODAY) == 0


def test_a_split_before_the_ex_date_multiplies_the_units(fund):
    Transaction.objects.create(date="2025-02-03", kind=Kind.SPLIT, instrument=fund, quantity=2)

    proposals.propose_dividends(today=TODAY)

    assert proposed().units == 20


def test_each_account_gets_a_proposal_of_its_own(fund, household):
    household.account = Account.objects.create(name="Other", currency="USD")
    household.buys("QQQ", "2025-02-03", quantity="4")

    proposals.propose_dividends(today=TODAY)

    assert dict(ProposedDividend.objects.values_list("account__name", "amount")) == {
        "Broker": Decimal("7.16"),
        "Other": Decimal("2.86"),  # 4 x 0.7157 = 2.8628
    }


def test_taiwans_premium_is_reckoned_over_all_accounts_of_a_payer(household):
    PremiumRule.objects.all().delete()
    PremiumRule.objects.create(
        country="TW", currency="TWD", rate="0.0211", threshold=20000, cap=10_000_000, valid_from="2021-01-01"
    )
    instrument = household.buys("0050", "2025-01-06", quantity="6000", currency="TWD", issuer_country="TW")
    household.account = Account.objects.create(name="Other", currency="TWD")
    household.buys("0050", "2025-01-06", quantity="4000")
    announce(instrument, amount="2.7")

    proposals.propose_dividends(today=TODAY)

    # 10,000 x 2.7 = 27,000, of it 2.11 % are 569.7, so 570: 342 and 228 by their shares
    assert dict(ProposedDividend.objects.values_list("amount", "tax")) == {16200: 342, 10800: 228}


def test_pence_are_paid_in_pounds(household):
    instrument = household.buys("SHEL.L", "2025-01-06", currency="GBp", quantity="100")
    announce(instrument, amount="28.5")

    proposals.propose_dividends(today=TODAY)

    assert (proposed().amount, proposed().currency) == (Decimal("28.5"), "GBP")


def test_confirming_writes_the_row_once(fund):
    proposals.propose_dividends(today=TODAY)

    row = proposals.confirm(proposal=proposed().pk)

    assert (row.date, row.kind, row.amount, row.tax, row.ex_date) == (
        D(2025, 3, 31), Kind.DIVIDEND, Decimal("7.16"), Decimal("2.15"), D(2025, 3, 24),
    )  # fmt: skip
    with pytest.raises(proposals.AlreadyDecidedError):
        proposals.confirm(proposal=proposed().pk)
    assert proposals.propose_dividends(today=TODAY) == 0
    assert Transaction.objects.filter(kind=Kind.DIVIDEND).count() == 1


def test_a_rejected_proposal_never_returns(fund):
    proposals.propose_dividends(today=TODAY)
    proposals.reject(proposal=proposed().pk)

    Distribution.objects.update(amount="0.72")

    assert proposals.propose_dividends(today=TODAY) == 0
    assert not Transaction.objects.filter(kind=Kind.DIVIDEND).exists()


@pytest.mark.parametrize("date", ["2025-03-21", "2025-03-31", "2025-04-10"])
def test_a_row_within_ten_days_of_the_pay_date_answers_a_proposal(fund, date):
    row = pays(fund, date, amount="5.01")

    assert proposals.propose_dividends(today=TODAY) == 0
    assert (proposed().state, proposed().transaction) == ("matched", row)


@pytest.mark.parametrize("date", ["2025-03-20", "2025-04-11"])
def test_a_row_further_away_does_not(fund, date):
    pays(fund, date)

    assert proposals.propose_dividends(today=TODAY) == 1


def test_one_row_answers_one_proposal_and_the_nearer_one(fund):
    announce(fund, D(2025, 4, 2), "0.5", D(2025, 4, 9))
    row = pays(fund, "2025-04-08", amount="5.00")

    assert proposals.propose_dividends(today=TODAY) == 1

    # it is within ten days of both pay dates
    assert ProposedDividend.objects.get(transaction=row).ex_date == D(2025, 4, 2)


def test_rows_of_another_account_answer_nothing(fund):
    pays(fund, "2025-03-31", account=Account.objects.create(name="Other"))

    assert proposals.propose_dividends(today=TODAY) == 1


def test_without_a_pay_date_a_late_row_of_the_right_amount_answers(fund):
    Distribution.objects.update(pay_date=None)
    pays(fund, "2025-04-28")

    assert proposals.propose_dividends(today=TODAY) == 0


def test_a_statement_that_comes_after_the_click_replaces_the_row_of_the_click(fund):
    proposals.propose_dividends(today=TODAY)
    proposals.confirm(proposal=proposed().pk)
    imported = pays(fund, "2025-04-01", amount="7.16", external_id="F-1")

    proposals.propose_dividends(today=TODAY)

    assert list(Transaction.objects.filter(kind=Kind.DIVIDEND)) == [imported]
    assert proposed().state == "matched"


def test_rows_imported_later_correct_what_is_still_open(fund, household):
    proposals.propose_dividends(today=TODAY)
    household.buys("QQQ", "2025-01-07", quantity="10")

    proposals.propose_dividends(today=TODAY)

    assert proposed().amount == Decimal("14.31")  # 20 x 0.7157 = 14.314


def test_by_setting_they_confirm_themselves_on_the_pay_date(fund):
    assert proposals.propose_dividends(today=D(2025, 3, 30), confirms=True) == 1
    assert proposals.propose_dividends(today=D(2025, 3, 31), confirms=True) == 0

    assert Transaction.objects.get(kind=Kind.DIVIDEND).date == D(2025, 3, 31)


def test_a_deleted_row_does_not_bring_the_question_back(fund):
    row = pays(fund, "2025-03-31")
    proposals.propose_dividends(today=TODAY)

    row.delete()

    assert proposals.propose_dividends(today=TODAY) == 0


def test_old_dividends_are_history(household):
    instrument = household.buys("QQQ", "2020-01-06")
    announce(instrument, D(2023, 3, 20), pay_date=D(2023, 4, 28))

    assert proposals.propose_dividends(today=TODAY) == 0


def test_owners_confirm_in_the_admin(fund, as_owner):
    proposals.propose_dividends(today=TODAY)
    address = "/admin/portfolio/proposeddividend/"
    assert b"QQQ" in as_owner.get(address).content

    as_owner.post(address, {"action": "confirm", "_selected_action": [proposed().pk]})

    assert proposed().state == "confirmed"
    assert Instrument.objects.get().transactions.filter(kind=Kind.DIVIDEND).exists()
