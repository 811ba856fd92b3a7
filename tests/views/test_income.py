"""Income page: does it pay, who pays, for how long; its stress test and its private calendar."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from portfolio.models import CalendarFeed, Instrument
from portfolio.roles import Role, give_role
from tests.views.household import CHINESE, ENGLISH, grow
from tests.views.test_dashboard import page, text_of

pytestmark = pytest.mark.django_db

QUARTER = "/income/?as_of=2025-03-31"


@pytest.fixture
def household() -> None:
    call_command("demo", verbosity=0)


def test_the_page_answers_first(household, as_viewer):
    seen = text_of(page(as_viewer, QUARTER))

    # 429,309 over 315,120; (429,309 − 315,120) / 12
    assert "It does. The net income of the next twelve months is 136.24 % of the salary: 9,516 a month more" in seen
    assert "With a raise of 4 % a year, 2034 is the first year it is not enough." in seen


def test_three_coverages_stand_beside_each_other_with_their_sums(household, as_viewer):
    seen = text_of(page(as_viewer, QUARTER))

    assert "This quarter, received 108.82 %" in seen
    assert "net income 84,878 ÷ salary 78,000" in seen
    assert "Smoothed over four quarters 116.34 %" in seen
    assert "a quarter of twelve months 90,745 ÷ salary 78,000" in seen
    assert "net income 429,309 ÷ salary 315,120" in seen


def test_the_months_have_a_twin_in_a_table_with_the_planned_raise(household, as_viewer):
    html = page(as_viewer, f"{QUARTER}&months=ahead")
    table = re.search(r'<details class="twin">.*?</details>', html, re.DOTALL)[0]

    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th>.*?</tr>", table, re.DOTALL)
    assert (len(rows), rows[0], rows[-1]) == (12, "April 2025", "March 2026")
    assert (table.count(">26,000<"), table.count(">27,040<")) == (9, 3)


def test_what_was_paid_can_be_asked_by_kind_and_year(household, as_viewer):
    seen = text_of(page(as_viewer, f"{QUARTER}&by=kind&per=year"))

    assert "Net NT$ 2023 2024 2025 Total" in seen
    assert "Lending rebates" in text_of(page(as_viewer, f"{QUARTER}&by=payer&per=year"))
    assert "Lending Rebate" in seen or "Lending rebate" in seen


def test_a_choice_nobody_offers_counts_as_unsaid(household, as_viewer):
    response = as_viewer.get(
        "/income/?as_of=2025-03-31&by=wealth&per=day&months=all&cut=x&drop=-5&gone=%3Cb%3E", headers=ENGLISH
    )

    assert response.status_code == 200
    assert "<b>" not in re.search(r"<select.*?</select>", response.content.decode(), re.DOTALL)[0]


def test_the_unspent_of_earlier_years_is_used_only_where_the_household_set_it(household, as_viewer, settings):
    assert "Set not to be used" in text_of(page(as_viewer, QUARTER))
    settings.CARRY_FORWARD = True
    seen = text_of(page(as_viewer, QUARTER))

    assert "Set to be used after this year's income." in seen
    assert "Out of earlier years' unspent income 0" in seen


def test_the_replacement_ratio_shows_where_former_income_is_set(household, as_viewer, settings):
    assert "Replacement ratio" not in text_of(page(as_viewer, QUARTER))
    settings.FORMER_INCOME = 1_000_000

    # 362,982 of 1,000,000, and 429,309
    seen = text_of(page(as_viewer, QUARTER))
    assert "Replacement ratio: 36.30 % of what was earned before" in seen
    assert "42.93 % is expected" in seen


def test_tax_that_comes_back_stands_beside_the_forecast(household, as_viewer):
    before = text_of(page(as_viewer, QUARTER))
    held = Instrument.objects.get(symbol="PFF")
    held.refundable_share = "0.6"
    held.save()
    seen = text_of(page(as_viewer, QUARTER))

    # 94.50 × 32.839 + 93.42 × 32.920 = 6,178.67 so far this year, 60 % of it
    assert "Should come back estimate" in seen
    assert "PFF spring 2026 2025 6,179 60 % 0 3,707" in seen
    assert "is 136.24 % of the salary" in seen
    assert "Should come back" not in before


def test_hidden_amounts_are_not_in_what_the_server_sends(household, as_viewer):
    as_viewer.cookies["amounts"] = "hide"

    html = page(as_viewer, QUARTER)

    assert "136.24" in html
    for amount in ("429,309", "84,878", "26,000", "27,040", "9,516", "315,120", "362,982"):
        assert amount not in html, amount


def test_the_stress_test_follows_its_sliders(household, as_viewer):
    found = as_viewer.get("/income/stress/?as_of=2025-03-31&cut=50&drop=0&gone=SHEL", headers=ENGLISH)
    seen = text_of(found.content.decode())

    # 136.24 / 2
    assert "Income −50 % 68.12 this year" in seen
    assert "USD −0 % 136.24 2034" in seen
    assert "Without SHEL" in seen
    assert "<html" not in found.content.decode()


def test_the_sliders_work_as_a_form(household, as_viewer):
    html = page(as_viewer, f"{QUARTER}&cut=50&drop=0&gone=PFF")

    assert '<form class="sliders" method="get" action="/income/#stress"' in html
    assert '<input type="hidden" name="as_of" value="2025-03-31">' in html
    assert 'name="cut" min="0" max="60" value="50"' in html
    assert '<option value="PFF" selected>' in html
    assert "Income −50 % 68.12 this year" in text_of(html)


def test_an_empty_household_is_told_how_to_start(as_owner):
    assert "Open the demo household" in text_of(page(as_owner, "/income/"))


def test_a_household_without_a_salary_is_told_what_is_missing(as_viewer):
    grow(holdings=1, rows=1)

    assert "The salary is missing: an owner enters it under Records" in text_of(page(as_viewer, "/income/"))


def test_the_page_speaks_chinese(household, as_viewer):
    html = as_viewer.get(QUARTER, headers=CHINESE).content.decode()

    assert 'lang="zh-Hant-TW"' in html
    assert "2025年3月31日" in html


def test_the_number_of_queries_does_not_grow_with_the_books(household, as_viewer):
    def queries() -> int:
        cache.clear()
        from portfolio import queries as bridge  # noqa: PLC0415
        from portfolio.views import kept  # noqa: PLC0415

        bridge.forget()
        kept.forget()
        with CaptureQueriesContext(
            connection,
        ) as found:
            as_viewer.get(QUARTER, headers=ENGLISH)
        return len(found)

    queries()
    before = queries()
    grow(holdings=12, rows=60)

    assert queries() == before


# ---- the private calendar


def feed_address(client: Client, **options: str) -> str:
    client.post("/income/calendar/", options, headers=ENGLISH)
    shown = client.get("/income/", headers=ENGLISH).content.decode()
    return re.search(r'<code class="feed-url">http://testserver(.*?)</code>', shown)[1]


def events(response) -> list:
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def test_the_feed_needs_its_token_and_no_login(household, as_viewer):
    address = feed_address(as_viewer)

    found = Client().get(address)

    assert (found.status_code, found["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert (found["Cache-Control"], found["X-Robots-Tag"]) == ("private, no-store", "noindex")
    assert Client().get("/calendar/guessed.ics").status_code == 404
    # only a hash is kept
    assert address.removeprefix("/calendar/").removesuffix(".ics") not in str(CalendarFeed.objects.values())


def test_an_entry_says_who_pays_when_and_how_sure_that_is_but_no_amount(household, as_viewer):
    found = events(Client().get(feed_address(as_viewer)))
    coupon = next(each for each in found if each["SUMMARY"].startswith("UST-4.250-2034-11-15"))
    dividend = next(each for each in found if each["SUMMARY"].startswith("SHEL"))

    assert coupon["SUMMARY"] == "UST-4.250-2034-11-15 Coupon"
    assert (coupon["DTSTART"].dt, coupon["DTEND"].dt) == (dt.date(2025, 11, 15), dt.date(2025, 11, 16))
    assert (coupon["STATUS"], dividend["STATUS"]) == ("CONFIRMED", "TENTATIVE")
    assert len({each["UID"] for each in found}) == len(found)
    assert "NT$" not in str([each["SUMMARY"] for each in found])


def test_amounts_are_in_it_only_where_they_were_asked_for(household, as_viewer):
    found = events(Client().get(feed_address(as_viewer, with_amounts="on")))

    assert all(re.search(r"NT\$ [\d,]+$", each["SUMMARY"]) for each in found)


def test_an_address_is_shown_once_and_ends_when_it_is_taken_back(household, as_viewer):
    address = feed_address(as_viewer)
    assert "feed-url" not in page(as_viewer, "/income/")
    feed = CalendarFeed.objects.get()

    as_viewer.post(f"/income/calendar/{feed.pk}/revoke/")

    assert Client().get(address).status_code == 404
    assert "Take back the address" not in page(as_viewer, "/income/")


def test_nobody_takes_back_anothers_address(household, as_viewer, as_owner):
    address = feed_address(as_viewer)

    assert as_owner.post(f"/income/calendar/{CalendarFeed.objects.get().pk}/revoke/").status_code == 404
    assert Client().get(address).status_code == 200


def test_a_feed_ends_with_its_persons_login_or_role(household, as_viewer, viewer):
    address = feed_address(as_viewer)
    give_role(name=viewer.username, role=Role.SPOUSE)
    assert Client().get(address).status_code == 404
    give_role(name=viewer.username, role=Role.VIEWER)
    User.objects.filter(pk=viewer.pk).update(is_active=False)

    assert Client().get(address).status_code == 404
