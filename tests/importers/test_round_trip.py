"""What is exported comes back as it was: the same rows, in the same order, in an empty database and in its own."""

import csv
import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio import queries
from portfolio.engine.kinds import Kind
from portfolio.engine.periods import quarter
from portfolio.engine.row_rules import RULES
from portfolio.importers import ledger_file
from portfolio.importers.files import import_file
from portfolio.importers.ledger_export import write_ledger
from portfolio.importers.rows import LedgerRow
from portfolio.importers.stored import read_books, stored_ledger
from portfolio.market_data import store
from portfolio.models import Account, Instrument, LedgerImport, Transaction

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 1, 1)

# letters, signs that spreadsheets run, separators, quotes, Chinese; no blanks at the ends, which reading takes off
WORDS = st.text(alphabet=st.sampled_from("ab=+-@'\",;\n\t 糧倉"), min_size=1, max_size=12).map(str.strip).filter(bool)
# up to 15 significant digits and 10 decimals, as the tables keep them
SIZES = st.integers(1, 10**9).flatmap(lambda digits: st.integers(0, 10).map(lambda places: Decimal(digits).scaleb(-places)))


@st.composite
def ledger_rows(draw) -> LedgerRow:
    """Return any row that the ledger allows, in one currency so that nothing contradicts."""
    kind = draw(st.sampled_from(list(Kind)))
    meant = RULES[kind].fields
    row = LedgerRow(
        lines=(0,),
        date=draw(st.dates(dt.date(2020, 1, 1), dt.date(2025, 12, 31))),
        time=draw(st.none() | st.times().map(lambda time: time.replace(microsecond=0))),
        kind=kind,
        account=draw(st.sampled_from(["Bank", "=Broker", "台灣銀行"])),
        currency="USD",
        note="to:NEW child" if kind == Kind.SPIN_OFF else draw(st.just("") | WORDS),
        external_id=draw(st.just("") | st.uuids().map(str) | st.uuids().map(lambda each: f"-{each}")),
    )
    filled = {name: draw(SIZES) for name in ("quantity", "amount", "to_amount", "fee", "tax") if name in meant}
    if "instrument" in meant and not (kind == Kind.TRANSFER and draw(st.booleans())):
        filled["symbol"] = draw(st.sampled_from(["QQQ", "0050.TW", "@X"]))
    if kind == Kind.TRANSFER and "symbol" not in filled:
        filled.pop("quantity")
    if "to_account" in meant:
        filled["to_account"] = "Other"
    if "to_currency" in meant:
        filled["to_currency"] = "TWD"
    if "ex_date" in meant:
        filled["ex_date"] = draw(st.none() | st.dates(dt.date(2020, 1, 1), dt.date(2025, 12, 31)))
    if "tax_year" in meant:
        filled["tax_year"] = draw(st.none() | st.integers(2000, 2025))
    return replace(row, **filled)


def exported(rows: list[LedgerRow]) -> str:
    file = io.StringIO(newline="")
    write_ledger(rows=rows, file=file)
    return file.getvalue()


def placeless(rows: list[LedgerRow]) -> list[LedgerRow]:
    return [replace(row, lines=(0,)) for row in rows]


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(ledger_rows(), max_size=8))
def test_any_rows_written_and_read_are_the_same_rows(rows):
    read = ledger_file.read(data=exported(rows).encode(), today=TODAY, account="")

    assert read.rejected == []
    assert placeless(read.rows) == rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ledger_rows(), min_size=1, max_size=8, unique_by=lambda row: row.external_id or id(row)))
def test_any_rows_stored_and_exported_are_the_same_rows(rows, db):
    for model in (Transaction, LedgerImport, Account, Instrument):
        model.objects.all().delete()
    for symbol in ("QQQ", "0050.TW", "@X", "NEW"):
        Instrument.objects.create(symbol=symbol, currency="USD")

    report = import_file(name="rows.csv", data=exported(rows).encode(), today=TODAY)

    assert report.rejected == []
    stored = list(stored_ledger(books=read_books()))
    # stable by date: rows of one day keep the order in which they came
    assert stored == sorted(rows, key=lambda row: row.date)
    again = import_file(name="rows.csv", data=exported(stored).encode(), today=TODAY)
    assert (again.written, again.duplicates) == (0, len(rows))


def test_no_cell_of_an_export_begins_like_a_formula_and_no_number_is_touched():
    row = LedgerRow((0,), dt.date(2025, 1, 3), Kind.BALANCE, "=Bank", amount=Decimal("-5.5"), currency="USD", note="@note")

    cells = next(csv.DictReader(io.StringIO(exported([row]))))

    assert (cells["account"], cells["note"], cells["amount"]) == ("'=Bank", "'@note", "-5.5")


def test_a_blank_currency_is_exported_as_what_it_means(db):
    account = Account.objects.create(name="Broker", currency="JPY")
    fund = Instrument.objects.create(symbol="ULVR", currency="GBp")
    Transaction.objects.create(date="2025-01-03", kind=Kind.BUY, account=account, instrument=fund, quantity=1, price=4000)

    assert [row.currency for row in stored_ledger(books=read_books())] == ["GBP"]


def test_the_review_of_an_exported_ledger_is_the_same_to_the_last_digit(load):
    fund = Instrument.objects.create(symbol="QQQ", currency="USD", track="MARKET")
    for date, close, rate in (
        ("2024-12-30", "515.61", "32.781"),
        ("2025-01-02", "510.23", "32.885"),
        ("2025-03-31", "468.92", "33.182"),
    ):
        store.save_price(instrument=fund, date=dt.date.fromisoformat(date), close=Decimal(close))
        store.save_rate(base="USD", quote="TWD", date=dt.date.fromisoformat(date), rate=Decimal(rate))
    load(
        "date,time,type,account,symbol,quantity,price,amount,currency,fee,tax,to_account,to_currency,to_amount,fx_rate,note\n"
        "2024-12-30,,FX,Bank,,,,330000,TWD,600,,Broker,USD,10044.77,,\n"
        "2024-12-30,,DEPOSIT,Bank,,,,1000000,TWD,,,,,,,=cash\n"
        "2025-01-02,14:00,SELL,Broker,QQQ,1.3333,509.99,,,1.07,,,,,,\n"
        "2025-01-02,09:30,BUY,Broker,QQQ,7.777,512.345,,,,,,,,,\n"
        "2025-02-03,,DIVIDEND,Broker,QQQ,,,4.44,,,1.33,,,,,\n"
        "2025-03-03,,SALARY,Bank,,,,26000,,,,,,,,\n"
    )
    period = quarter(year=2025, number=1)
    before = queries.quarterly_review(period=period, base_currency="TWD")
    text = exported(list(stored_ledger(books=read_books())))
    for model in (Transaction, LedgerImport, Account):
        model.objects.all().delete()

    report = load(text)

    assert (report.rejected, report.written) == ([], 6)
    queries.forget()
    assert queries.quarterly_review(period=period, base_currency="TWD") == before
