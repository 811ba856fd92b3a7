"""A second, slow computation of the review, written from the published interface and methods alone.
Standard library only; it must never import the engine that it is used to check."""

from .review import compute_review

__all__ = ["compute_review"]
