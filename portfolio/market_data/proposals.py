"""Dividends that the market announced, for the units the household held: proposed, matched with the ledger, confirmed.

A ledger row by hand or from a file answers one proposal and no second one. What was rejected never comes back. Knows no
network; reads no clock.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import log
from typing import Any

from django.db import transaction
from django.utils import timezone

from portfolio.engine.currencies import rounded
from portfolio.engine.exact_units import DUST, UNIT_KINDS, UnitRow, walk
from portfolio.engine.kinds import Kind, cash_currency
from portfolio.engine.ledger import PremiumRule as EnginePremiumRule
from portfolio.engine.row_rules import spin_off_symbol
from portfolio.engine.withholding import premium
from portfolio.models import Distribution, Instrument, PremiumRule, ProposedDividend, Transaction, WithholdingRule

# older ones are history: whoever left them out of the ledger did so on purpose
LOOKED_BACK = dt.timedelta(days=400)
NEAR = dt.timedelta(days=10)
# without a pay date a row of the right amount may come this long after the ex-date
LATEST = dt.timedelta(days=75)
SAME_AMOUNT = 0.05
USUAL_WEEKDAYS = 5
ANSWERS = (Kind.DIVIDEND, Kind.PAYMENT_IN_LIEU, Kind.RETURN_OF_CAPITAL)
OWN_ROW = "proposal:"

Key = tuple[int, int, dt.date]  # instrument, account, ex-date


class AlreadyDecidedError(Exception):
    """The proposal is none any more; the message says what became of it."""


@dataclass(frozen=True, slots=True)
class _Due:
    """A payment that should come."""

    distribution: Distribution
    account: int
    units: Decimal
    pay_date: dt.date
    amount: Decimal
    tax: Decimal
    currency: str

    @property
    def key(self) -> Key:
        return self.distribution.instrument_id, self.account, self.distribution.ex_date


def propose_dividends(*, today: dt.date, confirms: bool = False) -> int:
    """Bring the proposals up to date with market data and ledger; return how many are open.

    confirms: those whose pay date has come become rows by themselves.
    """
    with transaction.atomic():
        due = {each.key: each for each in _all_due(today)}
        known = {_key(each): each for each in ProposedDividend.objects.select_for_update()}
        _write_down(due, known)
        _match(due, today)
    if confirms:
        ready = ProposedDividend.objects.filter(state=ProposedDividend.State.PROPOSED, pay_date__lte=today)
        for key in ready.values_list("pk", flat=True):
            confirm(proposal=key)
    return ProposedDividend.objects.filter(state=ProposedDividend.State.PROPOSED).count()


def confirm(
    *, proposal: int, date: dt.date | None = None, amount: Decimal | None = None, tax: Decimal | None = None
) -> Transaction:
    """Write the ledger row of a proposal, with other figures where the statement says so. Raises AlreadyDecidedError."""
    with transaction.atomic():
        mine = _open(proposal)
        row = Transaction.objects.create(
            date=date or mine.pay_date,
            kind=Kind.DIVIDEND,
            account=mine.account,
            instrument=mine.instrument,
            amount=mine.amount if amount is None else amount,
            tax=mine.tax if tax is None else tax,
            currency=mine.currency,
            ex_date=mine.ex_date,
            external_id=f"{OWN_ROW}{mine.pk}",
        )
        _decide(mine, ProposedDividend.State.CONFIRMED, row)
    return row


def reject(*, proposal: int) -> None:
    """Say that no such payment comes; it is not asked again. Raises AlreadyDecidedError."""
    with transaction.atomic():
        _decide(_open(proposal), ProposedDividend.State.REJECTED, None)


def _open(key: int) -> ProposedDividend:
    mine = ProposedDividend.objects.select_for_update().select_related("account", "instrument").get(pk=key)
    if mine.state != ProposedDividend.State.PROPOSED:
        raise AlreadyDecidedError(f"The dividend of {mine.instrument} of {mine.ex_date} is {mine.get_state_display()} already.")
    return mine


def _decide(proposal: ProposedDividend, state: str, row: Transaction | None) -> None:
    proposal.state, proposal.transaction, proposal.decided_at = state, row, timezone.now()
    proposal.save()


def _key(proposal: ProposedDividend) -> Key:
    return proposal.instrument_id, proposal.account_id, proposal.ex_date


def _all_due(today: dt.date) -> Iterable[_Due]:
    found = list(Distribution.objects.filter(ex_date__gte=today - LOOKED_BACK, ex_date__lte=today).select_related("instrument"))
    rows, rules = _unit_rows(), _Rules()
    lags = _usual_lags({each.instrument_id for each in found})
    for distribution in found:
        before = [row for row in rows[distribution.instrument_id] if row.date < distribution.ex_date]
        held = {
            account: units
            for (account, instrument), units in walk(before).units.items()
            if instrument == distribution.instrument_id and units > DUST
        }
        pay_date = distribution.pay_date or _pay_date(distribution.ex_date, lags.get(distribution.instrument_id))
        if held:
            yield from _payments(distribution, held, pay_date, rules)


def _payments(distribution: Distribution, held: dict[int, Decimal], pay_date: dt.date, rules: "_Rules") -> Iterable[_Due]:
    instrument = distribution.instrument
    currency, unit = cash_currency(instrument.currency)
    factor = instrument.price_unit if instrument.type == "BOND" else Decimal(1)
    per_unit = distribution.amount * Decimal(str(unit)) * factor
    gross = {account: rounded(amount=units * per_unit, currency=currency) for account, units in held.items()}
    rate = rules.withholding_rate(instrument, pay_date)
    levy = rules.premium(instrument, currency, pay_date, sum(gross.values(), Decimal(0)))
    for account, amount in sorted(gross.items()):
        if amount <= 0:
            continue
        share = levy * amount / sum(gross.values())
        tax = rounded(amount=amount * rate, currency=currency) + rounded(amount=share, currency=currency)
        yield _Due(distribution, account, held[account], pay_date, amount, tax, currency)


class _Rules:
    """The dated tables of tax and premium, read once."""

    def __init__(self) -> None:
        self._withholding = list(WithholdingRule.objects.all())
        self._premiums = list(PremiumRule.objects.all())

    def withholding_rate(self, instrument: Instrument, date: dt.date) -> Decimal:
        """Return the rate withheld on a date: the instrument's own, its country's for its type, its country's, else 0."""
        if instrument.withholding_rate is not None:
            return instrument.withholding_rate
        mine = (rule for rule in self._withholding if rule.country == instrument.issuer_country and _is_valid(rule, date))
        rates = {rule.instrument_type: rule.rate for rule in mine}
        return rates.get(instrument.type, rates.get("", Decimal(0)))

    def premium(self, instrument: Instrument, currency: str, date: dt.date, total: Decimal) -> Decimal:
        """Return the health-insurance premium on what one payer pays on one day, over all accounts."""
        for rule in self._premiums:
            if (rule.country, rule.currency) == (instrument.issuer_country, currency) and _is_valid(rule, date):
                terms = (float(rule.rate), float(rule.threshold), float(rule.cap), float(rule.par))
                known = EnginePremiumRule(rule.country, currency, *terms, 0, None)
                return Decimal(str(premium(rule=known, base=float(total))))
        return Decimal(0)


