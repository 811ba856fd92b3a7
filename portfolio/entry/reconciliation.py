"""Statements held against the ledger: what balance rows say, what the ledger had then, and since when the two differ.

In exact decimals, for the page where a person looks for the missing row; reports warn of the same differences by `checks`.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from portfolio.engine.exact_units import Walked, walk
from portfolio.engine.kinds import Kind
from portfolio.entry.balances import cash_on, unit_rows
from portfolio.models import Account, Instrument, Transaction

# as in reports: what a rounded statement cannot show
CASH_TOLERANCE = Decimal("0.005")
UNIT_TOLERANCE = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Check:
    """One line of one statement beside the ledger of that day's close."""

    key: int  # of the balance row
    date: dt.date
    stated: Decimal  # units, or cash in the line's currency
    ledger: Decimal | None  # None where a row has neither an amount nor the rate that would give one
    tolerance: Decimal

    @property
    def difference(self) -> Decimal | None:
        """Ledger less statement: above zero the ledger has too much."""
        return None if self.ledger is None else self.ledger - self.stated

    @property
    def agrees(self) -> bool:
        """Say whether both are the same, to what a statement prints."""
        return self.difference is not None and abs(self.difference) <= self.tolerance


@dataclass(slots=True)
class Line:
    """One instrument or one currency of an account, over all of its statements."""

    symbol: str  # "" for cash
    currency: str  # "" for units
    checks: list[Check] = field(default_factory=list)  # the earliest first

    @property
    def last(self) -> Check:
        """The latest statement."""
        return self.checks[-1]

    @property
    def first_difference(self) -> Check | None:
        """The first statement of the latest run of differences; None where the latest one agrees."""
        found = None
        for check in reversed(self.checks):
            if check.agrees:
                break
            found = check
        return found

    @property
    def last_agreement(self) -> Check | None:
        """The latest statement before that, which agrees: the missing row lies between the two."""
        return next((check for check in reversed(self.checks) if check.agrees), None)


@dataclass(slots=True)
class Reconciled:
    """An account with all of its lines."""

    account: Account
    lines: list[Line] = field(default_factory=list)

    @property
    def first_difference(self) -> dt.date | None:
        """The first date on which a line differs that differs still; None where everything agrees."""
        return min((line.first_difference.date for line in self.lines if line.first_difference), default=None)

    @property
    def last_date(self) -> dt.date:
        """The date of the latest statement."""
        return max(line.last.date for line in self.lines)


def reconciled_accounts() -> list[Reconciled]:
    """Return each account that has a statement, with what agrees and what does not."""
    rows = list(Transaction.objects.filter(kind=Kind.BALANCE).select_related("account", "instrument").order_by("date", "pk"))
    units = _Units(row.instrument_id for row in rows if row.instrument_id)
    cash = _Cash()
    accounts: dict[int, Reconciled] = {}
    lines: dict[tuple[int, str, str], Line] = {}
    for row in rows:
        if row.instrument is not None and row.quantity is not None:
            held = units.on(row.date).held(instrument=row.instrument_id, account=row.account_id)
            name, check = (row.instrument.symbol, ""), Check(row.pk, row.date, row.quantity, held, UNIT_TOLERANCE)
        elif row.amount is not None:
            there = cash.on(row.account_id, row.date).get(row.currency, Decimal(0))
            name, check = ("", row.currency), Check(row.pk, row.date, row.amount, there, CASH_TOLERANCE)
        else:
            continue
        account = accounts.setdefault(row.account_id, Reconciled(row.account))
        key = (row.account_id, *name)
        if key not in lines:
            lines[key] = Line(*name)
            account.lines.append(lines[key])
        # of two statements of one day the one entered later counts
        lines[key].checks = [each for each in lines[key].checks if each.date != row.date] + [check]
    return sorted(accounts.values(), key=lambda each: each.account.name)


class _Units:
    """Units by day; each day is walked once, whatever it is asked."""

    def __init__(self, instruments: Iterable[int]) -> None:
        wanted = set(instruments)
        self._rows = unit_rows(wanted) if wanted else []
        self._days: dict[dt.date, Walked] = {}

    def on(self, date: dt.date) -> Walked:
        if date not in self._days:
            self._days[date] = walk(row for row in self._rows if row.date <= date)
        return self._days[date]


class _Cash:
    """Cash by account and day; one query for each."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, dt.date], dict[str, Decimal | None]] = defaultdict(dict)

    def on(self, account: int, date: dt.date) -> dict[str, Decimal | None]:
        if (account, date) not in self._found:
            self._found[account, date] = cash_on(account=account, date=date)
        return self._found[account, date]


@dataclass(frozen=True, slots=True)
class Held:
    """What the ledger has in an account: units of an instrument, or cash of a currency."""

    symbol: str
    currency: str
    ledger: Decimal | None

    @property
    def name(self) -> str:
        """The name of its field in a form."""
        return f"units-{self.symbol}" if self.symbol else f"cash-{self.currency}"


def held_on(*, account: Account, date: dt.date) -> list[Held]:
    """Return everything that an account holds at the close of a day, as far as the ledger knows."""
    instruments = set(
        Transaction.objects.filter(instrument__isnull=False, date__lte=date, account=account).values_list(
            "instrument", flat=True
        )
    ) | set(
        Transaction.objects.filter(instrument__isnull=False, date__lte=date, to_account=account).values_list(
            "instrument", flat=True
        )
    )
    walked = _Units(instruments).on(date)
    symbols = dict(Instrument.objects.values_list("pk", "symbol"))
    held = [
        Held(symbols[instrument], "", units)
        for (where, instrument), units in walked.units.items()
        if where == account.pk and units > UNIT_TOLERANCE
    ]
    cash = cash_on(account=account.pk, date=date)
    held += [Held("", currency, amount) for currency, amount in cash.items() if amount is None or amount]
    return sorted(held, key=lambda each: (not each.symbol, each.symbol, each.currency))


@transaction.atomic
def write_statement(*, account: Account, date: dt.date, units: dict[str, Decimal], cash: dict[str, Decimal]) -> int:
    """Write what a statement says as balance rows, and return how many; a new figure replaces the old one of its day."""
    instruments = {each.symbol: each for each in Instrument.objects.filter(symbol__in=units)}
    same_day = Transaction.objects.filter(kind=Kind.BALANCE, account=account, date=date)
    for symbol, quantity in units.items():
        row = same_day.filter(instrument=instruments[symbol]).last() or Transaction(
            kind=Kind.BALANCE, account=account, date=date, instrument=instruments[symbol]
        )
        row.quantity = quantity
        row.save()
    for currency, amount in cash.items():
        row = same_day.filter(instrument=None, currency=currency).last() or Transaction(
            kind=Kind.BALANCE, account=account, date=date, currency=currency
        )
        row.amount = amount
        row.save()
    return len(units) + len(cash)
