"""Rows of one file that belong together: a tax and its payment, a row and the one that takes it back. Pure; knows no format."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

P = TypeVar("P")
T = TypeVar("T")


def taxes_with_payments(
    *,
    payments: Iterable[P],
    taxes: Iterable[T],
    payment_key: Callable[[P], Hashable],
    tax_key: Callable[[T], Hashable],
    paid: Callable[[P], Decimal],
    withheld: Callable[[T], Decimal],
) -> list[tuple[P, T]]:
    """Return each payment with its tax, one tax for each at most; both in the file's order, sizes are positive.

    Where there are as many of one as of the other, the larger tax goes to the larger payment, however the file is
    sorted. A tax that is not less than its payment stays alone.
    """
    waiting: dict[Hashable, list[P]] = defaultdict(list)
    for payment in payments:
        waiting[payment_key(payment)].append(payment)
    groups: dict[Hashable, list[T]] = defaultdict(list)
    for tax in taxes:
        groups[tax_key(tax)].append(tax)
    found: list[tuple[P, T]] = []
    for key, group in groups.items():
        places = waiting.get(key, [])
        if len(places) == len(group):
            places = sorted(places, key=paid)
            group.sort(key=withheld)
        found.extend((payment, tax) for payment, tax in zip(places, group, strict=False) if withheld(tax) < paid(payment))
    return found


def one_opposite(row: T, candidates: Sequence[T], *, is_opposite: Callable[[T, T], bool]) -> T | None:
    """Return the one candidate that a row takes back; None where there is none or more than one."""
    found = [each for each in candidates if is_opposite(row, each)]
    return found[0] if len(found) == 1 else None
