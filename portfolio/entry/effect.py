"""What a row would change: cash and units of the accounts it touches, before and after it, at the close of its day."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from portfolio.engine.exact_units import walk
from portfolio.entry.balances import cash_moves_of, cash_on, unit_row, unit_rows
from portfolio.entry.wording import figure, money
from portfolio.models import Account, Transaction


@dataclass(frozen=True, slots=True)
class Change:
    """One line of "after this"."""

    label: str
    before: str
    after: str
    is_below_zero: bool = False


def changes(row: Transaction) -> list[Change]:
    """Return what the row changes; a row that replaces a stored one is compared with the day without it."""
    return [*_cash(row), *_units(row)]


def _cash(row: Transaction) -> list[Change]:
    lines = []
    names = dict(Account.objects.values_list("pk", "name")) if row.to_account_id else {}
    for account in dict.fromkeys(filter(None, (row.account_id, row.to_account_id))):
        moves = [move for move in cash_moves_of(row) if move.account == account]
        before = cash_on(account=account, date=row.date, without=row.pk) if moves else {}
        for currency in dict.fromkeys(move.currency for move in moves):
            held = before.get(currency, Decimal(0))
            if held is None:
                continue
            after = held + sum(move.amount for move in moves if move.currency == currency)
            label = " ".join(filter(None, (names.get(account), _("Cash"), currency)))
            lines.append(Change(label, money(held, currency), money(after, currency), is_below_zero=after < 0))
    return lines


def _units(row: Transaction) -> list[Change]:
    arriving = unit_row(row)
    if arriving is None:
        return []
    stored = [each for each in unit_rows([row.instrument_id]) if each.key != row.pk and each.date <= row.date]
    before, after = walk(stored), walk([*stored, arriving])
    accounts = [row.account_id, row.to_account_id] if row.to_account_id else [row.account_id]
    names = dict(Account.objects.values_list("pk", "name")) if row.to_account_id else {}
    lines = []
    for account in accounts:
        held, left = (each.held(instrument=row.instrument_id, account=account) for each in (before, after))
        label = " ".join(filter(None, (names.get(account), row.instrument.symbol)))
        lines.append(Change(label, figure(held), figure(left)))
    return lines
