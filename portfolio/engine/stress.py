"""What a blow does to the income ahead, and how hard one has to be until the salary is no longer covered.

Plain numbers in and out: knows payers, currencies and amounts, nothing of ledgers. Blows are fractions from 0 to 1.
Source of the rules: docs/methods.md 8.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PayerAhead:
    """What one payer is expected to pay in the next twelve months, net, reporting currency."""

    symbol: str
    currency: str
    net: float


@dataclass(frozen=True, slots=True)
class Blow:
    """Three things that may go wrong, alone or together."""

    cut: float = 0.0  # of all income
    currency: str = ""  # that falls against the reporting currency
    drop: float = 0.0  # of that currency
    gone: str = ""  # payer that pays nothing


def income_after(*, payers: Iterable[PayerAhead], blow: Blow) -> float:
    """Return the income that is left. The three blows multiply: a payer in a fallen currency is cut on top of it."""
    return sum(
        payer.net * (1.0 - blow.cut) * (1.0 - blow.drop if payer.currency == blow.currency else 1.0)
        for payer in payers
        if payer.symbol != blow.gone
    )


def failing_cut(*, income: float, salary: float) -> float | None:
    """Return the cut of all income at which it just pays the salary: the largest that is bearable.

    None where it does not pay the salary even uncut, or no salary has to be paid.
    """
    return 1.0 - salary / income if 0 < salary <= income else None


def failing_drop(*, payers: Sequence[PayerAhead], currency: str, salary: float) -> float | None:
    """Return the fall of a currency at which income just pays the salary.

    None where the salary is not paid anyway, or stays paid without anything from that currency.
    """
    income = sum(payer.net for payer in payers)
    exposed = sum(payer.net for payer in payers if payer.currency == currency)
    if not 0 < salary <= income or income - exposed >= salary:
        return None
    return (income - salary) / exposed


def indispensable(*, payers: Iterable[PayerAhead], salary: float) -> list[str]:
    """Return the payers without any one of which the salary is no longer covered, the largest first."""
    known = sorted(payers, key=lambda payer: -payer.net)
    income = sum(payer.net for payer in known)
    return [payer.symbol for payer in known if income >= salary > income - payer.net]


def weightiest_currency(*, payers: Iterable[PayerAhead], without: Iterable[str]) -> str:
    """Return the currency that most of the income comes in, some left out; blank where nothing is left."""
    sums: dict[str, float] = {}
    skipped = set(without)
    for payer in payers:
        if payer.currency not in skipped:
            sums[payer.currency] = sums.get(payer.currency, 0.0) + payer.net
    return max(sums, key=lambda currency: sums[currency]) if sums else ""
