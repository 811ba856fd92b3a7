"""Shareholder meetings and the preferred share tools in a real browser: quick to enter, explained, readable for all."""

import datetime as dt
import time
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils.translation import override
from playwright.sync_api import Page, expect

from portfolio.models import Meeting, Resolution
from portfolio.views.resolution_explanations import explanation_of
from tests.views.household import one_share

pytestmark = pytest.mark.django_db(transaction=True)

# an agenda as long as those of large British companies; people and firms are placeholders
AGENDA = "\n".join(
    [
        "Ordinary resolutions",
        "1. To receive the Company's Annual Report and Accounts for the year ended",
        "31 December 2024.",
        "2. To approve the Directors' Remuneration Report.",
        *(f"{number}. To re-elect Director {number} as a Director of the Company." for number in range(3, 15)),
        "15. To re-appoint Firm LLP as auditors of the Company.",
        "16. To authorise the Audit Committee to determine the remuneration of the auditors.",
        "17. Authority to allot shares",
        "Special resolutions",
        "18. Disapplication of pre-emption rights",
        "19. Authority to make on-market purchases of own ordinary shares",
        "20. Authority to make off-market purchases of own ordinary shares",
        "21. Authority to make certain donations and incur expenditure",
        "22. Shareholder resolution on targets",
    ]
)
MOST_SECONDS = 120
TOOLS = (
    "/tools/preferred/?name=A&invested=1000000&multiple=1&share=10&seniority=2&participating=no&cap=&name=Series+B"
    "&invested=2000000&multiple=1&share=20&seniority=1&participating=yes&cap=2&high=30000000&years=10&missed=2"
)


@pytest.fixture
def household(transactional_db: None) -> Meeting:
    held = one_share()
    found = Meeting.objects.create(
        instrument=held,
        date=dt.date(2035, 5, 22),
        record_date=dt.date(2025, 5, 20),
        deadline=dt.datetime(2035, 5, 20, 11, tzinfo=dt.UTC),
        notes="Votes go through the broker.",
    )
    titles = {"ALLOTMENT": "Authority to allot shares", "PRE_EMPTION": "Disapplication of pre-emption rights"}
    for place, (kind, title) in enumerate(titles.items(), start=1):
        Resolution.objects.create(
            meeting=found,
            place=place,
            number=str(place),
            title=title,
            type=kind,
            board_recommendation="FOR",
            own_vote="AGAINST" if place == 2 else "",
            note="Too much",
        )
    return found


def pages(of: Meeting) -> list[str]:
    return ["/meetings/", "/meetings/new/", f"/meetings/{of.pk}/", f"/meetings/{of.pk}/edit/", "/tools/preferred/", TOOLS]


def speak(page: Page, base_url: str, language: str) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": base_url}])


def test_a_meeting_of_more_than_twenty_resolutions_is_entered_in_under_two_minutes(owner_page: Page, base_url: str):
    one_share()
    speak(owner_page, base_url, "en")
    began = time.monotonic()
    owner_page.goto("/meetings/")
    owner_page.get_by_role("link", name="Enter a meeting").first.click()
    owner_page.get_by_label("Company").select_option(label="AAA AAA Company")
    owner_page.get_by_label("Date", exact=True).fill("2035-05-22")
    owner_page.get_by_label("Record date").fill("2025-05-20")
    owner_page.get_by_label("Voting deadline").fill("2035-05-20T12:00")
    # a person pastes: the whole text arrives at once
    owner_page.get_by_label("Resolutions, pasted").fill(AGENDA)
    owner_page.get_by_role("button", name="Save and go on to the votes").click()
    expect(owner_page.locator(".vote-rows tbody tr")).to_have_count(22)
    owner_page.get_by_role("button", name="All as the board recommends").first.click()
    owner_page.get_by_label("Own vote of resolution 17").select_option("AGAINST")
    owner_page.get_by_label("Own vote of resolution 18").select_option("ABSTAIN")
    owner_page.get_by_label("Note of resolution 17").fill("A third is enough")
    owner_page.get_by_role("button", name="Save", exact=True).first.click()
    expect(owner_page.locator(".lead")).to_contain_text("All 22 votes are decided")
    took = time.monotonic() - began

    assert took < MOST_SECONDS
    found = {each.number: each for each in Resolution.objects.all()}
    assert len(found) == 22
    assert (found["17"].type, found["17"].own_vote, found["17"].note) == ("ALLOTMENT", "AGAINST", "A third is enough")
    assert (found["18"].type, found["18"].own_vote) == ("PRE_EMPTION", "ABSTAIN")
    assert (found["22"].type, found["22"].own_vote) == ("SHAREHOLDER", "AGAINST")
    assert [found[str(number)].type for number in range(3, 15)] == ["DIRECTORS_ELECTION"] * 12


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_a_type_is_explained_one_click_away(household: Meeting, viewer_page: Page, base_url: str, language: str):
    speak(viewer_page, base_url, language)
    viewer_page.goto(f"/meetings/{household.pk}/")
    with override(language):
        meant = explanation_of("ALLOTMENT")
        name, texts = str(meant.name), [str(text) for text in (meant.text, meant.british, meant.taiwanese)]
    explanation = viewer_page.locator("#type-allotment")
    expect(explanation).to_be_hidden()

    viewer_page.get_by_role("button", name=name).click()

    expect(explanation).to_be_visible()
    for text in texts:
        expect(explanation).to_contain_text(text)
    viewer_page.keyboard.press("Escape")
    expect(explanation).to_be_hidden()


