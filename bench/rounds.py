"""Times variants in turn, round after round, so that a busy machine hits them alike. Knows not what it times."""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Variant:
    """Something to time; `before` and `after` run around it in every round, outside the clock."""

    name: str
    act: Callable[[], object]
    before: Callable[[], object] = _nothing
    after: Callable[[], object] = _nothing


def medians(*, variants: Sequence[Variant], rounds: int) -> dict[str, float]:
    """Return the median seconds of each variant over so many rounds, after one round that does not count."""
    taken: dict[str, list[float]] = {variant.name: [] for variant in variants}
    for number in range(rounds + 1):
        for variant in variants:
            variant.before()
            # what one variant leaves behind must not be swept up on the clock of the next
            gc.collect()
            started = time.perf_counter()
            variant.act()
            seconds = time.perf_counter() - started
            variant.after()
            if number:
                taken[variant.name].append(seconds)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}
