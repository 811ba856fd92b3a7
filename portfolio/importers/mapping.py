"""What a mapping says: which column is which, how dates and numbers are written, what the words for types mean. Pure.

A mapping is a JSON object without personal data, so that it can be kept, exported and shared as a preset.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import Kind
from portfolio.importers.broker_table import folded
from portfolio.importers.text import FileError

VERSION = 1
SKIP, REVIEW = "skip", "review"
ENCODINGS = ("auto", "utf-8", "utf-16", "cp950", "cp1252")
DATES = ("ymd", "mdy", "dmy", "roc")
GROSS, NET = "gross", "net"
# fields that a column can fill; units and cash can also stand in two columns, one for each direction
FIELDS = (
    "date", "time", "type", "account", "symbol", "name", "quantity", "units_in", "units_out", "price", "amount", "net_amount",
    "cash_in", "cash_out", "currency", "fee", "tax", "accrued_interest", "fx_rate", "tax_year", "note", "external_id",
)  # fmt: skip
ADDED = frozenset({"fee", "tax"})  # several columns add up
CONSTANTS = frozenset({"type", "account", "currency"})
SCALED = frozenset({"quantity", "price"})
_DELIMITERS = frozenset({"", ",", ";", "\t", "|"})


@dataclass(frozen=True, slots=True)
class Mapping:
    """How to read one layout. Column names are compared without case and repeated spaces."""

    columns: dict[str, list[str]]  # field: names of its column in several versions; of fee and tax all that add up
    words: dict[str, str] = field(default_factory=dict)  # word: ledger type, "IN|OUT" by direction, skip or review
    constants: dict[str, str] = field(default_factory=dict)
    patterns: dict[str, str] = field(default_factory=dict)  # column: regular expression whose groups are fields
    scale: dict[str, str] = field(default_factory=dict)  # 1000 for units in lots of a thousand, 0.01 for pence
    dates: str = "ymd"
    decimal: str = "."
    encoding: str = "auto"
    delimiter: str = ""  # "": by the file
    header_line: int = 0  # 0: the first line with the columns
    skip_at_end: int = 0
    stop_words: list[str] = field(default_factory=list)  # a line that begins with one is a total
    income: str = GROSS  # whether the amount of income is before or after its tax
    trades: str = GROSS  # whether the amount of a trade is before or after its charges
    version: int = VERSION

    def as_json(self) -> dict[str, Any]:
        """Return the mapping as it is kept."""
        return asdict(self)

    def names_of(self, name: str) -> list[str]:
        """Return the folded names under which a field's column may stand."""
        return [folded(each) for each in self.columns.get(name, ())]


class MappingError(FileError):
    """A mapping contradicts itself or says something unknown; the message says what."""


def mapping_from(rules: Any) -> Mapping:
    """Return the mapping that JSON describes. Raises MappingError."""
    if isinstance(rules, str):
        try:
            rules = json.loads(rules)
        except ValueError:
            raise MappingError("the mapping is no JSON") from None
    if not isinstance(rules, dict):
        raise MappingError("the mapping is no JSON object")
    unknown = sorted(set(rules) - set(Mapping.__dataclass_fields__))
    if unknown:
        raise MappingError(f"the mapping says {', '.join(map(str, unknown))}, which means nothing here")
    if rules.get("version", VERSION) != VERSION:
        raise MappingError(f"the mapping is of version {rules['version']}; this program reads version {VERSION}")
    try:
        found = Mapping(**{**rules, "columns": _lists(rules.get("columns", {}))})
        _check(found)
    except (TypeError, AttributeError) as error:
        raise MappingError(f"the mapping is not built as expected: {error}") from None
    return found


def header_fingerprint(names: Sequence[str]) -> str:
    """Return what tells one header from any other."""
    return hashlib.sha256("\x1f".join(map(folded, names)).encode()).hexdigest()


def _lists(columns: Any) -> dict[str, list[str]]:
    if not isinstance(columns, dict):
        raise MappingError("the mapping's columns are no JSON object")
    return {name: [value] if isinstance(value, str) else list(value) for name, value in columns.items()}


def _check(mapping: Mapping) -> None:
    unknown = sorted(set(mapping.columns) - set(FIELDS))
    if unknown:
        raise MappingError(f"the mapping fills {', '.join(unknown)}; known fields: {', '.join(FIELDS)}")
    for name, known in (("dates", DATES), ("encoding", ENCODINGS), ("income", (GROSS, NET)), ("trades", (GROSS, NET))):
        if getattr(mapping, name) not in known:
            raise MappingError(f"{name} of the mapping is none of {', '.join(known)}")
    if mapping.decimal not in {".", ","} or mapping.delimiter not in _DELIMITERS:
        raise MappingError("the mapping's decimal mark or delimiter is none that files use")
    if not isinstance(mapping.header_line, int) or not isinstance(mapping.skip_at_end, int):
        raise MappingError("header_line and skip_at_end of the mapping are whole numbers")
    _check_needs(mapping)
    for word, meaning in mapping.words.items():
        _check_meaning(word, meaning)
    for factor in mapping.scale.values():
        _check_factor(factor)


def _check_needs(mapping: Mapping) -> None:
    given = set(mapping.columns) | set(mapping.constants) | _groups(mapping)
    for need in ("date", "type"):
        if need not in given:
            raise MappingError(f"the mapping lacks {need}: name its column, or give the type as a constant")
    if strange := sorted(set(mapping.constants) - CONSTANTS) + sorted(set(mapping.scale) - SCALED):
        raise MappingError(f"{', '.join(strange)} of the mapping cannot be given that way")
    if (currency := mapping.constants.get("currency")) and not is_currency(currency):
        raise MappingError(f"“{currency}” is no currency code")
    if "type" in mapping.constants:
        _check_meaning("every row", mapping.constants["type"])


def _check_meaning(word: str, meaning: str) -> None:
    if meaning in {SKIP, REVIEW}:
        return
    kinds = str(meaning).split("|")
    if len(kinds) > 2 or any(kind not in Kind.__members__ for kind in kinds):
        raise MappingError(f"“{meaning}”, which the mapping gives for “{word}”, is no ledger type")


def _check_factor(factor: str) -> None:
    try:
        value = Decimal(str(factor))
    except InvalidOperation:
        value = Decimal(0)
    if not value.is_finite() or not Decimal("1e-6") <= value <= Decimal("1e6"):
        raise MappingError(f"“{factor}” is no factor to scale by")


def _groups(mapping: Mapping) -> set[str]:
    found: set[str] = set()
    for pattern in mapping.patterns.values():
        try:
            compiled = re.compile(pattern)
        except re.error as error:
            raise MappingError(f"“{pattern}” is no regular expression: {error}") from None
        if strange := sorted(set(compiled.groupindex) - set(FIELDS)):
            raise MappingError(f"the pattern “{pattern}” fills {', '.join(strange)}, which is no field")
        # a pattern that nests repetitions can take for ever on a long cell
        if re.search(r"[+*}]\)[+*{]", pattern):
            raise MappingError(f"the pattern “{pattern}” repeats a repetition; write it plainly")
        found |= set(compiled.groupindex)
    return found
