"""Whether the salary came out of income or out of principal (docs/methods.md 8)."""

import datetime as dt

from pytest import approx

from portfolio.engine.principal import principal_test
from portfolio.reports.income import build_income
from tests.scenario import scenario


def test_return_of_capital_is_no_income_and_a_refund_can_be_distributed():
    # cash income of 280,000 that contains 15,000 return of capital, plus a refund of 4,000:
    # 280,000 − 15,000 + 4,000 = 269,000; 300,000 − 269,000 = 31,000
    ledger = scenario(
        """
        2025-01-02  deposit            1000000 TWD
        2025-01-02  buy                1000 ABC @ 900
        2025-03-10  dividend           ABC 265000 TWD
        2025-03-10  return_of_capital  ABC 15000 TWD
        2025-04-01  tax_refund         ABC 4000 TWD
        2025-05-05  salary             300000 TWD
        """,
        base="TWD",
    )

    found = build_income(ledger=ledger, as_of=dt.date(2025, 6, 30), base="TWD").principal

    assert (found.distributable, found.paid, found.from_principal) == (approx(269_000), approx(300_000), approx(31_000))


def test_unspent_income_of_earlier_years_is_used_only_where_the_household_says_so():
    apart = principal_test(distributable=100, paid=130, carried=20, carries_forward=False)
    used = principal_test(distributable=100, paid=130, carried=20, carries_forward=True)

    assert (apart.from_carried, apart.from_principal, apart.left) == (0, 30, 0)
    assert (used.from_carried, used.from_principal, used.left) == (20, 10, 0)


def test_what_is_not_needed_is_left():
    found = principal_test(distributable=100, paid=70, carried=50, carries_forward=True)

    assert (found.from_carried, found.from_principal, found.left) == (0, 0, 30)
