"""Compares a review with the independent computation of the same one, figure by figure. Knows neither's arithmetic."""

from collections.abc import Iterator
from typing import Any

MONEY, RATIO = 0.01, 1e-6

# what names a line of each list; a line that one side lacks must be zero on the other
KEYS = {
    "holdings": ("symbol",),
    "sold": ("symbol",),
    "contributions": ("symbol",),
    "cash": ("account", "currency"),
    "positions": ("account", "symbol"),
    "realised": ("date", "symbol", "quantity"),
    "tracks": ("track",),
    "changes": ("symbol",),
}
# tables by name: a name that one side lacks must be zero on the other too
TABLES = frozenset({"by_kind", "by_symbol"})
RATIOS = frozenset(
    {
        *("time_weighted", "money_weighted", "money_weighted_period", "modified_dietz", "since_year_end", "annualised"),
        *("share", "sum_absolute_of_opening", "contribution", "max_drawdown", "volatility", "weight", "fx_rate"),
        *("quantity", "price", "coverage_actual"),
    }
)
# sentences are each side's own, and the other computation knows of no targets
NOT_COMPARED = frozenset({"warnings", "message", "label", "target", "drift"})


def compared(ours: Any, theirs: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield (path, our figure, their figure) of every figure that both reviews have, and lines that only one has as zero."""
    if path.rsplit(".", 1)[-1] in TABLES:
        for name in sorted({*ours, *theirs}):
            nothing = dict.fromkeys(ours.get(name) or theirs[name], 0.0)
            yield from compared(ours.get(name, nothing), theirs.get(name, nothing), f"{path}[{name}]")
    elif isinstance(theirs, dict):
        for name, value in theirs.items():
            if name in ours and name not in NOT_COMPARED:
                yield from compared(ours[name], value, f"{path}.{name}")
    elif isinstance(theirs, list):
        keys = KEYS[path.rsplit(".", 1)[-1]]
        left, right = _by_key(ours, keys), _by_key(theirs, keys)
        for key in sorted({*left, *right}):
            some = left.get(key) or right[key]
            nothing = {name: 0 if isinstance(value, int | float) else value for name, value in some.items()}
            yield from compared(left.get(key, nothing), right.get(key, nothing), f"{path}[{' '.join(map(str, key))}]")
    else:
        yield path, ours, theirs


def differ(path: str, ours: Any, theirs: Any) -> bool:
    """Say whether two figures are further apart than a cent, or than a millionth for ratios; words must be equal."""
    numbers = (int, float)
    if not isinstance(ours, numbers) or not isinstance(theirs, numbers):
        return bool(ours != theirs)
    return abs(ours - theirs) > (RATIO if path.rsplit(".", 1)[-1] in RATIOS else MONEY)


def _by_key(lines: list[dict[str, Any]], keys: tuple[str, ...]) -> dict[tuple[str, ...], dict[str, Any]]:
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for line in lines:
        key = tuple(f"{line[name]:g}" if isinstance(line[name], float) else str(line[name]) for name in keys)
        # two sales of the same size on one day keep their order
        while key in found:
            key = (*key, "again")
        found[key] = line
    return found
