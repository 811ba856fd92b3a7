"""A process that computes one review and says how much memory it took at most: `python -m bench.peak_memory`."""

import os
import re
import resource
import subprocess
import sys
from pathlib import Path

from bench.generator import SIZES
from bench.stage import ROOT, Stage, environment
from bench.verdicts import Verdict

BUDGET_MEGABYTES = 400


def measure_memory(*, stage: Stage) -> list[Verdict]:
    """Return the verdict on the peak of a process that reviews the heavy household once."""
    size = SIZES["heavy"]
    household = stage.household(size)
    done = subprocess.run(
        [sys.executable, "-m", "bench.peak_memory"],
        env=environment(household.data),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    megabytes = int(done.stdout) / 1e6
    return [
        Verdict(
            "peak memory of a review",
            size.name,
            f"{megabytes:.0f} MB",
            f"{BUDGET_MEGABYTES} MB",
            megabytes / BUDGET_MEGABYTES,
            1.0,
        )
    ]


def peak_bytes() -> int:
    """Return the most memory this process has held so far."""
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))):
        # getrusage would count the parent too, whose memory a child shares until it starts its own program
        return int(found[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main() -> None:
    """Review the household that DATA_DIR points to and write the peak, in bytes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portfolio.settings")
    import django  # noqa: PLC0415

    django.setup()
    from bench.review_measures import cold_review  # noqa: PLC0415

    cold_review()
    sys.stdout.write(f"{peak_bytes()}\n")


if __name__ == "__main__":
    main()
