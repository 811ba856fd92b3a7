"""Numbers and dates as text, made once in Python so that a page never formats the same figure twice.

Knows currencies, signs and the two languages; nothing of reports, requests or templates.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.utils.dates import MONTHS, MONTHS_3
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

Number = float | int | Decimal

MINUS = "\u2212"
NO_BREAK = "\u00a0"
NOTHING = "—"
# as many for 226 as for 32 million: the length of a figure is a figure too
DOTS = "••••••"
WHOLE_CURRENCIES = frozenset({"TWD", "JPY", "KRW", "VND", "IDR", "CLP"})
SIGNS = {"TWD": "NT$", "USD": "US$", "JPY": "¥", "EUR": "€", "GBP": "£"}


def number(value: Number | None, *, decimals: int = 2) -> str:
    """Return a level: a minus where it is negative, never a plus. None and not-a-number are a dash."""
    if is_blank(value):
        return NOTHING
    text = f"{value:,.{decimals}f}"
    return text if text[0] != "-" else _after_minus(text[1:])


def signed(value: Number | None, *, decimals: int = 2) -> str:
    """Return a change: + or − before it, no sign on what rounds to zero. None and not-a-number are a dash."""
    if is_blank(value):
        return NOTHING
    text = f"{value:+,.{decimals}f}"
    if text[0] == "-":
        return _after_minus(text[1:])
    return text if text.strip("+0.,") else text[1:]


def percent(fraction: Number | None, *, decimals: int = 2, unit: bool = True) -> str:
    """Return a fraction as per cent, a level. unit: off where the column's header names it."""
    return _with_unit(number(None if fraction is None else fraction * 100, decimals=decimals), unit)


def signed_percent(fraction: Number | None, *, decimals: int = 2, unit: bool = True) -> str:
    """Return a fraction as per cent, a change."""
    return _with_unit(signed(None if fraction is None else fraction * 100, decimals=decimals), unit)


def basis_points(fraction: Number | None) -> str:
    """Return a fraction in hundredths of a per cent, signed, one decimal, without its unit."""
    return signed(None if fraction is None else fraction * 10_000, decimals=1)


def quantity(value: Number | None) -> str:
    """Return units with as many decimals as they have, four at most."""
    return _trimmed(number(value, decimals=4), least=0)


def price(value: Number | None) -> str:
    """Return a price or a rate with two to four decimals."""
    return _trimmed(number(value, decimals=4), least=2)


def currency_sign(currency: str) -> str:
    """Return what stands before an amount or in a column's header: NT$ for TWD, else the code or its sign."""
    return SIGNS.get(currency, currency)


def tone(text: str) -> str:
    """Return the class of a signed text: `up`, `down`, or nothing for zero, dashes and masks."""
    return {"+": "up", MINUS: "down"}.get(text[:1], "")


def coloured(text: str) -> str:
    """Return a signed text in its direction's colour."""
    name = tone(text)
    # what reaches here was made above of digits, signs and separators
    return mark_safe(f'<span class="{name}">{text}</span>') if name else text  # noqa: S308


class Money:
    """Amounts of one currency as text, shown or masked. The mask hides sign and size; the server never sends them."""

    __slots__ = ("currency", "decimals", "hidden", "mask", "sign")

    def __init__(self, *, currency: str, hidden: bool = False, markup: bool = True) -> None:
        """Keep how amounts are shown. markup: off for places that take bare text, such as titles and drawings."""
        self.currency = currency
        self.hidden = hidden
        self.decimals = 0 if currency in WHOLE_CURRENCIES else 2
        self.sign = currency_sign(currency)
        self.mask = _mask() if hidden and markup else DOTS

    def level(self, value: Number | None) -> str:
        """Return an amount without a plus."""
        return NOTHING if is_blank(value) else self.mask if self.hidden else number(value, decimals=self.decimals)

    def change(self, value: Number | None) -> str:
        """Return an amount with its sign."""
        return NOTHING if is_blank(value) else self.mask if self.hidden else signed(value, decimals=self.decimals)

    def gain(self, value: Number | None) -> str:
        """Return an amount with its sign in its direction's colour."""
        return coloured(self.change(value))

    def rough(self, value: Number | None) -> str:
        """Return an amount's size for a sentence or an axis: 32 萬 in Chinese, NT$324 thousand in English; no sign."""
        if self.hidden or is_blank(value):
            return NOTHING if is_blank(value) else self.mask
        return _in_wan(abs(value), self) if is_chinese() else _in_thousands(abs(value), self)


