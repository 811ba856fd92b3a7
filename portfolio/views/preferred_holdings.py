"""The household's own preferred shares, each with its price and last year's dividends ready for the yields tool."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Sum
from django.http import HttpRequest
from django.urls import reverse

from portfolio import formatting as show
from portfolio import queries
from portfolio.engine.kinds import InstrumentType
from portfolio.entry.live import name_of
from portfolio.models import Distribution, Instrument
from portfolio.views.asked import closing_day


@dataclass(frozen=True, slots=True)
class PreferredHolding:
    """One holding of the type PREFERRED."""

    symbol: str
    name: str
    url: str
    price: str  # instrument's currency
    currency: str
    dividends: str  # a share, of the last 365 days
    tool_url: str  # the yields of it; empty without a price


def preferred_holdings(request: HttpRequest) -> list[PreferredHolding]:
    """Return the preferred shares on record; a constant number of queries."""
    found = list(Instrument.objects.filter(type=InstrumentType.PREFERRED).order_by("symbol"))
    as_of = closing_day(request) if found else None
    if as_of is None:
        return [_holding(each, None, 0.0) for each in found]
    positions = queries.holdings(as_of=as_of).positions
    prices = {each.symbol: each.price for each in positions}
    year = Distribution.objects.filter(
        instrument__in=found, ex_date__gt=as_of - dt.timedelta(days=365), ex_date__lte=as_of
    ).order_by()
    paid = dict(year.values_list("instrument_id").annotate(total=Sum("amount")))
    return [_holding(each, prices.get(each.symbol), float(paid.get(each.pk, 0))) for each in found]


def _holding(instrument: Instrument, price: float | None, paid: float) -> PreferredHolding:
    asked = {"price": f"{price or 0:.4f}".rstrip("0").rstrip("."), "dividend": f"{paid:.4f}".rstrip("0").rstrip(".")}
    blank = {"call_price": "", "years_to_call": "", "missed": "0"}
    return PreferredHolding(
        symbol=instrument.symbol,
        name=name_of(instrument),
        url=reverse("holding", args=[instrument.symbol]),
        price=show.price(price),
        currency=instrument.currency,
        dividends=show.price(paid) if paid else show.NOTHING,
        tool_url=f"?{urlencode({**asked, **blank})}#yields" if price else "",
    )
