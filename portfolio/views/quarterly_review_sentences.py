"""The review's findings as sentences in the active language, calm in good and bad quarters. Computes no figure.

Every sentence is whole in the catalogue, so that each language keeps its own order of words.
"""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portfolio import formatting as show
from portfolio.engine.yields import FLOOR
from portfolio.reports.quarter_returns import QuarterReturn
from portfolio.reports.quarterly_review import QuarterlyReview
from portfolio.reports.review_parts import Bridge, Change, SalaryCoverage, TrackWeight
from portfolio.words import track_name

# a currency part under this share of the opening value is not worth the reader's first minute
WORTH_TELLING = 0.0005
# of the opening value: below it the sum of gains and losses makes a dull period, and the page says so
QUIET = 0.02
NAMES = 4


def lead(*, review: QuarterlyReview, quarters: Sequence[QuarterReturn], money: show.Money) -> SafeString:
    """Return what happened, in the order of weight: the run of quarters, records, who, currencies."""
    found = review.records
    return show.sentences(
        [
            _streak(review, quarters),
            _records(found.record_days, found.peak_date),
            _below(found.weekdays_below_year_end),
            _who_carried(review),
            _currencies(review, money),
        ]
    )


def wealth(*, review: QuarterlyReview, money: show.Money) -> SafeString:
    """Return what prices, currencies and the household itself did to wealth."""
    return show.sentences([_prices(review.bridge, money), *_flows(review, money)])


def who(*, review: QuarterlyReview, money: show.Money) -> SafeString:
    """Return how much was won and lost in all, so that a dull period looks dull."""
    found = review.review_contributions
    count = len(found.holdings)
    if not count:
        return show.sentences([_("Nothing is held at the end of the period, so nobody is to praise or to blame.")])
    if found.sum_absolute is None or found.sum_absolute_of_opening is None:
        return show.sentences([_("A value is missing, so the shares can't be told; the warnings below say which.")])
    template = ngettext(
        "The gains and losses of one holding come to {sum}, {share} of the opening value.",
        "The gains and losses of {count} holdings add up to {sum}, {share} of the opening value.",
        count,
    )
    size, share = money.level(found.sum_absolute), show.percent(found.sum_absolute_of_opening)
    quiet = _("A quiet period.") if found.sum_absolute_of_opening < QUIET else ""
    return show.sentences([format_html(template, count=count, sum=size, share=share), quiet])


def moves(changes: Sequence[Change]) -> SafeString:
    """Return what became more, less, new or nothing."""
    names = {
        action: [each.symbol for each in changes if each.action == action] for action in ("NEW", "ADDED", "REDUCED", "SOLD")
    }
    templates = {
        "NEW": _("New: {names}."),
        "ADDED": _("Added to: {names}."),
        "REDUCED": _("Reduced: {names}."),
        "SOLD": _("Sold: {names}."),
    }
    said = [format_html(templates[action], names=some(found)) for action, found in names.items() if found]
    return show.sentences(said or [_("Nothing was bought or sold.")])


def tracks(tracks: Sequence[TrackWeight]) -> SafeString:
    """Return which track is furthest under and which furthest over its target."""
    drifting = [each for each in tracks if each.drift is not None]
    if not drifting:
        return show.sentences([_("No targets are set yet, so the weights stand alone.")])
    low, high = min(drifting, key=lambda each: each.drift), max(drifting, key=lambda each: each.drift)
    said = []
    if low.drift < 0:
        points = show.number(-low.drift * 100)
        said.append(_("{track} stands {points} points under its target.").format(track=track_name(low.track), points=points))
    if high.drift > 0:
        points = show.number(high.drift * 100)
        said.append(_("{track} stands {points} points over its target.").format(track=track_name(high.track), points=points))
    return show.sentences(said or [_("Every track stands on its target.")])


def watch(review: QuarterlyReview) -> SafeString:
    """Return who yields too little, and since when."""
    floor, found = show.percent(FLOOR), review.watch_list
    if not found:
        return format_html(_("No income holding yields less than the floor of {floor}."), floor=floor)
    if len(found) == 1:
        template = _("{symbol} yields {yield_}, under the floor of {floor} since {date}.")
        one = found[0]
        rate = show.percent(one.yield_net_forward)
        return format_html(template, symbol=one.symbol, yield_=rate, floor=floor, date=show.full_date(one.since))
    names = some([each.symbol for each in found])
    return format_html(
        _("{count} holdings yield less than the floor of {floor}: {names}."), count=len(found), floor=floor, names=names
    )


def records(*, review: QuarterlyReview, money: show.Money) -> SafeString:
    """Return the high of the period and the deepest fall from one."""
    found, said = review.records, []
    if found.peak_date and found.peak_value is not None:
        high, date = money.level(found.peak_value), show.day_and_month(found.peak_date)
        said.append(format_html(_("The high of the period was {high}, on {date}."), high=high, date=date))
    if found.max_drawdown is not None:
        said.append(_("The deepest fall from a high was {fall}.").format(fall=show.percent(found.max_drawdown)))
    return show.sentences(said or [_("A value is missing, so records can't be told.")])


def income(*, review: QuarterlyReview, money: show.Money) -> SafeString:
    """Return whether the income paid the salary, and what came out of principal."""
    salary, net = review.salary, review.income.net
    if net is None:
        return show.sentences([_("A rate is missing, so the income can't be added up.")])
    if salary.due is None:
        template = _("The net income was {net}. No salary is set, so there is nothing for it to cover.")
        return format_html(template, net=money.level(net))
    if not salary.due:
        return format_html(_("The net income was {net}. No salary fell due in this period."), net=money.level(net))
    return _coverage(review.salary, money)


