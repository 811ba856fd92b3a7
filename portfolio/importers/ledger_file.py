"""The ledger's own CSV format: bytes become rows, and every line that cannot become one gets its reason. Pure.

Knows neither what is stored nor which currency an instrument has; `resolve` looks at that.
"""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import EVERY_ACCOUNT, Kind
from portfolio.engine.row_rules import RULES, missing_fields, spin_off_symbol
from portfolio.importers.rows import CHARGES, NUMBERS, LedgerRow, Problem, Reading
from portfolio.importers.table import header_of, read_table
from portfolio.importers.text import FileError, decode
from portfolio.written_values import UnreadableError, date, number, time

COLUMNS = (
    "date", "time", "type", "account", "symbol", "quantity", "price", "amount", "currency", "fee", "tax", "accrued_interest",
    "to_account", "to_currency", "to_amount", "fx_rate", "ex_date", "tax_year", "note", "external_id",
)  # fmt: skip

_LONGEST = {"account": 80, "to_account": 80, "symbol": 40, "note": 500, "external_id": 120}
# a statement may say that an account is overdrawn
_MAY_BE_NEGATIVE = frozenset({(Kind.BALANCE, "quantity"), (Kind.BALANCE, "amount")})
_MAY_BE_ZERO = CHARGES | {"amount"}
_NO_CURRENCY = {
    "NTD": "TWD",
    "NT$": "TWD",
    "NT": "TWD",
    "US$": "USD",
    "$": "USD",
    "RMB": "CNY",
    "¥": "JPY",
    "￥": "JPY",
    "€": "EUR",
    "£": "GBP",
}
_FILE_NAME_OF = {"instrument": "symbol", "kind": "type"}
_FIELD_OF = {"symbol": "instrument", "type": "kind"}
_NEEDED = {kind: {name for need in rule.needs for way in need for name in way} for kind, rule in RULES.items()}
_KNOWN_KINDS = ", ".join(Kind)
# filled in by machines in every row; saying each time that it is not used would bury what matters
_NEVER_SURPRISING = frozenset({"currency", "account", *CHARGES})


def recognises(*, data: bytes) -> bool:
    """Say whether a file's header is a ledger's, complete or nearly so."""
    try:
        header = set(header_of(decode(data).text))
    except FileError:
        return False
    return len(header & {"date", "type", "account"}) >= 2


def read(*, data: bytes, today: dt.date, account: str = "") -> Reading:
    """Return the rows of a ledger file, and a reason for each line that is none.

    today:   dates after it are refused.
    account: of rows that name none; splits and spin-offs without one act on every account all the same.
    Raises FileError for a file that is no ledger at all.
    """
    needed = ("date", "type") if account else ("date", "type", "account")
    table = read_table(data=data, columns=COLUMNS, needed=needed)
    reading = Reading(source_rows=len(table.rows), rejected=list(table.misshapen), warnings=list(table.warnings))
    misshapen = {problem.line for problem in table.misshapen}
    for line, cells in table.rows:
        if cells:
            _read_row(_Cells(line, cells, today, account), reading)
        elif line not in misshapen:
            reading.skipped += 1
    if not table.rows:
        reading.warnings.append(Problem(1, "", "the file has a header and no rows"))
    return reading


class _Cells:
    """One line while it is read: its cells, and what is wrong with them so far."""

    def __init__(self, line: int, cells: dict[str, str], today: dt.date, account: str) -> None:
        self.line = line
        self.cells = cells
        self.today = today
        self.account = account
        self.problems: list[Problem] = []

    def refuse(self, column: str, reason: str) -> None:
        self.problems.append(Problem(self.line, column, reason))

    def value(self, column: str, read: Callable[[str], Any]) -> Any:
        """Return a cell as `read` understands it; None where it is blank or cannot be read."""
        text = self.cells.get(column)
        if not text:
            return None
        try:
            return read(text)
        except UnreadableError as error:
            self.refuse(column, str(error))
            return None


def _read_row(cells: _Cells, reading: Reading) -> None:
    kind = cells.value("type", _kind)
    values = _values(cells, kind)
    if kind is not None:
        _check_fields(cells, kind, values)
    elif not cells.cells.get("type"):
        cells.refuse("type", f"is blank; known types: {_KNOWN_KINDS}")
    if not cells.problems:
        row = LedgerRow(lines=(cells.line,), kind=kind, **values)
        _check_row(cells, row)
    if cells.problems:
        reading.rejected.append(_one_problem(cells.problems))
        return
    reading.rows.append(row)
    _warn_of_unused(cells, row, reading)


