"""What engine tests share: a review of a diary."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from portfolio.engine.ledger import Ledger
from portfolio.engine.periods import between
from portfolio.reports.quarterly_review import QuarterlyReview, build_quarterly_review


@pytest.fixture
def review_of() -> Callable[..., QuarterlyReview]:
    """Return a function that reviews a ledger between two ISO dates, in US dollars unless told otherwise."""

    def build(ledger: Ledger, start: str, end: str, *, base: str = "USD", **options: Any) -> QuarterlyReview:
        period = between(start=dt.date.fromisoformat(start), end=dt.date.fromisoformat(end))
        return build_quarterly_review(ledger=ledger, period=period, base=base, **options)

    return build
