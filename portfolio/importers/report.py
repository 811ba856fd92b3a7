"""What became of one file: counts of its rows, and what a person should look at. Writes JSON and text; decides nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from portfolio.importers.rows import Problem

_SHOWN = 20


@dataclass(slots=True)
class FileReport:
    """Counts are of source rows: rows = imported + duplicates + skipped + needs_review + rejected."""

    file: str
    format: str
    rows: int = 0
    imported: int = 0
    duplicates: int = 0
    skipped: int = 0  # blank lines, and the sound rows of a file that was refused as a whole
    written: int = 0  # ledger rows written or changed
    updated: int = 0  # of those, changed
    is_dry_run: bool = False
    is_unusable: bool = False  # not even its rows could be counted
    entry: int | None = None  # key of the import, once something was written
    needs_review: list[Problem] = field(default_factory=list)
    rejected: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    new_accounts: list[str] = field(default_factory=list)
    new_instruments: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the report as `import_ledger --json` prints it."""
        counts = {name: getattr(self, name) for name in _COUNTS}
        problems = {name: [problem.as_json() for problem in getattr(self, name)] for name in _PROBLEMS}
        made = {"accounts": self.new_accounts, "instruments": self.new_instruments}
        return {"file": self.file, "format": self.format, **counts, **problems, "created": made, "dry_run": self.is_dry_run}


_COUNTS = ("rows", "imported", "duplicates", "skipped", "written", "updated")
_PROBLEMS = ("needs_review", "rejected", "warnings")


def refused(*, file: str, format_name: str, problem: Problem) -> FileReport:
    """Return the report of a file that cannot be used at all; it counts as one rejected row."""
    return FileReport(file=file, format=format_name, rows=1, rejected=[problem], is_unusable=True)


def summary(report: FileReport) -> str:
    """Say in one line what became of the file."""
    if report.is_unusable:
        return f"{report.file}: nothing was imported"
    counts = [f"{report.rows:,} rows"]
    if report.imported or not report.rejected:
        counts.append(f"{report.imported:,} {'would be imported' if report.is_dry_run else 'imported'}")
    for number, words in (
        (report.updated, "of them changed stored rows"),
        (report.duplicates, "already there"),
        (report.skipped, "skipped"),
        (len(report.needs_review), "to be looked at"),
        (len(report.rejected), "rejected"),
    ):
        if number:
            counts.append(f"{number:,} {words}")
    ending = ". Nothing was imported." if report.rejected and not report.imported else ""
    return f"{report.file}: {', '.join(counts)}{ending}"


def problem_lines(report: FileReport) -> Iterator[tuple[str, str]]:
    """Yield (error, review or warning, sentence) for each thing to look at; long lists are cut."""
    for word, problems in (("error", report.rejected), ("review", report.needs_review), ("warning", report.warnings)):
        for problem in problems[:_SHOWN]:
            yield word, f"{report.file}{', ' if problem.line else ' '}{problem}"
        if len(problems) > _SHOWN:
            yield word, f"{report.file}: … and {len(problems) - _SHOWN:,} more"
