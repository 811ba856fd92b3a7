"""`import_preset`: a mapping goes in and comes out as JSON."""

import json

import pytest
from django.core.management import CommandError, call_command

from portfolio.models import ImportMapping

pytestmark = pytest.mark.django_db
RULES = {"columns": {"date": "When", "type": "What"}, "words": {"in": "DEPOSIT"}, "constants": {"currency": "USD"}}


@pytest.fixture
def written(tmp_path):
    """Write a text into a file; returns its path."""

    def _written(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return _written


def test_a_preset_is_kept_for_a_header_and_printed_again(written, capsys):
    call_command("import_preset", "bank", written("m.json", json.dumps(RULES)), "--like", written("f.csv", "When,What\n"))
    assert "files with that header" in capsys.readouterr().out

    call_command("import_preset", "bank")

    assert json.loads(capsys.readouterr().out)["columns"] == {"date": ["When"], "type": ["What"]}
    assert ImportMapping.objects.get().header


@pytest.mark.parametrize(
    ("text", "words"), [("{", "no JSON"), ('{"columns": {}}', "lacks date"), (json.dumps({**RULES, "dates": "x"}), "dates")]
)
def test_a_mapping_that_makes_no_sense_is_not_kept(written, text, words):
    with pytest.raises(CommandError, match=words):
        call_command("import_preset", "bank", written("m.json", text))

    assert not ImportMapping.objects.exists()


def test_a_name_nobody_gave_lists_those_there_are():
    with pytest.raises(CommandError, match="taiwan"):
        call_command("import_preset", "nothing")
