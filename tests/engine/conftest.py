"""What engine tests share: a review of a diary."""

from collections.abc import Callable

import pytest

from portfolio.reports.quarterly_review import QuarterlyReview
from tests import reviewing


@pytest.fixture
def review_of() -> Callable[..., QuarterlyReview]:
    """Return a function that reviews a ledger between two ISO dates, in US dollars unless told otherwise."""
    return reviewing.review_of
