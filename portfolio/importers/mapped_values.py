"""Dates, numbers and names of mapped files: the Republic of China's calendar, full-width digits, decimal commas. Pure."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from portfolio.importers.broker_values import date_in_order, money
from portfolio.written_values import UnreadableError

_ROC = re.compile(r"(?:民國)?\s*([0-9]{2,3})\s*[年/.-]\s*([0-9]{1,2})\s*[月/.-]\s*([0-9]{1,2})\s*日?")
_ROC_DIGITS = re.compile(r"([0-9]{2,3})([0-9]{2})([0-9]{2})")
_CHINESE = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日?")
_COMMA_NUMBER = re.compile(r"-?\(?-?(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?\)?-?")
_AMBIGUOUS = re.compile(r"-?[0-9]{1,3}\.[0-9]{3}")
_ROC_EPOCH = 1911


def plain_text(cell: str) -> str:
    """Return a cell with full-width letters, digits and signs as the usual ones."""
    return unicodedata.normalize("NFKC", cell).strip()


def mapped_date(cell: str, *, style: str) -> dt.date:
    """Return the date of a cell; style roc reads years of two or three digits as of the Republic of China.

    Raises UnreadableError.
    """
    text = plain_text(cell)
    if found := _CHINESE.fullmatch(text):
        return date_in_order("/".join(found.groups()), order="ymd")
    if style == "roc" and (found := _ROC.fullmatch(text) or _ROC_DIGITS.fullmatch(text)):
        year, month, day = map(int, found.groups())
        return date_in_order(f"{year + _ROC_EPOCH}-{month:02}-{day:02}", order="ymd")
    # a time of day that follows says nothing of the date
    text = re.split(r"[ T](?=[0-9]{1,2}:[0-9]{2})", text)[0]
    return date_in_order(text, order="ymd" if style == "roc" else style)


def mapped_number(cell: str, *, decimal: str) -> Decimal | None:
    """Return the number of a cell; None where it is blank. Raises UnreadableError."""
    text = plain_text(cell).removesuffix("元").removesuffix("股").strip()
    if decimal == ",":
        bare = text.replace(" ", "").replace("'", "")
        if bare and bare not in {"-", "--"}:
            if not _COMMA_NUMBER.fullmatch(bare):
                raise UnreadableError(f'"{text}" is not a number with a decimal comma')
            text = bare.replace(".", "").replace(",", ".")
    return money(text)
