"""What tests of reports share: the review of a diary between two ISO dates."""

import datetime as dt
from typing import Any

from portfolio.engine.ledger import Ledger
from portfolio.engine.periods import between
from portfolio.reports.quarterly_review import QuarterlyReview, build_quarterly_review


def review_of(ledger: Ledger, start: str, end: str, *, base: str = "USD", **options: Any) -> QuarterlyReview:
    """Return the review of a ledger, both dates inside, in US dollars unless told otherwise."""
    period = between(start=dt.date.fromisoformat(start), end=dt.date.fromisoformat(end))
    return build_quarterly_review(ledger=ledger, period=period, base=base, **options)