def _one_problem(problems: list[Problem]) -> Problem:
    """Join the problems of one line: counts are of source rows, so a row is rejected once."""
    first, *others = problems
    if not others:
        return first
    reasons = [first.reason, *(f"{other.column}: {other.reason}" if other.column else other.reason for other in others)]
    return Problem(first.line, first.column, "; ".join(reasons))


def _kind(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError:
        pass
    try:
        return Kind("_".join(re.split(r"[\s_-]+", text.upper())))
    except ValueError:
        raise UnreadableError(f'unknown type "{text}"; known types: {_KNOWN_KINDS}') from None


def _currency(text: str) -> str:
    if is_currency(text):
        return text
    code = text.upper()
    if is_currency(code):
        return code
    meant = _NO_CURRENCY.get(code)
    raise UnreadableError(f'"{text}" is no currency code' + (f"; {meant}?" if meant else "; write one such as TWD or USD"))


def _tax_year(text: str) -> int:
    if not re.fullmatch(r"(19|20)[0-9]{2}", text):
        raise UnreadableError(f'"{text}" is no year; write four digits such as 2024')
    return int(text)


def _values(cells: _Cells, kind: Kind | None) -> dict[str, Any]:
    """Return the fields of a row that the line fills in."""
    values: dict[str, Any] = {
        "date": cells.value("date", date),
        "time": cells.value("time", time),
        "currency": cells.value("currency", _currency) or "",
        "to_currency": cells.value("to_currency", _currency) or "",
        "ex_date": cells.value("ex_date", date),
        "tax_year": cells.value("tax_year", _tax_year),
    }
    for column, longest in _LONGEST.items():
        text = cells.cells.get(column, "")
        if len(text) > longest:
            cells.refuse(column, f"is longer than {longest} characters")
        values[column] = text
    if not values["account"] and kind not in EVERY_ACCOUNT:
        values["account"] = cells.account
    for column in NUMBERS:
        value = cells.value(column, number) if column in cells.cells else None
        if value is not None and (value := _size(cells, kind, column, value)) is not None:
            values[column] = value
    return values


def _size(cells: _Cells, kind: Kind | None, column: str, value: Decimal) -> Decimal | None:
    """Return a number that may stand in its column; None, with the reason noted, for one that may not."""
    if value < 0 and (kind, column) not in _MAY_BE_NEGATIVE:
        cells.refuse(column, f'"{cells.cells[column]}" has a minus sign; numbers are positive, the type says the direction')
        return None
    if value == 0 and column not in _MAY_BE_ZERO and kind is not None and kind != Kind.BALANCE:
        # programs write zeros where a column means nothing or is not known
        if column in _NEEDED[kind]:
            cells.refuse(column, "is 0; leave it blank if it is not known")
        return None
    return value


def _check_fields(cells: _Cells, kind: Kind, values: dict[str, Any]) -> None:
    """Note what the type needs and the line lacks. A blank currency has a default, so it is not missed here."""
    filled = {_FIELD_OF.get(column, column) for column, text in cells.cells.items() if text} | {"currency"}
    if values["account"]:
        filled.add("account")
    if not cells.cells.get("date"):
        cells.refuse("date", "is blank")
    for name in missing_fields(kind=kind, filled=filled):
        column = _FILE_NAME_OF.get(name, name)
        cells.refuse(column, f"is blank; a {kind} row needs it")
    if kind == Kind.SPIN_OFF and cells.cells.get("note") and not spin_off_symbol(note=values["note"]):
        cells.refuse("note", "of a SPIN_OFF begins with to:SYMBOL, the instrument that was spun off")


def _check_row(cells: _Cells, row: LedgerRow) -> None:
    if row.date > cells.today:
        cells.refuse("date", f"{row.date} lies in the future")
    if row.kind == Kind.TRANSFER and row.to_account == row.account:
        cells.refuse("to_account", "is the account itself; exchanging inside one account is FX")
    if row.to_amount is not None and not row.to_currency and row.kind == Kind.TRANSFER:
        cells.refuse("to_currency", "is blank, but to_amount is given")
    if row.kind == Kind.SPIN_OFF and spin_off_symbol(note=row.note) == row.symbol:
        cells.refuse("note", f"names {row.symbol} itself as what was spun off from it")


def _warn_of_unused(cells: _Cells, row: LedgerRow, reading: Reading) -> None:
    meant = RULES[row.kind].fields
    for column, text in cells.cells.items():
        if text and _FIELD_OF.get(column, column) not in meant and column not in _NEVER_SURPRISING:
            if column in NUMBERS and getattr(row, column) is None:
                continue
            reading.warnings.append(Problem(row.line, column, f"means nothing in a {row.kind} row; it was kept as written"))
