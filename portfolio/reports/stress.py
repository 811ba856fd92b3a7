"""The income ahead under stress: less of everything, a fallen currency, a payer gone, and all of it together.

Coverage is that of the next twelve months; the first uncovered year takes the planned raises. Knows nothing of Django,
files or the clock.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from portfolio.engine.coverage import first_uncovered, projection, step_of
from portfolio.engine.forecast import year_ahead
from portfolio.engine.kinds import cash_currency
from portfolio.engine.ledger import Ledger
from portfolio.engine.payers import payers_of
from portfolio.engine.periods import to_day
from portfolio.engine.stress import (
    Blow,
    PayerAhead,
    failing_cut,
    failing_drop,
    income_after,
    indispensable,
    weightiest_currency,
)
from portfolio.engine.valuation import value_ledger
from portfolio.reports.income_sections import due_ahead, ratio
from portfolio.reports.plain import known

NOW, CUT, DROP, GONE, ALL = "now", "cut", "drop", "gone", "all"


@dataclass(frozen=True, slots=True)
class StressCase:
    name: str  # now, cut, drop, gone, all
    income: float | None  # net, twelve months
    coverage: float | None
    first_uncovered: int | None  # calendar year at the planned raise; None within twenty years


@dataclass(frozen=True, slots=True)
class StressReport:
    as_of: str
    currency: str  # that is let fall; blank where all income comes in the reporting currency
    gone: str  # symbol of the payer left out; blank where nobody pays
    payers: tuple[str, ...]  # symbols, largest first
    salary: float | None  # of the next twelve months
    cases: tuple[StressCase, ...]  # now, then each blow alone, then all together
    failing_cut: float | None  # largest bearable one; None where the salary is not covered anyway
    failing_drop: float | None  # None where covered without that currency, or not covered anyway
    indispensable: tuple[str, ...]  # payers whose loss alone uncovers the salary


def build_stress(
    *, ledger: Ledger, as_of: dt.date, base: str, cut: float, drop: float, gone: str = "", income_growth: float = 0.0
) -> StressReport:
    """Return the cases of a day.

    cut, drop: of income and of the weightiest foreign currency, fractions.  gone: symbol; unknown or blank: the largest.
    """
    day = to_day(as_of)
    valuation = value_ledger(ledger=ledger, base=base, first_day=day, last_day=day)
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for payment in year_ahead(valuation=valuation, payers=payers_of(valuation=valuation)):
        what = ledger.instruments[payment.instrument]
        sums[what.symbol, cash_currency(what.currency)[0]] += payment.net
    payers = sorted((PayerAhead(*key, net) for key, net in sums.items()), key=lambda payer: -payer.net)
    symbols = tuple(payer.symbol for payer in payers)
    step = step_of(steps=ledger.salaries, day=day)
    currency = weightiest_currency(payers=payers, without={base, step.currency if step else base})
    gone = gone if gone in symbols else next(iter(symbols), "")
    salary = sum(amount for _, amount in due_ahead(valuation=valuation))
    annual = 12 * step.amount * float(valuation.rates.of(step.currency)[-1]) if step else 0.0

    def case(name: str, blow: Blow) -> StressCase:
        income = income_after(payers=payers, blow=blow)
        first = None
        if step:
            years = projection(
                salary=annual, income=income, planned=step.planned_raise, growth=income_growth, first_year=as_of.year
            )
            first = first_uncovered(years=years, raised="planned")
        return StressCase(name, known(income), ratio(known(income), known(salary)), first)

    return StressReport(
        as_of=as_of.isoformat(),
        currency=currency,
        gone=gone,
        payers=symbols,
        salary=known(salary) if step else None,
        cases=(
            case(NOW, Blow()),
            case(CUT, Blow(cut=cut)),
            case(DROP, Blow(currency=currency, drop=drop)),
            case(GONE, Blow(gone=gone)),
            case(ALL, Blow(cut, currency, drop, gone)),
        ),
        failing_cut=failing_cut(income=sum(payer.net for payer in payers), salary=salary),
        failing_drop=failing_drop(payers=payers, currency=currency, salary=salary),
        indispensable=tuple(indispensable(payers=payers, salary=salary)),
    )
