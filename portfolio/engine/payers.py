"""Who pays when and how much: a payer's rhythm, its regular amount and its specials, from its own history per unit.

Everything is judged by what was known on a day, so a later payment never changes how an earlier one was seen.
Source of the rules: docs/methods.md 7.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

import numpy as np

from portfolio.engine.kinds import Kind
from portfolio.engine.money import is_kind
from portfolio.engine.periods import months_later, to_date, to_day
from portfolio.engine.review_measure import paid_per_unit, units_since
from portfolio.engine.valuation import Valuation

# what counts as the same rhythm: days between ex-dates up to which it is monthly, quarterly, half-yearly, yearly
_RHYTHMS = ((45, 12), (136, 4), (273, 2), (455, 1))
REMEMBERED = 9  # amounts that say what is usual
_LONGEST_LAG = 60  # days from an ex-date in which a payment is taken for its
LAPSED = 2.0  # gaps without a payment after which a payer is not expected to pay again


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a payer pays, as known on a day."""

    a_year: int  # payments
    months: int  # between them; 0 where no calendar rhythm fits, then `gap` counts
    gap: float  # median days between regular ex-dates
    is_regular: bool


@dataclass(frozen=True)
class Payer:
    """The history of one instrument's distributions, per unit as held at the end of the valuation."""

    symbol: str
    ex_days: list[int]
    amounts: list[float]  # gross, instrument's currency
    pay_days: list[int]  # known or by the payer's own usual lag
    noted_special: list[bool]

    @cached_property
    def special(self) -> list[bool]:
        """Say which payments were out of the ordinary when they came."""
        found: list[bool] = []
        regular: list[int] = []
        for place in range(len(self.ex_days)):
            odd = self.noted_special[place] or self._is_odd(place, regular)
            found.append(odd)
            if not odd:
                regular.append(place)
        return found

    def _is_odd(self, place: int, regular: list[int]) -> bool:
        """Say whether a payment comes too soon with an odd amount, or is above three times the usual at any date."""
        if len(regular) < 2:
            return False
        usual = median(self.amounts[each] for each in regular[-REMEMBERED:])
        days = [self.ex_days[each] for each in regular[-REMEMBERED - 1 :]]
        gap = median(late - early for early, late in pairwise(days))
        amount = self.amounts[place]
        too_soon = self.ex_days[place] - days[-1] < gap / 2
        return (too_soon and not usual / 2 <= amount <= usual * 2) or amount > 3 * usual

    def regular_until(self, day: int) -> list[int]:
        """Return the places of regular payments with an ex-date on or before a day."""
        return [place for place in range(bisect_right(self.ex_days, day)) if not self.special[place]]

    def rhythm(self, day: int) -> Rhythm | None:
        """Return the rhythm as known on a day; two payments make one; None before, and once the payer has lapsed."""
        places = self.regular_until(day)
        if len(places) < 2:
            return None
        days = [self.ex_days[place] for place in places[-REMEMBERED:]]
        gaps = [late - early for early, late in pairwise(days)]
        gap = float(median(gaps))
        if day - days[-1] > LAPSED * gap:
            return None
        a_year = next((count for most, count in _RHYTHMS if gap <= most), 0)
        near = sum(gap / 2 <= each <= gap * 1.5 for each in gaps)
        is_regular = a_year > 0 and gap > 20 and near >= 2 * len(gaps) / 3
        return Rhythm(a_year, 12 // a_year, gap, is_regular) if is_regular else Rhythm(round(365 / max(gap, 1)), 0, gap, False)

    def regular_amount(self, day: int) -> float:
        """Return the amount expected next: the last where the last two are equal, else the mean of six months'.

        At least two amounts make the mean, however old.
        """
        places = self.regular_until(day)
        last = [self.amounts[place] for place in places[-2:]]
        if last[0] == last[-1]:
            return last[-1]
        since = to_day(months_later(to_date(day), -6))
        recent = [self.amounts[place] for place in places if self.ex_days[place] > since]
        return sum(recent) / len(recent) if len(recent) >= 2 else sum(last) / len(last)

    def was_special(self, day: int) -> bool:
        """Say whether the payment of an ex-date was special; of a pay date, the last one that went ex before it."""
        place = bisect_right(self.ex_days, day) - 1
        return place >= 0 and day - self.ex_days[place] <= _LONGEST_LAG and self.special[place]

    def announced(self, day: int) -> list[int]:
        """Return the places of regular payments that went ex on or before a day and are paid after it."""
        return [place for place in self.regular_until(day) if self.pay_days[place] > day]

    def year_ahead(self, day: int) -> float:
        """Return what one unit is expected to pay in the twelve months after a day, gross; 0 without a rhythm."""
        announced = [self.amounts[place] for place in self.announced(day)]
        rhythm = self.rhythm(day)
        if rhythm is None:
            return sum(announced)
        return sum(announced) + max(rhythm.a_year - len(announced), 0) * self.regular_amount(day)

    @cached_property
    def change_days(self) -> list[int]:
        """Return every day on which what is expected may change: ex-dates, pay dates, amounts that grow old, lapses."""
        found = {*self.ex_days, *(day + 1 for day in self.ex_days), *self.pay_days}
        for day in self.ex_days:
            found.update(around_months_later(day, 6))
            rhythm = self.rhythm(day)
            if rhythm is not None:
                found.add(day + int(LAPSED * rhythm.gap) + 1)
        return sorted(found)

    def is_steady(self, day: int) -> bool:
        """Say whether the last two regular amounts are equal."""
        last = [self.amounts[place] for place in self.regular_until(day)[-2:]]
        return len(last) == 2 and last[0] == last[1]

    @cached_property
    def lag(self) -> int | None:
        """Return the usual days from ex-date to pay date; None without any known."""
        known = [pay - ex for pay, ex in zip(self.pay_days, self.ex_days, strict=True) if pay >= 0]
        return round(median(known)) if known else None


def around_months_later(day: int, months: int) -> list[int]:
    """Return the days on which a window of months may pass a day: months end unequally, so a few are named."""
    date = to_day(months_later(to_date(day), months))
    return list(range(date, date + 4))


def weekdays_later(day: int, count: int) -> int:
    """Return the day that lies some weekdays later."""
    return int(np.busday_offset(np.datetime64(day, "D"), count, roll="backward").astype(np.int64))


def payers_of(*, valuation: Valuation) -> dict[int, Payer]:
    """Return the payments with an ex-date up to the valuation's end of everything that was ever held and ever paid.

    From the market's distributions, else from the ledger's dividend rows. Where the market names no pay date the ledger's
    own row for the ex-date does, else the payer's usual lag, else five weekdays.
    """
    booked = _booked(valuation)
    found = {}
    for instrument in valuation.papers:
        if not valuation.ledger.instruments[instrument].is_bond:
            payer = _payer(valuation, instrument, booked.get(instrument, {}))
            if payer is not None:
                found[instrument] = payer
    return found


def _payer(valuation: Valuation, instrument: int, booked: dict[int, tuple[int, bool]]) -> Payer | None:
    last = valuation.grid.last
    announced = valuation.ledger.distributions.get(instrument)
    if announced is not None:
        entries = list(zip(announced.ex_days.tolist(), announced.amounts.tolist(), announced.pay_days.tolist(), strict=True))
    else:
        days, amounts = paid_per_unit(valuation, instrument, Kind.DIVIDEND)
        merged: dict[int, float] = {}
        for day, amount in zip(days.tolist(), amounts.tolist(), strict=True):
            merged[day] = merged.get(day, 0.0) + amount
        entries = [(day, amount, -1) for day, amount in sorted(merged.items())]
    entries = [entry for entry in entries if entry[0] <= last]
    if not entries:
        return None
    ex_days = [entry[0] for entry in entries]
    pay_days = [pay if pay >= 0 else booked.get(ex, (-1, False))[0] for ex, _, pay in entries]
    lag = Payer("", ex_days, [], pay_days, []).lag
    return Payer(
        symbol=valuation.ledger.instruments[instrument].symbol,
        ex_days=ex_days,
        amounts=[amount / units_since(valuation, instrument, ex, last) for ex, amount, _ in entries],
        pay_days=[
            pay if pay >= 0 else (ex + lag if lag is not None else weekdays_later(ex, 5))
            for ex, pay in zip(ex_days, pay_days, strict=True)
        ],
        noted_special=[booked.get(ex, (-1, False))[1] for ex in ex_days],
    )


def _booked(valuation: Valuation) -> dict[int, dict[int, tuple[int, bool]]]:
    """Return pay day and whether its note calls it special of every dividend row, by instrument and ex-date (else date)."""
    rows = valuation.rows
    found: dict[int, dict[int, tuple[int, bool]]] = {}
    for row in np.flatnonzero(is_kind(rows, Kind.DIVIDEND) & (rows.instrument >= 0)).tolist():
        day, ex = int(rows.day[row]), int(rows.ex_day[row])
        found.setdefault(int(rows.instrument[row]), {})[ex if ex >= 0 else day] = (day, bool(rows.special[row]))
    return found
