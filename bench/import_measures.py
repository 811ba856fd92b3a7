"""The imports beside the least that writing the same rows costs. Each round starts from a fresh copy of the database."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from bench.generator import SIZES
from bench.rounds import Variant, medians
from bench.stage import CommandFailedError, Household, Stage, copied, database_rows, use
from bench.verdicts import Verdict, timed

BUDGET = 3.0
BATCH = 2_000
NUMBERS = ("quantity", "price", "amount", "to_amount")
PRICES = """
    INSERT INTO portfolio_price (instrument_id, date, close, source) VALUES (?, ?, ?, 'folder')
    ON CONFLICT (instrument_id, date) DO UPDATE SET close = excluded.close, source = excluded.source
"""
RATES = """
    INSERT INTO portfolio_rate (base, quote, date, rate, source) VALUES (?, ?, ?, ?, 'folder')
    ON CONFLICT (base, quote, date) DO UPDATE SET rate = excluded.rate, source = excluded.source
"""


class RowsDifferError(RuntimeError):
    """The import and its yardstick did not leave the same number of rows, so their times say nothing together."""


def measure_ledger_import(*, stage: Stage, rounds: int) -> list[Verdict]:
    """Return the verdict on 10,000 rows: the whole command beside parsing, Decimal and bulk_create."""
    household = stage.household(SIZES["ten"])
    file = household.files / "ledger.csv"
    found = _medians(
        household,
        start="before_ledger.sqlite3",
        ours=partial(_command, "import_ledger", str(file)),
        plain=partial(_bulk_create, file),
        tables=("portfolio_transaction",),
        rounds=rounds,
    )
    return [
        timed(
            measure="import of the ledger",
            size=f"{household.size.rows:,} rows",
            ours=found["ours"],
            yardstick=found["plain"],
            budget=BUDGET,
        )
    ]


def measure_market_import(*, stage: Stage, rounds: int) -> list[Verdict]:
    """Return the verdict on a folder of closes and rates beside an upsert of rows that lie ready.

    The first load carries the budget; loading the same folder again is there for information.
    """
    household = stage.household(SIZES["household"])
    prices, rates = _market_rows(household)
    verdicts = []
    for start, measure, budget in (
        ("before_market_data.sqlite3", "import of market data", BUDGET),
        ("before_ledger.sqlite3", "the same folder again", None),
    ):
        found = _medians(
            household,
            start=start,
            ours=partial(_command, "import_market_data", str(household.files / "market")),
            plain=partial(_upsert, prices, rates),
            tables=("portfolio_price", "portfolio_rate"),
            rounds=rounds,
        )
        verdicts.append(
            timed(
                measure=measure,
                size=f"{len(prices) + len(rates):,} rows",
                ours=found["ours"],
                yardstick=found["plain"],
                budget=budget,
            )
        )
    return verdicts


def _medians(
    household: Household,
    *,
    start: str,
    ours: Callable[[], None],
    plain: Callable[[], None],
    tables: Sequence[str],
    rounds: int,
) -> dict[str, float]:
    scratch = household.data / "scratch.sqlite3"
    left: dict[str, list[int]] = {}

    def fresh() -> None:
        use(copied(household.data / start, scratch))

    def count(name: str) -> None:
        from django.db import connection  # noqa: PLC0415  Django must have started

        left[name] = [database_rows(connection, table) for table in tables]
        connection.close()

    variants = [
        Variant(name, act, before=fresh, after=partial(count, name)) for name, act in (("ours", ours), ("plain", plain))
    ]
    found = medians(variants=variants, rounds=rounds)
    if left["ours"] != left["plain"]:
        raise RowsDifferError(f"{tables}: the import left {left['ours']} rows, its yardstick {left['plain']}")
    return found


def _command(*words: str) -> None:
    from django.core.management import call_command  # noqa: PLC0415

    said = io.StringIO()
    try:
        call_command(*words, stdout=said, stderr=said)
    except SystemExit as ended:
        # rejected rows end the command; unexplained they would end the whole bench
        if ended.code:
            raise CommandFailedError(f"{' '.join(words)} ended with {ended.code}:\n{said.getvalue()}") from None


def _bulk_create(file: Path) -> None:
    """Parse the rows and create them; only accounts are looked up or made, nothing is checked."""
    from django.db import transaction  # noqa: PLC0415

    from portfolio.models import Account, Instrument, Transaction  # noqa: PLC0415

    with transaction.atomic(), file.open(encoding="utf-8", newline="") as lines:
        instruments = dict(Instrument.objects.values_list("symbol", "pk"))
        accounts: dict[str, int] = {}
        made = []
        for line in csv.DictReader(lines):
            name = line["account"]
            if name not in accounts:
                accounts[name] = Account.objects.create(name=name, currency=line["currency"]).pk
            made.append(Transaction(**_fields(line), account_id=accounts[name], instrument_id=instruments.get(line["symbol"])))
        Transaction.objects.bulk_create(made, batch_size=BATCH)


def _fields(line: dict[str, str]) -> dict[str, Any]:
    numbers = {name: Decimal(line[name]) if line[name] else None for name in NUMBERS}
    return numbers | {
        "date": dt.date.fromisoformat(line["date"]),
        "time": dt.time.fromisoformat(line["time"]),
        "kind": line["type"],
        "currency": line["currency"],
        "fee": Decimal(line["fee"] or 0),
        "tax": Decimal(line["tax"] or 0),
        "to_currency": line["to_currency"],
        "ex_date": dt.date.fromisoformat(line["ex_date"]) if line["ex_date"] else None,
        "external_id": line["external_id"],
    }


def _market_rows(household: Household) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    from portfolio.models import Instrument  # noqa: PLC0415

    household.enter()
    keys = dict(Instrument.objects.values_list("symbol", "pk"))
    prices, rates = [], []
    for path in sorted((household.files / "market" / "prices").glob("*.csv")):
        prices += [(keys[path.stem], date, float(close)) for date, close in _lines(path)]
    for path in sorted((household.files / "market" / "fx").glob("*.csv")):
        rates += [(path.stem[:3], path.stem[3:], date, float(rate)) for date, rate in _lines(path)]
    return prices, rates


def _lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def _upsert(prices: list[tuple[Any, ...]], rates: list[tuple[Any, ...]]) -> None:
    from django.db import connection, transaction  # noqa: PLC0415

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.connection.executemany(PRICES, prices)
        cursor.connection.executemany(RATES, rates)
