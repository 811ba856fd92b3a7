"""Time-weighted, money-weighted and Modified Dietz returns, with the cases in which there is none."""

import datetime as dt

import numpy as np
import pytest
import pyxirr
from hypothesis import assume, given
from hypothesis import strategies as st
from pytest import approx

from portfolio.engine.periods import to_day
from portfolio.engine.returns import annualised, daily_returns, modified_dietz, money_weighted_return


def daily(values: list[float], money_in: list[float] | None = None, money_out: list[float] | None = None):
    days = len(values) - 1
    return daily_returns(
        values=np.array(values), money_in=np.array(money_in or [0.0] * days), money_out=np.array(money_out or [0.0] * days)
    )


def test_money_in_counts_from_the_start_of_its_day():
    # 1000, then 1000 more on a day on which everything rises by 5 %: 2100 / 2000 - 1
    assert daily([1000, 2100], money_in=[1000]).growth[-1] == approx(1.05)


def test_money_out_counts_to_the_end_of_its_day():
    # 1000 rises by 5 %, then 50 leave: (1000 + 50) / 1000 - 1
    assert daily([1000, 1000], money_out=[50]).growth[-1] == approx(1.05)


def test_a_day_without_a_base_earns_nothing_and_breaks_no_chain():
    found = daily([0, 0, 1000, 1100], money_in=[0, 1000, 0])

    assert found.growth[-1] == approx(1.1)
    assert not found.skipped.any()


def test_a_negative_base_or_a_loss_of_everything_is_skipped_and_counted():
    found = daily([100, -50, -40, 200, 220], money_in=[0, 0, 240, 0])

    # day 1 loses 150 %, day 2 starts below zero, day 3 earns nothing on 200, day 4 earns 10 %
    assert found.skipped.tolist() == [True, True, False, False]
    assert found.growth[-1] == approx(1.1)


def test_a_missing_value_makes_the_return_unknown_from_that_day_on():
    assert np.isnan(daily([100, np.nan, 120]).growth[-1])


def flows(*entries: tuple[str, float]):
    days = np.array([to_day(dt.date.fromisoformat(date)) for date, _ in entries])
    return money_weighted_return(days=days, amounts=np.array([amount for _, amount in entries], float))


def test_a_single_year_without_flows_gives_its_growth():
    assert flows(("2024-12-31", -100), ("2025-12-31", 110)).rate == approx(0.10)


def test_one_of_two_roots_is_never_returned_by_luck():
    # -100 + 230 / 1.1 - 132 / 1.21 = 0 and -100 + 230 / 1.2 - 132 / 1.44 = 0
    found = flows(("2021-01-01", -100), ("2022-01-01", 230), ("2023-01-01", -132))

    assert found.rate is None
    assert found.reason == "several_roots"


def test_flows_of_one_sign_have_no_root():
    assert flows(("2024-01-01", -100), ("2025-01-01", -10)).reason == "no_root"


def test_flows_of_one_day_have_no_rate():
    assert flows(("2024-01-01", -100), ("2024-01-01", 110)).reason == "one_day"


def test_nothing_invested_has_no_rate():
    assert flows(("2024-01-01", 0), ("2024-02-01", 0)).reason == "no_flows"


def test_an_unknown_value_is_said_to_be_the_reason():
    assert flows(("2024-01-01", -100), ("2025-01-01", float("nan"))).reason == "unknown_value"


@given(
    st.lists(st.tuples(st.integers(1, 1500), st.floats(10, 10_000)), min_size=1, max_size=12),
    st.floats(0.3, 3.0),
)
def test_deposits_and_one_closing_value_agree_with_another_library(paid: list[tuple[int, float]], multiple: float):
    total = sum(amount for _, amount in paid)
    days = np.array([0, *(day for day, _ in paid), 1600])
    amounts = np.array([-100.0, *(-amount for _, amount in paid), (total + 100) * multiple])
    expected = pyxirr.xirr([dt.date(2020, 1, 1) + dt.timedelta(days=int(day)) for day in days], amounts.tolist())
    assume(expected is not None and -0.95 < expected < 50)

    # one change of sign, so there is exactly one root
    assert money_weighted_return(days=days, amounts=amounts).rate == approx(expected, rel=1e-6, abs=1e-8)


def test_a_single_flow_weighs_by_the_days_it_was_there():
    # 1000 for 10 days, 500 more from the start of day 6 (5 of 10 days): gain 60 over 1000 + 500 x 0.5
    money_in = np.zeros(10)
    money_in[5] = 500

    found = modified_dietz(opening=1000, closing=1560, money_in=money_in, money_out=np.zeros(10))

    assert found == approx(60 / 1250)


def test_money_out_weighs_to_the_end_of_its_day():
    # 400 leave at the end of day 5 of 10: gone for 5 of 10 days
    money_out = np.zeros(10)
    money_out[4] = 400

    found = modified_dietz(opening=1000, closing=640, money_in=np.zeros(10), money_out=money_out)

    assert found == approx(40 / 800)


def test_an_average_capital_of_zero_or_less_has_no_return():
    assert modified_dietz(opening=0, closing=10, money_in=np.zeros(3), money_out=np.zeros(3)) is None


@pytest.mark.parametrize(("growth", "days", "expected"), [(0.21, 730, 0.10), (0.10, 365, 0.10)])
def test_a_return_is_annualised_by_calendar_days(growth: float, days: int, expected: float):
    assert annualised(growth=growth, days=days) == approx(expected)
