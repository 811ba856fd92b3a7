"""The market-data page as text: rows with figures as words, what needs a hand as sentences. Asks no table."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portfolio import formatting as show
from portfolio.entry.live import name_of
from portfolio.formatting import Money
from portfolio.models import Instrument, MarketDataRun, PriceRevision, ProposedDividend, QuarantinedPrice, RunItem
from portfolio.models.market import Source
from portfolio.views.market_data_rows import Reach, SourceState, change
from portfolio.views.market_data_running import Queue

_SOURCES = dict(Source.choices)
# what a person can only type anew: there is no figure, or one of another kind
UNACCEPTABLE = {QuarantinedPrice.Reason.CURRENCY}
_SILENT = dt.timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run."""

    pk: int
    began: str
    trigger: str | Promise
    state: str | Promise
    took: str
    done: int
    failed: int
    written: str
    doubted: int
    is_bad: bool


@dataclass(frozen=True, slots=True)
class ReachLine:
    """How far one instrument or pair reaches."""

    name: str
    long_name: str
    url: str  # of its page; none for a pair
    pk: int | None
    close: str
    date: str
    state: str
    is_alert: bool
    holes: str
    source: str
    problem: str  # the source's own words
    problem_since: str
    is_paused: bool
    type_url: str  # where its price can be typed


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """One close that waits for a decision."""

    pk: int
    name: str
    date: str
    close: str
    expected: str
    change: str
    reason: str | Promise
    source: str | Promise
    can_accept: bool
    type_url: str


@dataclass(frozen=True, slots=True)
class DividendLine:
    """One payment that waits for a decision."""

    pk: int
    symbol: str
    url: str
    account: str
    ex_date: str
    pay_date: str
    is_date_known: bool
    has_come: bool  # the pay date
    units: str
    per_unit: str
    currency: str
    gross: str
    tax: str
    net: str


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One close that its source corrected."""

    name: str
    date: str
    old: str
    new: str
    change: str
    source: str | Promise
    seen: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source."""

    name: str | Promise
    answered: str
    feeds: int
    troubled: int


def moment(at: dt.datetime | None) -> str:
    """Return a moment where the household lives: 2025年3月18日 14:15."""
    if at is None:
        return show.NOTHING
    local = timezone.localtime(at)
    return f"{show.full_date(local.date())} {local:%H:%M}"


def duration(span: dt.timedelta) -> str:
    """Return how long something took, in seconds up to two minutes."""
    seconds = max(round(span.total_seconds()), 0)
    if seconds < 120:
        return _("%(seconds)s s") % {"seconds": seconds}
    return _("%(minutes)s min") % {"minutes": round(seconds / 60)}


def run_line(run: MarketDataRun) -> RunLine:
    """Return a run with its counts."""
    return RunLine(
        pk=run.pk,
        began=moment(run.started_at),
        trigger=run.get_trigger_display(),
        state=run.get_state_display(),
        took=duration(run.finished_at - run.started_at) if run.finished_at else show.NOTHING,
        done=run.done,
        failed=run.failed,
        written=show.number(run.written, decimals=0),
        doubted=run.doubted,
        is_bad=run.state not in {MarketDataRun.State.DONE, MarketDataRun.State.RUNNING},
    )


def is_silent(*, run: MarketDataRun, now: dt.datetime) -> bool:
    """Say whether a run under way has given no sign of life for a while."""
    return now - run.seen_at > _SILENT


def reach_line(reach: Reach) -> ReachLine:
    """Return how far one instrument or pair reaches."""
    instrument, feed = reach.instrument, reach.feed
    pair = f"{reach.name[:3]} → {reach.name[3:]}"
    return ReachLine(
        name=reach.name,
        long_name=name_of(instrument) if instrument else pair,
        url=reverse("holding", args=[reach.name]) if instrument else "",
        pk=instrument.pk if instrument else None,
        close=f"{show.price(reach.last_close)} {instrument.currency if instrument else reach.name[3:]}"
        if reach.last_close is not None
        else show.NOTHING,
        date=show.full_date(reach.last_date),
        state=_state(reach),
        is_alert=(reach.is_missing or reach.is_stale) and not reach.is_paused,
        holes=_holes(reach),
        source=_source(reach),
        problem=feed.problem if feed else "",
        problem_since=show.full_date(timezone.localtime(feed.problem_since).date()) if feed and feed.problem_since else "",
        is_paused=reach.is_paused,
        type_url=_type_url(instrument, reach.last_date),
    )


def _state(reach: Reach) -> str:
    if reach.is_paused:
        return _("paused")
    if reach.is_missing:
        return _("no price at all")
    if reach.behind:
        return ngettext("%(count)s session behind", "%(count)s sessions behind", reach.behind) % {"count": reach.behind}
    return _("up to date")


def _holes(reach: Reach) -> str:
    if not reach.holes:
        return show.NOTHING
    words = {"count": show.number(reach.holes, decimals=0), "date": show.full_date(reach.last_hole)}
    return ngettext("%(count)s day: %(date)s", "%(count)s days, the last %(date)s", reach.holes) % words


def _source(reach: Reach) -> str:
    if not reach.sources:
        return str(_SOURCES[Source.MANUAL])
    answered = reach.feed.source if reach.feed else ""
    return show.joined(_SOURCES[name] for name in ([answered] if answered else reach.sources))


