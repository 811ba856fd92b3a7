"""Closes and rates that several worked examples share, as lines of a diary.

The figures are facts quoted from Portfolio Performance's test suite; each test names the file.
"""

import csv
from pathlib import Path

from portfolio.engine.ledger import Instrument

HERE = Path(__file__).parent

# TestCurrencyConverter.java: US dollars per euro; flat after the last one
DOLLARS_PER_EURO = """
    2014-12-31 1.2141  2015-01-02 1.2043  2015-01-05 1.1915  2015-01-06 1.1914  2015-01-07 1.1831  2015-01-08 1.1768
    2015-01-09 1.1813  2015-01-12 1.1804  2015-01-13 1.1782  2015-01-14 1.1775  2015-01-15 1.1708  2015-01-16 1.1588
"""


def closes(symbol: str, text: str) -> str:
    """Return a diary's price lines of dates and closes that stand beside each other."""
    return _lines(f"price {symbol}", text)


def rates(pair: str, text: str) -> str:
    """Return a diary's rate lines of dates and rates that stand beside each other."""
    return _lines(f"rate {pair}", text)


def stored_closes(symbol: str, file: str) -> str:
    """Return a diary's price lines of a file of closes beside this module."""
    with (HERE / file).open(encoding="utf-8", newline="") as lines:
        return "".join(f"{row['date']} price {symbol} {row['close']}\n" for row in csv.DictReader(lines))


def share(symbol: str, currency: str) -> Instrument:
    """Return a plain share."""
    return Instrument(symbol, symbol, "STOCK", currency, "NEUTRAL")


def _lines(words: str, text: str) -> str:
    said = text.split()
    return "".join(f"{date} {words} {value}\n" for date, value in zip(said[::2], said[1::2], strict=True))
