"""Cash, closes and rates on a date."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.entry.balances import cash_on, unit_rows
from portfolio.entry.quotes import has_rate, last_close, stored_rate, withholding_rate
from portfolio.models import Instrument, Rate, WithholdingRule
from tests.entry.household import MONDAY, account, bought, closed, dollar_rate, row, share

pytestmark = pytest.mark.django_db
SUNDAY = MONDAY - dt.timedelta(days=1)
TUESDAY = MONDAY + dt.timedelta(days=1)


def test_cash_is_the_sum_of_all_rows_up_to_the_day():
    row("DEPOSIT", amount="10000")
    bought("100", amount="6000", fee="5")
    row("DIVIDEND", instrument=share(), amount="100", tax="30")
    row("FX", amount="1000", fee="1", to_amount="30000", to_currency="TWD")
    row("TRANSFER", amount="500", to_account=account("Other"))
    row("WITHDRAWAL", TUESDAY, amount="1")

    # 10000 - 6005 + 70 - 1001 - 500
    assert cash_on(account=account().pk, date=MONDAY) == {"USD": Decimal(2564), "TWD": Decimal(30000)}
    assert cash_on(account=account("Other").pk, date=MONDAY) == {"USD": Decimal(500)}


def test_a_trade_without_an_amount_is_worth_quantity_times_price():
    bought("100", fee="5")
    row("BUY", instrument=share("PEP"), quantity="10", price="60", currency="TWD", fx_rate="30")

    assert cash_on(account=account().pk, date=MONDAY) == {"USD": Decimal(-6005), "TWD": Decimal(-18000)}


def test_cash_is_unknown_where_a_row_has_neither_amount_nor_rate():
    row("BUY", instrument=share(), quantity="10", price="60", currency="TWD")
    row("DEPOSIT", amount="5")

    assert cash_on(account=account().pk, date=MONDAY) == {"USD": Decimal(5), "TWD": None}


def test_cash_and_units_take_one_query_each(django_assert_num_queries):
    for number in range(1, 30):
        bought("1", date=MONDAY - dt.timedelta(days=number))
    key = share().pk

    with django_assert_num_queries(1):
        cash_on(account=1, date=MONDAY)
    with django_assert_num_queries(1):
        unit_rows([key])


def test_units_of_a_spin_off_come_with_the_rows_of_its_parent():
    bought("100", "PARENT")
    row("SPIN_OFF", instrument=share("PARENT"), quantity="10", note="to:CHILD", account=None, currency="")

    rows = unit_rows([share("CHILD").pk])

    assert {each.instrument for each in rows} == {share("PARENT").pk}
    assert {each.spin_off for each in rows} == {None, share("CHILD").pk}


def test_the_last_close_is_never_from_after_the_date():
    closed("KO", "60", SUNDAY)
    closed("KO", "70", TUESDAY)

    assert last_close(instrument=share(), date=MONDAY).price == 60
    assert last_close(instrument=share(), date=SUNDAY - dt.timedelta(days=1)) is None


def test_rates_serve_in_both_directions_and_cross_through_the_dollar():
    dollar_rate("30", SUNDAY)
    Rate.objects.create(base="USD", quote="JPY", date=SUNDAY, rate=150)

    assert stored_rate(base="USD", quote="TWD", date=MONDAY) == 30
    assert stored_rate(base="TWD", quote="USD", date=MONDAY) * 30 == pytest.approx(1)
    # 30 TWD are 150 JPY
    assert stored_rate(base="JPY", quote="TWD", date=MONDAY) == pytest.approx(Decimal("0.2"))
    assert stored_rate(base="USD", quote="TWD", date=SUNDAY - dt.timedelta(days=1)) is None
    assert stored_rate(base="GBp", quote="GBP", date=MONDAY) == Decimal("0.01")


def test_a_currency_has_a_rate_once_any_day_has_one():
    dollar_rate("30", TUESDAY)

    assert has_rate(currency="USD", base_currency="TWD")
    assert not has_rate(currency="CHF", base_currency="TWD")


def test_withholding_goes_by_the_instrument_then_its_type_then_its_country():
    own = share("OWN", withholding_rate=Decimal("0.1"))
    note = share("NOTE", type="BOND")
    japanese = share("7203.T", issuer_country="JP")
    WithholdingRule.objects.create(country="JP", rate=Decimal("0.1"), valid_from=TUESDAY)

    assert withholding_rate(instrument=own, date=MONDAY) == Decimal("0.1")
    assert withholding_rate(instrument=note, date=MONDAY) == 0
    assert withholding_rate(instrument=share("KO"), date=MONDAY) == Decimal("0.3")
    assert withholding_rate(instrument=japanese, date=MONDAY) == Decimal("0.15315")
    assert withholding_rate(instrument=japanese, date=TUESDAY) == Decimal("0.1")
    assert withholding_rate(instrument=Instrument(symbol="X", issuer_country="FR"), date=MONDAY) == 0
