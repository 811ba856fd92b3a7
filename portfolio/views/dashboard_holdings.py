"""The table of holdings: order, rows, cash, total, and why it differs from the year's gain. Knows no request."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portfolio import formatting as show
from portfolio.formatting import NOTHING, Money
from portfolio.reports.dashboard import Dashboard, DashboardHolding
from portfolio.views.sentences import sentence

Key = Callable[[DashboardHolding], float | str | None]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that can be sorted by. in_money: its header names the currency; in_percent: its header names the %."""

    key: str
    label: Promise
    sort_by: Key
    in_money: bool = False
    in_percent: bool = False
    is_text: bool = False


COLUMNS = (
    Column("symbol", gettext_lazy("Holding"), lambda each: each.symbol, is_text=True),
    Column("value", gettext_lazy("Value"), lambda each: each.value, in_money=True),
    Column("price", pgettext_lazy("quote", "Price"), lambda each: each.price),
    Column("weight", gettext_lazy("Weight"), lambda each: each.weight, in_percent=True),
    Column("gain", gettext_lazy("Gain this year"), lambda each: each.gain, in_money=True),
    Column("price_gain", pgettext_lazy("part of a gain", "Price"), lambda each: each.price_gain),
    Column("currency_gain", pgettext_lazy("part of a gain", "Currency"), lambda each: each.currency_gain),
    Column("yield", gettext_lazy("Net yield"), lambda each: each.yield_net_forward, in_percent=True),
)
DEFAULT_SORT = "-value"
# the ones a phone offers, where the header is gone
ON_THE_PHONE = ("value", "gain", "yield", "symbol")


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's header. sort: what a click asks for; aria: ascending, descending or empty."""

    key: str
    label: str
    unit: str
    sort: str
    aria: str
    is_text: bool
    on_the_phone: bool


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """One instrument as its row shows it; empty texts are not shown."""

    symbol: str
    name: str
    url: str
    on_watch: bool
    value: str
    price: str
    currency: str
    price_date: str  # only where it is older than the page
    weight: str
    bar: str  # width in per cent of the largest weight
    gain: str
    price_gain: str
    currency_gain: str
    net_yield: str


@dataclass(frozen=True, slots=True)
class Totals:
    """The lines of cash and of everything."""

    cash: str
    cash_currencies: str
    cash_weight: str
    cash_bar: str
    value: str
    gain: str
    price_gain: str
    currency_gain: str
    net_yield: str
    difference: str  # a sentence; empty where the year's gain is unknown


def headings(*, sort: str, money: Money) -> list[Heading]:
    """Return the headers. A figure's first click sorts the largest first, a name's from A."""
    found = []
    for column in COLUMNS:
        first, second = (column.key, f"-{column.key}") if column.is_text else (f"-{column.key}", column.key)
        found.append(
            Heading(
                key=column.key,
                label=str(column.label),
                unit=money.sign if column.in_money else "%" if column.in_percent else "",
                sort=second if sort == first else first,
                aria={column.key: "ascending", f"-{column.key}": "descending"}.get(sort, ""),
                is_text=column.is_text,
                on_the_phone=column.key in ON_THE_PHONE,
            )
        )
    return found


def known_sort(said: str | None) -> str:
    """Return what `?sort=` asks for; an unknown word counts as unsaid."""
    return said if said and said.removeprefix("-") in {column.key for column in COLUMNS} else DEFAULT_SORT


def rows(*, report: Dashboard, names: dict[str, str], sort: str, money: Money) -> list[HoldingRow]:
    """Return the holdings in the order asked for; what is unknown stands last either way."""
    column = next(each for each in COLUMNS if each.key == sort.removeprefix("-"))
    known = [each for each in report.holdings if column.sort_by(each) is not None]
    unknown = [each for each in report.holdings if column.sort_by(each) is None]
    known.sort(key=column.sort_by, reverse=sort.startswith("-"))  # type: ignore[arg-type]
    full = _full(report)
    return [_row(each, names, full, report.as_of, money) for each in (*known, *unknown)]


def totals(*, report: Dashboard, money: Money) -> Totals:
    """Return the line of cash and the sum under the table."""
    gain = _sum(each.gain for each in report.holdings)
    weight = report.cash_value / report.wealth if report.cash_value is not None and report.wealth else None
    ahead = report.income_ahead / report.wealth if report.income_ahead is not None and report.wealth else None
    return Totals(
        cash=money.level(report.cash_value),
        cash_currencies=" · ".join(report.cash_currencies),
        cash_weight=show.percent(weight, unit=False),
        cash_bar=_bar(weight, _full(report)),
        value=money.level(report.wealth),
        gain=money.gain(gain),
        price_gain=money.change(_sum(each.price_gain for each in report.holdings)),
        currency_gain=money.change(_sum(each.currency_gain for each in report.holdings)),
        net_yield=show.percent(ahead, unit=False),
        difference=_difference(report.year_gain, gain, money),
    )


def _row(each: DashboardHolding, names: dict[str, str], full: float, as_of: str, money: Money) -> HoldingRow:
    return HoldingRow(
        symbol=each.symbol,
        name=names.get(each.symbol, each.name),
        url=reverse("holding", args=[each.symbol]),
        on_watch=each.on_watch,
        value=money.level(each.value),
        price=show.price(each.price),
        currency=each.currency,
        price_date=show.short_day(each.price_date) if each.price_date and each.price_date != as_of else "",
        weight=show.percent(each.weight, unit=False),
        bar=_bar(each.weight, full),
        gain=money.gain(each.gain),
        price_gain=money.change(each.price_gain),
        # what is quoted in the household's own currency has no currency part at all
        currency_gain=NOTHING if each.currency == money.currency else money.change(each.currency_gain),
        net_yield=show.percent(each.yield_net_forward, unit=False),
    )


def _full(report: Dashboard) -> float:
    return max([each.weight or 0.0 for each in report.holdings], default=0.0) or 1.0


def _bar(weight: float | None, full: float) -> str:
    return f"{min(max(weight or 0.0, 0.0) / full, 1.0) * 100:.1f}"


def _sum(values: Iterable[float | None]) -> float | None:
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _difference(year_gain: float | None, gain: float | None, money: Money) -> str:
    if year_gain is None or gain is None:
        return ""
    return sentence(
        _("The year's gain of %(all)s is %(difference)s away from this sum: what was sold, cash, interest and fees."),
        all=money.change(year_gain),
        difference=money.change(year_gain - gain),
    )
