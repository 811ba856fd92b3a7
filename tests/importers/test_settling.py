"""What the stored ledger adds to a file: merged rows that come in parts, and what a person corrected in between."""

import datetime as dt

import pytest

from portfolio.importers.once_only import StoredRow, sort_out
from portfolio.importers.rows import LedgerRow
from portfolio.models import Transaction
from tests.importers.brokers import bring, stored

DAY = dt.date(2025, 3, 28)
HEADER = '"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"\n'
DIVIDEND = '"03/28/2025","Cash Dividend","ABC","ABC CORP","","","","$10.00"\n'
TAX = '"03/28/2025","NRA Tax Adj","ABC","ABC CORP","","","","-$3.00"\n'


@pytest.mark.django_db
@pytest.mark.parametrize("pieces", [(DIVIDEND, DIVIDEND + TAX), (TAX, DIVIDEND + TAX), (DIVIDEND + TAX, DIVIDEND, TAX)])
def test_a_dividend_and_its_tax_end_in_one_row_in_whatever_parts_they_come(pieces):
    for piece in pieces:
        bring(HEADER + piece)

    assert stored("kind", "amount", "tax") == [("DIVIDEND", "10", "3")]


@pytest.mark.django_db
def test_parts_that_were_booked_apart_are_not_booked_again():
    bring(HEADER + DIVIDEND)
    bring(HEADER + TAX)

    report = bring(HEADER + DIVIDEND + TAX)

    assert (report.written, report.duplicates) == (0, 2)
    assert stored("kind", "amount", "tax") == [("DIVIDEND", "10", "0"), ("TAX", "3", "0")]


@pytest.mark.django_db
def test_what_a_person_corrected_is_left_alone_by_the_same_file():
    bring(HEADER + DIVIDEND)
    Transaction.objects.update(amount="11")

    report = bring(HEADER + DIVIDEND)

    assert (report.duplicates, len(report.needs_review)) == (1, 0)
    assert stored("amount") == [("11",)]


@pytest.mark.django_db
def test_a_broker_that_contradicts_the_ledger_is_asked_about_and_the_rest_comes_in():
    bring(HEADER + '"03/27/2025","Buy","ABC","ABC CORP","10","$15.00","","-$150.00"\n')
    Transaction.objects.get().instrument.__class__.objects.update(price_unit="0.01")

    report = bring(HEADER + DIVIDEND + '"03/28/2025","Buy","ABC","ABC CORP","10","$16.00","","-$160.00"\n')

    assert (report.imported, len(report.needs_review), len(report.rejected)) == (1, 1, 0)


def row(external_id, **values):
    return LedgerRow(lines=(1,), date=DAY, kind="FEE", account="A", external_id=external_id, **values)


def test_a_row_of_which_parts_are_stored_and_parts_are_new_is_asked_about_if_it_was_typed():
    typed = StoredRow(1, None, row("x:00000000000000000001"))

    result = sort_out(rows=[row("x:00000000000000000001 & x:00000000000000000002")], stored=[typed])

    assert (result.new, result.completions, len(result.needs_review)) == ([], [], 1)


def test_a_row_that_was_taken_back_stays_out():
    result = sort_out(rows=[row("x:00000000000000000001")], stored=[], cancelled={("A", "x:00000000000000000001")})

    assert (result.new, len(result.duplicates)) == ([], 1)


def test_an_id_of_the_sources_own_with_other_values_is_offered_as_an_update():
    result = sort_out(rows=[row("4711", note="new")], stored=[StoredRow(1, 1, row("4711", note="old"))])

    assert len(result.updates) == 1
