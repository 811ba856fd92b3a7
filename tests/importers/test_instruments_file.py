"""The instruments file: created, updated, unchanged, and what is wrong in it."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.importers.instruments_file import import_instruments
from portfolio.importers.text import FileError
from portfolio.models import Instrument, LedgerStamp

pytestmark = pytest.mark.django_db
COLUMNS = (
    "symbol,name,type,currency,isin,issuer_country,track,price_unit,withholding_rate,"
    "coupon_rate,coupon_frequency,issue_date,maturity_date,day_count,quote_symbol"
)
FILE = f"""{COLUMNS}
QQQ,Invesco QQQ Trust,ETF,USD,US46090E1038,US,MARKET,1,0.30,,,,,,QQQ
NOTE,A note,BOND,USD,,US,FIXED_INCOME,,0,0.0425,,2024-11-15,2034-11-15,,
""".encode()


def test_a_file_makes_instruments_and_bonds_get_what_is_usual():
    report = import_instruments(data=FILE)

    assert report.created == ["QQQ", "NOTE"]
    fund, note = Instrument.objects.get(symbol="QQQ"), Instrument.objects.get(symbol="NOTE")
    assert (fund.type, fund.track, fund.withholding_rate, fund.day_count) == ("ETF", "MARKET", Decimal("0.30"), "")
    assert (note.price_unit, note.coupon_frequency, note.day_count) == (Decimal("0.01"), 2, "ACT/ACT ICMA")
    assert (note.coupon_rate, note.maturity_date) == (Decimal("0.0425"), dt.date(2034, 11, 15))


def test_the_same_file_twice_changes_nothing():
    import_instruments(data=FILE)
    stamp, versions = LedgerStamp.current(), Instrument.history.count()

    report = import_instruments(data=FILE)

    assert (report.created, report.updated, report.unchanged) == ([], [], ["QQQ", "NOTE"])
    assert (LedgerStamp.current(), Instrument.history.count()) == (stamp, versions)


def test_a_changed_line_updates_its_instrument_and_keeps_the_version_before():
    import_instruments(data=FILE)

    report = import_instruments(data=FILE.replace(b"Invesco QQQ Trust", b"Invesco QQQ"))

    assert (report.updated, report.unchanged) == (["QQQ"], ["NOTE"])
    assert [version.name for version in Instrument.history.filter(symbol="QQQ").order_by("history_id")] == [
        "Invesco QQQ Trust",
        "Invesco QQQ",
    ]


def test_a_column_the_file_lacks_keeps_what_is_stored_and_a_draft_is_one_no_longer():
    Instrument.objects.create(symbol="QQQ", currency="USD", issuer_country="US", is_draft=True)

    report = import_instruments(data=b"symbol,currency,name\nQQQ,USD,Invesco\n")

    fund = Instrument.objects.get()
    assert report.updated == ["QQQ"]
    assert (fund.issuer_country, fund.name, fund.is_draft) == ("US", "Invesco", False)


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        (",ETF,USD,,,,", "symbol", "is blank"),
        ("A,SHIP,USD,,,,", "type", "is not one of STOCK"),
        ("A,ETF,DOLLAR,,,,", "currency", "is no currency"),
        ("A,ETF,USD,30,,,", "withholding_rate", "30 % is 0.30"),
        ("A,BOND,USD,0,0.04,3,", "coupon_frequency", "1, 2, 4 and 12"),
        ("A,BOND,USD,0,0.04,2,soon", "maturity_date", "is not a date"),
    ],
)
def test_a_wrong_cell_says_where_and_why_and_nothing_is_written(cells, column, reason):
    header = "symbol,type,currency,withholding_rate,coupon_rate,coupon_frequency,maturity_date"
    report = import_instruments(data=f"{header}\nGOOD,ETF,USD,,,,\n{cells}\n".encode())

    assert [(problem.line, problem.column) for problem in report.rejected] == [(3, column)]
    assert reason in report.rejected[0].reason
    assert not Instrument.objects.exists()


def test_a_symbol_that_stands_twice_with_other_values_is_refused():
    report = import_instruments(data=b"symbol,currency\nA,USD\nA,TWD\n")

    assert "stands in line 2 with other values" in report.rejected[0].reason


def test_pence_stay_pence():
    import_instruments(data=b"symbol,currency\nULVR,GBp\nVOD,usd\n")

    assert list(Instrument.objects.values_list("currency", flat=True)) == ["GBp", "USD"]


def test_a_file_without_a_needed_column_is_no_instruments_file():
    with pytest.raises(FileError, match="lacks symbol"):
        import_instruments(data=b"ticker,currency\nA,USD\n")
