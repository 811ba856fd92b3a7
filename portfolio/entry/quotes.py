"""What the market said on or before a date: closes, exchange rates, tax withheld. Decimal look-ups for one row at a time."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from portfolio.engine.kinds import MINOR_UNITS, Kind
from portfolio.models import Instrument, Price, Rate, Split, Transaction, WithholdingRule


@dataclass(frozen=True, slots=True)
class Close:
    """The last close, in the units of the day asked for."""

    date: dt.date
    price: Decimal  # instrument's currency, as quoted


def last_close(*, instrument: Instrument, date: dt.date) -> Close | None:
    """Return the last close on or before a date, divided by the splits since; None when there is none."""
    found = Price.objects.filter(instrument=instrument, date__lte=date).order_by("-date").values_list("date", "close").first()
    if found is None:
        return None
    day, price = found
    for ratio in _splits(instrument, day, date).values():
        price /= ratio
    return Close(day, price)


def _splits(instrument: Instrument, after: dt.date, until: dt.date) -> dict[dt.date, Decimal]:
    """Ratios by ex-date: the market's list, or the ledger's own rows where the market says nothing."""
    market = Split.objects.filter(instrument=instrument, ex_date__gt=after, ex_date__lte=until)
    rows = Transaction.objects.filter(instrument=instrument, kind=Kind.SPLIT, date__gt=after, date__lte=until)
    return dict(market.values_list("ex_date", "ratio")) or dict(rows.values_list("date", "quantity"))


def stored_rate(*, base: str, quote: str, date: dt.date) -> Decimal | None:
    """Return units of `quote` for one of `base`, last known on the date; None where no pair leads from one to the other.

    As in the engine: a direct pair in either direction, else the cross through one common currency, USD first.
    """
    base, base_scale = _major(base)
    quote, quote_scale = _major(quote)
    if base == quote:
        return base_scale / quote_scale
    pairs = set(Rate.objects.order_by().values_list("base", "quote").distinct())
    rate = _direct(base, quote, date, pairs)
    for via in sorted({code for pair in pairs for code in pair} - {base, quote}, key=lambda code: (code != "USD", code)):
        if rate is not None:
            break
        first = _direct(base, via, date, pairs)
        second = _direct(via, quote, date, pairs) if first else None
        rate = first * second if first and second else None
    return None if rate is None else rate * base_scale / quote_scale


def _major(code: str) -> tuple[str, Decimal]:
    return (MINOR_UNITS[code], Decimal("0.01")) if code in MINOR_UNITS else (code, Decimal(1))


def _direct(base: str, quote: str, date: dt.date, pairs: set[tuple[str, str]]) -> Decimal | None:
    for one, other in ((base, quote), (quote, base)):
        if (one, other) in pairs:
            known = Rate.objects.filter(base=one, quote=other, date__lte=date).order_by("-date")
            rate = known.values_list("rate", flat=True).first()
            if rate is not None:
                return rate if one == base else 1 / rate
    return None


def has_rate(*, currency: str, base_currency: str) -> bool:
    """Say whether any stored rate, of whatever day, leads from a currency to the reporting currency."""
    return stored_rate(base=currency, quote=base_currency, date=dt.date.max) is not None


def withholding_rate(*, instrument: Instrument, date: dt.date) -> Decimal:
    """Return the share of a payment that the issuer's country keeps: the instrument's own rate, else the table's, else 0."""
    if instrument.withholding_rate is not None:
        return instrument.withholding_rate
    rules = WithholdingRule.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=date),
        country=instrument.issuer_country,
        instrument_type__in=["", instrument.type],
        valid_from__lte=date,
    )
    # the rule of the type before the one for all types, the youngest before older ones
    best = rules.order_by("-instrument_type", "-valid_from").values_list("rate", flat=True).first()
    return Decimal(0) if best is None else best
