"""The dashboard's one line about market data: what waits for a decision, with the way there. One query."""

from django.urls import reverse
from django.utils.translation import gettext as _

from portfolio import formatting as show
from portfolio.views.market_data_page import waiting
from portfolio.views.market_data_rows import lengths
from portfolio.views.warning_links import WarningLine


def market_data_hint(*, may_write: bool) -> WarningLine | None:
    """Return the line, or None where nothing waits. It belongs outside what is kept: proposals change without the books."""
    found = lengths()
    says = waiting(doubts=found.doubts, dividends=found.dividends)
    if not says:
        return None
    return WarningLine("", show.sentences(says), reverse("market-data"), _("Decide") if may_write else _("See them"))
