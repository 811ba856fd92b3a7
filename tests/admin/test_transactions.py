"""Entering, copying, finding and deleting rows of the ledger."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portfolio.models import LedgerImport, LedgerStamp, Transaction
from tests.entry.household import MONDAY, account, bought, closed, row, share

ADD = "/admin/portfolio/transaction/add/"
LIST = "/admin/portfolio/transaction/"
EARLIER = MONDAY - dt.timedelta(days=10)


def typed(kind: str = "BUY", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "date": MONDAY.isoformat(), "account": account().pk, **more}


def test_a_trade_is_entered_with_three_figures(as_owner: Client):
    share("KO")
    before = LedgerStamp.current()

    response = as_owner.post(ADD, typed(instrument="KO", quantity="200", price="60"))

    assert response.status_code == 302
    stored = Transaction.objects.get()
    assert (stored.amount, stored.currency, stored.fee) == (12000, "USD", 0)
    assert LedgerStamp.current() > before


def test_saving_and_going_on_keeps_date_account_kind_and_currency(as_owner: Client):
    share("KO")

    response = as_owner.post(ADD, typed(instrument="KO", quantity="200", price="60", _addanother="1"))
    page = as_owner.get(response["Location"])

    form = page.context["adminform"].form
    assert form["date"].value() == MONDAY.isoformat()
    assert int(form["account"].value()) == account().pk
    assert (form["kind"].value(), form["currency"].value()) == ("BUY", "USD")
    assert not form["quantity"].value()


def test_a_refusal_stands_beside_its_field_and_saves_nothing(as_owner: Client):
    share("KO")

    page = as_owner.post(ADD, typed("SELL", instrument="KO", quantity="5", price="60"))

    assert page.status_code == 200
    assert "0 KO in Broker" in str(page.context["adminform"].form.errors["quantity"])
    assert not Transaction.objects.exists()


def test_a_question_is_asked_once(as_owner: Client):
    closed("KO", "60")
    row_typed = typed(instrument="KO", quantity="5", price="6")

    page = as_owner.post(ADD, row_typed)
    assert not Transaction.objects.exists()
    form = page.context["adminform"].form
    assert form.confirm_codes
    assert f'value="{form.confirm_codes}"' in page.content.decode()

    as_owner.post(ADD, {**row_typed, "confirm": form.confirm_codes})
    assert Transaction.objects.get().price == 6


def test_a_copy_starts_from_the_row_and_leaves_out_its_id(as_owner: Client):
    original = bought("200", external_id="A1", note="first", fee="5", amount="12000")

    page = as_owner.get(f"{LIST}{original.pk}/duplicate/", follow=True)

    form = page.context["adminform"].form
    assert page.redirect_chain[0][0] == f"{ADD}?duplicate={original.pk}"
    assert [form[name].value() for name in ("instrument", "quantity", "price", "note")] == ["KO", "200", "60", "first"]
    # the fee is not what the account usually charges, so it is kept
    assert form["fee"].value() == "5"
    assert form["external_id"].value() in {None, ""}
    assert form["computed"].value() == "amount"


def test_the_last_row_entered_can_be_repeated_whatever_its_date(as_owner: Client):
    bought("200")
    bought("7", date=EARLIER)

    page = as_owner.get(f"{LIST}duplicate-last/", follow=True)

    assert page.context["adminform"].form["quantity"].value() == "7"


def test_a_copy_of_nothing_is_an_empty_form(as_owner: Client):
    assert as_owner.get(ADD, {"duplicate": "last"}).status_code == 200
    assert as_owner.get(ADD, {"duplicate": "999"}).status_code == 200
    assert as_owner.get(ADD, {"duplicate": "x"}).status_code == 200


def test_changing_a_row_keeps_its_charges(as_owner: Client):
    stored = bought("200", fee="5", amount="12000")
    form = as_owner.get(f"{LIST}{stored.pk}/change/").context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields}

    response = as_owner.post(f"{LIST}{stored.pk}/change/", {**sent, "note": "checked"})

    assert response.status_code == 302
    stored.refresh_from_db()
    assert (stored.note, stored.fee, stored.amount) == ("checked", 5, 12000)


def test_a_purchase_that_was_sold_again_cannot_be_deleted(as_owner: Client):
    purchase = bought("100", date=EARLIER)
    sale = row("SELL", instrument=share(), quantity="80", price="60")

    page = as_owner.get(f"{LIST}{purchase.pk}/delete/")
    assert "80 KO" in page.content.decode()
    as_owner.post(f"{LIST}{purchase.pk}/delete/", {"post": "yes"})
    selected = {"action": "delete_selected", "_selected_action": [purchase.pk], "post": "yes"}
    as_owner.post(LIST, selected)
    assert Transaction.objects.count() == 2

    # with the sale gone as well, nothing is missing
    as_owner.post(LIST, {**selected, "_selected_action": [purchase.pk, sale.pk]})
    assert not Transaction.objects.exists()


def test_the_list_takes_the_same_number_of_queries_for_many_rows(as_owner: Client, django_assert_max_num_queries):
    def fill(count: int) -> None:
        for number in range(count):
            bought("1", f"S{number}", account=account(f"Broker {number % 3}"))

    fill(2)
    as_owner.get(LIST)
    with django_assert_max_num_queries(14) as few:
        as_owner.get(LIST)
    fill(30)
    with django_assert_max_num_queries(len(few)):
        page = as_owner.get(LIST)
    assert page.status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "KO"}, {"purchase"}),
        ({"q": "可口"}, {"purchase"}),
        ({"q": "rent"}, {"deposit"}),
        ({"kind": "BUY"}, {"purchase"}),
        ({"kind__exact": "DEPOSIT"}, {"deposit"}),
        ({"year": "2024"}, {"deposit"}),
        ({"year": "nonsense"}, {"purchase", "deposit"}),
        ({"date__year": "2025"}, {"purchase"}),
    ],
)
def test_rows_are_found_by_name_note_kind_and_year(as_owner: Client, query: dict[str, str], found: set[str]):
    share("KO", name_zh="可口可樂")
    bought("1", note="purchase")
    row("DEPOSIT", dt.date(2024, 5, 6), amount="5", note="deposit for the rent")

    page = as_owner.get(LIST, query)

    assert {each.note.split()[0] for each in page.context["cl"].result_list} == found


def test_the_list_shows_what_came_and_what_went(as_owner: Client):
    bought("100", amount="6000", fee="5")
    row("DIVIDEND", instrument=share(), amount="100", tax="30")

    shown = as_owner.get(LIST).content.decode()

    assert "−6,005.00 USD" in shown
    assert "+70.00 USD" in shown


def test_the_history_says_who_changed_what(as_owner: Client):
    share("KO")
    as_owner.post(ADD, typed(instrument="KO", quantity="200", price="60"))
    stored = Transaction.objects.get()
    sent = typed(instrument="KO", quantity="210", price="60", note="corrected")
    as_owner.post(f"{LIST}{stored.pk}/change/", sent)

    page = as_owner.get(f"{LIST}{stored.pk}/history/")

    assert [(record.history_type, record.history_user.username) for record in stored.history.all()] == [
        ("~", "owner"),
        ("+", "owner"),
    ]
    assert "corrected" in page.content.decode()
    older = stored.history.last()
    assert as_owner.get(f"{LIST}{stored.pk}/history/{older.history_id}/").status_code == 200


def test_an_import_lists_its_rows_and_can_only_be_read(as_owner: Client):
    source = LedgerImport.objects.create(file_name="broker.csv", format="ledger", sha256="0", written=1)
    bought("123", source=source)
    address = f"/admin/portfolio/ledgerimport/{source.pk}/change/"

    assert "123" in as_owner.get(address).content.decode()
    assert as_owner.post(address, {"file_name": "other"}).status_code == 403
    assert as_owner.get("/admin/portfolio/ledgerimport/add/").status_code == 403
    assert as_owner.get(f"/admin/portfolio/ledgerimport/{source.pk}/delete/").status_code == 403


def test_the_live_line_says_what_saving_does(as_owner: Client):
    row("DEPOSIT", amount="20000")
    bought("100", amount="6000")

    effect = as_owner.get(reverse("entry-effect"), typed("SELL", instrument="KO", quantity="40", price="60")).json()

    assert effect["values"]["amount"] == "2400.00"
    assert effect["computed"] == ["accrued_interest", "amount", "currency", "fee", "tax"]
    assert [(line["label"], line["before"], line["after"]) for line in effect["changes"]] == [
        ("Cash USD", "14,000.00", "16,400.00"),
        ("KO", "100", "60"),
    ]
    assert effect["issues"] == []


def test_the_live_line_names_the_slip_and_its_remedy(as_owner: Client):
    bought("100", amount="6000")

    effect = as_owner.get(reverse("entry-effect"), typed("SELL", instrument="KO", quantity="130", price="6x")).json()
    assert "6x" in effect["errors"]["price"]

    effect = as_owner.get(reverse("entry-effect"), typed("SELL", instrument="KO", quantity="130", price="60")).json()
    assert [(issue["field"], issue["fix"]) for issue in effect["issues"]] == [("quantity", "100")]
    assert effect["changes"] == []


def test_the_live_line_is_silent_about_what_is_not_typed_yet(as_owner: Client):
    effect = as_owner.get(reverse("entry-effect"), {"kind": "BUY", "date": MONDAY.isoformat()}).json()
    assert (effect["issues"], effect["errors"]) == ([], {})

    assert as_owner.get(reverse("entry-effect")).json()["changes"] == []


def test_a_row_that_is_being_changed_is_compared_with_the_day_without_it(as_owner: Client):
    row("DEPOSIT", amount="20000")
    stored = bought("100", amount="6000")

    effect = as_owner.get(reverse("entry-effect"), typed(instrument="KO", quantity="50", price="60", pk=stored.pk)).json()

    assert [(line["before"], line["after"]) for line in effect["changes"]] == [("20,000.00", "17,000.00"), ("0", "50")]


def test_the_live_line_asks_the_database_as_often_for_many_rows(as_owner: Client, django_assert_max_num_queries):
    query = typed(instrument="KO", quantity="1", price="60")
    bought("10")
    with django_assert_max_num_queries(20) as few:
        as_owner.get(reverse("entry-effect"), query)
    for number in range(40):
        bought("1", date=MONDAY - dt.timedelta(days=number))
    with django_assert_max_num_queries(len(few)):
        as_owner.get(reverse("entry-effect"), query)


def test_the_type_ahead_offers_the_exact_ticker_first_with_the_units_held(as_owner: Client):
    share("T", name="AT&T")
    bought("70", "TLT", note="bond fund")
    share("KT", name="Korea Telecom")

    offered = as_owner.get(reverse("entry-instruments"), {"q": "t", "account": account().pk}).json()["results"]

    assert [(each["symbol"], each["held"]) for each in offered] == [
        ("T", "not held"),
        ("TLT", "held 70"),
        ("KT", "not held"),
    ]


def test_the_type_ahead_starts_with_what_was_traded_last(as_owner: Client):
    bought("1", "OLD", EARLIER)
    bought("1", "NEW")
    share("NEVER")

    offered = as_owner.get(reverse("entry-instruments"), {"account": account().pk}).json()["results"]

    assert [each["symbol"] for each in offered] == ["NEW", "OLD"]
