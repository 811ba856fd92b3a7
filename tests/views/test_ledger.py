import re

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.models import LedgerImport
from tests.views.household import account, grow, one_share, row, share
from tests.views.test_dashboard import page, text_of

pytestmark = pytest.mark.django_db


def rows_of(html: str) -> list[str]:
    """Return each row as a reader sees it."""
    return [text_of(each).strip() for each in re.findall(r"<tr><td.*?</tr>", html)]


def test_rows_stand_newest_first_under_their_months(as_viewer):
    one_share()
    row("2025-01-02", "INTEREST", amount=70)

    html = page(as_viewer, "/ledger/")

    assert rows_of(html) == [
        "2 Jan Interest Bank — +70 TWD",
        "3 Dec Buy AAA Bank AAA AAA Company 100 500.00 −50,000 TWD",
        "2 Dec Deposit Bank — +100,000 TWD",
    ]
    assert html.index("January 2025") < html.index("December 2024")


def test_cash_is_what_really_moved(as_viewer):
    held = one_share()
    row("2025-01-02", "SELL", instrument=held, quantity=10, price=600, fee=9, tax=18)
    row("2025-01-03", "FX", amount=3_200, to_amount=100, to_currency="USD", fee=5)

    exchange, sale, *_ = rows_of(page(as_viewer, "/ledger/"))

    # 6,000 less 27 of charges; an exchange has two sides and pays its own fee
    assert "27 +5,973 TWD" in sale
    assert "5 −3,205 TWD +100.00 USD" in exchange


def test_a_split_is_a_ratio_and_a_statement_no_movement(as_viewer):
    held = one_share()
    row("2025-01-02", "SPLIT", instrument=held, quantity=4, account=None)
    row("2025-01-03", "BALANCE", amount=50_000)

    statement, split, *_ = rows_of(page(as_viewer, "/ledger/"))

    assert "4 for 1" in split
    assert "every account" in split
    assert "50,000 TWD stated" in statement


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("kind=BUY", ["Buy"]),
        ("account=Broker", ["Transfer"]),
        ("instrument=AAA", ["Buy"]),
        ("year=2024", ["Transfer", "Buy", "Deposit"]),
        ("q=aaa+company", ["Buy"]),
        ("q=rent", ["Withdrawal"]),
        ("q=100%2C000", ["Deposit"]),
        ("q=500", ["Buy"]),
        ("kind=BUY&year=2025", []),
        ("year=nonsense", []),
        ("kind=nonsense", []),
    ],
)
def test_rows_answer_every_question(as_viewer, question, expected):
    one_share()
    row("2024-12-20", "TRANSFER", amount=1, to_account=account("Broker"))
    row("2025-01-02", "WITHDRAWAL", amount=8_000, note="Rent of January")

    html = page(as_viewer, f"/ledger/?{question}")

    assert [re.match(r"\d+ \w+ (\w+)", each)[1] for each in rows_of(html)] == expected
    if not expected:
        assert "No row answers all of this." in html


def test_the_form_keeps_what_was_asked(as_viewer):
    one_share()

    html = page(as_viewer, "/ledger/?kind=BUY&year=2024&q=%3Cb%3E")

    assert '<option value="BUY" selected>Buy</option>' in html
    assert "<option selected>2024</option>" in html
    assert 'value="&lt;b&gt;"' in html


def test_a_hundred_rows_stand_on_a_page_and_the_links_keep_the_questions(as_viewer):
    one_share()
    grow(holdings=0, rows=120)

    first = page(as_viewer, "/ledger/?kind=DEPOSIT")
    second = page(as_viewer, "/ledger/?kind=DEPOSIT&page=2")

    # 120 and the first of all
    assert len(rows_of(first)) == 100
    assert len(rows_of(second)) == 21
    assert 'rel="next" href="?kind=DEPOSIT&amp;page=2"' in first
    assert 'rel="prev" href="?kind=DEPOSIT&amp;page=1"' in second


def test_a_page_that_does_not_exist_is_the_nearest_one(as_viewer):
    one_share()

    assert len(rows_of(page(as_viewer, "/ledger/?page=99"))) == 2
    assert len(rows_of(page(as_viewer, "/ledger/?page=x"))) == 2


def test_only_an_owner_can_change_rows_from_here(as_owner, as_viewer):
    one_share()

    assert re.search(r"/admin/portfolio/transaction/\d+/change/", page(as_owner, "/ledger/"))
    assert "/admin/" not in page(as_viewer, "/ledger/")


def test_a_row_says_which_file_it_came_from_and_who_brought_it(as_viewer, owner):
    source = LedgerImport.objects.create(file_name="broker.csv", format="ledger", sha256="0", imported_by=owner)
    row("2024-12-02", "DEPOSIT", amount=1, source=source)

    assert "broker.csv · owner" in page(as_viewer, "/ledger/")


def test_a_typed_row_says_who_typed_it(as_viewer, owner):
    typed = row("2024-12-02", "DEPOSIT", amount=1)
    typed.history.filter(history_type="+").update(history_user=owner)

    (seen,) = rows_of(page(as_viewer, "/ledger/"))

    assert seen.endswith("owner")


def test_hidden_amounts_leave_prices_and_hide_units(as_viewer):
    held = one_share()
    row("2025-01-02", "SELL", instrument=held, quantity=37, price=600, fee=9)
    as_viewer.cookies["amounts"] = "hide"

    html = page(as_viewer, "/ledger/")

    for told in ("22,191", "50,000", "100,000", ">37<", ">9<"):
        assert told not in html
    assert "600.00" in html


def test_an_empty_ledger_says_how_to_start(as_owner):
    assert "manage.py demo" in page(as_owner, "/ledger/")


def test_a_note_is_never_read_as_markup(as_viewer):
    row("2024-12-02", "DEPOSIT", amount=1, note='"><script>alert(1)</script>')

    assert "<script>alert" not in page(as_viewer, "/ledger/")


def test_a_search_of_odd_signs_finds_nothing_and_breaks_nothing(as_viewer):
    one_share()

    for odd in ("%00", "%25", "1e400", "9" * 60, "%F0%9F%98%80", ".", "²"):
        assert as_viewer.get(f"/ledger/?q={odd}").status_code == 200
    for odd in ("99999", "0", "-1", "²"):
        assert as_viewer.get(f"/ledger/?year={odd}").status_code == 200


def test_the_page_asks_the_database_the_same_whatever_the_ledgers_length(as_viewer):
    one_share()
    counts = []
    for more in (0, 9):
        grow(holdings=more, rows=more * 10)
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            page(as_viewer, "/ledger/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_a_page_that_was_printed_once_reads_no_row_again(as_viewer):
    one_share()
    page(as_viewer, "/ledger/")

    with CaptureQueriesContext(connection) as asked:
        page(as_viewer, "/ledger/")

    assert not [each for each in asked.captured_queries if "portfolio_transaction" in each["sql"]]


def test_an_instrument_without_a_row_is_still_a_choice(as_viewer):
    one_share()
    share("NEW")

    assert "<option>NEW</option>" in page(as_viewer, "/ledger/")


def test_the_demo_household_fills_three_pages(as_viewer):
    call_command("demo")

    seen = text_of(page(as_viewer, "/ledger/"))

    assert "229 rows · page 1 of 3" in seen