def some(names: Sequence[str]) -> str:
    """Return the first few names of a list in a sentence, and how many more there are."""
    if len(names) <= NAMES + 1:
        return show.joined(names)
    rest = _("{count} more").format(count=len(names) - NAMES)
    return show.joined([*names[:NAMES], rest])


def _coverage(salary: SalaryCoverage, money: show.Money) -> SafeString:
    rate = format_html('<b class="n">{}</b>', show.percent(salary.coverage_actual))
    if salary.from_principal:
        template = _("The income covered {rate} of the salary; {amount} came out of the principal.")
        taken = format_html('<b class="alert n">{}</b>', money.level(salary.from_principal))
        return format_html(template, rate=rate, amount=taken)
    if (salary.coverage_actual or 0) < 1:
        return format_html(_("The income covered {rate} of the salary that fell due."), rate=rate)
    if salary.distributable is None or salary.paid is None:
        return format_html(_("The income covered the salary, {rate} of it."), rate=rate)
    template = _("The income paid the salary, coverage {rate}; {rest} is left over and the principal was not touched.")
    return format_html(template, rate=rate, rest=money.level(salary.distributable - salary.paid))


def _streak(review: QuarterlyReview, quarters: Sequence[QuarterReturn]) -> str:
    result = review.returns.time_weighted
    place = next(
        (at for at, each in enumerate(quarters) if (each.start, each.end) == (review.period.start, review.period.end)), 0
    )
    before = [each.time_weighted or 0.0 for each in reversed(quarters[:place])]
    if not result or not before:
        return ""
    risen, fallen = _run([value > 0 for value in before]), _run([value < 0 for value in before])
    if result < 0:
        if risen > 1:
            return _("The first loss after {count} rising quarters.").format(count=risen)
        return _("Losses in {count} quarters in a row.").format(count=fallen + 1) if fallen else ""
    if fallen > 1:
        return _("The first gain after {count} falling quarters.").format(count=fallen)
    return _("Gains in {count} quarters in a row.").format(count=risen + 1) if risen else ""


def _run(truths: Sequence[bool]) -> int:
    return next((count for count, truth in enumerate(truths) if not truth), len(truths))


def _records(days: int | None, last: str | None) -> str:
    if not days or not last:
        return ""
    template = ngettext(
        "Wealth set a record on one day, {date}.", "Wealth set records on {count} days, the last on {date}.", days
    )
    return template.format(count=days, date=show.day_and_month(last))


def _below(days: int | None) -> str:
    if not days:
        return ""
    template = ngettext("One weekday closed below the last year-end.", "{count} weekdays closed below the last year-end.", days)
    return template.format(count=days)


def _who_carried(review: QuarterlyReview) -> str:
    found = review.review_contributions
    texts = dict(
        zip(
            (each.symbol for each in found.holdings), show.shares_to_hundred(each.share for each in found.holdings), strict=True
        )
    )
    sizes = {each.symbol: abs(each.share or 0.0) for each in found.holdings}
    best, worst = found.mvp, found.war_criminal
    if len(found.holdings) < 2 or not (best or worst):
        return ""
    parts = {"best": best, "worst": worst, "gain": _share(texts.get(best or "")), "loss": _share(texts.get(worst or ""))}
    if not worst:
        return format_html(_("No holding lost; {best} carried the most, {gain} of all gains."), **parts)
    if not best:
        return format_html(_("No holding gained; {worst} cost the most, {loss} of all losses."), **parts)
    if sizes[worst] > sizes[best]:
        return format_html(_("{worst} alone made {loss} of all gains and losses; {best} gave {gain} back."), **parts)
    return format_html(_("{best} alone made {gain} of all gains and losses; {worst} cost the most, {loss}."), **parts)


def _share(text: str | None) -> SafeString:
    if text is None:
        return SafeString()
    return format_html('<span class="n {}">{}{}%</span>', show.tone(text), text, show.NO_BREAK)


def _currencies(review: QuarterlyReview, money: show.Money) -> str:
    gain, opening = review.bridge.currency_gain, review.opening_value
    if gain is None or not opening or abs(gain) < WORTH_TELLING * opening:
        return ""
    template = _("Currencies gave {amount}.") if gain > 0 else _("Currencies took {amount}.")
    return format_html(template, amount=money.rough(gain))


def _prices(bridge: Bridge, money: show.Money) -> str:
    price, currency = bridge.price_gain, bridge.currency_gain
    if price is None or currency is None:
        return _("A value is missing, so the steps can't be told apart; the warnings below say which.")
    parts = {"price": money.rough(price), "currency": money.rough(currency)}
    if not round(currency):
        template = _("Prices gave {price}.") if price >= 0 else _("Prices took {price}.")
    elif price >= 0:
        template = (
            _("Prices gave {price} and currencies {currency}.")
            if currency > 0
            else _("Prices gave {price}; currencies took {currency}.")
        )
    elif currency > 0:
        template = _("Prices took {price}; currencies gave {currency} back.")
    else:
        template = _("Prices took {price}, and currencies another {currency}.")
    return format_html(template, **parts)


def _flows(review: QuarterlyReview, money: show.Money) -> list[str]:
    salary, said = review.salary, []
    if salary.paid and salary.due and salary.paid + 0.5 >= salary.due:
        said.append(_("The salary was paid in full."))
    elif salary.paid and salary.due:
        template = _("Of the salary of {due}, {paid} was paid.")
        said.append(format_html(template, due=money.level(salary.due), paid=money.level(salary.paid)))
    elif salary.due:
        said.append(_("No salary was paid."))
    if review.deposits:
        said.append(format_html(_("{amount} was paid in."), amount=money.level(review.deposits)))
    if review.withdrawals:
        said.append(format_html(_("{amount} was taken out."), amount=money.level(review.withdrawals)))
    return said
