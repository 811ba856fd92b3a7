"""The review as its page prints it: every figure as text, every bar as a place, every finding as a sentence.

Formats and places what the report holds; computes no figure, reads no request.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portfolio import charts
from portfolio import formatting as show
from portfolio.engine.periods import Period
from portfolio.reports.quarter_returns import QuarterReturn
from portfolio.reports.quarterly_review import QuarterlyReview
from portfolio.views import daily_line, period_names
from portfolio.views import quarterly_review_sentences as say
from portfolio.views import quarterly_review_tables as tables

# the rail shows so many quarters, the rest stands behind one line
QUARTERS = 12
# more columns than this do not fit across a sheet of paper
STRIP = 14


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """What `quarterly_review_article.html` prints."""

    title: str  # 2025 Q1
    kind: str  # quarterly review
    dates: str
    currency: str  # NT$
    is_running: bool  # the period has not ended
    headline: str  # the time-weighted return, signed, without its unit
    tone: str  # up, down or nothing
    lead: SafeString
    figures: list[dict[str, Any]]
    say: dict[str, SafeString]  # a sentence for each section
    bridge: dict[str, Any]
    returns: list[tuple[str, str]]
    who: dict[str, Any]
    moves: dict[str, Any]
    tracks: dict[str, Any]
    watch: dict[str, Any]
    line: dict[str, Any] | None
    line_table: list[Any]
    facts: list[tuple[str, str, str]]
    income: dict[str, Any]
    closing: dict[str, Any]
    warnings: list[str]
    reconciliation: dict[str, Any]
    quarters: list[dict[str, Any]]
    strip: dict[str, Any] | None  # the returns of all quarters, for paper
    years: list[tuple[str, str, bool]]  # label, address, is it this page
    before: dict[str, str] | None
    after: dict[str, str] | None
    start: str  # ISO, for the form
    end: str


def review_page(
    *,
    review: QuarterlyReview,
    period: Period,
    quarters: Sequence[QuarterReturn],
    names: Mapping[str, str],
    span: tuple[dt.date, dt.date],
    today: dt.date,
    hide_amounts: bool,
) -> ReviewPage:
    """Return the page of a review. span: first and last day of the books.  names: of instruments, by symbol."""
    money = show.Money(currency=review.base_currency, hidden=hide_amounts)
    bare = show.Money(currency=review.base_currency, hidden=hide_amounts, markup=False)
    headline = show.signed_percent(review.returns.time_weighted, unit=False)
    before, after = period_names.neighbours(period)
    return ReviewPage(
        title=period_names.title(period),
        kind=period_names.kind(period),
        dates=period_names.dates(period),
        currency=money.sign,
        is_running=period.end > today or (period.label == "ytd" and period.end == today),
        headline=headline,
        tone=show.tone(headline),
        lead=say.lead(review=review, quarters=quarters, money=money),
        figures=_figures(review, money),
        say=_sentences(review, money),
        bridge=_bridge(review, money, bare),
        returns=tables.returns(review),
        who=tables.who(review, money, names),
        moves=tables.moves(review, money),
        tracks=tables.tracks(review, money),
        watch=tables.watch(review, names),
        line=_line(review, bare),
        line_table=_line_table(review, money),
        facts=tables.facts(review, money),
        income=tables.income(review, money),
        closing=tables.closing(review, money),
        warnings=tables.warnings(review),
        reconciliation=_reconciliation(review, money),
        quarters=_rail(quarters, period),
        strip=_strip(quarters[-STRIP:], period),
        years=_years(span, period, today),
        before=_link(before) if before and before.end >= span[0] else None,
        after=_link(after) if after and after.start <= span[1] else None,
        start=review.period.start,
        end=review.period.end,
    )


def _figures(review: QuarterlyReview, money: show.Money) -> list[dict[str, Any]]:
    """Return the row of figures under the headline: label, value, context, and whether a small % follows."""
    opening, closing = review.opening_value, review.closing_value
    change = None if opening is None or closing is None else closing - opening
    flow = review.net_external_flow
    earned = None if change is None or flow is None else change - flow
    coverage = review.salary.coverage_actual
    path = "" if change is None or money.hidden else show.from_to(opening, closing, money)
    record_days = review.records.record_days
    return [
        {"label": _("Change of wealth"), "value": money.gain(change), "context": path},
        {"label": _("Of it, earned"), "value": money.gain(earned), "context": _flow_words(review, money)},
        {
            "label": _("Record days"),
            "value": show.NOTHING if record_days is None else str(record_days),
            "context": _with(_("high {amount}"), money.level(review.records.peak_value)),
        },
        {
            "label": _("Net income"),
            "value": money.level(review.income.net),
            "context": _with(_("after {amount} of tax"), money.level(review.income.tax)) if review.income.tax else "",
        },
        {
            "label": _("Salary coverage"),
            "value": show.percent(coverage, unit=False),
            "unit": coverage is not None,
            "context": _with(_("actual; smoothed {rate}"), show.percent(review.salary.coverage_smoothed))
            if review.salary.due is not None
            else _("no salary is set"),
        },
    ]


def _flow_words(review: QuarterlyReview, money: show.Money) -> SafeString | str:
    flow = review.net_external_flow
    if not flow:
        return _("nothing paid in or out")
    if review.salary_paid and round(flow + review.salary_paid, 2) == 0:
        return _with(_("and salary paid {amount}"), money.change(flow))
    return _with(_("and paid in and out {amount}"), money.change(flow))


def _with(template: str, figure: str) -> SafeString:
    return format_html(template, amount=figure, rate=figure)


def _sentences(review: QuarterlyReview, money: show.Money) -> dict[str, SafeString]:
    return {
        "wealth": say.wealth(review=review, money=money),
        "who": say.who(review=review, money=money),
        "moves": say.moves(review.changes),
        "tracks": say.tracks(review.tracks),
        "watch": say.watch(review),
        "records": say.records(review=review, money=money),
        "income": say.income(review=review, money=money),
    }


def _bridge(review: QuarterlyReview, money: show.Money, bare: show.Money) -> dict[str, Any]:
    """Return the waterfall: opening, flows, what was earned, closing; without bars where a part is unknown."""
    parts = review.bridge
    steps = [
        (_flow_name(review), "", review.net_external_flow, False),
        (_("Price"), "", parts.price_gain, True),
        (_("Currency"), "", parts.currency_gain, True),
        (_("Cross"), _("price × currency"), parts.cross_gain, True),
        (_("Income"), _("gross"), parts.income, True),
        (_("Taxes"), "", parts.taxes, True),
        (_("Fees"), "", parts.fees, True),
    ]
    known = [step[2] for step in steps if step[2] is not None]
    opening, closing = review.opening_value, review.closing_value
    drawing = None
    if len(known) == len(steps) and opening is not None and closing is not None:
        drawing = charts.waterfall(opening=opening, steps=known, flows=1, closing=closing)
    bars: Sequence[charts.Bar | None] = drawing.bars if drawing else [None] * (len(steps) + 2)
    starts = [None, *(bar.end if bar else None for bar in bars[:-1])]
    names = [(_("Opening"), review.opening_value), *steps, (_("Closing"), review.closing_value)]
    days = (
        show.full_date(dt.date.fromisoformat(review.period.start) - dt.timedelta(days=1)),
        show.full_date(review.period.end),
    )
    rows = [{"name": names[0][0], "context": days[0], "value": money.level(opening), "is_sum": True}]
    rows += [
        {"name": name, "context": context, "value": money.gain(value) if is_earned else money.change(value), "is_sum": False}
        for name, context, value, is_earned in steps
    ]
    rows.append({"name": names[-1][0], "context": days[1], "value": money.level(closing), "is_sum": True})
    for row, bar, start in zip(rows, bars, starts, strict=True):
        row |= {"bar": bar, "start": start}
    return {
        "rows": rows,
        "is_cut": bool(drawing and drawing.is_cut),
        "axis_start": bare.rough(drawing.start) if drawing and drawing.is_cut and not money.hidden else "",
    }


def _flow_name(review: QuarterlyReview) -> str:
    """Return what the grey step is called: the one kind of flow there was, or flows in general."""
    flow = review.net_external_flow or 0.0
    for name, amount in (
        (_("Salary paid"), -(review.salary_paid or 0.0)),
        (_("Deposits"), review.deposits or 0.0),
        (_("Withdrawals"), -(review.withdrawals or 0.0)),
    ):
        if amount and round(flow - amount, 2) == 0:
            return name
    return _("Paid in and out")


def _line(review: QuarterlyReview, bare: show.Money) -> dict[str, Any] | None:
    start, wealth = dt.date.fromisoformat(review.daily.start), review.daily.wealth
    peak = review.records.peak_date
    return daily_line.drawing(
        start=start,
        values=wealth,
        base=review.records.year_end_value,
        base_name=_("year-end"),
        money=bare,
        records=charts.new_highs(start=start, values=wealth, count=review.records.record_days or 0),
        highest=(dt.date.fromisoformat(peak) - start).days if peak else None,
    )


def _line_table(review: QuarterlyReview, money: show.Money) -> list[Any]:
    start = dt.date.fromisoformat(review.daily.start)
    return daily_line.table(start=start, values=review.daily.wealth, index=review.daily.index, money=money)


def _reconciliation(review: QuarterlyReview, money: show.Money) -> dict[str, Any]:
    parts = review.bridge
    steps = (
        review.net_external_flow,
        parts.price_gain,
        parts.currency_gain,
        parts.cross_gain,
        parts.income,
        parts.taxes,
        parts.fees,
    )
    residual = show.number(parts.residual) if parts.residual is not None else show.NOTHING
    return {
        "opening": money.level(review.opening_value),
        "steps": [_spaced(money.change(step)) for step in steps],
        "closing": money.level(review.closing_value),
        "residual": money.mask if money.hidden and parts.residual is not None else residual,
    }


def _spaced(text: str) -> str:
    """Return − 78,000 for −78,000: in a sum the sign is an operation; zero is added."""
    if text[:1] in "+" + show.MINUS:
        return f"{text[0]} {text[1:]}"
    return format_html("+ {}", text)


def _rail(quarters: Sequence[QuarterReturn], period: Period) -> list[dict[str, Any]]:
    """Return every quarter with its bar, the oldest first; the first ones fold away where there are many."""
    bars = charts.diverging_bars([each.time_weighted for each in quarters])
    folded = max(len(quarters) - QUARTERS, 0)
    return [
        {
            "label": period_names.short(each.label),
            "word": each.label.lower(),
            "bar": bar,
            "zero": bars.zero,
            "text": show.signed_percent(each.time_weighted, unit=False),
            "is_here": each.label == period.label,
            "is_folded": number < folded,
        }
        for number, (each, bar) in enumerate(zip(quarters, bars.bars, strict=True))
    ]


def _strip(quarters: Sequence[QuarterReturn], period: Period) -> dict[str, Any] | None:
    if len(quarters) < 2:
        return None
    drawing = charts.upright_bars([each.time_weighted for each in quarters])
    rows = [
        {
            "column": column,
            "label": period_names.short(each.label) if not number or each.label.endswith("Q1") else each.label[-2:],
            "text": show.signed_percent(each.time_weighted, unit=False),
            "is_here": each.label == period.label,
        }
        for number, (each, column) in enumerate(zip(quarters, drawing.columns, strict=True))
    ]
    return {"rows": rows, "width": drawing.width, "zero": drawing.zero}


def _years(span: tuple[dt.date, dt.date], period: Period, today: dt.date) -> list[tuple[str, str, bool]]:
    """Return the years of the books; the running one under its own name."""
    words = {str(year): str(year) for year in range(span[0].year, span[1].year + 1)}
    if str(today.year) in words:
        words[str(today.year)] = "ytd"
    return [(_("this year") if word == "ytd" else name, word, period.label == word) for name, word in words.items()]


def _link(period: Period) -> dict[str, str]:
    return {
        "title": period_names.title(period),
        "short": period_names.short(period.label),
        "word": period_names.address(period),
    }
