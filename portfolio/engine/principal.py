"""Whether the salary was paid out of income or out of principal. Plain numbers in and out (docs/methods.md 8)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PrincipalTest:
    """A year's salary against what could be distributed; reporting currency, all of them sizes."""

    from_carried: float  # paid out of earlier years' unspent income, where the setting allows it
    from_principal: float
    left: float  # of this year's distributable income


def principal_test(*, distributable: float, paid: float, carried: float, carries_forward: bool) -> PrincipalTest:
    """Return where the salary came from. Distributable income goes first, then what was carried, then principal.

    distributable: net income received, without return of capital, plus tax refunds.  carried: unspent in earlier years.
    """
    beyond = max(paid - distributable, 0.0)
    from_carried = min(beyond, max(carried, 0.0)) if carries_forward else 0.0
    return PrincipalTest(from_carried, beyond - from_carried, max(distributable - paid, 0.0))
