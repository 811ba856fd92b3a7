"""Units held over all accounts at the close of a date: exact, for a few instruments, whatever their number with one query."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from portfolio.engine.exact_units import walk
from portfolio.entry.balances import unit_rows


def units_held(*, wanted: Iterable[tuple[int, dt.date]]) -> dict[tuple[int, dt.date], Decimal]:
    """Return the units of each instrument (by key) at the close of its date, by trade date."""
    asked = set(wanted)
    if not asked:
        return {}
    rows = unit_rows({instrument for instrument, _on in asked})
    walked = {on: walk(row for row in rows if row.date <= on) for on in {on for _instrument, on in asked}}
    return {(instrument, on): walked[on].held(instrument=instrument) for instrument, on in asked}
