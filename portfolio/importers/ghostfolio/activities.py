"""Ghostfolio's activities, alike whether they came as JSON or as CSV, become ledger rows. Pure.

Ghostfolio keeps no cash flows, so none are made up here: a warning says what that means for the account's cash.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import MINOR_UNITS, Kind
from portfolio.importers.fingerprints import Fingerprints
from portfolio.importers.kept_digits import kept
from portfolio.importers.money_check import price_to_book
from portfolio.importers.review_reasons import masked, masked_account, out_of_scope
from portfolio.importers.rows import ZERO, LedgerRow, Problem, Reading, Security
from portfolio.importers.source_rows import SourceRows
from portfolio.importers.text import FileError

_TYPES = frozenset({"BUY", "SELL", "DIVIDEND", "INTEREST", "FEE", "LIABILITY", "ITEM"})
_FIRST_YEAR = 1970
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity as the file has it; numbers are sizes."""

    line: int
    type: str
    date: dt.date
    has_time: bool  # other than midnight
    symbol: str
    quantity: Decimal
    unit_price: Decimal
    fee: Decimal
    currency: str
    account: str
    note: str
    number: str  # the activity's own id; "" where the export has none
    security: Security


def check(activity: Activity) -> None:
    """Raise FileError for what Ghostfolio itself would refuse the whole file for."""
    if activity.type not in _TYPES:
        words = f"“{activity.type[:40]}” is no type of activity; known: {', '.join(sorted(_TYPES))}"
        raise FileError(words, line=activity.line, column="type")
    if not is_currency(activity.currency):
        raise FileError(f"“{activity.currency[:10]}” is no currency code", line=activity.line, column="currency")
    if activity.date.year < _FIRST_YEAR:
        raise FileError(f"{activity.date} lies before {_FIRST_YEAR}; is it right?", line=activity.line, column="date")


def _check_account(activities: list[Activity], account: str) -> None:
    """Raise FileError where no activity has an account, or where the one of all is not the one given."""
    named = {each.account for each in activities if each.account}
    if not named and not account:
        raise FileError("names no account; say which with --account NAME")
    if account and len(named) == 1 and account not in named and all(each.account for each in activities):
        (only,) = named
        raise FileError(f"is of account {masked_account(only)}, not of {account}; leave the account out or correct it")


def read_activities(*, activities: list[Activity], rejected: list[Problem], today: dt.date, account: str) -> Reading:
    """Return the reading of a file's activities; `rejected` are those that could not be read."""
    rows = SourceRows([*(each.line for each in activities), *(problem.line for problem in rejected)])
    for problem in rejected:
        rows.reject(problem)
    for each in activities:
        check(each)
    _check_account(activities, account)
    fingerprints = Fingerprints("ghostfolio")
    repeated = Counter(each.number for each in activities if each.number)
    for each in sorted(activities, key=lambda activity: activity.date):
        name = each.account or account
        number = each.number if repeated[each.number] == 1 and len(each.number) <= 60 else ""
        said = (each.type, each.date, each.symbol, each.quantity, each.unit_price, each.fee, each.currency, name, each.note)
        external_id = number or fingerprints.of(*said)
        if not name:
            words = "names no account, unlike others of the file; import it again with --account NAME for these"
            rows.review(Problem(each.line, "accountId", words, "no_account"))
            continue
        _book(each, name, external_id, rows)
        _warn_of_dates(each, today, rows)
    if any(each.type == "BUY" for each in activities):
        words = (
            "Ghostfolio keeps no deposits, so purchases make the account's cash negative; enter a DEPOSIT for each day of"
            " purchase, or change the purchases to DELIVERY_IN"
        )
        rows.warn(0, "", words, "no_cash_flows")
    return rows.reading()


def _warn_of_dates(activity: Activity, today: dt.date, rows: SourceRows) -> None:
    if activity.has_time:
        words = "has a time of day: the day is the one in UTC, which can be a day off where the export was made"
        rows.warn_once("time_of_day", activity.line, words)
    if activity.date > today:
        rows.warn(activity.line, "date", f"{activity.date} lies in the future", "future_date")


def _book(activity: Activity, account: str, external_id: str, rows: SourceRows) -> None:
    # codes for hundredths are quotes; money moves in the whole unit
    is_minor = activity.currency in MINOR_UNITS
    currency = MINOR_UNITS.get(activity.currency, activity.currency)
    unit = _HUNDREDTH if is_minor else Decimal(1)
    amount, fee = kept(activity.quantity * activity.unit_price * unit), kept(activity.fee * unit)
    kind = {"BUY": Kind.BUY, "SELL": Kind.SELL, "DIVIDEND": Kind.DIVIDEND, "INTEREST": Kind.INTEREST, "FEE": Kind.FEE}.get(
        activity.type
    )
    if kind is None:
        word = f"{activity.type} {activity.symbol}"
        rows.review(out_of_scope(line=activity.line, column="type", word=word, what="liabilities or items"))
        return
    if kind in {Kind.BUY, Kind.SELL} and not _is_trade(activity, rows):
        return
    if kind == Kind.FEE:
        amount, fee = amount + fee, ZERO
    if not amount:
        rows.review(Problem(activity.line, "unitPrice", "makes an amount of 0; enter the row by hand", "unreadable"))
        return
    on_symbol = kind in {Kind.BUY, Kind.SELL, Kind.DIVIDEND}
    if on_symbol and not activity.symbol:
        rows.review(Problem(activity.line, "symbol", "is blank; enter the row by hand", "unreadable"))
        return
    is_trade = kind in {Kind.BUY, Kind.SELL}
    priced = is_trade and not is_minor
    note = activity.note if on_symbol else "; ".join(filter(None, (activity.security.name or activity.symbol, activity.note)))
    if on_symbol:
        rows.security(activity.symbol, activity.security)
    rows.book(
        LedgerRow(
            lines=(activity.line,),
            date=activity.date,
            kind=kind,
            account=account,
            symbol=activity.symbol if on_symbol else "",
            quantity=activity.quantity if is_trade else None,
            price=price_to_book(quantity=activity.quantity, price=activity.unit_price, amount=amount) if priced else None,
            amount=amount,
            currency=currency,
            fee=fee,
            note=masked(note),
            external_id=external_id,
        )
    )


def _is_trade(activity: Activity, rows: SourceRows) -> bool:
    """Say whether a purchase or sale moves units at a price; placeholders do not."""
    if not activity.quantity:
        rows.skip(activity.line)
        rows.warn(activity.line, "quantity", f"is a {activity.type} of 0 units, a placeholder: skipped", "placeholder")
        return False
    if not activity.unit_price:
        words = f"is a {activity.type} at a price of 0; enter it by hand with its value, or as a STOCK_DIVIDEND"
        rows.review(Problem(activity.line, "unitPrice", words, "does_not_add_up"))
        return False
    return True
