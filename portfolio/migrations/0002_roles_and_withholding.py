"""The two roles, and the tax withheld from a resident of Taiwan as the law stands (docs/methods.md 7)."""

from django.db import migrations

WITHHOLDING = [
    ("US", "", "0.30"),
    ("US", "BOND", "0"),
    ("GB", "", "0"),
    ("TW", "", "0"),
    ("JP", "", "0.15315"),
    ("HK", "", "0"),
    ("SG", "", "0"),
]


def fill(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in ("owner", "viewer"):
        group.objects.get_or_create(name=name)
    rule = apps.get_model("portfolio", "WithholdingRule")
    for country, instrument_type, rate in WITHHOLDING:
        rule.objects.get_or_create(country=country, instrument_type=instrument_type, defaults={"rate": rate})
    apps.get_model("portfolio", "LedgerStamp").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0001_first_tables"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
