"""An import is undone as a whole, or refused with what stands on it."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.importers.undo import UndoRefusedError, undo_import, undoing_of
from portfolio.models import (
    Account,
    CancelledRow,
    Instrument,
    LedgerDocument,
    LedgerImport,
    LedgerStamp,
    ProposedDividend,
    Transaction,
)
from tests.importers.test_save import HEADER, row

pytestmark = pytest.mark.django_db


def bought(quantity: int = 10, **cells: object) -> str:
    return row(
        **{
            "date": "2025-01-03",
            "type": "BUY",
            "account": "Broker",
            "symbol": "QQQ",
            "quantity": quantity,
            "price": 500,
            **cells,
        }
    )


def sold(quantity: int, **cells: object) -> str:
    return bought(quantity, **{"date": "2025-02-03", "type": "SELL", **cells})


def latest() -> LedgerImport:
    return LedgerImport.objects.first()


def test_an_undone_import_leaves_its_entry_its_file_and_the_history_of_its_rows(load, instruments, owner):
    text = HEADER + bought() + row(date="2025-01-02", type="DEPOSIT", account="Broker", amount=9000, currency="USD")
    load(text)
    stamp = LedgerStamp.current()

    done = undo_import(entry=latest(), user=owner)

    assert (done.rows, done.changed, done.restored) == (2, 0, 0)
    assert not Transaction.objects.exists()
    assert latest().undone_by == owner
    assert latest().file.read() == text.encode()
    assert set(Transaction.history.values_list("history_type", "history_user", "history_change_reason")) == {
        ("-", owner.pk, "undo of the import of ledger.csv")
    }
    assert LedgerStamp.current() > stamp


def test_the_file_can_be_imported_again_afterwards(load, instruments):
    load(HEADER + bought(external_id="1"))
    undo_import(entry=latest())

    assert load(HEADER + bought(external_id="1")).imported == 1
    assert Transaction.objects.count() == 1


def test_accounts_and_drafts_that_only_the_import_used_go_with_it(load):
    load(HEADER + bought(symbol="NEW", currency="USD") + bought(symbol="OLD", currency="USD", account="Other"))
    keeper = Account.objects.get(name="Other")
    Transaction.objects.create(date="2025-03-03", kind="DEPOSIT", account=keeper, amount=1, currency="USD")
    Instrument.objects.filter(symbol="OLD").update(is_draft=False)

    undo_import(entry=latest())

    assert list(Account.objects.values_list("name", flat=True)) == ["Other"]
    assert list(Instrument.objects.values_list("symbol", flat=True)) == ["OLD"]


def test_units_that_were_sold_since_refuse_the_undo_and_nothing_changes(load, instruments):
    load(HEADER + bought(10))
    first = latest()
    load(HEADER + sold(4))
    stamp = LedgerStamp.current()

    with pytest.raises(UndoRefusedError) as refused:
        undo_import(entry=first)

    # without the ten bought, the sale of four has none to take from
    ((short,),) = (refused.value.undoing.left_short,)
    assert (str(short.row.date), short.row.kind, short.missing) == ("2025-02-03", "SELL", Decimal(4))
    assert Transaction.objects.count() == 2
    assert LedgerStamp.current() == stamp
    # the other way round nothing depends on the sale
    undo_import(entry=latest())
    undo_import(entry=first)
    assert not Transaction.objects.exists()


def test_a_sale_that_other_purchases_cover_stands_in_nobodys_way(load, instruments):
    load(HEADER + bought(10))
    first = latest()
    load(HEADER + bought(4, date="2025-01-06") + sold(4))

    assert undoing_of(entry=first).is_possible


def test_what_lacked_units_before_is_no_reason_to_refuse(load, instruments):
    load(HEADER + sold(4))
    load(HEADER + bought(3, date="2025-03-03"))

    assert undoing_of(entry=latest()).is_possible


def test_a_split_counts_when_units_are_looked_for(load, instruments):
    load(HEADER + row(date="2025-01-10", type="SPLIT", symbol="QQQ", quantity=2))
    split = latest()
    load(HEADER + bought(10))
    load(HEADER + sold(20))

    # ten shares became twenty; without the split ten are missing
    (short,) = undoing_of(entry=split).left_short
    assert short.missing == Decimal(10)


def test_rows_that_the_import_changed_are_as_before(load, instruments):
    load(HEADER + bought(10, external_id="1", note="first"))
    first = latest()
    load(HEADER + bought(12, external_id="1", note="second"), name="later.csv", accept_updates=True)

    done = undo_import(entry=latest())

    assert (done.rows, done.changed) == (0, 1)
    stored = Transaction.objects.get()
    assert (stored.quantity, stored.note, stored.source) == (Decimal(10), "first", first)


def test_a_later_import_that_changed_its_rows_goes_first(load, instruments):
    load(HEADER + bought(10, external_id="1"))
    first = latest()
    load(HEADER + bought(12, external_id="1"), name="later.csv", accept_updates=True)

    assert undoing_of(entry=first).later_imports == [latest()]
    undo_import(entry=latest())
    undo_import(entry=first)
    assert not Transaction.objects.exists()


def test_a_row_that_was_changed_again_by_hand_is_not_overwritten(load, instruments):
    load(HEADER + bought(10, external_id="1"))
    load(HEADER + bought(12, external_id="1"), accept_updates=True)
    stored = Transaction.objects.get()
    stored.note = "by hand"
    stored.save()

    assert undoing_of(entry=latest()).changed_since == [stored]


def test_rows_changed_by_hand_since_are_counted(load, instruments):
    load(HEADER + bought(10) + bought(10))
    stored = Transaction.objects.first()
    stored.note = "by hand"
    stored.save()

    undoing = undoing_of(entry=latest())

    assert (undoing.edited_since, undoing.is_possible) == (1, True)


def test_what_the_import_took_out_comes_back(load, instruments):
    load(HEADER + bought(10, external_id="1"))
    taken = Transaction.objects.get()
    load(HEADER + row(date="2025-01-04", type="DEPOSIT", account="Broker", amount=1, currency="USD"), name="cancel.csv")
    entry = latest()
    # as an importer does with a trade that its broker cancelled
    CancelledRow.objects.create(account=taken.account, external_id="1", source=entry, transaction_key=taken.pk)
    key = taken.pk
    taken.delete()

    done = undo_import(entry=entry)

    assert done.restored == 1
    assert Transaction.objects.get().pk == key
    assert not CancelledRow.objects.exists()


def test_documents_of_its_rows_stay_with_the_import(load, instruments):
    load(HEADER + bought(10))
    document = LedgerDocument.objects.create(
        row=Transaction.objects.get(), name="confirmation.pdf", content_type="application/pdf", size=1
    )

    undo_import(entry=latest())

    document.refresh_from_db()
    assert (document.row, document.source) == (None, latest())


def test_an_announced_dividend_that_its_rows_answered_is_open_again(load, instruments):
    load(HEADER + row(date="2025-03-24", type="DIVIDEND", account="Broker", symbol="QQQ", amount=70, currency="USD"))
    stored = Transaction.objects.get()
    days = {"ex_date": "2025-03-20", "pay_date": "2025-03-24"}
    figures = {"units": 100, "per_unit": "0.7", "amount": 70, "currency": "USD"}
    proposal = ProposedDividend.objects.create(
        instrument=stored.instrument, account=stored.account, state="matched", transaction=stored, **days, **figures
    )

    undo_import(entry=latest())

    proposal.refresh_from_db()
    assert (proposal.state, proposal.transaction) == ("proposed", None)


def test_an_import_is_undone_once(load, instruments):
    load(HEADER + bought(10))
    undo_import(entry=latest())

    with pytest.raises(UndoRefusedError):
        undo_import(entry=latest())


def test_the_number_of_queries_grows_by_batches_alone(load, instruments):
    def queries(rows: int) -> int:
        load(HEADER + "".join(bought(place + 1) for place in range(rows)))
        with CaptureQueriesContext(connection) as captured:
            undo_import(entry=latest())
        return len(captured)

    # versions are written in batches of thirty and more
    assert queries(200) - queries(20) <= 180 / 30
