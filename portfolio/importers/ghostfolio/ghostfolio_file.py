"""The format ghostfolio: its JSON export or its CSV, whichever a file is. Pure."""

import datetime as dt

from portfolio.importers.ghostfolio import csv_import, json_export
from portfolio.importers.ghostfolio.activities import read_activities
from portfolio.importers.rows import Problem, Reading


def recognises(*, data: bytes) -> bool:
    """Say whether a file is either of the two."""
    return json_export.is_export(data) or csv_import.is_import_file(data)


def read(*, data: bytes, today: dt.date, account: str = "") -> Reading:
    """Return the rows. Raises FileError, also for the whole file where one activity's type or currency is unknown."""
    is_json = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith((b"{", b"["))
    activities, rejected = (json_export if is_json else csv_import).activities_of(data)
    if not activities and not rejected:
        return Reading(warnings=[Problem(0, "", "the file has a header and no rows", "no_rows")])
    return read_activities(activities=activities, rejected=rejected, today=today, account=account)
