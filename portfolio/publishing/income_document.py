"""The income report as headings, sentences and tables. Formats in the active language; computes nothing."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portfolio import formatting as show
from portfolio.publishing.review_document import Section, Table
from portfolio.reports.income import IncomeReport
from portfolio.words import certainty_name, confidence_name, kind_name, line_name


def income_sections(*, income: IncomeReport) -> list[Section]:
    """Return the report in the order it is read: the answer, what comes in, who pays, how long it lasts, what is odd."""
    money = show.Money(currency=income.base_currency, markup=False)
    return [
        _answer(income, money),
        _months(income, money),
        _payments(income, money),
        _projection(income, money),
        _yields(income),
        *_bonds(income, money),
        *_withholding(income, money),
    ]


def _answer(income: IncomeReport, money: show.Money) -> Section:
    principal = income.principal
    rows = (
        (_("Salary, a month"), money.level(income.salary.monthly)),
        (_("Coverage, actual"), show.percent(income.coverage.actual)),
        (_("Coverage, smoothed"), show.percent(income.coverage.smoothed)),
        (_("Coverage, twelve months ahead"), show.percent(income.coverage.forward)),
        (_("Received in twelve months, net"), money.level(income.received.trailing_12.net)),
        (_("Expected in twelve months, net"), money.level(income.forward.net)),
        (_("Distributable this year"), money.level(principal.distributable)),
        (_("Paid this year"), money.level(principal.paid)),
        (_("Paid from principal"), money.level(principal.from_principal)),
        (_("Carried forward"), money.level(principal.carried_forward)),
    )
    title = _("Income and salary on %(date)s") % {"date": show.full_date(income.as_of)}
    return Section(title, (_verdict(income),), Table((_("Figure"), money.sign), rows))


def _verdict(income: IncomeReport) -> str:
    if income.salary.monthly is None:
        return _("No salary is set.")
    planned = income.projection.first_uncovered.planned
    if planned is None:
        return _("Income of the next twelve months would pay the salary with the planned raises for twenty years.")
    years = planned - int(income.as_of[:4])
    if years <= 0:
        return _("Income of the next twelve months does not pay the salary.")
    text = ngettext(
        "Held flat, income pays the salary with the planned raise for %(years)d year; %(first)d is the first it does not.",
        "Held flat, income pays the salary with the planned raises for %(years)d years; %(first)d is the first it does not.",
        years,
    )
    return text % {"years": years, "first": planned}


def _months(income: IncomeReport, money: show.Money) -> Section:
    rows = tuple(
        (each.month, money.level(each.announced), money.level(each.scheduled), money.level(each.estimated))
        for each in income.forward.months
    )
    total = (
        _("Total"),
        money.level(income.forward.announced),
        money.level(income.forward.scheduled),
        money.level(income.forward.estimated),
    )
    note = _(
        "Interest, lending rebates and payments in lieu are not forecast. Expected health-insurance premium: %(amount)s."
    ) % {"amount": money.level(income.forward.nhi_expected)}
    header = (_("Month"), _("Announced"), _("Scheduled"), _("Estimated"))
    return Section(_("Twelve months ahead, net"), (note,), Table(header, (*rows, total)))


def _payments(income: IncomeReport, money: show.Money) -> Section:
    rows = tuple(
        (
            f"{each.date} {each.symbol} {kind_name(each.kind)}",
            certainty_name(each.certainty),
            confidence_name(each.confidence),
            money.level(each.net),
        )
        for each in income.forward.payments
    )
    largest = income.concentration
    lines = ()
    if largest.largest_symbol:
        lines = (
            _("Largest payer of the last twelve months: %(payer)s, %(share)s.")
            % {"payer": line_name(largest.largest_symbol), "share": show.percent(largest.largest_share)},
        )
    return Section(_("Who pays"), lines, Table((_("Payment"), _("Certainty"), _("Confidence"), _("Net")), rows))


def _projection(income: IncomeReport, money: show.Money) -> Section:
    found = income.projection
    rows = tuple(
        (str(each.year), *(money.level(part) for part in (each.salary_low, each.salary_planned, each.salary_high, each.income)))
        for each in found.years
    )
    planned = show.percent(income.salary.planned_raise, decimals=1)
    header = (_("Year"), _("Raise 3 %"), _("Raise %(planned)s, planned") % {"planned": planned}, _("Raise 5 %"), _("Income"))
    lines = (
        _("Growth of income needed for ten years: %(growth)s a year. Capital needed today: %(capital)s.")
        % {"growth": show.signed_percent(found.growth_needed), "capital": money.level(found.capital_needed)},
    )
    return Section(_("Twenty years"), lines, Table(header, rows))


def _yields(income: IncomeReport) -> Section:
    on_watch = {each.symbol: each.since or "—" for each in income.watch_list}
    rows = tuple(
        (
            each.symbol,
            show.percent(each.gross_trailing, unit=False),
            show.percent(each.net_trailing, unit=False),
            show.percent(each.net_forward, unit=False),
            show.percent(each.on_cost, unit=False),
            on_watch.get(each.symbol, ""),
        )
        for each in income.yields
    )
    header = (
        _("Holding"),
        _("Gross, trailing %"),
        _("Net, trailing %"),
        _("Net, forward %"),
        _("On cost %"),
        _("On watch since"),
    )
    return Section(_("Yields"), (), Table(header, rows))


def _bonds(income: IncomeReport, money: show.Money) -> list[Section]:
    if not income.bonds:
        return []
    rows = tuple(
        (
            each.symbol,
            show.quantity(each.face),
            show.price(each.clean_price),
            money.level(each.accrued_interest),
            show.percent(each.yield_to_maturity, unit=False),
            show.number(each.modified_duration, decimals=2),
            f"{each.next_coupon_date or '—'} {money.level(each.next_coupon)}",
            money.change(each.amortisation_12),
        )
        for each in income.bonds
    )
    header = (
        _("Bond"),
        _("Face"),
        _("Clean price"),
        _("Accrued"),
        _("Yield to maturity %"),
        _("Duration"),
        _("Next coupon"),
        _("Premium running off"),
    )
    return [Section(_("Bonds"), (), Table(header, rows))]


def _withholding(income: IncomeReport, money: show.Money) -> list[Section]:
    if not income.withholding:
        return []
    rows = tuple(
        (
            f"{each.date} {each.symbol}",
            money.level(each.gross),
            money.level(each.tax),
            money.level(each.expected_tax),
            money.change(each.difference),
        )
        for each in income.withholding
    )
    header = (_("Payment"), _("Gross"), _("Tax"), _("Expected tax"), _("Difference"))
    return [Section(_("Tax that differs from the table"), (), Table(header, rows))]
