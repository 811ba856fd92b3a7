"""What cannot be is refused, what is unlikely is asked about once. One function, one rule; each looks at one row.

A refusal names its field and, where there is one, the value that would be right. Knows no forms and no requests.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import DISPOSALS, TRADES, Kind, cash_currency
from portfolio.engine.row_rules import RULES, missing_fields, spin_off_symbol
from portfolio.engine.trade_arithmetic import TOLERANCE, completed, relative_difference
from portfolio.entry.completion import exchange_of
from portfolio.entry.quotes import has_rate, last_close
from portfolio.entry.shortfalls import new_shortfall
from portfolio.entry.wording import figure, money, percent, plain
from portfolio.models import Instrument, Transaction

# beyond this a price is more likely a slip than a market
FAR_OFF = Decimal("0.4")
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Issue:
    """One objection to a row."""

    code: str
    field: str
    message: str
    fix: str = ""  # the value that would be right, as the field holds it
    fix_label: str = ""


def refusals(row: Transaction) -> Iterator[Issue]:
    """Yield what makes the row impossible.

    What needs a sound row to be judged, such as whether the units are there, waits until the rest is right.
    """
    issues = [*_missing(row), *_objections(row, _AT_FIRST_SIGHT)]
    if not issues:
        issues = _objections(row, _OF_A_WHOLE_ROW) or _objections(row, (_oversold,))
    yield from issues


def _objections(row: Transaction, rules: Iterable["Rule"]) -> list[Issue]:
    return [issue for rule in rules if (issue := rule(row))]


def questions(row: Transaction) -> Iterator[Issue]:
    """Yield what is possible but unlikely."""
    yield from _objections(row, _UNLIKELY)


def _missing(row: Transaction) -> Iterator[Issue]:
    filled = {name for name in RULES[row.kind].fields if getattr(row, name, None) not in {None, ""}}
    missing = missing_fields(kind=Kind(row.kind), filled=filled)
    # a file may not know who paid; whoever types a payment in does
    if row.kind in {Kind.DIVIDEND, Kind.COUPON} and "instrument" not in filled:
        missing.append("instrument")
    for name in missing:
        yield Issue("required", name, _("“%(kind)s” needs this field.") % {"kind": row.get_kind_display()})


def _date_in_the_future(row: Transaction) -> Issue | None:
    today = timezone.localdate()
    if row.date <= today:
        return None
    return Issue(
        "future",
        "date",
        _("This date has not come yet; today is %(today)s.") % {"today": date_format(today)},
        today.isoformat(),
        _("Change to %(value)s") % {"value": today.isoformat()},
    )


def _unknown_currency(row: Transaction) -> Issue | None:
    for field in ("currency", "to_currency"):
        code = getattr(row, field)
        if code and not is_currency(code):
            return Issue(
                "currency", field, _("“%(code)s” is no currency of ISO 4217; write a code such as TWD.") % {"code": code}
            )
    return None


def _numbers_below_zero(row: Transaction) -> Issue | None:
    for field in ("quantity", "price", "amount", "fee", "tax", "accrued_interest", "to_amount", "fx_rate"):
        value = getattr(row, field)
        if value is None or (row.kind == Kind.BALANCE and field in {"quantity", "amount"}):
            continue
        zero_is_fine = field in {"amount", "fee", "tax", "accrued_interest"}
        if value < 0 or (value == 0 and not zero_is_fine):
            return Issue("sign", field, _("Write a number above zero: the kind of the row says whether it comes or goes."))
    return None


def _same_account(row: Transaction) -> Issue | None:
    if row.kind != Kind.TRANSFER or row.account_id is None or row.account_id != row.to_account_id:
        return None
    return Issue("same_account", "to_account", _("A transfer goes to another account."))


def _same_currency(row: Transaction) -> Issue | None:
    if row.kind != Kind.FX or row.currency != row.to_currency:
        return None
    return Issue("same_currency", "to_currency", _("An exchange is between two currencies."))


def _spin_off_without_symbol(row: Transaction) -> Issue | None:
    if row.kind != Kind.SPIN_OFF:
        return None
    symbol = spin_off_symbol(note=row.note)
    if symbol and Instrument.objects.filter(symbol=symbol).exclude(pk=row.instrument_id).exists():
        return None
    return Issue(
        "spin_off", "note", _("Begin the note with to:SYMBOL, the instrument that was spun off; enter that one first.")
    )


def _amount_contradicts(row: Transaction) -> Issue | None:
    if row.kind not in TRADES or not (row.quantity and row.price and row.amount):
        return None
    exchange = exchange_of(row)
    if not exchange:
        return None
    unit = row.instrument.price_unit
    off = relative_difference(quantity=row.quantity, price=row.price, amount=row.amount, price_unit=unit, exchange=exchange)
    if off <= TOLERANCE:
        return None
    right = completed(
        quantity=row.quantity, price=row.price, amount=None, price_unit=unit, exchange=exchange, currency=row.currency
    ).amount
    return Issue(
        "contradiction",
        "amount",
        _("Quantity × price is %(right)s, which differs by %(off)s; at most 0.5 %% may be rounding.")
        % {"right": money(right, row.currency), "off": percent(round(off, 3))},
        plain(right),
        _("Change to %(value)s") % {"value": money(right, row.currency)},
    )


def _unknown_exchange(row: Transaction) -> Issue | None:
    if row.kind not in TRADES or row.amount is not None or row.instrument is None or exchange_of(row):
        return None
    return Issue(
        "exchange",
        "fx_rate",
        _("No rate from %(own)s to %(cash)s is stored for this day; write it here, or the amount.")
        % {"own": row.instrument.currency, "cash": row.currency},
    )


def _external_id_taken(row: Transaction) -> Issue | None:
    if not row.external_id:
        return None
    twins = Transaction.objects.filter(account=row.account, external_id=row.external_id).exclude(pk=row.pk)
    twin = twins.first()
    if twin is None:
        return None
    return Issue("duplicate", "external_id", _("The account has a row with this id already: %(row)s.") % {"row": twin})


def _oversold(row: Transaction) -> Issue | None:
    stored = [Transaction.objects.get(pk=row.pk)] if row.pk else []
    short = new_shortfall(removed=stored, added=row)
    if short is None:
        return None
    if not short.is_own:
        return Issue("oversold", "date" if row.kind in DISPOSALS else "quantity", short.message())
    held = plain(short.held)
    return Issue(
        "oversold",
        "quantity",
        short.message(),
        held if short.held > 0 else "",
        _("Change to %(value)s") % {"value": figure(short.held)},
    )


def _weekend(row: Transaction) -> Issue | None:
    if row.kind not in {Kind.BUY, Kind.SELL} or row.date.weekday() < SATURDAY:
        return None
    friday = row.date - dt.timedelta(days=row.date.weekday() - SATURDAY + 1)
    return Issue(
        f"weekend:{row.date}",
        "date",
        _("%(day)s: exchanges are closed.") % {"day": date_format(row.date, "l")},
        friday.isoformat(),
        _("Change to %(value)s") % {"value": friday.isoformat()},
    )


def _far_from_the_close(row: Transaction) -> Issue | None:
    if row.kind not in TRADES or not row.price or row.instrument is None:
        return None
    close = last_close(instrument=row.instrument, date=row.date)
    if close is None:
        return None
    off = row.price / close.price - 1
    if abs(off) <= FAR_OFF:
        return None
    direction = _("%(percent)s above") if off > 0 else _("%(percent)s below")
    return Issue(
        f"far_off:{row.instrument_id}:{row.date}:{plain(row.price)}",
        "price",
        _("%(direction)s the close of %(close)s on %(date)s.")
        % {
            "direction": direction % {"percent": percent(round(abs(off), 2))},
            "close": figure(round(close.price, 4)),
            "date": date_format(close.date),
        },
        plain(round(close.price, 4)),
        _("Change to %(value)s") % {"value": figure(round(close.price, 4))},
    )


def _currency_without_rate(row: Transaction) -> Issue | None:
    for field in ("currency", "to_currency"):
        code = getattr(row, field)
        if (
            code
            and cash_currency(code)[0] != settings.BASE_CURRENCY
            and not has_rate(currency=code, base_currency=settings.BASE_CURRENCY)
        ):
            return Issue(
                f"no_rate:{code}",
                field,
                _("No rate from %(code)s to %(base)s is stored, so totals would stay open.")
                % {"code": code, "base": settings.BASE_CURRENCY},
            )
    return None


Rule = Callable[[Transaction], Issue | None]

_AT_FIRST_SIGHT: tuple[Rule, ...] = (
    _date_in_the_future,
    _unknown_currency,
    _numbers_below_zero,
    _same_account,
    _same_currency,
)
_OF_A_WHOLE_ROW: tuple[Rule, ...] = (_unknown_exchange, _amount_contradicts, _spin_off_without_symbol, _external_id_taken)
_UNLIKELY: tuple[Rule, ...] = (_weekend, _far_from_the_close, _currency_without_rate)
