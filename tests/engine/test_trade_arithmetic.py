"""Any two of quantity, price and amount give the third."""

from decimal import Decimal
from typing import Any

from portfolio.engine.trade_arithmetic import Trade, completed, relative_difference

ONE = Decimal(1)


def trade(**given: Any) -> Trade:
    known = {"quantity": None, "price": None, "amount": None, "price_unit": ONE, "exchange": ONE, "currency": "USD"}
    return completed(**{**known, **{name: Decimal(value) if name != "currency" else value for name, value in given.items()}})


def test_quantity_and_price_give_the_amount_in_whole_cents():
    # 3 x 33.335 = 100.005
    assert trade(quantity="3", price="33.335") == Trade(Decimal(3), Decimal("33.335"), Decimal("100.01"), "amount")


def test_taiwan_dollars_and_yen_have_no_cents():
    # 7 x 121.35 = 849.45
    assert trade(quantity="7", price="121.35", currency="TWD").amount == 849
    assert trade(quantity="7", price="121.5", currency="JPY").amount == 851


def test_quantity_and_amount_give_the_price():
    assert trade(quantity="3", amount="100") == Trade(Decimal(3), Decimal("33.33333333"), Decimal(100), "price")


def test_price_and_amount_give_the_quantity():
    assert trade(price="25", amount="1000") == Trade(Decimal(40), Decimal(25), Decimal(1000), "quantity")


def test_a_bond_is_quoted_per_hundred_of_face():
    # 10,000 of face at 99.7678
    assert trade(quantity="10000", price="99.7678", price_unit="0.01").amount == Decimal("9976.78")


def test_the_cash_may_be_in_another_currency():
    # 100 at 10 USD, 33.182 TWD a dollar
    assert trade(quantity="100", price="10", exchange="33.182", currency="TWD").amount == 33182


def test_without_a_rate_amount_and_price_do_not_determine_each_other():
    alone = completed(quantity=Decimal(3), price=Decimal(5), amount=None, price_unit=ONE, exchange=None, currency="TWD")
    assert alone == Trade(Decimal(3), Decimal(5), None)


def test_all_three_stay_as_they_were_given():
    assert trade(quantity="3", price="33.33", amount="100") == Trade(Decimal(3), Decimal("33.33"), Decimal(100))


def test_the_difference_is_a_fraction_of_quantity_times_price():
    # 100.5 against 100
    off = relative_difference(quantity=Decimal(10), price=Decimal(10), amount=Decimal("100.5"), price_unit=ONE, exchange=ONE)
    assert off == Decimal("0.005")
