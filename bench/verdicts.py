"""One measured ratio against its budget, and the table of them all. Measures nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

HEADER = ("measure", "size", "Larder", "yardstick", "ratio", "budget", "")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A figure of the app beside its yardstick; without a budget it is there for information."""

    measure: str
    size: str
    ours: str
    yardstick: str
    ratio: float | None  # None when it could not be measured; `note` says why
    budget: float | None
    note: str = ""

    @property
    def is_over(self) -> bool:
        """Say whether a budget was measured and missed."""
        return self.ratio is not None and self.budget is not None and self.ratio > self.budget

    @property
    def word(self) -> str:
        """The verdict as the table shows it."""
        if self.ratio is None:
            return f"skipped: {self.note}"
        if self.budget is None:
            return f"for information{': ' + self.note if self.note else ''}"
        return "OVER" if self.is_over else "ok"


def timed(*, measure: str, size: str, ours: float, yardstick: float, budget: float | None, note: str = "") -> Verdict:
    """Return the verdict on two medians in seconds."""
    return Verdict(measure, size, milliseconds(ours), milliseconds(yardstick), ours / yardstick, budget, note)


def skipped(*, measure: str, size: str, budget: float | None, note: str) -> Verdict:
    """Return the line of a measure that cannot be taken here."""
    return Verdict(measure, size, "", "", None, budget, note)


def milliseconds(seconds: float) -> str:
    """Write a time so that three digits show whatever its size."""
    value = seconds * 1000
    return f"{value:,.{0 if value >= 100 else 1 if value >= 10 else 2}f} ms"


def table(verdicts: Sequence[Verdict]) -> str:
    """Return the verdicts as a table of plain text."""
    lines = [HEADER]
    for verdict in verdicts:
        ratio = "" if verdict.ratio is None else f"x {verdict.ratio:.2f}"
        budget = "" if verdict.budget is None else f"<= {verdict.budget:g}"
        lines.append((verdict.measure, verdict.size, verdict.ours, verdict.yardstick, ratio, budget, verdict.word))
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADER))]

    def written(line: tuple[str, ...]) -> str:
        # words to the left, figures to the right
        cells = (
            text.ljust(width) if place in {0, 1, 6} else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        return "  ".join(cells).rstrip()

    return "\n".join([written(lines[0]), "  ".join("-" * width for width in widths[:-1]), *map(written, lines[1:])])
