"""The command as a person or a script meets it: JSON, exit codes, words on the right stream."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from portfolio.models import Transaction

HEADER = "date,type,account,amount,currency,external_id\n"
GOOD = HEADER + "2025-01-03,DEPOSIT,Bank,100,TWD,1\n\n2025-01-04,DEPOSIT,Bank,50,TWD,2\n"
MANAGE = Path(__file__).resolve().parents[2] / "manage.py"


@pytest.fixture
def run(db, capsys, tmp_path):
    """Write texts or bytes to files and import them; returns exit code, standard output and error output."""

    def _run(*contents: str | bytes, **options):
        paths = []
        for number, content in enumerate(contents):
            path = tmp_path / f"{number}.csv"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            paths.append(str(path))
        return _call(capsys, *paths, **options)

    return _run


def _call(capsys, *paths: str, **options):
    code = 0
    try:
        call_command("import_ledger", *paths, no_color=True, **options)
    except SystemExit as stop:
        code = stop.code
    return code, *capsys.readouterr()


def test_json_has_the_agreed_shape(run, tmp_path):
    code, out, _ = run(GOOD, json=True)

    assert code == 0
    assert json.loads(out) == {
        "files": [
            {
                "file": str(tmp_path / "0.csv"),
                "format": "ledger",
                "rows": 3,
                "imported": 2,
                "duplicates": 0,
                "skipped": 1,
                "written": 2,
                "updated": 0,
                "needs_review": [],
                "rejected": [],
                "warnings": [],
                "created": {"accounts": ["Bank"], "instruments": []},
                "dry_run": False,
            }
        ]
    }


def test_a_rejected_row_has_line_column_and_reason_and_the_exit_code_is_1(run):
    code, out, _ = run(HEADER + "2025-01-03,DEPOSIT,Bank,ten,TWD,1\n", json=True)

    assert code == 1
    assert json.loads(out)["files"][0]["rejected"] == [{"line": 2, "column": "amount", "reason": '"ten" is not a number'}]


def test_each_file_is_a_transaction_of_its_own(run):
    code, out, _ = run(HEADER + "2025-13-03,DEPOSIT,Bank,1,TWD,1\n", GOOD, json=True)

    assert code == 1
    assert [file["written"] for file in json.loads(out)["files"]] == [0, 2]


def test_people_get_the_errors_on_the_error_stream_and_a_line_for_each_file(run, tmp_path):
    code, out, err = run(HEADER + "2025-01-03,DEPOSIT,Bank,ten,TWD,1\n")

    name = tmp_path / "0.csv"
    assert code == 1
    assert err == f'error: {name}, line 2, column amount: "ten" is not a number\n'
    assert out == f"{name}: 1 rows, 1 rejected. Nothing was imported.\n"


def test_people_read_what_was_imported_and_what_was_there_already(run, tmp_path):
    name = tmp_path / "0.csv"

    assert run(GOOD)[1] == f"{name}: 3 rows, 2 imported, 1 skipped\nNew accounts: Bank\n"
    assert run(GOOD)[1] == f"{name}: 3 rows, 0 imported, 2 already there, 1 skipped\n"


def test_a_change_waits_for_a_person_and_is_no_error(run):
    run(GOOD)
    changed = GOOD.replace(",100,", ",120,")

    code, _, err = run(changed)
    assert code == 0
    assert "review:" in err
    assert "amount is 100 and would become 120" in err

    run(changed, accept_updates=True)
    assert sorted(Transaction.objects.values_list("amount", flat=True)) == [50, 120]


def test_dry_runs_and_skipping_bad_rows(run):
    text = GOOD + "2025-01-05,DEPOSIT,Bank,ten,TWD,3\n"
    assert run(GOOD, dry_run=True)[1].count("2 would be imported") == 1
    assert run(text)[0] == 1
    assert not Transaction.objects.exists()

    code, out, _ = run(text, skip_bad_rows=True)

    assert (code, Transaction.objects.count()) == (1, 2)
    assert "2 imported, 1 skipped, 1 rejected" in out
    assert "Nothing" not in out


def test_a_named_account_serves_rows_without_one(run):
    run("date,type,amount,currency\n2025-01-03,DEPOSIT,100,TWD\n", account="Bank")

    assert Transaction.objects.get().account.name == "Bank"


def test_an_unknown_format_lists_the_known_ones(run):
    with pytest.raises(CommandError, match=r"“abacus” is no known format; known: auto, .*ledger"):
        run(GOOD, format="abacus")


BAD_FILES = [
    (b"", "is empty"),
    (b"\n\n", "holds no line of text"),
    (b"\0" * 100, "is no text file"),
    (b"date,amount\n2025-01-03,5\n", "line 1 names date, amount. Say by a mapping"),
    (b"date,type,account,amount\n25-01-03,DEPOSIT,Bank,1\n", "two-digit year"),
    ("date;type;account;amount\n2025-01-03;DEPOSIT;Bank;1,5\n".encode("utf-8-sig"), "decimal comma"),
    ("date,type,account,amount\r\n2025-01-03,存入,銀行,1\r\n".encode("cp950"), 'unknown type "存入"'),
    (b"Colour,Shape\nred,round\n", "is in no known format"),
]


@pytest.mark.parametrize(("content", "words"), BAD_FILES)
def test_bad_input_ends_in_a_sentence_and_exit_code_1(run, content, words):
    code, _, err = run(content)

    assert code == 1
    assert words in err
    assert not Transaction.objects.exists()


def test_a_hundred_megabytes_of_zeros_end_in_a_sentence(db, capsys, tmp_path):
    path = tmp_path / "zeros.csv"
    with path.open("wb") as file:
        file.truncate(100_000_000)

    code, _, err = _call(capsys, str(path))

    assert (code, err) == (1, f"error: {path} is no text file; export it as CSV\n")


def test_a_missing_file_and_a_folder_end_in_a_sentence(db, capsys, tmp_path):
    code, _, err = _call(capsys, str(tmp_path / "nothing.csv"), str(tmp_path))

    assert code == 1
    assert "nothing.csv does not exist" in err
    assert "is a folder; name a file in it" in err


def test_a_database_that_is_not_set_up_says_what_to_run(tmp_path):
    (tmp_path / "ledger.csv").write_text(GOOD, encoding="utf-8")
    environment = {**os.environ, "DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": ""}

    done = subprocess.run(
        [sys.executable, str(MANAGE), "import_ledger", str(tmp_path / "ledger.csv")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert (
        done.stderr.strip()
        == "CommandError: The database is not set up yet, or is older than the program; run: manage.py migrate"
    )
