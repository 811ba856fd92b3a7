"""Which rows of a file are new, which are stored already, and which are a stored row that changed. Pure.

Rows with an id are the same event when account and id agree; a row made of several source rows has all their ids, and
the version with more of them knows more. Rows without one are told apart by all they say, and counted: two equal rows in
one file are two events, the same file twice is not.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from portfolio.importers.fingerprints import FINGERPRINT, parts
from portfolio.importers.money_check import CENT
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
    is_typed: bool = False  # the stored row was entered by a person and has no id yet

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
        if self.is_typed:
            words = f"looks like the {self.row.kind} row of {self.stored.row.date} that was entered by hand"
            words += f" ({'; '.join(parts)})" if parts else ""
            return Problem(self.row.line, "", f"{words}. Import with --accept-updates to merge the two", "typed_before")
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
    completions: list[Update] = field(default_factory=list)  # the file knows more source rows of a stored event: no question
    needs_review: list[Problem] = field(default_factory=list)
    rejected: list[Problem] = field(default_factory=list)


def sort_out(
    *, rows: Iterable[LedgerRow], stored: Iterable[StoredRow], cancelled: Collection[tuple[str, str]] = frozenset()
) -> Sorted:
    """Compare the rows of one file with the stored ones that could be the same. New rows keep the file's order.

    cancelled: account and id of source rows that an earlier file took back.
    """
    result = Sorted()
    with_id: dict[tuple[str, str], StoredRow] = {}
    without_id: dict[tuple[object, ...], list[StoredRow]] = defaultdict(list)
    for each in stored:
        for part in parts(each.row.external_id):
            # of a transfer each half may come alone in its own account's file
            for account in filter(None, (each.row.to_account, each.row.account)):
                with_id[account, part] = each
        if not each.row.external_id:
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
        if name in contradicting:
            continue
        accounts = [row.account, *filter(None, [row.to_account])]
        ids = [(account, part) for part in parts(row.external_id) for account in accounts]
        known = list({each.key: each for each in map(with_id.get, ids) if each is not None}.values())
        if name in seen or any(each in cancelled for each in ids):
            result.duplicates.append(row)
        elif known:
            _match_ids(row, known, result)
            matched_sources.update(each.source for each in known if each.source is not None)
        else:
            unmatched.append(row)
        seen.add(name)
    _offer_updates([row for row in unmatched if not row.external_id], without_id, matched_sources, result)
    _offer_typed([row for row in unmatched if row.external_id], without_id, result)
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


def _match_ids(row: LedgerRow, known: list[StoredRow], result: Sorted) -> None:
    """Compare a row with the stored ones that have some of its ids."""
    mine = set(parts(row.external_id))
    theirs = {part for each in known for part in parts(each.row.external_id)}
    one = known[0]
    prints = set(filter(FINGERPRINT.fullmatch, mine))
    if mine == theirs and len(known) == 1:
        # an id made from all that the source says cannot have changed there: what differs was corrected here
        is_same = content(one.row) == content(row) or all(map(FINGERPRINT.fullmatch, mine))
        (result.duplicates if is_same else result.updates).append(row if is_same else Update(one, row))
    # a broker may number its rows anew with each download; what they say stays the same
    elif mine <= theirs or (prints and prints < mine and prints <= theirs):
        result.duplicates.append(row)
    elif len(known) == 1 and theirs < mine and one.source is not None:
        result.completions.append(Update(one, row))
    else:
        lines = " and ".join(f"the {each.row.kind} row of {each.row.date}" for each in known)
        words = f"is stored in parts already, as {lines}, and this file has more of it; correct the stored rows by hand"
        result.needs_review.append(Problem(row.line, "external_id", words, "update"))


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


def _offer_typed(unmatched: list[LedgerRow], stored: dict[tuple[object, ...], list[StoredRow]], result: Sorted) -> None:
    """Take new rows; offer to merge one that a person seems to have entered before, by hand or in a ledger file."""
    typed: dict[tuple[object, ...], list[StoredRow]] = defaultdict(list)
    for twin in (twin for twins in stored.values() for twin in twins):
        typed[_event(twin.row)].append(twin)
    for row in unmatched:
        candidates = typed.get(_event(row), []) if typed else []
        twin = next((each for each in candidates if _is_alike(each.row, row)), None)
        if twin is None:
            result.new.append(row)
        else:
            candidates.remove(twin)
            result.updates.append(Update(twin, row, is_typed=True))


def _event(row: LedgerRow) -> tuple[object, ...]:
    return row.date, row.kind, row.account, row.symbol


def _is_alike(typed: LedgerRow, row: LedgerRow) -> bool:
    """Say whether two rows of one day, kind, account and symbol are one event: the same units, and money to the cent."""
    if typed.quantity is not None and row.quantity is not None and typed.quantity != row.quantity:
        return False
    mine, other = _gross(typed), _gross(row)
    if mine is None or other is None:
        return typed.quantity is not None and typed.quantity == row.quantity
    return abs(mine - other) <= max(CENT, other * CENT / 2 if typed.amount is None or row.amount is None else CENT)


def _gross(row: LedgerRow) -> Decimal | None:
    if row.amount is not None:
        return row.amount
    return row.quantity * row.price if row.quantity is not None and row.price is not None else None


def _said(value: object) -> str:
    if value is None or value == "":
        return "blank"
    return plain(value) if hasattr(value, "normalize") else str(value)
