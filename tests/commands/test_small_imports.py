"""import_instruments, import_market_data, set_salary and export_ledger as a person meets them."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from portfolio.models import Account, Instrument, Price, Salary, Transaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys):
    """Call a command; returns standard output and error output."""

    def _run(*words: object, **options):
        call_command(*map(str, words), no_color=True, **options)
        return capsys.readouterr()

    return _run


def test_instruments_are_created_then_unchanged(run, tmp_path):
    path = tmp_path / "instruments.csv"
    path.write_text("symbol,currency,hue\nQQQ,USD,red\n", encoding="utf-8")

    first = run("import_instruments", path)
    assert first.out == "created: 1 (QQQ)\n"
    assert "unknown column “hue”" in first.err
    assert run("import_instruments", path).out == "unchanged: 1 (QQQ)\n"


def test_a_bad_instruments_file_ends_in_a_sentence(run, tmp_path):
    path = tmp_path / "instruments.csv"
    path.write_text("symbol,currency\nQQQ,\n", encoding="utf-8")

    with pytest.raises(CommandError, match=r"instruments\.csv, line 2, column currency: is blank\nNothing was imported\."):
        run("import_instruments", path)
    with pytest.raises(CommandError, match="does not exist"):
        run("import_instruments", tmp_path / "none.csv")


def test_market_data_is_summed_up_in_a_table(run, tmp_path):
    Instrument.objects.create(symbol="QQQ", currency="USD")
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "QQQ.csv").write_text("date,close\n2025-01-03,5\n2025-01-06,9\n", encoding="utf-8")

    result = run("import_market_data", tmp_path)

    assert "prices             1           2             2" in result.out
    assert "2025-01-06 moves by +80.0%" in result.err
    assert Price.objects.count() == 2


def test_a_bad_market_data_folder_ends_in_a_sentence(run, tmp_path):
    (tmp_path / "fx").mkdir()
    (tmp_path / "fx" / "USDTWD.csv").write_text("date,rate\n2025-01-03,x\n", encoding="utf-8")

    with pytest.raises(CommandError, match=r'fx/USDTWD\.csv, line 2, column rate: "x" is not a number\nNothing was imported\.'):
        run("import_market_data", tmp_path)
    with pytest.raises(CommandError, match="is a file; name the folder around it"):
        run("import_market_data", tmp_path / "fx" / "USDTWD.csv")
    with pytest.raises(CommandError, match="does not exist"):
        run("import_market_data", tmp_path / "none")


def test_a_salary_is_set_once_for_its_date_and_a_raise_is_another_row(run):
    assert run("set_salary", "24,000", "--from", "2023-01-01").out.startswith("set: 24000 TWD a month from 2023-01-01 on")
    assert run("set_salary", "24000", "--from", "2023-01-01").out.startswith("unchanged")
    assert run("set_salary", "24500", "--from", "2023-01-01").out.startswith("changed")
    run("set_salary", "25000", "--from", "2024-01-01", "--currency", "usd", "--planned-raise", "0.03")

    assert list(Salary.objects.values_list("amount", "currency", "planned_raise")) == [
        (24500, "TWD", Decimal("0.04")),
        (25000, "USD", Decimal("0.03")),
    ]
    assert [int(version.amount) for version in Salary.history.filter(currency="TWD").order_by("history_id")] == [24000, 24500]


@pytest.mark.parametrize(
    "words",
    [
        ("ten", "--from", "2023-01-01"),
        ("0", "--from", "2023-01-01"),
        ("5", "--from", "soon"),
        ("5",),
        ("5", "--from", "2023-01-01", "--planned-raise", "4"),
        ("5", "--from", "2023-01-01", "--currency", "XXQ"),
    ],
)
def test_a_wrong_salary_is_refused(run, words):
    with pytest.raises(CommandError):
        run("set_salary", *words)

    assert not Salary.objects.exists()


@pytest.fixture
def deposits():
    bank = Account.objects.create(name="Bank", currency="TWD")
    for date, note in (("2025-01-04", "second"), ("2025-01-03", "=first")):
        Transaction.objects.create(date=date, kind="DEPOSIT", account=bank, amount=5, currency="TWD", note=note)


def test_an_export_is_in_the_order_of_the_ledger(run, deposits, tmp_path):
    result = run("export_ledger", tmp_path / "out.csv")

    rows = list(csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8")))
    assert [(row["date"], row["note"]) for row in rows] == [("2025-01-03", "'=first"), ("2025-01-04", "second")]
    assert result.err == f"2 rows written to {tmp_path / 'out.csv'}\n"


def test_a_hyphen_writes_to_the_terminal(run, deposits):
    assert [row["amount"] for row in csv.DictReader(io.StringIO(run("export_ledger", "-").out))] == ["5", "5"]


def test_an_export_to_nowhere_ends_in_a_sentence_and_leaves_nothing_behind(run, deposits, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        run("export_ledger", tmp_path / "none" / "out.csv")
    with pytest.raises(CommandError, match="is a folder"):
        run("export_ledger", tmp_path)

    assert list(tmp_path.iterdir()) == []
