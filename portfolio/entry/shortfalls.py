"""Selling more than there is: whether a change leaves this row, or a later one, without the units it takes.

An import may have left rows that take too much (they are flagged, not refused); those are no reason to refuse a change
that makes nothing worse. Knows no prices.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portfolio.engine.exact_units import DUST, UnitRow, in_order, walk
from portfolio.entry.balances import NOT_STORED, unit_row, unit_rows
from portfolio.entry.wording import figure
from portfolio.models import Account, Instrument, Transaction


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The first row that a change would leave short of units."""

    symbol: str
    account: str
    date: dt.date
    quantity: Decimal  # what the row takes
    missing: Decimal  # what is not there; above zero
    is_own: bool  # it is the row being entered

    @property
    def held(self) -> Decimal:
        """Units there are on the day."""
        return self.quantity - self.missing

    def message(self) -> str:
        """Say what is short, where and by how much."""
        words = {
            "symbol": self.symbol,
            "account": self.account,
            "date": date_format(self.date),
            "held": figure(self.held),
            "quantity": figure(self.quantity),
            "missing": figure(self.missing),
        }
        if self.is_own:
            return _("Only %(held)s %(symbol)s in %(account)s on %(date)s: %(missing)s too few.") % words
        return (
            _("Then %(missing)s of the %(quantity)s %(symbol)s that leave %(account)s on %(date)s would not be there.") % words
        )


def new_shortfall(*, removed: Iterable[Transaction], added: Transaction | None = None) -> Shortfall | None:
    """Return the first shortfall that taking rows out and putting one in would make or widen; None when there is none.

    removed: stored rows that go, or that `added` takes the place of.
    """
    gone = list(removed)
    arriving = unit_row(added) if added is not None else None
    touched = {row.instrument_id for row in [*gone, *([added] if added is not None else [])] if row.instrument_id}
    if arriving is not None and arriving.spin_off is not None:
        touched.add(arriving.spin_off)
    if not touched:
        return None
    before = unit_rows(touched)
    after = [row for row in before if row.key not in {each.pk for each in gone}]
    if arriving is not None:
        after.append(arriving)
    allowed = walk(before).missing
    missing = walk(after).missing
    for row in in_order(after):
        if missing.get(row.key, Decimal(0)) > allowed.get(row.key, Decimal(0)) + DUST:
            return _shortfall(row, missing[row.key], own_key=arriving.key if arriving is not None else None)
    return None


def _shortfall(row: UnitRow, missing: Decimal, *, own_key: int | None) -> Shortfall:
    account = Account.objects.filter(pk=row.account).values_list("name", flat=True).first()
    return Shortfall(
        symbol=Instrument.objects.values_list("symbol", flat=True).get(pk=row.instrument),
        account=account or _("every account"),
        date=row.date,
        quantity=row.quantity,
        missing=missing,
        is_own=row.key in {own_key, NOT_STORED},
    )
