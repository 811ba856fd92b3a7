"""Names of securities: which text is a CUSIP or an ISIN, and which known instrument a file means. Pure; knows no tables.

Names are compared whole, never by likeness: a wrong instrument is worse than a question.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from portfolio.importers.rows import Security

_CUSIP = re.compile(r"[0-9]{3}[0-9A-Z]{5}[0-9]|[A-Z][0-9A-Z]{7}[0-9]")
_ISIN = re.compile(r"[A-Z]{2}[0-9A-Z]{9}[0-9]")
_NUMBER = re.compile(r"[+-]?[0-9.,]+(E[+-]?[0-9]+)?")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_MONTH = r"(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
# what a spreadsheet makes of a ticker such as MAR1, SEPT or TRUE
_MANGLED = re.compile(
    rf"TRUE|FALSE|#N/A|#NAME\?|[0-9]{{1,4}}[-/][0-9]{{1,2}}([-/][0-9]{{1,4}})?|[0-9]{{1,2}}-{_MONTH}|{_MONTH}-[0-9]{{1,2}}"
)


def is_cusip(text: str) -> bool:
    """Say whether a text has nine characters with the right check digit."""
    return bool(_CUSIP.fullmatch(text)) and _cusip_digit(text[:8]) == text[8]


def _cusip_digit(text: str) -> str:
    total = 0
    for place, character in enumerate(text):
        value = int(character, 36) * (2 if place % 2 else 1)
        total += value // 10 + value % 10
    return str(-total % 10)


def is_isin(text: str) -> bool:
    """Say whether a text has twelve characters with the right check digit."""
    if not _ISIN.fullmatch(text):
        return False
    digits = "".join(str(int(character, 36)) for character in text)
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def isin_of(cusip: str, *, country: str = "US") -> str:
    """Return the ISIN that a country's agency makes from a CUSIP."""
    stem = country + cusip
    return next((stem + digit for digit in "0123456789" if is_isin(stem + digit)), "")


def cusip_cell(text: str) -> str:
    """Return the CUSIP in a cell; "" where a spreadsheet has destroyed it or the check digit is wrong.

    Zeros that a spreadsheet took from the front come back, since the check digit proves them.
    """
    text = text.strip().upper()
    if not text or _SCIENTIFIC.fullmatch(text):
        return ""
    padded = text.zfill(9) if text.isdigit() and 5 <= len(text) < 9 else text
    return padded if is_cusip(padded) else ""


def looks_mangled(symbol: str) -> bool:
    """Say whether a symbol may be what a spreadsheet made of another: a number, a date or a truth value."""
    text = symbol.strip().upper()
    return bool(_MANGLED.fullmatch(text) or _NUMBER.fullmatch(text))


@dataclass(frozen=True, slots=True)
class Known:
    """An instrument as the household has it."""

    symbol: str
    isin: str = ""
    name: str = ""
    type: str = ""
    price_unit: Decimal = Decimal(1)
    withholding_rate: Decimal | None = None
    coupon_rate: Decimal | None = None


@dataclass(slots=True)
class Instruments:
    """Everything that is known, by each of its names. `remembered`: (account, text in a file) -> symbol; "" is any account."""

    by_symbol: dict[str, Known] = field(default_factory=dict)
    by_isin: dict[str, str] = field(default_factory=dict)
    by_cusip: dict[str, str] = field(default_factory=dict)
    remembered: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def add(self, known: Known) -> None:
        """Take up an instrument; the first one with an id keeps it."""
        self.by_symbol[known.symbol] = known
        if known.isin:
            self.by_isin.setdefault(known.isin, known.symbol)
            self.by_cusip.setdefault(known.isin[2:11], known.symbol)
        if is_cusip(known.symbol):
            self.by_cusip.setdefault(known.symbol, known.symbol)
        if is_isin(known.symbol):
            self.by_isin.setdefault(known.symbol, known.symbol)

    def meant(self, *, symbol: str, account: str, security: Security) -> str:
        """Return the household's symbol for what a file calls `symbol`; the file's own where nothing else is known.

        What a person has answered comes first, then the symbol itself, then ISIN and CUSIP.
        """
        for name in filter(None, (symbol, security.isin, security.cusip, security.name)):
            for place in (account, ""):
                if answered := self.remembered.get((place, folded(name))):
                    return answered
        if symbol in self.by_symbol:
            return symbol
        if (isin := security.isin or (symbol if is_isin(symbol) else "")) and isin in self.by_isin:
            return self.by_isin[isin]
        cusip = security.cusip or (symbol if is_cusip(symbol) else "") or security.isin[2:11]
        return self.by_cusip.get(cusip, symbol)


def folded(name: str) -> str:
    """Return a name as it is compared: without case and repeated spaces."""
    return " ".join(name.split()).casefold()
