"""Reads a market-data folder and answers: which close, which rate, which distributions were known on a day?
Knows nothing of the ledger; what is unknown is NaN, which poisons every sum that needs it."""

from bisect import bisect_right
from decimal import Decimal
from pathlib import Path

from .files import day_of, number, records

UNKNOWN = Decimal("NaN")
ONE = Decimal(1)
MINOR_UNITS = {"GBp": "GBP", "GBX": "GBP", "ZAc": "ZAR", "ZAC": "ZAR", "ILA": "ILS"}


class Market:
    """The stored closes (instrument's currency, as traded), rates, distributions and splits of one folder."""

    def __init__(self, *, folder):
        folder = Path(folder)
        self.closes = read_series(folder / "prices", "close")
        self.rates = {(name[:3], name[3:]): series for name, series in read_series(folder / "fx", "rate").items()}
        self.distributions = {}
        for path in sorted((folder / "dividends").glob("*.csv")):
            lines = [(day_of(line["ex_date"]), number(line["amount"])) for line in records(path)]
            self.distributions[path.stem] = sorted(lines)
        self.splits = {}
        for path in sorted((folder / "splits").glob("*.csv")):
            self.splits[path.stem] = sorted((day_of(line["ex_date"]), number(line["ratio"])) for line in records(path))

    def close(self, *, symbol, day):
        """Return (close, its date) of the last stored close on or before the day, (NaN, None) without one."""
        return last_known(self.closes.get(symbol), day)

    def has_close(self, *, symbol, day):
        """Return whether a close of exactly this day is stored."""
        return self.close(symbol=symbol, day=day)[1] == day

    def rate(self, *, source, target, day):
        """Return the units of `target` per unit of `source` by the last known rates of the day, NaN when unknown."""
        major_source, major_target = MINOR_UNITS.get(source, source), MINOR_UNITS.get(target, target)
        rate = self.major_rate(major_source, major_target, day)
        if source in MINOR_UNITS:
            rate = rate / 100
        if target in MINOR_UNITS:
            rate = rate * 100
        return rate

    def major_rate(self, source, target, day):
        """Return the rate by the stored pair, else through one common currency, the dollar first."""
        direct = self.pair_rate(source, target, day)
        if not direct.is_nan():
            return direct
        between = {currency for pair in self.rates for currency in pair} - {source, target}
        for currency in sorted(between, key=lambda name: (name != "USD", name)):
            crossed = self.pair_rate(source, currency, day) * self.pair_rate(currency, target, day)
            if not crossed.is_nan():
                return crossed
        return UNKNOWN

    def pair_rate(self, source, target, day):
        """Return the rate of one stored pair, read in either direction."""
        if source == target:
            return ONE
        rate, _ = last_known(self.rates.get((source, target)), day)
        if not rate.is_nan():
            return rate
        inverse, _ = last_known(self.rates.get((target, source)), day)
        return ONE / inverse


def read_series(folder, column):
    """Return {file name: (dates, values)} of a folder of two-column files."""
    series = {}
    for path in sorted(folder.glob("*.csv")):
        lines = sorted((day_of(line["date"]), number(line[column])) for line in records(path))
        series[path.stem] = ([line[0] for line in lines], [line[1] for line in lines])
    return series


def last_known(series, day):
    """Return (value, date) of the last entry on or before the day, (NaN, None) without one."""
    if series is None:
        return UNKNOWN, None
    dates, values = series
    position = bisect_right(dates, day) - 1
    if position < 0:
        return UNKNOWN, None
    return values[position], dates[position]
