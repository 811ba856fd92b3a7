"""Reports as JSON: behind the login, the same objects as on the command line, clear words for bad ones."""

import json

import pytest
from django.core.management import call_command
from django.test import Client
from pytest import approx

pytestmark = pytest.mark.django_db


def test_nobody_reads_reports_without_a_login(client: Client):
    for path in ("/api/review/2025-Q1/", "/api/income/"):
        response = client.get(path)

        assert response.status_code == 302
        assert response["Location"].startswith("/login/")


def test_a_viewer_reads_the_object_of_the_command_line(as_viewer: Client, capsys: pytest.CaptureFixture[str]):
    call_command("demo", verbosity=0)
    capsys.readouterr()
    call_command("review", "2025-Q1", "--format", "json")

    assert as_viewer.get("/api/review/2025-q1/").json() == json.loads(capsys.readouterr().out)


def test_currency_and_dividend_rule_can_be_asked_for(as_viewer: Client):
    call_command("demo", verbosity=0)

    found = as_viewer.get("/api/review/2025-q1/?base=usd&dividends=whole_year").json()

    assert found["base_currency"] == "USD"
    assert found["review_contributions"]["dividend_rule"] == "whole_year"


def test_the_income_of_a_day_can_be_asked_for(as_viewer: Client):
    call_command("demo", verbosity=0)

    found = as_viewer.get("/api/income/?as_of=2025-09-30").json()

    assert found["as_of"] == "2025-09-30"
    assert found["coverage"]["forward"] == approx(1.2857, abs=1e-4)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/api/review/lately/", 404, "names no period"),
        ("/api/review/2025-Q1/?base=dollars", 400, "three-letter"),
        ("/api/review/2025-Q1/?dividends=all", 400, "quarter_of_year"),
        ("/api/income/?as_of=tomorrow", 400, "2025-03-31"),
    ],
)
def test_words_that_cannot_be_read_get_a_status_and_a_sentence(as_viewer: Client, path: str, status: int, said: str):
    response = as_viewer.get(path)

    assert response.status_code == status
    assert said in response.json()["error"]
