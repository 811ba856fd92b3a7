"""The preferred share tools as sentences and tables in the reader's language. Formats reports; computes nothing."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portfolio import formatting as show
from portfolio.engine.preferred import Payout, PreferredYields, Refinancing
from portfolio.reports.preferred import Change, Liquidation, RefinancingReport
from portfolio.views.preferred_drawing import payout_drawing


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """One row of the payout table."""

    mark: str  # number of the break point, empty for an even step
    proceeds: str
    amounts: tuple[str, ...]
    converted: tuple[bool, ...]
    is_asked: bool = False


def names_of(payouts: tuple[Payout, ...]) -> list[str]:
    """Return the names of the columns; the last one is the common shares."""
    return [*(each.name for each in payouts[:-1]), _("Ordinary shares")]


def waterfall_page(report: Liquidation) -> dict[str, Any]:
    """Return what the template shows of a liquidation."""
    names = names_of(report.payouts)
    steps = [(each.proceeds, each.payouts, "") for each in report.steps]
    breaks = [
        (each.proceeds, step.payouts, str(place))
        for place, (each, step) in enumerate(zip(report.break_points, report.corners[1:-1], strict=True), start=1)
    ]
    asked = [] if any(each.proceeds == report.proceeds for each in report.steps) else [(report.proceeds, report.payouts, "")]
    return {
        "names": names,
        "say": _waterfall_sentence(report, names),
        "drawing": payout_drawing(report=report, names=names),
        "rows": [_row(*each, asked=report.proceeds) for each in sorted([*steps, *breaks, *asked], key=lambda each: each[0])],
        "breaks": [
            (place, _amount(each.proceeds), show.joined(_change(change, names[-1]) for change in each.changes))
            for place, each in enumerate(report.break_points, start=1)
        ],
    }


def _row(proceeds: float, payouts: tuple[Payout, ...], mark: str, *, asked: float) -> PayoutRow:
    return PayoutRow(
        mark,
        _amount(proceeds),
        tuple(_amount(each.amount) for each in payouts),
        tuple(each.converted for each in payouts),
        is_asked=proceeds == asked,
    )


def _waterfall_sentence(report: Liquidation, names: list[str]) -> str:
    parts = [
        _("%(name)s %(amount)s, converted") % {"name": name, "amount": _amount(each.amount)}
        if each.converted
        else f"{name} {_amount(each.amount)}"
        for name, each in zip(names, report.payouts, strict=True)
    ]
    return _("Sold for %(proceeds)s: %(parts)s.") % {"proceeds": _amount(report.proceeds), "parts": show.joined(parts)}


def _change(change: Change, common: str) -> str:
    said = {
        "begins": _("%(name)s begins to be paid"),
        "stops": _("%(name)s has all it gets for now"),
        "converts": _("%(name)s converts"),
        "faster": _("%(name)s gets more of each further unit"),
        "slower": _("%(name)s gets less of each further unit"),
    }
    return said[change.event] % {"name": common if change.name == "common" else change.name}


def refinancing_page(report: RefinancingReport, *, has_horizon: bool) -> dict[str, Any]:
    """Return what the template shows of a refinancing."""
    return {
        "say": _refinancing_sentence(report.outcome),
        "saved": show.signed(report.outcome.saved_a_year, decimals=0),
        "cost": _amount(report.outcome.cost_at_once),
        "payback": _years(report.outcome.payback_years),
        "value": show.signed(report.outcome.net_present_value, decimals=0),
        "break_even": show.percent(report.break_even_rate),
        "has_horizon": has_horizon,
        "rows": [
            {
                "rate": show.percent(each.new_rate, unit=False),
                "saved": show.signed(each.outcome.saved_a_year, decimals=0),
                "payback": show.number(each.outcome.payback_years),
                "value": show.signed(each.outcome.net_present_value, decimals=0),
                "is_asked": each.outcome == report.outcome,
            }
            for each in report.sensitivity
        ],
    }


def _refinancing_sentence(found: Refinancing) -> str:
    if found.payback_years is None:
        return _("The new issue saves nothing: calling the old one would cost %(cost)s for no return.") % {
            "cost": _amount(found.cost_at_once)
        }
    said = {
        "saved": _amount(found.saved_a_year),
        "cost": _amount(found.cost_at_once),
        "years": show.number(found.payback_years),
    }
    told = _("Saves %(saved)s a year, costs %(cost)s at once, pays back in %(years)s years.") % said
    if found.net_present_value is None:
        return told
    worth = _("Over the horizon it is worth %(value)s today.") % {"value": show.signed(found.net_present_value, decimals=0)}
    return str(show.sentences([told, worth]))


def yields_page(found: PreferredYields, *, cumulative: bool, missed: float, dividend: float) -> dict[str, Any]:
    """Return what the template shows of a preferred share's yields."""
    return {
        "say": _yields_sentence(found),
        "current": show.percent(found.current),
        "to_call": show.percent(found.to_call),
        "to_worst": show.percent(found.to_worst),
        "arrears": show.price(found.arrears) if cumulative else show.NOTHING,
        "unpaid": _unpaid_sentence(found, cumulative=cumulative, missed=missed, dividend=dividend),
    }


def _yields_sentence(found: PreferredYields) -> str:
    worst = show.percent(found.to_worst)
    if found.to_call is None:
        return _("It yields %(worst)s at this price for as long as it is held; no call is set.") % {"worst": worst}
    if found.to_call < found.current:
        return _("At worst it yields %(worst)s a year: a call at this price takes away a part of what the dividend brings.") % {
            "worst": worst
        }
    return _("At worst it yields %(worst)s a year: never called; a call would only add to it.") % {"worst": worst}


def _unpaid_sentence(found: PreferredYields, *, cumulative: bool, missed: float, dividend: float) -> str:
    if not missed:
        return _("Nothing is unpaid: ordinary dividends may flow once this year's preferred dividend is paid.")
    if cumulative:
        said = {"arrears": show.price(found.arrears), "next": show.price(found.arrears + dividend)}
        return (
            _(
                "%(arrears)s a share is in arrears. Before ordinary shares get a dividend, that and this year's dividend "
                "come first: %(next)s a share."
            )
            % said
        )
    said = {"lost": show.price(dividend * missed), "next": show.price(dividend)}
    return (
        _(
            "What was skipped, %(lost)s a share, is lost: the share is not cumulative. Ordinary shares still wait until "
            "this year's %(next)s is paid."
        )
        % said
    )


def _amount(value: float) -> str:
    return show.number(value, decimals=0 if abs(value) >= 1_000 or value == int(value) else 2)


def _years(value: float | None) -> str:
    return show.NOTHING if value is None else pgettext("duration", "%(years)s years") % {"years": show.number(value)}
