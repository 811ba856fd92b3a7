"""The review's tables as text: who, moves, tracks, watch, income, salary, what is held, warnings. Computes no figure.

Each function takes the report and gives what one part of the page prints, in the active language.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portfolio import charts
from portfolio import formatting as show
from portfolio.engine.kinds import DISPOSALS, DividendRule
from portfolio.engine.yields import FLOOR, TOLERANCE
from portfolio.reports.plain import or_nan
from portfolio.reports.quarterly_review import QuarterlyReview
from portfolio.reports.review_parts import Contribution, IncomeSums, ReviewHolding
from portfolio.views.frame import address
from portfolio.words import kind_name, line_name, track_name, warning_text

# on the phone the others stay folded behind a switch
LARGEST = 8


def who(review: QuarterlyReview, money: show.Money, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the contribution table with its bars, its totals, and what it leaves out."""
    found = review.review_contributions
    lines = {line.symbol: line for line in review.contributions}
    watched = {entry.symbol for entry in review.watch_list}
    bars = charts.diverging_bars([each.share for each in found.holdings])
    shares = show.shares_to_hundred(each.share for each in found.holdings)
    by_size = sorted(found.holdings, key=lambda each: -abs(each.gain or 0.0))
    large = {each.symbol for each in by_size[:LARGEST]}
    rows = [
        {
            **_holding(each, lines.get(each.symbol), money),
            "name": names.get(each.symbol, each.name),
            "share": show.coloured(share),
            "bar": bar,
            "is_mvp": each.symbol == found.mvp,
            "is_war_criminal": each.symbol == found.war_criminal,
            "is_watched": each.symbol in watched,
            "is_rest": each.symbol not in large,
        }
        for each, share, bar in zip(found.holdings, shares, bars.bars, strict=True)
    ]
    return {
        "rows": rows,
        "zero": bars.zero,
        "rest_count": len(rows) - len(large),
        "total": _totals(found.holdings, lines, money),
        "sold": [_line(each.symbol, lines, money) for each in found.left_out.sold],
        "others": _left_out(review, money),
        "time_weighted_bp": show.basis_points(review.returns.time_weighted),
        "rules": _rules(review),
        "nobody": _nobody(review),
    }


def moves(review: QuarterlyReview, money: show.Money) -> dict[str, Any]:
    """Return what was bought and sold, and where the money for it came from."""
    bought = [each for each in review.moves if each.kind not in DISPOSALS]
    mask = money.mask
    return {
        "bought": [
            {
                "symbol": each.symbol,
                "kind": kind_name(each.kind),
                "date": show.short_day(each.date),
                "quantity": mask if money.hidden else show.quantity(each.quantity),
                "price": show.price(each.price),
                "amount": show.Money(currency=each.currency, hidden=money.hidden).level(each.amount),
                "currency": each.currency,
            }
            for each in bought
        ],
        "sold": [
            {
                "symbol": each.symbol,
                "date": show.short_day(each.date),
                "quantity": mask if money.hidden else show.quantity(each.quantity),
                "proceeds": money.level(each.proceeds),
                "gain": money.gain(each.gain_fifo if settings.COST_METHOD == "fifo" else each.gain_average),
            }
            for each in review.realised
        ],
        "bullets": _bullets(review, money),
        "summary": _moves_summary(len(bought), len(review.realised)),
    }


def tracks(review: QuarterlyReview, money: show.Money) -> dict[str, Any]:
    """Return the weights of the tracks beside their targets."""
    most = max([0.0, *(value for each in review.tracks for value in (each.weight, each.target) if value is not None)]) or 1.0
    weights = charts.shares_of([each.weight for each in review.tracks], most=most)
    targets = charts.shares_of([each.target for each in review.tracks], most=most)
    total = review.closing_value
    return {
        "has_targets": any(each.target is not None for each in review.tracks),
        "rows": [
            {
                "name": track_name(each.track),
                "bar": weight,
                "target": None if each.target is None else target,
                "weight": show.percent(each.weight, unit=False),
                "drift": show.signed_percent(each.drift, unit=False),
                "value": money.level(each.value),
                "to_target": money.change(None if each.drift is None or total is None else -each.drift * total),
            }
            for each, weight, target in zip(review.tracks, weights, targets, strict=True)
        ],
    }


