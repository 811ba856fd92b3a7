"""The answer to a row that is being typed: the figures filled in, a hint under each field, what the row would change."""

from dataclasses import asdict
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portfolio.engine.kinds import TRADES, cash_currency
from portfolio.engine.row_rules import RULES
from portfolio.entry.balances import cash_on
from portfolio.entry.effect import changes
from portfolio.entry.form import CHARGES, THIRD, TransactionForm
from portfolio.entry.quotes import last_close
from portfolio.entry.wording import figure, money, money_plain, percent, plain
from portfolio.models import Instrument, Transaction

_MONEY = {"amount", *CHARGES}
_NUMBERS = (*THIRD, *CHARGES, "to_amount", "fx_rate")


def answer(form: TransactionForm) -> dict[str, Any]:
    """Return what the page shows for a row that is still being typed; plain values, ready for JSON.

    Fields that are still empty are no objection while typing; everything else is what saving would say.
    """
    form.full_clean()
    row = form.row
    if row is None:
        return {"values": {}, "computed": [], "unneeded": [], "hints": {}, "changes": [], "issues": [], "errors": {}}
    objections = [issue for issue in form.objections if issue.code != "required"]
    unreadable = _unreadable(form)
    is_complete = not unreadable and not form.objections
    return {
        "values": _values(row, form),
        "computed": sorted(form.worked_out),
        "unneeded": _unneeded(row),
        "hints": _hints(row, form),
        "changes": [asdict(change) for change in changes(row)] if is_complete else [],
        "issues": [asdict(issue) for issue in [*objections, *form.questions]],
        "errors": unreadable,
    }


def _values(row: Transaction, form: TransactionForm) -> dict[str, str]:
    """The figures as fields hold them; money with the decimals of its currency, unless more were typed."""
    values = {"currency": row.currency}
    for name in _NUMBERS:
        value = getattr(row, name)
        if name not in form.errors:
            values[name] = money_plain(value, row.currency) if name in _MONEY else plain(value)
    return values


def _unreadable(form: TransactionForm) -> dict[str, str]:
    """What a field says by itself, such as “12,5O is not a number”."""
    by_rules = {issue.field for issue in form.objections} | {question.field for question in form.questions}
    return {name: str(errors[0]) for name, errors in form.errors.items() if name not in by_rules and name != "__all__"}


def _unneeded(row: Transaction) -> list[str]:
    """Fields of the kind that this instrument has no use for; those that hold something stay in sight."""
    held = row.instrument
    useless = {
        "accrued_interest": not row.accrued_interest and (held is None or held.coupon_rate is None),
        "fx_rate": not row.fx_rate and (held is None or cash_currency(held.currency)[0] == row.currency),
    }
    return [name for name, is_useless in useless.items() if is_useless]


def _hints(row: Transaction, form: TransactionForm) -> dict[str, str]:
    hints = {"date": date_format(row.date, "l"), "kind": _("b buy · s sell · v dividend")}
    if row.account is not None:
        hints["account"] = _cash_hint(row)
    if row.instrument is not None:
        hints["instrument"] = name_of(row.instrument)
        hints["price"] = _price_hint(row)
    hints |= {name: _("computed") for name in THIRD if name in form.worked_out}
    hints |= _charge_hints(row, form)
    useful = RULES[row.kind].fields
    return {name: hint for name, hint in hints.items() if hint and name in useful}


def _cash_hint(row: Transaction) -> str:
    cash = cash_on(account=row.account_id, date=row.date, without=row.pk)
    currency = row.currency or row.account.currency
    held = cash.get(currency)
    return f"{currency} {money(held, currency)}" if held is not None and currency else ""


def _price_hint(row: Transaction) -> str:
    if row.kind not in TRADES:
        return ""
    close = last_close(instrument=row.instrument, date=row.date)
    if close is None:
        return _("no close stored")
    words = {"close": figure(round(close.price, 4)), "date": date_format(close.date, "m/d")}
    return _("close %(close)s on %(date)s") % words


def _charge_hints(row: Transaction, form: TransactionForm) -> dict[str, str]:
    hints = {name: _("usual") for name in CHARGES if name in form.worked_out}
    if "fee" in form.worked_out and row.account and row.account.commission_rate:
        hints["fee"] = _("usual: %(rate)s") % {"rate": percent(row.account.commission_rate * row.account.commission_discount)}
    withheld = form.charges.withholding
    if withheld and row.amount:
        words = {"rate": percent(withheld), "tax": money(row.amount * withheld, row.currency)}
        hints["tax"] = _("withheld as a rule %(rate)s: %(tax)s") % words
    return hints


def name_of(instrument: Instrument) -> str:
    """Return the instrument's name in the reader's language, as far as there is one."""
    is_chinese = (get_language() or "").startswith("zh")
    first, second = (instrument.name_zh, instrument.name) if is_chinese else (instrument.name, instrument.name_zh)
    return first or second
