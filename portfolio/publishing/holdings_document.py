"""What is held, as headings and tables. Formats in the active language; computes nothing."""

from django.utils.translation import gettext as _

from portfolio import formatting as show
from portfolio.publishing.review_document import Section, Table
from portfolio.reports.holdings import Holdings


def holdings_sections(*, holdings: Holdings) -> list[Section]:
    """Return positions, cash and the total of a day."""
    money = show.Money(currency=holdings.base_currency, markup=False)
    positions = tuple(
        (
            f"{each.account} {each.symbol}",
            show.quantity(each.quantity),
            show.price(each.price),
            each.price_date or "—",
            money.level(each.value),
            show.percent(each.weight, unit=False),
            money.change(each.unrealised_fifo),
        )
        for each in holdings.positions
    )
    cash = tuple(
        (f"{each.account} {each.currency}", show.number(each.amount, decimals=2), money.level(each.value))
        for each in holdings.cash
        if each.amount
    )
    header = (_("Position"), _("Quantity"), _("Price"), _("Price of"), money.sign, _("Weight %"), _("Unrealised gain"))
    title = _("Holdings on %(date)s") % {"date": show.full_date(holdings.as_of)}
    total = _("Total: %(amount)s") % {"amount": f"{money.sign} {money.level(holdings.total)}"}
    return [
        Section(title, (total,), Table(header, positions)),
        Section(_("Cash"), (), Table((_("Account"), _("Amount"), money.sign), cash)),
    ]
