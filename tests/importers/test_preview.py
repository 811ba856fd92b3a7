"""What a file would do, row by row, and what a person's changes make of it."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.engine.kinds import Kind
from portfolio.importers.edits import LEAVE_OUT, edit_of, keyed, with_edits
from portfolio.importers.preview import Mark, preview_rows
from portfolio.importers.rows import LedgerRow, Problem, Reading
from portfolio.importers.save import Choices, SourceFile, save_rows
from tests.importers.test_save import counts

SOURCE = SourceFile("file.csv", "firstrade", b"")
DAY = dt.date(2025, 3, 24)


def deposit(line: int, amount: int, *more_lines: int, day: dt.date = DAY) -> LedgerRow:
    return LedgerRow((line, *more_lines), day, Kind.DEPOSIT, account="Broker", amount=Decimal(amount), currency="USD")


def reading(*rows: LedgerRow, asked: tuple[int, ...] = (), rejected: tuple[int, ...] = ()) -> Reading:
    lines = {line for row in rows for line in row.lines} | {*asked, *rejected}
    return Reading(
        rows=list(rows),
        source_rows=len(lines),
        needs_review=[Problem(line, "", "which word is this?", "unknown_word") for line in asked],
        rejected=[Problem(line, "", "is no row") for line in rejected],
    )


def marks(found: Reading) -> list[tuple[str, Mark]]:
    preview = preview_rows(reading=found, source=SOURCE, choices=Choices(dry_run=True))
    return [(row.key, row.mark) for row in preview.rows]


def said(kind: str = "DEPOSIT", **values: object) -> dict:
    return edit_of({"date": DAY, "kind": kind, "account": "Broker", "amount": 5, "currency": "USD", **values})


@pytest.mark.django_db
def test_two_rows_of_one_line_keep_their_own_marks():
    save_rows(reading=reading(deposit(2, 10)), source=SOURCE, choices=Choices())

    found = marks(reading(deposit(2, 99), deposit(2, 10), asked=(3,)))

    assert found == [("2-0", Mark.NEW), ("2-1", Mark.DUPLICATE), ("3-0", Mark.REVIEW)]


@pytest.mark.django_db
def test_every_source_row_is_counted_once_whatever_a_person_does():
    edits = {"2-0": {LEAVE_OUT: True}, "3-0": said(amount=7), "5-0": said(), "6-0": {LEAVE_OUT: True}}
    found = with_edits(
        reading=reading(deposit(2, 10), deposit(3, 11), deposit(4, 12), asked=(5, 6), rejected=(7,)), edits=edits
    )

    report = save_rows(reading=found, source=SOURCE, choices=Choices(skip_bad_rows=True))

    # 3, 4 and 5 are written; 2 and 6 are left out, 7 stays refused
    assert counts(report) == (3, 0, 2, 0, 1)


def test_a_row_that_two_lines_made_takes_both_along_when_it_is_left_out():
    found = with_edits(reading=reading(deposit(2, 10, 3), deposit(4, 12)), edits={"2-0": {LEAVE_OUT: True}})

    assert [row.line for row in found.rows] == [4]
    assert found.skipped == 2


def test_a_line_of_two_rows_is_not_skipped_while_one_of_them_stays():
    found = with_edits(reading=reading(deposit(2, 10), deposit(2, 11)), edits={"2-1": {LEAVE_OUT: True}})

    assert ([row.amount for row in found.rows], found.skipped) == ([10], 0)


def test_an_entered_row_stands_behind_the_others_of_its_day():
    before, after = dt.date(2025, 3, 1), dt.date(2025, 4, 1)
    found = with_edits(
        reading=reading(deposit(2, 1, day=before), deposit(3, 2), deposit(4, 3, day=after), asked=(5,)), edits={"5-0": said()}
    )

    assert [row.line for row in found.rows] == [2, 3, 5, 4]


def test_a_changed_row_keeps_its_id_and_loses_what_was_emptied():
    row = LedgerRow(
        (2,), DAY, Kind.BUY, account="Broker", symbol="QQQ", quantity=Decimal(1), price=Decimal(5), external_id="t1"
    )

    (found,) = with_edits(reading=reading(row), edits={"2-0": said("BUY", symbol="QQQ", quantity="2", amount="")}).rows

    assert (found.external_id, found.quantity, found.price, found.amount) == ("t1", 2, None, None)


def test_rows_are_named_by_their_line_and_place():
    assert [key for key, _row in keyed([deposit(2, 1), deposit(4, 1), deposit(2, 2)])] == ["2-0", "4-0", "2-1"]
