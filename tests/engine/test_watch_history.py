"""When a holding went under the yield floor and when it came back."""

import datetime as dt

from pytest import approx

from portfolio.engine.ledger import Instrument
from portfolio.engine.payers import payers_of
from portfolio.engine.periods import iso, to_day
from portfolio.engine.valuation import value_ledger
from portfolio.engine.watch_history import watch_runs
from tests.scenario import scenario

SHARE = Instrument("ABC", "ABC", "STOCK", "USD", "NEUTRAL")
# two dollars a year: 3.95 % is passed at a price of 50.63
PAYS = """
    2023-01-02  deposit    100000 USD
    2023-01-02  buy        100 ABC @ 48
    2023-12-15  announced  ABC 0.5
    2024-03-15  announced  ABC 0.5
    2024-06-14  announced  ABC 0.5
    2024-09-16  announced  ABC 0.5
    2024-12-16  announced  ABC 0.5
"""


def runs(rows: str, as_of: str = "2025-01-31", instrument: Instrument = SHARE) -> list[tuple[str, str | None, float, bool]]:
    day = to_day(dt.date.fromisoformat(as_of))
    valuation = value_ledger(ledger=scenario(PAYS + rows, instruments=(instrument,)), base="USD", first_day=day, last_day=day)
    found = watch_runs(valuation=valuation, payers=payers_of(valuation=valuation))
    return [(iso(run.since), run.until and iso(run.until), run.lowest, run.is_sold) for run in found]


PRICES = """
    2024-04-01  price  ABC 48
    2024-05-02  price  ABC 52
    2024-05-03  price  ABC 55
    2024-05-06  price  ABC 49
    2025-01-06  price  ABC 60
"""


def test_a_run_ends_on_the_first_priced_day_over_the_floor_and_the_open_one_stands_first():
    assert runs(PRICES) == [("2025-01-06", None, approx(2 / 60), False), ("2024-05-02", "2024-05-06", approx(2 / 55), False)]


def test_a_holding_that_was_sold_on_probation_left_with_its_sale():
    # what is sold on the 10th is gone at that day's close
    rows = PRICES + "2025-01-10  sell  100 ABC @ 60"

    assert runs(rows)[0] == ("2025-01-06", "2025-01-10", approx(2 / 60), True)


def test_a_run_before_the_purchase_is_none_of_the_households():
    rows = PRICES.replace("2025-01-06", "2025-01-07") + "2024-05-03  sell  100 ABC @ 55\n2024-05-07  buy  100 ABC @ 49"

    # sold inside the first run; the second belongs to the new purchase
    assert [run[0] for run in runs(rows)] == ["2025-01-07", "2024-05-02"]
    late = PAYS.replace("2023-01-02  buy", "2024-06-03  buy")
    day = to_day(dt.date(2025, 1, 31))
    valuation = value_ledger(ledger=scenario(late + PRICES, instruments=(SHARE,)), base="USD", first_day=day, last_day=day)
    found = watch_runs(valuation=valuation, payers=payers_of(valuation=valuation))
    assert [iso(run.since) for run in found] == ["2025-01-06"]


def test_the_market_track_is_not_watched():
    assert runs(PRICES, instrument=Instrument("ABC", "ABC", "ETF", "USD", "MARKET")) == []


def test_prices_before_a_split_are_judged_in_todays_units():
    # two for one: 0.25 a quarter from then on, 1 dollar a year on 30 is 3.33 %; before, 2 on 48 was 4.17 %
    rows = """
        2024-04-01  price      ABC 48
        2025-01-02  split      2 ABC
        2025-01-06  price      ABC 30
    """

    assert runs(rows) == [("2025-01-06", None, approx(1 / 30), False)]
