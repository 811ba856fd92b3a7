"""Ledger rows as text: what moved, at what price, who wrote it. Formats; asks the tables only who entered a row."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from portfolio import formatting as show
from portfolio.engine.kinds import Kind
from portfolio.entry.balances import cash_moves_of
from portfolio.entry.live import name_of
from portfolio.formatting import Money
from portfolio.models import Transaction
from portfolio.words import kind_name


@dataclass(frozen=True, slots=True)
class CashText:
    """Money that moved. amount: signed; a statement's has no sign and says that it is one."""

    amount: str
    currency: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row as the page shows it; empty where the row has nothing to say."""

    date: str
    iso: str
    kind: str
    account: str
    symbol: str
    name: str
    url: str  # of the holding
    edit_url: str  # empty for those who may not write
    units: str
    price: str
    charges: str
    cash: tuple[CashText, ...]
    note: str
    source: str  # the file, or who typed it


@dataclass(frozen=True, slots=True)
class Month:
    """The rows of one month under its name."""

    name: str
    rows: list[LedgerRow]


class Shown:
    """How amounts and units of many currencies are shown on one page."""

    def __init__(self, *, hidden: bool) -> None:
        """Keep whether they are masked."""
        self.hidden = hidden
        self._money: dict[str, Money] = {}

    def money(self, currency: str) -> Money:
        """Return the amounts of a currency."""
        if currency not in self._money:
            self._money[currency] = Money(currency=currency, hidden=self.hidden)
        return self._money[currency]

    def units(self, value: Decimal | None) -> str:
        """Return units; nothing where a row has none."""
        if value is None:
            return ""
        return self.money("").mask if self.hidden else show.quantity(value)


def months(*, rows: Sequence[Transaction], hidden: bool, may_write: bool) -> list[Month]:
    """Return rows, the latest first, under their months."""
    typed = _who_typed(rows)
    shown = Shown(hidden=hidden)
    return [
        Month(_month(first), [_row(each, shown, may_write, typed) for each in members])
        for first, members in groupby(rows, key=lambda row: row.date.replace(day=1))
    ]


def _row(row: Transaction, shown: Shown, may_write: bool, typed: dict[int, str]) -> LedgerRow:
    instrument = row.instrument
    charges = row.fee + row.tax
    money = shown.money(row.currency or (instrument.currency if instrument else ""))
    return LedgerRow(
        date=show.short_day(row.date),
        iso=row.date.isoformat(),
        kind=kind_name(row.kind),
        account=_accounts(row),
        symbol=instrument.symbol if instrument else "",
        name=name_of(instrument) if instrument else "",
        url=reverse("holding", args=[instrument.symbol]) if instrument else "",
        edit_url=reverse("admin:portfolio_transaction_change", args=[row.pk]) if may_write else "",
        units=_ratio(row) or shown.units(row.quantity),
        price="" if row.price is None else show.price(row.price),
        charges=money.level(charges) if charges else "",
        cash=_cash(row, shown),
        note=row.note,
        source=_source(row, typed),
    )


def _ratio(row: Transaction) -> str:
    """Return a split as a ratio: its quantity is no number of units, and no amount either."""
    if row.kind != Kind.SPLIT or row.quantity is None:
        return ""
    return _("%(new)s for 1") % {"new": show.quantity(row.quantity)}


def _cash(row: Transaction, shown: Shown) -> tuple[CashText, ...]:
    if row.kind == Kind.BALANCE and row.amount is not None:
        return (CashText(shown.money(row.currency).level(row.amount), row.currency, _("stated")),)
    return tuple(CashText(shown.money(each.currency).change(each.amount), each.currency) for each in cash_moves_of(row))


def _accounts(row: Transaction) -> str:
    if row.account is None:
        return _("every account")
    return f"{row.account} → {row.to_account}" if row.to_account is not None else str(row.account)


def _source(row: Transaction, typed: dict[int, str]) -> str:
    if row.source is None:
        return typed.get(row.pk, "")
    who = row.source.imported_by
    return f"{row.source.file_name} · {_person(who.first_name, who.username)}" if who else row.source.file_name


def _who_typed(rows: Iterable[Transaction]) -> dict[int, str]:
    """Return who entered the rows that came from no file, as the history says; one query."""
    keys = [row.pk for row in rows if row.source is None]
    first = Transaction.history.filter(id__in=keys, history_type="+", history_user__isnull=False).order_by()
    columns = ("id", "history_user__first_name", "history_user__username")
    return {key: _person(name, login) for key, name, login in first.values_list(*columns)}


def _person(name: str, login: str) -> str:
    return name or login


def _month(first: dt.date) -> str:
    return f"{first.year}年{first.month}月" if show.is_chinese() else f"{show.month_name(first.month)} {first.year}"