def from_to(first: Number | None, last: Number | None, money: "Money") -> str:
    """Return two amounts of one size with their unit once: 3,000 → 2,947 萬, NT$30.00 → 29.47 million."""
    words = money.rough(first), money.rough(last)
    (before, _, unit), (after, _, other) = (text.removeprefix(money.sign).partition(NO_BREAK) for text in words)
    if not unit or unit != other:
        return f"{words[0]} → {words[1]}"
    sign = money.sign if words[0].startswith(money.sign) else ""
    return f"{sign}{before} → {after}{NO_BREAK}{unit}"


def day_and_month(date: dt.date | str | None) -> str:
    """Return 3月18日 or 18 March."""
    if not date:
        return NOTHING
    on = _date(date)
    return f"{on.month}月{on.day}日" if is_chinese() else f"{on.day} {MONTHS[on.month]}"


def short_day(date: dt.date | str | None) -> str:
    """Return 3/18 or 18 Mar, for narrow columns."""
    if not date:
        return NOTHING
    on = _date(date)
    return f"{on.month}/{on.day}" if is_chinese() else f"{on.day} {str(MONTHS_3[on.month]).capitalize()}"


def full_date(date: dt.date | str | None) -> str:
    """Return 2025年3月18日 or 18 March 2025."""
    if not date:
        return NOTHING
    on = _date(date)
    return f"{on.year}年{on.month}月{on.day}日" if is_chinese() else f"{on.day} {MONTHS[on.month]} {on.year}"


def month_name(month: int) -> str:
    """Return 3月 or March."""
    return f"{month}月" if is_chinese() else str(MONTHS[month])


def is_blank(value: Number | None) -> bool:
    """Say whether there is no figure: None, or not-a-number, as a total with a blank part is."""
    # only not-a-number differs from itself
    return value is None or value != value  # noqa: PLR0124


def is_chinese() -> bool:
    """Say whether the active language is Chinese."""
    return (get_language() or "").startswith("zh")


def joined(names: Iterable[str]) -> str:
    """Return a list in a sentence: 甲、乙 or A, B and C."""
    found = [str(name) for name in names]
    if is_chinese():
        return "、".join(found)
    return " and ".join(filter(None, (", ".join(found[:-1]), found[-1] if found else "")))


def sentences(parts: Iterable[str]) -> SafeString:
    """Return sentences one after the other, as the language sets them: Chinese without spaces. Parts are escaped."""
    return mark_safe(("" if is_chinese() else " ").join(conditional_escape(part) for part in parts if part))  # noqa: S308


def shares_to_hundred(shares: Iterable[Number | None]) -> list[str]:
    """Return signed shares in per cent, two decimals, rounded so that their sizes add up to 100.00 as the figures do.

    The largest remainders are rounded up. Shares whose sizes do not add up to one are rounded each for itself.
    """
    found = list(shares)
    known = [float(share) for share in found if share is not None]
    if not known or len(known) < len(found) or abs(sum(map(abs, known)) - 1) > 1e-6:
        return [signed_percent(share, unit=False) for share in found]
    units = [int(abs(share) * 10_000 + 1e-9) for share in known]
    by_remainder = sorted(range(len(known)), key=lambda place: units[place] - abs(known[place]) * 10_000)
    for place in by_remainder[: 10_000 - sum(units)]:
        units[place] += 1
    return [signed(unit / 100 if share >= 0 else -unit / 100) for unit, share in zip(units, known, strict=True)]


def _mask() -> SafeString:
    return mark_safe(  # noqa: S308  made of constants and our own catalogue
        f'<span class="mask" aria-hidden="true">{DOTS}</span><span class="vh">{gettext("amount hidden")}</span>'
    )


def _after_minus(digits: str) -> str:
    return MINUS + digits if digits.strip("0.,") else digits


def _with_unit(text: str, unit: bool) -> str:
    return f"{text}{NO_BREAK}%" if unit and text != NOTHING else text


def _trimmed(text: str, *, least: int) -> str:
    if "." not in text:
        return text
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    return f"{whole}.{decimals}" if decimals else whole


def _in_wan(size: Number, money: Money) -> str:
    if size < 10_000:
        return f"{money.sign}{number(size, decimals=money.decimals)}"
    wan = f"{number(size / 10_000, decimals=0)}{NO_BREAK}萬"
    return wan if money.currency == "TWD" else f"{money.sign}{wan}"


def _in_thousands(size: Number, money: Money) -> str:
    if size < 10_000:
        return f"{money.sign}{number(size, decimals=money.decimals)}"
    if size < 1_000_000:
        return f"{money.sign}{number(size / 1_000, decimals=0)}{NO_BREAK}thousand"
    return f"{money.sign}{number(size / 1_000_000)}{NO_BREAK}million"


def _date(date: dt.date | str) -> dt.date:
    return dt.date.fromisoformat(date) if isinstance(date, str) else date
