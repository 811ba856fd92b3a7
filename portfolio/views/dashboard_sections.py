"""The dashboard's parts as text: headline, first sentence, what needs a hand, what comes in, the tracks.

Formats what the report says; knows no request and no table.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portfolio import formatting as show
from portfolio.formatting import Money
from portfolio.reports.dashboard import Dashboard, DashboardHolding, UpcomingPayment
from portfolio.reports.review_parts import TrackWeight
from portfolio.views.sentences import sentence
from portfolio.views.warning_links import WarningLine
from portfolio.words import kind_name, line_name, track_name

# the class of each certainty's square
CERTAINTY = {"received": "c1", "announced": "c2", "scheduled": "c3", "estimated": "c4"}
# the track's bar ends at the largest of weights and targets, and not before this
LEAST_FULL = 0.6


@dataclass(frozen=True, slots=True)
class Headline:
    """The figures of the first row."""

    wealth: str
    sign: str  # of the currency
    closed_on: str
    today_label: str
    today_gain: str
    today_return: str
    year_gain: str
    year_change: str
    since_year_end: str  # without its unit
    since_year_end_tone: str
    income_ahead: str
    estimated_share: str
    coverage: str  # without its unit


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A payment to come."""

    date: str
    symbol: str
    url: str
    what: str  # kind and certainty
    certainty: str  # class of the square
    net: str


@dataclass(frozen=True, slots=True)
class TrackLine:
    """A track as a bar with its target."""

    name: str
    bar: str  # width in thousandths of the full bar
    target_at: str  # place of the mark; empty where no target is set
    weight: str
    target: str
    drift: str
    to_target: str  # what has to be bought (+) or sold (−)


def headline(*, report: Dashboard, money: Money, is_today: bool) -> Headline:
    """Return the first row."""
    year = show.signed_percent(report.since_year_end, unit=False)
    return Headline(
        wealth=money.level(report.wealth),
        sign=money.sign,
        closed_on=_("Close of %(date)s") % {"date": show.full_date(report.as_of)},
        today_label=_("Today") if is_today else _("On the day"),
        today_gain=money.gain(report.today_change),
        today_return=show.signed_percent(report.today_return),
        year_gain=money.gain(report.year_gain),
        year_change=sentence(_("wealth %(change)s"), change=money.change(report.year_change)),
        since_year_end=year,
        since_year_end_tone=show.tone(year),
        income_ahead=money.level(report.income_ahead),
        estimated_share=_("estimated: %(share)s") % {"share": show.percent(report.estimated_share, decimals=0)},
        coverage=show.percent(report.coverage_forward, unit=False),
    )


def first_sentence(*, report: Dashboard) -> str:
    """Return whether the income ahead pays the salary, and what this year's records were."""
    sentences = filter(None, (_whether_it_pays(report.coverage_forward), _records(report.record_days)))
    return ("" if show.is_chinese() else " ").join(sentences)


def _whether_it_pays(coverage: float | None) -> str:
    if coverage is None:
        return ""
    if coverage >= 1:
        over = show.percent(coverage - 1)
        return _("The income of the next twelve months pays the salary and leaves %(over)s over.") % {"over": over}
    share = show.percent(coverage)
    return _("The income of the next twelve months pays %(share)s of the salary; the rest would come from principal.") % {
        "share": share
    }


def _records(days: tuple[str, ...]) -> str:
    if not days:
        return _("This year has set no record yet.")
    said = {"count": len(days), "date": show.day_and_month(days[-1])}
    return (
        ngettext(
            "This year has set %(count)s record, on %(date)s.",
            "This year has set %(count)s records, the latest on %(date)s.",
            len(days),
        )
        % said
    )


def watch_lines(*, holdings: tuple[DashboardHolding, ...]) -> list[WarningLine]:
    """Return the holdings that yield under the household's floor, as lines that ask for a decision."""
    return [
        WarningLine(
            subject=f"{each.symbol} {_('On probation')}",
            sentence=_("yields %(share)s net, under the floor") % {"share": show.percent(each.yield_net_forward)},
            url=reverse("holding", args=[each.symbol]),
            action=_("See the holding"),
        )
        for each in holdings
        if each.on_watch
    ]


def upcoming(*, payments: tuple[UpcomingPayment, ...], money: Money) -> list[Upcoming]:
    """Return the next payments, the nearest first."""
    return [
        Upcoming(
            date=show.short_day(each.date),
            symbol=line_name(each.symbol),
            url=reverse("holding", args=[each.symbol]),
            what=f"{kind_name(each.kind)} · {certainty_name(each.certainty)}",
            certainty=CERTAINTY.get(each.certainty, "c4"),
            net=money.level(each.net),
        )
        for each in payments
    ]


def certainty_name(certainty: str) -> str:
    """Return how sure a payment is, in a word."""
    names = {
        "received": pgettext("payment", "received"),
        "announced": pgettext("payment", "announced"),
        "scheduled": pgettext("payment", "scheduled"),
        "estimated": pgettext("payment", "estimated"),
    }
    return names.get(certainty, certainty)


def track_lines(*, tracks: tuple[TrackWeight, ...], wealth: float | None, money: Money) -> list[TrackLine]:
    """Return the tracks against their targets."""
    full = max([LEAST_FULL, *(each.weight or 0.0 for each in tracks), *(each.target or 0.0 for each in tracks)])
    return [_track_line(each, full, wealth, money) for each in tracks]


def _track_line(each: TrackWeight, full: float, wealth: float | None, money: Money) -> TrackLine:
    missing = None if each.drift is None or wealth is None else -each.drift * wealth
    return TrackLine(
        name=track_name(each.track),
        bar=f"{max(each.weight or 0.0, 0.0) / full * 1000:.1f}",
        target_at="" if each.target is None else f"{each.target / full * 1000:.1f}",
        weight=show.percent(each.weight, unit=False),
        target=show.percent(each.target, decimals=0, unit=False),
        drift=show.signed_percent(each.drift, unit=False),
        to_target=money.change(missing),
    )


def said(report: Dashboard, money: Money) -> dict[str, Any]:
    """Return the parts that need nothing but the report."""
    return {
        "lead": first_sentence(report=report),
        "upcoming": upcoming(payments=report.upcoming, money=money),
        "tracks": track_lines(tracks=report.tracks, wealth=report.wealth, money=money),
    }
