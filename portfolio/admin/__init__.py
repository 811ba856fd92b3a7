"""The owners' workshop under /admin/: every table, and the form through which trades are entered."""

from portfolio.admin import fetched, household, instruments, market, meetings, people, transactions
from portfolio.admin.site import site

__all__ = ["fetched", "household", "instruments", "market", "meetings", "people", "site", "transactions"]
