"""Prices of Treasuries that nobody quotes, computed from the US Treasury's daily par yields. They are models, not closes.

The yields are those of a bond that would trade at par at each maturity; the curve through them discounts the bond's own
payments. QuantLib computes. Knows no tables.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np

from portfolio.engine.bonds import accrued_interest, coupons, quantlib_date
from portfolio.engine.kinds import InstrumentType
from portfolio.engine.ledger import Instrument
from portfolio.engine.periods import to_date, to_day
from portfolio.market_data.answers import Answer, Asked, BondTerms, Close, NotMineError, PassingError, SourceError

HOME = "https://home.treasury.gov"
_PATH = "/resource-center/data-chart-center/interest-rates/daily-treasury-rates.csv/{year}/all"
_QUERY = "type=daily_treasury_yield_curve&field_tdr_date_value={year}&page&_format=csv"
_TENOR = re.compile(r"([\d.]+) (Mo|Month|Yr)s?", re.IGNORECASE)
# up to here there is no coupon before maturity, so a yield is simple interest
_SHORT_MONTHS = 6

Curve = Mapping[float, float]  # months to maturity: par yield a year, as a fraction


class FaultyCurveError(ValueError):
    """A file of yields cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class TreasurySource:
    """The Treasury's own web site, or another address that answers as it does."""

    address: str = ""
    timeout: float = 20.0

    def fetch(self, asked: Asked) -> Answer:
        """Return a modelled clean price per 100 for each day that has a curve. Raises SourceError."""
        if asked.bond is None:
            raise NotMineError(f"{asked.symbol} has no coupon rate and maturity, so no curve can price it.")
        closes = []
        for year in range(asked.start.year, asked.end.year + 1):
            curves = read_curves(self._file(year))
            closes.extend(
                Close(date, clean_price(terms=asked.bond, curve=curve, date=date))
                for date, curve in curves.items()
                if asked.start <= date <= asked.end and date < asked.bond.maturity_date
            )
        return Answer(sorted(closes, key=lambda close: close.date), currency="USD")

    def _file(self, year: int) -> str:
        import requests  # noqa: PLC0415  only a Treasury without a price asks

        url = f"{self.address.rstrip('/') or HOME}{_PATH.format(year=year)}?{_QUERY.format(year=year)}"
        try:
            answer = requests.get(url, timeout=self.timeout)
        except requests.RequestException as error:
            raise PassingError(f"The US Treasury could not be reached for {year}: {type(error).__name__}.") from error
        if answer.status_code == 429 or answer.status_code >= 500:
            raise PassingError(f"The US Treasury's server failed on {year} (status {answer.status_code}).")
        if answer.status_code != 200:
            raise SourceError(f"The US Treasury has no yields of {year} (status {answer.status_code}).")
        return answer.text


def read_curves(text: str) -> dict[dt.date, Curve]:
    """Return the curves of a file as the Treasury writes it: a date, then a yield in per cent per maturity; by date.

    Raises SourceError.
    """
    try:
        return dict(_curves(text))
    except FaultyCurveError as error:
        raise SourceError(f"The US Treasury's file is not understood: {error}.") from error


@lru_cache(maxsize=16)
def _curves(text: str) -> tuple[tuple[dt.date, Curve], ...]:
    # several bonds read the same year
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or not rows[0] or rows[0][0].strip().lower() != "date":
        raise FaultyCurveError("the first line does not begin with Date")
    tenors = [_months(name) for name in rows[0][1:]]
    found = []
    for line, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        try:
            month, day, year = map(int, row[0].split("/"))
            date = dt.date(year, month, day)
            curve = {tenor: float(cell) / 100 for tenor, cell in zip(tenors, row[1:], strict=False) if tenor and cell.strip()}
        except ValueError as error:
            raise FaultyCurveError(f"line {line}: {error}") from error
        if len(curve) > 1:
            found.append((date, curve))
    return tuple(sorted(found, key=lambda each: each[0]))


def _months(name: str) -> float | None:
    found = _TENOR.fullmatch(name.strip())
    if not found:
        return None
    return float(found[1]) * (12 if found[2].lower() == "yr" else 1)


def clean_price(*, terms: BondTerms, curve: Curve, date: dt.date) -> Decimal:
    """Return the clean price per 100 of face at the close of a day, settled on the day, rounded to six decimals.

    The curve's first half-year is simple interest.
    Case: where the curve is flat at the coupon, a bond on a coupon date costs 100 but for that.
    """
    import QuantLib as ql  # noqa: PLC0415  a third of a second

    today = quantlib_date(date)
    ql.Settings.instance().evaluationDate = today
    discounts = _discounts(curve, today)
    bond = _bond(terms)
    days, amounts = coupons(bond=bond)
    due = days > to_day(date)
    paid = sum(
        amount * discounts.discount(quantlib_date(to_date(day)))
        for day, amount in zip(days[due].tolist(), amounts[due].tolist(), strict=True)
    )
    dirty = paid + discounts.discount(quantlib_date(terms.maturity_date))
    accrued = float(accrued_interest(bond=bond, days=np.array([to_day(date)]))[0])
    return Decimal(repr((dirty - accrued) * 100.0)).quantize(Decimal("1e-6"))


def _discounts(curve: Curve, today: Any) -> Any:
    import QuantLib as ql  # noqa: PLC0415

    helpers = [_helper(months, rate, today) for months, rate in sorted(curve.items()) if months >= 1]
    structure = ql.PiecewiseLogLinearDiscount(today, helpers, ql.Actual365Fixed())
    # a bond a few days longer than the longest yield is priced by it
    structure.enableExtrapolation()
    return structure


def _helper(months: float, rate: float, today: Any) -> Any:
    import QuantLib as ql  # noqa: PLC0415

    quote, calendar = ql.QuoteHandle(ql.SimpleQuote(rate)), ql.NullCalendar()
    if months <= _SHORT_MONTHS:
        # the curve also has a month and a half
        period = ql.Period(round(months * 30.4375), ql.Days)
        return ql.DepositRateHelper(quote, period, 0, calendar, ql.Unadjusted, False, ql.ActualActual(ql.ActualActual.ISDA))
    end = today + ql.Period(round(months), ql.Months)
    schedule = ql.Schedule(
        today, end, ql.Period(ql.Semiannual), calendar, ql.Unadjusted, ql.Unadjusted, ql.DateGeneration.Backward, False
    )
    par = ql.QuoteHandle(ql.SimpleQuote(100.0))
    return ql.FixedRateBondHelper(par, 0, 100.0, schedule, [rate], ql.ActualActual(ql.ActualActual.ISMA))


def _bond(terms: BondTerms) -> Instrument:
    return Instrument(
        symbol="",
        name="",
        type=InstrumentType.BOND,
        currency="USD",
        track="",
        coupon_rate=float(terms.coupon_rate),
        coupon_frequency=terms.coupon_frequency,
        issue_day=None if terms.issue_date is None else to_day(terms.issue_date),
        first_coupon_day=None if terms.first_coupon_date is None else to_day(terms.first_coupon_date),
        maturity_day=to_day(terms.maturity_date),
    )
