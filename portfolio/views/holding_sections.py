"""One holding as text: figures, gain by its parts, tables of accounts, lots, trades and income. Knows no request."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portfolio import formatting as show
from portfolio.formatting import Money
from portfolio.reports.holding import HoldingReport
from portfolio.views.dashboard_sections import CERTAINTY, certainty_name
from portfolio.views.sentences import sentence
from portfolio.words import kind_name

# a holding of many years would bury the rest of the page under its payments
LATEST = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A label, a value, and a word of context."""

    label: str
    value: str
    note: str = ""
    is_total: bool = False


class Units:
    """Units as text, or masked: beside a price they would tell the amount."""

    def __init__(self, money: Money) -> None:
        """Take the mask of the page's money."""
        self.money = money

    def level(self, value: float | None) -> str:
        """Return units."""
        return self.money.mask if self.money.hidden and value is not None else show.quantity(value)


def figures(*, report: HoldingReport, money: Money) -> list[Line]:
    """Return the first row."""
    priced_on = show.full_date(report.closes[-1].date) if report.closes else ""
    weight = _weight(report)
    return [
        Line(_("Units held"), Units(money).level(report.quantity), _accounts(report)),
        Line(_("Price %(currency)s") % {"currency": report.currency}, _price(report), priced_on),
        Line(_("Weight"), show.percent(weight), _("of all wealth")),
        Line(_("Gain from the start"), money.gain(report.gain), _("income and charges included")),
        Line(
            _("Net yield"),
            show.percent(report.net_forward),
            _("last 12 months %(trailing)s, on cost %(cost)s")
            % {"trailing": show.percent(report.net_trailing), "cost": show.percent(report.on_cost)},
        ),
    ]


def gain_lines(*, report: HoldingReport, money: Money) -> list[Line]:
    """Return the gain since the first row as a sum written out."""
    return [
        Line(_("Price, in the reporting currency"), money.change(report.price_gain)),
        Line(_("Currency"), money.change(report.currency_gain)),
        Line(_("Income less taxes and charges"), money.change(report.income_and_charges)),
        Line(_("Together"), money.gain(report.gain), is_total=True),
    ]


def first_sentence(*, report: HoldingReport, money: Money) -> str:
    """Return since when the household holds it, and what it brought in all."""
    if not report.moves and not report.quantity:
        return _("The household has never held it.")
    said = {"gain": money.change(report.gain), "sign": money.sign}
    if not report.quantity:
        return sentence(_("Nothing of it is held any more. In all it brought %(sign)s %(gain)s."), **said)
    since = min([*(each.date for each in report.moves), *(each.date for each in report.lots)])
    template = _("Held since %(date)s; in all it has brought %(sign)s %(gain)s.")
    return sentence(template, date=show.full_date(since), **said)


def account_rows(*, report: HoldingReport, money: Money) -> list[dict[str, str]]:
    """Return the positions by account; gains without accrued interest."""
    units = Units(money)
    return [
        {
            "account": each.account,
            "units": units.level(each.quantity),
            "value": money.level(each.value),
            "accrued": money.level(each.accrued_interest) if each.accrued_interest else "",
            "cost_fifo": money.level(each.cost_fifo),
            "gain_fifo": money.gain(each.unrealised_fifo),
            "cost_average": money.level(each.cost_average),
            "gain_average": money.gain(each.unrealised_average),
        }
        for each in report.positions
    ]


def lot_rows(*, report: HoldingReport, money: Money) -> list[dict[str, str]]:
    """Return the lots, the oldest first, as first-in-first-out left them."""
    units = Units(money)
    return [
        {
            "date": show.full_date(each.date),
            "account": each.account,
            "units": units.level(each.quantity),
            "cost": money.level(each.cost),
            "value": money.level(each.value),
            "gain": money.gain(each.gain),
            "share": show.signed_percent(each.gain / each.cost if each.gain is not None and each.cost else None, unit=False),
        }
        for each in report.lots
    ]


def trade_rows(*, report: HoldingReport, money: Money) -> list[dict[str, str]]:
    """Return the rows that bought or sold, the latest first; prices and units as on the day, before later splits."""
    units = Units(money)
    return [
        {
            "date": show.full_date(each.date),
            "kind": kind_name(each.kind),
            "account": each.account,
            "units": units.level(each.quantity),
            "price": show.price(each.price),
            "value": money.level(each.value),
        }
        for each in reversed(report.moves)
    ]


def realised_rows(*, report: HoldingReport, money: Money) -> list[dict[str, str]]:
    """Return the gains that sales realised, the latest first."""
    units = Units(money)
    return [
        {
            "date": show.full_date(each.date),
            "units": units.level(each.quantity),
            "proceeds": money.level(each.proceeds),
            "gain_fifo": money.gain(each.gain_fifo),
            "gain_average": money.gain(each.gain_average),
        }
        for each in reversed(report.realised)
    ]


def income_rows(*, report: HoldingReport, money: Money) -> list[dict[str, str]]:
    """Return what was paid, the latest first."""
    return [
        {
            "date": show.full_date(each.date),
            "kind": kind_name(each.kind) + (f" · {_('special')}" if each.is_special else ""),
            "gross": money.level(each.gross),
            "tax": money.level(each.tax),
            "net": money.level(each.net),
        }
        for each in report.income
    ]


def upcoming_rows(*, report: HoldingReport, money: Money) -> list[dict[str, str]]:
    """Return the payments of the next twelve months."""
    return [
        {
            "date": show.short_day(each.date),
            "what": f"{kind_name(each.kind)} · {certainty_name(each.certainty)}",
            "certainty": CERTAINTY.get(each.certainty, "c4"),
            "net": money.level(each.net),
        }
        for each in report.upcoming
    ]


def sections(*, report: HoldingReport, money: Money) -> dict[str, Any]:
    """Return everything below the first row."""
    income = income_rows(report=report, money=money)
    ahead = [each.net for each in report.upcoming]
    return {
        "value": money.level(report.value),
        "closed_on": _("Close of %(date)s") % {"date": show.full_date(report.as_of)},
        "figures": figures(report=report, money=money),
        "lead": first_sentence(report=report, money=money),
        "gain": gain_lines(report=report, money=money),
        "accounts": account_rows(report=report, money=money),
        "lots": lot_rows(report=report, money=money),
        "trades": trade_rows(report=report, money=money),
        "realised": realised_rows(report=report, money=money),
        "income": income[:LATEST],
        "earlier_income": income[LATEST:],
        "upcoming": upcoming_rows(report=report, money=money),
        "ahead": money.level(None if None in ahead else sum(each for each in ahead if each is not None)),
        "sign": money.sign,
    }


def _weight(report: HoldingReport) -> float | None:
    weights = [each.weight for each in report.positions]
    return None if None in weights else sum(each for each in weights if each is not None)


def _price(report: HoldingReport) -> str:
    return show.price(report.closes[-1].close if report.closes else None)


def _accounts(report: HoldingReport) -> str:
    return ("、" if show.is_chinese() else ", ").join(each.account for each in report.positions)
