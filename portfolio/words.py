"""Codes of reports as words in the active language: kinds, tracks, lines, rules and warnings. Formats no page."""

from django.utils.translation import gettext as _

from portfolio import formatting as show
from portfolio.models import Transaction
from portfolio.reports.review_parts import Warn

_KINDS = dict(Transaction.KINDS)


def kind_name(kind: str) -> str:
    """Return what a ledger row's kind is called."""
    return str(_KINDS.get(kind, kind))


def track_name(track: str) -> str:
    """Return what a track is called; cash is one of its own."""
    names = {"MARKET": _("Market"), "FIXED_INCOME": _("Fixed income"), "NEUTRAL": _("Neutral"), "CASH": _("Cash")}
    return names.get(track, track)


def line_name(line: str) -> str:
    """Return what a line of contributions or income is called: its symbol, or words where it is no holding."""
    if line.startswith("cash:"):
        return _("Cash %(currency)s") % {"currency": line.removeprefix("cash:")}
    names = {
        "currency exchange": _("Currency exchange"),
        "interest": _("Interest"),
        "lending_rebate": _("Lending rebates"),
        "fees": _("Fees"),
        "taxes": _("Taxes"),
        "dividend": _("Dividend"),
        "coupon": _("Coupon"),
        "payment_in_lieu": _("Payment in lieu"),
        "return_of_capital": _("Return of capital"),
    }
    return names.get(line, line)


def dividend_rule_name(rule: str) -> str:
    """Return what a rule for counting dividends is called."""
    names = {
        "quarter_of_year": _("a quarter of the year's"),
        "whole_year": _("the whole year's"),
        "as_paid": _("as paid"),
    }
    return names[rule]


def warning_text(warning: Warn) -> str:
    """Return a warning as a sentence in the active language; an unknown code falls back to its English message."""
    figures = warning.figures or {}
    parts: dict[str, object] = {
        "symbol": warning.symbol or "",
        "date": show.full_date(warning.date),
        **{name: show.quantity(figure) if isinstance(figure, float) else figure for name, figure in figures.items()},
    }
    if "move" in figures:
        parts["move"] = show.signed_percent(float(figures["move"]), decimals=1)
    if warning.code == "money_weighted_undefined":
        parts["reason"] = _reasons().get(str(figures.get("reason")), "")
    template = _templates(warning).get(warning.code)
    return template % parts if template else warning.message


def _reasons() -> dict[str, str]:
    return {
        "no_flows": _("nothing was invested"),
        "one_day": _("all flows are on one day"),
        "no_root": _("no rate makes the flows cancel"),
        "several_roots": _("several rates make the flows cancel"),
        "unknown_value": _("a value is missing"),
    }


def _templates(warning: Warn) -> dict[str, str]:
    of_units = warning.symbol is not None
    return {
        "missing_price": _("%(symbol)s has no price on or before %(date)s; totals that need it are blank."),
        "missing_rate": _("There is no exchange rate for %(symbol)s on or before %(date)s; totals that need it are blank."),
        "oversold": _("On %(date)s %(units)s units of %(symbol)s left that were not held."),
        "balance_differs": _("%(account)s: the statement of %(date)s says %(stated)s %(symbol)s, the ledger %(ledger)s.")
        if of_units
        else _("%(account)s: the statement of %(date)s says %(stated)s %(currency)s, the ledger %(ledger)s."),
        "negative_cash": _("%(account)s is below zero in %(currency)s since %(date)s, down to %(amount)s."),
        "split_missing": _("%(symbol)s was split %(ratio)s for 1 on %(date)s, but the ledger has no split row."),
        "stale_price": _("The price of %(symbol)s is of %(date)s, %(age)s sessions old."),
        "price_jump": _("%(symbol)s moved %(move)s on %(date)s without a split."),
        "trade_price": _("%(symbol)s has no stored close on %(date)s; the price of its last trade stands in."),
        "quarantined_price": _("%(count)s fetched closes of %(symbol)s from %(date)s on wait for a decision and are not used."),
        "modelled_price": _("The price of %(symbol)s is computed from the US Treasury's yields, not traded."),
        "no_distributions": _("%(symbol)s has no distributions on record, so its gain counts none."),
        "unknown_history": _("Wealth was unknown up to %(date)s, so all-time records are blank."),
        "unknown_cost": _("%(symbol)s was traded on a day without an exchange rate, so its cost is blank."),
        "money_weighted_undefined": _("There is no money-weighted return: %(reason)s."),
        "modified_dietz_undefined": _("There is no Modified Dietz return: the average capital is not above zero."),
        "skipped_days": _("%(days)s days without a usable base are left out of the return."),
    }


def certainty_name(certainty: str) -> str:
    """Return what a class of forecast payments is called."""
    return {"announced": _("announced"), "scheduled": _("scheduled"), "estimated": _("estimated")}[certainty]


def confidence_name(confidence: str) -> str:
    """Return how sure an estimate is."""
    return {"high": _("high"), "medium": _("medium"), "low": _("low")}[confidence]
