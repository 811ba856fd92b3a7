"""Arithmetic as people type it into a number field: `3*1200+50`. Exact decimals; runs no code and knows no fields."""

import ast
import operator
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, DecimalException

LONGEST = 80  # characters; a figure, not a program
SIGNIFICANT_DIGITS = 15  # what the database keeps exactly

_STEPS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-", "–": "-", "’": ",", "，": ","})
# 1,234,567.89 but not 12,5, which could mean 12.5
_GROUPED = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+)(?![\d,])")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")


class NotANumberError(ValueError):
    """The text is no sum of numbers; `text` is what was read."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” is not a number")
        self.text = text


def calculate(text: str) -> Decimal:
    """Return the value of a number or of + − × ÷ and brackets between numbers.

    Full-width digits and grouping commas are read; a comma in any other place is refused, as it may be a decimal one.
    A single number is kept as typed; the result of a sum is cut to 15 significant digits. Raises NotANumberError.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_SIGNS)).strip()
    plain = _GROUPED.sub(lambda found: found[1].replace(",", ""), plain)
    if not plain or len(plain) > LONGEST or not re.fullmatch(r"[\d.+\-*/() ]+", plain) or "**" in plain or "//" in plain:
        raise NotANumberError(text)
    try:
        if _NUMBER.fullmatch(plain):
            return Decimal(plain)
        value = _value(ast.parse(_without_leading_zeros(plain), mode="eval").body, text)
    except (SyntaxError, DecimalException, RecursionError) as error:
        raise NotANumberError(text) from error
    return value if _is_short(value) else _cut(value)


def _value(node: ast.expr, text: str) -> Decimal:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        # Decimal(repr(0.1)) is 0.1: fifteen digits survive a float's own notation
        return Decimal(repr(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = _value(node.operand, text)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp) and type(node.op) in _STEPS:
        return _STEPS[type(node.op)](_value(node.left, text), _value(node.right, text))
    raise NotANumberError(text)


def _without_leading_zeros(text: str) -> str:
    """Python refuses 007; people write it."""
    return re.sub(r"(?<![\d.])0+(?=\d)", "", text)


def _is_short(value: Decimal) -> bool:
    return len(value.normalize().as_tuple().digits) <= SIGNIFICANT_DIGITS


def _cut(value: Decimal) -> Decimal:
    return Decimal(f"{value:.{SIGNIFICANT_DIGITS - 1}e}")
