"""The synthetic household obeys what it promises: same bytes, nothing oversold, no balance below zero."""

import csv
import hashlib
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from bench.generator import SEED, Size, household_at, make_household

SMALL = Size("small", 3, 15, 600)
ARRIVES = {"SELL", "DIVIDEND", "INTEREST", "DEPOSIT"}


def fingerprint(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.csv")):
        found.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return found.hexdigest()


def lines_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> Decimal:
    return Decimal(text or 0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("household") / "files"
    make_household(folder=made, size=SMALL)
    return made


@pytest.fixture(scope="module")
def ledger(folder):
    return lines_of(folder / "ledger.csv")


def test_the_same_seed_gives_the_same_bytes_and_another_seed_gives_others(folder, tmp_path):
    make_household(folder=tmp_path / "again", size=SMALL)
    make_household(folder=tmp_path / "other", size=SMALL, seed=SEED + 1)

    assert fingerprint(tmp_path / "again") == fingerprint(folder)
    assert fingerprint(tmp_path / "other") != fingerprint(folder)


def test_the_mix_of_kinds_is_that_of_the_reference(ledger):
    kinds = Counter(line["type"] for line in ledger)

    assert len(ledger) == 600
    assert (kinds["BUY"], kinds["SELL"]) == (324, 162)  # 54 % and 27 % of 600
    assert kinds["DIVIDEND"] == 90  # 15 %
    assert {"DEPOSIT", "WITHDRAWAL", "FX", "FEE", "INTEREST", "SALARY"} <= kinds.keys()


def test_replayed_in_file_order_nothing_is_oversold(ledger):
    units = Counter()
    for line in ledger:
        if line["type"] in {"BUY", "SELL"}:
            key = line["account"], line["symbol"]
            units[key] += int(line["quantity"]) * (1 if line["type"] == "BUY" else -1)
            assert units[key] >= 0, line


def test_replayed_in_file_order_no_balance_is_ever_negative(ledger):
    balance = defaultdict(Decimal)
    for line in ledger:
        key = line["account"], line["currency"]
        sign = 1 if line["type"] in ARRIVES else -1
        balance[key] += sign * number(line["amount"]) - number(line["fee"]) - number(line["tax"])
        if line["type"] == "FX":
            balance[line["account"], line["to_currency"]] += number(line["to_amount"])
        assert balance[key] >= 0, line

    # three accounts with one currency each and one with all three
    assert len(balance) == 6


def test_rows_stand_in_the_order_of_date_and_time_with_ids_of_their_own(ledger):
    moments = [(line["date"], line["time"]) for line in ledger]

    assert moments == sorted(moments)
    assert len({line["external_id"] for line in ledger}) == len(ledger)


def test_a_trade_is_worth_its_quantity_at_that_days_close(folder, ledger):
    for line in ledger:
        if line["type"] in {"BUY", "SELL"}:
            closes = {row["date"]: row["close"] for row in lines_of(folder / "market" / "prices" / f"{line['symbol']}.csv")}
            assert line["price"] == closes[line["date"]]
            assert abs(number(line["amount"]) - number(line["quantity"]) * number(line["price"])) <= Decimal("0.5")


def test_every_distribution_with_units_on_its_ex_date_has_its_row(folder, ledger):
    paid = {(line["symbol"], line["ex_date"], line["account"]) for line in ledger if line["type"] == "DIVIDEND"}
    expected = set()
    for path in (folder / "market" / "dividends").glob("*.csv"):
        for distribution in lines_of(path):
            units = Counter()
            for line in ledger:
                # who buys on the ex-date comes too late
                if line["symbol"] == path.stem and line["quantity"] and line["date"] < distribution["ex_date"]:
                    units[line["account"]] += int(line["quantity"]) * (1 if line["type"] == "BUY" else -1)
            expected |= {(path.stem, distribution["ex_date"], account) for account, held in units.items() if held}

    assert paid == expected


def test_every_instrument_has_a_close_on_every_weekday(folder):
    instruments = lines_of(folder / "instruments.csv")
    days = [line["date"] for line in lines_of(folder / "market" / "fx" / "USDTWD.csv")]

    assert len(instruments) == 15
    assert (days[0], days[-1]) == ("2023-01-02", "2025-12-31")  # 1 January 2023 is a Sunday
    for instrument in instruments:
        assert [line["date"] for line in lines_of(folder / "market" / "prices" / f"{instrument['symbol']}.csv")] == days


def test_a_folder_that_holds_something_is_not_written_into(tmp_path):
    (tmp_path / "ledger.csv").write_text("mine", encoding="utf-8")

    with pytest.raises(FileExistsError, match="not empty"):
        make_household(folder=tmp_path, size=SMALL)

    assert (tmp_path / "ledger.csv").read_text(encoding="utf-8") == "mine"


def test_a_complete_household_is_found_again_instead_of_made_again(tmp_path):
    size = Size("one", 1, 3, 60)
    household_at(folder=tmp_path / "files", size=size)
    before = (tmp_path / "files" / "ledger.csv").stat().st_mtime_ns
    household_at(folder=tmp_path / "files", size=size)

    assert (tmp_path / "files" / "ledger.csv").stat().st_mtime_ns == before