def test_without_a_script_the_whole_way_works(household: Meeting, browser: Any, as_owner: Any, live_server: Any):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    context.add_cookies(
        [
            {"name": "sessionid", "value": as_owner.cookies["sessionid"].value, "url": live_server.url},
            {"name": "django_language", "value": "en", "url": live_server.url},
        ]
    )
    page = context.new_page()
    page.goto(f"/meetings/{household.pk}/")
    page.get_by_role("button", name="Open votes as the board recommends").click()
    expect(page.locator(".lead")).to_contain_text("All 2 votes are decided")
    page.get_by_role("button", name="Authority to allot shares").click()
    expect(page.locator("#type-allotment")).to_be_visible()
    page.goto("/tools/preferred/")
    page.get_by_label("Participating 1").select_option("yes")
    page.get_by_role("button", name="Work it out").first.click()
    expect(page.locator("#waterfall > .say")).to_contain_text("A 1,800,000")
    context.close()


def test_the_address_of_the_tools_is_a_permalink(owner_page: Page, base_url: str):
    speak(owner_page, base_url, "en")
    owner_page.goto("/tools/preferred/")
    owner_page.get_by_label("New rate, %").fill("6")
    owner_page.locator("#refinancing").get_by_role("button").click()
    expect(owner_page.locator("#refinancing > .say")).to_contain_text("Saves 200,000 a year")
    address = owner_page.url

    owner_page.goto("/")
    owner_page.goto(address)

    assert address.endswith("#refinancing")
    expect(owner_page.locator("#refinancing > .say")).to_contain_text("Saves 200,000 a year")
    expect(owner_page.get_by_label("New rate, %")).to_have_value("6")


def test_the_pages_are_found_from_the_menu(household: Meeting, owner_page: Page, base_url: str):
    speak(owner_page, base_url, "en")
    owner_page.goto("/ledger/")
    owner_page.get_by_text("More", exact=True).click()
    owner_page.locator(".nav").get_by_role("link", name="Shareholder meetings").click()
    expect(owner_page).to_have_url(f"{base_url}/meetings/")
    owner_page.keyboard.press("g")
    owner_page.keyboard.press("f")
    expect(owner_page).to_have_url(f"{base_url}/tools/preferred/")
    owner_page.set_viewport_size({"width": 390, "height": 844})
    owner_page.locator(".more-pages").get_by_role("link", name="Shareholder meetings").click()
    expect(owner_page).to_have_url(f"{base_url}/meetings/")


@pytest.mark.parametrize("language", ["zh-hant", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_anybodys_way(household: Meeting, owner_page: Page, base_url: str, theme: str, language: str):
    owner_page.emulate_media(color_scheme=theme)
    speak(owner_page, base_url, language)
    for address in pages(household):
        owner_page.goto(address)
        assert (found := Axe().run(owner_page)).violations_count == 0, f"{address}: {found.generate_report()}"
    owner_page.goto(f"/meetings/{household.pk}/")
    owner_page.locator(".term").first.click()
    assert (found := Axe().run(owner_page)).violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 390, 800, 1000, 1440])
def test_no_page_is_wider_than_its_window(household: Meeting, owner_page: Page, base_url: str, width: int):
    owner_page.set_viewport_size({"width": width, "height": 900})
    for language in ("zh-hant", "en"):
        speak(owner_page, base_url, language)
        for address in pages(household):
            owner_page.goto(address)
            over = owner_page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over == 0, f"{address} in {language} at {width} px"
