"""Amounts on axes and beside bars: short, and as a part of the salary where amounts are hidden."""

from portfolio import formatting as show
from portfolio.formatting import Money
from portfolio.views.income_drawings import Wording


def wording(*, money: Money, whole: float | None) -> Wording:
    """Return how a drawing words its levels. whole: the salary that hidden amounts are parts of, where one is set."""
    bare = Money(currency=money.currency, hidden=money.hidden, markup=False)
    if not money.hidden:
        return Wording(lambda level: _short(level, bare), bare.level, 1.0)
    if not whole:
        return Wording(lambda _level: "", lambda _amount: "", 1.0)

    def part(amount: float) -> str:
        return show.percent(amount / whole, decimals=0)

    return Wording(part, part, whole)


def _short(level: float, money: Money) -> str:
    if show.is_chinese():
        return money.rough(level)
    if level >= 1_000_000:
        return f"{show.number(level / 1_000_000, decimals=2).rstrip('0').rstrip('.')}m"
    if level >= 1_000:
        return f"{show.number(level / 1_000, decimals=0 if level % 1_000 == 0 else 1)}k"
    return show.number(level, decimals=0)
