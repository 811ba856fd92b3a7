"""The review's page: what it says of the demo household, in both languages, open and hidden, and of odd periods."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portfolio import demo, queries
from portfolio.engine.periods import quarter
from portfolio.models import Instrument, LedgerStamp, TrackTarget
from tests.entry.household import bought, closed, dollar_rate, row

pytestmark = pytest.mark.django_db
MINUS = "\u2212"


@pytest.fixture
def household() -> None:
    demo.load()


def page(client: Client, path: str = "/review/2025-q1/", language: str = "en", **switches: str) -> str:
    client.cookies.load({"django_language": language, **switches})
    response = client.get(path)
    assert response.status_code == 200, response
    return response.text


def words(html: str) -> str:
    """What a reader sees: no tags, single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


@pytest.mark.usefixtures("household")
def test_the_published_quarter_stands_on_the_page(as_viewer: Client):
    text = words(page(as_viewer))
    # the five figures that the demo household is made to match
    for figure in ("1.53", "43.63", "12.52"):
        assert f"{MINUS}{figure}" in text
    for figure in ("27.69", "8.74"):
        assert f"+{figure}" in text


@pytest.mark.usefixtures("household")
def test_the_lead_tells_what_happened_in_both_languages(as_viewer: Client):
    assert "The first loss after 8 rising quarters." in words(page(as_viewer))
    chinese = words(page(as_viewer, language="zh-hant"))
    assert "連漲 8 季，第一次收黑。" in chinese
    assert "QQQ 一檔占了全部輸贏的" in chinese
    assert "戰犯" in chinese
    assert "留校察看" in chinese


@pytest.mark.usefixtures("household")
def test_every_step_of_the_bridge_is_written_out_and_closes(as_viewer: Client):
    review = queries.quarterly_review(period=quarter(year=2025, number=1))
    line = re.search(r'<p class="recon">(.*?)</p>', page(as_viewer), re.DOTALL)
    text = words(line[1])
    assert f"{review.opening_value:,.0f}" in text
    assert f"= {review.closing_value:,.0f}" in text
    assert "residual 0.00" in text


@pytest.mark.usefixtures("household")
def test_hidden_amounts_are_not_sent_at_all(as_viewer: Client):
    review = queries.quarterly_review(period=quarter(year=2025, number=1))
    amounts = [review.opening_value, review.closing_value, review.records.peak_value, review.income.net, review.salary.due]
    amounts += [each.value for each in (*review.positions, *review.cash, *review.tracks)]
    amounts += [abs(each.gain) for each in review.review_contributions.holdings]
    amounts += [each.amount for each in review.moves] + [each.quantity for each in review.positions]
    written = {f"{amount:,.0f}" for amount in amounts} | {f"{amount:,.2f}" for amount in amounts}
    long_enough = {text for text in written if len(text) > 5}

    html = page(as_viewer, amounts="hide")
    assert {text for text in long_enough if text in html} == set()
    assert "••••••" in html
    # what is no amount stays
    assert f"{MINUS}43.63" in html
    # and the same look finds them where they are shown
    assert len({text for text in long_enough if text in page(as_viewer, amounts="show")}) > 20


@pytest.mark.usefixtures("household")
def test_hiding_changes_nothing_for_the_next_reader(as_viewer: Client, as_owner: Client):
    page(as_viewer, amounts="hide")
    assert "••••••" not in page(as_owner)


@pytest.mark.usefixtures("household")
def test_the_dividend_rule_is_a_switch(as_viewer: Client):
    quarter_of_year, whole_year = page(as_viewer), page(as_viewer, "/review/2025-q1/?dividends=whole_year")
    assert re.search(r'dividends=quarter_of_year#who" aria-current="true"', quarter_of_year)
    assert re.search(r'dividends=whole_year#who" aria-current="true"', whole_year)
    assert "+14,140" in quarter_of_year
    # four quarters of it: 14,140.31 x 4 = 56,561.26
    assert "+56,561" in whole_year


@pytest.mark.usefixtures("household")
def test_a_rule_nobody_knows_is_the_usual_one(as_viewer: Client):
    assert 'dividends=quarter_of_year#who" aria-current="true"' in page(as_viewer, "/review/2025-q1/?dividends=never")


@pytest.mark.usefixtures("household")
def test_targets_show_the_way_to_them(as_viewer: Client):
    TrackTarget.objects.all().delete()
    LedgerStamp.bump()
    assert "No targets are set yet" in page(as_viewer)
    for track, weight in (("MARKET", "0.6"), ("FIXED_INCOME", "0.2"), ("NEUTRAL", "0.15"), ("CASH", "0.05")):
        TrackTarget.objects.create(track=track, weight=weight)
    text = words(page(as_viewer))
    # 11.54 % held, 20 wanted
    assert "Fixed income stands 8.46 points under its target." in text


@pytest.mark.usefixtures("household")
@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/review/2025-q1/", "2025 Q1"),
        ("/review/2025-03/", "March 2025"),
        ("/review/2024/", "2024"),
        ("/review/2025-01-05..2025-02-20/", "5 January to 20 February 2025"),
        ("/review/2024-12-30..2025-01-03/", "30 December 2024 to 3 January 2025"),
    ],
)
def test_any_period_has_its_page(as_viewer: Client, path: str, title: str):
    assert f"<title>{title} · Larder</title>" in page(as_viewer, path)