def _is_valid(rule: WithholdingRule | PremiumRule, date: dt.date) -> bool:
    return rule.valid_from <= date and (rule.valid_to is None or date <= rule.valid_to)


def _unit_rows() -> dict[int, list[UnitRow]]:
    """Return the rows that move an instrument's units, by instrument; a spun-off one needs its parent's, too."""
    symbols = dict(Instrument.objects.values_list("symbol", "pk"))
    by_instrument: dict[int, list[UnitRow]] = defaultdict(list)
    parents: dict[int, set[int]] = defaultdict(set)
    for key, date, time, kind, account, instrument, quantity, to, note in Transaction.objects.filter(
        kind__in=UNIT_KINDS, instrument__isnull=False, quantity__isnull=False
    ).values_list("pk", "date", "time", "kind", "account", "instrument", "quantity", "to_account", "note"):
        child = symbols.get(spin_off_symbol(note=note)) if kind == Kind.SPIN_OFF else None
        by_instrument[instrument].append(UnitRow(key, date, time, kind, account, instrument, quantity, to, child))
        if child is not None:
            parents[child].add(instrument)
    for child, those in parents.items():
        by_instrument[child] = by_instrument[child] + [row for parent in those for row in by_instrument[parent]]
    return by_instrument


def _usual_lags(instruments: set[int]) -> dict[int, int]:
    """Return the days from ex-date to payment that each payer last took, as its rows and announcements say."""
    lags: dict[int, int] = {}
    stated = Distribution.objects.filter(instrument__in=instruments, pay_date__isnull=False).order_by("ex_date")
    for instrument, ex_date, pay_date in stated.values_list("instrument", "ex_date", "pay_date"):
        lags[instrument] = (pay_date - ex_date).days
    rows = Transaction.objects.filter(instrument__in=instruments, kind__in=ANSWERS, ex_date__isnull=False).order_by("date")
    for instrument, ex_date, date in rows.values_list("instrument", "ex_date", "date"):
        if instrument not in lags and date >= ex_date:
            lags[instrument] = (date - ex_date).days
    return lags


