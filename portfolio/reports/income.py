"""Does income pay the salary? What came in, what will, three ways of coverage, twenty years ahead, and what is odd.

Field names are the JSON keys that others build on (docs/interface.md 4). Money is in the reporting currency, rates and
shares are fractions, `clean_price` is per 100; None is what cannot be computed. Knows nothing of Django, files or the clock.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portfolio.engine.bond_yields import STREET, bond_figures
from portfolio.engine.coverage import (
    capital_needed,
    concentration,
    first_uncovered,
    growth_needed,
    projection,
    step_of,
)
from portfolio.engine.forecast import ANNOUNCED, ESTIMATED, SCHEDULED, Payment, year_ahead
from portfolio.engine.income import IncomeEntry, income_entries
from portfolio.engine.kinds import Kind
from portfolio.engine.ledger import Ledger
from portfolio.engine.payers import Payer, payers_of
from portfolio.engine.periods import Period, between, iso, month_end, months_later, quarter_of, to_date, to_day
from portfolio.engine.valuation import Valuation, moved, value_ledger
from portfolio.engine.withholding import expected_premium, tax_differences
from portfolio.engine.yields import holding_yields
from portfolio.reports.income_sections import due, due_ahead, ratio, smoothed_quarter, sums, watched
from portfolio.reports.plain import known
from portfolio.reports.review_parts import IncomeSums, WatchEntry

DEFAULT_RAISE = 0.04


@dataclass(frozen=True, slots=True)
class SalaryNow:
    monthly: float | None
    annual: float | None
    since: str | None  # ISO date
    planned_raise: float | None


@dataclass(frozen=True, slots=True)
class ReceivedMonth:
    month: str  # 2025-03
    gross: float | None
    tax: float | None
    net: float | None
    by_kind: dict[str, IncomeSums]


@dataclass(frozen=True, slots=True)
class Received:
    months: tuple[ReceivedMonth, ...]  # twelve, up to the month of the day
    quarter_net: float | None  # of the quarter the day lies in, up to the day
    trailing_12: IncomeSums


@dataclass(frozen=True, slots=True)
class ForwardMonth:
    month: str
    announced: float | None
    scheduled: float | None
    estimated: float | None


@dataclass(frozen=True, slots=True)
class ForwardPayment:
    date: str
    symbol: str
    kind: str
    certainty: str  # announced, scheduled, estimated; the JSON key is "class"
    gross: float | None
    tax: float | None
    net: float | None
    confidence: str  # high, medium, low


@dataclass(frozen=True, slots=True)
class Forward:
    """Twelve months after the day, net; the three classes sum to `net`."""

    months: tuple[ForwardMonth, ...]
    announced: float | None
    scheduled: float | None
    estimated: float | None
    net: float | None
    nhi_expected: float | None  # beside the forecast, not inside it
    payments: tuple[ForwardPayment, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    actual: float | None  # of the quarter up to the day
    smoothed: float | None
    forward: float | None


@dataclass(frozen=True, slots=True)
class Principal:
    """The calendar year up to the day."""

    distributable: float | None
    paid: float | None
    from_principal: float | None
    carried_forward: float | None  # unspent in earlier years


@dataclass(frozen=True, slots=True)
class YearAhead:
    year: int
    salary_low: float | None
    salary_planned: float | None
    salary_high: float | None
    income: float | None


@dataclass(frozen=True, slots=True)
class FirstUncovered:
    low: int | None  # calendar year
    planned: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Projection:
    income_growth: float
    years: tuple[YearAhead, ...]
    first_uncovered: FirstUncovered
    growth_needed: float | None
    capital_needed: float | None


@dataclass(frozen=True, slots=True)
class Concentration:
    largest_symbol: str | None
    largest_share: float | None
    herfindahl: float | None


@dataclass(frozen=True, slots=True)
class HoldingYield:
    symbol: str
    gross_trailing: float | None
    net_trailing: float | None
    net_forward: float | None
    on_cost: float | None


@dataclass(frozen=True, slots=True)
class BondLine:
    symbol: str
    face: float
    clean_price: float | None  # per 100
    accrued_interest: float | None
    yield_to_maturity: float | None
    convention: str
    modified_duration: float | None
    next_coupon_date: str | None
    next_coupon: float | None
    maturity_date: str | None
    premium_left: float | None
    amortisation_12: float | None


@dataclass(frozen=True, slots=True)
class WithholdingDifference:
    symbol: str
    date: str
    gross: float | None
    tax: float | None
    expected_tax: float | None
    difference: float | None  # + more was withheld than expected


@dataclass(frozen=True, slots=True)
class IncomeReport:
    as_of: str
    base_currency: str
    salary: SalaryNow
    received: Received
    forward: Forward
    coverage: Coverage
    principal: Principal
    projection: Projection
    concentration: Concentration
    yields: tuple[HoldingYield, ...]
    watch_list: tuple[WatchEntry, ...]
    bonds: tuple[BondLine, ...]
    withholding: tuple[WithholdingDifference, ...]


def build_income(
    *, ledger: Ledger, as_of: dt.date, base: str, income_growth: float = 0.0, convention: str = STREET
) -> IncomeReport:
    """Return the income report of a day.

    income_growth: of estimated income a year, a fraction.  convention: of bond yields, street or treasury.
    """
    day = to_day(as_of)
    valuation = value_ledger(ledger=ledger, base=base, first_day=day, last_day=day)
    payers = payers_of(valuation=valuation)
    entries = income_entries(valuation=valuation, payers=payers)
    payments = year_ahead(valuation=valuation, payers=payers)
    ahead = known(sum(payment.net for payment in payments))
    quarter = quarter_of(as_of)
    so_far = between(start=quarter.start, end=as_of)
    received = _received(entries, as_of, so_far)
    pay = _salary(valuation, day)
    smoothed = smoothed_quarter(entries=entries, end=as_of)
    return IncomeReport(
        as_of=as_of.isoformat(),
        base_currency=base,
        salary=pay,
        received=received,
        forward=_forward(valuation, payments, as_of),
        coverage=Coverage(
            actual=ratio(received.quarter_net, due(valuation=valuation, period=so_far)),
            smoothed=ratio(smoothed, due(valuation=valuation, period=quarter)),
            forward=ratio(ahead, known(sum(amount for _, amount in due_ahead(valuation=valuation)))),
        ),
        principal=_principal(valuation, entries, as_of),
        projection=_projection(pay, ahead, float(valuation.wealth[-1]), income_growth, as_of.year),
        concentration=_concentration(entries, as_of),
        yields=_yields(valuation, payers),
        watch_list=watched(valuation=valuation, payers=payers),
        bonds=_bonds(valuation, convention),
        withholding=_withholding(valuation),
    )


def _salary(valuation: Valuation, day: int) -> SalaryNow:
    step = step_of(steps=valuation.ledger.salaries, day=day)
    if step is None:
        return SalaryNow(None, None, None, None)
    monthly = known(step.amount * float(valuation.rates.of(step.currency)[-1]))
    return SalaryNow(monthly, None if monthly is None else 12 * monthly, iso(step.valid_from), step.planned_raise)


def _received(entries: list[IncomeEntry], as_of: dt.date, quarter: Period) -> Received:
    first = months_later(as_of.replace(day=1), -11)
    by_month: dict[str, list[IncomeEntry]] = {f"{months_later(first, number):%Y-%m}": [] for number in range(12)}
    for entry in entries:
        month = iso(entry.day)[:7]
        if month in by_month and entry.day <= to_day(as_of):
            by_month[month].append(entry)
    return Received(
        months=tuple(_month(month, mine) for month, mine in by_month.items()),
        quarter_net=known(sum(entry.net for entry in entries if quarter.start_day <= entry.day <= quarter.end_day)),
        trailing_12=sums(entries=_trailing(entries, as_of)),
    )


def _trailing(entries: Iterable[IncomeEntry], as_of: dt.date) -> list[IncomeEntry]:
    after = to_day(months_later(as_of, -12))
    return [entry for entry in entries if after < entry.day <= to_day(as_of)]


def _month(month: str, entries: list[IncomeEntry]) -> ReceivedMonth:
    kinds: dict[str, list[IncomeEntry]] = defaultdict(list)
    for entry in entries:
        kinds[entry.kind].append(entry)
    total = sums(entries=entries)
    by_kind = {kind: sums(entries=mine) for kind, mine in sorted(kinds.items())}
    return ReceivedMonth(month, total.gross, total.tax, total.net, by_kind)


def _forward(valuation: Valuation, payments: list[Payment], as_of: dt.date) -> Forward:
    after = as_of + dt.timedelta(days=1)
    last = months_later(as_of, 12)
    count = (last.year - after.year) * 12 + last.month - after.month + 1
    cells: dict[str, dict[str, float]] = {
        f"{months_later(after.replace(day=1), number):%Y-%m}": {ANNOUNCED: 0.0, SCHEDULED: 0.0, ESTIMATED: 0.0}
        for number in range(count)
    }
    for payment in payments:
        cells[iso(payment.day)[:7]][payment.certainty] += payment.net
    total = {name: known(sum(cell[name] for cell in cells.values())) for name in (ANNOUNCED, SCHEDULED, ESTIMATED)}
    instruments = valuation.ledger.instruments
    return Forward(
        months=tuple(
            ForwardMonth(month, known(cell[ANNOUNCED]), known(cell[SCHEDULED]), known(cell[ESTIMATED]))
            for month, cell in cells.items()
        ),
        announced=total[ANNOUNCED],
        scheduled=total[SCHEDULED],
        estimated=total[ESTIMATED],
        net=known(sum(payment.net for payment in payments)),
        nhi_expected=known(expected_premium(valuation=valuation, payments=payments)),
        payments=tuple(
            ForwardPayment(
                date=iso(each.day),
                symbol=instruments[each.instrument].symbol,
                kind=each.kind,
                certainty=each.certainty,
                gross=known(each.gross),
                tax=known(each.tax),
                net=known(each.net),
                confidence=each.confidence,
            )
            for each in payments
        ),
    )


def _principal(valuation: Valuation, entries: list[IncomeEntry], as_of: dt.date) -> Principal:
    carried = 0.0
    first = to_date(valuation.grid.first + 1).year
    for year in range(first, as_of.year):
        income, paid = _year(valuation, entries, dt.date(year, 1, 1), month_end(year=year, month=12))
        carried = max(carried + income - paid, 0.0)
    income, paid = _year(valuation, entries, dt.date(as_of.year, 1, 1), as_of)
    return Principal(known(income), known(paid), known(max(paid - income, 0.0)), known(carried))


def _year(valuation: Valuation, entries: list[IncomeEntry], start: dt.date, end: dt.date) -> tuple[float, float]:
    """Return distributable income and salary paid between two dates."""
    first, last = to_day(start), to_day(end)

    def booked(kind: Kind) -> float:
        later = moved(valuation=valuation, first_day=last + 1, kinds=(kind,))
        return moved(valuation=valuation, first_day=first, kinds=(kind,)) - later

    net = sum(entry.net for entry in entries if first <= entry.day <= last)
    return net + booked(Kind.TAX_REFUND), booked(Kind.SALARY)


def _projection(pay: SalaryNow, ahead: float | None, wealth: float, growth: float, year: int) -> Projection:
    if pay.annual is None or ahead is None:
        return Projection(growth, (), FirstUncovered(None, None, None), None, None)
    planned = DEFAULT_RAISE if pay.planned_raise is None else pay.planned_raise
    years = projection(salary=pay.annual, income=ahead, planned=planned, growth=growth, first_year=year)
    return Projection(
        income_growth=growth,
        years=tuple(
            YearAhead(each.year, each.salary_low, each.salary_planned, each.salary_high, each.income) for each in years
        ),
        first_uncovered=FirstUncovered(*(first_uncovered(years=years, raised=raised) for raised in ("low", "planned", "high"))),
        growth_needed=growth_needed(salary=pay.annual, income=ahead, planned=planned),
        capital_needed=capital_needed(salary=pay.annual, income=ahead, wealth=wealth),
    )


def _concentration(entries: list[IncomeEntry], as_of: dt.date) -> Concentration:
    by_payer: dict[str, float] = defaultdict(float)
    for entry in _trailing(entries, as_of):
        by_payer[entry.payer] += entry.net
    found = concentration(nets=by_payer.values())
    if found is None:
        return Concentration(None, None, None)
    return Concentration(max(by_payer, key=lambda payer: by_payer[payer]), known(found[0]), known(found[1]))


def _yields(valuation: Valuation, payers: Mapping[int, Payer]) -> tuple[HoldingYield, ...]:
    instruments = valuation.ledger.instruments
    found = holding_yields(valuation=valuation, payers=payers)
    return tuple(
        HoldingYield(
            instruments[each.instrument].symbol,
            known(each.gross_trailing),
            known(each.net_trailing),
            known(each.net_forward),
            known(each.on_cost),
        )
        for each in sorted(found, key=lambda each: instruments[each.instrument].symbol)
    )


def _bonds(valuation: Valuation, convention: str) -> tuple[BondLine, ...]:
    instruments = valuation.ledger.instruments
    return tuple(
        BondLine(
            symbol=instruments[each.instrument].symbol,
            face=each.face,
            clean_price=known(each.clean_price),
            accrued_interest=known(each.accrued_interest),
            yield_to_maturity=each.yield_to_maturity,
            convention=convention,
            modified_duration=each.modified_duration,
            next_coupon_date=None if each.next_coupon_day is None else iso(each.next_coupon_day),
            next_coupon=each.next_coupon,
            maturity_date=iso(instruments[each.instrument].maturity_day or 0),
            premium_left=each.premium_left,
            amortisation_12=each.amortisation,
        )
        for each in bond_figures(valuation=valuation, convention=convention)
    )


def _withholding(valuation: Valuation) -> tuple[WithholdingDifference, ...]:
    found = []
    for each in tax_differences(valuation=valuation):
        rate = float(valuation.money.cash_rate[each.row])
        amounts = (each.gross, each.tax, each.expected, each.tax - each.expected)
        symbol = valuation.ledger.instruments[each.instrument].symbol
        found.append(WithholdingDifference(symbol, iso(each.day), *(known(amount * rate) for amount in amounts)))
    return tuple(found)
