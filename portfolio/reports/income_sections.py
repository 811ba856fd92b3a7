"""What came in, whether it pays the salary, and what yields too little: parts of the review and of the income report."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from portfolio.engine.coverage import salary_of_months
from portfolio.engine.income import IncomeEntry
from portfolio.engine.kinds import Kind
from portfolio.engine.payers import Payer
from portfolio.engine.periods import Period, iso, months_later, quarter_of, to_day
from portfolio.engine.salary import salary_due
from portfolio.engine.valuation import Valuation, moved
from portfolio.engine.yields import watch_list
from portfolio.reports.plain import known
from portfolio.reports.review_parts import Income, IncomeSums, SalaryCoverage, WatchEntry


def income(*, entries: Iterable[IncomeEntry], period: Period) -> Income:
    """Return the period's income by kind and by payer, and a quarter of what the last twelve months ordinarily paid."""
    inside = [entry for entry in entries if period.start_day <= entry.day <= period.end_day]
    by_kind, by_symbol = defaultdict(list), defaultdict(list)
    for entry in inside:
        by_kind[entry.kind].append(entry)
        by_symbol[entry.payer].append(entry)
    total = sums(entries=inside)
    return Income(
        gross=total.gross,
        tax=total.tax,
        fees=total.fees,
        net=total.net,
        by_kind={kind: sums(entries=mine) for kind, mine in sorted(by_kind.items())},
        by_symbol={payer: sums(entries=mine) for payer, mine in sorted(by_symbol.items())},
        smoothed_quarter=smoothed_quarter(entries=entries, end=period.end),
    )


def smoothed_quarter(*, entries: Iterable[IncomeEntry], end: dt.date) -> float | None:
    """Return a quarter of the net income of the twelve months up to a date, specials left out, paying or not."""
    after, last = to_day(months_later(end, -12)), to_day(end)
    return known(sum(entry.net for entry in entries if after < entry.day <= last and not entry.is_special) / 4.0)


def sums(*, entries: list[IncomeEntry]) -> IncomeSums:
    """Return the sums of some bookings."""
    return IncomeSums(
        gross=known(sum(entry.gross for entry in entries)),
        tax=known(sum(entry.tax for entry in entries)),
        fees=known(sum(entry.fees for entry in entries)),
        net=known(sum(entry.net for entry in entries)),
    )


def due(*, valuation: Valuation, period: Period) -> float | None:
    """Return the salary due in a period at each month's rate, the last known one for days after the valuation."""
    last = len(valuation.grid) - 1

    def rate(currency: str, day: int) -> float:
        return float(valuation.rates.of(currency)[max(min(valuation.grid.at(day), last), 0)])

    amount = salary_due(steps=valuation.ledger.salaries, first_day=period.start_day, last_day=period.end_day, rate=rate)
    return None if amount is None else known(amount)


def due_ahead(*, valuation: Valuation, months: int = 12) -> list[tuple[dt.date, float]]:
    """Return the salary of each of the months after the valuation, planned raises included."""
    return salary_of_months(
        steps=valuation.ledger.salaries,
        after=valuation.grid.last,
        months=months,
        rate=lambda currency: float(valuation.rates.of(currency)[-1]),
    )


def ratio(part: float | None, whole: float | None) -> float | None:
    """Return part / whole, None where either is unknown or there is no whole."""
    return part / whole if part is not None and whole else None


def salary(*, valuation: Valuation, period: Period, earned: Income, ahead: float) -> SalaryCoverage:
    """Return what the spouse was owed and paid, and whether income covered it: in the period, smoothed, and ahead.

    ahead: net income of the twelve months after the period.
    """
    owed = due(valuation=valuation, period=period)
    paid = known(moved(valuation=valuation, first_day=period.start_day, kinds=(Kind.SALARY,)))
    refunds = known(moved(valuation=valuation, first_day=period.start_day, kinds=(Kind.TAX_REFUND,)))
    distributable = None if earned.net is None or refunds is None else earned.net + refunds
    return SalaryCoverage(
        due=owed,
        paid=paid,
        coverage_actual=ratio(earned.net, owed),
        coverage_smoothed=ratio(earned.smoothed_quarter, due(valuation=valuation, period=quarter_of(period.end))),
        coverage_forward=ratio(known(ahead), known(sum(amount for _, amount in due_ahead(valuation=valuation)))),
        distributable=distributable,
        from_principal=None if paid is None or distributable is None else max(paid - distributable, 0.0),
    )


def watched(*, valuation: Valuation, payers: Mapping[int, Payer]) -> tuple[WatchEntry, ...]:
    """Return the income holdings whose net forward yield is under the household's floor, the lowest first."""
    instruments = valuation.ledger.instruments
    return tuple(
        WatchEntry(instruments[each.instrument].symbol, known(each.net_forward), iso(each.since))
        for each in watch_list(valuation=valuation, payers=payers)
    )
