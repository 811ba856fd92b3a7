"""Tax that a payment should have borne: the issuer's country by its dated table, and Taiwan's health-insurance premium.

The table checks what was booked and serves forecasts; it never fills in what a broker's file leaves unsaid.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from portfolio.engine.forecast import Payment
from portfolio.engine.kinds import INCOME, KINDS, Kind
from portfolio.engine.ledger import Instrument, PremiumRule, WithholdingRule
from portfolio.engine.money import is_kind
from portfolio.engine.valuation import Valuation

# differences up to this are rounding: whole dollars and yen, two cents elsewhere
_WHOLE = frozenset({"TWD", "JPY"})


@dataclass(frozen=True, slots=True)
class TaxDifference:
    """A payment whose tax differs from the table, in the currency it was paid in."""

    row: int
    instrument: int
    day: int
    gross: float
    tax: float
    expected: float


def rate_of(*, instrument: Instrument, rules: Iterable[WithholdingRule], day: int) -> float:
    """Return the rate withheld on a day: the instrument's own, its country's for its type, its country's, else 0."""
    if instrument.has_own_rate:
        return instrument.withholding_rate
    valid = {
        rule.type: rule.rate
        for rule in rules
        if rule.country == instrument.issuer_country
        and rule.first_day <= day
        and (rule.last_day is None or day <= rule.last_day)
    }
    return valid.get(instrument.type, valid.get("", 0.0))


def premium_rule(*, rules: Iterable[PremiumRule], country: str, day: int) -> PremiumRule | None:
    """Return the premium's rule for a country's issuers on a day; None where there is none."""
    found = (
        rule
        for rule in rules
        if rule.country == country and rule.first_day <= day and (rule.last_day is None or day <= rule.last_day)
    )
    return next(found, None)


def premium(*, rule: PremiumRule, base: float) -> float:
    """Return the premium on what one payer paid on one day, rounded half up to the dollar.

    base: cash and shares at par together.  Cases: 19,999 -> 0, 20,000 -> 422, 30,000 -> 633, 12,000,000 -> 211,000.
    """
    if base < rule.threshold:
        return 0.0
    exact = Decimal(repr(min(base, rule.cap))) * Decimal(repr(rule.rate))
    return float(exact.quantize(Decimal(1), ROUND_HALF_UP))


def expected_premium(*, valuation: Valuation, payments: Iterable[Payment]) -> float:
    """Return the premium to expect on forecast payments, reporting currency; payers and days are added up."""
    sums: dict[tuple[int, int], float] = {}
    for payment in payments:
        key = (payment.instrument, payment.day)
        sums[key] = sums.get(key, 0.0) + payment.gross
    total = 0.0
    for (instrument, day), gross in sums.items():
        country = valuation.ledger.instruments[instrument].issuer_country
        rule = premium_rule(rules=valuation.ledger.premium_rules, country=country, day=day)
        if rule is not None:
            rate = float(valuation.rates.of(rule.currency)[-1])
            # the way there and back through the reporting currency leaves dust around the threshold
            total += premium(rule=rule, base=round(gross / rate, 6)) * rate
    return total


def tax_differences(*, valuation: Valuation) -> list[TaxDifference]:
    """Return the payments with a symbol whose booked tax differs from the table by more than rounding, by day.

    The premium is compared per payer and day as one sum, and shown with the largest of that day's payments.
    """
    rows = valuation.rows
    mine = np.flatnonzero(is_kind(rows, *INCOME, Kind.STOCK_DIVIDEND) & (rows.instrument >= 0))
    groups: dict[tuple[int, int, int], list[int]] = {}
    for row in mine.tolist():
        groups.setdefault((int(rows.day[row]), int(rows.instrument[row]), int(rows.currency[row])), []).append(row)
    found = []
    for (day, instrument, currency), members in groups.items():
        what = valuation.ledger.instruments[instrument]
        code = valuation.ledger.currencies[currency]
        paid = [row for row in members if KINDS[int(rows.kind[row])] in INCOME]
        gross = float(rows.amount[paid].sum())
        tax = float(rows.tax[members].sum())
        expected = gross * rate_of(instrument=what, rules=valuation.ledger.withholding_rules, day=day)
        rule = premium_rule(rules=valuation.ledger.premium_rules, country=what.issuer_country, day=day)
        if rule is not None and rule.currency == code:
            shares = float(rows.quantity[[row for row in members if row not in paid]].sum())
            expected += premium(rule=rule, base=round(gross + shares * rule.par, 6))
        if abs(tax - expected) > (1.0 if code in _WHOLE else 0.02) + 1e-9:
            largest = max(members, key=lambda row: float(np.nan_to_num(rows.amount[row])))
            found.append(TaxDifference(largest, instrument, day, gross, tax, expected))
    return found