def watch(review: QuarterlyReview, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the holdings on watch, each as a place on one scale with the floor."""
    yields = [each.yield_net_forward for each in review.watch_list]
    most = FLOOR * 1.25
    places = charts.shares_of(yields, most=most)
    return {
        "floor": show.percent(FLOOR, unit=False),
        "floor_text": show.percent(FLOOR),
        "tolerance": show.percent(TOLERANCE, unit=False),
        "floor_place": charts.shares_of([FLOOR], most=most)[0],
        "floor_percent": f"{FLOOR / most * 100:.2f}%",
        "rows": [
            {
                "symbol": each.symbol,
                "url": address("holding", each.symbol),
                "name": names.get(each.symbol, ""),
                "place": place,
                "rate": show.percent(each.yield_net_forward, unit=False),
                "since": show.full_date(each.since),
            }
            for each, place in zip(review.watch_list, places, strict=True)
        ],
    }


def facts(review: QuarterlyReview, money: show.Money) -> list[tuple[str, str, str]]:
    """Return highs, lows and risk: label, figure, date."""
    found = review.records
    return [
        (_("High of the period"), money.level(found.peak_value), show.day_and_month(found.peak_date)),
        (_("Highest wealth ever"), money.level(found.all_time_peak_value), show.full_date(found.all_time_peak_date)),
        (_("Best day"), money.gain(found.largest_gain), show.day_and_month(found.largest_gain_date)),
        (_("Worst day"), money.gain(found.largest_loss), show.day_and_month(found.largest_loss_date)),
        (_("Record days"), days(found.record_days), ""),
        (_("Weekdays below year-end"), days(found.weekdays_below_year_end), ""),
        (_("Deepest fall"), show.percent(found.max_drawdown), ""),
        (_("Volatility over the period"), show.percent(found.volatility), ""),
    ]


def returns(review: QuarterlyReview) -> list[tuple[str, str]]:
    """Return the other ways to measure the return, in words and figures."""
    found = review.returns
    rows = [
        (_("Money-weighted, over the period"), found.money_weighted_period),
        (_("Modified Dietz"), found.modified_dietz),
        (_("Since the last year-end"), found.since_year_end),
    ]
    if found.annualised is not None:
        rows += [(_("Time-weighted, a year"), found.annualised), (_("Money-weighted, a year"), found.money_weighted)]
    return [(label, show.coloured(show.signed_percent(value))) for label, value in rows]


def income(review: QuarterlyReview, money: show.Money) -> dict[str, Any]:
    """Return who paid, and the salary's side of it."""
    found, salary = review.income, review.salary
    payers = sorted(found.by_symbol.items(), key=lambda each: -(each[1].net or 0.0))
    unspent = None if salary.distributable is None or salary.paid is None else salary.distributable - salary.paid
    return {
        "payers": [{"name": line_name(symbol), **_sums(sums, money)} for symbol, sums in payers],
        "has_fees": any(round(sums.fees or 0.0, 2) for _symbol, sums in payers),
        "has_netting": any(_is_netted(sums) for _symbol, sums in payers),
        "total": _sums(IncomeSums(found.gross, found.tax, found.fees, found.net), money),
        "salary_is_set": salary.due is not None,
        "due": money.level(salary.due),
        "paid": money.level(salary.paid),
        "distributable": money.level(salary.distributable),
        "from_principal": money.level(salary.from_principal),
        "is_from_principal": bool(salary.from_principal),
        "unspent": money.level(max(unspent, 0.0) if unspent is not None else None),
        "actual": show.percent(salary.coverage_actual),
        "smoothed": show.percent(salary.coverage_smoothed),
        "forward": show.percent(salary.coverage_forward),
        "smoothed_quarter": money.level(found.smoothed_quarter),
    }


def closing(review: QuarterlyReview, money: show.Money) -> dict[str, Any]:
    """Return every position and every purse at the close of the period."""
    is_fifo = settings.COST_METHOD == "fifo"
    cost = sum(or_nan(each.cost_fifo if is_fifo else each.cost_average) for each in review.positions)
    gain = sum(or_nan(each.unrealised_fifo if is_fifo else each.unrealised_average) for each in review.positions)
    return {
        "is_fifo": is_fifo,
        "positions": [
            {
                "symbol": each.symbol,
                "url": address("holding", each.symbol),
                "account": each.account,
                "quantity": money.mask if money.hidden else show.quantity(each.quantity),
                "price": show.price(each.price),
                "price_date": show.short_day(each.price_date),
                "value": money.level(each.value),
                "weight": show.percent(each.weight, unit=False),
                "cost": money.level(each.cost_fifo if is_fifo else each.cost_average),
                "gain": money.gain(each.unrealised_fifo if is_fifo else each.unrealised_average),
            }
            for each in sorted(review.positions, key=lambda each: -(each.value or 0.0))
        ],
        "cash": [
            {
                "account": each.account,
                "currency": each.currency,
                "amount": show.Money(currency=each.currency, hidden=money.hidden).level(each.amount),
                "value": money.level(each.value),
                "weight": show.percent(
                    None if each.value is None or not review.closing_value else each.value / review.closing_value, unit=False
                ),
            }
            for each in review.cash
            if round(each.amount, 2)
        ],
        "count": len(review.positions) + sum(1 for each in review.cash if round(each.amount, 2)),
        "total": {"value": money.level(review.closing_value), "cost": money.level(cost), "gain": money.gain(gain)},
    }


def warnings(review: QuarterlyReview) -> list[str]:
    """Return every warning as a sentence."""
    return [warning_text(warning) for warning in review.warnings]


def days(count: int | None) -> str:
    """Return a count of days, or a dash."""
    return show.NOTHING if count is None else ngettext("{count} day", "{count} days", count).format(count=count)


def _holding(each: ReviewHolding, line: Contribution | None, money: show.Money) -> dict[str, Any]:
    price = None if each.price is None or each.cross is None else each.price + each.cross
    return {
        "symbol": each.symbol,
        "url": address("holding", each.symbol),
        "gain": money.gain(each.gain),
        "price": money.change(price),
        # exactly nothing means that it can't have any: no foreign currency, no dividends
        "currency": money.change(each.currency or None),
        "dividend": money.change(each.dividend or None),
        "bp": show.basis_points(line.contribution if line else None),
    }


def _totals(holdings: Iterable[ReviewHolding], lines: dict[str, Contribution], money: show.Money) -> dict[str, str]:
    found = list(holdings)
    return {
        "gain": money.gain(sum(or_nan(each.gain) for each in found)),
        "price": money.change(sum(or_nan(each.price) + or_nan(each.cross) for each in found)),
        "currency": money.change(sum(or_nan(each.currency) for each in found)),
        "dividend": money.change(sum(or_nan(each.dividend) for each in found)),
        "bp": show.basis_points(sum(or_nan(lines[each.symbol].contribution) for each in found if each.symbol in lines)),
    }


def _left_out(review: QuarterlyReview, money: show.Money) -> list[dict[str, str]]:
    """Return the lines that are no holding, such as cash and lending rebates; those of nothing are left out."""
    held = {each.symbol for each in review.review_contributions.holdings}
    sold = {each.symbol for each in review.review_contributions.left_out.sold}
    lines = {line.symbol: line for line in review.contributions}
    others = [line.symbol for line in review.contributions if line.symbol not in held | sold and round(or_nan(line.gain), 2)]
    return [_line(symbol, lines, money) for symbol in others]


def _line(symbol: str, lines: dict[str, Contribution], money: show.Money) -> dict[str, str]:
    line = lines.get(symbol)
    return {
        "name": line_name(symbol),
        "gain": money.change(line.gain if line else None),
        "bp": show.basis_points(line.contribution if line else None),
    }


def _rules(review: QuarterlyReview) -> list[dict[str, Any]]:
    names = {
        DividendRule.QUARTER_OF_YEAR: _("A quarter of the year's"),
        DividendRule.WHOLE_YEAR: _("The whole year's"),
        DividendRule.AS_PAID: _("As paid"),
    }
    chosen = review.review_contributions.dividend_rule
    return [{"word": str(rule), "name": name, "is_chosen": str(rule) == chosen} for rule, name in names.items()]


def _nobody(review: QuarterlyReview) -> str:
    """Say it where nobody won or nobody lost."""
    found = review.review_contributions
    if not found.holdings or (found.mvp and found.war_criminal):
        return ""
    if found.mvp:
        return _("No holding lost, so there is no war criminal.")
    return _("No holding gained, so there is no MVP.") if found.war_criminal else _("No holding gained or lost.")


def _bullets(review: QuarterlyReview, money: show.Money) -> dict[str, Any] | None:
    """Return both sides of the trades: what they took and what they freed; cash evens them out."""
    spent: dict[str, float] = {}
    freed: dict[str, float] = {}
    for each in review.moves:
        if each.value is None:
            return None
        side = freed if each.kind in DISPOSALS else spent
        side[each.symbol] = side.get(each.symbol, 0.0) + each.value
    if not spent and not freed:
        return None
    rest = sum(spent.values()) - sum(freed.values())
    sources, uses = _largest_first(freed), _largest_first(spent)
    if round(rest, 2):
        (sources if rest > 0 else uses).append((_("Cash and income") if rest > 0 else _("Kept as cash"), abs(rest)))
    total = sum(amount for _name, amount in sources)
    return {
        "total": money.level(total),
        "sources": _side(sources, total, money),
        "uses": _side(uses, total, money),
    }


def _largest_first(side: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(side.items(), key=lambda each: -each[1])


def _side(rows: list[tuple[str, float]], total: float, money: show.Money) -> list[dict[str, str]]:
    bars = charts.shares_of([amount for _name, amount in rows], most=total)
    return [{"name": name, "bar": bar, "amount": money.level(amount)} for (name, amount), bar in zip(rows, bars, strict=True)]


def _moves_summary(bought: int, sold: int) -> str:
    parts = []
    if bought:
        parts.append(ngettext("{count} purchase", "{count} purchases", bought).format(count=bought))
    if sold:
        parts.append(ngettext("{count} sale", "{count} sales", sold).format(count=sold))
    return show.joined(parts)


def _sums(sums: IncomeSums, money: show.Money) -> dict[str, str]:
    return {
        "gross": money.level(sums.gross),
        "tax": money.change(None if sums.tax is None else -sums.tax),
        "fees": money.change(None if sums.fees is None else -sums.fees),
        "net": money.level(sums.net),
    }


def _is_netted(sums: IncomeSums) -> bool:
    """Say whether accrued interest paid at purchase was taken off: the only thing that gross, tax and fees leave open."""
    gap = or_nan(sums.gross) - or_nan(sums.tax) - or_nan(sums.fees) - or_nan(sums.net)
    return abs(gap) > 0.005
