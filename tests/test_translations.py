"""The Chinese catalogue: nothing left untranslated, and every figure of a sentence kept."""

import re
from pathlib import Path

import pytest

Entry = tuple[str, str, list[str]]  # context, text, translations


def entries(catalogue: str) -> list[Entry]:
    found = []
    for block in catalogue.split("\n\n"):
        parts: dict[str, str] = {}
        key = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if start := re.match(r'(msg\w+(?:\[\d\])?) "(.*)"$', line):
                key = start[1]
                parts[key] = start[2]
            elif line.startswith('"'):
                parts[key] += line[1:-1]
        if parts.get("msgid"):
            texts = [text for name, text in parts.items() if name.startswith("msgstr")]
            found.append((parts.get("msgctxt", ""), parts.get("msgid_plural", parts["msgid"]), texts))
    return found


@pytest.fixture
def catalogue(project: Path) -> list[Entry]:
    found = entries((project / "locale" / "zh_Hant" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8"))
    assert len(found) > 500
    return found


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|\{\w+\}", text))


def test_every_text_has_its_translation(catalogue: list[Entry]):
    assert [text for _context, text, translations in catalogue if not all(translations)] == []


def test_a_translation_uses_no_figure_that_the_text_does_not_have(catalogue: list[Entry]):
    odd = [
        text
        for _context, text, translations in catalogue
        if any(placeholders(each) - placeholders(text) for each in translations)
    ]
    assert odd == []


def test_nothing_is_left_half_sure(project: Path):
    assert "#, fuzzy" not in (project / "locale" / "zh_Hant" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
