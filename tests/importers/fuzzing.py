"""Damaged files: whatever bytes come, an import ends in a report whose counts add up, quickly, and is whole or nothing.

Every importer's tests call `survives_damage` with a sound file of its format. `make fuzz` does the same with many more files.
"""

import datetime as dt
import os
import random
import time
from collections.abc import Callable, Iterator

from hypothesis import HealthCheck, Phase, example, given, seed, settings
from hypothesis import strategies as st

from portfolio.importers.files import import_file
from portfolio.importers.report import FileReport
from portfolio.importers.rows import Reading
from portfolio.importers.text import FileError
from portfolio.models import Transaction

TODAY = dt.date(2026, 1, 1)
SEED = 20260101
# files for each importer; `make fuzz` asks for 10,000
FILES = int(os.environ.get("FUZZ_FILES", "300"))
SLOWEST = 2.0  # seconds for one file
_NASTY = (
    b"", b"\0", b'"', b",", b";", b"\r", b"\n", b"\xff", b"\xa4\xa4", b"-", b"(", b"$", b"1e999", b"1E-9", b"NaN", b"Infinity",
    b"99999999999999999999", b"0.0000000000001", b"=1+1", b"00/00/0000", b"31/12/2025", b"9999-12-31", "\u2212".encode(),
    "１２３".encode(), b"<html>", b"PK\x03\x04", b"'" * 50, b"A" * 5000,
)  # fmt: skip


def mutations(data: bytes, *, count: int, number: int = SEED) -> Iterator[bytes]:
    """Yield damaged versions of a file, the same ones for the same seed."""
    dice = random.Random(number)  # noqa: S311  reproducible, not secret
    for _ in range(count):
        damaged = data
        for _ in range(dice.choice((1, 1, 1, 2, 3, 8))):
            damaged = dice.choice(_WAYS)(damaged, dice)
        yield damaged


def _flip(data: bytes, dice: random.Random) -> bytes:
    if not data:
        return data
    place = dice.randrange(len(data))
    return data[:place] + bytes([dice.randrange(256)]) + data[place + 1 :]


def _insert(data: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(data) + 1)
    return data[:place] + dice.choice(_NASTY) + data[place:]


def _remove(data: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(data) + 1)
    return data[:start] + data[start + dice.choice((1, 2, 5, 40, 400)) :]


def _cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def _repeat_line(data: bytes, dice: random.Random) -> bytes:
    lines = data.split(b"\n")
    place = dice.randrange(len(lines))
    return b"\n".join([*lines[:place], lines[place], *lines[place:]])


def _swap_lines(data: bytes, dice: random.Random) -> bytes:
    lines = data.split(b"\n")
    one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _swap_cells(data: bytes, dice: random.Random) -> bytes:
    cells = data.split(b",")
    one, other = dice.randrange(len(cells)), dice.randrange(len(cells))
    cells[one], cells[other] = cells[other], cells[one]
    return b",".join(cells)


def _replace_cell(data: bytes, dice: random.Random) -> bytes:
    cells = data.split(b",")
    cells[dice.randrange(len(cells))] = dice.choice(_NASTY)
    return b",".join(cells)


def _encode_anew(data: bytes, dice: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(dice.choice(("utf-16", "cp950", "cp1252", "utf-8-sig")), "replace")


_WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip, _flip, _insert, _insert, _remove, _cut, _repeat_line, _swap_lines, _swap_cells, _replace_cell, _replace_cell,
    _encode_anew,
)  # fmt: skip


def accounts_for_every_row(reading: Reading) -> None:
    """Check that each source row has one outcome."""
    booked = {line for row in reading.rows for line in row.lines}
    asked = [problem.line for problem in reading.needs_review]
    rejected = [problem.line for problem in reading.rejected]
    assert len(set(asked)) == len(asked)
    assert not booked & {*asked, *rejected}
    assert len(booked) + reading.skipped + len(asked) + len(rejected) == reading.source_rows


def reads_or_refuses(read: Callable[..., Reading], data: bytes) -> None:
    """Check that a file is read, or refused with a reason, in time; nothing else may come of it."""
    start = time.perf_counter()
    try:
        reading = read(data=data, today=TODAY, account="Broker")
    except FileError as error:
        reading = None
        refusal = error.reason
    if reading is None:
        assert refusal
    else:
        accounts_for_every_row(reading)
    assert time.perf_counter() - start < SLOWEST


def imports_or_refuses(data: bytes, *, format_name: str) -> FileReport:
    """Check that an import is whole or nothing and that its counts add up."""
    before = Transaction.objects.count()
    report = import_file(name="damaged.csv", data=data, today=TODAY, format_name=format_name, account="Broker")
    added = Transaction.objects.count() - before
    parts = report.imported + report.duplicates + report.skipped + len(report.needs_review) + len(report.rejected)
    assert report.rows == parts
    assert added == report.written - report.updated
    assert not (report.rejected and report.written)
    return report


def survives_damage(read: Callable[..., Reading], sample: bytes, *, format_name: str) -> None:
    """Check an importer with `FILES` damaged versions of a sound file; every tenth is imported. Needs a database."""
    accounts_for_every_row(read(data=sample, today=TODAY, account="Broker"))
    for place, damaged in enumerate(mutations(sample, count=FILES)):
        reads_or_refuses(read, damaged)
        if place % 10 == 0:
            imports_or_refuses(damaged, format_name=format_name)


def survives_any_cell(read: Callable[..., Reading], make_file: Callable[[list[str]], bytes], *, cells: int) -> None:
    """Check an importer with rows of arbitrary cells under its own header. `make_file` writes a file from one row's cells."""
    text = st.one_of(
        st.text(max_size=20),
        st.from_regex(r"-?\$?[0-9]{1,12}(\.[0-9]{0,12})?", fullmatch=True),
        st.dates().map(lambda day: day.strftime("%m/%d/%Y")),
        st.sampled_from(["BUY", "Buy", "SELL", "Dividend", "Other", "Trade", "", "-", "037833100"]),
    )

    @seed(SEED)
    @settings(
        max_examples=min(FILES, 2000),
        deadline=None,
        database=None,
        derandomize=False,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(text, min_size=cells, max_size=cells))
    @example([""] * cells)
    def check(row: list[str]) -> None:
        reads_or_refuses(read, make_file(row))

    check()
