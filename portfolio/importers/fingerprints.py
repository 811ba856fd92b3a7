"""Ids for source rows that bring none: the same event read again gets the same id, two equal rows of one file get two. Pure.

An id is built from values, never from how they were written: a file saved again in a spreadsheet keeps its ids.
"""

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from portfolio.importers.rows import AND
from portfolio.written_values import plain

# such an id, or the mark of what was inferred from another row of the file
FINGERPRINT = re.compile(r"[a-z-]+:[0-9a-f]{20}[a-z]?")

Value = dt.date | Decimal | str | None


class Fingerprints:
    """Makes ids within one file; each call for equal values counts one further."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._seen: Counter[str] = Counter()

    def of(self, *values: Value) -> str:
        """Return the id of a source row by what it says."""
        text = "\x1f".join(map(_written, values))
        self._seen[text] += 1
        digest = hashlib.sha256(f"{text}\x1f{self._seen[text]}".encode(errors="replace")).hexdigest()
        return f"{self._source}:{digest[:20]}"


def joined(ids: Iterable[str]) -> str:
    """Return the id of a ledger row that was made from several source rows, the one that gave its kind first."""
    return AND.join(dict.fromkeys(filter(None, ids)))


def knowing_more(external_id: str) -> str:
    """Return the id of a row of which other rows of the file tell something that the row itself does not say.

    A file without those rows makes the shorter id, which counts as knowing less: it changes nothing that is stored.
    """
    return joined([external_id, f"{parts(external_id)[0]}x"])


def parts(external_id: str) -> list[str]:
    """Return the ids of the source rows in a ledger row's id."""
    return external_id.split(AND) if external_id else []


def _written(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain(value) if value else "0"
    return " ".join(value.split()).upper()
