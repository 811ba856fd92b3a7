"""The demo household's salary at the end of 2025-Q1, added up from its own files without the engine.

Salary 26,000 a month, planned raise 4 %; rates are the demo's USDTWD of the pay days.
"""

import csv
import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest import approx

from portfolio import demo, queries
from portfolio.demo import market
from portfolio.engine.ledger import Ledger
from portfolio.reports.income import IncomeReport, build_income
from portfolio.reports.income_outlook import build_income_outlook

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 3, 31)
INCOME = {"DIVIDEND", "COUPON", "INTEREST", "LENDING_REBATE", "PAYMENT_IN_LIEU"}


@pytest.fixture(scope="module")
def ledger(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterable[Ledger]:
    """The demo as it went through the database, which is left as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", verbosity=0)
        frozen = queries.frozen_ledger(as_of=DAY)
        transaction.set_rollback(True)
    queries.forget()
    return frozen


@pytest.fixture(scope="module")
def income(ledger: Ledger) -> IncomeReport:
    return build_income(ledger=ledger, as_of=DAY, base="TWD")


def received(after: str, until: str) -> float:
    """Net income in Taiwan dollars by the demo's rows and rates; no bond has paid a coupon yet."""
    rates = {each[0].isoformat(): float(each[1]) for each in market.rates()[("USD", "TWD")]}
    total = 0.0
    with (Path(demo.__file__).parent / "ledger.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["type"] in INCOME and after < row["date"] <= until:
                rate = rates[max(day for day in rates if day <= row["date"])] if row["currency"] == "USD" else 1.0
                total += (float(row["amount"]) - float(row["tax"] or 0)) * rate
    return total


def test_the_quarters_income_pays_it_and_a_twelfth_more(income: IncomeReport):
    # 0050: 33,807.  PFF: (315.00 − 94.50) × 32.839 + (311.40 − 93.42) × 32.920 = 14,416.90
    # SHEL: 1,091.77 × 33.038 = 36,069.90.  Lending: 5.94 × 32.883 + 6.71 × 32.839 + 5.12 × 32.920 = 584.23
    # 84,878.02 over 3 × 26,000
    assert received("2024-12-31", "2025-03-31") == approx(84_878.02, abs=0.01)
    assert income.coverage.actual == approx(84_878.02 / 78_000, abs=1e-6)


def test_four_quarters_divided_by_four_pay_it_too(income: IncomeReport):
    # the rows of April 2024 to March 2025 add up to 362,981.99, a quarter of which is 90,745.50
    assert received("2024-03-31", "2025-03-31") / 4 == approx(90_745.50, abs=0.01)
    assert income.coverage.smoothed == approx(90_745.50 / 78_000, abs=1e-6)


def test_the_next_twelve_months_are_measured_against_nine_months_of_today_and_three_after_the_raise(income: IncomeReport):
    # 9 × 26,000 + 3 × 27,040 = 315,120
    assert income.coverage.forward == approx(income.forward.net / 315_120)
    # announced are those that went ex in March and are paid in April
    announced = [(each.symbol, each.date) for each in income.forward.payments if each.certainty == "announced"]
    assert announced == [("KO", "2025-04-01"), ("QQQ", "2025-04-30"), ("SPY", "2025-04-30")]
    assert income.coverage.forward == approx(1.3624, abs=5e-5)


def test_the_salary_outgrows_the_income_in_2034(income: IncomeReport):
    # 429,309 a year against 312,000: 312,000 × 1.04^8 = 426,994 in 2033, × 1.04^9 = 444,073 in 2034
    assert income.forward.net == approx(429_309, abs=0.5)
    assert income.projection.first_uncovered.planned == 2034


def test_shell_is_on_watch_since_the_day_its_yield_fell_under_the_floor(ledger: Ledger, income: IncomeReport):
    # expected: 4 × (0.688 + 0.716) / 2 = 2.808, no tax. Strictly under 4 % − 0.05 points is a price above 71.09:
    # 70.33 on Friday the 21st, 71.28 on Monday the 24th; 73.28 at the quarter's end is 3.83 %
    watched = {each.symbol: each for each in income.watch_list}

    assert watched["SHEL"].since == "2025-03-24"
    assert watched["SHEL"].yield_net_forward == approx(2.808 / 73.28)
    latest = next(
        each for each in build_income_outlook(ledger=ledger, as_of=DAY, base="TWD").probations if each.symbol == "SHEL"
    )
    assert (latest.since, latest.until) == ("2025-03-24", None)
