"""What an account holds on a date, exact, straight from the rows and with one query each. Knows no prices."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Case, Count, DecimalField, ExpressionWrapper, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from portfolio.engine.exact_cash import CashMove, CashRow, cash_moves
from portfolio.engine.exact_units import UNIT_KINDS, UnitRow
from portfolio.engine.kinds import CASH_TRADES, MINOR_UNITS, Kind
from portfolio.engine.row_rules import spin_off_symbol
from portfolio.models import Instrument, Transaction

# a row that is being entered comes after every stored one of its day
NOT_STORED = 2**62

_NUMBER = DecimalField(max_digits=24, decimal_places=10)
_AT_PAR = Q(kind=Kind.MATURITY, price__isnull=True)
_SAME_CURRENCY = Q(currency="") | Q(currency=F("instrument__currency"))
# the gross that rows without an amount stand for; rows that need a rate they don't carry are counted, not guessed
_GROSS = Case(
    When(amount__isnull=False, then=F("amount")),
    When(_AT_PAR, then=F("quantity")),
    When(
        kind__in=CASH_TRADES,
        then=ExpressionWrapper(
            F("quantity") * F("price") * F("instrument__price_unit") * Coalesce(F("fx_rate"), Value(Decimal(1))),
            output_field=_NUMBER,
        ),
    ),
    default=Value(Decimal(0)),
    output_field=_NUMBER,
)
_NEEDS_RATE = Q(amount__isnull=True, kind__in=CASH_TRADES, fx_rate__isnull=True) & ~_SAME_CURRENCY


def unit_rows(instruments: Iterable[int]) -> list[UnitRow]:
    """Return the rows that move units of these instruments in any account, with the parents that they were spun off from.

    One query; one more for each generation of spin-offs.
    """
    wanted = set(instruments)
    moves_them = Q(instrument__in=wanted, kind__in=UNIT_KINDS, quantity__isnull=False)
    rows = list(Transaction.objects.filter(moves_them | Q(kind=Kind.SPIN_OFF)).values_list(*_UNIT_COLUMNS))
    children = {spin_off_symbol(note=row[8]) for row in rows if row[3] == Kind.SPIN_OFF}
    symbols = dict(Instrument.objects.filter(symbol__in=children).values_list("symbol", "pk")) if children else {}
    parents = {row[5] for row in rows if row[3] == Kind.SPIN_OFF and symbols.get(spin_off_symbol(note=row[8])) in wanted}
    if parents - wanted:
        return unit_rows(wanted | parents)
    return [_unit_row(row, symbols) for row in rows if row[5] in wanted]


_UNIT_COLUMNS = ("pk", "date", "time", "kind", "account_id", "instrument_id", "quantity", "to_account_id", "note")


def _unit_row(row: tuple, symbols: dict[str, int]) -> UnitRow:
    *columns, note = row
    return UnitRow(*columns, spin_off=symbols.get(spin_off_symbol(note=note)) if columns[3] == Kind.SPIN_OFF else None)


def unit_row(row: Transaction) -> UnitRow | None:
    """Return what a row, stored or not, does to units; None when it does nothing to them."""
    if row.kind not in UNIT_KINDS or row.instrument_id is None or row.quantity is None:
        return None
    child = None
    if row.kind == Kind.SPIN_OFF:
        child = Instrument.objects.filter(symbol=spin_off_symbol(note=row.note)).values_list("pk", flat=True).first()
    return UnitRow(
        key=row.pk or NOT_STORED,
        date=row.date,
        time=row.time,
        kind=row.kind,
        account=row.account_id,
        instrument=row.instrument_id,
        quantity=row.quantity,
        to_account=row.to_account_id,
        spin_off=child,
    )


def cash_on(*, account: int, date: dt.date, without: int | None = None) -> dict[str, Decimal | None]:
    """Return the cash of an account at the close of a date, by currency.

    without: the key of a row that is left out, as when it is being changed.
    None stands for a currency in which a row has neither an amount nor the rate that would give one.
    """
    rows = Transaction.objects.filter(Q(account=account) | Q(to_account=account), date__lte=date).exclude(pk=without or 0)
    sums = rows.values_list(
        "kind", "account_id", "to_account_id", "currency", "to_currency", "instrument__currency", "instrument_id"
    ).annotate(
        gross=Sum(_GROSS),
        fees=Sum("fee"),
        taxes=Sum("tax"),
        accrued=Sum("accrued_interest"),
        arrives=Sum(Coalesce(F("to_amount"), F("amount"))),
        unknown=Count("pk", filter=_NEEDS_RATE),
    )
    cash: dict[str, Decimal] = defaultdict(Decimal)
    unknown = set()
    for group in sums.order_by():
        row = _cash_row(group)
        for move in cash_moves(row):
            if move.account == account:
                cash[move.currency] += move.amount
        if group[-1]:
            unknown.add(MINOR_UNITS.get(row.currency, row.currency))
    return {currency: None if currency in unknown else cash[currency] for currency in {*cash, *unknown}}


def _cash_row(group: tuple) -> CashRow:
    kind, account, to_account, currency, to_currency, own, instrument, gross, fees, taxes, accrued, arrives, _unknown = group
    return CashRow(
        kind=kind,
        account=account,
        currency=currency or MINOR_UNITS.get(own or "", own or ""),
        gross=gross or Decimal(0),
        fee=fees,
        tax=taxes,
        accrued_interest=accrued,
        moves_units=instrument is not None,
        to_account=to_account,
        to_currency=to_currency,
        to_amount=arrives,
    )


def cash_moves_of(row: Transaction) -> list[CashMove]:
    """Return what one row does to cash; nothing where it has neither an amount nor what would give one."""
    own = row.instrument.currency if row.instrument else ""
    gross = _gross(row, own)
    if gross is None:
        return []
    return cash_moves(
        CashRow(
            kind=row.kind,
            account=row.account_id,
            currency=row.currency or MINOR_UNITS.get(own, own),
            gross=gross,
            fee=row.fee or Decimal(0),
            tax=row.tax or Decimal(0),
            accrued_interest=row.accrued_interest or Decimal(0),
            moves_units=row.instrument_id is not None,
            to_account=row.to_account_id,
            to_currency=row.to_currency,
            to_amount=row.to_amount,
        )
    )


def _gross(row: Transaction, own_currency: str) -> Decimal | None:
    if row.amount is not None:
        return row.amount
    if row.kind not in CASH_TRADES:
        return Decimal(0)
    if row.kind == Kind.MATURITY and row.price is None:
        return row.quantity
    exchange = Decimal(1) if row.currency in {"", own_currency} else row.fx_rate
    if row.quantity is None or row.price is None or exchange is None:
        return None
    return row.quantity * row.price * row.instrument.price_unit * exchange
