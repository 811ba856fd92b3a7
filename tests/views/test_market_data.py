"""The market-data page: what it says of prices, what owners decide on it, who may only look."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portfolio.celery import app, broker_address
from portfolio.engine.periods import to_date
from portfolio.market_data.sessions import last_closed_session, session_days
from portfolio.models import (
    Instrument,
    MarketDataRun,
    MarketFeed,
    Price,
    PriceRevision,
    ProposedDividend,
    QuarantinedPrice,
    RunItem,
    Transaction,
)
from portfolio.views import market_data_running
from portfolio.views.market_data_running import Queue, queue_state
from tests.market_data.conftest import weekdays
from tests.market_data.yahoo_server import Listing, LocalYahoo
from tests.services.conftest import Machine, machine, wait_until  # noqa: F401  a fixture
from tests.views.household import account, close, one_share, row, share
from tests.views.test_dashboard import page, text_of

pytestmark = pytest.mark.django_db
PAGE = "/market-data/"


def taipei_sessions(count: int) -> list[dt.date]:
    """Return the last sessions of Taipei that are over, the youngest last."""
    end = last_closed_session(exchange="XTAI", now=timezone.now())
    days = session_days(exchange="XTAI", start=end - dt.timedelta(days=60), end=end)
    return [to_date(int(day)) for day in days[-count:]]


def held(symbol: str, *, since: dt.date, **options: Any) -> Instrument:
    instrument = share(symbol, **options)
    row(since.isoformat(), "BUY", instrument=instrument, quantity=100, price=10)
    return instrument


def doubt(instrument: Instrument, date: str, close: str | None, **options: Any) -> QuarantinedPrice:
    facts = {"expected": Decimal(10), "source": "yahoo", "reason": "jump", "found_at": timezone.now(), **options}
    return QuarantinedPrice.objects.create(instrument=instrument, date=date, close=close and Decimal(close), **facts)


def proposed(instrument: Instrument, *, pay_date: dt.date, ex_date: str = "2025-01-02") -> ProposedDividend:
    return ProposedDividend.objects.create(
        instrument=instrument,
        account=account(),
        ex_date=ex_date,
        pay_date=pay_date,
        units=100,
        per_unit=Decimal("2.5"),
        currency="TWD",
        amount=250,
        tax=52,
    )


def post(client: Client, address: str, **data: Any) -> str:
    """Send a form and return the page it leads to, as a reader sees it."""
    response = client.post(f"{PAGE}{address}", data, headers={"accept-language": "en"}, follow=True)
    assert response.status_code == 200
    return text_of(response.content.decode())


# what the page says


def test_prices_of_the_last_session_need_no_hand(as_viewer):
    *_, last = days = taipei_sessions(5)
    for day in days:
        close(Instrument.objects.filter(symbol="AAA").first() or held("AAA", since=days[0]), day.isoformat(), "10")

    seen = text_of(page(as_viewer, PAGE))

    assert "Every price is of its exchange's last session." in seen
    assert "AAA AAA Company 10.00 TWD" in seen
    assert f"{last.day} " in seen
    assert "up to date" in seen


def test_what_lags_behind_says_by_how_many_sessions_and_what_it_lacks_before(as_viewer):
    days = taipei_sessions(9)
    instrument = held("AAA", since=days[0])
    # the 3rd of nine has no close, and the 8th and 9th are not there yet
    for day in [*days[:2], *days[3:7]]:
        close(instrument, day.isoformat(), "10")

    seen = text_of(page(as_viewer, PAGE))

    assert "1 holding or rate is behind its exchange's last session." in seen
    assert "2 sessions behind" in seen
    assert "1 day: " in seen


def test_a_holding_without_any_close_stands_first(as_viewer):
    days = taipei_sessions(3)
    close(held("AAA", since=days[0]), days[0].isoformat(), "10")
    held("ZZZ", since=days[0])

    html = page(as_viewer, PAGE)

    assert "1 holding or rate has no price at all." in text_of(html)
    assert html.index(">ZZZ<") < html.index(">AAA<")


def test_a_rate_that_the_ledger_needs_is_among_what_can_be_missing(as_viewer):
    row("2025-01-02", "DEPOSIT", amount=100, currency="USD")

    seen = text_of(page(as_viewer, PAGE))

    assert "USDTWD USD → TWD — — no price at all" in seen


def test_what_is_sold_is_not_asked_about(as_viewer):
    days = taipei_sessions(3)
    instrument = held("AAA", since=days[0])
    row(days[0].isoformat(), "SELL", instrument=instrument, quantity=100, price=10)

    assert "AAA" not in text_of(page(as_viewer, PAGE))


def test_a_source_that_cannot_name_it_is_quoted(as_viewer):
    instrument = held("OLD", since=taipei_sessions(1)[0])
    MarketFeed.objects.create(instrument=instrument, problem="Yahoo has nothing for OLD", problem_since=timezone.now())

    assert "Yahoo has nothing for OLD" in text_of(page(as_viewer, PAGE))


def test_the_last_run_and_its_notes_are_told(as_viewer):
    now = timezone.now()
    old, young = (
        MarketDataRun.objects.create(
            state=state, trigger="schedule", started_at=now - age, seen_at=now, finished_at=now - age + dt.timedelta(seconds=41)
        )
        for state, age in (("done", dt.timedelta(days=2)), ("partial", dt.timedelta(days=1)))
    )
    RunItem.objects.create(run=old, base="USD", quote="TWD", start=now, end=now, state="done", written=5)
    for name, state, written, said in (("TWD", "done", 7, ""), ("JPY", "failed", 0, "Yahoo sent nothing at all")):
        RunItem.objects.create(
            run=young, base="USD", quote=name, start=now, end=now, state=state, written=written, message=said
        )

    seen = text_of(page(as_viewer, PAGE))

    assert "done in part in 41 s, 7 figures new or changed." in seen
    assert "USDJPY: failed Yahoo sent nothing at all" in seen


def test_each_source_says_when_it_answered_last(as_viewer):
    answered = dt.datetime(2025, 1, 2, 6, 30, tzinfo=dt.UTC)
    MarketFeed.objects.create(base="USD", quote="TWD", source="yahoo", answered_at=answered)
    MarketFeed.objects.create(base="USD", quote="JPY", source="yahoo", answered_at=answered, problem="gone")

    # half past two in Taipei; two feeds, one of them in trouble
    assert "Yahoo 2 January 2025 14:30 2 1" in text_of(page(as_viewer, PAGE))


def test_a_corrected_close_keeps_its_old_figure(as_viewer):
    PriceRevision.objects.create(
        instrument=share("AAA"), date="2025-01-02", old=50, new=Decimal("50.25"), source="yahoo", seen_at=timezone.now()
    )

    # 0.25 of 50
    assert "AAA 2 January 2025 50.00 50.25 +0.50 %" in text_of(page(as_viewer, PAGE))


def test_without_redis_the_page_says_so(as_viewer):
    assert "No Redis is set up" in text_of(page(as_viewer, PAGE))


def test_a_redis_that_does_not_answer_is_named_and_the_page_still_comes(as_viewer, settings):
    # nobody listens on the port of no service
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    market_data_running.forget()

    assert "Redis does not answer" in text_of(page(as_viewer, PAGE))


def test_an_empty_household_gets_a_page(as_owner):
    seen = text_of(page(as_owner, PAGE))

    assert "Nothing has been fetched yet." in seen
    assert "import_ledger" in seen


def test_the_demo_household_fetches_nothing(as_owner):
    call_command("demo")

    assert "Run now" not in page(as_owner, PAGE).replace("“Run now”", "")
    assert "its closes are made up" in post(as_owner, "run/")
    assert not MarketDataRun.objects.exists()


def test_units_and_amounts_are_hidden_and_prices_are_not(as_viewer):
    instrument = held("AAA", since=taipei_sessions(1)[0])
    proposed(instrument, pay_date=dt.date(2025, 2, 1))
    close(instrument, "2025-01-02", "1234.5")
    as_viewer.cookies["amounts"] = "hide"

    html = page(as_viewer, PAGE)

    for told in (">250<", ">52<", ">198 ", ">100<"):
        assert told not in html
    assert "2.5" in html
    assert "1,234.50" in html


def test_the_page_asks_the_database_the_same_whatever_there_is(as_owner):
    counts = []
    for number in range(2):
        for each in range(1 + 6 * number):
            instrument = held(f"S{number}{each}", since=dt.date(2025, 1, 2))
            close(instrument, "2025-01-02", "10")
            doubt(instrument, "2025-01-03", "99")
            proposed(instrument, pay_date=dt.date(2025, 2, 1))
            MarketFeed.objects.create(instrument=instrument, source="yahoo", answered_at=timezone.now())
        with CaptureQueriesContext(connection) as asked:
            page(as_owner, PAGE)
        counts.append(len(asked))

    assert counts[0] == counts[1]


# doubts


def test_an_accepted_price_counts_and_takes_its_followers_along(as_owner, owner):
    instrument = share("AAA")
    first = doubt(instrument, "2025-01-02", "20")
    doubt(instrument, "2025-01-03", "21")

    seen = post(as_owner, f"doubts/{first.pk}/accept/")

    assert "2 prices were accepted and count from now on." in seen
    assert list(Price.objects.order_by("date").values_list("close", flat=True)) == [20, 21]
    first.refresh_from_db()
    assert first.decided_by == owner


def test_a_rejected_price_stays_out(as_owner):
    found = doubt(share("AAA"), "2025-01-02", "20")

    assert "The price stays out" in post(as_owner, f"doubts/{found.pk}/reject/")
    assert not Price.objects.exists()
    assert "Prices in doubt" not in page(as_owner, PAGE)


def test_a_figure_that_is_none_cannot_be_accepted_but_typed(as_owner):
    found = doubt(share("AAA"), "2025-01-02", None, reason="nan")

    html = page(as_owner, PAGE)
    seen = post(as_owner, f"doubts/{found.pk}/accept/")

    assert f"doubts/{found.pk}/accept/" not in html
    assert 'href="?instrument=AAA&amp;date=2025-01-02#type"' in html
    assert "That price cannot be accepted" in seen


def test_two_owners_who_decide_at_once_do_not_decide_twice(as_owner):
    found = doubt(share("AAA"), "2025-01-02", "20")
    post(as_owner, f"doubts/{found.pk}/accept/")

    assert "That price was decided meanwhile." in post(as_owner, f"doubts/{found.pk}/reject/")
    assert "That price was decided meanwhile." in post(as_owner, "doubts/999/reject/")
    assert Price.objects.count() == 1


# dividends


def test_one_click_writes_the_proposed_dividend(as_owner):
    found = proposed(share("AAA"), pay_date=dt.date(2025, 2, 1))

    assert "The dividend of AAA stands in the ledger on 1 February 2025." in post(as_owner, f"dividends/{found.pk}/confirm/")

    written = Transaction.objects.get()
    assert (written.kind, written.amount, written.tax, written.date) == ("DIVIDEND", 250, 52, dt.date(2025, 2, 1))


def test_the_statements_own_figures_are_written_instead(as_owner):
    found = proposed(share("AAA"), pay_date=dt.date(2025, 2, 1))

    post(as_owner, f"dividends/{found.pk}/confirm/", date="2025-02-03", amount="100+150.5", tax="")

    written = Transaction.objects.get()
    assert (written.amount, written.tax, written.date) == (Decimal("250.5"), 52, dt.date(2025, 2, 3))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "0"}, "A payment is above zero."),
        ({"tax": "-1"}, "A tax is zero or above."),
        ({"date": "2999-01-01"}, "What has not been paid cannot be confirmed yet"),
        ({"amount": "much"}, "“much” is not a number."),
    ],
)
def test_figures_that_no_payment_has_are_refused(as_owner, typed, said):
    found = proposed(share("AAA"), pay_date=dt.date(2025, 2, 1))

    assert said in post(as_owner, f"dividends/{found.pk}/confirm/", **typed)
    assert not Transaction.objects.exists()


def test_what_is_not_due_is_confirmed_only_with_the_day_it_was_paid(as_owner):
    found = proposed(share("AAA"), pay_date=timezone.localdate() + dt.timedelta(days=9))

    assert "What has not been paid" in post(as_owner, f"dividends/{found.pk}/confirm/")
    post(as_owner, f"dividends/{found.pk}/confirm/", date="2025-02-03")

    assert Transaction.objects.get().date == dt.date(2025, 2, 3)


def test_a_rejected_dividend_is_not_shown_again(as_owner):
    found = proposed(share("AAA"), pay_date=dt.date(2025, 2, 1))

    assert "is not proposed again" in post(as_owner, f"dividends/{found.pk}/reject/")
    assert "decided meanwhile" in post(as_owner, f"dividends/{found.pk}/confirm/")
    assert not Transaction.objects.exists()


# pausing, typing


def test_a_paused_instrument_is_shown_as_such_and_fetched_again(as_owner):
    instrument = held("AAA", since=taipei_sessions(3)[0])

    assert "AAA is paused: nothing is fetched for it." in post(as_owner, f"instruments/{instrument.pk}/pause/", paused="yes")
    instrument.refresh_from_db()
    assert instrument.is_paused
    assert "Every price is of its exchange's last session." in text_of(page(as_owner, PAGE))
    post(as_owner, f"instruments/{instrument.pk}/pause/", paused="no")
    instrument.refresh_from_db()
    assert not instrument.is_paused


def test_a_typed_price_is_stored_and_settles_the_doubt_of_its_day(as_owner):
    found = doubt(share("AAA"), "2025-01-02", "20")

    assert "The close of AAA on 2 January 2025 is 11.50 now." in post(
        as_owner, "price/", instrument="AAA", date="2025-01-02", close="11.5"
    )

    assert Price.objects.get().source == "manual"
    found.refresh_from_db()
    assert found.state == QuarantinedPrice.State.REJECTED


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"date": "2999-01-01"}, "There is no close of a day to come."),
        ({"close": "0"}, "A price is above zero."),
        ({"close": ""}, "A price is above zero."),
        ({"close": "cheap"}, "“cheap” is not a number."),
        ({"instrument": "NONE"}, "Select a valid choice."),
    ],
)
def test_what_is_no_price_is_refused_beside_its_field(as_owner, typed, said):
    share("AAA")
    form = {"instrument": "AAA", "date": "2025-01-02", "close": "1", **typed}

    response = as_owner.post(f"{PAGE}price/", form, headers={"accept-language": "en"})

    assert response.status_code == 400
    assert said in text_of(response.content.decode())
    assert not Price.objects.exists()


def test_the_form_comes_filled_in_from_a_link(as_owner):
    share("AAA")

    html = page(as_owner, f"{PAGE}?instrument=AAA&date=2025-01-02")

    assert '<option value="AAA" selected>' in html
    assert 'value="2025-01-02"' in html
    assert as_owner.get(f"{PAGE}?instrument=%00&date=x").status_code == 200


# who


@pytest.mark.parametrize(
    "address",
    [
        "run/",
        "stop/",
        "price/",
        "doubts/1/accept/",
        "doubts/1/reject/",
        "dividends/1/confirm/",
        "dividends/1/reject/",
        "instruments/1/pause/",
    ],
)
def test_only_owners_act(as_viewer, as_owner, address):
    assert as_viewer.post(f"{PAGE}{address}").status_code == 403
    assert as_owner.get(f"{PAGE}{address}").status_code == 405


def test_a_viewer_reads_everything_and_sees_no_button(as_viewer):
    instrument = held("AAA", since=taipei_sessions(1)[0])
    doubt(instrument, "2025-01-02", "20")
    proposed(instrument, pay_date=dt.date(2025, 2, 1))

    html = page(as_viewer, PAGE)
    main = html[html.index("<main") : html.index("</main")]

    assert "Prices in doubt" in main
    assert "Dividends to be confirmed" in main
    assert "<button" not in main


def test_a_stranger_is_sent_to_the_login(client):
    assert client.get(PAGE)["Location"].startswith("/login/")


# runs


def test_a_run_under_way_is_watched_and_its_end_brings_the_rest(as_viewer):
    now = timezone.now()
    run = MarketDataRun.objects.create(trigger="person", started_at=now, seen_at=now)
    RunItem.objects.create(run=run, base="USD", quote="TWD", start=now, end=now, state="done", written=3)
    RunItem.objects.create(run=run, base="USD", quote="JPY", start=now, end=now)

    html = page(as_viewer, PAGE)
    during = as_viewer.get(f"{PAGE}progress/")
    MarketDataRun.objects.update(state="done", finished_at=now)
    after = as_viewer.get(f"{PAGE}progress/")

    assert 'hx-get="/market-data/progress/"' in html
    assert '<progress id="run-bar" max="2" value="1">' in during.content.decode()
    assert "HX-Retarget" not in during
    assert after["HX-Retarget"] == "#state"
    assert 'id="state"' in after.content.decode()
    assert "hx-get" not in after.content.decode()


def test_a_watcher_whose_login_ended_reloads_the_page(client):
    response = client.get(f"{PAGE}progress/")

    assert response["HX-Refresh"] == "true"
    assert response.content == b""


def test_a_silent_run_can_be_stopped(as_owner):
    long_ago = timezone.now() - dt.timedelta(minutes=5)
    MarketDataRun.objects.create(trigger="person", started_at=long_ago, seen_at=long_ago)

    assert "It has given no sign of life" in text_of(page(as_owner, PAGE))
    assert "The refresh was stopped." in post(as_owner, "stop/")
    assert MarketDataRun.objects.get().state == MarketDataRun.State.LOST


def test_there_is_no_second_run_beside_one_under_way(as_owner):
    now = timezone.now()
    MarketDataRun.objects.create(trigger="schedule", started_at=now, seen_at=now)

    assert "A refresh is under way already." in post(as_owner, "run/")
    assert MarketDataRun.objects.count() == 1


def test_a_run_with_nothing_to_do_says_so(as_owner):
    assert "Nothing is missing." in post(as_owner, "run/")


@pytest.fixture
def yahoo(settings: Any) -> Any:
    server = LocalYahoo()
    settings.YAHOO_ADDRESS = server.address
    settings.MARKET_DATA_TRIES = 1
    yield server
    server.close()


@pytest.fixture
def until_done() -> Callable[[], None]:
    def wait() -> None:
        for thread in threading.enumerate():
            if thread.name == "market data":
                thread.join(60)

    return wait


@pytest.mark.django_db(transaction=True)
def test_without_workers_run_now_does_the_work_in_the_web_server(transactional_db, as_owner, yahoo, until_done):
    days = taipei_sessions(3)
    held("AAA", since=days[0], quote_symbol="AAA.TW")
    yahoo.listings["AAA.TW"] = Listing(
        dict.fromkeys(weekdays((days[0] - dt.timedelta(days=10)).isoformat(), days[-1].isoformat()), 10.5),
        currency="TWD",
        timezone="Asia/Taipei",
    )

    post(as_owner, "run/")
    until_done()

    assert "AAA AAA Company 10.50 TWD" in text_of(page(as_owner, PAGE))
    assert "done" in text_of(page(as_owner, PAGE))
    assert MarketDataRun.objects.get().state == MarketDataRun.State.DONE


@pytest.fixture
def queue(machine: Machine, settings: Any) -> Iterator[Machine]:  # noqa: F811
    """A real Redis, which this process uses as the web server would."""
    settings.REDIS_URL = machine.redis.address
    settings.BASE_CURRENCY = "USD"
    before = (app.conf.broker_url, app.conf.task_always_eager)
    app.conf.update(broker_url=broker_address(machine.redis.address), task_always_eager=False)
    market_data_running.forget()
    yield machine
    app.close()
    app.conf.update(broker_url=before[0], task_always_eager=before[1])
    market_data_running.forget()


@pytest.mark.django_db(transaction=True)
def test_the_worker_does_what_the_button_asks_for(queue, as_owner, yahoo):
    end = last_closed_session(exchange="XNYS", now=timezone.now())
    row((end - dt.timedelta(days=3)).isoformat(), "BUY", instrument=share("AAA", currency="USD"), quantity=1, price=10)
    week = weekdays((end - dt.timedelta(days=20)).isoformat(), end.isoformat())
    yahoo.listings["AAA"] = yahoo.listings["TWD=X"] = Listing(dict.fromkeys(week, 10.5))

    assert "Redis answers, but no worker does" in text_of(page(as_owner, PAGE))
    queue.start_worker()
    wait_until(lambda: market_data_running.forget() or queue_state() is Queue.READY, what="a worker that answers")
    assert "on schedule" not in text_of(page(as_owner, PAGE))
    post(as_owner, "run/")
    wait_until(lambda: MarketDataRun.objects.exclude(state="running").exists(), what="the end of the run")

    seen = text_of(page(as_owner, PAGE))
    assert not [thread for thread in threading.enumerate() if thread.name == "market data"]
    assert "AAA AAA Company 10.50 USD" in seen
    assert "The next one begins by itself: " in seen


# the dashboard


def test_the_dashboard_says_in_one_line_what_needs_a_hand(as_owner, as_viewer):
    instrument = one_share()
    assert "in doubt" not in text_of(page(as_owner))
    doubt(instrument, "2025-01-03", "99")
    proposed(instrument, pay_date=dt.date(2025, 2, 1))

    # the page's article is kept; the line is not
    seen = text_of(page(as_owner))

    assert "1 fetched price is in doubt. 1 dividend is to be confirmed. Decide" in seen
    assert "See them" in text_of(page(as_viewer))
