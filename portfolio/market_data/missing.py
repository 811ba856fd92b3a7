"""What is to be asked: for each instrument and each pair of currencies the stretch that the ledger needs and nobody has.

Reads tables and calendars, asks nobody and writes nothing. The moment is handed in.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.db.models import Max, Min

from portfolio.engine.exact_units import DUST, UNIT_KINDS, UnitRow, walk
from portfolio.engine.kinds import cash_currency
from portfolio.engine.periods import to_date
from portfolio.engine.row_rules import spin_off_symbol
from portfolio.market_data import store
from portfolio.market_data.answers import Asked, BondTerms, Pair
from portfolio.market_data.calendars import exchange_of
from portfolio.market_data.series import EMPTY, Series
from portfolio.market_data.sessions import last_closed_session, session_days, timezone_of
from portfolio.market_data.sources import source_order
from portfolio.models import Account, Instrument, MarketFeed, Rate, Salary, Transaction
from portfolio.models.market import Source

# before the first trade: a price to compare with, and the dividend whose ex-date has just gone by
MARGIN = dt.timedelta(days=10)
# asked again although it is stored: corrections and splits become known late
OVERLAP = dt.timedelta(days=30)
# after the last unit has gone
AFTERWARDS = dt.timedelta(days=7)
HUB = "USD"


@dataclass(frozen=True, slots=True)
class Need:
    """One instrument or pair that something is missing of, and whom to ask for it, the first to answer."""

    asked: Asked
    sources: tuple[str, ...]
    exchange: str | None
    instrument: Instrument | None = None  # None for a pair

    @property
    def name(self) -> str:
        """The symbol or the pair."""
        return self.asked.symbol


class UnknownNameError(ValueError):
    """Somebody asked for a symbol or pair that is not there; the message names it."""


def needs(
    *, now: dt.datetime, base_currency: str, since: dt.date | None = None, names: Iterable[str] = (), is_forced: bool = False
) -> list[Need]:
    """Return what to ask for, instruments by symbol, then pairs.

    since:     ask for everything from here on, stored or not.
    names:     symbols and pairs such as USDTWD; nothing else is asked for. Paused ones are asked when named.
    is_forced: the whole stretch of each, stored or not.
    Raises UnknownNameError.
    """
    wanted = {name.upper() for name in names}
    found = [*_instruments(now, since, wanted, is_forced), *_pairs(now, since, base_currency, wanted, is_forced)]
    if wanted:
        known = {symbol.upper() for symbol in Instrument.objects.values_list("symbol", flat=True)}
        known |= {f"{base}{quote}" for base, quote in pairs_needed(base_currency=base_currency)}
        if unknown := sorted(wanted - known):
            raise UnknownNameError(f"There is no instrument and no needed pair of currencies called {', '.join(unknown)}.")
    return found


def pairs_needed(*, base_currency: str) -> list[Pair]:
    """Return the pairs that carry every currency of the ledger into the household's: stored ones, else through the dollar."""
    base = cash_currency(base_currency)[0]
    currencies = _currencies_used() - {base}
    stored = set(Rate.objects.order_by().values_list("base", "quote").distinct())

    def leg(one: str, other: str) -> Pair:
        return (other, one) if (other, one) in stored else (one, other)

    pairs = set()
    for currency in currencies:
        if HUB in {currency, base}:
            pairs.add(leg(HUB, ({currency, base} - {HUB}).pop()))
        elif {(currency, base), (base, currency)} & stored:
            pairs.add(leg(currency, base))
        else:
            pairs |= {leg(HUB, currency), leg(HUB, base)}
    return sorted(pairs)


def _currencies_used() -> set[str]:
    codes = set(Transaction.objects.order_by().values_list("currency", flat=True).distinct())
    codes |= set(Transaction.objects.order_by().values_list("to_currency", flat=True).distinct())
    codes |= set(Instrument.objects.filter(transactions__isnull=False).order_by().values_list("currency", flat=True).distinct())
    codes |= set(Account.objects.filter(transactions__isnull=False).order_by().values_list("currency", flat=True).distinct())
    codes |= set(Salary.objects.order_by().values_list("currency", flat=True).distinct())
    return {cash_currency(code)[0] for code in codes if code}


def _instruments(now: dt.datetime, since: dt.date | None, wanted: set[str], is_forced: bool) -> list[Need]:
    stretches = _stretches()
    series = store.price_series(instruments=stretches)
    feeds = {feed.instrument_id: feed for feed in MarketFeed.objects.filter(instrument__isnull=False)}
    found = []
    for instrument in Instrument.objects.order_by("symbol"):
        is_named = instrument.symbol.upper() in wanted
        first, last = stretches.get(instrument.pk, (None, None))
        if not is_named and (wanted or instrument.is_paused or first is None):
            continue
        end = last_closed_session(exchange=exchange_of(instrument=instrument), now=now)
        end = min(filter(None, (end, last and last + AFTERWARDS, instrument.maturity_date)))
        start = _start(
            start=(first or end) - MARGIN,
            end=end,
            exchange=exchange_of(instrument=instrument),
            series=series.get(instrument.pk, EMPTY),
            feed=feeds.get(instrument.pk),
            since=since,
            is_forced=is_forced,
        )
        if start is not None and source_order(instrument):
            found.append(need_of_instrument(instrument=instrument, start=start, end=end))
    return found


