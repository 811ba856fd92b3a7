import datetime as dt
import json
import re
from html import unescape

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portfolio.models import Distribution, Salary
from tests.views.household import CHINESE, ENGLISH, close, grow, one_share, row, share

pytestmark = pytest.mark.django_db


def page(client: Client, address: str = "/", headers: dict[str, str] = ENGLISH) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def text_of(html: str) -> str:
    """Return what a reader sees, without markup and with plain blanks."""
    bare = re.sub(r"<script.*?</script>|<[^>]+>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(bare))


def chart_data(html: str) -> dict:
    return json.loads(re.search(r'<script id="line-data" type="application/json">(.*?)</script>', html, re.DOTALL)[1])


def symbols_of(html: str) -> list[str]:
    table = html[html.index('<table class="cards hold">') :]
    return re.findall(r'<td class="title"><a class="sym"[^>]*>([^<]+)</a>', table)


def test_a_stranger_is_sent_to_the_login(client):
    response = client.get("/")

    assert response.status_code == 302
    assert response["Location"].startswith("/login/")


def test_an_empty_ledger_says_how_to_start(as_owner):
    seen = text_of(page(as_owner))

    assert "manage.py demo" in seen
    assert "import_ledger" in seen
    assert 'href="/admin/portfolio/transaction/add/"' in page(as_owner)


def test_the_first_row_tells_wealth_the_day_the_year_and_the_return(as_viewer):
    one_share()

    seen = text_of(page(as_viewer))

    # 110,000 after 100,000 at year-end, no flows: 10,000 gained, + 10 %
    assert "Close of 2 January 2025" in seen
    assert "110,000" in seen
    assert "+10,000" in seen
    assert "+10.00" in seen


def test_a_deposit_changes_wealth_but_is_no_gain(as_viewer):
    one_share()
    row("2025-01-02", "DEPOSIT", amount=5_000)

    seen = text_of(page(as_viewer))

    # 115,000 - 100,000 = 15,000 more wealth, of which 10,000 were earned
    assert "wealth +15,000" in seen
    assert "This year's gain +10,000" in seen


def test_the_page_can_be_asked_for_an_earlier_day(as_viewer):
    one_share()

    seen = text_of(page(as_viewer, "/?as_of=2024-12-31"))

    assert "Close of 31 December 2024" in seen
    assert "100,000" in seen


def test_a_day_after_the_last_close_shows_the_last_close_and_one_before_the_first_row_the_first(as_viewer):
    one_share()

    assert "Close of 2 January 2025" in text_of(page(as_viewer, "/?as_of=2025-06-30"))
    assert "Close of 2 December 2024" in text_of(page(as_viewer, "/?as_of=2020-01-01"))


def test_a_date_no_calendar_has_is_not_found(as_viewer):
    one_share()

    assert as_viewer.get("/?as_of=2025-02-30").status_code == 404


def test_whether_the_income_pays_the_salary_stands_in_the_first_sentence(as_viewer):
    held = one_share()
    Salary.objects.create(amount=1_000, currency="TWD", valid_from="2024-01-01", planned_raise=0)
    for date in ("2024-12-10", "2024-12-20"):
        row(date, "DIVIDEND", instrument=held, amount=50)

    seen = text_of(page(as_viewer))

    # whatever is forecast for 100 units, it is far from 12,000
    assert "of the salary; the rest would come from principal" in seen


def test_holdings_are_sorted_as_asked_without_a_script(as_viewer):
    one_share()
    small = share("BBB")
    row("2024-12-03", "BUY", instrument=small, quantity=10, price=100)
    close(small, "2024-12-31", "100")
    close(small, "2025-01-02", "400")

    # AAA is worth 60,000 and gained 10,000; BBB 4,000 and 3,000
    assert symbols_of(page(as_viewer)) == ["AAA", "BBB"]
    assert symbols_of(page(as_viewer, "/?sort=value")) == ["BBB", "AAA"]
    assert symbols_of(page(as_viewer, "/?sort=-symbol")) == ["BBB", "AAA"]
    assert symbols_of(page(as_viewer, "/?sort=nonsense")) == ["AAA", "BBB"]


def test_a_holding_whose_figure_is_unknown_stands_last_either_way(as_viewer):
    one_share()
    payer = share("BBB")
    row("2024-12-03", "BUY", instrument=payer, quantity=10, price=100)
    close(payer, "2025-01-02", "100")
    Distribution.objects.create(instrument=payer, ex_date=dt.date(2024, 12, 20), amount=3)

    # nothing is known of what AAA pays
    for order in ("-yield", "yield"):
        assert symbols_of(page(as_viewer, f"/?sort={order}")) == ["BBB", "AAA"]


def test_the_sorted_column_is_announced_and_its_link_turns_it_around(as_viewer):
    one_share()

    html = page(as_viewer, "/?range=1y&sort=-gain")

    assert re.search(r'aria-sort="descending"[^>]*><a href="\?range=1y&amp;sort=gain#holdings">Gain this year', html)


def test_the_total_of_the_table_is_wealth_and_the_difference_to_the_years_gain_is_said(as_viewer):
    one_share()
    row("2025-01-02", "INTEREST", amount=70)

    seen = text_of(page(as_viewer))

    # the table knows the share's 10,000; the 70 of interest belong to no holding
    assert "The year's gain of +10,070 is +70 away from this sum" in seen


def test_hidden_amounts_are_not_sent_at_all(as_viewer):
    one_share()
    as_viewer.cookies["amounts"] = "hide"

    html = page(as_viewer)

    for amount in ("110,000", "110000", "60,000", "10,000", "50,000"):
        assert amount not in html
    assert "&lt;span" not in html
    # shares, prices and returns stay
    assert "54.55" in html
    assert "600.00" in html
    assert "+10.00" in html


def test_with_hidden_amounts_the_line_is_in_per_cent_of_the_years_end(as_viewer):
    one_share()
    as_viewer.cookies["amounts"] = "hide"

    data = chart_data(page(as_viewer))

    # 110,000 of 100,000
    assert data["values"][-1] == 110.0
    assert data["level"] == 100.0
    assert "Wealth 110.0\u00a0%" in [words for _, words, _ in data["plans"]["ytd"]["ends"]]


def test_the_line_has_the_years_end_and_every_day_since_the_first_row(as_viewer):
    one_share()

    data = chart_data(page(as_viewer))

    # it opens on the day before the first row: 1 December to 2 January are 33 days
    assert data["start"] == "2024-12-01"
    assert len(data["values"]) == 33
    assert data["values"][1:3] == [100_000, 100_000]
    assert data["values"][-1] == 110_000
    assert data["level"] == 100_000
    # year-end is the 31st day
    assert data["levelFrom"] == 30
    # the first day with wealth opens a line that would else start at nothing
    assert data["plans"]["all"]["first"] == 1


def test_every_range_has_a_link_that_keeps_the_order_of_the_table(as_viewer):
    one_share()

    html = page(as_viewer, "/?sort=symbol")

    assert '<a href="?sort=symbol&amp;range=1m" data-range="1m"' in html
    assert re.search(r'data-range="ytd"[^>]* aria-current="true"', html)


def test_the_chart_is_drawn_in_the_page_and_has_a_table_twin(as_viewer):
    one_share()

    html = page(as_viewer)

    assert '<path class="l-ink" d="M' in html
    twin = text_of(html[html.index('<details class="twin">') :])
    assert "2 January 2025 110,000" in twin
    assert "31 December 2024 100,000" in twin


def test_a_household_that_began_this_year_has_no_years_end(as_viewer):
    held = share("AAA")
    row("2025-01-02", "DEPOSIT", amount=1_000)
    row("2025-01-02", "BUY", instrument=held, quantity=1, price=500)
    close(held, "2025-01-03", "600")

    data = chart_data(page(as_viewer))

    assert data["level"] is None


def test_a_warning_leads_an_owner_to_the_rows_and_hides_its_amounts(as_owner):
    one_share()
    row("2025-01-02", "WITHDRAWAL", amount=60_000)

    html = page(as_owner)
    as_owner.cookies["amounts"] = "hide"
    hidden = page(as_owner)

    # 50,000 of cash less 60,000
    assert "10,000" in text_of(html[html.index("Needs a hand") :])
    assert 'href="/ledger/?account=Bank"' in html
    assert "10,000" not in hidden


def test_a_viewer_is_led_to_no_form(as_viewer):
    one_share()

    assert "/admin/" not in page(as_viewer)


def test_a_symbol_with_a_slash_has_a_page(as_viewer):
    one_share()
    odd = share("BRK/B")
    row("2024-12-03", "BUY", instrument=odd, quantity=1, price=10)
    close(odd, "2025-01-02", "10")

    assert 'href="/holdings/BRK/B/"' in page(as_viewer)
    assert as_viewer.get("/holdings/BRK/B/").status_code == 200


def test_names_follow_the_language(as_viewer):
    held = one_share()
    held.name_zh = "甲公司"
    held.save()

    assert "AAA Company" in page(as_viewer)
    assert "甲公司" in page(as_viewer, headers=CHINESE)


def test_the_page_asks_the_database_the_same_whatever_the_ledgers_length(as_viewer):
    one_share()
    counts = []
    for more in (0, 9):
        grow(holdings=more, rows=more * 10)
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            page(as_viewer)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_a_page_that_was_printed_once_reads_no_instrument_again(as_viewer):
    one_share()
    page(as_viewer)

    with CaptureQueriesContext(connection) as asked:
        page(as_viewer)

    assert not [each for each in asked.captured_queries if "portfolio_instrument" in each["sql"]]


def test_a_change_of_a_row_is_seen_at_once(as_viewer):
    one_share()
    before = text_of(page(as_viewer))
    row("2025-01-02", "DEPOSIT", amount=1)

    assert "110,001" not in before
    assert "110,001" in text_of(page(as_viewer))


def test_the_demo_household_fills_every_part_of_the_page(as_viewer):
    call_command("demo")

    html = page(as_viewer)

    seen = text_of(html)
    assert len(symbols_of(html)) == 9
    assert "On probation" in seen
    assert "estimated" in seen
    assert "target 60 %" in seen
    assert html.count('class="record"') > 10
