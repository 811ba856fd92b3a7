"""Variants take turns, the first round does not count, and a budget is missed only when a ratio lies above it."""

from bench.rounds import Variant, medians
from bench.verdicts import Verdict, milliseconds, skipped, table, timed


def test_variants_take_turns_and_each_round_is_prepared_and_cleared():
    diary = []
    a = Variant("a", lambda: diary.append("a"), before=lambda: diary.append("before a"), after=lambda: diary.append("after a"))
    b = Variant("b", lambda: diary.append("b"))

    found = medians(variants=[a, b], rounds=2)

    # two rounds and the one ahead of them that does not count
    assert diary == ["before a", "a", "after a", "b"] * 3
    assert found.keys() == {"a", "b"}


def test_a_ratio_on_its_budget_is_kept_and_one_above_is_missed():
    assert not timed(measure="m", size="s", ours=6.0, yardstick=2.0, budget=3.0).is_over
    assert timed(measure="m", size="s", ours=6.1, yardstick=2.0, budget=3.0).is_over


def test_what_has_no_budget_or_was_not_measured_is_never_missed():
    assert not timed(measure="m", size="s", ours=100.0, yardstick=1.0, budget=None).is_over
    assert not skipped(measure="m", size="s", budget=1.0, note="nothing to measure against").is_over


def test_the_table_says_ratio_budget_and_verdict_of_each_line():
    lines = table(
        [
            Verdict("review", "household", "30 ms", "10 ms", 3.0, 6.0),
            Verdict("page", "household", "9 ms", "3 ms", 3.0, 2.0),
            skipped(measure="start", size="tiny", budget=1.5, note="pandas is not installed"),
        ]
    ).splitlines()

    assert lines[2].split() == ["review", "household", "30", "ms", "10", "ms", "x", "3.00", "<=", "6", "ok"]
    assert lines[3].endswith("OVER")
    assert lines[4].endswith("skipped: pandas is not installed")


def test_times_show_three_digits_whatever_their_size():
    assert [milliseconds(seconds) for seconds in (0.001234, 0.01234, 0.1234, 1.234)] == [
        "1.23 ms",
        "12.3 ms",
        "123 ms",
        "1,234 ms",
    ]
