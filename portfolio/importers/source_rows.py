"""The accounts of a file while it is read: every source row is booked, skipped, put to a person or rejected, once. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import Kind
from portfolio.importers.rows import CHARGES, NUMBERS, LedgerRow, Need, Problem, Reading, Security
from portfolio.written_values import DECIMALS, INTEGER_DIGITS, SIGNIFICANT_DIGITS

_LONGEST = {"symbol": 40, "account": 80, "to_account": 80, "external_id": 120}
_LONGEST_NOTE = 500
_MAY_BE_ZERO = CHARGES | {"amount"}


class SourceRows:
    """Takes what became of each line and makes the reading of it.

    A line that is asked about or rejected makes no ledger row, whatever was booked from it before.
    """

    def __init__(self, lines: Iterable[int]) -> None:
        self._lines = dict.fromkeys(lines)
        self._rows: list[LedgerRow] = []
        self._skipped: set[int] = set()
        self._review: dict[int, Problem] = {}
        self._rejected: dict[int, Problem] = {}
        self._warnings: dict[Problem, None] = {}
        self._warned_codes: set[str] = set()
        self._securities: dict[str, Security] = {}
        self._cancelled: list[tuple[str, str]] = []

    def book(self, *rows: LedgerRow) -> None:
        """Take ledger rows; the file's order is kept by the order of these calls. One that no table can hold is asked about."""
        for row in rows:
            if reason := _does_not_fit(row):
                self.review(Problem(row.line, "", f"{reason}; enter the row by hand", "unreadable"))
            self._rows.append(row if len(row.note) <= _LONGEST_NOTE else replace(row, note=row.note[:_LONGEST_NOTE]))

    def skip(self, *lines: int) -> None:
        """Take lines that are meant to make no row."""
        self._skipped.update(lines)

    def review(self, problem: Problem) -> None:
        """Put a line to a person; of several questions about one line the first is asked."""
        self._review.setdefault(problem.line, problem)

    def reject(self, problem: Problem) -> None:
        """Refuse a line; with it the whole file, unless bad rows are to be skipped."""
        self._rejected.setdefault(problem.line, problem)

    def warn(self, line: int, column: str, reason: str, code: str = "") -> None:
        """Say that a row was written with something inferred, or what else a person should know."""
        problem = Problem(line, column, reason, code)
        self._warnings[problem] = None
        self._warned_codes.add(code)

    def warn_once(self, code: str, line: int, reason: str) -> None:
        """Warn of the first line alone where a file repeats the same thing on many."""
        if code not in self._warned_codes:
            self.warn(line, "", reason, code)

    def security(self, symbol: str, security: Security) -> None:
        """Note what the file says of an instrument; what was said first stays."""
        if symbol:
            self._securities.setdefault(symbol, security)

    def cancel(self, account: str, *ids: str) -> None:
        """Note the ids of source rows that the file takes back."""
        self._cancelled.extend((account, each) for each in ids)

    def is_settled(self, line: int) -> bool:
        """Whether a line has its outcome already."""
        return line in self._skipped or line in self._review or line in self._rejected

    def reading(self) -> Reading:
        """Return everything; a line that nothing was said of is put to a person, since no row may be lost."""
        asked = {**self._review}
        bad = asked.keys() | self._rejected.keys()
        rows = [row for row in self._rows if not bad.intersection(row.lines)]
        # of an event spread over several lines one that is in doubt takes the others with it
        for row in self._rows:
            if hit := bad.intersection(row.lines):
                for line in row.lines:
                    if line not in bad:
                        asked[line] = Problem(line, "", f"belongs to line {min(hit)}, which needs a look", "partner")
        booked = {line for row in rows for line in row.lines}
        asked = {line: problem for line, problem in asked.items() if line not in self._rejected and line not in booked}
        settled = booked | asked.keys() | self._rejected.keys()
        skipped = self._skipped - settled
        for line in self._lines:
            if line not in settled and line not in skipped:
                asked[line] = Problem(
                    line, "", "this importer does not know what the row means; enter it by hand", "unknown_word"
                )
        return Reading(
            rows=rows,
            source_rows=len(self._lines),
            skipped=len(skipped),
            rejected=[self._rejected[line] for line in sorted(self._rejected)],
            needs_review=[asked[line] for line in sorted(asked)],
            warnings=list(self._warnings),
            securities=self._securities,
            cancelled=self._cancelled,
        )


def _does_not_fit(row: LedgerRow) -> str:
    """Say why the tables cannot hold a row; "" where they can."""
    for name, longest in _LONGEST.items():
        if len(getattr(row, name)) > longest:
            return f"{name} is longer than {longest} characters"
    for currency in (row.currency, row.to_currency):
        if currency and not is_currency(currency):
            return f"“{currency[:10]}” is no currency code"
    for name in NUMBERS:
        value = getattr(row, name)
        if value is None or (name == "quantity" and row.needs == Need.HELD_UNITS):
            continue
        if not _is_kept_exactly(value):
            return f"{name} has more digits than can be kept exactly"
        # a statement may say that an account is overdrawn
        if row.kind != Kind.BALANCE and (value < 0 or (value == 0 and name not in _MAY_BE_ZERO)):
            return f"{name} is not above zero"
    return ""


def _is_kept_exactly(value: Decimal) -> bool:
    digits = value.normalize().as_tuple()
    decimals = -int(digits.exponent) if isinstance(digits.exponent, int) else DECIMALS + 1
    return (
        decimals <= DECIMALS and len(digits.digits) <= SIGNIFICANT_DIGITS and (not value or value.adjusted() < INTEGER_DIGITS)
    )
