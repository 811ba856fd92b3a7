"""What a person decides about a doubted close, and what follows from it in the review."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio import queries
from portfolio.engine.periods import parse_period
from portfolio.market_data import quarantine
from portfolio.models import Price, QuarantinedPrice
from tests.market_data.yahoo_server import Listing

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def crashed(yahoo, household):
    """A fund that fell by half on the 7th and stayed there."""
    yahoo.listings["QQQ"] = Listing({D(2025, 1, 6): 100.0, D(2025, 1, 7): 50.0, D(2025, 1, 8): 51.0, D(2025, 1, 10): 20.0})
    fund = household.buys("QQQ", "2025-01-06")
    household.refreshes("2025-01-11 12:00")
    return fund


def doubt_of(day):
    return QuarantinedPrice.objects.get(date=D(2025, 1, day)).pk


def stored():
    return dict(Price.objects.values_list("date", "close"))


def test_an_accepted_close_brings_along_those_that_fit_it_and_no_others(crashed, owner):
    # the 8th is 2 % over the 7th; the 10th is 61 % under the 8th and a doubt of its own
    assert quarantine.accept(doubt=doubt_of(7), user=owner) == 2

    assert stored() == {D(2025, 1, 6): 100, D(2025, 1, 7): 50, D(2025, 1, 8): 51}
    assert list(quarantine.pending().values_list("date", flat=True)) == [D(2025, 1, 10)]
    assert QuarantinedPrice.objects.get(date=D(2025, 1, 7)).decided_by == owner


def test_an_accepted_close_is_not_asked_about_again(crashed, household):
    quarantine.accept(doubt=doubt_of(7))

    household.refreshes("2025-01-12 12:00", since=D(2025, 1, 1))

    assert list(quarantine.pending().values_list("date", flat=True)) == [D(2025, 1, 10)]
    assert stored()[D(2025, 1, 7)] == 50


def test_a_rejected_close_never_returns_but_another_figure_does(crashed, household, yahoo):
    quarantine.reject(doubt=doubt_of(10))
    household.refreshes("2025-01-12 12:00", since=D(2025, 1, 1))
    assert D(2025, 1, 10) not in quarantine.pending().values_list("date", flat=True)

    yahoo.listings["QQQ"].closes[D(2025, 1, 10)] = 19.0
    household.refreshes("2025-01-12 13:00", since=D(2025, 1, 1))

    assert QuarantinedPrice.objects.get(date=D(2025, 1, 10)).close == 19
    assert D(2025, 1, 10) in quarantine.pending().values_list("date", flat=True)


def test_what_has_no_number_or_another_currency_cannot_be_accepted(yahoo, household):
    yahoo.listings["QQQ"] = Listing({D(2025, 1, 6): 100.0, D(2025, 1, 7): None})
    yahoo.listings["SHEL"] = Listing({D(2025, 1, 7): 33.0}, "EUR")
    household.buys("QQQ", "2025-01-06")
    household.buys("SHEL", "2025-01-06", price="33")
    household.refreshes("2025-01-08 12:00")

    for doubt in quarantine.pending():
        with pytest.raises(quarantine.UndecidableError, match=r"type the price|correct its currency"):
            quarantine.accept(doubt=doubt.pk)


def test_a_typed_price_settles_the_doubt_and_stays(crashed, household):
    assert quarantine.type_price(instrument=crashed, date=D(2025, 1, 7), close=Decimal("98.5"))

    household.refreshes("2025-01-12 12:00", since=D(2025, 1, 1))

    assert stored()[D(2025, 1, 7)] == Decimal("98.5")
    assert D(2025, 1, 7) not in quarantine.pending().values_list("date", flat=True)


def test_nothing_is_decided_twice(crashed):
    key = doubt_of(7)
    quarantine.reject(doubt=key)

    with pytest.raises(quarantine.UndecidableError, match="already"):
        quarantine.accept(doubt=key)


def test_the_review_names_what_waits_and_counts_it_once_it_is_accepted(crashed, settings):
    period = parse_period("2025-01", as_of=D(2025, 1, 31))

    before = queries.quarterly_review(period=period, base_currency="USD")
    warned = [warning for warning in before.warnings if warning.code == "quarantined_price"]
    assert [(warning.symbol, warning.date) for warning in warned] == [("QQQ", "2025-01-07")]
    # ten units at 100, bought for as much
    assert before.closing_value == pytest.approx(0.0)

    quarantine.accept(doubt=doubt_of(7))

    # ten units at 51 instead
    after = queries.quarterly_review(period=period, base_currency="USD")
    assert after.closing_value - before.closing_value == pytest.approx(-490.0)


def test_owners_accept_and_reject_in_the_admin(crashed, as_owner):
    address = "/admin/portfolio/quarantinedprice/"
    assert b"QQQ" in as_owner.get(address).content

    chosen = {"action": "accept", "_selected_action": [doubt_of(7)]}
    assert as_owner.post(address, chosen, follow=True).status_code == 200
    as_owner.post(address, {"action": "reject", "_selected_action": [doubt_of(10)]})

    assert D(2025, 1, 8) in stored()
    assert not quarantine.pending().exists()
