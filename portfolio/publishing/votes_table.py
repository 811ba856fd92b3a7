"""Every resolution with its meeting as one CSV table. Words are codes, so that a spreadsheet can count them."""

import csv
import io
from collections.abc import Iterable

from portfolio.importers.table import escaped
from portfolio.models import Resolution
from portfolio.written_values import plain

COLUMNS = (
    "symbol",
    "company",
    "meeting",
    "date",
    "record_date",
    "deadline",
    "time_zone",
    "number",
    "title",
    "type",
    "own_type",
    "board_recommendation",
    "own_vote",
    "result_for_percent",
    "note",
)
# a spreadsheet takes a file without it for one in the local encoding
MARK = "\ufeff"


def votes_table(*, resolutions: Iterable[Resolution]) -> str:
    """Return the table; text that a spreadsheet would run as a formula gets an apostrophe."""
    file = io.StringIO()
    file.write(MARK)
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in resolutions:
        writer.writerow([escaped(cell) for cell in _cells(each)])
    return file.getvalue()


def _cells(each: Resolution) -> list[str]:
    meeting = each.meeting
    return [
        meeting.instrument.symbol,
        meeting.instrument.name,
        meeting.kind,
        meeting.date.isoformat(),
        meeting.record_date.isoformat() if meeting.record_date else "",
        meeting.votes_until.isoformat() if meeting.deadline else "",
        meeting.time_zone,
        each.number,
        each.title,
        each.type,
        each.own_type.name if each.own_type else "",
        each.board_recommendation,
        each.own_vote,
        "" if each.result_for_percent is None else plain(each.result_for_percent),
        each.note,
    ]
