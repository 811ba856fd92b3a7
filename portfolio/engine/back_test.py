"""How far the forecast can be trusted: what it said at past quarter-ends against what was then paid, per unit.

Knows one payer's history at a time; nothing of holdings, currencies or tables. Each forecast sees only what was known on
its day.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from portfolio.engine.payers import Payer, weekdays_later
from portfolio.engine.periods import months_later, quarter, to_date, to_day

FIRST_YEAR = 2023


@dataclass(frozen=True, slots=True)
class Paid:
    """One distribution per unit, in today's units."""

    ex_day: int
    amount: float
    pay_day: int  # -1 when unknown


@dataclass(frozen=True, slots=True)
class Trial:
    """One forecast of twelve months against what came, per unit, gross, instrument's currency."""

    as_of: int
    forecast: float
    paid: float

    @property
    def error(self) -> float:
        """Return forecast over paid, less one: above zero when too much was promised."""
        return self.forecast / self.paid - 1.0


def trials(*, history: Sequence[Paid], first: dt.date = dt.date(FIRST_YEAR, 12, 31)) -> list[Trial]:
    """Return a trial for every quarter-end from `first` on whose next four quarters lie in the history.

    They do when a later ex-date is known, for then nothing inside can be missing. Payments count when paid, specials too.
    """
    if not history:
        return []
    payer, found = _payer(history), []
    for year in range(first.year, to_date(payer.ex_days[-1]).year + 1):
        for number in range(1, 5):
            end = quarter(year=year, number=number).end
            until = to_day(months_later(end, 12))
            if end < first or until >= payer.ex_days[-1]:
                continue
            day = to_day(end)
            paid = sum(amount for amount, on in zip(payer.amounts, payer.pay_days, strict=True) if day < on <= until)
            if payer.rhythm(day) is not None and paid > 0:
                found.append(Trial(day, payer.year_ahead(day), paid))
    return found


def mean_absolute_error(*, found: Sequence[Trial]) -> float | None:
    """Return the mean size of the errors, a fraction of what was paid; None without a trial."""
    return sum(abs(trial.error) for trial in found) / len(found) if found else None


def _payer(history: Sequence[Paid]) -> Payer:
    known = sorted(history, key=lambda paid: paid.ex_day)
    ex_days, pay_days = [paid.ex_day for paid in known], [paid.pay_day for paid in known]
    lag = Payer("", ex_days, [], pay_days, []).lag
    return Payer(
        symbol="",
        ex_days=ex_days,
        amounts=[paid.amount for paid in known],
        pay_days=[
            paid.pay_day if paid.pay_day >= 0 else paid.ex_day + lag if lag is not None else weekdays_later(paid.ex_day, 5)
            for paid in known
        ],
        noted_special=[False] * len(known),
    )
