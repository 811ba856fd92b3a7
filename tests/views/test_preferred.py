"""The preferred share tools: the known cases, permalinks, JSON, and what is said to figures that cannot be."""

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.engine.kinds import InstrumentType
from portfolio.models import Distribution
from tests.views.household import CHINESE, close, row, share
from tests.views.test_dashboard import page, text_of

pytestmark = pytest.mark.django_db
TOOLS = "/tools/preferred/"
COLUMNS = ("name", "invested", "multiple", "share", "seniority", "participating", "cap")


def asked(*classes: tuple[str, ...], **others: str) -> str:
    """Return the address that asks for these classes."""
    pairs = [pair for each in classes for pair in zip(COLUMNS, each, strict=True)]
    return f"{TOOLS}?{urlencode([*pairs, *others.items()])}"


def answer(client, address: str, status: int = 200) -> dict:
    response = client.get(f"{address}{'&' if '?' in address else '?'}format=json")
    assert response.status_code == status
    return response.json()


def test_a_stranger_is_sent_to_the_login(client):
    assert client.get(TOOLS).status_code == 302


def test_the_page_opens_with_the_known_cases(as_viewer):
    text = text_of(page(as_viewer, TOOLS))

    # 1,000,000 for 20 % at 1.5 x, sold for 3,000,000: 1,500,000 beats a fifth
    assert "Sold for 3,000,000: A 1,500,000 and Ordinary shares 1,500,000." in text
    # 10,000,000 from 8 % to 5 %: 2 % and 300,000 cost 500,000
    assert "Saves 300,000 a year, costs 500,000 at once, pays back in 1.67 years." in text


def test_the_other_known_case_is_one_choice_away(as_viewer):
    found = answer(as_viewer, asked(("A", "1,000,000", "1.5", "20", "1", "yes", ""), proceeds="3000000"))

    # 1,500,000 and a fifth of the other 1,500,000
    amounts = {each["name"]: each["amount"] for each in found["liquidation"]["payouts"]}
    assert amounts == {"A": pytest.approx(1_800_000), "common": pytest.approx(1_200_000)}


def test_json_holds_what_the_page_shows(as_viewer):
    found = answer(as_viewer, TOOLS)

    assert found["errors"] == {}
    assert [each["proceeds"] for each in found["liquidation"]["break_points"]] == [
        pytest.approx(1_500_000),
        pytest.approx(7_500_000),
    ]
    assert found["liquidation"]["break_points"][1]["changes"][0] == {"name": "A", "event": "converts"}
    assert all(
        sum(each["amount"] for each in step["payouts"]) == pytest.approx(step["proceeds"])
        for step in found["liquidation"]["steps"]
    )
    assert found["refinancing"]["outcome"]["payback_years"] == pytest.approx(5 / 3)
    assert [round(each["new_rate"], 3) for each in found["refinancing"]["sensitivity"]] == [
        0.03, 0.035, 0.04, 0.045, 0.05, 0.055, 0.06, 0.065, 0.07,
    ]  # fmt: skip
    # 1.50 on 26
    assert found["yields"]["current"] == pytest.approx(1.5 / 26)


def test_the_rate_that_wins_nothing_over_the_horizon_is_named(as_viewer):
    found = answer(as_viewer, f"{TOOLS}?years=10")

    # ten undiscounted years: 10 x 10,000,000 x (8 % - r) = 500,000 at r = 7.5 %
    assert found["refinancing"]["break_even_rate"] == pytest.approx(0.075)
    assert "7.50 %" in text_of(page(as_viewer, f"{TOOLS}?years=10"))


