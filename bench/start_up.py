"""What it costs to start `manage.py review`, a whole process each time, beside starting the libraries alone."""

import importlib.util
import subprocess
import sys
from functools import partial

from bench.generator import TINY
from bench.rounds import Variant, medians
from bench.stage import ROOT, Stage, environment, manage
from bench.verdicts import Verdict, skipped, timed

BUDGET = 1.5
MEASURE = "start of manage.py review"
LIBRARIES = ("pandas", "numpy")


def measure_start_up(*, stage: Stage, rounds: int) -> list[Verdict]:
    """Return the verdict beside pandas, as the budget is written, and for information the one beside NumPy."""
    data = stage.household(TINY).data
    present = [name for name in LIBRARIES if importlib.util.find_spec(name)]

    def start(library: str) -> None:
        code = f"import {library}; import django; django.setup()"
        subprocess.run([sys.executable, "-c", code], env=environment(data), cwd=ROOT, check=True)  # noqa: S603  the line above

    variants = [Variant("review", partial(manage, "review", "2025-Q4", data=data))]
    variants += [Variant(name, partial(start, name)) for name in present]
    found = medians(variants=variants, rounds=rounds)
    verdicts = []
    for name in LIBRARIES:
        budget = BUDGET if name == "pandas" else None
        if name in present:
            note = "" if budget else "import numpy and django.setup()"
            verdicts.append(
                timed(measure=MEASURE, size=TINY.name, ours=found["review"], yardstick=found[name], budget=budget, note=note)
            )
        else:
            verdicts.append(skipped(measure=MEASURE, size=TINY.name, budget=budget, note=f"{name} is not installed"))
    return verdicts
