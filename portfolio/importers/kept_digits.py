"""Numbers with more digits than money has, as programs that count in floats print them. Pure; knows no format."""

import re
from decimal import Context, Decimal

from portfolio.importers.broker_values import money
from portfolio.written_values import DECIMALS, SIGNIFICANT_DIGITS, UnreadableError

# printed from a float or an exponent; anything else is for `money` alone to judge
_LONG = re.compile(r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,60})?|\.[0-9]{1,60})(?:[eE][+-]?[0-9]{1,2})?")
_STEP = Decimal(1).scaleb(-DECIMALS)
_WIDE = Context(prec=120)


def rounded_money(text: str) -> Decimal | None:
    """Return the number of a cell, rounded to what the tables keep; None where it is blank. Raises UnreadableError."""
    bare = text.strip()
    if len(bare) <= DECIMALS or not _LONG.fullmatch(bare):
        return money(text, exponents=True)
    value = kept(Decimal(bare))
    if value.adjusted() >= SIGNIFICANT_DIGITS - 1:
        raise UnreadableError(f'"{bare[:40]}" is too large')
    return value


def kept(value: Decimal) -> Decimal:
    """Return a number at the precision of the tables: ten decimals, fifteen digits in all."""
    digits = value.as_tuple()
    if -int(digits.exponent) > DECIMALS:
        value = value.quantize(_STEP, context=_WIDE)
    return value if len(digits.digits) <= SIGNIFICANT_DIGITS else Context(prec=SIGNIFICANT_DIGITS).plus(value)
