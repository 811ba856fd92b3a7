"""Warnings as lines that name what to do: the sentence, and a link to where the hand is needed."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from portfolio.formatting import DOTS
from portfolio.reports.review_parts import Warn
from portfolio.words import warning_text

# codes whose cause is a row of the ledger
OF_THE_LEDGER = frozenset({"oversold", "negative_cash", "balance_differs"})
OF_THE_MARKET = {
    "missing_price": "price",
    "stale_price": "price",
    "price_jump": "price",
    "trade_price": "price",
    "quarantined_price": "quarantinedprice",
    "missing_rate": "rate",
    "no_distributions": "distribution",
}
# figures of a sentence that tell how much there is
AMOUNTS = frozenset({"amount", "stated", "ledger", "units"})


@dataclass(frozen=True, slots=True)
class WarningLine:
    """One line. subject: in bold before the sentence, empty where the sentence says it."""

    subject: str
    sentence: str
    url: str = ""
    action: str = ""


def warning_lines(*, warnings: tuple[Warn, ...], may_write: bool, hidden: bool) -> list[WarningLine]:
    """Return a report's warnings, each with the next step of a reader who may write, or may only look.

    hidden: amounts and units are masked in the sentence.
    """
    shown = [_masked(each) if hidden else each for each in warnings]
    return [WarningLine("", warning_text(each), *_next_step(each, may_write)) for each in shown]


def _masked(warning: Warn) -> Warn:
    figures = {name: DOTS if name in AMOUNTS else figure for name, figure in (warning.figures or {}).items()}
    return replace(warning, figures=figures, message=warning.code)


def _next_step(warning: Warn, may_write: bool) -> tuple[str, str]:
    symbol = warning.symbol
    if warning.code == "split_missing" and may_write:
        asked = {"kind": "SPLIT", "date": warning.date or ""}
        return f"{reverse('admin:portfolio_transaction_add')}?{urlencode(asked)}", _("Enter the split")
    if warning.code in OF_THE_LEDGER:
        asked = {"instrument": symbol} if symbol else {"account": str((warning.figures or {}).get("account", ""))}
        return f"{reverse('ledger')}?{urlencode(asked)}", _("See the rows")
    table = OF_THE_MARKET.get(warning.code)
    if table and may_write:
        address = reverse(f"admin:portfolio_{table}_changelist")
        found = {
            "price": _("See its prices"),
            "rate": _("See the rates"),
            "distribution": _("See distributions"),
            "quarantinedprice": _("Accept or reject"),
        }
        return f"{address}?{urlencode({'q': symbol})}" if symbol and table != "rate" else address, found[table]
    if symbol and table != "rate":
        return reverse("holding", args=[symbol]), _("See the holding")
    return "", ""
