"""The format ibkr-csv: a Flex query in CSV or a transaction history, whichever a file is. Pure."""

import datetime as dt

from portfolio.importers.ibkr import flex_csv, history_csv
from portfolio.importers.rows import Reading


def recognises(*, data: bytes) -> bool:
    """Say whether a file is either of the two."""
    return history_csv.recognises(data=data) or flex_csv.recognises(data=data)


def read(*, data: bytes, today: dt.date, account: str = "") -> Reading:
    """Return the rows. Raises FileError."""
    which = history_csv if history_csv.recognises(data=data) else flex_csv
    return which.read(data=data, today=today, account=account)
