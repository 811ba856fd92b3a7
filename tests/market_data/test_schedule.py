"""When runs are due: some minutes after each close, by the exchange's own calendar."""

import datetime as dt
import pickle

import pytest

from portfolio.celery import app
from portfolio.market_data.schedule import AfterClose
from portfolio.market_data.sessions import last_closed_session, session_days


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def schedule(exchange, now):
    return AfterClose(exchange=exchange, minutes=45, nowfun=lambda: utc(now))


@pytest.mark.parametrize(
    ("exchange", "after", "due"),
    [
        ("XTAI", "2025-01-08 00:00", "2025-01-08 06:15"),  # closes 13:30 in Taipei
        ("XTKS", "2025-01-08 00:00", "2025-01-08 07:15"),  # closes 15:30 in Tokyo since November 2024
        ("XLON", "2025-01-08 00:00", "2025-01-08 17:15"),  # closes 16:30 in London
        ("XNYS", "2025-01-08 00:00", "2025-01-08 21:45"),  # closes 16:00 in New York
        ("XNYS", "2025-07-08 00:00", "2025-07-08 20:45"),  # the same in summer
        ("XNYS", "2025-07-03 00:00", "2025-07-03 17:45"),  # half a day before the holiday
        ("XNYS", "2025-07-03 18:00", "2025-07-07 20:45"),  # then the holiday and a weekend
        ("XTAI", "2025-01-22 07:00", "2025-02-03 06:15"),  # Lunar New Year
    ],
)
def test_a_run_is_due_after_the_close_in_every_season(exchange, after, due):
    assert schedule(exchange, after).due_at(utc(after)) == utc(due)


def test_it_is_due_once_for_each_session():
    last = utc("2025-01-07 21:45:01")

    assert not schedule("XNYS", "2025-01-08 21:44:59").is_due(last).is_due
    assert schedule("XNYS", "2025-01-08 21:45:00").is_due(last).is_due
    # having run then, the next is tomorrow's; the 9th is a holiday
    assert schedule("XNYS", "2025-01-08 21:45:01").due_at(utc("2025-01-08 21:45:01")) == utc("2025-01-10 21:45")


def test_what_fell_due_while_nothing_ran_is_due_at_once():
    found = schedule("XNYS", "2025-01-20 12:00").is_due(utc("2025-01-07 22:00"))

    assert found.is_due


def test_the_scheduler_can_keep_it_in_its_file():
    entry = AfterClose(exchange="XTAI", minutes=45)

    assert pickle.loads(pickle.dumps(entry)) == entry  # noqa: S301  our own


def test_every_exchange_of_the_settings_has_an_entry(settings):
    schedules = {entry["schedule"].exchange for entry in app.conf.beat_schedule.values()}

    assert schedules == set(settings.MARKET_DATA_EXCHANGES) == {"XTAI", "XTKS", "XLON", "XNYS"}


@pytest.mark.parametrize(
    ("exchange", "now", "day"),
    [
        ("XTAI", "2025-01-08 05:59", "2025-01-07"),  # closed at 05:30, settled half an hour later
        ("XTAI", "2025-01-08 06:00", "2025-01-08"),
        ("XNYS", "2025-01-09 22:00", "2025-01-08"),  # closed for a funeral
        ("XTAI", "2025-01-30 12:00", "2025-01-22"),
        (None, "2025-01-08 22:29", "2025-01-07"),
        (None, "2025-01-08 22:30", "2025-01-08"),
        (None, "2025-01-12 12:00", "2025-01-10"),  # a Sunday
    ],
)
def test_the_last_closed_session_is_the_exchanges_own(exchange, now, day):
    assert last_closed_session(exchange=exchange, now=utc(now)) == dt.date.fromisoformat(day)


def test_where_no_calendar_reaches_weekdays_are_sessions():
    # 1990-01-01 is a Monday
    days = session_days(exchange="XNYS", start=dt.date(1990, 1, 1), end=dt.date(1990, 1, 7))

    assert len(days) == 5
