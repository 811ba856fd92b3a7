"""Income of the next twelve months, payment by payment, in three classes that are never merged without the split.

Announced: gone ex, not yet paid. Scheduled: coupons by contract. Estimated: the payer's own rhythm and regular amount on
the units held. Interest, lending rebates and payments in lieu are not forecast. Source of the rules: docs/methods.md 7.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from portfolio.engine.bonds import coupons
from portfolio.engine.income import open_accruals
from portfolio.engine.kinds import Kind
from portfolio.engine.payers import Payer
from portfolio.engine.periods import months_later, to_date, to_day
from portfolio.engine.review_measure import units_since
from portfolio.engine.valuation import Valuation

ANNOUNCED, SCHEDULED, ESTIMATED = "announced", "scheduled", "estimated"


@dataclass(frozen=True, slots=True)
class Payment:
    """One expected payment, reporting currency at the rate of the day it was forecast on."""

    day: int  # pay day
    ex_day: int  # -1 where there is none
    instrument: int
    kind: str
    certainty: str  # announced, scheduled, estimated
    gross: float
    tax: float
    net: float
    confidence: str  # high, medium, low


def year_ahead(*, valuation: Valuation, payers: Mapping[int, Payer], growth: float = 0.0) -> list[Payment]:
    """Return every payment expected in the twelve months after the valuation's last day, by pay day.

    growth: of estimated amounts a year, a fraction; 0 unless the household sets it.
    """
    as_of = valuation.grid.last
    until = to_day(months_later(to_date(as_of), 12))
    found: list[Payment] = []
    netted = open_accruals(valuation=valuation)
    for number, paper in valuation.papers.items():
        if valuation.ledger.instruments[number].is_bond:
            if paper.units[-1] > 0:
                found += _coupons(valuation, number, until, netted.get(number, 0.0))
            continue
        if number in payers:
            found += _dividends(valuation, number, payers[number], until, growth)
    return sorted(found, key=lambda payment: (payment.day, payment.instrument))


def per_unit_year_ahead(*, valuation: Valuation, instrument: int, payer: Payer | None) -> float:
    """Return what one unit is expected to pay in the twelve months after the last day, net, instrument's currency."""
    what, as_of = valuation.ledger.instruments[instrument], valuation.grid.last
    gross = contract_year(valuation=valuation, instrument=instrument, day=as_of)
    if not what.is_bond:
        gross = payer.year_ahead(as_of) if payer else 0.0
    return gross * (1.0 - what.withholding_rate)


def contract_year(*, valuation: Valuation, instrument: int, day: int) -> float:
    """Return the coupons of the twelve months after a day per 1 of face; 0 for what is no bond."""
    days, amounts = coupons(bond=valuation.ledger.instruments[instrument])
    until = to_day(months_later(to_date(day), 12))
    return float(amounts[(days > day) & (days <= until)].sum())


def _coupons(valuation: Valuation, number: int, until: int, paid_at_purchase: float) -> list[Payment]:
    bond, face = valuation.ledger.instruments[number], float(valuation.papers[number].units[-1])
    rate = float(valuation.rate(number)[-1])
    found = []
    for day, amount in zip(*(column.tolist() for column in coupons(bond=bond)), strict=True):
        if valuation.grid.last < day <= until:
            gross = face * amount * rate
            tax = gross * bond.withholding_rate
            # the first coupon makes good the interest that was paid at purchase
            net = gross - tax - paid_at_purchase * rate
            paid_at_purchase = 0.0
            found.append(Payment(day, -1, number, str(Kind.COUPON), SCHEDULED, gross, tax, net, "high"))
    return found


def _dividends(valuation: Valuation, number: int, payer: Payer, until: int, growth: float) -> list[Payment]:
    as_of, units = valuation.grid.last, valuation.papers[number].units
    found = []
    announced = payer.announced(as_of)
    for place in announced:
        ex = payer.ex_days[place]
        held = float(units[max(valuation.grid.at(ex) - 1, 0)]) * units_since(valuation, number, ex, as_of)
        if held > 0:
            found.append(
                _payment(valuation, number, (payer.pay_days[place], ex), held * payer.amounts[place], (ANNOUNCED, "high"))
            )
    rhythm = payer.rhythm(as_of)
    if rhythm is None or units[-1] <= 0:
        return found
    amount = payer.regular_amount(as_of)
    confidence = ("high" if payer.is_steady(as_of) else "medium") if rhythm.is_regular else "low"
    last = payer.ex_days[payer.regular_until(as_of)[-1]]
    lag = payer.lag or 0
    wanted, step = max(rhythm.a_year - len(announced), 0), 0
    while wanted > 0:
        step += 1
        ex = to_day(months_later(to_date(last), step * rhythm.months)) if rhythm.months else last + round(step * rhythm.gap)
        if ex + lag <= as_of:
            continue
        # rounding of months to days never pushes a payment of the year out of it
        day = min(ex + lag, until)
        grown = amount * (1.0 + growth) ** ((day - as_of) / 365.0)
        found.append(_payment(valuation, number, (day, ex), float(units[-1]) * grown, (ESTIMATED, confidence)))
        wanted -= 1
    return found


def _payment(valuation: Valuation, number: int, dates: tuple[int, int], amount: float, words: tuple[str, str]) -> Payment:
    (day, ex), (certainty, confidence) = dates, words
    gross = amount * float(valuation.rate(number)[-1])
    tax = gross * valuation.ledger.instruments[number].withholding_rate
    return Payment(day, ex, number, str(Kind.DIVIDEND), certainty, gross, tax, gross - tax, confidence)
