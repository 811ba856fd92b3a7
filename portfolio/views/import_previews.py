"""Previews that were worked out a moment ago: turning a page or opening a row must not read a long file again.

Kept in the process and dropped at any time; a change of the ledger or of the upload makes another one.
"""

import datetime as dt
import json
import threading
from collections import OrderedDict

from portfolio.importers.preview import Preview
from portfolio.importers.staging import content_of, preview_upload
from portfolio.importers.text import FileError, decode
from portfolio.models import LedgerStamp, StagedUpload

_KEPT = 4
# a longer one is made anew: it would hold the memory of a whole worker
_MOST_ROWS = 30_000
_kept: OrderedDict[str, Preview] = OrderedDict()
_guard = threading.Lock()


def preview_of(*, upload: StagedUpload, today: dt.date) -> Preview:
    """Return what saving an upload would do. Raises FileError."""
    said = [str(upload.pk), upload.format, upload.account, upload.mapping, upload.edits, str(today), LedgerStamp.current()]
    key = json.dumps(said)
    with _guard:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = preview_upload(upload=upload, today=today)
    if len(found.rows) <= _MOST_ROWS:
        with _guard:
            _kept[key] = found
            while len(_kept) > _KEPT:
                _kept.popitem(last=False)
    return found


def lines_of(*, upload: StagedUpload, wanted: set[int]) -> dict[int, str]:
    """Return lines of the file as they stand there, for rows that could not be read."""
    if not wanted:
        return {}
    try:
        lines = decode(content_of(upload=upload), western=True).text.splitlines()
    except FileError:
        return {}
    return {number: lines[number - 1][:300] for number in wanted if 0 < number <= len(lines)}
