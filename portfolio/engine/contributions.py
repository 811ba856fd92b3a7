"""Contributions that add up: what each line put into the time-weighted return. Knows gains and returns only."""

import numpy as np

from portfolio.engine.ledger import Floats
from portfolio.engine.returns import DailyReturns


def line_contributions(*, gains: Floats, returns: DailyReturns) -> Floats:
    """Return each line's contribution to the period's return; they sum to it.

    A day's gain over the day's base, carried with the growth up to the day before. So a closed month never changes when
    a later one is added. A day that is skipped or has no base contributes nothing.

    gains: shape (days, lines), reporting currency.  returns: of the same days.
    Source: docs/methods.md 4.
    """
    before = np.concatenate([[1.0], returns.growth[:-1]])
    weight = np.where(np.isnan(returns.base), 0.0, before / returns.base)
    weight = np.where(np.isnan(returns.rate), np.nan, weight)
    contributions: Floats = weight @ gains
    return contributions
