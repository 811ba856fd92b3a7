"""What cannot be is refused beside its field; what is unlikely is asked about once."""

import datetime as dt

import pytest
from django.utils import timezone

from portfolio.entry.form import TransactionForm
from portfolio.models import Instrument
from tests.entry.household import MONDAY, account, bought, closed, row, share

LATER = MONDAY + dt.timedelta(days=1)
EARLIER = MONDAY - dt.timedelta(days=10)
SATURDAY = MONDAY - dt.timedelta(days=2)


def codes(form: TransactionForm) -> dict[str, list[str]]:
    return {name: [error.code for error in errors] for name, errors in form.errors.as_data().items()}


# ---- fields ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("BUY", {"instrument", "quantity", "price"}),
        ("MATURITY", {"instrument", "quantity"}),
        ("DIVIDEND", {"instrument", "amount"}),
        ("DEPOSIT", {"amount"}),
        ("FX", {"amount", "to_amount", "to_currency"}),
        ("TRANSFER", {"to_account", "amount"}),
        ("SPLIT", {"instrument", "quantity"}),
        ("SPIN_OFF", {"instrument", "quantity", "note"}),
    ],
)
def test_a_kind_names_the_fields_it_needs(entered, kind: str, missing: set[str]):
    form = entered(kind)

    assert codes(form) == {name: ["required"] for name in missing}


@pytest.mark.parametrize("typed", ["12,5", "abc", "1234567890123.4567"])
def test_what_is_no_number_or_cannot_be_kept_exactly_is_refused(entered, typed: str):
    share("KO")

    assert "quantity" in codes(entered("BUY", instrument="KO", quantity=typed, price="60"))


def test_numbers_carry_no_sign(entered):
    share("KO")

    assert codes(entered("BUY", instrument="KO", quantity="-5", price="60")) == {"quantity": ["sign"]}


def test_the_future_is_refused(entered):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    assert codes(entered("DEPOSIT", date=tomorrow.isoformat(), amount="5")) == {"date": ["future"]}


def test_a_code_that_is_no_currency_is_refused(entered):
    assert codes(entered("DEPOSIT", amount="5", currency="XYZ")) == {"currency": ["currency"]}


def test_an_amount_may_differ_from_the_product_by_half_a_percent(entered):
    share("KO")

    # 10 x 60 = 600
    assert entered("BUY", instrument="KO", quantity="10", price="60", amount="603").is_valid()
    assert codes(entered("BUY", instrument="KO", quantity="10", price="60", amount="603.01")) == {"amount": ["contradiction"]}


def test_without_a_rate_a_trade_in_another_currency_needs_its_own(entered):
    share("KO")

    form = entered("BUY", instrument="KO", quantity="10", price="60", currency="CHF")

    assert codes(form) == {"fx_rate": ["exchange"]}


def test_an_id_of_the_source_is_used_once_per_account(entered):
    row("DEPOSIT", amount="5", external_id="A1")

    assert codes(entered("DEPOSIT", amount="5", external_id="A1")) == {"external_id": ["duplicate"]}
    assert entered("DEPOSIT", amount="5", external_id="A1", account=str(account("Other").pk)).is_valid()


def test_a_spin_off_names_an_instrument_that_exists(entered):
    bought("100", "PARENT", EARLIER)
    share("CHILD")

    assert codes(entered("SPIN_OFF", instrument="PARENT", quantity="10", note="to:NONE")) == {"note": ["spin_off"]}
    assert entered("SPIN_OFF", instrument="PARENT", quantity="10", note="to:CHILD").is_valid()


def test_an_exchange_needs_two_currencies(entered):
    form = entered("FX", amount="5", currency="USD", to_amount="5", to_currency="USD")

    assert codes(form) == {"to_currency": ["same_currency"]}


# ---- more than is held ----------------------------------------------------------------------------------------------


def test_more_than_is_held_in_the_account_cannot_be_sold(entered):
    bought("100")
    bought("100", account=account("Other"))

    form = entered("SELL", instrument="KO", quantity="130", price="60")

    assert codes(form) == {"quantity": ["oversold"]}
    assert form.objections[0].fix == "100"
    assert entered("SELL", instrument="KO", quantity="100", price="60").is_valid()


def test_units_that_come_later_do_not_count(entered):
    bought("100", date=LATER)

    assert codes(entered("SELL", instrument="KO", quantity="10", price="60")) == {"quantity": ["oversold"]}


def test_a_back_dated_sale_must_leave_enough_for_the_later_ones(entered):
    bought("100", date=EARLIER)
    row("SELL", LATER, instrument=share("KO"), quantity="80", price="60")

    # 30 are there on the day, but then only 70 of the 80 are left
    form = entered("SELL", instrument="KO", quantity="30", price="60")

    assert codes(form) == {"date": ["oversold"]}
    assert entered("SELL", instrument="KO", quantity="20", price="60").is_valid()


