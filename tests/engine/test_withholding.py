"""Expected tax: dated rules, Taiwan's premium on single payments, and what is listed as a difference."""

import datetime as dt
from dataclasses import replace

import pytest
from pytest import approx

from portfolio.engine.ledger import Instrument, PremiumRule, WithholdingRule
from portfolio.engine.periods import to_day
from portfolio.engine.valuation import value_ledger
from portfolio.engine.withholding import premium, rate_of, tax_differences
from tests.scenario import scenario

PREMIUM = PremiumRule("TW", "TWD", 0.0211, 20_000, 10_000_000, 10, to_day(dt.date(2021, 1, 1)), None)
ETF = Instrument("0050", "0050", "ETF", "TWD", "MARKET", issuer_country="TW", has_own_rate=False)


@pytest.mark.parametrize(
    ("base", "expected"), [(19_999, 0), (20_000, 422), (30_000, 633), (22_000, 464), (12_000_000, 211_000)]
)
def test_the_premium_starts_at_its_threshold_and_stops_at_its_cap(base: float, expected: float):
    # 20,000 x 2.11 % = 422; 22,000 x 2.11 % = 464.2; 10,000,000 x 2.11 % = 211,000
    assert premium(rule=PREMIUM, base=base) == expected


def test_half_a_dollar_is_rounded_up():
    assert premium(rule=replace(PREMIUM, rate=0.0001), base=25_000) == 3


def rules() -> list[WithholdingRule]:
    changed = to_day(dt.date(2020, 1, 1))
    return [
        WithholdingRule("US", "", 0.25, 0, changed - 1),
        WithholdingRule("US", "", 0.30, changed, None),
        WithholdingRule("US", "BOND", 0.0, 0, None),
    ]


def test_the_rule_of_the_day_and_of_the_type_counts_and_the_instruments_own_rate_wins():
    share = Instrument("KO", "KO", "STOCK", "USD", "NEUTRAL", issuer_country="US", has_own_rate=False)
    late, early = to_day(dt.date(2025, 1, 1)), to_day(dt.date(2019, 12, 31))

    assert rate_of(instrument=share, rules=rules(), day=late) == 0.30
    assert rate_of(instrument=share, rules=rules(), day=early) == 0.25
    assert rate_of(instrument=replace(share, type="BOND"), rules=rules(), day=late) == 0
    assert rate_of(instrument=replace(share, has_own_rate=True, withholding_rate=0.1), rules=rules(), day=late) == 0.1
    assert rate_of(instrument=replace(share, issuer_country="FR"), rules=rules(), day=late) == 0


def differences(text: str):
    ledger = replace(scenario(text, instruments=(ETF,), base="TWD"), premium_rules=(PREMIUM,))
    last = int(ledger.rows.day[-1])
    found = tax_differences(valuation=value_ledger(ledger=ledger, base="TWD", first_day=last, last_day=last))
    return [(each.gross, each.tax, each.expected) for each in found]


def test_a_payment_without_its_premium_is_listed_and_one_with_it_is_not():
    assert differences("2025-02-20  dividend  0050 30000 TWD") == [(30_000, 0, 633)]
    assert differences("2025-02-20  dividend  0050 30000 TWD tax 633") == []
    assert differences("2025-02-20  dividend  0050 19999 TWD") == []


def test_cash_and_shares_of_one_payer_and_day_are_one_base():
    # 20,000 shares at 0.5 cash and 0.6 stock: 10,000 and 1,200 shares at par 10: 22,000
    rows = """
        2025-02-01  buy             20000 0050 @ 50
        2025-02-20  dividend        0050 10000 TWD
        2025-02-20  stock_dividend  1200 0050
    """

    assert differences(rows) == [(10_000, 0, approx(464))]


def test_a_dollar_of_rounding_is_not_listed():
    assert differences("2025-02-20  dividend  0050 30000 TWD tax 634") == []
