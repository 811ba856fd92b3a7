"""The demo household in the tables: loaded once, recognised by its ledger file, taken out again on request.

Goes through the same importers as a person's files. Reads no clock and overwrites no close that is stored already.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from portfolio.demo import market
from portfolio.importers.files import import_file
from portfolio.importers.instruments_file import import_instruments
from portfolio.importers.report import FileReport
from portfolio.market_data import store
from portfolio.market_data.series import Closes, Series, closes_of, days_of
from portfolio.models import (
    Account,
    Distribution,
    Instrument,
    LedgerImport,
    LedgerStamp,
    Price,
    Rate,
    Salary,
    Split,
    TrackTarget,
    Transaction,
)
from portfolio.models.market import Source

SALARIES = {dt.date(2023, 1, 1): 24_000, dt.date(2024, 1, 1): 25_000, dt.date(2025, 1, 1): 26_000}
PLANNED_RAISE = Decimal("0.04")
TARGETS = {"MARKET": "0.60", "FIXED_INCOME": "0.20", "NEUTRAL": "0.15", "CASH": "0.05"}
# account: currency, commission rate, least commission
ACCOUNTS = {
    "Taiwan Bank": ("TWD", None, 0),
    "Firstrade": ("USD", Decimal(0), 0),
    "Taiwan Broker": ("TWD", Decimal("0.001425"), 20),
    "Japan Account": ("JPY", Decimal("0.001425"), 0),
}
# the demo ends here, so no row of it can lie in the future
LAST_DAY = dt.date(2025, 10, 31)


class DemoError(Exception):
    """The demo household cannot be loaded or removed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was new; all zero when the demo was there already."""

    instruments: int
    transactions: int
    closes: int  # and exchange rates


def is_loaded() -> bool:
    """Say whether this is the demo household, whose closes are partly made up; one query of a small table."""
    return LedgerImport.objects.filter(sha256=_fingerprint()).exists()


def load() -> Loaded:
    """Load the demo household; loading it again changes nothing.

    Raises DemoError where a ledger of somebody's own is stored: two households in one make no sense.
    """
    if Transaction.objects.exists() and not is_loaded():
        raise DemoError(
            "There are transactions here already, and the demo household would mix with them. "
            "Nothing was loaded; to look at it, use an empty database: DATA_DIR=/some/folder make run"
        )
    with transaction.atomic():
        instruments = _load_instruments()
        _load_household()
        _load_announcements()
        closes = _load_closes() + _load_rates()
        report = _load_ledger()
        return Loaded(instruments=instruments, transactions=report.written, closes=closes)


def remove() -> int:
    """Take the demo household out and return how many transactions went; rows a person added to it stay.

    Raises DemoError where it is not loaded.
    """
    if not is_loaded():
        raise DemoError("The demo household is not loaded; there is nothing to remove.")
    with transaction.atomic():
        imports = LedgerImport.objects.filter(sha256=_fingerprint())
        gone, _ = Transaction.objects.filter(source__in=imports).delete()
        imports.delete()
        _remove_market()
        symbols = list(market.closes())
        Instrument.objects.filter(symbol__in=symbols, transactions__isnull=True, prices__isnull=True).delete()
        Account.objects.filter(name__in=ACCOUNTS, transactions__isnull=True, incoming__isnull=True).delete()
        for date, amount in SALARIES.items():
            Salary.objects.filter(valid_from=date, amount=amount).delete()
        for track, weight in TARGETS.items():
            TrackTarget.objects.filter(track=track, weight=weight).delete()
        LedgerStamp.bump()
    return gone


@lru_cache(maxsize=1)
def _fingerprint() -> str:
    return hashlib.sha256(_file("ledger.csv")).hexdigest()


def _file(name: str) -> bytes:
    return (market.FOLDER / name).read_bytes()


def _load_instruments() -> int:
    # those that are known stay as they are: a person may have renamed them
    if Instrument.objects.filter(symbol__in=market.closes(), is_draft=False).count() == len(market.closes()):
        return 0
    report = import_instruments(data=_file("instruments.csv"))
    if report.rejected:
        raise DemoError("; ".join(f"instruments.csv, {problem}" for problem in report.rejected))
    return len(report.created)


def _load_household() -> None:
    for name, (currency, rate, least) in ACCOUNTS.items():
        values = {"currency": currency, "commission_rate": rate, "commission_minimum": least}
        Account.objects.get_or_create(name=name, defaults=values)
    for date, amount in SALARIES.items():
        values = {"amount": amount, "currency": "TWD", "planned_raise": PLANNED_RAISE}
        Salary.objects.get_or_create(valid_from=date, defaults=values)
    for track, weight in TARGETS.items():
        TrackTarget.objects.get_or_create(track=track, defaults={"weight": weight})


def _load_announcements() -> None:
    keys = _keys()
    known = set(Distribution.objects.values_list("instrument", "ex_date"))
    distributions = [
        Distribution(
            instrument_id=keys[fact.symbol],
            ex_date=fact.ex_date,
            amount=fact.amount,
            pay_date=fact.pay_date,
            source=Source.DEMO,
        )
        for fact in market.distributions()
        if (keys[fact.symbol], fact.ex_date) not in known
    ]
    known = set(Split.objects.values_list("instrument", "ex_date"))
    splits = [
        Split(instrument_id=keys[fact.symbol], ex_date=fact.ex_date, ratio=fact.ratio, source=Source.DEMO)
        for fact in market.splits()
        if (keys[fact.symbol], fact.ex_date) not in known
    ]
    bulk_create_with_history(distributions, Distribution, default_change_reason="demo household")
    bulk_create_with_history(splits, Split, default_change_reason="demo household")
    if distributions or splits:
        LedgerStamp.bump()


def _load_closes() -> int:
    keys = _keys()
    stored = store.price_series(instruments=keys.values())
    new = {keys[symbol]: _missing(closes, stored.get(keys[symbol])) for symbol, closes in market.closes().items()}
    return store.store_prices(closes=new, source=Source.DEMO)


def _load_rates() -> int:
    rates = market.rates()
    stored = store.rate_series(pairs=rates)
    new = {pair: _missing(closes, stored.get(pair)) for pair, closes in rates.items()}
    return store.store_rates(rates=new, source=Source.DEMO)


def _missing(closes: list[tuple[dt.date, Decimal]], stored: Series | None) -> Closes:
    """Return the closes of days that have none yet: a real close is worth more than the demo's."""
    known = set(stored.days.tolist()) if stored is not None else set()
    days = days_of([date.isoformat() for date, _ in closes]).tolist()
    return closes_of(close for close, day in zip(closes, days, strict=True) if day not in known)


def _load_ledger() -> FileReport:
    report = import_file(name="ledger.csv", data=_file("ledger.csv"), today=LAST_DAY, format_name="ledger")
    if report.rejected:
        raise DemoError("; ".join(f"ledger.csv, {problem}" for problem in report.rejected))
    return report


def _remove_market() -> None:
    Distribution.objects.filter(source=Source.DEMO).delete()
    Split.objects.filter(source=Source.DEMO).delete()
    for instrument in Instrument.objects.filter(symbol__in=market.closes()):
        dates = Price.objects.filter(instrument=instrument, source=Source.DEMO).values_list("date", flat=True)
        store.delete_prices(instrument=instrument, dates=list(dates))
    for base, quote in market.rates():
        dates = Rate.objects.filter(base=base, quote=quote, source=Source.DEMO).values_list("date", flat=True)
        store.delete_rates(base=base, quote=quote, dates=list(dates))


def _keys() -> dict[str, int]:
    return dict(Instrument.objects.filter(symbol__in=market.closes()).values_list("symbol", "pk"))
