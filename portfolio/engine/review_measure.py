"""The review's own measure: what each holding still held earned, in price, currency and a share of the year's dividends.

This is the table the household publishes (docs/methods.md 5); it differs on purpose from the contributions that add up
to the return: sold positions, cash, interest, lending rebates and charges are left out, bonds count at clean prices.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from portfolio.engine.bonds import coupons
from portfolio.engine.kinds import CODE, DividendRule, Kind
from portfolio.engine.ledger import Distributions, Floats, Ints
from portfolio.engine.money import is_kind
from portfolio.engine.valuation import Paper, Valuation

YEAR = 365  # days before the end whose ex-dates count


@dataclass(frozen=True, slots=True)
class HoldingGain:
    """Reporting currency; + earned. The three parts run between the two ends of each lot."""

    instrument: int
    price: float
    currency: float
    cross: float
    dividend: float

    @property
    def gain(self) -> float:
        """Everything together."""
        return self.price + self.currency + self.cross + self.dividend


# units, clean value of one unit at the lot's beginning (instrument's currency), rate at its beginning
_Lot = list[float]


def holding_gains(*, valuation: Valuation, first_day: int, last_day: int, rule: DividendRule) -> list[HoldingGain]:
    """Return the measure for every instrument held at the end, over all accounts.

    Units from before the period start at the opening price and rate, units bought inside it at their cost without
    charges; what was sold came first-in-first-out off the opening units.
    """
    found = []
    end = valuation.grid.at(last_day)
    changes = _changes(valuation, first_day)
    for instrument, paper in valuation.papers.items():
        if paper.units[end] <= 0:
            continue
        lots = _lots(valuation, instrument, paper, first_day, changes.get(instrument, []))
        price1, rate1 = float(paper.clean[end]), float(valuation.rate(instrument)[end])
        price = sum(units * (price1 - price0) * rate0 for units, price0, rate0 in lots)
        currency = sum(units * price0 * (rate1 - rate0) for units, price0, rate0 in lots)
        cross = sum(units * (price1 - price0) * (rate1 - rate0) for units, price0, rate0 in lots)
        dividend = _dividend(valuation, instrument, paper, first_day=first_day, last_day=last_day, rule=rule)
        found.append(HoldingGain(instrument, float(price), float(currency), float(cross), dividend))
    return found


def shares(gains: Floats) -> Floats | None:
    """Return each gain over the sum of absolute gains; None when every gain is zero or one is unknown."""
    total = float(np.abs(gains).sum())
    return gains / total if total > 0 else None


def _lots(valuation: Valuation, instrument: int, paper: Paper, first_day: int, changes: list[tuple[int, float]]) -> deque[_Lot]:
    before = valuation.grid.at(first_day) - 1
    rates = valuation.rate(instrument)
    lots: deque[_Lot] = deque()
    if paper.units[before] > 0:
        lots.append([float(paper.units[before]), float(paper.clean[before]), float(rates[before])])
    split_on = dict(paper.split_effects)
    for row, change in changes:
        day = int(valuation.rows.day[row])
        for split_day in [each for each in split_on if first_day <= each <= day]:
            _split(lots, split_on.pop(split_day))
        _apply(valuation, lots, row, change, float(rates[valuation.grid.at(day)]))
    for split_day, ratio in split_on.items():
        if split_day >= first_day:
            _split(lots, ratio)
    return lots


def _changes(valuation: Valuation, first_day: int) -> dict[int, list[tuple[int, float]]]:
    """Return the period's rows that change units or cost, by instrument, in order, with the units they add."""
    rows = valuation.rows
    found = valuation.books.changes.traded_since(first_day)
    lowering = is_kind(rows, Kind.RETURN_OF_CAPITAL, Kind.SPIN_OFF) & (rows.instrument >= 0) & (rows.day >= first_day)
    for row in np.flatnonzero(lowering).tolist():
        mine = found[int(rows.instrument[row])]
        mine.append((row, 0.0))
        mine.sort()
    return found


def _split(lots: deque[_Lot], ratio: float) -> None:
    for lot in lots:
        lot[0] *= ratio
        lot[1] /= ratio


def _apply(valuation: Valuation, lots: deque[_Lot], row: int, change: float, rate: float) -> None:
    money = valuation.money
    kind = valuation.rows.kind[row]
    if change > 0:
        if kind == CODE[Kind.STOCK_DIVIDEND]:
            lots.append([change, 0.0, rate])
        elif kind == CODE[Kind.SPIN_OFF]:
            lots.append([change, float(money.value[row]) / change / rate, rate])
        else:
            lots.append([change, float(money.own_price[row]), float(money.own_rate[row])])
    elif change < 0:
        _take(lots, -change)
    else:
        _lower(lots, float(money.value[row]) / rate)


