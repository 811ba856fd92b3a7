"""The complete review from a cold cache beside the yardstick, and how both grow with the household."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bench.generator import SIZES, Size
from bench.rounds import Variant, medians
from bench.stage import Household, Stage
from bench.verdicts import Verdict, skipped, timed

if TYPE_CHECKING:
    from portfolio.reports.quarterly_review import QuarterlyReview

BUDGETS = {"household": 6.0, "ten": 3.0, "heavy": 3.0}
GROWTH_BUDGET = 1.5
YEAR, QUARTER = 2025, 4


class FiguresDifferError(RuntimeError):
    """The app and the yardstick computed different wealth, so comparing their times would mean nothing."""


def cold_review() -> "QuarterlyReview":
    """Return the last quarter's review of the household entered just before, which left every cache empty."""
    from portfolio import queries  # noqa: PLC0415  Django must have started
    from portfolio.engine.periods import quarter  # noqa: PLC0415

    return queries.quarterly_review(period=quarter(year=YEAR, number=QUARTER))


def measure_reviews(*, stage: Stage, sizes: Sequence[Size], rounds: int) -> list[Verdict]:
    """Return one verdict a size and, with household and heavy among them, the one on growth."""
    households = [stage.household(size) for size in sizes]
    variants = []
    for household in households:
        _compare_figures(household)
        name = household.size.name
        variants.append(Variant(f"review {name}", cold_review, before=household.enter))
        variants.append(Variant(f"yardstick {name}", household.yardstick))
    found = medians(variants=variants, rounds=rounds)
    ours = {size.name: found[f"review {size.name}"] for size in sizes}
    plain = {size.name: found[f"yardstick {size.name}"] for size in sizes}
    verdicts = [
        timed(measure="review, cold cache", size=name, ours=ours[name], yardstick=plain[name], budget=BUDGETS[name])
        for name in ours
    ]
    return [*verdicts, _growth(ours, plain)]


def _growth(ours: dict[str, float], plain: dict[str, float]) -> Verdict:
    measure, size, small, large = (
        "growth of the review",
        "heavy / household",
        *(SIZES[name].name for name in ("household", "heavy")),
    )
    if not {small, large} <= ours.keys():
        return skipped(measure=measure, size=size, budget=GROWTH_BUDGET, note="needs household and heavy")
    mine, floor = ours[large] / ours[small], plain[large] / plain[small]
    return Verdict(measure, size, f"x {mine:.1f}", f"x {floor:.1f}", mine / floor, GROWTH_BUDGET)


def _compare_figures(household: Household) -> None:
    household.enter()
    ours, floor = cold_review().closing_value, household.yardstick().values[-1]
    if ours is None or abs(ours - floor) > 1e-6 * abs(floor):
        raise FiguresDifferError(f"{household.size.name}: wealth at the end is {ours} by Larder, {floor} by the yardstick")
