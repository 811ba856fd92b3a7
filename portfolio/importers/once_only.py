"""Which rows of a file are new, which are stored already, and which are a stored row that changed. Pure.

Rows with an id are the same event when account and id agree. Rows without one are told apart by all they say, and
counted: two equal rows in one file are two events, the same file twice is not.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from portfolio.importers.rows import NUMBERS, LedgerRow, Problem
from portfolio.written_values import plain

_WORDS = (
    "date", "time", "kind", "account", "symbol", "currency", "to_account", "to_currency", "ex_date", "tax_year", "note",
)  # fmt: skip
_FIELDS = (*_WORDS, *NUMBERS)
_COLUMN = {"kind": "type"}


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row of the ledger as it is stored."""

    key: int
    source: int | None  # the import it came with
    row: LedgerRow


@dataclass(frozen=True, slots=True)
class Update:
    """A stored row that the file has in another version."""

    stored: StoredRow
    row: LedgerRow

    @property
    def differences(self) -> list[tuple[str, object, object]]:
        """Field, stored value and the file's value, for each that differs."""
        pairs = ((name, getattr(self.stored.row, name), getattr(self.row, name)) for name in _FIELDS)
        return [(name, old, new) for name, old, new in pairs if old != new]

    def as_problem(self) -> Problem:
        """Say what would change."""
        parts = [
            f"{_COLUMN.get(name, name)} is {_said(old)} and would become {_said(new)}" for name, old, new in self.differences
        ]
        name = self.row.external_id or f"the row of {self.stored.row.date}"
        column = _COLUMN.get(self.differences[0][0], self.differences[0][0])
        words = f"{name} is stored with other values: {'; '.join(parts)}. Import with --accept-updates to take them over"
        return Problem(self.row.line, column, words, "update")


@dataclass(slots=True)
class Sorted:
    """The rows of a file by what is to be done with them."""

    new: list[LedgerRow] = field(default_factory=list)
    duplicates: list[LedgerRow] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    rejected: list[Problem] = field(default_factory=list)


def sort_out(*, rows: Iterable[LedgerRow], stored: Iterable[StoredRow]) -> Sorted:
    """Compare the rows of one file with the stored ones that could be the same. New rows keep the file's order."""
    result = Sorted()
    with_id, without_id = {}, defaultdict(list)
    for each in stored:
        if each.row.external_id:
            with_id[each.row.account, each.row.external_id] = each
        else:
            without_id[content(each.row)].append(each)
    rows = list(rows)
    contradicting = _contradicting_ids(rows, result)
    unmatched: list[LedgerRow] = []
    matched_sources: set[int] = set()
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if not row.external_id:
            _match_content(row, without_id, unmatched, matched_sources, result)
            continue
        name = (row.account, row.external_id)
        if name not in contradicting:
            known = with_id.get(name)
            _match_id(row, known, result, repeated=name in seen)
            seen.add(name)
            if known is not None and known.source is not None:
                matched_sources.add(known.source)
    _offer_updates(unmatched, without_id, matched_sources, result)
    place = {id(row): number for number, row in enumerate(rows)}
    result.new.sort(key=lambda row: place[id(row)])
    return result


def content(row: LedgerRow) -> tuple[object, ...]:
    """Return all that a row says, without the place it was read from."""
    return (*words(row), *(getattr(row, name) for name in NUMBERS))


def words(row: LedgerRow) -> tuple[object, ...]:
    """Return what a row says apart from its numbers."""
    return tuple(getattr(row, name) for name in _WORDS)


def _contradicting_ids(rows: list[LedgerRow], result: Sorted) -> set[tuple[str, str]]:
    """Reject rows of the file that share an id and say different things."""
    by_id: dict[tuple[str, str], list[LedgerRow]] = defaultdict(list)
    for row in rows:
        if row.external_id:
            by_id[row.account, row.external_id].append(row)
    contradicting = set()
    for name, twins in by_id.items():
        if len(twins) > 1 and len({content(row) for row in twins}) > 1:
            contradicting.add(name)
            lines = " and ".join(str(row.line) for row in twins)
            result.rejected.extend(
                Problem(row.line, "external_id", f"{name[1]} stands in lines {lines} with different values") for row in twins
            )
    return contradicting


def _match_id(row: LedgerRow, stored: StoredRow | None, result: Sorted, *, repeated: bool) -> None:
    if repeated or (stored is not None and content(stored.row) == content(row)):
        result.duplicates.append(row)
    elif stored is not None:
        result.updates.append(Update(stored, row))
    else:
        result.new.append(row)


def _match_content(
    row: LedgerRow,
    stored: dict[tuple[object, ...], list[StoredRow]],
    unmatched: list[LedgerRow],
    matched_sources: set[int],
    result: Sorted,
) -> None:
    twins = stored.get(content(row))
    if not twins:
        unmatched.append(row)
        return
    twin = twins.pop(0)
    if twin.source is not None:
        matched_sources.add(twin.source)
    result.duplicates.append(row)


def _offer_updates(
    unmatched: list[LedgerRow],
    stored: dict[tuple[object, ...], list[StoredRow]],
    matched_sources: set[int],
    result: Sorted,
) -> None:
    """Pair what is left on both sides where only numbers differ: a later export of the same rows, one of them corrected.

    Only stored rows whose own import shares other rows with this file can be meant; all else is new.
    """
    left: dict[tuple[object, ...], list[StoredRow]] = defaultdict(list)
    for twins in stored.values():
        for twin in twins:
            if twin.source in matched_sources:
                left[words(twin.row)].append(twin)
    for row in unmatched:
        candidates = left.get(words(row))
        if not candidates:
            result.new.append(row)
            continue
        nearest = min(candidates, key=lambda candidate: len(Update(candidate, row).differences))
        candidates.remove(nearest)
        result.updates.append(Update(nearest, row))


def _said(value: object) -> str:
    if value is None or value == "":
        return "blank"
    return plain(value) if hasattr(value, "normalize") else str(value)
