"""What worked examples share: a review in euros, the currency of most of them."""

from collections.abc import Callable
from functools import partial

import pytest

from portfolio.reports.quarterly_review import QuarterlyReview
from tests import reviewing


@pytest.fixture
def review_of() -> Callable[..., QuarterlyReview]:
    """Return a function that reviews a ledger between two ISO dates, in euros unless told otherwise."""
    return partial(reviewing.review_of, base="EUR")
