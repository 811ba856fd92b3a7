"""Figures in the admin's lists: set to the right, grouped, a dash where there is none. Knows no tables."""

from decimal import Decimal

from django.utils.html import format_html

from portfolio.entry.wording import figure, money, percent

DASH = "—"


def to_the_right(text: str) -> str:
    """Return a figure as its column shows it."""
    return format_html('<span class="figure">{}</span>', text)


def number(value: Decimal | None) -> str:
    """Return units, a price or a rate."""
    return to_the_right(DASH if value is None else figure(value))


def amount(value: Decimal | None, currency: str) -> str:
    """Return money in a column that names no currency."""
    return to_the_right(DASH if value is None else money(value, currency))


def move(value: Decimal, currency: str) -> str:
    """Return money that came or went, with its sign and currency."""
    sign = "+" if value > 0 else ""
    return to_the_right(f"{sign}{money(value, currency)} {currency}")


def share(value: Decimal | None) -> str:
    """Return a fraction as a percentage."""
    return to_the_right(DASH if value is None else percent(value))
