"""The market-data page in a real browser, with the real source asking a local server: progress moves, decisions count."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

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
from tests.market_data.yahoo_server import Listing, LocalYahoo
from tests.views.household import account, row, share

PAGE = "/market-data/"
SYMBOLS = [f"S{number}" for number in range(12)]


@pytest.fixture
def yahoo(settings: Any) -> Iterator[LocalYahoo]:
    server = LocalYahoo()
    settings.YAHOO_ADDRESS = server.address
    settings.MARKET_DATA_TRIES = 1
    yield server
    server.close()


def new_york_sessions(count: int) -> list[dt.date]:
    """Return the last sessions of New York that are over, the youngest last."""
    end = last_closed_session(exchange="XNYS", now=timezone.now())
    days = session_days(exchange="XNYS", start=end - dt.timedelta(days=count * 2 + 20), end=end)
    return [to_date(int(day)) for day in days[-count:]]


@pytest.fixture
def household(transactional_db: None, settings: Any) -> list[dt.date]:
    """100 units each of twelve funds, bought at 100 dollars thirty sessions ago, which are returned."""
    settings.BASE_CURRENCY = "USD"
    days = new_york_sessions(30)
    row(days[0].isoformat(), "DEPOSIT", amount=120_000, currency="USD", account=account("Broker", "USD"))
    for symbol in SYMBOLS:
        fund = share(symbol, currency="USD", type="ETF")
        row(
            days[0].isoformat(),
            "BUY",
            instrument=fund,
            quantity=100,
            price=100,
            currency="USD",
            account=account("Broker", "USD"),
        )
    return days


def speak(page: Any, base_url: str, language: str = "en") -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": base_url}])


def listed(yahoo: LocalYahoo, days: list[dt.date], symbol: str, **closes: Any) -> None:
    yahoo.listings[symbol] = Listing({**dict.fromkeys(days, 100.0), **closes.get("other", {})})


def everything(days: list[dt.date]) -> None:
    """Give the page something in each of its parts."""
    now = timezone.now()
    funds = list(Instrument.objects.order_by("pk"))
    for fund in funds[:3]:
        for day in days[:-7]:
            Price.objects.create(instrument=fund, date=day, close=Decimal("1234.5625"), source="yahoo")
        MarketFeed.objects.create(instrument=fund, source="yahoo", answered_at=now)
    trouble = "Yahoo has nothing for S4: No data found, symbol may be delisted"
    MarketFeed.objects.create(instrument=funds[4], problem=trouble, problem_since=now)
    for fund, close, reason in (
        (funds[0], Decimal("5123.1"), "jump"),
        (funds[1], None, "nan"),
        (funds[2], Decimal(3), "rescaled"),
    ):
        QuarantinedPrice.objects.create(
            instrument=fund,
            date=days[-1],
            close=close,
            expected=Decimal("1234.5625"),
            reason=reason,
            source="yahoo",
            found_at=now,
        )
    for fund, pay_date in ((funds[0], days[-1]), (funds[1], days[-1] + dt.timedelta(days=30))):
        ProposedDividend.objects.create(
            instrument=fund,
            account=account("Broker", "USD"),
            ex_date=days[-5],
            pay_date=pay_date,
            units=100_000,
            per_unit=Decimal("2.7125"),
            currency="USD",
            amount=271_250,
            tax=81_375,
        )
    PriceRevision.objects.create(
        instrument=funds[0], date=days[-9], old=1234, new=Decimal("1234.5625"), source="yahoo", seen_at=now
    )
    done = MarketDataRun.objects.create(state="partial", trigger="schedule", started_at=now, seen_at=now, finished_at=now)
    RunItem.objects.create(run=done, instrument=funds[4], start=days[0], end=days[-1], state="failed", message=trouble)
    run = MarketDataRun.objects.create(trigger="person", started_at=now, seen_at=now - dt.timedelta(minutes=3))
    for fund in funds:
        RunItem.objects.create(
            run=run, instrument=fund, start=days[0], end=days[-1], state="done" if fund in funds[:3] else "pending"
        )


@pytest.mark.parametrize("language", ["zh-hant", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_anybodys_way(household, owner_page, base_url, theme, language):
    everything(household)
    owner_page.emulate_media(color_scheme=theme)
    speak(owner_page, base_url, language)
    for width in (390, 1440):
        owner_page.set_viewport_size({"width": width, "height": 900})
        owner_page.goto(PAGE)
        owner_page.locator("#dividends summary").first.click()

        found = Axe().run(owner_page)

        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 390, 800, 1000, 1440])
def test_the_page_is_no_wider_than_its_window(household, owner_page, base_url, width):
    everything(household)
    owner_page.set_viewport_size({"width": width, "height": 900})
    for language in ("zh-hant", "en"):
        speak(owner_page, base_url, language)
        owner_page.goto(PAGE)
        owner_page.locator("#dividends summary").first.click()

        over = owner_page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

        assert over == 0, f"in {language} at {width} px"


def test_a_run_is_seen_moving_and_its_end_brings_the_prices(household, yahoo, owner_page, base_url):
    speak(owner_page, base_url)
    said: list[str] = []
    owner_page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    owner_page.on("pageerror", lambda error: said.append(str(error)))
    for symbol in SYMBOLS:
        listed(yahoo, household, symbol)
    # twelve answers, one after the other: six seconds at the least, which the page asks after every two
    yahoo.seconds_per_answer = 0.5
    owner_page.goto(PAGE)
    expect(owner_page.locator(".market > .lead")).to_contain_text("12 holdings and rates have no price at all.")

    owner_page.get_by_role("button", name="Run now").click()
    bar = owner_page.locator("#run-bar")
    expect(bar).to_be_visible()
    owner_page.evaluate("window.sameDocument = true")
    seen = {bar.get_attribute("value")}
    while bar.count() and len(seen) < 3:
        seen.add(bar.get_attribute("value"))
        owner_page.wait_for_timeout(200)

    assert len(seen) >= 3
    expect(owner_page.locator(".market > .lead")).to_have_text("Every price is of its exchange's last session.", timeout=60_000)
    expect(bar).to_have_count(0)
    assert owner_page.evaluate("window.sameDocument") is True
    assert said == []


def test_an_accepted_price_changes_the_review(household, yahoo, owner_page, base_url):
    speak(owner_page, base_url)
    last = household[-1]
    # 100 units of one fund are worth 10,000 at 100; the last close of S0 is 250 and doubted, so 100 stands until then
    for symbol in SYMBOLS:
        listed(yahoo, household, symbol, other={last: 250.0} if symbol == "S0" else {})
    owner_page.goto(PAGE)
    owner_page.get_by_role("button", name="Run now").click()
    expect(owner_page.locator("#quarantine")).to_contain_text("jump without a split", timeout=60_000)
    review = f"/api/review/{last:%Y-%m}/"

    def closing_value() -> float:
        return float(owner_page.request.get(review).json()["closing_value"])

    before = closing_value()
    owner_page.get_by_role("button", name="Accept S0").click()

    expect(owner_page.locator(".messages")).to_have_text("1 price was accepted and counts from now on.")
    expect(owner_page.locator("#quarantine")).to_have_count(0)
    # 12 × 10,000 before; 100 units × 150 more after
    assert before == pytest.approx(120_000)
    assert closing_value() == pytest.approx(135_000)


def test_a_dividend_is_confirmed_with_the_statements_figures_by_keyboard(household, owner_page: Page, base_url):
    everything(household)
    MarketDataRun.objects.filter(state="running").delete()
    speak(owner_page, base_url)
    owner_page.goto(PAGE)

    owner_page.locator("#dividends summary").first.press("Enter")
    owner_page.get_by_label("Gross").first.fill("271000")
    owner_page.get_by_label("Gross").first.press("Enter")

    expect(owner_page.locator(".messages")).to_contain_text("The dividend of S0 stands in the ledger")
    written = Transaction.objects.get(kind="DIVIDEND")
    assert (written.amount, written.tax) == (271_000, 81_375)


def test_without_a_script_everything_can_be_decided(household, browser, live_server, as_owner):
    everything(household)
    MarketDataRun.objects.filter(state="running").delete()
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url, locale="en-GB")
    context.add_cookies([{"name": "sessionid", "value": as_owner.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(PAGE)

    page.get_by_role("button", name="Accept S0").click()
    page.get_by_role("button", name="Confirm S0").click()
    page.get_by_role("button", name="Pause S5").click()
    page.locator("#id_instrument").select_option("S1")
    page.locator("#id_date").fill(household[-1].isoformat())
    page.locator("#id_close").fill("12.5")
    page.get_by_role("button", name="Store the price").click()

    expect(page.locator(".messages")).to_contain_text("is 12.50 now.")
    context.close()
    assert Price.objects.get(instrument__symbol="S0", date=household[-1]).close == Decimal("5123.1")
    assert Transaction.objects.filter(kind="DIVIDEND").count() == 1
    assert Instrument.objects.get(symbol="S5").is_paused
