"""Trades are entered in seconds, by keyboard, with their effect in sight."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, expect

from portfolio.models import Transaction
from tests.entry.household import MONDAY, account, bought, closed, dollar_rate, row, share, taiwanese_account

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # the browser plugin still defines its fixtures the old way
    pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"),
]

FORM = "/admin/portfolio/transaction/add/"
# the theme's own menus and icons are its makers' business; the form is ours
OURS = ".entry"


@pytest.fixture
def form(page: Page, live_server: Any, settings: Any) -> Iterator[Page]:
    """The entry form, opened by an owner whose household holds 120 PFF and 20,000 dollars; no script may fail."""
    settings.LOGIN_URL = "/login/"
    owner = User.objects.create_user("owner", password="a long enough one", is_staff=True)
    owner.groups.add(Group.objects.get_or_create(name="owner")[0])
    row("DEPOSIT", amount="20000")
    share("PFF", name="iShares Preferred")
    bought("120", "PFF", amount="3600", price="30")
    share("PFE", name="Pfizer")
    closed("PFF", "31.62")
    dollar_rate()
    client = Client()
    client.force_login(owner)
    page.context.add_cookies(
        [
            {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url},
            {"name": "django_language", "value": "en", "url": live_server.url},
        ]
    )
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    page.goto(f"{live_server.url}{FORM}")
    yield page
    assert complaints == []


def is_complaint(message: ConsoleMessage) -> bool:
    # the browser asks for an icon that the admin has none of
    return message.type == "error" and "favicon" not in message.location.get("url", "")


def test_a_trade_is_entered_by_keyboard_alone(form: Page):
    keys = form.keyboard
    expect(form.locator("#id_kind")).to_be_focused()
    keys.press("b")
    form.locator("#id_date").fill(MONDAY.isoformat())
    form.locator("#id_account").focus()
    keys.type("Bro")
    keys.press("Tab")
    keys.type("pf")
    expect(form.locator("#instrument-suggestions li")).to_have_count(2)
    expect(form.locator("#instrument-suggestions")).to_contain_text("held 120")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(form.locator("#id_instrument")).to_have_value("PFF")
    keys.press("Tab")
    keys.type("150+50")
    keys.press("Tab")
    keys.type("31.62")
    keys.press("Tab")

    expect(form.locator("#id_quantity")).to_have_value("200")
    expect(form.locator("#id_amount")).to_have_value("6324.00")
    expect(form.locator(".entry-changes")).to_contain_text("16,400.00 → 10,076.00")
    expect(form.locator(".entry-changes")).to_contain_text("120 → 320")
    keys.press("Control+Enter")

    # the next row starts on the same day in the same account, at the instrument
    form.wait_for_url("**/add/?date=*")
    expect(form.locator("#id_instrument")).to_be_focused()
    expect(form.locator("#id_date")).to_have_value(MONDAY.isoformat())
    stored = Transaction.objects.order_by("-pk").first()
    assert (stored.kind, stored.instrument.symbol, stored.quantity, stored.amount) == ("BUY", "PFF", 200, 6324)
    form.goto(form.url.split("add/")[0])
    expect(form.locator("#result_list")).to_contain_text("−6,324.00 USD")


def fill(form: Page, **typed: str) -> None:
    for name, value in typed.items():
        field = form.locator(f"#id_{name}")
        if name in {"kind", "account"}:
            field.select_option(value)
        else:
            field.fill(value)
            field.blur()


def test_a_slip_is_named_while_typing_and_mended_with_one_click(form: Page):
    fill(form, kind="SELL", date=MONDAY.isoformat(), account=str(account().pk), instrument="PFF", quantity="130", price="31")

    issue = form.locator(".entry-issues li")
    expect(issue).to_contain_text("Only 120 PFF in Broker")
    issue.get_by_role("button", name="Change to 120").click()

    expect(form.locator("#id_quantity")).to_have_value("120")
    expect(issue).to_have_count(0)
    expect(form.locator(".entry-changes")).to_contain_text("120 → 0")


def test_saving_what_is_unlikely_takes_a_second_save(form: Page):
    fill(form, kind="BUY", date=MONDAY.isoformat(), account=str(account().pk), instrument="PFF", quantity="10", price="3.162")
    form.get_by_role("button", name="Save", exact=True).click()

    expect(form.locator("[data-field=price] .errorlist")).to_contain_text("90 % below the close of 31.62")
    box = form.get_by_label("It is right as it stands.")
    expect(box).to_be_focused()
    box.check()
    form.get_by_role("button", name="Save", exact=True).click()

    form.wait_for_url("**/transaction/")
    assert Transaction.objects.filter(price="3.162").count() == 1


def test_the_usual_charges_follow_the_figures_until_they_are_typed(form: Page):
    home = taiwanese_account()
    share("2330.TW", currency="TWD", issuer_country="TW")
    bought("2000", "2330.TW", account=home, currency="TWD", amount="1000000", price="500")
    form.reload()
    fill(form, kind="SELL", date=MONDAY.isoformat(), account=str(home.pk), instrument="2330.TW", quantity="1000", price="600")

    # 600,000 x 0.1425 % x 0.6 and 0.3 %
    expect(form.locator("#id_fee")).to_have_value("513")
    expect(form.locator("#id_tax")).to_have_value("1800")
    fill(form, fee="400", quantity="2000")
    expect(form.locator("#id_tax")).to_have_value("3600")
    expect(form.locator("#id_fee")).to_have_value("400")
    expect(form.locator("#id_amount")).to_have_value("1200000")


def test_only_the_fields_of_the_kind_are_shown_and_sent(form: Page):
    fill(form, kind="BUY", date=MONDAY.isoformat(), account=str(account().pk), instrument="PFF", quantity="10", price="31")
    expect(form.locator("#id_to_amount")).to_be_hidden()

    fill(form, kind="FX", amount="100", currency="USD", to_amount="3000", to_currency="twd")
    expect(form.locator("#id_quantity")).to_be_hidden()
    expect(form.locator(".entry-changes")).to_contain_text("0 → 3,000")
    form.get_by_role("button", name="Save", exact=True).click()

    form.wait_for_url("**/transaction/")
    stored = Transaction.objects.get(kind="FX")
    assert (stored.quantity, stored.instrument, stored.to_currency, stored.to_amount) == (None, None, "TWD", 3000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_the_form_is_readable_by_everybody(form: Page, scheme: str, language: str):
    form.emulate_media(color_scheme=scheme)
    form.context.add_cookies([{"name": "django_language", "value": language, "url": form.url}])
    form.set_viewport_size({"width": 390, "height": 844})
    form.reload()
    fill(form, kind="SELL", date=MONDAY.isoformat(), account=str(account().pk), quantity="130", price="3")
    form.locator("#id_instrument").fill("pf")
    expect(form.locator("#instrument-suggestions li")).to_have_count(2)
    assert_accessible(form)
    form.keyboard.press("Enter")
    expect(form.locator(".entry-issues li")).not_to_have_count(0)
    assert_accessible(form)

    assert form.evaluate("document.documentElement.scrollWidth") == 390


def assert_accessible(page: Page) -> None:
    found = Axe().run(page, context=OURS)
    assert found.violations_count == 0, found.generate_report()
