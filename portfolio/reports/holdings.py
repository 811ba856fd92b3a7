"""What is held on a day: positions, cash and the total. Knows nothing of Django, files or the clock."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from portfolio.engine.ledger import Ledger
from portfolio.engine.periods import iso, to_day
from portfolio.engine.valuation import Valuation, value_ledger
from portfolio.reports.plain import known
from portfolio.reports.review_parts import Cash, Position


@dataclass(frozen=True, slots=True)
class Holdings:
    """The household's wealth at the close of one day."""

    as_of: str  # ISO date
    base_currency: str
    positions: tuple[Position, ...]
    cash: tuple[Cash, ...]
    total: float | None  # reporting currency; None where a price or rate is missing


def build_holdings(*, ledger: Ledger, as_of: dt.date, base: str) -> Holdings:
    """Return what is held at the close of `as_of`, valued in `base`."""
    day = to_day(as_of)
    valuation = value_ledger(ledger=ledger, base=base, first_day=day, last_day=day)
    return Holdings(
        as_of=as_of.isoformat(),
        base_currency=base,
        positions=positions(valuation=valuation),
        cash=cash(valuation=valuation),
        total=known(valuation.wealth[-1]),
    )


def positions(*, valuation: Valuation) -> tuple[Position, ...]:
    """Return every position at the end of a valuation, by account and symbol."""
    total = float(valuation.wealth[-1])
    found = []
    for held in valuation.books.holdings:
        paper, instrument = valuation.papers[held.instrument], valuation.ledger.instruments[held.instrument]
        rate = float(valuation.rate(held.instrument)[-1])
        clean = held.units * float(paper.clean[-1]) * rate
        accrued = held.units * float(paper.accrued[-1]) * rate if paper.accrued is not None else 0.0
        price_day = int(paper.prices.days[-1])
        found.append(
            Position(
                account=valuation.ledger.accounts[held.account],
                symbol=instrument.symbol,
                quantity=held.units,
                price=known(paper.prices.values[-1]),
                price_date=iso(price_day) if price_day >= 0 else None,
                fx_rate=known(rate),
                accrued_interest=known(accrued),
                value=known(clean + accrued),
                weight=known((clean + accrued) / total) if total > 0 else None,
                cost_average=known(held.cost_average),
                cost_fifo=known(held.cost_fifo),
                unrealised_average=known(clean - held.cost_average),
                unrealised_fifo=known(clean - held.cost_fifo),
            )
        )
    return tuple(sorted(found, key=lambda position: (position.account, position.symbol)))


def cash(*, valuation: Valuation) -> tuple[Cash, ...]:
    """Return the cash of every account and currency that ever moved any, zero balances too."""
    moves = valuation.moves
    count = max(len(moves.currencies), 1)
    cells, place = np.unique(moves.account * count + moves.currency, return_inverse=True)
    sums = np.bincount(place, weights=moves.amount) if len(cells) else np.empty(0)
    found = []
    for cell, amount in zip(cells.tolist(), sums.tolist(), strict=True):
        account, currency = divmod(cell, count)
        # sums of binary fractions end in dust beyond any currency's decimals
        exact = round(amount, 8) + 0.0
        rate = float(valuation.cash_rates[currency, -1])
        value = known(exact * rate) if exact else 0.0
        found.append(Cash(valuation.ledger.accounts[account], moves.currencies[currency], exact, value))
    return tuple(sorted(found, key=lambda line: (line.account, line.currency)))
