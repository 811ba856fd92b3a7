"""`income`: does income pay the salary, now and in twenty years, for people or as JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from portfolio import queries
from portfolio.management.arguments import add_base, add_format, add_language, date_argument, today
from portfolio.publishing.review_formats import income_text
from portfolio.reports.plain import to_json


class Command(BaseCommand):
    help = "Shows income, forecast and coverage of the salary on a day."
    # reading the address table and the admin costs more than the command itself
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=date_argument, default=None, metavar="DATE", help="YYYY-MM-DD; today by default")
        add_base(parser)
        add_language(parser)
        add_format(parser, "text", "json")

    def handle(self, **options: Any) -> None:
        found = queries.income(as_of=options["as_of"] or today(), base_currency=options["base"])
        if options["format"] == "json":
            self.stdout.write(json.dumps(to_json(found), ensure_ascii=False, indent=2))
            return
        with translation.override(options["language"]):
            self.stdout.write(income_text(income=found))
