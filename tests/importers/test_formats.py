"""Which format a file is in: by its content, or as the caller says."""

import datetime as dt

import pytest

from portfolio.importers.files import import_file
from portfolio.importers.formats import UnknownFormatError, format_of, known_formats

TODAY = dt.date(2026, 1, 1)


def test_a_ledger_is_known_by_its_content_whatever_its_name():
    assert format_of(name="auto", data=b"date,type,account\n").name == "ledger"


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(UnknownFormatError, match="known: auto, ledger"):
        format_of(name="abacus", data=b"")

    assert known_formats()[0] == "auto"


def test_a_file_in_no_known_format_is_one_rejection():
    report = import_file(name="x.csv", data=b"Colour,Shape\nred,round\n", today=TODAY)

    assert "is in no known format" in report.rejected[0].reason
    assert (report.rows, report.format) == (1, "auto")


@pytest.mark.parametrize("data", [b"", b"\0" * 9000, b"x" * 20_000_001])
def test_a_file_that_is_no_text_never_reaches_a_format(data):
    assert len(import_file(name="x.csv", data=data, today=TODAY).rejected) == 1
