"""Figures as a sentence shows them: grouped, with a real minus, as many decimals as the currency has. Knows no rows."""

from decimal import Decimal

from portfolio.engine.currencies import money_step

MINUS = "\N{MINUS SIGN}"


def figure(value: Decimal) -> str:
    """Return units or a price with grouping and no idle zeros."""
    return f"{value.normalize():,f}".replace("-", MINUS)


def money(amount: Decimal, currency: str) -> str:
    """Return an amount with the decimals of its currency."""
    return f"{amount:,.{-_exponent(currency)}f}".replace("-", MINUS)


def percent(fraction: Decimal) -> str:
    """Return a fraction as a percentage without idle zeros."""
    return f"{figure(fraction * 100)}\N{NO-BREAK SPACE}%"


def plain(value: Decimal | None) -> str:
    """Return a number as a field holds it: no grouping, no exponent, no idle zeros."""
    return "" if value is None else f"{value.normalize():f}"


def money_plain(amount: Decimal | None, currency: str) -> str:
    """Return an amount as a field holds it, with at least the decimals of its currency."""
    text = plain(amount)
    decimals = len(text.partition(".")[2])
    return text if amount is None or decimals >= -_exponent(currency) else f"{amount:.{-_exponent(currency)}f}"


def _exponent(currency: str) -> int:
    return int(money_step(currency).as_tuple().exponent)
