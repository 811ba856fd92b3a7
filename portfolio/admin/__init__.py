"""The owners' workshop under /admin/: every table, and the form through which trades are entered."""

from portfolio.admin import household, instruments, market, people, transactions
from portfolio.admin.site import site

__all__ = ["household", "instruments", "market", "people", "site", "transactions"]