def test_a_purchase_cannot_be_made_smaller_or_later_than_its_sale_allows(entered):
    purchase = bought("100", date=EARLIER)
    row("SELL", MONDAY, instrument=share("KO"), quantity="80", price="60")
    typed = {"instrument": "KO", "price": "60", "instance": purchase}

    assert codes(entered("BUY", **typed, quantity="79", date=EARLIER.isoformat())) == {"quantity": ["oversold"]}
    assert codes(entered("BUY", **typed, quantity="100", date=LATER.isoformat())) == {"quantity": ["oversold"]}
    assert entered("BUY", **typed, quantity="80", date=EARLIER.isoformat()).is_valid()


def test_a_purchase_cannot_become_one_of_something_else(entered):
    purchase = bought("100", date=EARLIER)
    row("SELL", MONDAY, instrument=share("KO"), quantity="80", price="60")
    share("PEP")

    form = entered("BUY", instrument="PEP", quantity="100", price="60", date=EARLIER.isoformat(), instance=purchase)

    assert not form.is_valid()


def test_a_split_counts_and_so_do_transfers(entered):
    bought("100", date=EARLIER)
    row("SPLIT", MONDAY, account=None, currency="", instrument=share("KO"), quantity="4")
    assert entered("SELL", instrument="KO", quantity="400", price="15").is_valid()

    row("TRANSFER", MONDAY, currency="", instrument=share("KO"), quantity="300", to_account=account("Other"))
    assert codes(entered("SELL", instrument="KO", quantity="101", price="15")) == {"quantity": ["oversold"]}


def test_a_gap_that_an_import_left_does_not_forbid_what_makes_it_no_wider(entered):
    row("SELL", EARLIER, instrument=share("KO"), quantity="50", price="60")

    assert entered("BUY", instrument="KO", quantity="10", price="60").is_valid()


# ---- asked once -----------------------------------------------------------------------------------------------------


def test_a_price_far_off_the_last_close_is_asked_about_once(entered):
    closed("KO", "60")
    typed = {"instrument": "KO", "quantity": "10", "price": "6"}

    first = entered("BUY", **typed)
    assert codes(first) == {"price": ["question"]}

    assert entered("BUY", **typed, confirm=first.confirm_codes).is_valid()
    # another price is another question
    assert codes(entered("BUY", **{**typed, "price": "7"}, confirm=first.confirm_codes)) == {"price": ["question"]}


@pytest.mark.parametrize("price", ["36", "84", "60"])
def test_forty_percent_off_is_not_far(entered, price: str):
    closed("KO", "60")

    assert entered("BUY", instrument="KO", quantity="10", price=price).is_valid()


def test_a_close_from_before_a_split_is_compared_in_new_units(entered):
    bought("100", date=EARLIER)
    closed("KO", "60", EARLIER)
    row("SPLIT", MONDAY, account=None, currency="", instrument=share("KO"), quantity="4")

    # 60 / 4
    assert entered("BUY", instrument="KO", quantity="10", price="15").is_valid()
    assert codes(entered("BUY", instrument="KO", quantity="10", price="60")) == {"price": ["question"]}


def test_a_trade_at_the_weekend_is_asked_about_and_a_dividend_is_not(entered):
    share("KO")

    trade = entered("BUY", instrument="KO", quantity="10", price="60", date=SATURDAY.isoformat())
    assert codes(trade) == {"date": ["question"]}
    # the Friday before
    assert trade.questions[0].fix == (SATURDAY - dt.timedelta(days=1)).isoformat()
    assert entered("DIVIDEND", instrument="KO", amount="5", date=SATURDAY.isoformat()).is_valid()


def test_a_currency_without_any_rate_is_asked_about(entered):
    first = entered("DEPOSIT", amount="5", currency="CHF")

    assert codes(first) == {"currency": ["question"]}
    assert entered("DEPOSIT", amount="5", currency="CHF", confirm=first.confirm_codes).is_valid()
    assert entered("DEPOSIT", amount="5", currency="TWD").is_valid()


def test_a_stored_row_is_not_asked_about_again(entered):
    closed("KO", "60")
    stored = bought("10", price="6", amount="60")

    form = entered("BUY", instrument="KO", quantity="10", price="6", note="a gift", instance=stored)

    assert form.is_valid(), form.errors


def test_a_question_waits_until_nothing_is_refused(entered):
    closed("KO", "60")

    form = entered("SELL", instrument="KO", quantity="10", price="6")

    assert codes(form) == {"quantity": ["oversold"]}


def test_the_stored_row_obeys_the_tables_own_constraints(entered):
    # what the rules of entry let through, the database must take
    share("KO")
    bought("100", date=EARLIER)
    other = str(account("Other").pk)
    Instrument.objects.filter(symbol="KO").update(type="BOND")

    for form in (
        entered("MATURITY", instrument="KO", quantity="10"),
        entered("STOCK_DIVIDEND", instrument="KO", quantity="10"),
        entered("TRANSFER", instrument="KO", quantity="10", to_account=other),
        entered("FX", amount="5", currency="USD", to_amount="150", to_currency="TWD"),
        entered("BALANCE", amount="0-5"),
        entered("TAX_REFUND", amount="5", tax_year="2024"),
        entered("SPLIT", instrument="KO", quantity="2", account=""),
    ):
        assert form.is_valid(), form.errors
        form.save()
