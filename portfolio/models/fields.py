"""Field makers shared by the tables: exact decimals, currency codes, choices from the engine's words."""

from enum import StrEnum
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# three capitals, or a quote's minor unit such as GBp
CURRENCY = RegexValidator(r"^[A-Z]{2}[A-Za-z]$", _("A currency is a three-letter code such as TWD."))


def exact(label: Any, **options: Any) -> models.DecimalField:
    """Return a decimal column; SQLite keeps 15 significant digits, which importers and forms check."""
    return models.DecimalField(label, max_digits=24, decimal_places=10, **options)


def currency_code(label: Any, **options: Any) -> models.CharField:
    """Return a column for a currency code."""
    return models.CharField(label, max_length=3, validators=[CURRENCY], **options)


def is_one_of(field: str, words: type[StrEnum], *, name: str) -> models.CheckConstraint:
    """Return the constraint that keeps unknown words out of the table, whoever writes."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": [str(word) for word in words]}), name=name)


def is_positive(field: str, *, name: str, blank: bool = False) -> models.CheckConstraint:
    """Return the constraint that a number is above zero (or missing, where `blank`)."""
    condition = models.Q(**{f"{field}__gt": 0})
    if blank:
        condition |= models.Q(**{f"{field}__isnull": True})
    return models.CheckConstraint(condition=condition, name=name)
