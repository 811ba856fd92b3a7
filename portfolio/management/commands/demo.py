"""`demo`: loads the demo household, or takes it out again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portfolio import demo
from portfolio.management.failures import database_in_words


class Command(BaseCommand):
    help = "Loads the demo household, whose closes are partly made up; loading it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="take it out again; rows of your own stay")

    def handle(self, *, remove: bool, **options: Any) -> None:
        try:
            with database_in_words():
                if remove:
                    self.stdout.write(f"The demo household is gone: {demo.remove()} transactions removed.")
                else:
                    self.stdout.write(_summary(demo.load()))
        except demo.DemoError as error:
            raise CommandError(str(error)) from None


def _summary(loaded: demo.Loaded) -> str:
    if not (loaded.instruments or loaded.transactions or loaded.closes):
        return "The demo household is there already; nothing changed."
    return (
        f"Demo household: {loaded.instruments} instruments, {loaded.transactions} transactions, "
        f"{loaded.closes:,} closes and rates (partly made up) are new."
    )
