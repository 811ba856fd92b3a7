"""Reports kept in a real Redis: right with the cache empty, filled, stale, unreadable or gone."""

import pytest
from django.core.cache import caches
from django.test import override_settings

from portfolio import queries
from portfolio.engine.periods import parse_period
from portfolio.management.redis_server import find_redis
from portfolio.management.stopping import stop_all
from tests.market_data.conftest import Household, account  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def redis(tmp_path):
    found = find_redis(tmp_path)
    found.prepare()
    process = found.start()
    settings = {
        "default": {"BACKEND": "portfolio.report_cache.ReportCache", "LOCATION": found.address, "KEY_PREFIX": "larder:reports"}
    }
    with override_settings(CACHES=settings):
        yield process
        queries.forget()
    stop_all([process], seconds=5)


def value_of_january():
    import datetime as dt  # noqa: PLC0415

    period = parse_period("2025-01", as_of=dt.date(2025, 1, 31))
    return queries.quarterly_review(period=period, base_currency="USD").closing_value


@pytest.fixture
def household(account):  # noqa: F811
    found = Household(account)
    fund = found.buys("QQQ", "2025-01-06", price="100")
    fund.prices.create(date="2025-01-31", close=110)
    return fund


def keys():
    return list(caches["default"]._cache.get_client().scan_iter("larder:*report*"))


def test_a_report_is_kept_and_a_new_price_drops_it(redis, household):
    # ten units at 110, bought with 1000 that were never paid in
    assert value_of_january() == pytest.approx(100.0)
    assert len(keys()) == 1
    assert value_of_january() == pytest.approx(100.0)
    assert len(keys()) == 1

    household.prices.update_or_create(date="2025-01-31", defaults={"close": 120})

    assert value_of_january() == pytest.approx(200.0)


def test_with_redis_gone_reports_are_computed_and_nothing_hangs(redis, household):
    value_of_january()
    redis.kill()
    redis.wait()

    household.prices.update_or_create(date="2025-01-31", defaults={"close": 120})

    assert value_of_january() == pytest.approx(200.0)
    queries.forget()
    assert value_of_january() == pytest.approx(200.0)


def test_what_cannot_be_read_counts_as_not_kept(redis, household):
    value_of_january()
    client = caches["default"]._cache.get_client(write=True)
    for key in keys():
        client.set(key, b"\x80\x05 no pickle")

    assert value_of_january() == pytest.approx(100.0)


def test_clearing_leaves_the_task_queue_alone(redis, household):
    value_of_january()
    client = caches["default"]._cache.get_client(write=True)
    client.rpush("larder:queue:celery", b"a task")

    queries.forget()

    assert keys() == []
    assert client.llen("larder:queue:celery") == 1
