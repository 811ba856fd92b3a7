"""Arithmetic in number fields."""

from decimal import Decimal

import pytest

from portfolio.engine.calculator import NotANumberError, calculate


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("3*1200+50", "3650"),
        ("(1+2)*3", "9"),
        ("1,234.5", "1234.5"),
        ("1,200×3", "3600"),
        ("１２００ ÷ 8", "150"),
        ("−5", "-5"),
        ("0.1+0.2", "0.3"),
        ("007", "7"),
        (".5", "0.5"),
        ("1/3", "0.333333333333333"),
    ],
)
def test_sums_are_exact_in_decimals(typed: str, value: str):
    assert calculate(typed) == Decimal(value)


def test_a_single_number_keeps_every_digit_that_was_typed():
    assert calculate("1234567.1234567890123") == Decimal("1234567.1234567890123")


@pytest.mark.parametrize(
    "typed", ["", "12,5", "12,5O", "1,23,456", "2**9", "9//2", "1/0", "5-", "abs(1)", "1" * 81, "1e9", "0x10"]
)
def test_what_is_no_sum_of_numbers_is_refused(typed: str):
    with pytest.raises(NotANumberError):
        calculate(typed)
