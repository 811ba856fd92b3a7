"""Whether income pays the salary: now, ahead and over twenty years. Plain numbers in and out.

Source of the rules and worked cases: docs/methods.md 8.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from portfolio.engine.ledger import SalaryStep
from portfolio.engine.periods import months_later, to_date, to_day

LOW_RAISE, HIGH_RAISE = 0.03, 0.05
YEARS = 20
GROWTH_YEARS = 10


@dataclass(frozen=True, slots=True)
class ProjectedYear:
    """One year's salary at three raises against its income, reporting currency."""

    year: int
    salary_low: float
    salary_planned: float
    salary_high: float
    income: float


def step_of(*, steps: Iterable[SalaryStep], day: int) -> SalaryStep | None:
    """Return the salary in force on a day."""
    valid = [step for step in steps if step.valid_from <= day]
    return max(valid, key=lambda step: step.valid_from) if valid else None


def salary_of_months(
    *, steps: Iterable[SalaryStep], after: int, months: int, rate: Callable[[str], float]
) -> list[tuple[dt.date, float]]:
    """Return first day and salary of each of the months after a day, raised as planned on the raise's anniversaries.

    A raise that is already written down for a later day counts as written. rate: reporting currency per unit.
    """
    known = sorted(steps, key=lambda step: step.valid_from)
    found = []
    first = months_later(to_date(after).replace(day=1), 1)
    for number in range(months):
        date = months_later(first, number)
        step = step_of(steps=known, day=to_day(date))
        if step is None:
            found.append((date, 0.0))
            continue
        now = step_of(steps=known, day=after)
        raises = _anniversaries(step, date) if step == now or step.valid_from > after else 0
        found.append((date, step.amount * (1.0 + step.planned_raise) ** raises * rate(step.currency)))
    return found


def _anniversaries(step: SalaryStep, date: dt.date) -> int:
    since = to_date(step.valid_from)
    return date.year - since.year - ((date.month, date.day) < (since.month, since.day))


def projection(*, salary: float, income: float, planned: float, growth: float, first_year: int) -> list[ProjectedYear]:
    """Return years 0 to 20: the salary raised by 3 %, as planned and by 5 % a year, income growing at `growth`.

    salary, income: of a year, reporting currency.
    """
    return [
        ProjectedYear(
            first_year + year,
            salary * (1.0 + LOW_RAISE) ** year,
            salary * (1.0 + planned) ** year,
            salary * (1.0 + HIGH_RAISE) ** year,
            income * (1.0 + growth) ** year,
        )
        for year in range(YEARS + 1)
    ]


def first_uncovered(*, years: list[ProjectedYear], raised: str) -> int | None:
    """Return the first calendar year whose salary outgrows its income. raised: low, planned or high."""
    return next((each.year for each in years if getattr(each, f"salary_{raised}") > each.income * (1 + 1e-12)), None)


def growth_needed(*, salary: float, income: float, planned: float) -> float | None:
    """Return the yearly growth of income at which the tenth year is covered at the planned raise; may be negative.

    Case: income 1.32 m, salary 1.2 m rising 4 %: 3.01 %. None without an income.
    """
    if income <= 0 or salary <= 0:
        return None
    return float((salary / income) ** (1.0 / GROWTH_YEARS) * (1.0 + planned) - 1.0)


def capital_needed(*, salary: float, income: float, wealth: float) -> float | None:
    """Return the capital that would close the gap at today's net yield; 0 when covered, None without a yield."""
    if salary <= income:
        return 0.0
    if income <= 0 or wealth <= 0:
        return None
    return (salary - income) / (income / wealth)


def concentration(*, nets: Iterable[float]) -> tuple[float, float] | None:
    """Return the largest payer's share of income and the Herfindahl index, 0 to 1; None where nothing was received."""
    paid = list(nets)
    total = sum(paid)
    if total <= 0:
        return None
    shares = [each / total for each in paid]
    return max(shares), sum(share * share for share in shares)