def _type_url(instrument: Instrument | None, date: dt.date | None) -> str:
    if instrument is None:
        return ""
    asked = {"instrument": instrument.symbol, **({"date": date.isoformat()} if date else {})}
    return f"?{urlencode(asked)}#type"


def doubt_line(doubt: QuarantinedPrice) -> DoubtLine:
    """Return a close that waits for a decision."""
    return DoubtLine(
        pk=doubt.pk,
        name=doubt.name,
        date=show.full_date(doubt.date),
        close=show.price(doubt.close),
        expected=show.price(doubt.expected),
        change=show.signed_percent(change(old=doubt.expected, new=doubt.close), decimals=1),
        reason=doubt.get_reason_display(),
        source=doubt.get_source_display(),
        can_accept=doubt.close is not None and doubt.close > 0 and doubt.reason not in UNACCEPTABLE,
        type_url=_type_url(doubt.instrument, doubt.date),
    )


def dividend_line(*, proposal: ProposedDividend, today: dt.date, hidden: bool) -> DividendLine:
    """Return a payment that waits for a decision. hidden: units and amounts are masked."""
    money = Money(currency=proposal.currency, hidden=hidden)
    return DividendLine(
        pk=proposal.pk,
        symbol=proposal.instrument.symbol,
        url=reverse("holding", args=[proposal.instrument.symbol]),
        account=proposal.account.name,
        ex_date=show.full_date(proposal.ex_date),
        pay_date=show.full_date(proposal.pay_date),
        is_date_known=proposal.is_pay_date_known,
        has_come=proposal.pay_date <= today,
        units=money.mask if hidden else show.quantity(proposal.units),
        per_unit=f"{proposal.per_unit.normalize():f}",
        currency=proposal.currency,
        gross=money.level(proposal.amount),
        tax=money.level(proposal.tax),
        net=money.level(proposal.amount - proposal.tax),
    )


def revision_line(revision: PriceRevision) -> RevisionLine:
    """Return a close that its source corrected."""
    return RevisionLine(
        name=revision.name,
        date=show.full_date(revision.date),
        old=show.price(revision.old),
        new=show.price(revision.new),
        change=show.signed_percent(change(old=revision.old, new=Decimal(revision.new))),
        source=revision.get_source_display(),
        seen=moment(revision.seen_at),
    )


def source_line(state: SourceState) -> SourceLine:
    """Return what one source did last."""
    return SourceLine(_SOURCES.get(state.source, state.source), moment(state.answered_at), state.feeds, state.troubled)


def item_words(item: RunItem) -> str:
    """Return what a run's item is called and whether it failed."""
    return f"{item.name}: {item.get_state_display()}"


def answer(*, reaches: Iterable[Reach], doubts: int, dividends: int) -> SafeString:
    """Return the page's first sentences: what needs a hand, or that nothing does."""
    awake = [each for each in reaches if not each.is_paused]
    missing = sum(each.is_missing for each in awake)
    behind = sum(bool(each.behind) and not each.is_missing for each in awake)
    found = []
    if missing:
        found.append(
            ngettext(
                "%(count)s holding or rate has no price at all.", "%(count)s holdings and rates have no price at all.", missing
            )
            % {"count": missing}
        )
    if behind:
        said = ngettext(
            "%(count)s holding or rate is behind its exchange's last session.",
            "%(count)s holdings and rates are behind their exchange's last session.",
            behind,
        )
        found.append(said % {"count": behind})
    found += waiting(doubts=doubts, dividends=dividends)
    return show.sentences(found or [_("Every price is of its exchange's last session.")])


def waiting(*, doubts: int, dividends: int) -> list[str]:
    """Return what waits for a decision as sentences; the dashboard says the same."""
    found = []
    if doubts:
        said = ngettext("%(count)s fetched price is in doubt.", "%(count)s fetched prices are in doubt.", doubts)
        found.append(said % {"count": doubts})
    if dividends:
        said = ngettext("%(count)s dividend is to be confirmed.", "%(count)s dividends are to be confirmed.", dividends)
        found.append(said % {"count": dividends})
    return found


def what_is_off(*, queue: Queue, is_demo: bool) -> list[str]:
    """Return what does not run by itself here, and what that means."""
    if is_demo:
        return [_("This is the demo household: its closes are made up, so nothing is fetched for it.")]
    here = _("“Run now” does the work in the web server instead.")
    said = {
        Queue.OFF: _("No Redis is set up, so nothing is fetched on schedule."),
        Queue.UNREACHABLE: _("Redis does not answer, so nothing is fetched on schedule; see whether it runs."),
        Queue.NO_WORKER: _("Redis answers, but no worker does, so nothing is fetched on schedule; see whether one runs."),
    }.get(queue)
    return [show.sentences([said, here])] if said else []


def exchanges() -> str:
    """Return the exchanges whose closes the schedule follows, by their cities where those are known here."""
    cities = {"XTAI": _("Taipei"), "XTKS": _("Tokyo"), "XLON": _("London"), "XNYS": _("New York"), "XHKG": _("Hong Kong")}
    return show.joined(cities.get(each, each) for each in settings.MARKET_DATA_EXCHANGES)
