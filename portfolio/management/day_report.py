"""What `holdings` and `income` share: a report of one day, as text for people or as JSON."""

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from portfolio.management.arguments import add_base, add_format, add_language, date_argument, today
from portfolio.reports.plain import to_json


class DayReportCommand(BaseCommand):
    """A command of its own says which report and how it reads."""

    # reading the address table and the admin costs more than the command itself
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the day, the currency, the language and the format."""
        parser.add_argument("--as-of", type=date_argument, default=None, metavar="DATE", help="YYYY-MM-DD; today by default")
        add_base(parser)
        add_language(parser)
        add_format(parser, "text", "json")

    def handle(self, **options: Any) -> None:
        """Print the report."""
        found = self.report(as_of=options["as_of"] or today(), base=options["base"])
        if options["format"] == "json":
            self.stdout.write(json.dumps(to_json(found), ensure_ascii=False, indent=2))
            return
        with translation.override(options["language"]):
            self.stdout.write(self.text(found))

    def report(self, *, as_of: dt.date, base: str | None) -> Any:
        """Return the report of a day."""
        raise NotImplementedError

    def text(self, report: Any) -> str:
        """Return the report for a terminal in the active language."""
        raise NotImplementedError
