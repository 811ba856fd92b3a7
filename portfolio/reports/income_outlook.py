"""What would pay the next raise, how the bonds mature, which tax comes back, and who was on probation when.

Money is in the reporting currency, yields and shares are fractions. Refunds are estimates that stand beside the forecast,
never inside it. Knows nothing of Django, files or the clock.
"""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portfolio.engine.bond_yields import STREET, BondFigures, bond_figures
from portfolio.engine.coverage import first_uncovered, projection, salary_of_months, step_of
from portfolio.engine.forecast import contract_year, year_ahead
from portfolio.engine.income import IncomeEntry, income_entries
from portfolio.engine.kinds import Kind
from portfolio.engine.ledger import Ledger, SalaryStep
from portfolio.engine.payers import payers_of
from portfolio.engine.periods import iso, to_date, to_day
from portfolio.engine.valuation import Valuation, value_ledger
from portfolio.engine.watch_history import watch_runs
from portfolio.engine.yields import Yields, holding_yields
from portfolio.reports.plain import known

# last day of the following year on which a refund is still waited for
REFUND_UNTIL = (6, 30)
LEAST_FACE = 100  # bonds are bought in hundreds of face
HIGHEST_YIELD = 0.5  # above it the price or the forecast is wrong


@dataclass(frozen=True, slots=True)
class RaiseGap:
    """A raised salary against the income ahead."""

    date: str  # from when
    monthly: float | None
    annual: float | None
    income: float | None
    gap: float | None  # a year; 0 when income pays it


@dataclass(frozen=True, slots=True)
class Candidate:
    """What more of one holding would close the gap at its net forward yield."""

    symbol: str
    net_forward: float
    money: float | None
    units: float | None  # whole ones; face for bonds
    price: float | None  # of one unit now


@dataclass(frozen=True, slots=True)
class LadderBond:
    symbol: str
    year: int
    maturity_date: str
    face: float | None  # at today's rate
    yield_to_maturity: float | None
    modified_duration: float | None
    coupons: float | None  # of the next twelve months, net
    coupons_less_premium: float | None  # less what of the premium runs off meanwhile


@dataclass(frozen=True, slots=True)
class RefundEstimate:
    """Tax of one year that should come back in the next spring."""

    symbol: str
    tax_year: int
    withheld: float | None
    share: float
    received: float | None
    expected: float | None


@dataclass(frozen=True, slots=True)
class Probation:
    symbol: str
    since: str
    until: str | None  # None: still under the floor
    lowest: float
    is_sold: bool  # it ended with the holding


@dataclass(frozen=True, slots=True)
class IncomeOutlook:
    as_of: str
    next_raise: RaiseGap | None
    uncovered_raise: RaiseGap | None  # the first that the income ahead does not pay
    candidates: tuple[Candidate, ...]  # for the uncovered one, the least money first
    ladder: tuple[LadderBond, ...]  # by maturity
    ladder_yield: float | None  # by face
    ladder_duration: float | None
    refunds: tuple[RefundEstimate, ...]
    probations: tuple[Probation, ...]  # still on first


@dataclass(frozen=True, slots=True)
class Refund:
    """A tax refund as booked: symbol, year of the tax, day and amount in its currency."""

    symbol: str
    tax_year: int
    date: dt.date
    amount: float
    currency: str


def build_income_outlook(
    *,
    ledger: Ledger,
    as_of: dt.date,
    base: str,
    refundable: Mapping[str, float] | None = None,
    refunds: Iterable[Refund] = (),
    income_growth: float = 0.0,
    convention: str = STREET,
) -> IncomeOutlook:
    """Return the outlook of a day.

    refundable: share of the tax withheld that comes back, by symbol.  refunds: those that already have.
    """
    day = to_day(as_of)
    valuation = value_ledger(ledger=ledger, base=base, first_day=day, last_day=day)
    payers = payers_of(valuation=valuation)
    income = sum(payment.net for payment in year_ahead(valuation=valuation, payers=payers))
    next_raise, uncovered = _raises(valuation, as_of, income, income_growth)
    ladder = _ladder(valuation, bond_figures(valuation=valuation, convention=convention))
    entries = income_entries(valuation=valuation, payers=payers)
    yields = holding_yields(valuation=valuation, payers=payers)
    return IncomeOutlook(
        as_of=as_of.isoformat(),
        next_raise=next_raise,
        uncovered_raise=uncovered,
        candidates=_candidates(valuation, yields, uncovered.gap) if uncovered and uncovered.gap else (),
        ladder=ladder,
        ladder_yield=_weighted(ladder, "yield_to_maturity"),
        ladder_duration=_weighted(ladder, "modified_duration"),
        refunds=_refunds(valuation, entries, as_of, refundable or {}, list(refunds)),
        probations=tuple(
            Probation(
                ledger.instruments[run.instrument].symbol,
                iso(run.since),
                None if run.until is None else iso(run.until),
                run.lowest,
                run.is_sold,
            )
            for run in watch_runs(valuation=valuation, payers=payers)
        ),
    )


