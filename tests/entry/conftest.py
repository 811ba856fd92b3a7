"""What tests of the entry form share."""

from collections.abc import Callable
from typing import Any

import pytest

from portfolio.entry.form import TransactionForm
from portfolio.models import Transaction
from tests.entry.household import MONDAY, account, dollar_rate


@pytest.fixture
def entered(db: None) -> Callable[..., TransactionForm]:
    """Return a function that sends the form as a browser would, fields left out as blank; the dollar has a rate."""
    dollar_rate()
    home = account()

    def send(kind: str, *, instance: Transaction | None = None, **typed: Any) -> TransactionForm:
        data = {"kind": kind, "date": MONDAY.isoformat(), "account": str(home.pk), **typed}
        return TransactionForm(data, instance=instance)

    return send
