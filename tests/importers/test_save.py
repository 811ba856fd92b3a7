"""What an import writes: everything or nothing, defaults filled in, one entry for each file."""

import datetime as dt
import hashlib
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.models import Account, Instrument, LedgerImport, LedgerStamp, Transaction

pytestmark = pytest.mark.django_db
COLUMNS = (
    "date,type,account,symbol,quantity,price,amount,currency,fee,tax,to_account,to_currency,to_amount,fx_rate,note,external_id"
)
HEADER = f"{COLUMNS}\n"


def row(**cells: object) -> str:
    """Return one line under HEADER."""
    return ",".join(str(cells.get(name, "")) for name in COLUMNS.split(",")) + "\n"


def counts(report) -> tuple[int, ...]:
    """Return imported, duplicates, skipped, reviews, rejected; they must add up to the rows."""
    found = (report.imported, report.duplicates, report.skipped, len(report.needs_review), len(report.rejected))
    assert sum(found) == report.rows
    return found


def test_an_import_is_one_entry_and_its_rows_point_to_it(load, instruments):
    text = HEADER + row(date="2025-01-03", type="BUY", account="Broker", symbol="QQQ", quantity=2, price=510, external_id="1")

    report = load(text, name="folder/ledger.csv")

    entry = LedgerImport.objects.get()
    assert counts(report) == (1, 0, 0, 0, 0)
    assert (entry.file_name, entry.format, entry.written) == ("ledger.csv", "ledger", 1)
    assert entry.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert Transaction.objects.get().source == entry
    assert LedgerStamp.current() > 0


def test_a_blank_currency_is_the_instruments_else_the_accounts(load, instruments):
    Account.objects.create(name="Bank", currency="JPY")

    load(
        HEADER
        + row(date="2025-01-03", type="BUY", account="Bank", symbol="QQQ", quantity=2, price=510)
        + row(date="2025-01-03", type="BUY", account="Bank", symbol="ULVR", quantity=2, price=4000)
        + row(date="2025-01-03", type="DEPOSIT", account="Bank", amount=5)
    )

    # pence are quoted, pounds move
    assert list(Transaction.objects.values_list("currency", flat=True)) == ["USD", "GBP", "JPY"]


def test_a_currency_that_nothing_tells_is_refused(load):
    report = load(HEADER + row(date="2025-01-03", type="DEPOSIT", account="Bank", amount=5))

    assert (report.rejected[0].line, report.rejected[0].column) == (2, "currency")


def test_an_unknown_account_is_made_in_the_currency_of_its_first_row_that_has_one(load):
    load(
        HEADER
        + row(date="2025-01-03", type="DEPOSIT", account="Bank", amount=5)
        + row(date="2025-01-04", type="DEPOSIT", account="Bank", amount=5, currency="TWD")
        + row(date="2025-01-05", type="TRANSFER", account="Bank", amount=5, to_account="Other", to_currency="USD", to_amount=1)
    )

    assert dict(Account.objects.values_list("name", "currency")) == {"Bank": "TWD", "Other": "USD"}
    assert Transaction.objects.order_by("date").first().currency == "TWD"


def test_a_new_account_named_almost_like_another_is_a_warning(load):
    load(HEADER + row(date="2025-01-03", type="DEPOSIT", account="Taiwan Bank", amount=5, currency="TWD"))

    report = load(HEADER + row(date="2025-01-04", type="DEPOSIT", account="taiwanbank", amount=5, currency="TWD"))

    assert [(warning.line, warning.code) for warning in report.warnings] == [(2, "similar_account")]
    assert report.written == 1


def test_an_unknown_symbol_becomes_a_draft_share_and_a_warning(load):
    report = load(
        HEADER
        + row(date="2025-01-03", type="BUY", account="Broker", symbol="NEW", quantity=2, price=5, currency="USD")
        + row(date="2025-01-04", type="SPIN_OFF", symbol="NEW", quantity=1, note="to:CHILD")
    )

    made = Instrument.objects.order_by("symbol").values_list("symbol", "type", "currency", "is_draft")
    assert list(made) == [("CHILD", "STOCK", "USD", True), ("NEW", "STOCK", "USD", True)]
    assert [(warning.line, warning.code) for warning in report.warnings] == [(2, "unknown_symbol"), (3, "unknown_symbol")]
    assert Instrument.history.count() == 2


def test_an_unknown_symbol_without_any_currency_is_refused(load, nothing_is_written):
    report = load(HEADER + row(date="2025-01-03", type="SPLIT", symbol="NEW", quantity=2))

    assert "no instrument NEW, and no currency" in report.rejected[0].reason
    nothing_is_written()


