"""How far forecasts of twelve months were off, on distributions as they were really announced.

The figures are facts: ex-dates and amounts per unit of the issuers' announcements, in dollars.
"""

import datetime as dt

import pytest
from pytest import approx

from portfolio.engine.back_test import Paid, mean_absolute_error, trials
from portfolio.engine.periods import iso, to_day

FACTS = {
    "KO": """
        2023-03-16 0.46 2023-04-03  2023-06-15 0.46 2023-07-03  2023-09-14 0.46 2023-10-02
        2023-11-30 0.46 2023-12-15  2024-03-14 0.485 2024-04-01  2024-06-14 0.485 2024-07-01
        2024-09-13 0.485 2024-10-01  2024-11-29 0.485 2024-12-16  2025-03-14 0.51 2025-04-01
        2025-06-13 0.51 2025-07-01  2025-09-15 0.51 2025-10-01  2025-12-01 0.51 2025-12-15  2026-03-13 0.53 -
        2026-06-15 0.53 -
    """,
    "SHEL": """
        2023-02-16 0.575 2023-03-27  2023-05-18 0.575 2023-06-26  2023-08-10 0.662 2023-09-18
        2023-11-16 0.662 2023-12-20  2024-02-15 0.688 2024-03-25  2024-05-16 0.688 2024-06-24
        2024-08-16 0.688 2024-09-23  2024-11-15 0.688 2024-12-19  2025-02-14 0.716 2025-03-24
        2025-05-16 0.716 2025-06-23  2025-08-15 0.716 2025-09-22  2025-11-14 0.716 2025-12-18  2026-02-20 0.744 -
    """,
    "IEF": """
        2023-02-01 0.212 -  2023-03-01 0.196 -  2023-04-03 0.196 -  2023-05-01 0.239 -  2023-06-01 0.232 -
        2023-07-03 0.232 -  2023-08-01 0.242 -  2023-09-01 0.242 -  2023-10-02 0.239 -  2023-11-01 0.249 -
        2023-12-01 0.249 -  2023-12-14 0.282 -  2024-02-01 0.236 -  2024-03-01 0.249 -  2024-04-01 0.276 -
        2024-05-01 0.271 -  2024-06-03 0.276 -  2024-07-01 0.285 -  2024-08-01 0.289 -  2024-09-03 0.288 -
        2024-10-01 0.286 -  2024-11-01 0.292 -  2024-12-02 0.292 -  2024-12-18 0.308 -  2025-02-03 0.296 -
        2025-03-03 0.275 -  2025-04-01 0.304 -  2025-05-01 0.313 -  2025-06-02 0.31 -  2025-07-01 0.303 -
        2025-08-01 0.309 -  2025-09-02 0.314 -  2025-10-01 0.294 -  2025-11-03 0.304 -  2025-12-01 0.288 -
        2025-12-19 0.313 -  2026-02-02 0.312 -  2026-03-02 0.283 -  2026-04-01 0.317 -  2026-05-01 0.312 -
    """,
    "SPY": """
        2023-03-17 1.506 2023-04-28  2023-06-16 1.638 2023-07-31  2023-09-15 1.583 2023-10-31
        2023-12-15 1.906 2024-01-31  2024-03-15 1.595 2024-04-30  2024-06-21 1.759 2024-07-31
        2024-09-20 1.746 2024-10-31  2024-12-20 1.966 2025-01-31  2025-03-21 1.696 2025-04-30
        2025-06-20 1.761 2025-07-31  2025-09-19 1.831 -  2025-12-19 1.993 -  2026-03-20 1.797 -
    """,
    "PFF": """
        2023-02-01 0.186 -  2023-03-01 0.19 -  2023-04-03 0.185 -  2023-05-01 0.171 -  2023-06-01 0.165 -
        2023-07-03 0.158 -  2023-08-01 0.157 -  2023-09-01 0.154 -  2023-10-02 0.161 -  2023-11-01 0.173 -
        2023-12-01 0.175 -  2023-12-14 0.193 2023-12-20  2024-02-01 0.176 -  2024-03-01 0.17 -  2024-04-01 0.156 -
        2024-05-01 0.16 -  2024-06-03 0.163 -  2024-07-01 0.164 -  2024-08-01 0.161 -  2024-09-03 0.163 -
        2024-10-01 0.165 -  2024-11-01 0.165 2024-11-06  2024-12-02 0.165 -  2024-12-18 0.177 -  2025-02-03 0.175 -
        2025-03-03 0.173 -  2025-04-01 0.172 -  2025-05-01 0.174 -  2025-06-02 0.175 -  2025-07-01 0.174 -
        2025-08-01 0.162 -  2025-09-02 0.161 -  2025-10-01 0.171 -  2025-11-03 0.171 -  2025-12-01 0.176 -
        2025-12-19 0.066 -  2026-02-02 0.177 -  2026-03-02 0.031 -  2026-04-01 0.142 -  2026-05-01 0.14 -
        2026-06-01 0.138 -  2026-07-01 0.142 -  2026-08-03 0.142 -
    """,
    "QQQ": """
        2023-03-20 0.472 -  2023-06-20 0.504 -  2023-09-18 0.536 -  2023-12-18 0.808 2023-12-29  2023-12-27 0.216 -
        2024-03-18 0.573 2024-04-30  2024-06-24 0.762 2024-07-31  2024-09-23 0.677 2024-10-31
        2024-12-23 0.835 2024-12-31  2025-03-24 0.716 2025-04-30  2025-06-23 0.591 2025-07-31
        2025-09-22 0.694 2025-10-31  2025-12-22 0.794 2025-12-31  2026-03-23 0.733 -
    """,
}
# of what was paid; monthly payers with a December of their own and an index with uneven quarters get more
ALLOWED = {"KO": 0.10, "SHEL": 0.10, "IEF": 0.10, "SPY": 0.10, "PFF": 0.12, "QQQ": 0.12}


