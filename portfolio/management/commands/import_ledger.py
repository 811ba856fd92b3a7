"""`import_ledger FILE…`: reads ledger rows from files, each row once only."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portfolio.importers.files import import_file
from portfolio.importers.formats import AUTO, UnknownFormatError, check_name, known_formats
from portfolio.importers.report import FileReport, problem_lines, refused, summary
from portfolio.importers.rows import Problem
from portfolio.importers.save import Choices
from portfolio.importers.text import FileError, read_bytes
from portfolio.management.arguments import today
from portfolio.management.failures import database_in_words


class Command(BaseCommand):
    help = "Imports ledger rows, each once only: all rows of a file or none. Exit code 0 when nothing was rejected."
    # reading the address table and the admin costs more than the command itself
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--format", default=AUTO, metavar="NAME", help=f"one of {', '.join(known_formats())}")
        parser.add_argument("--account", default="", metavar="NAME", help="the account of rows that name none")
        parser.add_argument("--preset", default="", metavar="NAME", help="the mapping by which to read a file")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument("--skip-bad-rows", action="store_true", help="import the sound rows of a file with rejected ones")
        parser.add_argument(
            "--accept-updates", action="store_true", help="change stored rows that a file has in another version"
        )

    def handle(self, *, files: list[Path], **options: Any) -> None:
        try:
            check_name(options["format"])
        except UnknownFormatError as error:
            raise CommandError(str(error)) from None
        with database_in_words():
            reports = [self._import(path, options) for path in files]
        if options["json"]:
            self.stdout.write(json.dumps({"files": [report.as_json() for report in reports]}, ensure_ascii=False, indent=2))
        else:
            for report in reports:
                self._print(report)
        if any(report.rejected for report in reports):
            sys.exit(1)

    def _import(self, path: Path, options: dict[str, Any]) -> FileReport:
        try:
            data = read_bytes(path)
        except FileError as error:
            problem = Problem(error.line, error.column, error.reason)
            return refused(file=str(path), format_name=options["format"], problem=problem)
        choices = Choices(options["dry_run"], options["skip_bad_rows"], options["accept_updates"])
        return import_file(
            name=str(path),
            data=data,
            today=today(),
            format_name=options["format"],
            account=options["account"].strip(),
            choices=choices,
            preset=options["preset"].strip(),
        )

    def _print(self, report: FileReport) -> None:
        styles = {"error": self.style.ERROR, "review": self.style.NOTICE, "warning": self.style.WARNING}
        for word, sentence in problem_lines(report):
            self.stderr.write(styles[word](f"{word}: {sentence}"))
        self.stdout.write(summary(report))
        if report.new_accounts:
            self.stdout.write(f"New accounts: {', '.join(report.new_accounts)}")
        if report.new_instruments:
            self.stdout.write(f"New instruments, drafts to be looked over: {', '.join(report.new_instruments)}")
