"""Arguments that several commands share, and their clock. A wrong one ends in a sentence, not in a traceback."""

import argparse
import datetime as dt
import re

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone


def today() -> dt.date:
    """Return the household's date: commands are doors, so they may read the clock."""
    return timezone.localdate()


def date_argument(text: str) -> dt.date:
    """Return the date of YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is no date; write YYYY-MM-DD") from None


def currency_argument(text: str) -> str:
    """Return a currency code in capitals."""
    if not re.fullmatch(r"[A-Za-z]{3}", text):
        raise argparse.ArgumentTypeError(f"“{text}” is no currency; write a three-letter code such as TWD")
    return text.upper()


def add_base(parser: CommandParser) -> None:
    """Add --base CUR."""
    parser.add_argument("--base", type=currency_argument, default=None, metavar="CUR", help="reporting currency")


def add_language(parser: CommandParser) -> None:
    """Add --language; the household's own by default."""
    codes = [code for code, _name in settings.LANGUAGES]
    parser.add_argument("--language", choices=codes, default=settings.LANGUAGE_CODE, help="of text for people")


def add_format(parser: CommandParser, *formats: str) -> None:
    """Add --format; the first is the default."""
    parser.add_argument("--format", choices=formats, default=formats[0])