@lru_cache(maxsize=1024)
def _pay_date(ex_date: dt.date, lag: int | None) -> dt.date:
    if lag is not None:
        return ex_date + dt.timedelta(days=lag)
    date = ex_date
    for _ in range(USUAL_WEEKDAYS):
        date += dt.timedelta(days=1 if date.weekday() < 4 else 7 - date.weekday())
    return date


def _write_down(due: dict[Key, _Due], known: dict[Key, ProposedDividend]) -> None:
    """Add what is new, correct what is still open, and drop what is due no more."""
    for key, each in due.items():
        mine = known.get(key)
        if mine is None:
            mine = ProposedDividend(instrument=each.distribution.instrument, account_id=each.account, ex_date=key[2])
        elif mine.state != ProposedDividend.State.PROPOSED:
            continue
        figures = {
            "distribution_id": each.distribution.pk,
            "pay_date": each.pay_date,
            "is_pay_date_known": each.distribution.pay_date is not None,
            "units": each.units,
            "per_unit": each.distribution.amount,
            "currency": each.currency,
            "amount": each.amount,
            "tax": each.tax,
        }
        if mine.pk is None or any(getattr(mine, name) != value for name, value in figures.items()):
            for name, value in figures.items():
                setattr(mine, name, value)
            mine.save()
    for key, mine in known.items():
        if key not in due and mine.state == ProposedDividend.State.PROPOSED:
            mine.delete()


def _match(due: dict[Key, _Due], today: dt.date) -> None:
    """Let rows of the ledger answer proposals, one to one, the likeliest pairs first."""
    waiting = ProposedDividend.objects.filter(
        state__in=[ProposedDividend.State.PROPOSED, ProposedDividend.State.CONFIRMED], ex_date__gte=today - LOOKED_BACK
    ).select_related("transaction")
    taken = set(
        ProposedDividend.objects.filter(transaction__isnull=False)
        .exclude(state=ProposedDividend.State.CONFIRMED)
        .values_list("transaction", flat=True)
    )
    rows = [
        row
        for row in Transaction.objects.filter(kind__in=ANSWERS, instrument__isnull=False, date__gte=today - LOOKED_BACK - NEAR)
        if row.pk not in taken and not row.external_id.startswith(OWN_ROW)
    ]
    by_place: dict[tuple[Any, Any], list[Transaction]] = defaultdict(list)
    for row in rows:
        by_place[row.instrument_id, row.account_id].append(row)
    pairs = [
        (likeness, proposal.pk, row.pk, proposal, row)
        for proposal in waiting
        for row in by_place[proposal.instrument_id, proposal.account_id]
        if (likeness := _likeness(proposal, row)) is not None
    ]
    answered: set[int] = set()
    for _, _, _, proposal, row in sorted(pairs, key=lambda pair: pair[:3]):
        if proposal.pk in answered or row.pk in taken:
            continue
        answered.add(proposal.pk)
        taken.add(row.pk)
        own = proposal.transaction
        _decide(proposal, ProposedDividend.State.MATCHED, row)
        if own is not None:
            # the statement came after the click: its row stays, ours would count the money twice
            own.delete()


def _likeness(proposal: ProposedDividend, row: Transaction) -> tuple[int, int, int] | None:
    """Return how likely a row is the proposal's payment, smaller is likelier; None where it cannot be."""
    gap = abs(row.date - proposal.pay_date)
    is_same_amount = _is_same_amount(proposal, row)
    if row.ex_date is not None and abs(row.ex_date - proposal.ex_date) <= dt.timedelta(days=3):
        return (0, 0 if is_same_amount else 1, gap.days)
    if proposal.state == ProposedDividend.State.CONFIRMED and not is_same_amount:
        return None
    if row.ex_date is not None:
        return None
    is_late = not proposal.is_pay_date_known and proposal.ex_date <= row.date <= proposal.ex_date + LATEST
    if gap <= NEAR:
        return (1, 0 if is_same_amount else 1, gap.days)
    return (2, 0, gap.days) if is_late and is_same_amount else None


def _is_same_amount(proposal: ProposedDividend, row: Transaction) -> bool:
    if row.currency != proposal.currency or not row.amount:
        return False
    net = proposal.amount - proposal.tax
    return any(known > 0 and abs(log(float(row.amount / known))) <= SAME_AMOUNT for known in (proposal.amount, net))