def _raises(valuation: Valuation, as_of: dt.date, income: float, growth: float) -> tuple[RaiseGap | None, RaiseGap | None]:
    """Return the next raise and the first one that income does not pay."""
    step = step_of(steps=valuation.ledger.salaries, day=to_day(as_of))
    if step is None:
        return None, None
    rate = float(valuation.rates.of(step.currency)[-1])
    ahead = salary_of_months(steps=valuation.ledger.salaries, after=to_day(as_of), months=24, rate=lambda currency: rate)
    now = step.amount * rate
    raised = next(((date, amount) for date, amount in ahead if amount > now * (1 + 1e-9)), None)
    following = _gap(raised[0], raised[1], income) if raised else None
    if following is not None and following.gap:
        return following, following
    return following, _first_uncovered(step, now, income, growth, as_of)


def _first_uncovered(step: SalaryStep, monthly: float, income: float, growth: float, as_of: dt.date) -> RaiseGap | None:
    years = projection(salary=12 * monthly, income=income, planned=step.planned_raise, growth=growth, first_year=as_of.year)
    first = first_uncovered(years=years, raised="planned")
    if first is None:
        return None
    found, since = years[first - as_of.year], to_date(step.valid_from)
    date = as_of if first == as_of.year else dt.date(first, since.month, 1)
    return _gap(date, found.salary_planned / 12, found.income)


def _gap(date: dt.date, monthly: float, income: float) -> RaiseGap:
    annual = 12 * monthly
    return RaiseGap(date.isoformat(), known(monthly), known(annual), known(income), known(max(annual - income, 0.0)))


def _candidates(valuation: Valuation, yields: Iterable[Yields], gap: float) -> tuple[Candidate, ...]:
    found = []
    for each in yields:
        what, paper = valuation.ledger.instruments[each.instrument], valuation.papers[each.instrument]
        if not 0 < each.net_forward < HIGHEST_YIELD:
            continue
        price = float(paper.clean[-1]) * float(valuation.rate(each.instrument)[-1])
        lot = LEAST_FACE if what.is_bond else 1
        units = math.ceil(round(gap / each.net_forward / price / lot, 9)) * lot
        found.append(Candidate(what.symbol, each.net_forward, known(units * price), float(units), known(price)))
    return tuple(sorted(found, key=lambda each: each.money or 0.0))


def _ladder(valuation: Valuation, figures: Iterable[BondFigures]) -> tuple[LadderBond, ...]:
    found = []
    for each in figures:
        what, rate = valuation.ledger.instruments[each.instrument], float(valuation.rate(each.instrument)[-1])
        gross = contract_year(valuation=valuation, instrument=each.instrument, day=valuation.grid.last)
        coupons = gross * each.face * rate * (1.0 - what.withholding_rate)
        maturity = to_date(what.maturity_day or 0)
        found.append(
            LadderBond(
                symbol=what.symbol,
                year=maturity.year,
                maturity_date=maturity.isoformat(),
                face=known(each.face * rate),
                yield_to_maturity=each.yield_to_maturity,
                modified_duration=each.modified_duration,
                coupons=known(coupons),
                coupons_less_premium=None if each.amortisation is None else known(coupons - each.amortisation),
            )
        )
    return tuple(found)


def _weighted(ladder: Iterable[LadderBond], name: str) -> float | None:
    pairs = [(each.face or 0.0, getattr(each, name)) for each in ladder]
    total = sum(face for face, _ in pairs)
    if not total or any(value is None for _, value in pairs):
        return None
    return float(sum(face * value for face, value in pairs) / total)


def _refunds(
    valuation: Valuation,
    entries: Iterable[IncomeEntry],
    as_of: dt.date,
    refundable: Mapping[str, float],
    booked: list[Refund],
) -> tuple[RefundEstimate, ...]:
    """Return what is still waited for: of this year's tax, and of last year's until the spring is over."""
    years = [as_of.year] if (as_of.month, as_of.day) > REFUND_UNTIL else [as_of.year - 1, as_of.year]
    withheld: dict[tuple[str, int], float] = defaultdict(float)
    for entry in entries:
        if entry.kind in {Kind.DIVIDEND, Kind.PAYMENT_IN_LIEU, Kind.TAX}:
            withheld[entry.payer, to_date(entry.day).year] += entry.tax
    found = []
    for symbol, share in sorted(refundable.items()):
        for year in years:
            back = sum(
                each.amount * float(valuation.rates.of(each.currency)[valuation.grid.at(to_day(each.date))])
                for each in booked
                if each.symbol == symbol and each.tax_year == year and each.date <= as_of
            )
            tax = withheld[symbol, year]
            expected = max(tax * share - back, 0.0)
            if expected > 0:
                found.append(RefundEstimate(symbol, year, known(tax), share, known(back), known(expected)))
    return tuple(found)
