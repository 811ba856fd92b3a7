"""The review in a real browser: no complaint of axe, nothing wider than the screen, usable by keyboard and without scripts."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from portfolio import demo

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/review/2025-q1/"


@pytest.fixture
def review(owner_page: Page) -> Iterator[Page]:
    """The demo household's review, opened by an owner; no script may fail."""
    demo.load()
    complaints: list[str] = []
    owner_page.on("pageerror", lambda error: complaints.append(str(error)))
    owner_page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    speak(owner_page, django_language="en")
    owner_page.goto(PATH)
    yield owner_page
    assert complaints == []


def speak(page: Page, **cookies: str) -> None:
    url = page.context.cookies()[0]["domain"]
    page.context.add_cookies([{"name": name, "value": value, "domain": url, "path": "/"} for name, value in cookies.items()])


@pytest.mark.parametrize("language", ["zh-hant", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_has_nothing_to_complain_of(review: Page, language: str, theme: str):
    speak(review, django_language=language, theme=theme)
    review.goto(PATH)
    review.locator("details.menu > summary").click()
    for details in review.locator("details:not(.menu)").all():
        details.evaluate("element => element.open = true")
    results = Axe().run(review)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_nothing_is_wider_than_the_screen(review: Page, language: str):
    speak(review, django_language=language)
    for width in (320, 390, 800, 1100, 1440):
        review.set_viewport_size({"width": width, "height": 900})
        review.goto(PATH)
        assert review.evaluate("document.documentElement.scrollWidth") <= width
        # what is cut off on purpose says so with an ellipsis
        cut = review.evaluate(
            """() => [...document.querySelectorAll("td, dd, dt, h2, .lead, .say, .r")]
                .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1
                    && getComputedStyle(e).display !== "inline" && e.clientWidth > 0
                    && getComputedStyle(e).textOverflow !== "ellipsis")
                .map(e => e.textContent.trim())"""
        )
        assert cut == [], f"cut off at {width}"


def test_text_in_drawings_keeps_its_size_on_the_phone(review: Page):
    review.set_viewport_size({"width": 390, "height": 844})
    heights = review.evaluate("[...document.querySelectorAll('.plot text')].map(e => getComputedStyle(e).fontSize)")
    assert set(heights) == {"12px"}


def test_the_keyboard_turns_pages_and_names_its_keys(review: Page):
    review.keyboard.press("]")
    expect(review).to_have_url(re.compile("/review/2025-q2/$"))
    review.keyboard.press("[")
    expect(review).to_have_url(re.compile(f"{PATH}$"))
    review.keyboard.press("?")
    expect(review.locator("dialog#keys")).to_be_visible()
    review.keyboard.press("Escape")
    expect(review.locator("dialog#keys")).to_be_hidden()


def test_keys_do_nothing_where_somebody_types_or_has_switched_them_off(review: Page):
    review.locator('input[name="from"]').focus()
    review.keyboard.press("]")
    expect(review).to_have_url(re.compile(f"{PATH}$"))
    speak(review, keys="off")
    review.goto(PATH)
    review.keyboard.press("]")
    review.keyboard.press("?")
    expect(review.locator("dialog#keys")).to_be_hidden()
    expect(review).to_have_url(re.compile(f"{PATH}$"))


def test_the_first_tab_leads_past_the_menu(review: Page):
    review.keyboard.press("Tab")
    expect(review.locator(".skip")).to_be_focused()
    review.keyboard.press("Enter")
    expect(review.locator("#main")).to_be_focused()


def test_amounts_are_hidden_and_shown_again_by_one_switch(review: Page):
    expect(review.locator(".figs")).to_contain_text("high 31,")
    review.get_by_role("button", name="Hide amounts").click()
    expect(review.locator(".figs")).not_to_contain_text("high 31,")
    expect(review.locator(".hero")).to_contain_text("1.53")
    review.get_by_role("button", name="Show amounts").click()
    expect(review.locator(".figs")).to_contain_text("high 31,")


def test_theme_and_direction_are_chosen_in_the_menu(review: Page):
    hero = "getComputedStyle(document.querySelector('.hero')).color"
    before = review.evaluate(hero)
    review.locator("details.menu > summary").click()
    review.get_by_role("button", name="Red is up").click()
    expect(review.locator("html")).to_have_attribute("data-direction", "east")
    assert review.evaluate(hero) != before
    review.locator("details.menu > summary").click()
    review.get_by_role("button", name="Dark").click()
    expect(review.locator("html")).to_have_attribute("data-theme", "dark")
    expect(review.locator("body")).to_have_css("background-color", "rgb(20, 22, 24)")


def test_the_dark_theme_prints_on_white_paper(review: Page):
    speak(review, theme="dark")
    review.goto(PATH)
    review.emulate_media(media="print")
    assert review.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    expect(review.locator(".bar")).to_be_hidden()
    expect(review.locator(".strip")).to_be_visible()


def test_everything_is_there_without_scripts(browser: Browser, live_server: Any, as_owner: Any):
    demo.load()
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url, locale="en-GB")
    context.add_cookies([{"name": "sessionid", "value": as_owner.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(PATH)
    expect(page.locator(".plot polyline").first).to_be_attached()
    expect(page.locator(".keys-hint")).to_be_hidden()
    page.get_by_role("button", name="Hide amounts").click()
    expect(page.get_by_role("button", name="Show amounts")).to_be_visible()
    page.locator(".seg a", has_text="As paid").click()
    expect(page.locator('.seg a[aria-current="true"]')).to_have_text("As paid")
    context.close()


def test_on_the_phone_the_parts_open_with_one_switch(review: Page):
    review.set_viewport_size({"width": 390, "height": 844})
    part = review.locator(".contrib tbody td.price").first
    expect(part).to_be_hidden()
    review.locator(".show-parts").check()
    expect(part).to_be_visible()
    smaller = review.locator(".contrib tr.rest")
    expect(smaller).to_be_hidden()
    review.locator(".show-rest").check()
    expect(smaller).to_be_visible()
