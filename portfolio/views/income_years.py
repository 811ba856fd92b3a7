"""Twenty years of salary and income: drawings, the three crossings and every year. Computes no figure."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from portfolio import formatting as show
from portfolio.formatting import Money
from portfolio.reports.income import IncomeReport
from portfolio.views import income_sentences as say
from portfolio.views.income_axis import wording
from portfolio.views.income_drawings import twenty_years

RAISES = ("low", "planned", "high")


def projection(*, income: IncomeReport, money: Money) -> dict[str, Any]:
    """Return twenty years: two drawings, the three crossings, every year, and what would be needed."""
    found = income.projection
    if not found.years:
        return {"sentence": say.about_projection(income=income)}
    series = {
        "low": [each.salary_low or 0.0 for each in found.years],
        "planned": [each.salary_planned or 0.0 for each in found.years],
        "high": [each.salary_high or 0.0 for each in found.years],
        "income": [each.income or 0.0 for each in found.years],
    }
    first = {name: getattr(found.first_uncovered, name) for name in RAISES}
    begin = found.years[0].year
    whole = income.salary.annual
    drawings = {
        name: twenty_years(
            series=series,
            first_year=begin,
            first_uncovered=first,
            height=height,
            wording=wording(money=money, whole=whole),
        )
        for name, height in (("wide", 300), ("slim", 250))
    }
    names = _raise_names(income.salary.planned_raise)
    return {
        **drawings,
        "names": names,
        "sentence": say.about_projection(income=income),
        "crossings": [_crossing_row(name, names[name], first[name], found.years, money) for name in RAISES],
        "rows": [
            (str(each.year), *(money.level(part) for part in _parts(each)), (each.salary_planned or 0.0) > (each.income or 0.0))
            for each in found.years
        ],
        "growth_needed": show.signed_percent(found.growth_needed),
        "capital_needed": money.level(found.capital_needed),
        "income_growth": show.percent(found.income_growth, decimals=1 if found.income_growth else 0),
    }


def _raise_names(planned: float | None) -> dict[str, str]:
    rate = show.percent(planned, decimals=0 if planned is None or round(planned * 100) == planned * 100 else 2)
    return {
        "low": _("raise {rate}").format(rate=show.percent(0.03, decimals=0)),
        "planned": _("raise {rate}, planned").format(rate=rate),
        "high": _("raise {rate}").format(rate=show.percent(0.05, decimals=0)),
        "income": _("net income"),
    }


def _crossing_row(name: str, label: str, year: int | None, years: Sequence[Any], money: Money) -> dict[str, Any]:
    each = next((each for each in years if each.year == year), None)
    owed = getattr(each, f"salary_{name}") if each else None
    return {
        "label": label,
        "is_planned": name == "planned",
        "year": str(year) if year else _("not in twenty years"),
        "salary": money.level(owed),
        "missing": money.change(each.income - owed) if each else show.NOTHING,
        "is_short": each is not None,
    }


def _parts(each: Any) -> tuple[float | None, ...]:
    return each.salary_low, each.salary_planned, each.salary_high, each.income
