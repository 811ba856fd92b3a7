"""How the household votes: with its boards and against them, by type of resolution and by company. Counts, nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portfolio.engine.resolutions import Vote


@dataclass(frozen=True, slots=True)
class CastVote:
    """One resolution as voted. An empty word: nothing was recommended, or nothing was cast."""

    company: str  # symbol
    type: str  # a word of ResolutionType, or the name of a type of the household's own
    recommendation: str
    vote: str


class Side(StrEnum):
    WITH = "with"
    AGAINST = "against"
    ABSTAINED = "abstained"  # where the board recommended something else
    ALONE = "alone"  # cast without a recommendation
    OPEN = "open"  # not cast


@dataclass(frozen=True, slots=True)
class Count:
    """How often, for one type, one company, or all."""

    name: str
    with_board: int
    against_board: int
    abstained: int
    alone: int
    open: int

    @property
    def compared(self) -> int:
        """Votes that can be held against a recommendation."""
        return self.with_board + self.against_board + self.abstained

    @property
    def share_with_board(self) -> float | None:
        """A fraction; None where nothing can be compared."""
        return self.with_board / self.compared if self.compared else None


@dataclass(frozen=True, slots=True)
class VotingHistory:
    total: Count
    by_type: tuple[Count, ...]  # the most often against the board first
    by_company: tuple[Count, ...]


def side_of(*, recommendation: str, vote: str) -> Side:
    """Return on whose side a vote stands. A vote for where the board abstains counts as against it, and so the other way."""
    if not vote:
        return Side.OPEN
    if not recommendation:
        return Side.ALONE
    if vote == recommendation:
        return Side.WITH
    return Side.ABSTAINED if vote == Vote.ABSTAIN else Side.AGAINST


def build_voting_history(*, votes: Iterable[CastVote]) -> VotingHistory:
    """Return the counts of all votes."""
    found = list(votes)
    return VotingHistory(
        total=_count("", found),
        by_type=_by(found, sorted({each.type for each in found}), "type"),
        by_company=_by(found, sorted({each.company for each in found}), "company"),
    )


def _by(votes: Sequence[CastVote], names: Sequence[str], field: str) -> tuple[Count, ...]:
    counts = [_count(name, [each for each in votes if getattr(each, field) == name]) for name in names]
    return tuple(sorted(counts, key=lambda count: (-count.against_board - count.abstained, -count.compared, count.name)))


def _count(name: str, votes: Sequence[CastVote]) -> Count:
    sides = [side_of(recommendation=each.recommendation, vote=each.vote) for each in votes]
    return Count(name, *(sides.count(side) for side in (Side.WITH, Side.AGAINST, Side.ABSTAINED, Side.ALONE, Side.OPEN)))
