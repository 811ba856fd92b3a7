"""A small household's database and files, for imports."""

import datetime as dt

import pytest

from portfolio.importers.files import import_file
from portfolio.importers.save import Choices
from portfolio.models import Account, Instrument, LedgerImport, LedgerStamp, Transaction

TODAY = dt.date(2026, 1, 1)


@pytest.fixture
def instruments(db):
    """A fund in dollars, one in pence, and a note quoted per 100."""
    return [
        Instrument.objects.create(symbol="QQQ", currency="USD", type="ETF"),
        Instrument.objects.create(symbol="ULVR", currency="GBp"),
        Instrument.objects.create(symbol="NOTE", currency="USD", type="BOND", price_unit="0.01"),
    ]


@pytest.fixture
def load(db):
    """Import a ledger text; returns the report."""

    def _load(text: str, *, name: str = "ledger.csv", **choices):
        return import_file(name=name, data=text.encode(), today=TODAY, choices=Choices(**choices))

    return _load


@pytest.fixture
def nothing_is_written():
    """Check that the database is as empty as before the first import."""

    def _check():
        assert [model.objects.count() for model in (Account, Instrument, LedgerImport, Transaction)] == [0, 0, 0, 0]
        assert LedgerStamp.current() == 0

    return _check
