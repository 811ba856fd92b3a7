"""A whole folder, or nothing of it."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.engine.kinds import Kind
from portfolio.market_data import store
from portfolio.market_data.close_file import FaultyFileError
from portfolio.market_data.folder import load_folder
from portfolio.models import Distribution, Instrument, LedgerStamp, Price, Rate, Split, Transaction

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 1, 1)


@pytest.fixture
def folder(tmp_path):
    """Write files into a folder; returns it."""

    def _write(**files: str):
        for name, text in files.items():
            part, _, stem = name.partition("__")
            path = tmp_path / part / f"{stem}.csv"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return _write


@pytest.fixture
def household():
    for symbol, quote in (("0050.TW", ""), ("UST-4.500-2031-12-31", ""), ("QQQ", "QQQ.US")):
        Instrument.objects.create(symbol=symbol, quote_symbol=quote, currency="USD")


FILES = {
    "prices__0050.TW": "date,close\n2025-06-10,188.65\n2025-06-18,47.57\n",
    "prices__UST-4.500-2031-12-31": "date,close\n2025-03-13,102.05\n",
    "prices__QQQ.US": "date,close\n2025-03-13,468.92\n",
    "fx__USDTWD": "date,rate\n2025-03-13,32.95\n",
    "dividends__0050.TW": "ex_date,amount,pay_date\n2025-01-17,2.7,2025-02-20\n",
    "splits__0050.TW": "ex_date,ratio\n2025-06-18,4\n",
}


def test_every_part_is_loaded_and_a_second_time_changes_nothing(folder, household):
    path = folder(**FILES)
    report = load_folder(folder=path, today=TODAY)

    assert {name: (part.files, part.rows, part.written) for name, part in report.parts.items()} == {
        "prices": (3, 4, 4),
        "fx": (1, 1, 1),
        "dividends": (1, 1, 1),
        "splits": (1, 1, 1),
    }
    # the split explains the fall from 188.65 to 47.57
    assert report.warnings == []
    assert Distribution.objects.get().pay_date == dt.date(2025, 2, 20)
    assert Split.objects.get().ratio == 4
    stamp = LedgerStamp.current()

    assert load_folder(folder=path, today=TODAY).written == 0
    assert LedgerStamp.current() == stamp


def test_a_file_may_be_named_after_the_quote_symbol(folder, household):
    load_folder(folder=folder(**FILES), today=TODAY)

    assert Price.objects.get(instrument__symbol="QQQ").close == Decimal("468.92")


def test_a_part_may_be_missing_and_other_files_are_left_alone(folder, household, tmp_path):
    path = folder(fx__USDTWD=FILES["fx__USDTWD"])
    (tmp_path / "fx" / "README.txt").write_text("not meant", encoding="utf-8")
    (tmp_path / "fx" / "._USDTWD.csv").write_text("not meant", encoding="utf-8")

    assert load_folder(folder=path, today=TODAY).written == 1


def test_prices_of_a_symbol_without_an_instrument_are_skipped_with_a_warning(folder, household):
    report = load_folder(folder=folder(**FILES, prices__NEW="date,close\n2025-03-13,5\n"), today=TODAY)

    assert report.warnings == ["prices/NEW.csv: there is no instrument NEW; import it first. The file was skipped."]
    assert report.parts["prices"].written == 4


def test_one_fault_keeps_the_whole_folder_out_and_all_faults_are_listed(folder, household):
    path = folder(**FILES | {"prices__QQQ.US": "date,close\nsoon,5\n"}, fx__USDXXQ="date,rate\n2025-03-13,5\n")

    with pytest.raises(FaultyFileError) as error:
        load_folder(folder=path, today=TODAY)

    assert [str(fault) for fault in error.value.faults] == [
        'prices/QQQ.US.csv, line 2, column date: "soon" is not a date; write YYYY-MM-DD',
        "fx/USDXXQ.csv: is named after no pair of currencies, such as USDTWD.csv",
    ]
    assert [model.objects.count() for model in (Price, Rate, Distribution, Split)] == [0, 0, 0, 0]


def test_a_jump_is_a_warning_and_loaded_all_the_same(folder, household):
    report = load_folder(folder=folder(prices__QQQ="date,close\n2025-03-13,100\n2025-03-14,150\n"), today=TODAY)

    assert report.warnings == [
        "prices/QQQ.csv: 2025-03-14 moves by +50.0% without a split; is one missing? It was loaded as it is."
    ]
    assert Price.objects.count() == 2


def test_a_split_in_the_ledger_explains_a_jump_too(folder, household):
    fund = Instrument.objects.get(symbol="QQQ")
    Transaction.objects.create(date="2025-03-14", kind=Kind.SPLIT, instrument=fund, quantity=2)

    assert load_folder(folder=folder(prices__QQQ="date,close\n2025-03-13,100\n2025-03-14,50\n"), today=TODAY).warnings == []


def test_two_files_about_one_instrument_are_refused(folder, household):
    path = folder(**{"prices__QQQ": FILES["prices__QQQ.US"], "prices__QQQ.US": FILES["prices__QQQ.US"]})

    with pytest.raises(FaultyFileError, match=r"is about the same as prices/QQQ\.US\.csv"):
        load_folder(folder=path, today=TODAY)


def test_a_folder_without_any_part_says_what_it_should_hold(tmp_path):
    with pytest.raises(FaultyFileError, match="holds none of prices/"):
        load_folder(folder=tmp_path, today=TODAY)


def test_a_corrected_close_replaces_the_stored_one(folder, household):
    load_folder(folder=folder(**FILES), today=TODAY)

    report = load_folder(folder=folder(**FILES | {"fx__USDTWD": "date,rate\n2025-03-13,33\n2025-03-14,33.1\n"}), today=TODAY)

    assert report.written == 2
    assert store.rate_series(pairs=[("USD", "TWD")])["USD", "TWD"].values.tolist() == [33.0, 33.1]
