"""`import_instruments FILE`: creates or updates instruments from a CSV file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portfolio.importers.instruments_file import import_instruments
from portfolio.importers.text import FileError, read_bytes
from portfolio.management.failures import database_in_words


class Command(BaseCommand):
    help = "Creates or updates the instruments of a file; importing it twice changes nothing."
    # reading the address table and the admin costs more than the command itself
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            data = read_bytes(file)
            with database_in_words():
                report = import_instruments(data=data)
        except FileError as error:
            raise CommandError(f"{file}: {error}. Nothing was imported.") from None
        for warning in report.warnings:
            self.stderr.write(self.style.WARNING(f"{file.name}, {warning}"))
        if report.rejected:
            lines = [f"{file.name}, {problem}" for problem in report.rejected]
            raise CommandError("\n".join([*lines, "Nothing was imported."]))
        for word in ("created", "updated", "unchanged"):
            symbols = getattr(report, word)
            if symbols:
                self.stdout.write(f"{word}: {len(symbols)} ({', '.join(symbols)})")
        if not (report.created or report.updated or report.unchanged):
            self.stdout.write("The file names no instrument.")
