"""The yardstick computes what it claims to, on three days that can be reckoned by hand."""

import sqlite3
from pathlib import Path

import pytest
from pytest import approx

from bench import yardstick

FILES = {
    "instruments.csv": """
        symbol,currency
        TW001,TWD
        US001,USD
    """,
    "market/prices/TW001.csv": """
        date,close
        2025-01-02,50
        2025-01-03,60
        2025-01-06,66
    """,
    "market/prices/US001.csv": """
        date,close
        2025-01-02,10
        2025-01-03,10
        2025-01-06,12
    """,
    "market/fx/USDTWD.csv": """
        date,rate
        2025-01-02,30
        2025-01-03,30
        2025-01-06,31
    """,
    "ledger.csv": """
        date,type,account,symbol,quantity,amount,currency,fee,tax,to_currency,to_amount
        2025-01-02,DEPOSIT,A,,,10000,TWD,,,,
        2025-01-02,BUY,A,TW001,10,500,TWD,10,,,
        2025-01-02,FX,A,,,3000,TWD,,,USD,100
        2025-01-02,BUY,A,US001,5,50,USD,,,,
        2025-01-03,BUY,A,TW001,10,600,TWD,10,,,
        2025-01-06,SELL,A,TW001,15,990,TWD,5,3,,
        2025-01-06,DEPOSIT,A,,,1000,TWD,,,,
        2025-01-06,SALARY,A,,,400,TWD,,,,
    """,
}


@pytest.fixture
def result(tmp_path: Path) -> yardstick.Result:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n", encoding="utf-8")
    yardstick.build(folder=tmp_path, database=tmp_path / "plain.sqlite3")
    connection = sqlite3.connect(tmp_path / "plain.sqlite3")
    try:
        return yardstick.review(connection.cursor())
    finally:
        connection.close()


def test_the_value_of_each_day_is_units_at_their_close_and_cash_in_the_first_rows_currency(result):
    # 2 January: cash 10000 - 510 - 3000 = 6490; 10 x 50; (100 - 50) USD and 5 x 10 USD, both x 30 = 3000
    # 3 January: cash 6490 - 610 = 5880; 20 x 60; 3000
    # 6 January: cash 5880 + 982 + 1000 - 400 = 7462; 5 x 66; (50 + 5 x 12) USD x 31 = 3410
    assert result.values.tolist() == approx([9990, 10080, 11202])


def test_growth_leaves_deposits_and_salary_out(result):
    # 3 January: 10080 / 9990, no flows; 6 January: (11202 + 400) / (10080 + 1000), in at the start, out at the end
    assert result.growth.tolist() == approx([1, 10080 / 9990, 10080 / 9990 * 11602 / 11080])


def test_a_sale_realises_by_both_methods_after_charges(result):
    # bought 10 for 510 and 10 for 610; of 15 sold for 982: oldest first 510 + 305, on average 15 x 56
    assert result.realised == [approx((982 - 815, 982 - 840))]
