"""`income`: does income pay the salary, now and in twenty years, for people or as JSON."""

import datetime as dt

from portfolio import queries
from portfolio.management.day_report import DayReportCommand
from portfolio.publishing.review_formats import income_text
from portfolio.reports.income import IncomeReport


class Command(DayReportCommand):
    help = "Shows income, forecast and coverage of the salary on a day."

    def report(self, *, as_of: dt.date, base: str | None) -> IncomeReport:
        return queries.income(as_of=as_of, base_currency=base)

    def text(self, report: IncomeReport) -> str:
        return income_text(income=report)
