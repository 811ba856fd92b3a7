"""Which fields a kind needs."""

from portfolio.engine.kinds import Kind
from portfolio.engine.row_rules import RULES, missing_fields, spin_off_symbol


def test_every_kind_has_a_rule():
    assert set(RULES) == set(Kind)


def test_a_purchase_needs_a_price_or_an_amount():
    filled = {"account", "instrument", "quantity"}

    assert missing_fields(kind=Kind.BUY, filled=filled) == ["price"]
    assert missing_fields(kind=Kind.BUY, filled=filled | {"amount"}) == []


def test_a_transfer_names_what_the_nearer_alternative_lacks():
    accounts = {"account", "to_account"}

    assert missing_fields(kind=Kind.TRANSFER, filled=accounts | {"amount"}) == []
    assert missing_fields(kind=Kind.TRANSFER, filled=accounts | {"instrument", "quantity"}) == []
    # units or cash: cash lacks one field, units lack two
    assert missing_fields(kind=Kind.TRANSFER, filled=accounts) == ["amount"]
    assert missing_fields(kind=Kind.TRANSFER, filled={"account", "amount"}) == ["to_account"]


def test_an_exchange_has_two_sides():
    filled = {"account", "amount", "currency"}

    assert missing_fields(kind=Kind.FX, filled=filled) == ["to_amount", "to_currency"]


def test_a_split_may_leave_the_account_open():
    assert missing_fields(kind=Kind.SPLIT, filled={"instrument", "quantity"}) == []


def test_a_spin_off_names_its_instrument_in_the_note():
    assert spin_off_symbol(note="to:CHILD one for ten") == "CHILD"
    assert spin_off_symbol(note="to:") == ""
    assert spin_off_symbol(note="CHILD") == ""
