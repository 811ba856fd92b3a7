"""Which format a file is in: by its content, or as the caller says."""

import datetime as dt

import pytest

from portfolio.importers import formats
from portfolio.importers.files import import_file
from portfolio.importers.formats import Format, UnknownFormatError, format_of, known_formats
from portfolio.importers.text import FileError, decode

TODAY = dt.date(2026, 1, 1)


def test_a_ledger_is_known_by_its_content_whatever_its_name():
    assert format_of(name="auto", data=b"date,type,account\n").name == "ledger"


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(UnknownFormatError, match=r"known: auto, .*ledger"):
        format_of(name="abacus", data=b"")

    assert known_formats()[0] == "auto"


@pytest.mark.django_db
def test_a_file_in_no_known_format_is_one_rejection_that_says_what_was_seen():
    report = import_file(name="x.csv", data=b"Colour,Shape\nred,round\n", today=TODAY)

    assert "is in no known format" in report.rejected[0].reason
    assert "line 1 names Colour, Shape. Say by a mapping" in report.rejected[0].reason
    assert (report.rows, report.format) == (1, "auto")


def test_a_file_that_could_be_in_two_formats_is_refused_with_both_named(monkeypatch):
    one, other, weaker = (Format(name, lambda data: True, None, rank) for name, rank in (("a", 0), ("b", 0), ("c", 1)))
    monkeypatch.setattr(formats, "FORMATS", (weaker, one, other))

    with pytest.raises(FileError, match="could be in any of these formats: a, b"):
        format_of(name="auto", data=b"x,y\n")

    monkeypatch.setattr(formats, "FORMATS", (weaker, one))
    assert format_of(name="auto", data=b"x,y\n").name == "a"


@pytest.mark.parametrize("data", [b"", b"\0" * 9000, b"x" * 20_000_001])
def test_a_file_that_is_no_text_never_reaches_a_format(data):
    assert len(import_file(name="x.csv", data=data, today=TODAY).rejected) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04\x14\x00", "save the sheet as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "save the sheet as CSV"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html>", "log in there"),
        (b"<HTML><body>", "log in there"),
    ],
)
def test_workbooks_archives_and_login_pages_say_what_to_do(data, words):
    assert words in import_file(name="x.csv", data=data, today=TODAY).rejected[0].reason


def test_a_western_text_is_no_chinese():
    assert decode("Café; 5 £,x\n".encode("cp1252"), western=True).text == "Café; 5 £,x\n"
    assert decode("成交日期\n".encode("cp950"), western=True).text == "成交日期\n"
