"""Calendar feeds, the share of withheld tax that comes back, and the spouse's role."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

SHARE = {
    "blank": True,
    "decimal_places": 10,
    "help_text": "Of the tax withheld, what should come back in the next spring, as a fraction: 0.7 is 70 %.",
    "max_digits": 24,
    "null": True,
    "verbose_name": "refundable share",
}


def add_the_role(apps, schema_editor):
    apps.get_model("auth", "Group").objects.get_or_create(name="spouse")


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0007_fetched_market_data"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("with_amounts", models.BooleanField(default=False, verbose_name="with amounts")),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked at")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_feeds",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar feed",
                "verbose_name_plural": "calendar feeds",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length("token_hash"), 64),
                        name="feed_token_is_hashed",
                    )
                ],
            },
        ),
        migrations.AddField("historicalinstrument", "refundable_share", models.DecimalField(**SHARE)),
        migrations.AddField("instrument", "refundable_share", models.DecimalField(**SHARE)),
        migrations.AddConstraint(
            model_name="instrument",
            constraint=models.CheckConstraint(
                condition=models.Q(("refundable_share__isnull", True))
                | models.Q(("refundable_share__gte", 0), ("refundable_share__lte", 1)),
                name="refundable_share_is_a_share",
            ),
        ),
        migrations.RunPython(add_the_role, migrations.RunPython.noop),
    ]
