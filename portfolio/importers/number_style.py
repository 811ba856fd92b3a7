"""Which sign is the decimal mark in a whole file of numbers, where the language of the program that wrote it decides. Pure."""

import re
from collections.abc import Iterable

from portfolio.importers.text import FileError
from portfolio.written_values import UnreadableError

_SEPARATED = re.compile(r"[0-9]+(?:[.,][0-9]+)+|[.,][0-9]+")
_GROUPS_OF_THREE = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
_SPACES = re.compile(r"[\s\u00a0\u202f'\u2019]")
_SIGNS = "+-\u2212()"


def decimal_mark(texts: Iterable[str], *, known: str = "") -> str:
    """Return the decimal mark of all numbers together, a point or a comma.

    known: the mark that something else in the file already tells.
    Raises FileError where numbers contradict each other, or where all of them could be read in two ways.
    """
    marks = {known} if known else set()
    is_doubtful = False
    for text in texts:
        bare = _SPACES.sub("", text).strip(_SIGNS)
        points, commas = bare.count("."), bare.count(",")
        if not points and not commas:
            continue
        if points and commas:
            marks.add(max(".,", key=bare.rfind))
        elif points + commas > 1:
            marks.add("," if points else ".")
        elif _GROUPS_OF_THREE.fullmatch(bare):
            is_doubtful = True
        elif _SEPARATED.fullmatch(bare):
            marks.add("." if points else ",")
    if len(marks) > 1:
        raise FileError("writes numbers in two styles, 1,234.56 and 1.234,56; export it again in one language")
    if not marks and is_doubtful:
        raise FileError("has numbers like 1.234 that may be a thousand or one and a bit; export rows with cents as well")
    return marks.pop() if marks else "."


def with_points(text: str, mark: str) -> str:
    """Return a number with a point for its decimal mark and nothing between its digits. Raises UnreadableError."""
    bare = _SPACES.sub("", text)
    if mark == ",":
        return bare.replace(".", "").replace(",", ".")
    whole, _, rest = bare.partition(".")
    if "," not in whole:
        return bare
    # a comma groups by three, or it is something else
    if not _GROUPS_OF_THREE.fullmatch(whole.strip(_SIGNS)):
        raise UnreadableError(f'"{text[:40]}" is not a number')
    return whole.replace(",", "") + (f".{rest}" if rest else "")
