"""Tables and their constraints. No arithmetic beyond one row; everything computed lives in the engine."""

from portfolio.models.household import Account, Salary, TrackTarget
from portfolio.models.ledger import Instrument, LedgerImport, Transaction
from portfolio.models.market import Distribution, PremiumRule, Price, PriceSeries, Rate, RateSeries, Split, WithholdingRule
from portfolio.models.stamp import LedgerStamp

__all__ = [
    "Account",
    "Distribution",
    "Instrument",
    "LedgerImport",
    "LedgerStamp",
    "PremiumRule",
    "Price",
    "PriceSeries",
    "Rate",
    "RateSeries",
    "Salary",
    "Split",
    "TrackTarget",
    "Transaction",
    "WithholdingRule",
]
