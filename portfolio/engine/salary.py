"""What the spouse is owed: monthly amounts by their valid-from dates. Knows steps and days, no income."""

from collections.abc import Callable, Iterable

from portfolio.engine.ledger import SalaryStep
from portfolio.engine.periods import months_later, to_date, to_day


def salary_due(
    *, steps: Iterable[SalaryStep], first_day: int, last_day: int, rate: Callable[[str, int], float]
) -> float | None:
    """Return the salary due in a period: each month's whole on its first day, at that day's amount and rate.

    rate: reporting currency per unit of a currency on a day.  None when no salary is set at all.
    """
    known = sorted(steps, key=lambda step: step.valid_from)
    if not known:
        return None
    total = 0.0
    for day in _month_starts(first_day, last_day):
        valid = [step for step in known if step.valid_from <= day]
        if valid:
            total += valid[-1].amount * rate(valid[-1].currency, day)
    return total


def _month_starts(first_day: int, last_day: int) -> list[int]:
    date = to_date(first_day)
    if date.day > 1:
        date = months_later(date.replace(day=1), 1)
    found = []
    while to_day(date) <= last_day:
        found.append(to_day(date))
        date = months_later(date, 1)
    return found
