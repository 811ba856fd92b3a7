"""What would pay the next raise, the bonds by maturity, and tax that comes back."""

import datetime as dt
from dataclasses import replace

from pytest import approx

from portfolio.engine.ledger import Instrument, SalaryStep
from portfolio.engine.periods import to_day
from portfolio.reports.income_outlook import Refund, build_income_outlook
from tests.scenario import bond, scenario

SHARE = Instrument("ABC", "ABC", "STOCK", "USD", "NEUTRAL", withholding_rate=0.3)
# net 100 × 2 × 70 % = 140 a year
DIARY = """
    2023-01-02  deposit    100000 USD
    2023-01-02  buy        100 ABC @ 50
    2024-03-15  announced  ABC 0.5
    2024-06-14  announced  ABC 0.5
    2024-09-16  announced  ABC 0.5
    2024-12-16  announced  ABC 0.5
    2024-12-31  price      ABC 40
"""


def outlook(monthly: float, rows: str = "", as_of: str = "2024-12-31", **options):
    salary = SalaryStep(to_day(dt.date(2024, 7, 1)), monthly, "USD", 0.04)
    ledger = replace(scenario(DIARY + rows, instruments=(SHARE, *options.pop("bonds", ()))), salaries=(salary,))
    return build_income_outlook(ledger=ledger, as_of=dt.date.fromisoformat(as_of), base="USD", **options)


def test_the_gap_of_the_next_raise_is_closed_by_whole_units_at_the_net_forward_yield():
    # 12 × 12 × 1.04 = 149.76 from July 2025; 9.76 short. Yield 1.4 / 40 = 3.5 %: 278.86 of money, 6.97 units, so 7
    found = outlook(12)

    assert (found.next_raise.date, found.next_raise.monthly) == ("2025-07-01", approx(12.48))
    assert found.uncovered_raise == found.next_raise
    assert found.uncovered_raise.gap == approx(9.76)
    (candidate,) = found.candidates
    assert (candidate.symbol, candidate.net_forward) == ("ABC", approx(0.035))
    assert (candidate.units, candidate.money) == (7, approx(280))


def test_where_the_next_raise_is_paid_the_first_unpaid_one_is_looked_for():
    # 12 × 11 = 132: 137.28 with one raise, 142.77 with two
    found = outlook(11)

    assert found.next_raise.gap == 0
    assert (found.uncovered_raise.date, found.uncovered_raise.gap) == ("2026-07-01", approx(132 * 1.04**2 - 140))


def test_an_income_that_is_never_outgrown_needs_nothing():
    found = outlook(5)

    assert (found.uncovered_raise, found.candidates) == (None, ())


def test_bonds_are_bought_in_hundreds_of_face_and_listed_by_maturity():
    notes = (
        bond("LATE", rate=0.04, issued="2024-06-15", matures="2034-06-15"),
        bond("EARLY", rate=0.05, issued="2024-06-15", matures="2029-06-15"),
    )
    rows = """
        2024-06-17  buy    1000 LATE @ 100
        2024-06-17  buy    3000 EARLY @ 100
        2024-12-31  price  LATE 100
        2024-12-31  price  EARLY 100
    """
    # income 140 + 40 + 150 = 330; salary 12 × 30 × 1.04 = 374.40; 44.40 short. LATE: 4 %, 1,110, so 1,200 of face
    found = outlook(30, rows, bonds=notes)

    assert [(each.symbol, each.year, each.coupons) for each in found.ladder] == [
        ("EARLY", 2029, approx(150)),
        ("LATE", 2034, approx(40)),
    ]
    assert {each.symbol: each.units for each in found.candidates}["LATE"] == 1_200
    # bought at par, so there is no premium to run off, and the yield is the coupon's but for the day of the month
    assert found.ladder[0].coupons_less_premium == approx(150, abs=0.05)
    assert found.ladder_yield == approx((3_000 * 0.05 + 1_000 * 0.04) / 4_000, abs=1e-4)


PAID = """
    2024-12-20  dividend    ABC 50 USD  tax 15
    2025-03-20  dividend    ABC 50 USD  tax 15
"""


def test_what_is_refundable_of_each_years_tax_is_estimated_until_the_spring_after_it_is_over():
    shares = {"ABC": 0.6}

    # 60 % of 15 for either year
    found = outlook(12, PAID, "2025-03-31", refundable=shares)
    assert [(each.tax_year, each.expected) for each in found.refunds] == [(2024, approx(9)), (2025, approx(9))]

    # from July on only the year's own is waited for
    later = outlook(12, PAID, "2025-07-31", refundable=shares)
    assert [(each.tax_year, each.expected) for each in later.refunds] == [(2025, approx(9))]


def test_what_came_back_is_taken_off_the_year_it_belongs_to():
    back = [Refund("ABC", 2024, dt.date(2025, 3, 10), 7.0, "USD"), Refund("ABC", 2024, dt.date(2025, 4, 10), 1.0, "USD")]

    found = outlook(12, PAID, "2025-03-31", refundable={"ABC": 0.6}, refunds=back)

    # the refund of April is not known yet
    assert [(each.tax_year, each.received, each.expected) for each in found.refunds] == [
        (2024, approx(7), approx(2)),
        (2025, approx(0), approx(9)),
    ]


def test_nothing_is_expected_back_of_what_nobody_marked():
    assert outlook(12, PAID, "2025-03-31").refunds == ()