def _stretches() -> dict[int, tuple[dt.date, dt.date | None]]:
    """Return from when to when closes are needed, by instrument; no end where units are held."""
    moved = Transaction.objects.filter(instrument__isnull=False).order_by().values_list("instrument")
    found: dict[int, tuple[dt.date, dt.date | None]] = {
        key: (first, last) for key, first, last in moved.annotate(Min("date"), Max("date"))
    }
    for key, first in held_units().items():
        # what was spun off came without a row of its own
        found[key] = (found.get(key, (first, None))[0], None)
    return found


def held_units() -> dict[int, dt.date]:
    """Return the instruments held at the end of the ledger, each with the date its units first moved."""
    symbols = dict(Instrument.objects.values_list("symbol", "pk"))
    rows = [
        UnitRow(key, date, time, kind, account, instrument, quantity, to, symbols.get(spin_off_symbol(note=note)))
        for key, date, time, kind, account, instrument, quantity, to, note in Transaction.objects.filter(
            kind__in=UNIT_KINDS, instrument__isnull=False, quantity__isnull=False
        ).values_list("pk", "date", "time", "kind", "account", "instrument", "quantity", "to_account", "note")
    ]
    first: dict[int, dt.date] = {}
    for row in sorted(rows, key=lambda row: row.date):
        first.setdefault(row.instrument, row.date)
        if row.spin_off is not None:
            first.setdefault(row.spin_off, row.date)
    return {instrument: first[instrument] for (_, instrument), units in walk(rows).units.items() if units > DUST}


def _pairs(now: dt.datetime, since: dt.date | None, base_currency: str, wanted: set[str], is_forced: bool) -> list[Need]:
    first = Transaction.objects.aggregate(first=Min("date"))["first"]
    if first is None:
        return []
    end = last_closed_session(exchange=None, now=now)
    pairs = [pair for pair in pairs_needed(base_currency=base_currency) if not wanted or "".join(pair) in wanted]
    series = store.rate_series(pairs=pairs)
    feeds = {(feed.base, feed.quote): feed for feed in MarketFeed.objects.filter(instrument__isnull=True)}
    found = []
    for pair in pairs:
        start = _start(
            start=first - MARGIN,
            end=end,
            exchange=None,
            series=series.get(pair, EMPTY),
            feed=feeds.get(pair),
            since=since,
            is_forced=is_forced,
        )
        if start is not None:
            found.append(need_of_pair(pair=pair, start=start, end=end))
    return found


def _start(
    *,
    start: dt.date,
    end: dt.date,
    exchange: str | None,
    series: Series,
    feed: MarketFeed | None,
    since: dt.date | None,
    is_forced: bool,
) -> dt.date | None:
    """Return from where to ask; None where nothing is missing.

    A session that was asked for and has no close stays out: the source has none. The last one is asked for until it comes.
    """
    if since is not None:
        return since if since <= end else None
    if is_forced:
        return start if start <= end else None
    missing = np.setdiff1d(session_days(exchange=exchange, start=start, end=end), series.days)
    if feed is not None and feed.asked_from and feed.asked_until:
        was_asked = [feed.asked_from <= to_date(day) <= feed.asked_until and to_date(day) < end for day in missing.tolist()]
        missing = missing[~np.array(was_asked, bool)]
    if not len(missing):
        return None
    return max(to_date(int(missing[0])) - OVERLAP, start) if len(series) or feed else start


def need_of_instrument(*, instrument: Instrument, start: dt.date, end: dt.date) -> Need:
    """Return what to ask for a stretch of one instrument."""
    exchange = exchange_of(instrument=instrument)
    bond = None
    if instrument.coupon_rate is not None and instrument.maturity_date is not None:
        bond = BondTerms(
            instrument.coupon_rate,
            instrument.coupon_frequency or 2,
            instrument.maturity_date,
            instrument.issue_date,
            instrument.first_coupon_date,
        )
    asked = Asked(
        symbol=instrument.symbol,
        start=start,
        end=end,
        currency=instrument.currency,
        timezone=timezone_of(exchange) if exchange else "America/New_York",
        quote_symbol=instrument.quote_symbol,
        bond=bond,
    )
    return Need(asked, source_order(instrument), exchange, instrument)


def need_of_pair(*, pair: Pair, start: dt.date, end: dt.date) -> Need:
    """Return what to ask for a stretch of one pair of currencies."""
    asked = Asked(symbol="".join(pair), start=start, end=end, currency=pair[1], timezone=timezone_of(None), pair=pair)
    return Need(asked, (Source.YAHOO.value, *([Source.FOLDER.value] if settings.MARKET_DATA_FOLDER else [])), None)
