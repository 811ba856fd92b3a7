"""The spouse's page: this month's pay and whether income pays it; and the login that sees nothing else."""

import re

import pytest
from django.core.management import call_command
from django.test import Client

from portfolio.models import Salary
from portfolio.roles import Role, give_role, sees_only_the_salary
from tests.views.household import CHINESE, ENGLISH, row, share
from tests.views.test_dashboard import page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def household() -> None:
    call_command("demo", verbosity=0)


@pytest.fixture
def as_spouse(db: None) -> Client:
    client = Client()
    client.force_login(give_role(name="spouse", role=Role.SPOUSE)[0])
    return client


def test_the_page_answers_at_a_glance(household, as_spouse):
    seen = text_of(page(as_spouse, "/salary/?as_of=2025-03-31"))

    assert "The salary of March" in seen
    assert "26,000 Paid on 5 March (Wed)" in seen
    # 312,000 × 1.04^8 is paid in 2033, × 1.04^9 is not in 2034
    assert "It does. Until 2033, the income pays all of it." in seen
    assert "This year included, that is 9 years" in seen
    assert "From January 2026 it is 27,040 a month." in seen


def test_ten_cells_are_filled_as_far_as_income_reaches(household, as_spouse):
    html = page(as_spouse, "/salary/?as_of=2025-03-31")

    assert (html.count('<i class="on">'), html.count("<i>")) == (9, 1)
    assert "2025 to 2034: income pays the first 9 of ten years." in html


def test_the_next_three_fall_on_days_on_which_banks_are_open(household, as_spouse):
    seen = text_of(page(as_spouse, "/salary/?as_of=2025-09-30"))

    # 5 October 2025 is a Sunday, the 6th the Mid-Autumn Festival
    assert "The next three 7 October Tue 26,000 5 November Wed 26,000 5 December Fri 26,000" in seen


def test_books_that_nobody_keeps_any_more_are_shown_as_of_their_last_row(household, as_spouse):
    seen = text_of(page(as_spouse, "/salary/"))

    assert "The salary of September" in seen
    assert "As of 26 September 2025." in seen


def test_what_income_does_not_pay_is_said_plainly(household, as_spouse):
    Salary.objects.filter(valid_from="2025-01-01").update(amount=62_400)
    Salary.objects.get(valid_from="2025-01-01").save()

    seen = text_of(page(as_spouse, "/salary/?as_of=2025-03-31"))

    # 429,309 over 9 × 62,400 + 3 × 64,896
    assert "It does. Income pays 57 % of it. " in seen
    assert "The rest comes from savings." in seen


def test_no_holding_and_no_wealth_is_on_the_page(household, as_spouse):
    html = page(as_spouse, "/salary/?as_of=2025-03-31")

    for word in ("SHEL", "PFF", "QQQ", "0050", "UST-", "429,309", "84,878", "/holdings/"):
        assert word not in html, word
    # all amounts are the salary's: of a month, of next year's month, of the months paid
    assert set(re.findall(r"\d{1,3}(?:,\d{3})+", text_of(html))) == {"26,000", "27,040", "25,000", "78,000"} - {"25,000"}


def test_hidden_amounts_hide_the_salary_too(household, as_spouse):
    as_spouse.cookies["amounts"] = "hide"

    assert "26,000" not in page(as_spouse, "/salary/?as_of=2025-03-31")


def test_a_household_without_a_salary_is_told_what_is_missing(as_spouse):
    row("2024-12-02", "DEPOSIT", amount=100)
    share("AAA")

    assert "The salary is missing" in text_of(page(as_spouse, "/salary/"))


def test_the_page_is_there_for_empty_books_and_in_chinese(as_spouse):
    assert as_spouse.get("/salary/", headers=CHINESE).status_code == 200


@pytest.mark.parametrize("address", ["/", "/income/", "/review/2025-q1/", "/ledger/", "/holdings/QQQ/", "/admin/"])
def test_the_spouses_login_is_led_from_every_other_page_to_its_own(household, as_spouse, address: str):
    response = as_spouse.get(address, headers=ENGLISH)

    assert (response.status_code, response["Location"]) == (302, "/salary/")


@pytest.mark.parametrize(
    ("method", "address"),
    [("get", "/api/income/"), ("get", "/api/review/2025-q1/"), ("post", "/income/calendar/"), ("post", "/entry/effect/")],
)
def test_data_and_forms_are_refused_to_it(household, as_spouse, method: str, address: str):
    response = getattr(as_spouse, method)(address)

    assert response.status_code == 403
    assert "QQQ" not in response.content.decode()


def test_its_page_has_no_links_to_what_it_may_not_see(household, as_spouse, as_viewer):
    # the switches stay
    assert 'href="/ledger/"' not in page(as_spouse, "/salary/")
    assert 'formaction="/logout/"' in page(as_spouse, "/salary/")
    assert 'href="/ledger/"' in page(as_viewer, "/salary/")


def test_an_owner_or_viewer_who_is_the_spouse_too_sees_everything(owner, viewer):
    spouse = give_role(name="spouse", role=Role.SPOUSE)[0]
    viewer.groups.add(*spouse.groups.all())
    owner.groups.add(*spouse.groups.all())

    assert sees_only_the_salary(spouse)
    assert not sees_only_the_salary(viewer)
    assert not sees_only_the_salary(owner)
