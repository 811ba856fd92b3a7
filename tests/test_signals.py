"""A single save or delete bumps the stamp, and the first edit of an imported row keeps the row as it was."""

import datetime as dt

import pytest

from portfolio.engine.kinds import Kind
from portfolio.models import (
    Account,
    Distribution,
    Instrument,
    LedgerStamp,
    Price,
    Rate,
    Salary,
    Split,
    TrackTarget,
    Transaction,
    WithholdingRule,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 1, 3)


def rows():
    """Yield one unsaved row of every table that reports depend on."""
    fund = Instrument(symbol="QQQ", currency="USD")
    bank = Account(name="Bank", currency="TWD")
    yield from (fund, bank)
    yield Transaction(date=DAY, kind=Kind.DEPOSIT, account=bank, amount=5, currency="TWD")
    yield Salary(amount=24000, currency="TWD", valid_from=DAY)
    yield TrackTarget(track="CASH", weight="0.1")
    yield Distribution(instrument=fund, ex_date=DAY, amount=1)
    yield Split(instrument=fund, ex_date=DAY, ratio=2)
    yield WithholdingRule(country="XX", rate="0.1")
    yield Price(instrument=fund, date=DAY, close=5)
    yield Rate(base="USD", quote="TWD", date=DAY, rate=32)


def test_saving_and_deleting_any_row_of_a_report_bumps_the_stamp():
    saved = []
    for row in rows():
        before = LedgerStamp.current()
        row.save()
        assert LedgerStamp.current() > before, row
        saved.append(row)
    for row in reversed(saved):
        before = LedgerStamp.current()
        row.delete()
        assert LedgerStamp.current() > before, row


def test_the_first_edit_of_an_imported_row_keeps_it_as_it_was_imported():
    bank = Account.objects.create(name="Bank", currency="TWD")
    # an import writes in bulk, without a version for each row
    Transaction.objects.bulk_create([Transaction(date=DAY, kind=Kind.DEPOSIT, account=bank, amount=5, currency="TWD")])
    row = Transaction.objects.get()

    for amount in (7, 9):
        row.amount = amount
        row.save()

    versions = row.history.order_by("history_id")
    assert [(version.history_type, int(version.amount)) for version in versions] == [("+", 5), ("~", 7), ("~", 9)]
    assert versions[0].history_date == row.created_at


def test_a_new_row_has_one_version():
    bank = Account.objects.create(name="Bank", currency="TWD")
    row = Transaction.objects.create(date=DAY, kind=Kind.DEPOSIT, account=bank, amount=5, currency="TWD")

    assert row.history.count() == 1
