"""Dashboard, holding and ledger in a real browser: drawn, readable for all, at every width, with and without a script."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command

PAGES = ["/", "/holdings/QQQ/", "/holdings/UST-4.500-2031-12-31/", "/ledger/"]
DRAWN = "#line:not([data-ready=false])"


@pytest.fixture
def household(transactional_db: None) -> None:
    call_command("demo")


def speak(page: Any, base_url: str, language: str) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": base_url}])


def open_page(page: Any, address: str) -> None:
    page.goto(address)
    if page.query_selector("#line"):
        page.wait_for_selector(DRAWN)


@pytest.mark.parametrize("language", ["zh-hant", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_anybodys_way(household, owner_page, base_url, theme, language):
    owner_page.emulate_media(color_scheme=theme)
    speak(owner_page, base_url, language)
    for address in PAGES:
        open_page(owner_page, address)

        found = Axe().run(owner_page)

        assert found.violations_count == 0, f"{address}: {found.generate_report()}"


@pytest.mark.parametrize("width", [320, 390, 800, 1000, 1440])
def test_no_page_is_wider_than_its_window(household, owner_page, base_url, width):
    owner_page.set_viewport_size({"width": width, "height": 900})
    for language in ("zh-hant", "en"):
        speak(owner_page, base_url, language)
        for address in PAGES:
            open_page(owner_page, address)

            over = owner_page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

            assert over == 0, f"{address} in {language} at {width} px"


def test_the_console_stays_empty(household, owner_page):
    said: list[str] = []
    owner_page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    owner_page.on("pageerror", lambda error: said.append(str(error)))
    for address in PAGES:
        open_page(owner_page, address)

    assert said == []


def test_a_range_is_chosen_without_a_reload_and_kept_by_the_address(household, owner_page, base_url):
    speak(owner_page, base_url, "en")
    open_page(owner_page, "/?sort=symbol")
    owner_page.evaluate("window.sameDocument = true")

    owner_page.get_by_role("link", name="All", exact=True).click()
    owner_page.wait_for_selector("#line[data-ready=all]")

    assert owner_page.evaluate("window.sameDocument") is True
    assert owner_page.url.endswith("/?sort=symbol&range=all")
    assert owner_page.locator("#range-title").inner_text() == "From the start"
    assert owner_page.locator(".ranges [aria-current]").inner_text() == "All"


def test_the_colours_of_the_line_follow_the_theme(household, owner_page):
    owner_page.emulate_media(color_scheme="light")
    open_page(owner_page, "/")
    line = owner_page.locator(".live .scatterlayer .js-line").last
    light = line.evaluate("each => getComputedStyle(each).stroke")

    owner_page.emulate_media(color_scheme="dark")
    owner_page.wait_for_function(
        "before => getComputedStyle([...document.querySelectorAll('.live .scatterlayer .js-line')].at(-1)).stroke !== before",
        arg=light,
    )

    # --ink of both themes
    assert light == "rgb(25, 27, 29)"
    assert line.evaluate("each => getComputedStyle(each).stroke") == "rgb(237, 235, 229)"


def test_with_hidden_amounts_the_axis_is_in_per_cent(household, owner_page, base_url):
    owner_page.context.add_cookies([{"name": "amounts", "value": "hide", "url": base_url}])
    open_page(owner_page, "/")

    words = owner_page.locator(".live .ytick").all_text_contents()

    assert words
    assert all(word.endswith("%") for word in words)


def test_own_trades_stand_on_the_line_of_a_holding(household, owner_page):
    open_page(owner_page, "/holdings/KO/")

    # the demo household buys KO four times and sells it once
    assert owner_page.locator(".live .point").count() == 5


def test_without_a_script_the_line_is_drawn_and_ranges_are_links(household, browser, live_server, as_viewer):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    session = as_viewer.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto("/")

    page.locator(".ranges a").last.click()

    assert page.url.endswith("?range=all")
    box = page.locator("#line .l-ink").bounding_box()
    context.close()
    assert box["width"] > 500
    assert box["height"] > 50


def test_a_slash_begins_a_search_of_the_ledger(household, owner_page):
    owner_page.goto("/ledger/")

    owner_page.keyboard.press("/")
    owner_page.keyboard.type("lending")
    owner_page.keyboard.press("Enter")

    owner_page.wait_for_url("**/ledger/?q=lending*")
    kinds = set(owner_page.locator(".led td.title .kind").all_inner_texts())
    assert len(kinds) == 1
