"""The demo household's published quarter, and every quarter of it against the independent computation.

Published were the return of 2025-Q1, each holding's share in the sum of absolute gains, the day of the highest wealth and a
yield; the demo's ledger was made up to match them. The independent computation (tests/independent) reads the demo's files and
knows none of the engine.
"""

import csv
import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from portfolio import demo, queries
from portfolio.demo import market
from portfolio.engine.ledger import Ledger
from portfolio.engine.periods import quarter, year
from portfolio.reports.income import build_income
from portfolio.reports.plain import to_json
from portfolio.reports.quarterly_review import QuarterlyReview, build_quarterly_review
from tests.independent import compute_review
from tests.worked_examples.agreement import compared, differ

# no test asks the database itself; without the mark there is none for the fixture that fills it
pytestmark = pytest.mark.django_db

FILES = Path(demo.__file__).parent
LAST_DAY = dt.date(2025, 10, 31)
QUARTERS = [quarter(year=each, number=number) for each in (2023, 2024, 2025) for number in (1, 2, 3, 4)][:11]
YEARS = [year(2023), year(2024)]
# what the demo sets: 24,000 / 25,000 / 26,000 a month
SALARY = [(dt.date(2023 + place, 1, 1), 24000 + 1000 * place, "TWD") for place in range(3)]


@pytest.fixture(scope="module")
def ledger(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterable[Ledger]:
    """The demo as it went through the database, which is left as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", verbosity=0)
        frozen = queries.frozen_ledger(as_of=LAST_DAY)
        transaction.set_rollback(True)
    queries.forget()
    return frozen


@pytest.fixture(scope="module")
def published(ledger: Ledger) -> QuarterlyReview:
    """The first quarter of 2025."""
    return build_quarterly_review(ledger=ledger, period=quarter(year=2025, number=1), base="TWD")


@pytest.fixture(scope="module")
def independent(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict]:
    """The other computation on the demo's own files; its market is written out in the folder format."""
    folder = tmp_path_factory.mktemp("market")
    for symbol, series in market.closes().items():
        _write(folder / "prices" / f"{symbol}.csv", ("date", "close"), series)
    for (base, quote), series in market.rates().items():
        _write(folder / "fx" / f"{base}{quote}.csv", ("date", "rate"), series)
    for symbol in sorted({fact.symbol for fact in market.distributions()}):
        rows = [(fact.ex_date, fact.amount, fact.pay_date or "") for fact in market.distributions() if fact.symbol == symbol]
        _write(folder / "dividends" / f"{symbol}.csv", ("ex_date", "amount", "pay_date"), rows)
    for fact in market.splits():
        _write(folder / "splits" / f"{fact.symbol}.csv", ("ex_date", "ratio"), [(fact.ex_date, fact.ratio)])

    def compute(period):
        return compute_review(
            ledger=FILES / "ledger.csv",
            instruments=FILES / "instruments.csv",
            market=folder,
            start=period.start,
            end=period.end,
            base="TWD",
            salary=SALARY,
        )

    return compute


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def percent(number: float) -> float:
    return round(100 * number, 2)


def test_the_quarter_returns_what_was_published(published):
    assert percent(published.returns.time_weighted) == -1.53
    assert percent(published.returns.since_year_end) == -1.53


def test_each_holding_has_its_published_share_of_all_gains(published):
    shares = {holding.symbol: percent(holding.share) for holding in published.review_contributions.holdings}
    named = {"QQQ": -43.63, "0050.TW": -12.52, "SHEL": 27.69, "KO": 8.74}

    assert {symbol: shares[symbol] for symbol in named} == named
    rest = sum(abs(holding.share) for holding in published.review_contributions.holdings if holding.symbol not in named)
    assert percent(rest) == 7.42


def test_the_best_and_the_worst_holding_are_named(published):
    found = published.review_contributions

    assert (found.mvp, found.war_criminal) == ("SHEL", "QQQ")
    # the worst first, so that bars can be drawn as they come
    assert [holding.symbol for holding in found.holdings[:2]] == ["QQQ", "0050.TW"]


def test_what_was_sold_is_left_out_and_listed(published):
    found = published.review_contributions

    assert [line.symbol for line in found.left_out.sold] == ["NOBL", "VYM"]
    assert not {"NOBL", "VYM"} & {holding.symbol for holding in found.holdings}
    assert {change.symbol for change in published.changes if change.action == "SOLD"} == {"NOBL", "VYM"}


def test_wealth_stood_highest_on_the_published_day(published):
    assert published.records.peak_date == "2025-02-20"


@pytest.mark.parametrize(("date", "published_yield"), [(dt.date(2024, 12, 31), 4.39), (dt.date(2025, 3, 31), 3.79)])
def test_a_rising_price_lowers_the_yield_as_published(ledger, date, published_yield):
    (shell,) = [line for line in build_income(ledger=ledger, as_of=date, base="TWD").yields if line.symbol == "SHEL"]

    assert percent(shell.gross_trailing) == published_yield


@pytest.mark.parametrize("period", [*QUARTERS, *YEARS], ids=lambda period: period.label)
def test_every_figure_of_a_period_agrees_with_the_independent_computation(ledger, independent, period):
    review = to_json(build_quarterly_review(ledger=ledger, period=period, base="TWD"))

    figures = list(compared(review, independent(period)))

    assert [each for each in figures if differ(*each)] == []
    # an empty comparison would agree too: four lines of cash, eight holdings with their sections and lots, and the totals
    assert len(figures) > 300


def test_a_difference_of_two_cents_or_two_millionths_would_be_found():
    assert differ(".bridge.income", 100.02, 100.0)
    assert differ(".returns.time_weighted", 0.010002, 0.01)
    assert not differ(".bridge.income", 100.005, 100.0)
    assert differ(".records.peak_date", "2025-02-20", "2025-02-21")


def test_a_line_that_only_one_side_has_is_compared_with_zero():
    ours = {"cash": [{"account": "Bank", "currency": "TWD", "amount": 5.0, "value": 5.0}]}

    found = list(compared(ours, {"cash": []}))

    assert [each for each in found if differ(*each)] == [
        (".cash[Bank TWD].amount", 5.0, 0),
        (".cash[Bank TWD].value", 5.0, 0),
    ]


def test_the_quarters_cover_the_whole_history():
    assert (QUARTERS[0].label, QUARTERS[-1].label, len(QUARTERS)) == ("2023-Q1", "2025-Q3", 11)