def test_several_classes_stand_in_table_chart_and_form(as_viewer):
    html = page(
        as_viewer,
        asked(
            ("Series A", "1000000", "1", "10", "2", "no", ""),
            ("Series B", "2000000", "1", "20", "1", "yes", "2"),
            high="30000000",
        ),
    )

    assert html.count('<path class="l-') == 3
    assert re.search(r'<input name="name" value="Series B"', html)
    # an empty row waits for another class
    assert html.count('name="invested"') == 3
    # B is full at 2 m, A at 3 m. B reaches its cap of 4 m where a fifth of 0.9 parts of the rest is 2 m, at 12 m; there A's
    # tenth of what B leaves is a million, too. B converts where a fifth is 4 m, at 20 m
    assert [each.strip() for each in re.findall(r'<span class="tag">(\d+)</span>', html)] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("address", "tool", "field", "said"),
    [
        (asked(("A", "1O00", "1", "20", "1", "no", "")), "liquidation", "invested-1", "is not a number"),
        (
            asked(("A", "1000", "1", "60", "1", "no", ""), ("B", "1", "1", "60", "1", "no", "")),
            "liquidation",
            "",
            "more than the whole",
        ),
        (asked(("A", "1000", "2", "20", "1", "yes", "1")), "liquidation", "cap-1", "under the preference"),
        (asked(("", "", "1", "", "1", "no", "")), "liquidation", "", "one class at least"),
        (f"{TOOLS}?low=9&high=9", "liquidation", "high", "above the lowest"),
        (f"{TOOLS}?new_rate=", "refinancing", "new_rate", "missing"),
        (f"{TOOLS}?principal=-5", "refinancing", "principal", "Between"),
        (f"{TOOLS}?price=0", "yields", "price", "Between"),
        (f"{TOOLS}?price=1e999999", "yields", "price", "is not a number"),
        (f"{TOOLS}?years={'9' * 400}", "refinancing", "years", "is not a number"),
    ],
)
def test_figures_that_cannot_be_are_refused_in_words(as_viewer, address, tool, field, said):
    as_viewer.cookies["django_language"] = "en"
    found = answer(as_viewer, address, status=400)

    assert said in found["errors"][tool][field]
    assert found[tool] is None
    # the other tools answer all the same
    assert sum(found[each] is not None for each in ("liquidation", "refinancing", "yields")) == 2
    response = as_viewer.get(address)
    assert response.status_code == 400
    assert said in text_of(response.text)


def test_nothing_typed_becomes_markup(as_viewer):
    html = page(as_viewer, asked(("<b>A</b>", "1000", "1", "20", "1", "no", "")))

    assert "<b>A</b>" not in html
    assert "&lt;b&gt;A" in html


def test_what_is_unpaid_stands_before_ordinary_dividends(as_viewer):
    owed = text_of(page(as_viewer, f"{TOOLS}?missed=1.5&dividend=2&cumulative=yes"))
    lost = text_of(page(as_viewer, f"{TOOLS}?missed=1.5&dividend=2&cumulative=no"))

    # one and a half years of 2.00, and this year's on top
    assert "3.00 a share is in arrears" in owed
    assert "come first: 5.00 a share" in owed
    assert "3.00 a share, is lost" in lost


def test_a_holding_of_the_type_leads_to_its_yields(as_viewer):
    held = share("PREF", type=InstrumentType.PREFERRED)
    row("2024-12-02", "DEPOSIT", amount=10_000)
    row("2024-12-03", "BUY", instrument=held, quantity=100, price=25)
    close(held, "2024-12-31", "26.5")
    Distribution.objects.create(instrument=held, ex_date="2024-06-14", amount="0.4")
    Distribution.objects.create(instrument=held, ex_date="2024-12-13", amount="0.5")

    html = page(as_viewer, TOOLS)

    assert 'href="/holdings/PREF/"' in html
    assert "price=26.5&amp;dividend=0.9" in html


def test_more_preferred_holdings_ask_no_more_queries(as_viewer):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            page(as_viewer, TOOLS)
        return len(found)

    for number in range(2):
        held = share(f"P{number}", type=InstrumentType.PREFERRED)
        row("2024-12-03", "DELIVERY_IN", instrument=held, quantity=100, price=25)
        close(held, "2024-12-31", "26")
    page(as_viewer, TOOLS)
    few = queries()
    for number in range(2, 12):
        held = share(f"P{number}", type=InstrumentType.PREFERRED)
        row("2024-12-03", "DELIVERY_IN", instrument=held, quantity=100, price=25)
        close(held, "2024-12-31", "26")
    page(as_viewer, TOOLS)

    assert queries() == few


def test_the_page_speaks_chinese(as_viewer):
    assert as_viewer.get(TOOLS, headers=CHINESE).status_code == 200
