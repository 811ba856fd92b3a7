"""Where the time goes, for whoever wants to make it faster: `python -m bench --profile household`, or `page`."""

import cProfile
import io
import pstats
from collections.abc import Callable

from bench.generator import SIZES
from bench.page_measure import PAGE, visiting
from bench.review_measures import cold_review
from bench.stage import ROOT, Stage

# a page is profiled warm, on the household that its budget is written for
PAGE_SUBJECT = "page"
SUBJECTS = (*SIZES, PAGE_SUBJECT)


def hot_spots(*, stage: Stage, subject: str) -> str:
    """Return the costly functions of a cold review of one size, or of a round of warm requests for its page."""
    if subject == PAGE_SUBJECT:
        with visiting(stage.household(SIZES["household"])) as visitor:
            # the first request prints the article, which those that follow find printed
            visitor.ask(PAGE)
            return _profiled(lambda: visitor.ask(PAGE))
    household = stage.household(SIZES[subject])
    household.enter()
    # the first review of a process pays for imports, which the second does not
    cold_review()
    household.enter()
    return _profiled(cold_review)


def _profiled(act: Callable[[], object], top: int = 40) -> str:
    profile = cProfile.Profile()
    profile.runcall(act)
    out = io.StringIO()
    stats = pstats.Stats(profile, stream=out)
    stats.sort_stats("cumulative").print_stats(top)
    stats.sort_stats("tottime").print_stats(top // 2)
    return out.getvalue().replace(f"{ROOT}/", "")