@pytest.mark.parametrize(
    ("cells", "off"),
    [
        # 2 x 510 = 1020: 0.5 % of it is 5.10
        ({"symbol": "QQQ", "quantity": 2, "price": 510, "amount": "1025.10"}, False),
        ({"symbol": "QQQ", "quantity": 2, "price": 510, "amount": "1025.11"}, True),
        # 20,000 of face at 99.5 per 100 are 19,900
        ({"symbol": "NOTE", "quantity": 20000, "price": "99.5", "amount": "19900"}, False),
        ({"symbol": "NOTE", "quantity": 20000, "price": "99.5", "amount": "1990000"}, True),
        # 1020 dollars at 32.5 are 33,150 TWD
        ({"symbol": "QQQ", "quantity": 2, "price": 510, "amount": 33150, "currency": "TWD", "fx_rate": "32.5"}, False),
        ({"symbol": "QQQ", "quantity": 2, "price": 510, "amount": 33500, "currency": "TWD", "fx_rate": "32.5"}, True),
        # without a rate of its own the row says nothing that could contradict
        ({"symbol": "QQQ", "quantity": 2, "price": 510, "amount": 33500, "currency": "TWD"}, False),
        # 10 x 4000 pence are 400 pounds
        ({"symbol": "ULVR", "quantity": 10, "price": 4000, "amount": 400, "currency": "GBP"}, False),
        ({"symbol": "ULVR", "quantity": 10, "price": 4000, "amount": 40000, "currency": "GBP"}, True),
        ({"symbol": "NOTE", "type": "MATURITY", "quantity": 20000, "amount": 20000}, False),
    ],
)
def test_an_amount_may_differ_from_its_parts_by_half_a_percent(load, instruments, cells, off):
    report = load(HEADER + row(date="2025-01-03", account="Broker", **({"type": "BUY"} | cells)))

    assert bool(report.rejected) == off
    if off:
        assert "differs by" in report.rejected[0].reason


def test_a_bond_entered_as_a_share_is_told_how_to_enter_it(load):
    report = load(
        HEADER
        + row(date="2025-01-03", type="BUY", account="B", symbol="T", quantity=20000, price=99, amount=19800, currency="USD")
    )

    assert "import it first as a BOND" in report.rejected[0].reason


def test_one_bad_row_keeps_everything_out(load, nothing_is_written):
    report = load(
        HEADER
        + row(date="2025-01-03", type="BUY", account="New", symbol="NEW", quantity=1, price=5, currency="USD")
        + row(date="2025-13-03", type="DEPOSIT", account="Bank", amount=5, currency="TWD")
    )

    # the sound row is held back, which is not the same as imported
    assert counts(report) == (0, 0, 1, 0, 1)
    assert report.written == 0
    nothing_is_written()


def test_bad_rows_can_be_left_behind(load):
    report = load(
        HEADER
        + row(date="2025-01-03", type="DEPOSIT", account="Bank", amount=5, currency="TWD")
        + row(date="2025-13-03", type="DEPOSIT", account="Other", amount=5, currency="TWD"),
        skip_bad_rows=True,
    )

    assert counts(report) == (1, 0, 0, 0, 1)
    assert list(Account.objects.values_list("name", flat=True)) == ["Bank"]


def test_a_dry_run_says_the_same_and_writes_nothing(load, nothing_is_written):
    report = load(HEADER + row(date="2025-01-03", type="DEPOSIT", account="Bank", amount=5, currency="TWD"), dry_run=True)

    assert (report.imported, report.written, report.is_dry_run) == (1, 0, True)
    nothing_is_written()


def test_an_exchange_is_between_two_currencies(load):
    report = load(
        HEADER + row(date="2025-01-03", type="FX", account="Bank", amount=5, currency="TWD", to_amount=5, to_currency="TWD")
    )

    assert report.rejected[0].column == "to_currency"


def test_a_transfer_that_converts_says_what_arrived(load):
    report = load(
        HEADER
        + row(date="2025-01-03", type="TRANSFER", account="Bank", amount=5, currency="TWD", to_account="B", to_currency="USD")
    )

    assert report.rejected[0].column == "to_amount"


def test_numbers_come_back_from_the_database_as_they_were_written(load, instruments):
    load(
        HEADER
        + row(date="2025-01-03", type="BUY", account="B", symbol="QQQ", quantity="74.4178", price="435.37", amount="32399.28")
        + row(date="2025-01-03", type="DEPOSIT", account="B", amount="12345678901234.5", currency="USD")
        + row(date="2025-01-03", type="INTEREST", account="B", amount="0.0000000001", currency="USD")
    )

    amounts = list(Transaction.objects.values_list("amount", flat=True))
    assert amounts == [Decimal("32399.28"), Decimal("12345678901234.5"), Decimal("0.0000000001")]


def test_the_order_of_the_file_is_the_order_of_the_day(load):
    load("".join([HEADER, *(row(date="2025-01-03", type="DEPOSIT", account="B", amount=n, currency="USD") for n in (3, 1, 2))]))

    assert list(Transaction.objects.order_by("date", "pk").values_list("amount", flat=True)) == [3, 1, 2]


def test_a_long_file_takes_no_query_for_each_row(load, instruments):
    def text(rows: int, first: int) -> str:
        lines = (
            row(date="2025-01-03", type="BUY", account="B", symbol="QQQ", quantity=1, price=5, external_id=f"{first}-{number}")
            for number in range(rows)
        )
        return HEADER + "".join(lines)

    def others(rows: int, first: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            load(text(rows, first))
        # the rows themselves go in by batches, whose size the database sets
        return sum('INTO "portfolio_transaction"' not in query["sql"] for query in queries)

    others(1, 0)
    assert others(400, 1) == others(10, 2)


def test_dates_and_years_are_kept(load):
    load(
        "date,time,type,account,amount,currency,tax_year,ex_date,symbol\n2025-01-03,09:30:10,TAX_REFUND,B,5,USD,2024,2024-12-01,\n"
    )

    stored = Transaction.objects.get()
    assert (stored.time, stored.tax_year, stored.ex_date) == (dt.time(9, 30, 10), 2024, dt.date(2024, 12, 1))
