"""The tables beside the ledger."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import translation

from portfolio.models import Instrument, Price, PriceSeries, Rate, RateSeries, WithholdingRule
from portfolio.roles import Role, give_role
from tests.entry.household import MONDAY, closed, share


def test_a_price_typed_in_stands_in_the_series_too(as_owner: Client):
    key = share("KO").pk

    sent = {"instrument": key, "date": MONDAY.isoformat(), "close": "66.5", "source": "manual"}
    response = as_owner.post("/admin/portfolio/price/add/", sent)
    assert response.status_code == 302
    price = Price.objects.get()
    assert len(PriceSeries.objects.get(instrument=key).days) == 4

    as_owner.post("/admin/portfolio/price/", {"action": "delete_selected", "_selected_action": [price.pk], "post": "yes"})
    assert not Price.objects.exists()
    assert not PriceSeries.objects.filter(instrument=key).exclude(days=b"").exists()


def test_a_rate_typed_in_stands_in_the_series_too(as_owner: Client):
    Rate.objects.all().delete()

    sent = {"base": "USD", "quote": "TWD", "date": MONDAY.isoformat(), "rate": "30.5", "source": "manual"}
    assert as_owner.post("/admin/portfolio/rate/add/", sent).status_code == 302

    assert len(RateSeries.objects.get(base="USD", quote="TWD").days) == 4


def test_instruments_are_ranked_by_ticker_then_name(as_owner: Client):
    share("T", name="AT&T")
    share("KT", name="Korea Telecom")
    share("TLT", name="Treasuries")

    page = as_owner.get("/admin/portfolio/instrument/", {"q": "t"})

    assert [each.symbol for each in page.context["cl"].queryset] == ["T", "TLT", "KT"]


def test_an_instrument_can_be_entered_with_a_chinese_name(as_owner: Client):
    sent = {"symbol": "2330.TW", "name_zh": "台積電", "type": "STOCK", "currency": "TWD", "track": "MARKET", "price_unit": "1"}

    assert as_owner.post("/admin/portfolio/instrument/add/", sent).status_code == 302
    assert Instrument.objects.get().name_zh == "台積電"


@pytest.mark.parametrize(
    ("table", "sent"),
    [
        ("account", {"name": "New", "currency": "TWD", "commission_discount": "0.6", "commission_minimum": "20"}),
        ("salary", {"amount": "26000", "currency": "TWD", "valid_from": "2025-01-01", "planned_raise": "0.04"}),
        ("tracktarget", {"track": "MARKET", "weight": "0.6"}),
        ("withholdingrule", {"country": "FR", "rate": "0.25", "valid_from": "2025-01-01"}),
        (
            "premiumrule",
            {
                "country": "TW",
                "currency": "TWD",
                "rate": "0.0211",
                "threshold": "20000",
                "cap": "10000000",
                "par": "10",
                "valid_from": "2030-01-01",
            },
        ),
    ],
)
def test_a_row_of_the_household_can_be_entered_and_its_list_read(as_owner: Client, table: str, sent: dict[str, str]):
    address = f"/admin/portfolio/{table}/"

    response = as_owner.post(f"{address}add/", sent)
    assert response.status_code == 302, response.context["adminform"].form.errors

    assert as_owner.get(address).status_code == 200


def test_a_share_beyond_one_is_refused_by_the_tables_own_rule(as_owner: Client):
    page = as_owner.post("/admin/portfolio/withholdingrule/add/", {"country": "FR", "rate": "25", "valid_from": "2025-01-01"})

    assert page.status_code == 200
    assert not WithholdingRule.objects.filter(country="FR").exists()


def test_an_owner_makes_a_person_and_gives_the_role(as_owner: Client):
    sent = {"username": "spouse", "password1": "moonlight-42-x", "password2": "moonlight-42-x", "usable_password": "true"}

    assert as_owner.post("/admin/auth/user/add/", sent).status_code == 302
    person = User.objects.get(username="spouse")
    assert not person.is_staff
    role = Group.objects.get(name="viewer")
    change = {"username": "spouse", "is_active": "on", "groups": [role.pk]}
    assert as_owner.post(f"/admin/auth/user/{person.pk}/change/", change).status_code == 302
    assert set(person.groups.all()) == {role}


def test_access_follows_the_role(as_owner: Client):
    person, _password = give_role(name="second", role=Role.OWNER)
    address = f"/admin/auth/user/{person.pk}/change/"

    as_owner.post(address, {"username": "second", "is_active": "on", "groups": [Group.objects.get(name="viewer").pk]})

    person.refresh_from_db()
    assert not person.is_staff


def test_the_last_owner_keeps_the_role(as_owner: Client, owner: User):
    address = f"/admin/auth/user/{owner.pk}/change/"
    as_viewer = {"username": "owner", "is_active": "on", "groups": [Group.objects.get(name="viewer").pk]}

    page = as_owner.post(address, as_viewer)
    assert "only owner" in str(page.context["adminform"].form.errors["groups"])
    assert as_owner.get(f"/admin/auth/user/{owner.pk}/delete/").status_code == 403

    give_role(name="second", role=Role.OWNER)
    assert as_owner.post(address, as_viewer).status_code == 302


def test_the_pages_open_in_both_languages(as_owner: Client):
    closed("KO", "60", dt.date(2025, 1, 2))
    for code in ("zh-hant", "en"):
        as_owner.cookies["django_language"] = code
        with translation.override(code):
            for address in ("portfolio/transaction/", "portfolio/transaction/add/", "portfolio/price/", "auth/user/"):
                assert as_owner.get(f"/admin/{address}").status_code == 200


def test_shares_are_shown_as_percentages(as_owner: Client):
    share("KO", withholding_rate=Decimal("0.15315"))

    assert "15.315\N{NO-BREAK SPACE}%" in as_owner.get("/admin/portfolio/instrument/").content.decode()


def test_a_decimal_is_edited_without_the_zeros_of_its_column(as_owner: Client):
    stored = share("KO", withholding_rate=Decimal("0.3"))
    stored.refresh_from_db()

    page = as_owner.get(f"/admin/portfolio/instrument/{stored.pk}/change/")

    assert page.context["adminform"].form["withholding_rate"].value() == "0.3"