def _take(lots: deque[_Lot], units: float) -> None:
    while units > 0 and lots:
        gone = min(lots[0][0], units)
        lots[0][0] -= gone
        units -= gone
        if lots[0][0] <= 0:
            lots.popleft()


def _lower(lots: deque[_Lot], amount: float) -> None:
    """Capital that came back, or left with a spin-off, is not lost: the beginning of each lot is lower by its part."""
    units = sum(lot[0] for lot in lots)
    for lot in lots:
        lot[1] -= amount / units


def _dividend(
    valuation: Valuation, instrument: int, paper: Paper, *, first_day: int, last_day: int, rule: DividendRule
) -> float:
    if rule == DividendRule.AS_PAID:
        return _paid(valuation, instrument, first_day)
    end = valuation.grid.at(last_day)
    per_unit = year_of_distributions(valuation=valuation, instrument=instrument, last_day=last_day)
    rate = float(valuation.rate(instrument)[end])
    net = 1.0 - valuation.ledger.instruments[instrument].withholding_rate
    part = 1.0 if rule == DividendRule.WHOLE_YEAR else 0.25
    return part * per_unit * float(paper.units[end]) * net * rate if per_unit else 0.0


def _paid(valuation: Valuation, instrument: int, first_day: int) -> float:
    rows, money = valuation.rows, valuation.money
    mine = is_kind(rows, Kind.DIVIDEND, Kind.COUPON, Kind.PAYMENT_IN_LIEU)
    mine &= (rows.instrument == instrument) & (rows.day >= first_day)
    return float((money.value[mine] - money.charges[mine]).sum())


def year_of_distributions(*, valuation: Valuation, instrument: int, last_day: int) -> float:
    """Return what one unit of the end paid by ex-date in the 365 days up to it, gross, instrument's currency.

    From the market's distributions; a bond's from its contract since issue; where the market has none for the symbol,
    from the ledger's gross payments over the units held before the ex-date (else before the row's date). Amounts from
    before a split are divided by its ratio.
    """
    what = valuation.ledger.instruments[instrument]
    if what.is_bond:
        days, amounts = coupons(bond=what)
    elif instrument in valuation.ledger.distributions:
        announced: Distributions = valuation.ledger.distributions[instrument]
        days, amounts = announced.ex_days, announced.amounts
    else:
        days, amounts = paid_per_unit(valuation, instrument, Kind.DIVIDEND, Kind.PAYMENT_IN_LIEU)
    inside = (days > last_day - YEAR) & (days <= last_day)
    total = 0.0
    for day, amount in zip(days[inside].tolist(), amounts[inside].tolist(), strict=True):
        total += amount / units_since(valuation, instrument, day, last_day)
    return total


def splits_of(valuation: Valuation, instrument: int) -> dict[int, float]:
    """Return every known split, day to ratio: the market's, and the ledger's where the market names none for the day."""
    known = dict(valuation.papers[instrument].splits) if instrument in valuation.papers else {}
    if instrument in valuation.ledger.splits:
        market = valuation.ledger.splits[instrument]
        known |= dict(zip(market.ex_days.tolist(), market.ratios.tolist(), strict=True))
    return known


def units_since(valuation: Valuation, instrument: int, day: int, last_day: int) -> float:
    """Return units of `last_day` per unit of `day`; a distribution on the ex-date of a split is already in new units."""
    ratio = 1.0
    for split_day, each in splits_of(valuation, instrument).items():
        if day < split_day <= last_day:
            ratio *= each
    return ratio


def paid_per_unit(valuation: Valuation, instrument: int, *kinds: Kind) -> tuple[Ints, Floats]:
    """Return ex-date (else date) and gross amount per unit held before it, instrument's currency, of the ledger's rows."""
    rows, money = valuation.rows, valuation.money
    mine = np.flatnonzero(is_kind(rows, *kinds) & (rows.instrument == instrument))
    paper = valuation.papers.get(instrument)
    if paper is None:
        return np.empty(0, np.int64), np.empty(0)
    days = np.where(rows.ex_day[mine] >= 0, rows.ex_day[mine], rows.day[mine])
    held = paper.units[np.maximum(days - 1 - valuation.grid.first, 0)]
    own = valuation.rate(instrument)[rows.day[mine] - valuation.grid.first]
    same = money.cash_rate[mine] == own
    gross = np.where(same, money.gross[mine], money.value[mine] / own)
    known = held > 0
    return days[known], gross[known] / held[known]
