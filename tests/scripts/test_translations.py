"""Translations are compiled without GNU gettext."""

import gettext
import os
import subprocess
import sys
from pathlib import Path

import pytest

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"

msgid "Salary"
msgstr "薪水"

#, fuzzy
msgid "Bond"
msgstr "債務"

msgid "Cash"
msgstr ""

msgid "%(n)s day"
msgid_plural "%(n)s days"
msgstr[0] "%(n)s 天"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "zh_Hant" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(CATALOGUE, encoding="utf-8")
    return path


def compiled(source: Path, project: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(project / "scripts" / "translations.py"), str(source.parents[2])]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_finished_translations_are_compiled_and_others_stay_english(source, project):
    assert compiled(source, project).returncode == 0

    with source.with_suffix(".mo").open("rb") as file:
        translated = gettext.GNUTranslations(file)
    assert translated.gettext("Salary") == "薪水"
    assert translated.gettext("Bond") == "Bond"
    assert translated.gettext("Cash") == "Cash"
    assert translated.ngettext("%(n)s day", "%(n)s days", 3) == "%(n)s 天"


def test_what_is_up_to_date_is_not_compiled_again(source, project):
    compiled(source, project)
    target = source.with_suffix(".mo")
    os.utime(target, ns=(1, target.stat().st_mtime_ns))
    written = target.stat().st_ino

    compiled(source, project)
    assert target.stat().st_ino == written

    os.utime(source, ns=(1, target.stat().st_mtime_ns + 1))
    compiled(source, project)
    assert target.stat().st_ino != written


def test_a_broken_file_is_named(source, project):
    source.write_text('msgid "Salary"\nmsgsrt "薪水"\n', encoding="utf-8")

    result = compiled(source, project)

    assert result.returncode == 1
    assert "django.po cannot be compiled" in result.stderr
    assert not source.with_suffix(".mo").exists()
