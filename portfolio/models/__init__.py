"""Tables and their constraints. No arithmetic beyond one row; everything computed lives in the engine."""

from portfolio.models.files import LedgerDocument, StagedUpload
from portfolio.models.household import Account, CalendarFeed, Salary, TrackTarget
from portfolio.models.imports import CancelledRow, ImportMapping, RememberedName
from portfolio.models.ledger import Instrument, LedgerImport, Transaction
from portfolio.models.market import Distribution, PremiumRule, Price, PriceSeries, Rate, RateSeries, Split, WithholdingRule
from portfolio.models.meetings import Meeting, MeetingDocument, OwnResolutionType, Resolution
from portfolio.models.refresh import (
    MarketDataRun,
    MarketFeed,
    PriceRevision,
    ProposedDividend,
    QuarantinedPrice,
    RunItem,
)
from portfolio.models.stamp import LedgerStamp

__all__ = [
    "Account",
    "CalendarFeed",
    "CancelledRow",
    "Distribution",
    "ImportMapping",
    "Instrument",
    "LedgerDocument",
    "LedgerImport",
    "LedgerStamp",
    "MarketDataRun",
    "MarketFeed",
    "Meeting",
    "MeetingDocument",
    "OwnResolutionType",
    "PremiumRule",
    "Price",
    "PriceRevision",
    "PriceSeries",
    "ProposedDividend",
    "QuarantinedPrice",
    "Rate",
    "RateSeries",
    "RememberedName",
    "Resolution",
    "RunItem",
    "Salary",
    "Split",
    "StagedUpload",
    "TrackTarget",
    "Transaction",
    "WithholdingRule",
]