@pytest.mark.usefixtures("household")
def test_a_period_may_be_written_in_capitals(as_viewer: Client):
    assert as_viewer.get("/review/2025-Q1/")["Location"] == "/review/2025-q1/"


@pytest.mark.usefixtures("household")
def test_the_way_leads_to_the_quarters_before_and_after_within_the_books(as_viewer: Client):
    html = page(as_viewer)
    assert 'href="/review/2024-q4/" rel="prev"' in html
    assert 'href="/review/2025-q2/" rel="next"' in html
    assert 'rel="prev"' not in page(as_viewer, "/review/2023-q1/")


@pytest.mark.usefixtures("household")
def test_the_short_address_leads_to_the_last_quarter_that_is_over(as_viewer: Client):
    # the demo's closes end on 31 October 2025
    assert as_viewer.get("/review/")["Location"] == "/review/2025-q3/"


@pytest.mark.usefixtures("household")
def test_two_dates_of_the_form_lead_to_their_page(as_viewer: Client):
    response = as_viewer.get("/review/", {"from": "2025-01-05", "to": "2025-02-20"})
    assert response["Location"] == "/review/2025-01-05..2025-02-20/"
    # a whole quarter gets its name
    assert as_viewer.get("/review/", {"from": "2025-01-01", "to": "2025-03-31"})["Location"] == "/review/2025-q1/"


@pytest.mark.usefixtures("household")
@pytest.mark.parametrize(
    "dates", [{"from": "2025-02-30", "to": "2025-03-01"}, {"from": "2025-03-01", "to": "2025-02-01"}, {"from": "x"}]
)
def test_dates_that_are_none_are_told_in_a_page(as_viewer: Client, dates: dict[str, str]):
    response = as_viewer.get("/review/", dates)
    assert response.status_code == 404
    assert 'name="from"' in response.text


@pytest.mark.usefixtures("household")
@pytest.mark.parametrize("period", ["2025-q5", "nonsense", "1990-q1", "2099-q1", "<b>"])
def test_an_unknown_period_is_told_in_a_page_with_a_way_on(as_viewer: Client, period: str):
    response = as_viewer.get(f"/review/{period}/")
    assert response.status_code == 404
    assert 'href="/review/"' in response.text
    assert "<b>" not in response.text


def test_empty_books_say_how_to_start(as_owner: Client):
    text = page(as_owner, "/review/")
    assert "The books are empty" in text
    assert "/admin/portfolio/transaction/add/" in text
    assert as_owner.get("/review/2025-q1/").status_code == 404


def test_a_rate_that_is_missing_leaves_blanks_and_a_warning_instead_of_an_error(as_viewer: Client):
    row("DEPOSIT", dt.date(2025, 1, 2), amount="20000")
    html = page(as_viewer)
    assert "There is no exchange rate for USD on or before" in html
    assert '<p class="hero ">—</p>' in html
    assert "the steps can&#x27;t be told apart" in html


def test_a_household_without_salary_and_targets_is_told_what_is_missing(as_viewer: Client):
    row("DEPOSIT", dt.date(2025, 1, 2), amount="20000")
    bought("10", "KO", dt.date(2025, 1, 3))
    for day, close in ((dt.date(2025, 1, 3), "60"), (dt.date(2025, 3, 31), "66")):
        closed("KO", close, day)
    dollar_rate("30", dt.date(2025, 1, 1))
    text = words(page(as_viewer))
    assert "No salary is set" in text
    assert "The salary is missing" in text
    # 10 x (66 - 60) x 30 over the 600,000 that came in on the second: 1,800 / 600,000
    assert "+0.30" in text
    assert "No holding lost, so there is no war criminal." in text


@pytest.mark.usefixtures("household")
def test_what_a_symbol_is_called_can_do_no_harm(as_viewer: Client):
    Instrument.objects.filter(symbol="QQQ").update(name="<script>alert(1)</script>")
    queries.forget()
    assert "<script>alert" not in page(as_viewer, "/review/2025-q2/")


@pytest.mark.usefixtures("household")
def test_a_change_in_the_books_is_on_the_page_at_once(as_viewer: Client):
    before = page(as_viewer)
    row("DEPOSIT", dt.date(2025, 2, 3), amount="1000")
    assert page(as_viewer) != before


@pytest.mark.usefixtures("household")
def test_the_page_asks_the_database_as_often_whatever_the_period(as_viewer: Client):
    counts = []
    for path in ("/review/2025-q1/", "/review/2024/", "/review/2023-01-05..2025-09-30/"):
        queries.forget()
        with CaptureQueriesContext(connection) as captured:
            page(as_viewer, path)
        counts.append(len(captured))
    assert len(set(counts)) == 1
    page(as_viewer)
    with CaptureQueriesContext(connection) as captured:
        page(as_viewer)
    # who is asking, the session, the roles, the stamp
    assert len(captured) <= 4


@pytest.mark.usefixtures("household")
def test_every_part_of_the_page_can_be_reached_from_its_contents(as_viewer: Client):
    html = page(as_viewer)
    rail = re.search(r'<nav class="toc".*?</nav>', html, re.DOTALL)[0]
    targets = re.findall(r'href="#([a-z]+)"', rail)
    assert len(targets) == 9
    assert all(f'id="{name}"' in html for name in targets)
