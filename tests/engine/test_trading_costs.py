"""Commission and transaction tax in Taiwan; the cases of docs/methods.md 12."""

from decimal import Decimal

import pytest

from portfolio.engine.trading_costs import commission, selling_tax

RATE = Decimal("0.001425")


def taiwanese(gross: int, instrument_type: str, track: str = "MARKET", country: str = "TW") -> Decimal:
    return selling_tax(
        gross=Decimal(gross), issuer_country=country, instrument_type=instrument_type, track=track, currency="TWD"
    )


def test_600_000_bought_costs_855():
    # 600,000 x 0.1425 %
    assert commission(gross=Decimal(600_000), rate=RATE, currency="TWD") == 855


def test_the_fraction_of_a_dollar_is_dropped_in_taiwan_and_rounded_elsewhere():
    # 605,000 x 0.1425 % = 862.125; 1,000.50 x 0.1425 % = 1.4257
    assert commission(gross=Decimal(605_000), rate=RATE, currency="TWD") == 862
    assert commission(gross=Decimal("1000.50"), rate=RATE, currency="USD") == Decimal("1.43")


def test_a_discount_leaves_its_part():
    # 855 at 40 % off
    assert commission(gross=Decimal(600_000), rate=RATE, currency="TWD", discount=Decimal("0.6")) == 513


def test_the_broker_takes_its_minimum():
    # 10,000 x 0.1425 % = 14.25, below NT$20
    assert commission(gross=Decimal(10_000), rate=RATE, currency="TWD", minimum=Decimal(20)) == 20


def test_an_account_without_a_rate_charges_nothing_and_neither_does_a_trade_of_nothing():
    assert commission(gross=Decimal(600_000), rate=None, currency="TWD") == 0
    assert commission(gross=Decimal(0), rate=RATE, currency="TWD", minimum=Decimal(20)) == 0


@pytest.mark.parametrize(
    ("gross", "instrument_type", "track", "tax"),
    [
        (600_000, "STOCK", "NEUTRAL", 1_800),  # 0.3 %
        (600_000, "PREFERRED", "FIXED_INCOME", 1_800),
        (200_000, "ETF", "MARKET", 200),  # 0.1 %
        (200_999, "ETF", "MARKET", 200),  # 200.999 rounded down
        (200_000, "ETF", "FIXED_INCOME", 0),  # a bond fund
        (200_000, "BOND", "FIXED_INCOME", 0),
    ],
)
def test_the_tax_on_a_sale_goes_by_what_is_sold(gross: int, instrument_type: str, track: str, tax: int):
    assert taiwanese(gross, instrument_type, track) == tax


def test_an_issuer_of_another_country_pays_no_taiwanese_tax():
    assert taiwanese(600_000, "STOCK", country="US") == 0
