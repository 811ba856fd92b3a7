"""The household around the portfolio: accounts, the spouse's salary, the targets of the tracks, calendar feeds."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from portfolio.engine.kinds import Track
from portfolio.models.fields import currency_code, exact, is_positive


class Account(models.Model):
    """A broker or bank account. One account may hold cash in several currencies."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    owner = models.CharField(_("owner"), max_length=80, blank=True)
    currency = currency_code(_("currency"), blank=True, help_text=_("Of its cash, where a row names none."))
    commission_rate = exact(
        _("commission rate"), null=True, blank=True, help_text=_("Of a trade's value: 0.001425 is 0.1425 %.")
    )
    commission_discount = exact(_("commission discount"), default=1, help_text=_("What is left of it: 0.6 takes 2 of 5 off."))
    commission_minimum = exact(_("least commission"), default=0)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="account_has_a_name"),
            models.CheckConstraint(condition=models.Q(commission_minimum__gte=0), name="least_commission_not_negative"),
            models.CheckConstraint(condition=models.Q(commission_discount__gte=0), name="commission_discount_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class Salary(models.Model):
    """The spouse's monthly salary from a date on. A raise is a new row, so the past stays what it was."""

    amount = exact(_("monthly amount"))
    currency = currency_code(_("currency"))
    valid_from = models.DateField(_("valid from"), unique=True)
    planned_raise = exact(_("planned raise"), default="0.04", help_text=_("A year, as a fraction: 0.04 is 4 %."))
    history = HistoricalRecords()

    class Meta:
        ordering = ["valid_from"]
        verbose_name = _("salary")
        verbose_name_plural = _("salaries")
        constraints = [is_positive("amount", name="salary_is_positive")]

    def __str__(self) -> str:
        return f"{self.amount.normalize():f} {self.currency} / {self.valid_from}"


class TrackTarget(models.Model):
    """The share of total wealth a track should have; without a row the target is unknown, not zero."""

    track = models.CharField(
        _("track"),
        max_length=12,
        unique=True,
        choices=[("MARKET", _("Market")), ("FIXED_INCOME", _("Fixed income")), ("NEUTRAL", _("Neutral")), ("CASH", _("Cash"))],
    )
    weight = exact(_("target"), help_text=_("Of total wealth, as a fraction: 0.6 is 60 %."))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("track target")
        verbose_name_plural = _("track targets")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(track__in=[*(str(track) for track in Track), "CASH"]), name="track_target_of_a_known_track"
            ),
            models.CheckConstraint(condition=models.Q(weight__gte=0, weight__lte=1), name="track_target_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.get_track_display()} {self.weight * 100:.0f} %"


class CalendarFeed(models.Model):
    """A secret address under which a calendar program reads the payments ahead, until it is revoked.

    Only the token's hash is kept: who reads the database cannot read the feed.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds", verbose_name=_("person"))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    with_amounts = models.BooleanField(_("with amounts"), default=False)
    language = models.CharField(_("language"), max_length=10)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            # a token stored as it is would be shorter
            models.CheckConstraint(condition=Exact(Length("token_hash"), 64), name="feed_token_is_hashed")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d}"

    @staticmethod
    def hash_of(token: str) -> str:
        """Return what is kept of a token."""
        return hashlib.sha256(token.encode()).hexdigest()
