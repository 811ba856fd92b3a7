"""The stress test as rows and sliders. Formats what the report says; knows no request."""

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from portfolio import formatting as show
from portfolio.formatting import Money
from portfolio.reports.stress import StressReport
from portfolio.views import income_choices as choose
from portfolio.views import income_sentences as say
from portfolio.views.income_choices import Choices
from portfolio.words import line_name


def stressed(*, stress: StressReport, choices: Choices, money: Money, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the stress table's rows, the sliders' limits and their sentence."""
    gone = name_of(stress.gone, names)
    labels = {
        "now": _("Now"),
        "cut": _("Income −{share} %").format(share=choices.cut),
        "drop": _("{currency} −{share} %").format(currency=stress.currency, share=choices.drop),
        "gone": _("Without {payer}").format(payer=stress.gone),
        "all": _("All together"),
    }
    track = max(1.4, max((case.coverage or 0.0) for case in stress.cases) * 1.02)
    shown = [case for case in stress.cases if (case.name != "drop" or stress.currency) and (case.name != "gone" or stress.gone)]
    year = int(stress.as_of[:4])
    rows = [
        {
            "name": case.name,
            "label": labels[case.name],
            "bar": f"{min(max(case.coverage or 0.0, 0.0), track) / track * 1000:.1f}",
            "missing": f"{max(1.0 - (case.coverage or 0.0), 0.0) / track * 1000:.1f}" if (case.coverage or 0) < 1 else "",
            "coverage": show.percent(case.coverage, unit=False),
            "first": _first_year(case.first_uncovered, year),
            "is_short": case.coverage is not None and case.coverage < 1,
        }
        for case in shown
    ]
    return {
        "rows": rows,
        "hundred": f"{1000 / track:.1f}",
        "hundred_at": f"{100 / track:.2f}%",
        "sentence": say.about_stress(stress=stress, money=money, name=gone),
        "basis": format_html(
            _("Next twelve months; all together: {income} ÷ {salary}. First short year at the planned raise."),
            income=money.level(stress.cases[-1].income),
            salary=money.level(stress.salary),
        ),
        **_limits(stress),
        "currency": stress.currency,
        "payers": [(symbol, name_of(symbol, names), symbol == stress.gone) for symbol in stress.payers],
        "cut": choices.cut,
        "most_cut": choose.MOST_CUT,
        "drop": choices.drop,
        "most_drop": choose.MOST_DROP,
    }


def name_of(symbol: str, names: Mapping[str, str]) -> str:
    """Return a payer's symbol with its name where it has one."""
    name = names.get(symbol, "")
    return f"{symbol} {name}" if name and name != symbol else line_name(symbol)


def _limits(stress: StressReport) -> dict[str, str]:
    """Return, for each slider, the value at which it alone fails."""
    if stress.failing_cut is None:
        failed = _("the salary is not covered even without it")
        return {"cut_limit": failed, "drop_limit": failed, "gone_limit": failed}
    cut = _("alone, it fails beyond {share}").format(share=show.percent(stress.failing_cut))
    drop = _("covered even without any income in {currency}").format(currency=stress.currency)
    if stress.failing_drop is not None:
        drop = _("alone, it fails beyond {share}").format(share=show.percent(stress.failing_drop))
    gone = _("the loss of any one payer is borne")
    if stress.indispensable:
        gone = _("would alone be too much: {payers}").format(payers=show.joined(stress.indispensable))
    return {"cut_limit": cut, "drop_limit": drop, "gone_limit": gone}


def _first_year(found: int | None, this_year: int) -> str:
    if found is None:
        return _("none")
    return _("this year") if found <= this_year else str(found)
