"""A review as text, Markdown or HTML in the active language: one call each for the doors."""

from django.utils.translation import get_language

from portfolio.publishing.holdings_document import holdings_sections
from portfolio.publishing.income_document import income_sections
from portfolio.publishing.review_document import review_sections
from portfolio.publishing.set_type import as_html, as_markdown, as_text
from portfolio.reports.holdings import Holdings
from portfolio.reports.income import IncomeReport
from portfolio.reports.quarterly_review import QuarterlyReview


def review_text(*, review: QuarterlyReview) -> str:
    """Return the review for a terminal."""
    return as_text(sections=review_sections(review=review))


def review_markdown(*, review: QuarterlyReview) -> str:
    """Return the review as Markdown."""
    return as_markdown(sections=review_sections(review=review))


def review_html(*, review: QuarterlyReview) -> str:
    """Return the review as a document for a browser or a printer."""
    return as_html(sections=review_sections(review=review), language=get_language() or "en")


def holdings_text(*, holdings: Holdings) -> str:
    """Return positions and cash for a terminal."""
    return as_text(sections=holdings_sections(holdings=holdings))


def income_text(*, income: IncomeReport) -> str:
    """Return the income report for a terminal."""
    return as_text(sections=income_sections(income=income))
