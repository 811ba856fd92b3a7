"""`remind_meetings`: write to the owners about votes that are due. Meant for a daily run (docs/meetings.md)."""

import argparse
import datetime as dt
import smtplib
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from portfolio.management.arguments import add_language
from portfolio.management.failures import database_in_words
from portfolio.models import Meeting
from portfolio.models.meetings import due_meetings
from portfolio.publishing.meeting_reminders import reminder_mail


def _days(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = -1
    if not 0 < days <= 365:
        raise argparse.ArgumentTypeError(f"“{text}” is no number of days; write one such as 7")
    return days


class Command(BaseCommand):
    help = "Writes one mail to the owners about votes that are due; each deadline is told once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--days", type=_days, default=settings.MEETING_REMINDER_DAYS, metavar="DAYS", help="before the deadline"
        )
        parser.add_argument("--to", action="append", metavar="ADDRESS", help="instead of the owners' own addresses")
        parser.add_argument("--again", action="store_true", help="also tell what was told before")
        parser.add_argument("--dry-run", action="store_true", help="print the mail instead of sending it")
        add_language(parser)

    def handle(self, *, days: float, to: list[str] | None, again: bool, dry_run: bool, language: str, **options: Any) -> None:
        now = timezone.now()
        with database_in_words():
            due = due_meetings(now=now, within=dt.timedelta(days=days))
            meetings = [each for each in due if again or each.reminded_at is None]
            if not meetings:
                self.stdout.write("No votes are due that were not told before.")
                return
            with translation.override(language):
                subject, text = reminder_mail(meetings=meetings)
            if dry_run:
                self.stdout.write(f"{subject}\n\n{text}")
                return
            people = to or _owners()
            _send(subject, text, people)
            Meeting.objects.filter(pk__in=[each.pk for each in meetings]).update(reminded_at=now)
        self.stdout.write(f"{len(meetings)} told to {len(people)}.")


def _owners() -> list[str]:
    people = User.objects.filter(is_active=True, is_staff=True).exclude(email="").order_by("pk")
    found = list(people.values_list("email", flat=True))
    if not found:
        raise CommandError("No owner has a mail address; enter one under Records, People, or name one with --to.")
    return found


def _send(subject: str, text: str, people: list[str]) -> None:
    is_smtp = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
    if is_smtp and not settings.EMAIL_HOST:
        raise CommandError("No mail server is set: put EMAIL_HOST into the environment (docs/meetings.md). Nothing was sent.")
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, people)
    except (OSError, smtplib.SMTPException) as error:
        raise CommandError(
            f"The mail server {settings.EMAIL_HOST} did not take the mail: {error}. Nothing is marked as told."
        ) from None
