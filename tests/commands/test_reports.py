"""`review`, `holdings` and `income` on the demo household, for people and for programs, and with words they can't read."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest import approx

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def household() -> None:
    call_command("demo", verbosity=0)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*words: str) -> str:
        capsys.readouterr()
        call_command(*words)
        return capsys.readouterr().out

    return command


def test_the_published_quarter_reads_as_published(run: Any):
    text = run("review", "2025-Q1", "--language", "en")

    assert "−1.53" in text
    for symbol, share in (("QQQ", "−43.63"), ("0050.TW", "−12.52"), ("SHEL", "+27.69"), ("KO", "+8.74")):
        (line,) = [each for each in text.splitlines() if each.startswith((f"{symbol} ", f"{symbol}  ")) and share in each]
        assert share in line
    assert "MVP: SHEL. War criminal: QQQ." in text
    assert "Sold and left out: NOBL" in text


def test_the_household_reads_its_review_in_chinese_by_default(run: Any):
    text = run("review", "2025-q1")

    assert "戰犯" in text
    assert "Opening value" not in text


def test_json_is_the_object_that_others_build_on(run: Any):
    found = json.loads(run("review", "2025-Q1", "--format", "json"))

    assert found["period"] == {"start": "2025-01-01", "end": "2025-03-31", "label": "2025-Q1"}
    assert found["returns"]["time_weighted"] == approx(-0.0153, abs=5e-5)
    assert abs(found["bridge"]["residual"]) < 0.01
    assert sum(line["contribution"] for line in found["contributions"]) == approx(found["returns"]["time_weighted"], abs=1e-12)
    assert {each["symbol"] for each in found["review_contributions"]["left_out"]["sold"]} == {"NOBL", "VYM"}


def test_any_range_and_any_currency_can_be_asked_for(run: Any):
    found = json.loads(run("review", "--from", "2025-01-05", "--to", "2025-02-20", "--base", "usd", "--format", "json"))

    assert found["base_currency"] == "USD"
    assert found["period"]["label"] == "2025-01-05..2025-02-20"


def test_markdown_has_a_title_and_pipe_tables(run: Any):
    text = run("review", "2025-Q1", "--format", "markdown", "--language", "en")

    assert text.startswith("# Review 2025-Q1\n")
    assert "| QQQ" in text
    assert "|:---" in text


def test_html_is_a_document_that_needs_nothing_from_outside(run: Any):
    text = run("review", "2025-Q1", "--format", "html", "--language", "en")

    assert text.startswith("<!doctype html>")
    assert "<table>" in text
    assert "http" not in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["review", "last year"], "names no period"),
        (["review"], "Name a period"),
        (["review", "--from", "2025-01-01"], "both --from and --to"),
        (["review", "--from", "2025-02-01", "--to", "2025-01-01"], "before it starts"),
        (["review", "2025-Q1", "--base", "dollars"], "no currency"),
        (["holdings", "--as-of", "31.03.2025"], "no date"),
    ],
)
def test_words_that_cannot_be_read_end_in_a_sentence(words: list[str], said: str):
    with pytest.raises(CommandError, match=said):
        call_command(*words)


def test_holdings_sum_to_the_total(run: Any):
    found = json.loads(run("holdings", "--as-of", "2025-03-31", "--format", "json"))

    parts = [each["value"] for each in found["positions"]] + [each["value"] for each in found["cash"]]
    assert sum(parts) == approx(found["total"], abs=0.01)
    assert found["as_of"] == "2025-03-31"
    assert "29," in run("holdings", "--as-of", "2025-03-31", "--language", "en")


def test_income_says_for_how_many_raises_it_lasts(run: Any):
    # held flat, the net of 2025-09-30 is outgrown by the tenth, eighth or sixth raise at 3, 4 or 5 %
    found = json.loads(run("income", "--as-of", "2025-09-30", "--format", "json"))

    assert found["projection"]["first_uncovered"] == {"low": 2035, "planned": 2033, "high": 2031}
    parts = (found["forward"][name] for name in ("announced", "scheduled", "estimated"))
    assert sum(parts) == approx(found["forward"]["net"], abs=1e-6)
    assert {each["class"] for each in found["forward"]["payments"]} == {"announced", "scheduled", "estimated"}
    assert [(each["symbol"], each["date"]) for each in found["withholding"]] == [
        ("0050.TW", "2024-02-21"),
        ("0050.TW", "2025-02-20"),
    ]
    assert "2033" in run("income", "--as-of", "2025-09-30", "--language", "en")
