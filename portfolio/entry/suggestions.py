"""The type-ahead: which instruments a few letters may mean, with what is held of each. Knows no requests."""

import datetime as dt
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from portfolio.engine.exact_units import walk
from portfolio.entry.balances import unit_rows
from portfolio.entry.fields import matching_instruments
from portfolio.entry.live import name_of
from portfolio.entry.wording import figure
from portfolio.models import Instrument

MOST = 8


def suggestions(*, words: str, account: int | None, date: dt.date) -> list[dict[str, str]]:
    """Return up to eight instruments, the best first; without words, those last traded in the account.

    account: whose units are shown; None for the whole household.
    """
    found = list(matching_instruments(words)[:MOST] if words else _lately(account))
    rows = [row for row in unit_rows([each.pk for each in found]) if row.date <= date]
    walked = walk(rows)
    return [_suggestion(each, walked.held(instrument=each.pk, account=account)) for each in found]


def _lately(account: int | None) -> list[Instrument]:
    of_account = Q(transactions__account=account) if account else Q(transactions__isnull=False)
    recent = Instrument.objects.filter(of_account).order_by("-transactions__date", "-transactions__pk")
    # a few trades of the same instrument must not crowd out the others
    return list(dict.fromkeys(recent[: MOST * 8]))[:MOST]


def _suggestion(instrument: Instrument, held: Decimal) -> dict[str, str]:
    return {
        "symbol": instrument.symbol,
        "name": name_of(instrument),
        "held": _("held %(units)s") % {"units": figure(held)} if held else _("not held"),
    }
