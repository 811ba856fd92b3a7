"""Numbers and objects as others read them: NaN is None, a report is a dictionary. Computes nothing."""

import dataclasses
from typing import Any

# `class` is a word of the language, so the field has another name
KEYS = {"certainty": "class"}


def known(number: float) -> float | None:
    """Return a number, or None where it is unknown. Minus zero is zero."""
    value = float(number)
    return None if value != value else value + 0.0  # noqa: PLR0124  NaN is the one number that differs from itself


def or_nan(number: float | None) -> float:
    """Return a number for a sum in which a blank makes the total blank: the way back from `known`."""
    return float("nan") if number is None else number


def to_json(report: Any) -> Any:
    """Return a frozen report as dictionaries, lists, numbers and strings: the one place where reports become JSON."""
    if dataclasses.is_dataclass(report):
        return {KEYS.get(field.name, field.name): to_json(getattr(report, field.name)) for field in dataclasses.fields(report)}
    if isinstance(report, dict):
        return {key: to_json(value) for key, value in report.items()}
    if isinstance(report, tuple | list):
        return [to_json(value) for value in report]
    return report
