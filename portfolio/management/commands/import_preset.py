"""`import_preset NAME [FILE]`: keeps the mapping in a JSON file as a preset, or prints the preset of that name."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portfolio.importers.mapping_store import preset_named, save_preset
from portfolio.importers.text import FileError, decode, read_bytes
from portfolio.management.failures import database_in_words


class Command(BaseCommand):
    help = "Keeps a mapping for CSV files as a preset, or prints one as JSON. docs/importing.md says what a mapping can say."
    # reading the address table and the admin costs more than the command itself
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a mapping as JSON; without it one is printed")
        parser.add_argument("--like", type=Path, metavar="CSV", help="files with this file's header are read with the preset")

    def handle(self, *, name: str, file: Path | None, like: Path | None, **_: Any) -> None:
        with database_in_words():
            try:
                if file is None:
                    self.stdout.write(json.dumps(preset_named(name=name).as_json(), ensure_ascii=False, indent=2))
                    return
                rules = decode(read_bytes(file)).text
                stored = save_preset(name=name, rules=rules, data=read_bytes(like) if like else None)
            except FileError as error:
                raise CommandError(f"{like or file or name}: {error.reason}") from None
            except ValidationError as error:
                raise CommandError(f"{name}: {'; '.join(error.messages)}") from None
        tied = "; files with that header are read with it" if stored.header else ""
        self.stdout.write(f"The preset “{name}” is kept{tied}.")
