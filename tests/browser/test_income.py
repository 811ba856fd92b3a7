"""Income and the spouse's page in a real browser: readable for all, at every width, with and without a script."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import expect

PAGES = ["/income/?as_of=2025-09-30", "/salary/?as_of=2025-09-30"]
STRESS = "/income/?as_of=2025-09-30#stress"


@pytest.fixture
def household(transactional_db: None) -> None:
    call_command("demo", verbosity=0)


@pytest.fixture
def speak(owner_page: Any, base_url: str) -> Callable[[str], None]:
    """Return a function that sets the language."""

    def set_language(language: str) -> None:
        owner_page.context.add_cookies([{"name": "django_language", "value": language, "url": base_url}])

    return set_language


@pytest.mark.parametrize("language", ["zh-hant", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_anybodys_way(household, owner_page, speak, theme, language):
    owner_page.emulate_media(color_scheme=theme)
    speak(language)
    for address in PAGES:
        owner_page.goto(address)
        for fold in owner_page.locator("details.twin").all():
            fold.evaluate("fold => { fold.open = true; }")

        found = Axe().run(owner_page)

        assert found.violations_count == 0, f"{address}: {found.generate_report()}"


@pytest.mark.parametrize("width", [320, 390, 800, 1000, 1440])
def test_no_page_is_wider_than_its_window(household, owner_page, speak, width):
    owner_page.set_viewport_size({"width": width, "height": 900})
    for language in ("zh-hant", "en"):
        speak(language)
        for address in PAGES:
            owner_page.goto(address)

            over = owner_page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

            assert over == 0, f"{address} in {language} at {width} px"


def test_the_console_stays_empty(household, owner_page):
    said: list[str] = []
    owner_page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    owner_page.on("pageerror", lambda error: said.append(str(error)))
    for address in PAGES:
        owner_page.goto(address)

    assert said == []


def test_the_outcome_follows_a_slider_by_keyboard_without_a_reload(household, owner_page, speak):
    speak("en")
    owner_page.goto(STRESS)
    owner_page.evaluate("window.sameDocument = true")
    expect(owner_page.get_by_role("button", name="Work it out")).to_be_hidden()

    owner_page.get_by_label("Income falls by").focus()
    for _step in range(5):
        owner_page.keyboard.press("ArrowRight")

    expect(owner_page.locator("output[for=cut]")).to_have_text("25 %")
    expect(owner_page.locator("#stress-outcome")).to_contain_text("Income −25\u00a0%")
    # 128.57 × 0.75
    expect(owner_page.locator("#stress-outcome")).to_contain_text("96.43")
    owner_page.wait_for_function("location.search.includes('cut=25')")
    assert owner_page.evaluate("window.sameDocument")
    # the address keeps what was chosen
    owner_page.reload()
    expect(owner_page.locator("output[for=cut]")).to_have_text("25 %")


def test_without_a_script_the_form_works_it_out(household, browser, base_url, as_owner):
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    context.add_cookies(
        [
            {"name": "sessionid", "value": as_owner.cookies["sessionid"].value, "url": base_url},
            {"name": "django_language", "value": "en", "url": base_url},
        ]
    )
    page = context.new_page()
    page.goto(STRESS)
    page.get_by_label("One payer stops").select_option("PFF")
    page.get_by_role("button", name="Work it out").click()

    expect(page.locator("#stress-outcome")).to_contain_text("Without PFF")
    assert "as_of=2025-09-30" in page.url
    context.close()


def test_a_secret_address_is_made_shown_once_and_taken_back(household, owner_page, speak):
    speak("en")
    owner_page.goto("/income/")
    owner_page.get_by_role("button", name="Make a secret address (.ics)").click()
    address = owner_page.locator(".feed-url").inner_text()

    assert owner_page.request.get(address).status == 200
    owner_page.get_by_role("button", name="Take back the address").click()
    expect(owner_page.locator(".feed-url")).to_have_count(0)
    assert owner_page.request.get(address).status == 404
