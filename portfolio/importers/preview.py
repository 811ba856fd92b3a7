"""What saving a file would do, row by row: what is new, known, changed, in doubt. Writes nothing; knows no page."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from portfolio.importers.edits import keyed
from portfolio.importers.once_only import Update
from portfolio.importers.report import FileReport
from portfolio.importers.rows import LedgerRow, Problem, Reading
from portfolio.importers.save import Choices, Plan, SourceFile, plan_rows, report_of


class Mark(StrEnum):
    """What would become of a row. In the order of how much a person has to do about it."""

    REJECTED = "rejected"
    REVIEW = "review"
    UPDATE = "update"  # stored with other values, or typed before
    TAKES_BACK = "takes_back"  # the broker takes a stored row back
    COMPLETES = "completes"  # the file knows more of a stored row
    NEW = "new"
    DUPLICATE = "duplicate"


_OFFERS = frozenset({"update", "typed_before"})


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One ledger row that a file would make, or a line that makes none."""

    key: str  # as `edits` names it
    lines: tuple[int, ...]
    mark: Mark
    row: LedgerRow | None  # None where the line could not be read as a row
    problem: Problem | None = None  # why it is rejected or in doubt
    warnings: tuple[Problem, ...] = ()
    changes: tuple[tuple[str, object, object], ...] = ()  # field, stored value, the file's value


@dataclass(slots=True)
class Preview:
    """A file before it is saved."""

    report: FileReport
    rows: list[PreviewRow] = field(default_factory=list)  # in the order of the lines
    warnings: list[Problem] = field(default_factory=list)  # of the file as a whole

    def counts(self) -> dict[Mark, int]:
        """Return how many rows have each mark."""
        found = dict.fromkeys(Mark, 0)
        for row in self.rows:
            found[row.mark] += 1
        return found


def preview_rows(*, reading: Reading, source: SourceFile, choices: Choices) -> Preview:
    """Return what saving would do with each row that was read."""
    plan = plan_rows(reading=reading, source=source)
    report = report_of(reading=reading, plan=plan, source=source, choices=choices)
    warnings: dict[int, list[Problem]] = defaultdict(list)
    for problem in report.warnings:
        warnings[problem.line].append(problem)
    rejected = {problem.line: problem for problem in report.rejected}
    # offers that would be taken over are no doubts, so the plan's own list is asked
    in_doubt = {problem.line: problem for problem in report.needs_review if problem.code not in _OFFERS}
    outcomes = _Outcomes(plan, reading)
    rows = []
    for key, row in keyed(reading.rows):
        bad = next((rejected[line] for line in row.lines if line in rejected), None)
        asked = next((in_doubt[line] for line in row.lines if line in in_doubt), None)
        mark, found, update = outcomes.of(row)
        if bad or asked:
            mark = Mark.REJECTED if bad else Mark.REVIEW
        mine = tuple(problem for line in row.lines for problem in warnings.pop(line, ()))
        said = bad or asked or (update.as_problem() if update else None)
        rows.append(PreviewRow(key, row.lines, mark, found, said, mine, tuple(update.differences) if update else ()))
    seen = {line for row in rows for line in row.lines}
    for mark, problems in ((Mark.REJECTED, rejected), (Mark.REVIEW, in_doubt)):
        rows.extend(
            PreviewRow(f"{line}-0", (line,), mark, None, problem, tuple(warnings.pop(line, ())))
            for line, problem in problems.items()
            if line not in seen
        )
    rows.sort(key=lambda row: row.lines[0])
    left = [problem for problems in warnings.values() for problem in problems]
    return Preview(report, rows, left)


class _Outcomes:
    """Finds what became of each row that was read. The plan has copies, with currencies filled in, in lists by outcome."""

    def __init__(self, plan: Plan, reading: Reading) -> None:
        self._by_lines: dict[tuple[int, ...], list[tuple[Mark, LedgerRow, Update | None]]] = defaultdict(list)
        for mark, row, update in _outcomes(plan):
            self._by_lines[row.lines].append((mark, row, update))
        self._is_crowded = len({row.lines for row in reading.rows}) < len(reading.rows)

    def of(self, row: LedgerRow) -> tuple[Mark, LedgerRow, Update | None]:
        """Return mark, the row as it would be stored, and the stored row that it would change."""
        found = self._by_lines.get(row.lines)
        if not found:
            return Mark.REVIEW, row, None
        place = 0
        if self._is_crowded and len(found) > 1:
            # of several rows of one line each is told by what it moves
            alike = (place for place, each in enumerate(found) if _moves(each[1]) == _moves(row))
            place = next(alike, 0)
        return found.pop(place)


def _outcomes(plan: Plan) -> Iterator[tuple[Mark, LedgerRow, Update | None]]:
    sorted_rows = plan.sorted
    yield from ((Mark.NEW, row, None) for row in sorted_rows.new)
    yield from ((Mark.DUPLICATE, row, None) for row in sorted_rows.duplicates)
    yield from ((Mark.UPDATE, each.row, each) for each in sorted_rows.updates)
    yield from ((Mark.COMPLETES, each.row, each) for each in sorted_rows.completions)
    yield from ((Mark.TAKES_BACK, each.row, None) for each in plan.taken_back)


def _moves(row: LedgerRow) -> tuple[object, ...]:
    return row.kind, row.symbol, row.quantity, row.amount
