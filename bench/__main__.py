"""`python -m bench`: measures, prints one table of ratios with their budgets, and leaves no trace."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.generator import SIZES
from bench.hot_spots import SUBJECTS, hot_spots
from bench.import_measures import measure_ledger_import, measure_market_import
from bench.page_measure import measure_page
from bench.peak_memory import measure_memory
from bench.review_measures import measure_reviews
from bench.stage import Stage
from bench.start_up import measure_start_up
from bench.verdicts import Verdict, table

ROUNDS, QUICK_ROUNDS = 9, 3
MEASURES = ("review", "page", "ledger-import", "market-import", "start-up", "memory")


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", action="append", choices=SIZES, help="review this household only; may be repeated")
    parser.add_argument("--only", action="append", choices=MEASURES, help="take this measure only; may be repeated")
    parser.add_argument(
        "--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds, the review of the household alone, nothing heavy"
    )
    parser.add_argument("--strict", action="store_true", help="exit status 1 when a budget is missed")
    parser.add_argument(
        "--folder", type=Path, help="keep the households here and find them again; empty it after a change of importers"
    )
    parser.add_argument(
        "--profile",
        choices=SUBJECTS,
        metavar="WHAT",
        help=f"print hot spots instead, of a cold review or the page: {', '.join(SUBJECTS)}",
    )
    return parser.parse_args()


def main() -> int:
    """Measure in the given folder, or in a temporary one."""
    asked = arguments()
    if asked.folder:
        return run(asked, asked.folder.resolve())
    with tempfile.TemporaryDirectory(prefix="larder-bench-") as folder:
        return run(asked, Path(folder))


def run(asked: argparse.Namespace, folder: Path) -> int:
    """Print what was asked for and return the exit status."""
    stage = Stage(folder=folder)
    if asked.profile:
        sys.stdout.write(hot_spots(stage=stage, subject=asked.profile))
        return 0
    rounds = QUICK_ROUNDS if asked.quick else ROUNDS
    verdicts: list[Verdict] = []
    try:
        for verdict in measured(asked, stage, rounds):
            verdicts.append(verdict)  # noqa: PERF402  extend would lose them all when a later measure fails
    finally:
        sys.stdout.write(f"{table(verdicts)}\n\nMedians of {rounds} rounds, variants in turn. Compare ratios, not times.\n")
    return int(asked.strict and any(verdict.is_over for verdict in verdicts))


def measured(asked: argparse.Namespace, stage: Stage, rounds: int) -> Iterator[Verdict]:
    """Yield the verdicts one measure after the other, telling on standard error what is under way."""
    names = asked.size or (["household"] if asked.quick else list(SIZES))
    takers = {
        "review": lambda: measure_reviews(stage=stage, sizes=[SIZES[name] for name in names], rounds=rounds),
        "page": lambda: measure_page(stage=stage, rounds=rounds),
        "ledger-import": lambda: measure_ledger_import(stage=stage, rounds=rounds),
        "market-import": lambda: measure_market_import(stage=stage, rounds=rounds),
        "start-up": lambda: measure_start_up(stage=stage, rounds=rounds),
        "memory": lambda: measure_memory(stage=stage),
    }
    # the heavy household takes longest to make; a quick look does without it
    wanted = asked.only or [name for name in MEASURES if not (asked.quick and name == "memory")]
    for name in MEASURES:
        if name in wanted:
            sys.stderr.write(f"{name} …\n")
            yield from takers[name]()


if __name__ == "__main__":
    sys.exit(main())
