"""The ranges a line can be looked at, and the row of links that chooses one. Knows dates and words."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portfolio.views.asked import same_page


@dataclass(frozen=True, slots=True)
class Range:
    """One choice. start: the first date of the range that ends on a date; None is everything there is."""

    key: str
    short: Promise
    title: Promise
    start: Callable[[dt.date], dt.date | None]


@dataclass(frozen=True, slots=True)
class RangeLink:
    """The choice as a link."""

    key: str
    short: str
    title: str
    url: str
    is_current: bool


def _months_before(count: int) -> Callable[[dt.date], dt.date]:
    def start(as_of: dt.date) -> dt.date:
        place = as_of.year * 12 + as_of.month - 1 - count
        first = dt.date(place // 12, place % 12 + 1, 1)
        last_of_month = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        return min(first + dt.timedelta(days=as_of.day - 1), last_of_month)

    return start


RANGES = (
    Range("1m", pgettext_lazy("range", "1M"), _("The last month"), _months_before(1)),
    Range("3m", pgettext_lazy("range", "3M"), _("The last three months"), _months_before(3)),
    Range("ytd", pgettext_lazy("range", "YTD"), _("This year"), lambda as_of: dt.date(as_of.year - 1, 12, 31)),
    Range("1y", pgettext_lazy("range", "1Y"), _("The last year"), _months_before(12)),
    Range("5y", pgettext_lazy("range", "5Y"), _("The last five years"), _months_before(60)),
    Range("all", pgettext_lazy("range", "All"), _("From the start"), lambda as_of: None),
)


def chosen_range(request: HttpRequest, *, default: str) -> str:
    """Return the key that `?range=` names; an unknown word counts as unsaid."""
    said = request.GET.get("range")
    return said if said in {each.key for each in RANGES} else default


def range_links(request: HttpRequest, *, default: str) -> list[RangeLink]:
    """Return the choices as links to the same page."""
    chosen = chosen_range(request, default=default)
    return [
        RangeLink(
            key=each.key,
            short=str(each.short),
            title=str(each.title),
            url=same_page(request, range=None if each.key == default else each.key),
            is_current=each.key == chosen,
        )
        for each in RANGES
    ]
