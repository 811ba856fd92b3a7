"""Ghostfolio's JSON export becomes activities. Pure."""

import datetime as dt
import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import InstrumentType
from portfolio.importers.ghostfolio.activities import Activity
from portfolio.importers.kept_digits import kept
from portfolio.importers.rows import Problem, Security
from portfolio.importers.symbols import is_isin
from portfolio.importers.text import FileError, decode
from portfolio.written_values import EARLIEST_YEAR, UnreadableError

_MOST = 200_000
_LONGEST_SYMBOL = 40
_LARGEST = Decimal(10) ** 14
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MIDNIGHT = re.compile(r"[0-9-]{10}(T00:00(:00(\.0+)?)?(Z|\+00:?00)?)?")
_TYPES = {
    "STOCK": InstrumentType.STOCK,
    "ETF": InstrumentType.ETF,
    "MUTUALFUND": InstrumentType.FUND,
    "BOND": InstrumentType.BOND,
}


def is_export(data: bytes) -> bool:
    """Say whether bytes look like the export: an object with activities and meta."""
    head = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return head.startswith(b"{") and b'"activities"' in data and b'"meta"' in data


def activities_of(data: bytes) -> tuple[list[Activity], list[Problem]]:
    """Return the activities, and those that cannot be read. Raises FileError for a file that is no export."""
    content = _content(data)
    listed = content.get("activities")
    if not isinstance(listed, list) or not listed:
        raise FileError("holds no activities; export them in Ghostfolio and try again")
    if len(listed) > _MOST:
        raise FileError(f"has more than {_MOST:,} activities; split it by year")
    accounts = _accounts(content)
    profiles = _profiles(content)
    found: list[Activity] = []
    rejected: list[Problem] = []
    for number, item in enumerate(listed, start=1):
        try:
            found.append(_activity(number, item if isinstance(item, dict) else {}, accounts, profiles))
        except UnreadableError as error:
            rejected.append(Problem(number, "", str(error)))
    return found, rejected


def _content(data: bytes) -> dict[str, Any]:
    text = decode(data).text
    try:
        content = json.loads(text, parse_float=_number_in, parse_int=_number_in, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise FileError(f"is damaged JSON: {error.msg}; export it again", line=error.lineno) from None
    except RecursionError:
        raise FileError("is nested deeper than any export is") from None
    if not isinstance(content, dict):
        raise FileError("is no export of Ghostfolio: it is not an object with activities")
    return content


def _number_in(text: str) -> Decimal:
    # a number of a thousand digits is no money; it is caught where it is used
    try:
        return Decimal(text) if len(text) < 400 else Decimal("Infinity")
    except InvalidOperation:
        return Decimal("Infinity")


def _no_number(text: str) -> Decimal:
    raise FileError(f"holds {text}, which is no number")


def _texts(content: dict[str, Any], name: str) -> list[dict[str, Any]]:
    listed = content.get(name)
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def _accounts(content: dict[str, Any]) -> dict[str, str]:
    """Return the names of accounts by id; two of one name keep a piece of their ids."""
    named = {_text(item, "id"): _text(item, "name") for item in _texts(content, "accounts") if _text(item, "id")}
    names = list(named.values())
    return {
        number: (name if names.count(name) == 1 else f"{name} {number[-4:]}") if name else number
        for number, name in named.items()
    }


def _profiles(content: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(_text(item, "dataSource"), _text(item, "symbol")): item for item in _texts(content, "assetProfiles")}


def _activity(
    number: int, item: dict[str, Any], accounts: dict[str, str], profiles: dict[tuple[str, str], dict[str, Any]]
) -> Activity:
    written = _text(item, "date")
    source, symbol = _text(item, "dataSource"), _text(item, "symbol")
    nested = item.get("SymbolProfile")
    if not symbol and isinstance(nested, dict):
        source, symbol = _text(nested, "dataSource"), _text(nested, "symbol")
    profile = profiles.get((source, symbol), {})
    name = _text(profile, "name")
    # what was typed in by hand has a random id for a symbol, and a name
    shown = name if source == "MANUAL" and name and len(name) <= _LONGEST_SYMBOL else symbol
    account = _text(item, "accountId")
    return Activity(
        line=number,
        type=_text(item, "type").upper(),
        date=_date(written),
        has_time=not _MIDNIGHT.fullmatch(written),
        symbol=shown,
        quantity=_number(item, "quantity"),
        unit_price=_number(item, "unitPrice"),
        fee=_number(item, "fee"),
        currency=_text(item, "currency") or _text(profile, "currency"),
        account=accounts.get(account, account),
        note=_text(item, "comment"),
        number=_text(item, "id"),
        security=_security(symbol, profile, _text(item, "currency")),
    )


def _security(symbol: str, profile: dict[str, Any], currency: str) -> Security:
    isin = _text(profile, "isin") or symbol
    return Security(
        isin=isin if is_isin(isin) else "",
        name=_text(profile, "name")[:160],
        type=_TYPES.get(_text(profile, "assetSubClass").upper(), ""),
        currency=next((code for code in (_text(profile, "currency"), currency) if is_currency(code)), ""),
    )


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _number(item: dict[str, Any], name: str) -> Decimal:
    value = item.get(name)
    if value is None:
        return Decimal(0)
    if isinstance(value, str):
        try:
            value = Decimal(value.strip()) if len(value) < 60 else None
        except InvalidOperation:
            value = None
    if not isinstance(value, Decimal) or not value.is_finite() or abs(value) >= _LARGEST:
        raise UnreadableError(f"{name} is not a number that can be kept")
    # Ghostfolio drops the sign
    return kept(abs(value))


def _date(written: str) -> dt.date:
    if not _DATE.match(written):
        raise UnreadableError(f'date "{written[:40]}" is not a date; it begins with YYYY-MM-DD')
    try:
        moment = dt.datetime.fromisoformat(written)
    except ValueError:
        raise UnreadableError(f'date "{written[:40]}" is no day of the calendar') from None
    try:
        value = moment.astimezone(dt.UTC).date() if moment.tzinfo else moment.date()
    except OverflowError:
        value = moment.date()
    if value.year < EARLIEST_YEAR:
        raise FileError(f"{value} lies before 1970; is it right?", column="date")
    return value
