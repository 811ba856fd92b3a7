"""Taiwan's supplementary health-insurance premium on single payments, as the law stood from 2013 on (docs/methods.md 7)."""

from django.db import migrations

RULES = [
    ("0.02", "5000", "2013-01-01", "2015-12-31"),
    ("0.0191", "20000", "2016-01-01", "2020-12-31"),
    ("0.0211", "20000", "2021-01-01", None),
]


def fill(apps, schema_editor):
    rule = apps.get_model("portfolio", "PremiumRule")
    for rate, threshold, start, end in RULES:
        rule.objects.get_or_create(
            country="TW",
            valid_from=start,
            defaults={"currency": "TWD", "rate": rate, "threshold": threshold, "cap": "10000000", "valid_to": end},
        )


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0003_premium_rule")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
