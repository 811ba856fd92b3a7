"""The income page's sentences: does it pay, who pays, for how long, and what a blow does. Formats what reports say."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portfolio import formatting as show
from portfolio.formatting import Money
from portfolio.reports.income import IncomeReport
from portfolio.reports.income_outlook import IncomeOutlook
from portfolio.reports.salary import SalaryReport
from portfolio.reports.stress import ALL, CUT, DROP, GONE, StressReport


def no_salary() -> str:
    """Return what to do while no salary is set."""
    return _("The salary is missing: an owner enters it under Records, with the date it holds from.")


def verdict(*, income: IncomeReport, salary: SalaryReport, money: Money) -> SafeString | str:
    """Return whether the next twelve months' income pays the salary, and by how much a month."""
    if income.salary.monthly is None:
        return no_salary()
    coverage = income.coverage.forward
    if coverage is None or income.forward.net is None or salary.due_ahead is None:
        return _("Whether it does cannot be computed: a price or an exchange rate is missing.")
    over = (income.forward.net - salary.due_ahead) / 12
    share = _strong(show.percent(coverage))
    if coverage >= 1:
        return format_html(
            _("It does. The net income of the next twelve months is {share} of the salary: {amount} a month more than needed."),
            share=share,
            amount=_strong(money.level(over)),
        )
    return format_html(
        _(
            "Not quite. The net income of the next twelve months pays {share} of the salary: "
            "{amount} a month are missing and come out of principal."
        ),
        share=share,
        amount=_alert(money.level(-over)),
    )


def until_when(*, income: IncomeReport, short_months: Sequence[str]) -> str:
    """Return which months fall short and the first year that is not covered; empty without a salary."""
    planned = income.salary.planned_raise
    if income.salary.monthly is None or planned is None or not income.projection.years:
        return ""
    first, parts = income.projection.first_uncovered.planned, []
    if short_months and (income.coverage.forward or 0) >= 1:
        parts.append(
            ngettext(
                "{months} alone falls short; other months make up for it.",
                "{months} alone fall short; other months make up for it.",
                len(short_months),
            ).format(months=show.joined(short_months))
        )
    rate = show.percent(planned, decimals=_decimals(planned))
    if first is None:
        parts.append(_("With a raise of {rate} a year it is enough for twenty years.").format(rate=rate))
    elif first > int(income.as_of[:4]):
        parts.append(
            _("With a raise of {rate} a year, {year} is the first year it is not enough.").format(rate=rate, year=first)
        )
    return str(show.sentences(parts))


def about_projection(*, income: IncomeReport) -> str:
    """Return when each raise outgrows the income."""
    found, planned = income.projection.first_uncovered, income.salary.planned_raise
    if planned is None or not income.projection.years:
        return no_salary()
    rate = show.percent(planned, decimals=_decimals(planned))
    if found.planned is None:
        return _("With the planned {rate} a year the income is enough for all twenty years.").format(rate=rate)
    if found.planned <= int(income.as_of[:4]):
        return _("This year already, the income does not pay twelve salaries.")
    text = _("With the planned {rate} a year it is enough until {last}; {first} is the first year it is not.")
    return text.format(rate=rate, last=found.planned - 1, first=found.planned)


def about_payers(*, income: IncomeReport, name: str) -> str:
    """Return how much hangs on one payer."""
    if income.concentration.largest_share is None:
        return _("Nobody paid in the last twelve months.")
    return _("{payer} alone pays {share}; concentration (HHI) {index}.").format(
        payer=name,
        share=show.percent(income.concentration.largest_share, decimals=1),
        index=show.number(income.concentration.herfindahl, decimals=3),
    )


def about_stress(*, stress: StressReport, money: Money, name: str) -> SafeString | str:
    """Return which blows are borne alone, and what is missing when all come together."""
    cases = {case.name: case for case in stress.cases}
    known = [each for each in cases.values() if each.coverage is not None]
    if stress.salary is None or len(known) < len(cases):
        return no_salary() if stress.salary is None else ""
    if (cases["now"].coverage or 0) < 1:
        return _("The salary is not covered even without a blow.")
    labels = {CUT: _("less income"), DROP: _("the fall of {currency}").format(currency=stress.currency), GONE: name}
    failing = [labels[key] for key in (CUT, DROP, GONE) if (cases[key].coverage or 0) < 1]
    together = cases[ALL]
    if failing:
        alone = _("Alone, {cases} would be too much.").format(cases=show.joined(failing))
    else:
        alone = _("Each of them alone is borne.")
    if (together.coverage or 0) >= 1:
        return show.sentences([alone, _("All together are borne, too.")])
    missing = (stress.salary - (together.income or 0.0)) / 12
    text = format_html(
        _("With all together, {amount} a month would come out of principal."), amount=_alert(money.level(missing))
    )
    return show.sentences([alone, text])


def about_raise(*, outlook: IncomeOutlook, money: Money) -> str:
    """Return whether the next raise is paid, and how much a year the first unpaid one lacks."""
    following, uncovered = outlook.next_raise, outlook.uncovered_raise
    if following is None and uncovered is None:
        return _("No raise is planned.")
    if uncovered is None:
        return _("The income ahead pays every raise of the next twenty years.")
    values = {
        "date": show.full_date(uncovered.date),
        "monthly": money.level(uncovered.monthly),
        "gap": money.level(uncovered.gap),
    }
    if following is not None and uncovered.date == following.date:
        text = _("The raise to {monthly} a month on {date} lacks {gap} a year.")
        return format_html(text, **values)
    text = _("The next raise is paid. The first one that is not comes on {date}: {monthly} a month, which lacks {gap} a year.")
    return format_html(text, **values)


def about_watch(*, symbols: Sequence[str]) -> str:
    """Return who is on probation."""
    if not symbols:
        return _("Nobody is on probation.")
    return ngettext("{names} is on probation.", "{names} are on probation.", len(symbols)).format(names=show.joined(symbols))


def _decimals(rate: float) -> int:
    return 0 if abs(rate * 100 - round(rate * 100)) < 1e-9 else 2


def _strong(text: str) -> SafeString:
    return format_html('<b class="n">{}</b>', text)


def _alert(text: str) -> SafeString:
    return format_html('<b class="alert n">{}</b>', text)
