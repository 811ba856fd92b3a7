"""The way in, in a real browser: by mouse and keyboard, in the browser's language, clean for axe."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("locale", "title"), [("zh-TW", "登入 · 糧倉"), ("en-GB", "Log in · Larder")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_login_is_clean_in_both_languages_and_themes(
    browser: Browser, live_server: Any, locale: str, title: str, scheme: str
):
    context = browser.new_context(locale=locale, color_scheme=scheme, base_url=live_server.url)
    page = context.new_page()
    page.goto("/login/")
    expect(page).to_have_title(title)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    context.close()


def test_a_person_logs_in_and_out_by_keyboard(page: Page, live_server: Any):
    User.objects.create_user("viewer", password="a long enough one")
    page.goto("/login/?next=/review/")
    expect(page.locator("#id_username")).to_be_focused()
    page.keyboard.type("viewer")
    page.keyboard.press("Tab")
    page.keyboard.type("a long enough one")
    page.keyboard.press("Enter")
    expect(page.locator(".nav")).to_be_visible()
    page.locator("details.menu > summary").press("Enter")
    page.locator('button[formaction="/logout/"]').press("Enter")
    expect(page.locator("#id_username")).to_be_visible()
    expect(page.locator(".nav")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_every_choice_of_the_menu_lies_on_the_screen(page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 700})
    page.goto("/login/")
    page.locator("details.menu > summary").click()
    for option in page.locator(".option").all():
        box = option.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_an_open_menu_closes_with_escape(page: Page):
    page.goto("/login/")
    page.locator("details.menu > summary").click()
    expect(page.locator(".menu-body")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".menu-body")).to_be_hidden()
    expect(page.locator("details.menu > summary")).to_be_focused()
