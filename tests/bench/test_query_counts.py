"""A review asks the database the same number of questions, whatever the household's size."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.generator import Size, make_household
from portfolio import queries
from portfolio.engine.periods import quarter
from portfolio.models import Transaction


def imported(folder: Path, size: Size) -> None:
    make_household(folder=folder, size=size)
    for words in (
        ("import_instruments", folder / "instruments.csv"),
        ("import_market_data", folder / "market"),
        ("import_ledger", folder / "ledger.csv"),
    ):
        call_command(*map(str, words), stdout=io.StringIO(), stderr=io.StringIO())


def questions_of_a_cold_review() -> int:
    queries.forget()
    with CaptureQueriesContext(connection) as captured:
        queries.quarterly_review(period=quarter(year=2025, number=4))
    return len(captured)


@pytest.mark.django_db
def test_a_review_takes_as_many_queries_with_many_rows_days_and_instruments_as_with_few(tmp_path):
    imported(tmp_path / "few", Size("few", 1, 3, 100))
    rows, few = Transaction.objects.count(), questions_of_a_cold_review()

    # both number their rows alike, so the first would make those of the second look like known ones
    Transaction.objects.all().delete()
    imported(tmp_path / "many", Size("many", 3, 12, 600))

    assert Transaction.objects.count() > 5 * rows
    assert questions_of_a_cold_review() == few
