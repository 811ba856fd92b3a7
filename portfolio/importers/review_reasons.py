"""The questions that importers put to a person, each worded once: what was seen and what to do. Pure."""

import re
from decimal import Decimal

from portfolio.importers.rows import Problem
from portfolio.written_values import plain

_LONGEST = 80
# dates have eight digits at most, prices and amounts a point; account and wire numbers have neither
_LONG_NUMBER = re.compile(r"(?<![\d./-])\d{7,}(?![\d./-])")


def unknown_word(*, line: int, column: str, word: str) -> Problem:
    """Ask what a word means that the format's description does not know."""
    return Problem(
        line, column, f"“{short(word)}” is a word this importer does not know; enter the row by hand", "unknown_word"
    )


def unreadable(*, line: int, column: str, reason: str) -> Problem:
    """Say that a cell cannot be read."""
    return Problem(line, column, f"{reason}; enter the row by hand", "unreadable")


def does_not_add_up(*, line: int, column: str, amount: Decimal, expected: Decimal, parts: str) -> Problem:
    """Say that the money is not what its parts make. `parts` names them, such as quantity × price + fee."""
    words = f"{plain(amount)} is not {parts} = {plain(round(expected, 4))}, and more than 0.5 % and a cent lie between them"
    return Problem(line, column, words, "does_not_add_up")


def corporate_action(*, line: int, column: str, word: str, proposal: str = "") -> Problem:
    """Say that units change in a way whose terms the file does not give. `proposal` is a ledger type."""
    words = f"“{short(word)}” changes units on terms that the file does not give"
    words += f"; look them up and enter a {proposal} row" if proposal else "; look them up and enter the rows by hand"
    return Problem(line, column, words, "corporate_action")


def cancel_without_trade(*, line: int, column: str, word: str) -> Problem:
    """Say that what a row cancels was not found."""
    words = f"“{short(word)}” takes something back, and there is not exactly one row that fits; correct the ledger by hand"
    return Problem(line, column, words, "cancel")


def unpaired(*, line: int, column: str, word: str) -> Problem:
    """Say that a booking which comes in twos stands alone."""
    return Problem(line, column, f"“{short(word)}” comes in pairs, and its other half is not in the file", "unpaired")


def out_of_scope(*, line: int, column: str, word: str, what: str) -> Problem:
    """Say that the ledger does not keep such things. `what` names them, such as options."""
    return Problem(
        line, column, f"“{short(word)}”: the ledger keeps no {what}; enter the money it moved by hand", "out_of_scope"
    )


def unexpected_sign(*, line: int, column: str, word: str, amount: Decimal) -> Problem:
    """Say that money flows the other way than the word says."""
    words = f"“{short(word)}” with {plain(amount)} flows the other way than expected; is it a correction? Enter it by hand"
    return Problem(line, column, words, "unexpected_sign")


def short(word: str) -> str:
    """Return a text of a file as messages quote it: one line, not too long, without account numbers."""
    word = masked(" ".join(word.split()))
    return word if len(word) <= _LONGEST else f"{word[: _LONGEST - 1]}…"


def masked(text: str) -> str:
    """Return a text in which long numbers, which may be account numbers, show their last three digits alone."""
    return _LONG_NUMBER.sub(lambda found: "…" + found[0][-3:], text)


def masked_account(number: str) -> str:
    """Return what may be shown of an account number."""
    number = number.strip()
    return f"…{number[-3:]}" if len(number) > 3 else number
