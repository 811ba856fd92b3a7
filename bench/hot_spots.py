"""Where the time of a cold review goes, for whoever wants to make it faster: `python -m bench --profile household`."""

import cProfile
import io
import pstats

from bench.review_measures import cold_review
from bench.stage import ROOT, Household


def hot_spots(*, household: Household, top: int = 40) -> str:
    """Return the functions with the most cumulative and the most own time in one cold review."""
    household.enter()
    # the first review of a process pays for imports, which the second does not
    cold_review()
    household.enter()
    profile = cProfile.Profile()
    profile.runcall(cold_review)
    out = io.StringIO()
    stats = pstats.Stats(profile, stream=out)
    stats.sort_stats("cumulative").print_stats(top)
    stats.sort_stats("tottime").print_stats(top // 2)
    return out.getvalue().replace(f"{ROOT}/", "")
