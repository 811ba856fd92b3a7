"""What imports remember for the next file: how to read a file, which instrument a name means, what was taken back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from portfolio.models.household import Account
from portfolio.models.ledger import Instrument, LedgerImport


class ImportMapping(models.Model):
    """How to read a file that no importer knows: a preset, in the words of `importers/mapping.py`. Holds no personal data."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    rules = models.JSONField(_("rules"), help_text=_("Columns, words, date and number style."))
    # of the header's names in their order; a file with the same header is read with this preset
    header = models.CharField(_("header's fingerprint"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("import mapping")
        verbose_name_plural = _("import mappings")
        constraints = [
            models.UniqueConstraint(fields=["header"], condition=~Q(header=""), name="one_mapping_for_a_header"),
            models.CheckConstraint(condition=~Q(name=""), name="mapping_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class RememberedName(models.Model):
    """A broker's code or name for an instrument, asked once. Without an account it holds for all of them."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, verbose_name=_("account"))
    name = models.CharField(_("name in files"), max_length=160, help_text=_("In lower case, with single spaces."))
    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="names", verbose_name=_("instrument"))

    class Meta:
        ordering = ["name"]
        verbose_name = _("name in files")
        verbose_name_plural = _("names in files")
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="one_instrument_for_a_name_in_an_account"),
            models.UniqueConstraint(fields=["name"], condition=Q(account__isnull=True), name="one_instrument_for_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} → {self.instrument}"


class CancelledRow(models.Model):
    """A source row that its broker took back: it stays out, whichever file brings it again."""

    account = models.ForeignKey(Account, models.CASCADE, verbose_name=_("account"))
    external_id = models.CharField(_("external id"), max_length=120)
    source = models.ForeignKey(LedgerImport, models.CASCADE, related_name="cancelled", verbose_name=_("import"))
    # the row that was stored and had to go; its last version is in the history of transactions
    transaction_key = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("cancelled row")
        verbose_name_plural = _("cancelled rows")
        constraints = [models.UniqueConstraint(fields=["account", "external_id"], name="cancelled_once")]

    def __str__(self) -> str:
        return f"{self.account} {self.external_id}"
