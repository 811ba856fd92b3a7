"""The review as headings, sentences and tables: one content that terminal, Markdown and plain HTML are set from.

Formats figures and words in the active language; computes none and reads no table.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portfolio import formatting as show
from portfolio.reports.quarterly_review import QuarterlyReview
from portfolio.words import dividend_rule_name, kind_name, line_name, track_name, warning_text

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text; the first column is words, the others are figures and stand to the right."""

    header: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, lines of text, and at most one table."""

    heading: str
    lines: tuple[str, ...] = ()
    table: Table | None = None


def review_sections(*, review: QuarterlyReview) -> list[Section]:
    """Return the review in the order it is read: headline, wealth, who, moves, tracks, records, income, warnings."""
    money = show.Money(currency=review.base_currency, markup=False)
    return [
        _headline(review, money),
        _bridge(review, money),
        _who(review, money),
        *_moves(review, money),
        _tracks(review, money),
        *_watch(review),
        _records(review, money),
        _income(review, money),
        _salary(review, money),
        *_warnings(review),
        _check(review, money),
    ]


def _headline(review: QuarterlyReview, money: show.Money) -> Section:
    returns = review.returns
    rows = [
        (_("Return, time-weighted"), show.signed_percent(returns.time_weighted)),
        (_("Since year-end"), show.signed_percent(returns.since_year_end)),
        (_("Money-weighted, over the period"), show.signed_percent(returns.money_weighted_period)),
        (_("Modified Dietz"), show.signed_percent(returns.modified_dietz)),
    ]
    if returns.annualised is not None:
        rows.append((_("A year"), show.signed_percent(returns.annualised)))
    lines = (f"{show.full_date(review.period.start)} – {show.full_date(review.period.end)} · {money.sign}",)
    return Section(_("Review %(period)s") % {"period": review.period.label}, lines, Table((_("Return"), "%"), tuple(rows)))


def _bridge(review: QuarterlyReview, money: show.Money) -> Section:
    bridge = review.bridge
    rows = (
        (_("Opening value"), money.level(review.opening_value)),
        (_("Net flow"), money.change(review.net_external_flow)),
        (_("Price"), money.change(bridge.price_gain)),
        (_("Currency"), money.change(bridge.currency_gain)),
        (_("Cross"), money.change(bridge.cross_gain)),
        (_("Income, gross"), money.change(bridge.income)),
        (_("Taxes"), money.change(bridge.taxes)),
        (_("Fees"), money.change(bridge.fees)),
        (_("Closing value"), money.level(review.closing_value)),
    )
    return Section(_("What happened to wealth"), (), Table((_("Step"), money.sign), rows))


def _who(review: QuarterlyReview, money: show.Money) -> Section:
    found = review.review_contributions
    parts = {line.symbol: line.contribution for line in review.contributions}
    shares = show.shares_to_hundred(each.share for each in found.holdings)
    rows = tuple(
        (
            each.symbol + _tag(each.symbol, found.mvp, found.war_criminal),
            share,
            money.change(each.gain),
            money.change(each.price),
            money.change(each.currency),
            money.change(each.cross),
            money.change(each.dividend),
            show.basis_points(parts.get(each.symbol)),
        )
        for each, share in zip(found.holdings, shares, strict=True)
    )
    header = (
        _("Holding"),
        _("Share %"),
        _("Gain"),
        _("Price"),
        _("Currency"),
        _("Cross"),
        _("Dividends"),
        _("To the return, bp"),
    )
    lines = [
        _("Dividends counted: %(rule)s. Sum of absolute gains %(sum)s, %(share)s of the opening value.")
        % {
            "rule": dividend_rule_name(found.dividend_rule),
            "sum": money.level(found.sum_absolute),
            "share": show.percent(found.sum_absolute_of_opening),
        }
    ]
    if found.left_out.sold:
        sold = _(", ").join(f"{each.symbol} {money.change(each.gain)}" for each in found.left_out.sold)
        lines.append(_("Sold and left out: %(sold)s.") % {"sold": sold})
    lines.append(_("MVP: %(mvp)s. War criminal: %(worst)s.") % {"mvp": found.mvp or "—", "worst": found.war_criminal or "—"})
    return Section(_("Whose merit, whose fault"), tuple(lines), Table(header, rows))


def _tag(symbol: str, mvp: str | None, worst: str | None) -> str:
    if symbol == mvp:
        return f" [{_('MVP')}]"
    return f" [{_('War criminal')}]" if symbol == worst else ""


def _moves(review: QuarterlyReview, money: show.Money) -> list[Section]:
    if not review.moves:
        return [Section(_("Bought and sold"), (_("Nothing was bought or sold."),))]
    rows = tuple(
        (
            f"{move.date} {kind_name(move.kind)} {move.symbol}",
            show.quantity(move.quantity),
            show.price(move.price),
            f"{show.number(move.amount, decimals=2)} {move.currency}",
            money.level(move.value),
        )
        for move in review.moves
    )
    header = (_("Row"), _("Quantity"), _("Price"), _("Amount"), money.sign)
    return [Section(_("Bought and sold"), (), Table(header, rows))]


def _tracks(review: QuarterlyReview, money: show.Money) -> Section:
    rows = tuple(
        (
            track_name(each.track),
            money.level(each.value),
            show.percent(each.weight, unit=False),
            show.percent(each.target, unit=False),
            show.signed_percent(each.drift, unit=False),
        )
        for each in review.tracks
    )
    return Section(_("Tracks"), (), Table((_("Track"), money.sign, _("Weight %"), _("Target %"), _("Drift, points")), rows))


def _watch(review: QuarterlyReview) -> list[Section]:
    if not review.watch_list:
        return [Section(_("On watch"), (_("No income holding yields less than the floor."),))]
    rows = tuple(
        (each.symbol, show.percent(each.yield_net_forward, unit=False), each.since or "—") for each in review.watch_list
    )
    return [Section(_("On watch"), (), Table((_("Holding"), _("Net forward yield %"), _("Since")), rows))]


def _records(review: QuarterlyReview, money: show.Money) -> Section:
    found = review.records
    rows = (
        (_("Highest wealth of the period"), money.level(found.peak_value), found.peak_date or "—"),
        (_("Highest wealth ever"), money.level(found.all_time_peak_value), found.all_time_peak_date or "—"),
        (_("Record days"), show.quantity(found.record_days), ""),
        (_("Weekdays below year-end"), show.quantity(found.weekdays_below_year_end), ""),
        (_("Best day"), money.change(found.largest_gain), found.largest_gain_date or "—"),
        (_("Worst day"), money.change(found.largest_loss), found.largest_loss_date or "—"),
        (_("Deepest fall"), show.percent(found.max_drawdown), ""),
        (_("Volatility over the period"), show.percent(found.volatility), ""),
    )
    return Section(_("Records"), (), Table((_("Record"), _("Figure"), _("Date")), rows))


def _income(review: QuarterlyReview, money: show.Money) -> Section:
    def line(name: str, sums: object) -> Row:
        return (name, *(money.level(getattr(sums, part)) for part in ("gross", "tax", "fees", "net")))

    rows = tuple(line(line_name(payer), sums) for payer, sums in review.income.by_symbol.items())
    header = (_("Payer"), _("Gross"), _("Tax"), _("Charges"), _("Net"))
    return Section(_("Income"), (), Table(header, (*rows, line(_("Total"), review.income))))


def _salary(review: QuarterlyReview, money: show.Money) -> Section:
    found = review.salary
    if found.due is None:
        return Section(_("Salary"), (_("No salary is set."),))
    rows = (
        (_("Due"), money.level(found.due)),
        (_("Paid"), money.level(found.paid)),
        (_("Coverage, actual"), show.percent(found.coverage_actual)),
        (_("Coverage, smoothed"), show.percent(found.coverage_smoothed)),
        (_("Coverage, twelve months ahead"), show.percent(found.coverage_forward)),
        (_("Distributable"), money.level(found.distributable)),
        (_("Paid from principal"), money.level(found.from_principal)),
    )
    return Section(_("Salary"), (), Table((_("Salary"), money.sign), rows))


def _warnings(review: QuarterlyReview) -> list[Section]:
    if not review.warnings:
        return []
    return [Section(_("Warnings"), tuple(f"- {warning_text(warning)}" for warning in review.warnings))]


def _check(review: QuarterlyReview, money: show.Money) -> Section:
    bridge = review.bridge
    parts = (bridge.price_gain, bridge.currency_gain, bridge.cross_gain, bridge.income, bridge.taxes, bridge.fees)
    written = " ".join(money.change(part) for part in (review.net_external_flow, *parts))
    sentence = f"{money.level(review.opening_value)} {written} = {money.level(review.closing_value)}"
    residual = _("residual %(amount)s") % {"amount": show.number(bridge.residual, decimals=2)}
    return Section(_("Reconciliation"), (f"{sentence}; {residual}",))
