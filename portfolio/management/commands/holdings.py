"""`holdings`: what is held on a day, for people or as JSON."""

import datetime as dt

from portfolio import queries
from portfolio.management.day_report import DayReportCommand
from portfolio.publishing.review_formats import holdings_text
from portfolio.reports.holdings import Holdings


class Command(DayReportCommand):
    help = "Shows positions, cash and the total of a day."

    def report(self, *, as_of: dt.date, base: str | None) -> Holdings:
        return queries.holdings(as_of=as_of, base_currency=base)

    def text(self, report: Holdings) -> str:
        return holdings_text(holdings=report)
