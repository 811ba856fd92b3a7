"""A row that takes more than there is comes in, with a warning that names its line."""

import pytest

pytestmark = pytest.mark.django_db
HEADER = "date,time,type,account,symbol,quantity,price,currency,to_account,note,external_id\n"


def line(date: str, kind: str, quantity: object, **cells: object) -> str:
    account = cells.get("account", "Broker")
    symbol = cells.get("symbol", "QQQ")
    price = "" if kind in {"SPLIT", "TRANSFER", "SPIN_OFF", "STOCK_DIVIDEND"} else 10
    return (
        f"{date},{cells.get('time', '')},{kind},{account},{symbol},{quantity},{price},USD,"
        f"{cells.get('to', '')},{cells.get('note', '')},{cells.get('id', '')}\n"
    )


def oversold(report) -> list[int]:
    assert report.rejected == []
    return [warning.line for warning in report.warnings if warning.code == "oversold"]


def test_selling_what_is_there_is_no_warning(load, instruments):
    report = load(HEADER + line("2025-01-02", "BUY", 10) + line("2025-01-02", "SELL", 10))

    assert oversold(report) == []


def test_selling_more_is_imported_and_flagged(load, instruments):
    report = load(HEADER + line("2025-01-02", "BUY", 10) + line("2025-01-03", "SELL", 11))

    assert (oversold(report), report.written) == ([3], 2)
    warning = report.warnings[0].reason
    assert warning == "oversold: 11 QQQ leave Broker on 2025-01-03, 10 are there"


@pytest.mark.parametrize("kind", ["SELL", "DELIVERY_OUT", "MATURITY", "TRANSFER"])
def test_every_way_out_is_watched(load, instruments, kind):
    assert oversold(load(HEADER + line("2025-01-02", kind, 1, to="Other"))) == [2]


def test_each_account_has_its_own_units(load, instruments):
    report = load(HEADER + line("2025-01-02", "BUY", 10) + line("2025-01-03", "SELL", 5, account="Other"))

    assert oversold(report) == [3]


def test_what_was_transferred_in_can_be_sold(load, instruments):
    report = load(
        HEADER
        + line("2025-01-02", "BUY", 10)
        + line("2025-01-03", "TRANSFER", 4, to="Other")
        + line("2025-01-04", "SELL", 4, account="Other")
    )

    assert oversold(report) == []


def test_a_split_multiplies_what_there_is_in_every_account(load, instruments):
    report = load(
        HEADER + line("2025-01-02", "BUY", 10) + line("2025-01-03", "SPLIT", 4, account="") + line("2025-01-04", "SELL", 40)
    )

    assert oversold(report) == []


def test_a_sale_waits_for_the_purchases_of_its_day_and_for_no_later_ones(load, instruments):
    assert oversold(load(HEADER + line("2025-01-02", "SELL", 5) + line("2025-01-02", "BUY", 5))) == []
    assert oversold(load(HEADER + line("2025-02-02", "SELL", 6) + line("2025-02-03", "BUY", 6))) == [2]


def test_two_sales_of_one_day_share_what_is_there(load, instruments):
    report = load(HEADER + line("2025-01-02", "BUY", 10) + line("2025-01-03", "SELL", 6) + line("2025-01-03", "SELL", 6))

    # 4 are left for the second
    assert oversold(report) == [4]


def test_stored_rows_count(load, instruments):
    load(HEADER + line("2025-01-02", "BUY", 10))

    assert oversold(load(HEADER + line("2025-01-03", "SELL", 10))) == []
    assert oversold(load(HEADER + line("2025-01-04", "SELL", 1))) == [2]


def test_a_spin_off_brings_units_in(load, instruments):
    report = load(
        HEADER
        + line("2025-01-02", "BUY", 10)
        + line("2025-01-03", "SPIN_OFF", 5, account="", note="to:ULVR")
        + line("2025-01-04", "SELL", 5, symbol="ULVR")
    )

    assert oversold(report) == []


def test_a_spin_off_of_nothing_is_flagged(load, instruments):
    assert oversold(load(HEADER + line("2025-01-03", "SPIN_OFF", 5, account="", note="to:ULVR"))) == [2]


def test_an_update_is_judged_by_its_new_version(load, instruments):
    load(HEADER + line("2025-01-02", "BUY", 10) + line("2025-01-03", "SELL", 5, id="S"))

    report = load(HEADER + line("2025-01-03", "SELL", 11, id="S"), accept_updates=True)

    assert oversold(report) == [2]
