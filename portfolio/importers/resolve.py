"""Rows meet what is known of instruments and accounts: blank currencies are filled in, contradictions are refused. Pure.

Knows no tables; what is known comes in as plain values.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType

from portfolio.engine.kinds import TRADES, InstrumentType, Kind, cash_currency
from portfolio.engine.row_rules import spin_off_symbol
from portfolio.engine.trade_arithmetic import TOLERANCE, relative_difference
from portfolio.importers.rows import LedgerRow, Problem, Security
from portfolio.written_values import plain

_ONE, _HUNDREDTH = Decimal(1), Decimal("0.01")
_NOTHING_SAID: Mapping[str, Security] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class KnownInstrument:
    """What a row needs to know of its instrument."""

    currency: str  # of its closes; may be a minor unit such as GBp
    price_unit: Decimal = _ONE  # value of one unit = price x price_unit


@dataclass(slots=True)
class Books:
    """What the household has: instruments by symbol, and the currency of each account by name ("" where unknown)."""

    instruments: dict[str, KnownInstrument] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Resolved:
    """Rows that can be stored, and what had to be made up for them."""

    rows: list[LedgerRow] = field(default_factory=list)
    rejected: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    new_instruments: dict[str, str] = field(default_factory=dict)  # symbol: currency
    new_accounts: dict[str, str] = field(default_factory=dict)  # name: currency


def resolve(*, rows: Iterable[LedgerRow], books: Books, securities: Mapping[str, Security] = _NOTHING_SAID) -> Resolved:
    """Return the rows with their currencies, checked against instruments and accounts.

    securities: what the file says of instruments, by symbol.
    An unknown account gets the currency of its first row that has one, an unknown symbol that of its own.
    """
    rows = list(rows)
    resolved = Resolved()
    known = Books(dict(books.instruments), dict(books.accounts))
    _add_accounts(rows, known, resolved)
    _add_instruments(rows, known, resolved, securities)
    for row in rows:
        full = row if row.currency else replace(row, currency=default_currency(row, known))
        problem = _lacks(full, known) or _contradicts(full, known)
        if problem:
            resolved.rejected.append(problem)
        else:
            resolved.rows.append(full)
    return resolved


def default_currency(row: LedgerRow, books: Books) -> str:
    """Return the currency of a row's cash where it names none: the instrument's, else the account's; "" if unknown."""
    instrument = books.instruments.get(row.symbol)
    if instrument is not None:
        return cash_currency(instrument.currency)[0]
    return books.accounts.get(row.account, "")


def _add_accounts(rows: list[LedgerRow], known: Books, resolved: Resolved) -> None:
    for row in rows:
        own = row.currency or default_currency(row, known)
        for name, currency in ((row.account, own), (row.to_account, row.to_currency or own)):
            if not name:
                continue
            if name not in known.accounts:
                _warn_of_likeness(name, row, known, resolved)
                resolved.new_accounts[name] = ""
                known.accounts[name] = ""
            if name in resolved.new_accounts and not known.accounts[name]:
                resolved.new_accounts[name] = known.accounts[name] = currency


def _warn_of_likeness(name: str, row: LedgerRow, known: Books, resolved: Resolved) -> None:
    """Say when a new account is named almost like another: two accounts by a slip of the key split one ledger."""
    alike = next((other for other in known.accounts if _bare(other) == _bare(name)), None)
    if alike is not None:
        words = f"“{name}” becomes a new account, though there is “{alike}”; is it meant?"
        resolved.warnings.append(Problem(row.line, "account", words, "similar_account"))


def _bare(name: str) -> str:
    return "".join(name.split()).casefold()


def _add_instruments(rows: list[LedgerRow], known: Books, resolved: Resolved, securities: Mapping[str, Security]) -> None:
    first: dict[str, LedgerRow] = {}
    currencies: dict[str, str] = {}
    for row in rows:
        child = spin_off_symbol(note=row.note) if row.kind == Kind.SPIN_OFF else ""
        for symbol in (row.symbol, child):
            if symbol and symbol not in known.instruments:
                first.setdefault(symbol, row)
                # what was spun off is worth the same money as what it came from
                own = row.currency or currencies.get(row.symbol) or default_currency(row, known)
                currencies[symbol] = currencies.get(symbol) or own
    for symbol, row in first.items():
        said = securities.get(symbol, Security())
        currency = said.currency or currencies[symbol]
        if currency:
            known.instruments[symbol] = KnownInstrument(currency, said.price_unit or _ONE)
            resolved.new_instruments[symbol] = currency
            what = "a bond quoted per 100" if said.type == InstrumentType.BOND else "a share"
            words = f"there is no instrument {symbol}: it becomes {what} in {currency}; look it over"
            if said.type == InstrumentType.BOND and (said.coupon_rate is None or said.maturity_date is None):
                words += ": its coupon or its maturity is missing"
            resolved.warnings.append(Problem(row.line, "symbol", words, "unknown_symbol"))


def _lacks(row: LedgerRow, known: Books) -> Problem | None:
    if row.symbol and row.symbol not in known.instruments:
        return Problem(
            row.line, "symbol", f"there is no instrument {row.symbol}, and no currency to enter it with; import it first"
        )
    child = spin_off_symbol(note=row.note) if row.kind == Kind.SPIN_OFF else ""
    if child and child not in known.instruments:
        return Problem(row.line, "note", f"there is no instrument {child}, and no currency to enter it with; import it first")
    moves_cash = row.kind in TRADES or row.amount is not None or row.fee or row.tax
    if moves_cash and not row.currency:
        return Problem(row.line, "currency", "is blank, and neither an instrument nor the account says which it is")
    if row.kind == Kind.FX and row.currency == row.to_currency:
        return Problem(row.line, "to_currency", f"is {row.currency} as well; an exchange is between two currencies")
    if row.kind == Kind.TRANSFER and row.to_currency not in {"", row.currency} and row.to_amount is None:
        return Problem(row.line, "to_amount", f"is blank; how much {row.to_currency} arrived?")
    return None


def _contradicts(row: LedgerRow, known: Books) -> Problem | None:
    """Refuse a trade whose amount is not what its quantity and price make."""
    if row.kind not in TRADES or row.quantity is None or row.price is None or row.amount is None:
        return None
    instrument = known.instruments[row.symbol]
    exchange = _exchange(row, instrument)
    if exchange is None:
        return None
    expected = row.quantity * row.price * instrument.price_unit * exchange
    off = relative_difference(
        quantity=row.quantity, price=row.price, amount=row.amount, price_unit=instrument.price_unit, exchange=exchange
    )
    if off <= TOLERANCE:
        return None
    parts = "quantity × price" + (" × fx_rate" if exchange != _ONE else "")
    words = (
        f"{plain(row.amount)} differs by {off:.1%} from {parts} = {plain(round(expected, 4))}; at most 0.5 % may be rounding"
    )
    if instrument.price_unit == _ONE and abs(row.amount - expected * _HUNDREDTH) <= expected * _HUNDREDTH * TOLERANCE:
        words += f". Is {row.symbol} quoted per 100? Then import it first as a BOND, or with price_unit 0.01"
    return Problem(row.line, "amount", words)


def _exchange(row: LedgerRow, instrument: KnownInstrument) -> Decimal | None:
    """Return cash currency per 1 unit of the instrument's; None where only a stored rate could say."""
    if row.currency == instrument.currency:
        return _ONE
    if row.fx_rate is not None:
        return row.fx_rate
    return _HUNDREDTH if cash_currency(instrument.currency)[0] == row.currency else None
