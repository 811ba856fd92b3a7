import json
import re

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.views.household import ENGLISH, close, grow, one_share, row, share
from tests.views.test_dashboard import page, text_of

pytestmark = pytest.mark.django_db


def marks_of(html: str) -> list[tuple[str, bool]]:
    data = json.loads(re.search(r'<script id="line-data" type="application/json">(.*?)</script>', html, re.DOTALL)[1])
    return [(data["days"][mark["place"]], mark["isPurchase"]) for mark in data["marks"]]


def test_a_holding_shows_value_price_weight_and_gain(as_viewer):
    one_share()

    seen = text_of(page(as_viewer, "/holdings/AAA/"))

    # 100 × 600 of 110,000; bought for 50,000
    assert "NT$ 60,000" in seen
    assert "600.00 2 January 2025" in seen
    assert "54.55 %" in seen
    assert "Held since 3 December 2024; in all it has brought NT$ +10,000." in seen


def test_the_gain_is_written_out_in_its_parts(as_viewer):
    held = one_share()
    row("2025-01-02", "DIVIDEND", instrument=held, amount=300, tax=90)

    seen = text_of(page(as_viewer, "/holdings/AAA/"))

    # price 10,000; income 300 less 90 of tax
    assert "Price, in the reporting currency +10,000" in seen
    assert "Income less taxes and charges +210" in seen
    assert "Together +10,210" in seen


def test_lots_stand_as_first_in_first_out_left_them(as_viewer):
    held = one_share()
    row("2024-12-10", "BUY", instrument=held, quantity=50, price=520)
    row("2025-01-02", "SELL", instrument=held, quantity=120, price=600)

    seen = text_of(page(as_viewer, "/holdings/AAA/"))

    # the 100 of the 3rd are gone, 20 of the 50 too: 30 × 520 = 15,600 are worth 18,000
    assert "10 December 2024 Bank 30 15,600 18,000 +2,400 +15.38" in seen
    # 120 × 600 - (100 × 500 + 20 × 520)
    assert "72,000 +11,600" in seen


def test_own_trades_are_marked_on_the_line(as_viewer):
    held = one_share()
    row("2025-01-02", "SELL", instrument=held, quantity=10, price=600)

    html = page(as_viewer, "/holdings/AAA/")

    assert marks_of(html) == [("2024-12-03", True), ("2025-01-02", False)]
    assert 'class="mark-bought"' in html
    assert 'class="mark-sold"' in html


def test_a_trade_on_a_day_without_a_close_stands_on_the_close_before(as_viewer):
    held = one_share()
    row("2025-01-01", "BUY", instrument=held, quantity=1, price=500)

    assert marks_of(page(as_viewer, "/holdings/AAA/"))[-1] == ("2024-12-31", True)


def test_hidden_amounts_hide_units_too_because_the_price_stays(as_viewer):
    held = one_share()
    row("2025-01-02", "SELL", instrument=held, quantity=37, price=600)
    as_viewer.cookies["amounts"] = "hide"

    html = page(as_viewer, "/holdings/AAA/")

    # 63 units left, 37 sold for 22,200; 37,800 left
    for told in ("22,200", "37,800", ">37<", ">63<", "37 ×"):
        assert told not in html
    assert "&lt;span" not in html
    assert "600.00" in html


def test_notes_are_shown_and_never_read_as_markup(as_viewer):
    held = one_share()
    held.notes = "Bought for the dividend.\n\n<script>alert(1)</script>"
    held.save()

    html = page(as_viewer, "/holdings/AAA/")

    assert "<p>Bought for the dividend.</p>" in html
    assert "<script>alert" not in html


def test_an_unknown_symbol_is_not_found_and_says_what_it_could_be(as_viewer):
    one_share()

    response = as_viewer.get("/holdings/aaa.TW/", headers=ENGLISH)

    assert response.status_code == 404
    seen = response.content.decode()
    assert "Did you mean one of these?" in seen
    assert 'href="/holdings/AAA/"' in seen


def test_an_unknown_symbol_is_written_back_without_its_markup(as_viewer):
    response = as_viewer.get("/holdings/%3Cb%3Ex/", headers=ENGLISH)

    assert response.status_code == 404
    assert "<b>x" not in response.content.decode()


def test_an_instrument_that_was_never_held_has_a_page(as_viewer):
    one_share()
    share("NEW")

    assert "The household has never held it." in text_of(page(as_viewer, "/holdings/NEW/"))


def test_an_instrument_in_an_empty_ledger_has_a_page(as_viewer):
    share("NEW")

    assert "The household has never held it." in text_of(page(as_viewer, "/holdings/NEW/"))


def test_what_was_sold_says_so(as_viewer):
    held = one_share()
    row("2025-01-02", "SELL", instrument=held, quantity=100, price=600)

    assert "Nothing of it is held any more. In all it brought NT$ +10,000." in text_of(page(as_viewer, "/holdings/AAA/"))


def test_a_single_close_is_no_line(as_viewer):
    held = share("ONE")
    row("2024-12-02", "BUY", instrument=held, quantity=1, price=500)
    close(held, "2024-12-02", "500")

    html = page(as_viewer, "/holdings/ONE/")

    assert "There are too few closes to draw a line." in html
    assert "line-data" not in html


def test_only_an_owner_is_led_to_the_instruments_form(as_owner, as_viewer):
    held = one_share()
    form = f"/admin/portfolio/instrument/{held.pk}/change/"

    assert form in page(as_owner, "/holdings/AAA/")
    assert "/admin/" not in page(as_viewer, "/holdings/AAA/")


def test_the_page_asks_the_database_the_same_whatever_the_ledgers_length(as_viewer):
    held = one_share()
    counts = []
    for more in (0, 9):
        grow(holdings=more, rows=more * 10)
        for day in range(more):
            row(f"2024-12-1{day}", "BUY", instrument=held, quantity=1, price=500)
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            page(as_viewer, "/holdings/AAA/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("symbol", ["UST-4.500-2031-12-31", "0050.TW", "KO"])
def test_holdings_of_the_demo_household_have_a_page(as_viewer, symbol):
    call_command("demo")

    html = page(as_viewer, f"/holdings/{symbol}/")

    assert "Income so far" in html
    assert "Next 12 months" in html


def test_a_bonds_value_says_what_of_it_is_accrued_interest(as_viewer):
    call_command("demo")

    assert "of accrued interest, the gain does not" in text_of(page(as_viewer, "/holdings/UST-4.500-2031-12-31/"))
