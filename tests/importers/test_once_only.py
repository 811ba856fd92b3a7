"""Each event once: by its id, else by all it says."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio.models import LedgerImport, LedgerStamp, Transaction

pytestmark = pytest.mark.django_db
HEADER = "date,type,account,symbol,quantity,price,amount,currency,fee,note,external_id\n"


def deposit(day: int, amount: object, *, note: str = "", external_id: str = "", account: str = "Bank", fee: object = "") -> str:
    return f"2025-01-{day:02d},DEPOSIT,{account},,,,{amount},TWD,{fee},{note},{external_id}\n"


def amounts() -> list[int]:
    return sorted(int(amount) for amount in Transaction.objects.values_list("amount", flat=True))


def test_the_same_file_twice_changes_nothing_the_second_time(load):
    text = HEADER + deposit(3, 100, external_id="1") + deposit(3, 100) + deposit(3, 100)
    load(text)
    stamp = LedgerStamp.current()

    again = load(text)

    assert (again.imported, again.duplicates, again.written) == (0, 3, 0)
    assert amounts() == [100, 100, 100]
    assert LedgerStamp.current() == stamp
    assert list(LedgerImport.objects.order_by("pk").values_list("written", "duplicates")) == [(3, 0), (0, 3)]


def test_equal_rows_in_one_file_are_different_events(load):
    assert load(HEADER + deposit(3, 100) + deposit(3, 100)).written == 2


def test_a_third_equal_row_in_a_later_file_is_one_more_event(load):
    load(HEADER + deposit(3, 100) + deposit(3, 100))

    report = load(HEADER + deposit(3, 100) + deposit(3, 100) + deposit(3, 100))

    assert (report.duplicates, report.written) == (2, 1)


def test_the_same_id_in_two_accounts_is_two_events(load):
    assert load(HEADER + deposit(3, 1, external_id="1") + deposit(3, 1, external_id="1", account="Other")).written == 2


def test_an_id_that_stands_twice_with_the_same_values_counts_once(load):
    report = load(HEADER + deposit(3, 1, external_id="1") + deposit(3, 1, external_id="1"))

    assert (report.written, report.duplicates) == (1, 1)


def test_an_id_that_stands_twice_with_different_values_is_refused_with_both_lines(load):
    report = load(HEADER + deposit(3, 1, external_id="A") + deposit(4, 1) + deposit(3, 2, external_id="A"))

    assert [problem.line for problem in report.rejected] == [2, 4]
    assert all("A stands in lines 2 and 4" in problem.reason for problem in report.rejected)
    assert amounts() == []


def test_a_known_id_with_other_values_is_offered_and_not_taken(load):
    load(HEADER + deposit(3, 100, external_id="1"))

    report = load(HEADER + deposit(4, 120, external_id="1"))

    assert (report.imported, len(report.needs_review), report.rejected) == (0, 1, [])
    reason = report.needs_review[0].reason
    assert "date is 2025-01-03 and would become 2025-01-04" in reason
    assert "amount is 100 and would become 120" in reason
    assert amounts() == [100]


def test_an_accepted_update_changes_the_row_and_keeps_the_version_before(load):
    load(HEADER + deposit(3, 100, external_id="1"))
    row = Transaction.objects.get()

    report = load(HEADER + deposit(3, 120, external_id="1"), accept_updates=True)

    assert (report.imported, report.updated, report.written, report.needs_review) == (1, 1, 1, [])
    assert amounts() == [120]
    assert Transaction.objects.get().pk == row.pk
    versions = Transaction.history.filter(id=row.pk).order_by("history_date", "history_id")
    assert [(version.history_type, int(version.amount)) for version in versions] == [("+", 100), ("~", 120)]
    assert LedgerImport.objects.latest("pk").updated == 1


def test_a_second_update_adds_one_version(load):
    load(HEADER + deposit(3, 100, external_id="1"))
    load(HEADER + deposit(3, 120, external_id="1"), accept_updates=True)
    load(HEADER + deposit(3, 130, external_id="1"), accept_updates=True)

    assert sorted(int(version.amount) for version in Transaction.history.all()) == [100, 120, 130]


def test_a_corrected_row_without_an_id_is_offered_as_an_update(load):
    load(HEADER + deposit(3, 100) + deposit(4, 200))

    # the 4th is in both files, so this is a later export of the same rows with the 3rd corrected
    report = load(HEADER + deposit(3, 110) + deposit(4, 200))

    assert (report.imported, report.duplicates, len(report.needs_review)) == (0, 1, 1)
    assert "amount is 100 and would become 110" in report.needs_review[0].reason
    accepted = load(HEADER + deposit(3, 110) + deposit(4, 200), accept_updates=True)
    assert (accepted.updated, amounts()) == (1, [110, 200])


def test_a_row_with_an_id_in_common_shows_that_a_file_is_a_later_export_too(load):
    load(HEADER + deposit(3, 100) + deposit(4, 200, external_id="1"))

    assert len(load(HEADER + deposit(3, 110) + deposit(4, 200, external_id="1")).needs_review) == 1


def test_a_row_that_shares_nothing_else_with_an_earlier_file_is_new(load):
    load(HEADER + deposit(3, 100) + deposit(4, 200))

    report = load(HEADER + deposit(3, 110) + deposit(5, 300))

    assert (report.imported, report.needs_review) == (2, [])


def test_a_row_with_another_note_is_new(load):
    load(HEADER + deposit(3, 100, note="one") + deposit(4, 200))

    report = load(HEADER + deposit(3, 110, note="two") + deposit(4, 200))

    assert (report.imported, report.needs_review) == (1, [])


def test_of_several_candidates_the_nearest_is_the_one_that_changed(load):
    load(HEADER + deposit(3, 100, fee=1) + deposit(3, 500, fee=9) + deposit(4, 200))

    # 500 with a fee of 8 differs from the second row in one number, from the first in two
    report = load(HEADER + deposit(3, 500, fee=8) + deposit(4, 200))

    assert [problem.reason for problem in report.needs_review if "fee is 9 and would become 8" in problem.reason]


def test_a_row_entered_by_hand_is_not_entered_again(load):
    load(HEADER + deposit(3, 100))
    Transaction.objects.update(source=None)

    assert load(HEADER + deposit(3, 100)).duplicates == 1


ROWS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 3), st.booleans()), min_size=1, max_size=24)


def lines_of(rows: list[tuple[int, int, bool]]) -> list[str]:
    """Return rows by date, some with ids; many of those without are equal."""
    return [
        deposit(day, amount, external_id=f"{number}" if has_id else "")
        for number, (day, amount, has_id) in enumerate(sorted(rows))
    ]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, seed=st.integers(0, 9))
def test_however_a_file_comes_again_the_ledger_stays_the_same(load, rows, seed):
    Transaction.objects.all().delete()
    lines = lines_of(rows)
    load(HEADER + "".join(lines))
    expected = amounts()
    shuffled = random.Random(seed).sample(lines, len(lines))  # noqa: S311  a shuffle, no secret

    for again in (lines, lines[::-1], shuffled):
        report = load(HEADER + "".join(again))
        assert (report.written, report.needs_review, report.duplicates) == (0, [], len(lines))

    assert amounts() == expected


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, cut=st.integers(1, 9), overlap=st.integers(0, 4))
def test_overlapping_halves_give_one_ledger(load, rows, cut, overlap):
    """An export covers whole days, so halves overlap by days, not by a part of one."""
    Transaction.objects.all().delete()
    lines = lines_of(rows)
    days = [day for day, _, _ in sorted(rows)]
    early = [line for day, line in zip(days, lines, strict=True) if day <= cut + overlap]
    late = [line for day, line in zip(days, lines, strict=True) if day > cut]

    for half in (late, early, late):
        load(HEADER + "".join(half))

    assert amounts() == sorted(amount for _, amount, _ in rows)
