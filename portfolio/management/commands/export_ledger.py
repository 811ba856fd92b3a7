"""`export_ledger FILE`: every ledger row in the ledger's own format; `-` writes to the terminal."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portfolio.importers.ledger_export import write_ledger
from portfolio.importers.rows import LedgerRow
from portfolio.importers.stored import read_books, stored_ledger
from portfolio.management.failures import database_in_words


class Command(BaseCommand):
    help = "Writes all ledger rows as CSV; importing that file elsewhere gives the same ledger."
    # reading the address table and the admin costs more than the command itself
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="where to write; - is the terminal")

    def handle(self, *, file: str, **options: Any) -> None:
        with database_in_words():
            rows = stored_ledger(books=read_books())
            if file == "-":
                self._print(rows)
                return
            try:
                count = _write_whole(Path(file), rows)
            except OSError as error:
                raise CommandError(f"{file} cannot be written: {error.strerror}.") from None
        self.stderr.write(f"{count:,} rows written to {file}")

    def _print(self, rows: Iterator[LedgerRow]) -> None:
        try:
            write_ledger(rows=rows, file=self.stdout)
        except BrokenPipeError:
            # whoever reads has seen enough, as `head` does; the descriptor must still be flushed to somewhere
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_whole(path: Path, rows: Iterator[LedgerRow]) -> int:
    """Write the file beside its place first: an export that breaks off must not look like a whole ledger."""
    if path.is_dir():
        raise IsADirectoryError(0, "it is a folder; name a file in it")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        # 0600 as made: the ledger is nobody else's business
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            count = write_ledger(rows=rows, file=file)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return count
