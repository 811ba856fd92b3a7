"""`import_market_data DIR`: loads a folder of prices, exchange rates, dividends and splits."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portfolio.management.arguments import today
from portfolio.management.failures import database_in_words
from portfolio.market_data.close_file import FaultyFileError
from portfolio.market_data.folder import FolderReport, load_folder

SHOWN_FAULTS = 20


class Command(BaseCommand):
    help = "Loads a folder with prices/, fx/, dividends/ and splits/; loading it twice changes nothing."
    # reading the address table and the admin costs more than the command itself
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder that holds prices/, fx/, dividends/, splits/")

    def handle(self, *, folder: Path, **options: Any) -> None:
        if not folder.is_dir():
            problem = "is a file; name the folder around it" if folder.exists() else "does not exist"
            raise CommandError(f"{folder} {problem}.")
        try:
            with database_in_words():
                report = load_folder(folder=folder, today=today(), progress=self._progress)
        except FaultyFileError as error:
            lines = [str(fault) for fault in error.faults[:SHOWN_FAULTS]]
            if len(error.faults) > SHOWN_FAULTS:
                lines.append(f"… and {len(error.faults) - SHOWN_FAULTS} more")
            raise CommandError("\n".join([*lines, "Nothing was imported."])) from None
        finally:
            self._clear_progress()
        self._print(report)

    def _progress(self, name: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r\x1b[K{name}", ending="")
            self.stderr.flush()

    def _clear_progress(self) -> None:
        if self.stderr.isatty():
            self.stderr.write("\r\x1b[K", ending="")

    def _print(self, report: FolderReport) -> None:
        self.stdout.write(f"{'':<12}{'files':>8}{'rows':>12}{'new/changed':>14}")
        for name, part in report.parts.items():
            self.stdout.write(f"{name:<12}{part.files:>8}{part.rows:>12,}{part.written:>14,}")
        for warning in report.warnings:
            self.stderr.write(self.style.WARNING(f"warning: {warning}"))
