"""`review`: the review of a period as text, JSON, Markdown or a page."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from portfolio import queries
from portfolio.engine.kinds import DividendRule
from portfolio.engine.periods import Period, UnknownPeriodError, between, parse_period
from portfolio.management.arguments import add_base, add_format, add_language, date_argument, today
from portfolio.publishing.review_formats import review_html, review_markdown, review_text
from portfolio.reports.plain import to_json


class Command(BaseCommand):
    help = "Prints the review of a period: 2025-Q1, 2025-03, 2025, ytd, or --from and --to."
    # reading the address table and the admin costs more than the command itself
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("period", nargs="?", help="2025-Q1, 2025-03, 2025 or ytd")
        parser.add_argument("--from", dest="start", type=date_argument, metavar="DATE", help="first day, YYYY-MM-DD")
        parser.add_argument("--to", dest="end", type=date_argument, metavar="DATE", help="last day, YYYY-MM-DD")
        parser.add_argument(
            "--dividends", type=DividendRule, choices=list(DividendRule), default=None, help="which dividends count"
        )
        add_base(parser)
        add_language(parser)
        add_format(parser, "text", "json", "markdown", "html")

    def handle(self, **options: Any) -> None:
        review = queries.quarterly_review(
            period=_period(options), base_currency=options["base"], dividend_rule=options["dividends"]
        )
        if options["format"] == "json":
            self.stdout.write(json.dumps(to_json(review), ensure_ascii=False, indent=2))
            return
        write = {"text": review_text, "markdown": review_markdown, "html": review_html}[options["format"]]
        with translation.override(options["language"]):
            self.stdout.write(write(review=review))


def _period(options: dict[str, Any]) -> Period:
    start, end, words = options["start"], options["end"], options["period"]
    try:
        if words and not (start or end):
            return parse_period(words, as_of=today())
        if start and end and not words:
            return between(start=start, end=end)
    except UnknownPeriodError as error:
        raise CommandError(str(error)) from None
    raise CommandError("Name a period (2025-Q1, 2025-03, 2025, ytd), or give both --from and --to.")
