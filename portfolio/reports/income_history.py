"""Every booking of income with its payer, kind, account and currency, and sums of them by month, quarter or year.

Sold holdings stay in it. Money is in the reporting currency at the pay day's rate. Knows nothing of Django, files or the
clock.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from portfolio.engine.income import income_entries
from portfolio.engine.kinds import Kind
from portfolio.engine.ledger import Ledger
from portfolio.engine.payers import payers_of
from portfolio.engine.periods import iso, months_later, quarter_of, to_day
from portfolio.engine.valuation import Valuation, value_ledger
from portfolio.reports.plain import known, or_nan

LENDING = "lending_rebate"
# what rows stand for, and which stretch of time a column is
SIDES = ("payer", "kind", "account", "currency")
STEPS = ("month", "quarter", "year", "entitled")
COLUMNS = {"month": 12, "quarter": 8}


@dataclass(frozen=True, slots=True)
class PaidEntry:
    """One booking. Lending rebates are a payer of their own, whoever's units were lent."""

    date: str  # the cash's
    entitled: str  # ex-date where known, else the cash's date
    payer: str  # symbol, lending_rebate, or the kind in lower case where no symbol is known
    kind: str
    account: str
    currency: str  # of the cash
    gross: float | None
    tax: float | None
    net: float | None
    is_special: bool


@dataclass(frozen=True, slots=True)
class LendingYield:
    """What lending one holding brought in twelve months, over its value now."""

    symbol: str
    net: float | None
    share: float | None  # a fraction of the holding's value; None where it is no longer held


@dataclass(frozen=True, slots=True)
class IncomeHistory:
    as_of: str
    entries: tuple[PaidEntry, ...]  # by date
    held: frozenset[str]  # symbols held at the end
    lending: tuple[LendingYield, ...]


@dataclass(frozen=True, slots=True)
class TableLine:
    name: str
    cells: tuple[float | None, ...]  # net, one a column
    total: float | None  # of the columns shown


@dataclass(frozen=True, slots=True)
class IncomeTable:
    """Net income by line and stretch of time. columns: 2025-03, 2025-Q1 or 2025, oldest first."""

    columns: tuple[str, ...]
    lines: tuple[TableLine, ...]  # largest first
    totals: tuple[float | None, ...]
    total: float | None


def build_income_history(*, ledger: Ledger, as_of: dt.date, base: str) -> IncomeHistory:
    """Return every booking of income up to a day."""
    day = to_day(as_of)
    valuation = value_ledger(ledger=ledger, base=base, first_day=day, last_day=day)
    entries = income_entries(valuation=valuation, payers=payers_of(valuation=valuation))
    rows = valuation.rows
    found = []
    for entry in entries:
        ex, account, currency = (int(column[entry.row]) for column in (rows.ex_day, rows.account, rows.currency))
        found.append(
            PaidEntry(
                date=iso(entry.day),
                entitled=iso(ex if ex >= 0 else entry.day),
                payer=LENDING if entry.kind == Kind.LENDING_REBATE else entry.payer,
                kind=entry.kind,
                account=ledger.accounts[account] if account >= 0 else "",
                currency=ledger.currencies[currency] if currency >= 0 else "",
                gross=known(entry.gross),
                tax=known(entry.tax),
                net=known(entry.net),
                is_special=entry.is_special,
            )
        )
    held = frozenset(
        ledger.instruments[number].symbol for number, paper in valuation.papers.items() if abs(paper.units[-1]) > 0
    )
    lent = ((entry.payer, entry.net) for entry in entries if entry.kind == Kind.LENDING_REBATE and _in_a_year(entry.day, as_of))
    return IncomeHistory(as_of.isoformat(), tuple(found), held, _lending(valuation, lent))


def trailing_nets(*, history: IncomeHistory, side: str) -> dict[str, float]:
    """Return the net income of the last twelve months by payer, kind, account or currency, largest first."""
    as_of = dt.date.fromisoformat(history.as_of)
    sums: dict[str, float] = defaultdict(float)
    for entry in history.entries:
        if _in_a_year(to_day(dt.date.fromisoformat(entry.date)), as_of):
            sums[getattr(entry, side)] += or_nan(entry.net)
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def net_of_year(*, history: IncomeHistory, year: int) -> float | None:
    """Return the net income received in a calendar year up to the history's day."""
    return known(sum(or_nan(entry.net) for entry in history.entries if entry.date.startswith(f"{year}-")))


def income_table(*, history: IncomeHistory, side: str, step: str) -> IncomeTable:
    """Return net income by line and stretch of time.

    side: payer, kind, account or currency.  step: month (the last twelve), quarter (the last eight), year (all), or
    entitled: all years, by ex-date instead of cash date.
    """
    column_of = _column_of(step)
    columns = _columns(history, step, column_of)
    cells: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for entry in history.entries:
        column = column_of(entry)
        if column in columns:
            cells[getattr(entry, side)][column] += or_nan(entry.net)
    lines = [
        TableLine(name, tuple(known(mine[column]) if column in mine else None for column in columns), known(sum(mine.values())))
        for name, mine in cells.items()
    ]
    totals = tuple(known(sum(mine.get(column, 0.0) for mine in cells.values())) for column in columns)
    return IncomeTable(
        columns=columns,
        lines=tuple(sorted(lines, key=lambda line: -or_nan(line.total))),
        totals=totals,
        total=known(sum(or_nan(each) for each in totals)),
    )


def _column_of(step: str) -> Callable[[PaidEntry], str]:
    if step == "month":
        return lambda entry: entry.date[:7]
    if step == "quarter":
        return lambda entry: quarter_of(dt.date.fromisoformat(entry.date)).label
    if step == "year":
        return lambda entry: entry.date[:4]
    return lambda entry: entry.entitled[:4]


def _columns(history: IncomeHistory, step: str, column_of: Callable[[PaidEntry], str]) -> tuple[str, ...]:
    """Return the stretches up to the day: those without income too, or a gap would look like none."""
    as_of = dt.date.fromisoformat(history.as_of)
    if step == "month":
        return tuple(f"{months_later(as_of.replace(day=1), -back):%Y-%m}" for back in range(COLUMNS[step] - 1, -1, -1))
    if step == "quarter":
        return tuple(quarter_of(months_later(as_of, -3 * back)).label for back in range(COLUMNS[step] - 1, -1, -1))
    first = min((int(column_of(entry)) for entry in history.entries), default=as_of.year)
    return tuple(str(year) for year in range(first, as_of.year + 1))


def _lending(valuation: Valuation, lent: Iterable[tuple[str, float]]) -> tuple[LendingYield, ...]:
    sums: dict[str, float] = defaultdict(float)
    for payer, net in lent:
        sums[payer] += net
    values = {
        valuation.ledger.instruments[number].symbol: float(paper.units[-1] * paper.dirty[-1] * valuation.rate(number)[-1])
        for number, paper in valuation.papers.items()
        if paper.units[-1] > 0
    }
    return tuple(
        LendingYield(symbol, known(net), known(net / values[symbol]) if symbol in values else None)
        for symbol, net in sorted(sums.items())
        if symbol != LENDING
    )


def _in_a_year(day: int, as_of: dt.date) -> bool:
    return to_day(months_later(as_of, -12)) < day <= to_day(as_of)
