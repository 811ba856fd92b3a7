"""Presets as they are kept: a mapping by its name, and the one whose header a file has. Knows no format but the header."""

from typing import Any

from portfolio.importers.broker_table import Line, head_lines
from portfolio.importers.mapped import find_layout
from portfolio.importers.mapping import Mapping, MappingError, header_fingerprint, mapping_from
from portfolio.importers.presets import CHOSEN
from portfolio.importers.text import FileError
from portfolio.models import ImportMapping


def preset_names() -> list[str]:
    """Return the names of all presets, the household's own first."""
    return [*ImportMapping.objects.values_list("name", flat=True), *CHOSEN]


def preset_named(*, name: str) -> Mapping:
    """Return a preset. Raises MappingError, which lists those there are."""
    stored = ImportMapping.objects.filter(name=name).first()
    if stored is not None:
        return mapping_from(stored.rules)
    if name in CHOSEN:
        return CHOSEN[name]
    raise MappingError(f"needs a preset that exists; “{name}” is none of {', '.join(preset_names())}")


def preset_for(*, data: bytes) -> tuple[str, Mapping] | None:
    """Return name and mapping of the stored preset that was saved for exactly this header; None where there is none."""
    kept = dict(ImportMapping.objects.exclude(header="").values_list("header", "name"))
    if not kept:
        return None
    try:
        lines = head_lines(data)
    except FileError:
        return None
    name = next((kept[each] for each in map(_fingerprint, lines) if each in kept), None)
    return (name, preset_named(name=name)) if name else None


def has_changed(*, name: str, data: bytes) -> bool:
    """Whether a stored preset was saved for another header than the file's."""
    header = ImportMapping.objects.filter(name=name).exclude(header="").values_list("header", flat=True).first()
    return header is not None and all(_fingerprint(line) != header for line in head_lines(data))


def save_preset(*, name: str, rules: Any, data: bytes | None = None) -> ImportMapping:
    """Keep a mapping under a name; a later file with the same header as `data` is read with it. Raises FileError.

    A preset of that name, or for that header, is replaced: its history keeps the version before.
    """
    mapping = mapping_from(rules)
    header = ""
    if data is not None:
        header = _fingerprint(find_layout(head_lines(data), mapping).header)
        ImportMapping.objects.filter(header=header).exclude(name=name).update(header="")
    stored = ImportMapping.objects.filter(name=name).first() or ImportMapping(name=name)
    stored.rules, stored.header = mapping.as_json(), header or stored.header
    stored.full_clean()
    stored.save()
    return stored


def _fingerprint(line: Line) -> str:
    return header_fingerprint(line.cells)
