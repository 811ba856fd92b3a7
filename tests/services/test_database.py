"""What only a real database can show: writers at the same time, exact numbers, constraints. Runs on SQLite and PostgreSQL."""

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from portfolio import demo
from portfolio.importers.files import import_file
from portfolio.market_data import store
from portfolio.models import Account, Instrument, LedgerImport, LedgerStamp, Price, Transaction

DAY = dt.date(2025, 3, 31)


def at_the_same_time(*works: Callable[[], object]) -> None:
    """Run each in a thread with its own connection; an error in one of them is the test's."""
    gate, errors = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=20)
            work()
        except Exception as error:  # whatever it is, the test has to see it
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_closes_that_two_writers_store_at_the_same_time_are_both_kept():
    instrument = Instrument.objects.create(symbol="QQQ", currency="USD")

    def write(first: int) -> None:
        for offset in range(first, 20, 2):
            store.save_price(instrument=instrument, date=DAY + dt.timedelta(days=offset), close=Decimal(100 + offset))

    at_the_same_time(lambda: write(0), lambda: write(1))

    assert Price.objects.count() == 20
    # the array beside the rows is written as a whole, so a lost update would show here
    series = store.price_series(instruments=[instrument.pk])[instrument.pk]
    assert series.values.tolist() == [100.0 + offset for offset in range(20)]


@pytest.mark.django_db(transaction=True)
def test_one_file_imported_twice_at_the_same_time_is_written_once():
    data = b"date,type,account,amount,currency\n2025-01-02,DEPOSIT,Bank,100,TWD\n2025-01-02,DEPOSIT,Bank,100,TWD\n"

    def load() -> None:
        import_file(name="ledger.csv", data=data, today=DAY)

    at_the_same_time(load, load)

    # two equal rows in one file are two events, the same file twice is not
    assert Transaction.objects.count() == 2
    assert sorted(LedgerImport.objects.values_list("written", flat=True)) == [0, 2]


@pytest.mark.django_db(transaction=True)
def test_no_change_is_lost_from_the_stamp():
    before = LedgerStamp.current()

    def bump() -> None:
        for _ in range(25):
            LedgerStamp.bump()

    at_the_same_time(bump, bump)

    assert LedgerStamp.current() == before + 50


@pytest.mark.django_db(transaction=True)
def test_a_failed_change_leaves_the_stamp_as_it_was():
    before = LedgerStamp.current()

    def one_name_twice() -> None:
        with transaction.atomic():
            Account.objects.create(name="Bank")
            Account.objects.create(name="Bank")

    with pytest.raises(IntegrityError):
        one_name_twice()

    assert LedgerStamp.current() == before
    assert not Account.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["0.1", "1234567890.12345", "99999999999999", "0.0000000001"])
def test_a_number_comes_back_as_it_was_typed(number):
    account = Account.objects.create(name="Bank", currency="TWD")

    row = Transaction.objects.create(date=DAY, kind="DEPOSIT", account=account, amount=Decimal(number), currency="TWD")

    row.refresh_from_db()
    assert row.amount == Decimal(number)


@pytest.mark.django_db
def test_chinese_text_is_kept_and_found():
    Instrument.objects.create(symbol="0050.TW", name_zh="元大台灣 50", currency="TWD")

    assert Instrument.objects.get(name_zh__contains="台灣").symbol == "0050.TW"


@pytest.mark.django_db
def test_the_database_itself_refuses_half_a_trade():
    account = Account.objects.create(name="Broker", currency="USD")

    with pytest.raises(IntegrityError), transaction.atomic():
        Transaction.objects.create(date=DAY, kind="BUY", account=account, currency="USD")


@pytest.mark.django_db
def test_arrays_made_anew_equal_those_that_were_written():
    demo.load()
    instruments = list(Instrument.objects.values_list("pk", flat=True))
    written = {key: each.blobs for key, each in store.price_series(instruments=instruments).items()}

    store.rebuild_series()

    assert {key: each.blobs for key, each in store.price_series(instruments=instruments).items()} == written
