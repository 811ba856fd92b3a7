"""What fetching leaves behind: runs, what was asked for each instrument, doubted and changed closes, dividends to confirm.

A feed is what one instrument or one pair of currencies gets its closes by; runs and doubts name it the same way. The
closes themselves are `Price` and `Rate` rows.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from portfolio.models.fields import currency_code, exact, is_positive
from portfolio.models.household import Account
from portfolio.models.ledger import Instrument, Transaction
from portfolio.models.market import Distribution, Source


class OfOneFeed(models.Model):
    """A row about one instrument, or about one pair of currencies: quote per 1 base."""

    instrument = models.ForeignKey(
        Instrument, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("instrument")
    )
    base = currency_code(_("base currency"), blank=True)
    quote = currency_code(_("quote currency"), blank=True)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """The symbol, or the pair as in USDTWD."""
        return self.instrument.symbol if self.instrument else f"{self.base}{self.quote}"


def _of_one_feed(name: str) -> models.CheckConstraint:
    pair = Q(instrument__isnull=True) & ~Q(base="") & ~Q(quote="")
    return models.CheckConstraint(condition=Q(instrument__isnull=False, base="", quote="") | pair, name=name)


class MarketFeed(OfOneFeed):
    """How far an instrument or a pair has been asked for, and how the last asking went."""

    asked_from = models.DateField(null=True)  # every session from here on has been asked for
    asked_until = models.DateField(null=True)  # the last closed session at the last answer
    source = models.CharField(_("source"), max_length=12, choices=Source, blank=True)
    answered_at = models.DateTimeField(_("last answer"), null=True)
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    problem_since = models.DateTimeField(_("since"), null=True)

    class Meta:
        constraints = [
            _of_one_feed("feed_of_an_instrument_or_a_pair"),
            models.UniqueConstraint(fields=["instrument"], name="one_feed_per_instrument"),
            models.UniqueConstraint(fields=["base", "quote"], condition=~Q(base=""), name="one_feed_per_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.asked_from} … {self.asked_until}"


class MarketDataRun(models.Model):
    """One fetching of everything that was missing. At most one is under way: the database holds the lock."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        PARTIAL = "partial", _("done in part")
        FAILED = "failed", _("failed")
        LOST = "lost", _("broken off")

    class Trigger(models.TextChoices):
        SCHEDULE = "schedule", _("schedule")
        PERSON = "person", _("run now")
        COMMAND = "command", _("command line")

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RUNNING)
    trigger = models.CharField(_("started by"), max_length=10, choices=Trigger)
    started_at = models.DateTimeField(_("started"))
    # the last sign of life; a run without one for long enough is given up, and another may start
    seen_at = models.DateTimeField()
    finished_at = models.DateTimeField(_("finished"), null=True)
    is_forced = models.BooleanField(default=False)  # the whole stretch is asked for anew, not what is missing alone

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = _("market-data run")
        verbose_name_plural = _("market-data runs")
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="running"), name="one_run_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} {self.state}"


class RunItem(OfOneFeed):
    """One instrument or pair within a run."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    run = models.ForeignKey(MarketDataRun, models.CASCADE, related_name="items")
    start = models.DateField()
    end = models.DateField()  # the last closed session when the run began
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    source = models.CharField(_("source"), max_length=12, choices=Source, blank=True)
    written = models.PositiveIntegerField(_("new or changed"), default=0)
    doubted = models.PositiveIntegerField(_("quarantined"), default=0)
    message = models.CharField(_("message"), max_length=300, blank=True)

    class Meta:
        ordering = ["run", "pk"]
        constraints = [_of_one_feed("item_of_an_instrument_or_a_pair")]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"


class QuarantinedPrice(OfOneFeed):
    """A fetched close or rate that a check doubts. It is used only once somebody accepts it."""

    class Reason(models.TextChoices):
        ZERO = "zero", _("zero")
        NEGATIVE = "negative", _("negative")
        NOT_A_NUMBER = "nan", _("no number")
        FUTURE = "future", _("in the future")
        WEEKEND = "weekend", _("on a weekend")
        JUMP = "jump", _("jump without a split")
        SPIKE = "spike", _("alone among its neighbours")
        CURRENCY = "currency", _("in another currency")
        CHANGED = "changed", _("changed after the fact")
        RESCALED = "rescaled", _("a split is missing")

    class State(models.TextChoices):
        PENDING = "pending", _("to be decided")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")

    date = models.DateField(_("date"))
    close = exact(_("close"), null=True, blank=True)  # none where the source gave no number
    expected = exact(_("close before it"), null=True, blank=True)  # or the stored close that it differs from
    source = models.CharField(_("source"), max_length=12, choices=Source)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    found_at = models.DateTimeField(_("found"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    class Meta:
        ordering = ["-date", "instrument"]
        verbose_name = _("quarantined price")
        verbose_name_plural = _("quarantined prices")
        constraints = [
            _of_one_feed("doubt_about_an_instrument_or_a_pair"),
            models.UniqueConstraint(
                fields=["instrument", "date", "source"], condition=Q(instrument__isnull=False), name="one_doubt_per_close"
            ),
            models.UniqueConstraint(
                fields=["base", "quote", "date", "source"], condition=~Q(base=""), name="one_doubt_per_rate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.date} {self.reason}"


class PriceRevision(OfOneFeed):
    """A stored close that its own source corrected a little later on: what it was, and what it is now."""

    date = models.DateField(_("date"))
    old = exact(_("before"))
    new = exact(_("after"))
    source = models.CharField(_("source"), max_length=12, choices=Source)
    seen_at = models.DateTimeField(_("seen"))

    class Meta:
        ordering = ["-seen_at", "-date"]
        verbose_name = _("revised price")
        verbose_name_plural = _("revised prices")
        constraints = [_of_one_feed("revision_of_an_instrument_or_a_pair")]

    def __str__(self) -> str:
        return f"{self.name} {self.date} {self.old.normalize():f} → {self.new.normalize():f}"


class ProposedDividend(models.Model):
    """A payment that should come, or has come, for units held before an ex-date in one account.

    Confirming it writes the ledger row; a rejected one stays rejected; one that a row by hand or import answers is matched.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CONFIRMED = "confirmed", _("confirmed")
        MATCHED = "matched", _("found in the ledger")
        REJECTED = "rejected", _("rejected")

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="proposed_dividends", verbose_name=_("instrument"))
    account = models.ForeignKey(Account, models.CASCADE, related_name="proposed_dividends", verbose_name=_("account"))
    distribution = models.ForeignKey(Distribution, models.SET_NULL, null=True, blank=True, related_name="proposals")
    ex_date = models.DateField(_("ex-date"))
    pay_date = models.DateField(_("pay date"))  # expected by the payer's habit where none was announced
    is_pay_date_known = models.BooleanField(default=False)
    units = exact(_("units held"))
    per_unit = exact(_("amount per unit"))
    currency = currency_code(_("currency"))
    amount = exact(_("amount"))  # gross
    tax = exact(_("tax"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    # SET_NULL: a deleted row must not bring the question back
    transaction = models.OneToOneField(
        Transaction, models.SET_NULL, null=True, blank=True, related_name="proposal", verbose_name=_("transaction")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["pay_date", "instrument"]
        verbose_name = _("proposed dividend")
        verbose_name_plural = _("proposed dividends")
        constraints = [
            models.UniqueConstraint(fields=["instrument", "account", "ex_date"], name="one_proposal_per_account_and_ex_date"),
            is_positive("amount", name="proposed_amount_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.ex_date} {self.amount.normalize():f} {self.currency}"
