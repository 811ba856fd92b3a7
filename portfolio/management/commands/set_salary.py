"""`set_salary AMOUNT --from DATE`: the spouse's monthly salary from a date on."""

import argparse
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from portfolio.engine.currencies import is_currency
from portfolio.management.arguments import currency_argument, date_argument
from portfolio.management.failures import database_in_words
from portfolio.models import Salary
from portfolio.written_values import UnreadableError, number, plain

DEFAULT_RAISE = Decimal("0.04")


def _amount(text: str) -> Decimal:
    try:
        value = number(text.strip())
    except UnreadableError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if value <= 0:
        raise argparse.ArgumentTypeError(f"“{text}” is not above zero")
    return value


def _fraction(text: str) -> Decimal:
    try:
        value = number(text.strip())
    except UnreadableError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"“{text}” is no fraction; 4 % is 0.04")
    return value


def _currency(text: str) -> str:
    code = currency_argument(text)
    if not is_currency(code):
        raise argparse.ArgumentTypeError(f"“{text}” is no currency; write a code such as TWD")
    return code


class Command(BaseCommand):
    help = "Sets the monthly salary from a date on; a raise is another date. Setting the same twice changes nothing."
    # reading the address table and the admin costs more than the command itself
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("amount", type=_amount, metavar="AMOUNT", help="a month")
        parser.add_argument("--from", dest="valid_from", type=date_argument, required=True, metavar="DATE")
        parser.add_argument("--currency", type=_currency, default=settings.BASE_CURRENCY, metavar="CUR")
        parser.add_argument("--planned-raise", type=_fraction, default=DEFAULT_RAISE, metavar="0.04", help="a year, a fraction")

    def handle(self, *, amount: Decimal, valid_from: Any, currency: str, planned_raise: Decimal, **options: Any) -> None:
        wanted = {"amount": amount, "currency": currency, "planned_raise": planned_raise}
        with database_in_words():
            salary = Salary.objects.filter(valid_from=valid_from).first()
            is_new = salary is None
            salary = salary or Salary(valid_from=valid_from)
            is_changed = is_new or any(getattr(salary, name) != value for name, value in wanted.items())
            if is_changed:
                for name, value in wanted.items():
                    setattr(salary, name, value)
                salary.save()
        word = "set" if is_new else "changed" if is_changed else "unchanged"
        planned = f"planned raise {plain(planned_raise * 100)} %"
        self.stdout.write(f"{word}: {plain(amount)} {currency} a month from {valid_from} on, {planned}")