def history(text: str) -> list[Paid]:
    said = text.split()
    return [
        Paid(to_day(dt.date.fromisoformat(ex)), float(amount), -1 if pay == "-" else to_day(dt.date.fromisoformat(pay)))
        for ex, amount, pay in zip(said[::3], said[1::3], said[2::3], strict=True)
    ]


@pytest.mark.parametrize("symbol", FACTS)
def test_the_forecast_of_a_real_payer_is_within_its_bound(symbol: str):
    found = trials(history=history(FACTS[symbol]))

    assert iso(found[0].as_of) == "2023-12-31"
    assert len(found) >= 5
    assert mean_absolute_error(found=found) < ALLOWED[symbol]


def test_one_quarter_end_worked_out_by_hand():
    found = trials(history=history(FACTS["KO"]))

    # end of 2023: 0.46 four times. Paid in 2024: 0.485 on 1 April, 1 July, 1 October and 16 December
    assert (found[0].forecast, found[0].paid) == (approx(1.84), approx(1.94))
    assert found[0].error == approx(1.84 / 1.94 - 1)


def quarterly(*amounts: float) -> list[Paid]:
    """Payments on the 15th of March, June, September and December from 2023 on, paid on the day."""
    days = [to_day(dt.date(2023 + place // 4, 3 * (place % 4) + 3, 15)) for place in range(len(amounts))]
    return [Paid(day, amount, day) for day, amount in zip(days, amounts, strict=True)]


def test_a_quarter_end_counts_only_where_a_later_payment_shows_that_nothing_is_missing():
    # the year after 31 December 2023 ends with December 2024; the payment of March 2025 closes it
    assert trials(history=quarterly(*[1.0] * 8)) == []
    assert [iso(each.as_of) for each in trials(history=quarterly(*[1.0] * 9))] == ["2023-12-31"]


def test_a_forecast_sees_nothing_that_came_after_its_day():
    # what was paid doubles in 2024; the end of 2023 cannot know
    found = trials(history=quarterly(*[1.0] * 4, *[2.0] * 5))

    assert (found[0].forecast, found[0].paid) == (approx(4), approx(8))
    assert mean_absolute_error(found=found) == approx(0.5)


def test_nobody_without_a_history_has_an_error():
    assert trials(history=[]) == []
    assert mean_absolute_error(found=[]) is None
