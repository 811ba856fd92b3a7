"""What the database itself refuses, whoever writes."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

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
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 1, 2)


@pytest.fixture
def account() -> Account:
    return Account.objects.create(name="Broker")


@pytest.fixture
def share() -> Instrument:
    return Instrument.objects.create(symbol="ABC", currency="USD")


def refused(model: Any, **fields: Any) -> str:
    """Return the name of the constraint that refused a row."""
    with pytest.raises(IntegrityError) as found, transaction.atomic():
        model.objects.create(**fields)
    return str(found.value)


def row(account: Account, share: Instrument, /, **fields: Any) -> dict[str, Any]:
    return {
        "date": DAY,
        "kind": "BUY",
        "account": account,
        "instrument": share,
        "quantity": 1,
        "price": 1,
        "currency": "USD",
    } | fields


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "GIFT"}, "known_kind"),
        ({"quantity": 0}, "quantity_is_positive"),
        ({"quantity": -1}, "quantity_is_positive"),
        ({"price": 0}, "row_price_is_positive"),
        ({"amount": -1}, "amount_is_not_negative"),
        ({"fee": -1}, "charges_are_not_negative"),
        ({"fx_rate": 0}, "fx_rate_is_positive"),
        ({"account": None}, "row_has_an_account"),
        ({"quantity": None}, "trade_is_complete"),
        ({"price": None}, "trade_is_complete"),
        ({"kind": "SPLIT", "quantity": None}, "units_row_is_complete"),
        ({"kind": "DIVIDEND"}, "cash_row_is_complete"),
        ({"kind": "FX", "amount": 1}, "exchange_is_complete"),
        ({"kind": "TRANSFER"}, "transfer_is_complete"),
    ],
)
def test_a_row_that_says_too_little_or_too_much_is_refused(
    account: Account, share: Instrument, fields: dict[str, Any], constraint: str
):
    assert constraint in refused(Transaction, **row(account, share, **fields))


def test_a_split_may_act_on_every_account_and_a_statement_may_say_nothing_is_left(account: Account, share: Instrument):
    Transaction.objects.create(date=DAY, kind="SPLIT", instrument=share, quantity=4)
    Transaction.objects.create(date=DAY, kind="BALANCE", account=account, instrument=share, quantity=0)

    assert Transaction.objects.count() == 2


def test_a_sources_own_id_is_unique_in_its_account_and_blank_ones_are_not(account: Account, share: Instrument):
    other = Account.objects.create(name="Bank")
    Transaction.objects.create(**row(account, share, external_id="T1"))
    Transaction.objects.create(**row(other, share, external_id="T1"))
    for _ in range(2):
        Transaction.objects.create(**row(account, share, external_id=""))

    with pytest.raises(IntegrityError), transaction.atomic():
        Transaction.objects.create(**row(account, share, external_id="T1"))


def test_an_account_or_instrument_with_rows_cannot_be_deleted(account: Account, share: Instrument):
    Transaction.objects.create(**row(account, share))

    for each in (account, share):
        with pytest.raises(ProtectedError):
            each.delete()


def test_market_figures_are_above_zero_and_there_is_one_a_day(share: Instrument):
    assert "close_is_positive" in refused(Price, instrument=share, date=DAY, close=0)
    assert "rate_is_positive" in refused(Rate, base="USD", quote="TWD", date=DAY, rate=-1)
    assert "rate_of_two_currencies" in refused(Rate, base="USD", quote="USD", date=DAY, rate=1)
    assert "distribution_is_positive" in refused(Distribution, instrument=share, ex_date=DAY, amount=0)
    assert "paid_after_ex_date" in refused(
        Distribution, instrument=share, ex_date=DAY, amount=1, pay_date=DAY - dt.timedelta(days=1)
    )
    assert "split_ratio_is_positive" in refused(Split, instrument=share, ex_date=DAY, ratio=0)
    Price.objects.create(instrument=share, date=DAY, close=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.create(instrument=share, date=DAY, close=2)


def test_household_figures_are_what_they_say():
    assert "salary_is_positive" in refused(Salary, amount=0, currency="TWD", valid_from=DAY)
    assert "track_target_is_a_share" in refused(TrackTarget, track="MARKET", weight=2)
    assert "track_target_of_a_known_track" in refused(TrackTarget, track="MOON", weight=0)
    assert "account_has_a_name" in refused(Account, name="")
    assert "instrument_of_a_known_type" in refused(Instrument, symbol="X", currency="USD", type="COIN")


def test_every_change_of_a_row_moves_the_stamp_and_leaves_its_history(account: Account, share: Instrument):
    before = LedgerStamp.current()
    entry = Transaction.objects.create(**row(account, share))
    created = LedgerStamp.current()
    entry.note = "dear"
    entry.save()
    changed = LedgerStamp.current()
    entry.delete()

    assert before < created < changed < LedgerStamp.current()
    assert [each.history_type for each in Transaction.history.order_by("history_id")] == ["+", "~", "-"]
