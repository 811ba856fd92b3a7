"""What the market says: closes, exchange rates, distributions, splits, and the tax withheld on them.

`Price` and `Rate` rows are the record, with their source; `PriceSeries` and `RateSeries` hold the same closes as two
arrays, because reading a million rows costs sixty times a million floats. Both are written in one database transaction,
by `portfolio.market_data.store` alone.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from portfolio.models.fields import currency_code, exact, is_positive
from portfolio.models.ledger import Instrument


class Source(models.TextChoices):
    """Where a figure came from."""

    FOLDER = "folder", _("folder")
    MANUAL = "manual", _("typed in")
    YAHOO = "yahoo", "Yahoo"
    TREASURY = "treasury", _("computed from the US Treasury's yields")
    DEMO = "demo", _("demo household")


class Price(models.Model):
    """One close as traded, in the instrument's currency. Never adjusted: a split changes units, not history."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="prices", verbose_name=_("instrument"))
    date = models.DateField(_("date"))
    close = exact(_("close"))
    source = models.CharField(_("source"), max_length=12, choices=Source, default=Source.MANUAL)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(fields=["instrument", "date"], name="one_close_per_day"),
            is_positive("close", name="close_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.date} {self.close.normalize():f}"


class PriceSeries(models.Model):
    """All closes of one instrument: `days` as int32 since 1970-01-01, ascending, `closes` as float64, little-endian."""

    instrument = models.OneToOneField(Instrument, models.CASCADE, primary_key=True, related_name="price_series")
    days = models.BinaryField()
    closes = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.instrument}: {len(self.days) // 4}"


class Rate(models.Model):
    """Units of `quote` for one unit of `base` at the close of a day. A pair serves in both directions."""

    base = currency_code(_("base currency"))
    quote = currency_code(_("quote currency"))
    date = models.DateField(_("date"))
    rate = exact(_("rate"))
    source = models.CharField(_("source"), max_length=12, choices=Source, default=Source.MANUAL)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            models.UniqueConstraint(fields=["base", "quote", "date"], name="one_rate_per_day"),
            models.CheckConstraint(condition=~models.Q(base=models.F("quote")), name="rate_of_two_currencies"),
            is_positive("rate", name="rate_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.base}{self.quote} {self.date} {self.rate.normalize():f}"


class RateSeries(models.Model):
    """All rates of one pair, laid out as in PriceSeries."""

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    days = models.BinaryField()
    closes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["base", "quote"], name="one_series_per_pair")]

    def __str__(self) -> str:
        return f"{self.base}{self.quote}: {len(self.days) // 4}"


class Distribution(models.Model):
    """A dividend per unit as announced, in the instrument's currency and in the units of its ex-date."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="distributions", verbose_name=_("instrument"))
    ex_date = models.DateField(_("ex-date"))
    amount = exact(_("amount per unit"))
    pay_date = models.DateField(_("pay date"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=12, choices=Source, default=Source.MANUAL)
    history = HistoricalRecords()

    class Meta:
        ordering = ["instrument", "ex_date"]
        verbose_name = _("distribution")
        verbose_name_plural = _("distributions")
        constraints = [
            models.UniqueConstraint(fields=["instrument", "ex_date"], name="one_distribution_per_ex_date"),
            is_positive("amount", name="distribution_is_positive"),
            models.CheckConstraint(
                condition=models.Q(pay_date__isnull=True) | models.Q(pay_date__gte=models.F("ex_date")),
                name="paid_after_ex_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.ex_date} {self.amount.normalize():f}"


class Split(models.Model):
    """A split as the market reports it. It adjusts per-unit history; units change by ledger rows only."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="splits", verbose_name=_("instrument"))
    ex_date = models.DateField(_("ex-date"))
    ratio = exact(_("new units per old unit"))
    source = models.CharField(_("source"), max_length=12, choices=Source, default=Source.MANUAL)
    history = HistoricalRecords()

    class Meta:
        ordering = ["instrument", "ex_date"]
        verbose_name = _("split")
        verbose_name_plural = _("splits")
        constraints = [
            models.UniqueConstraint(fields=["instrument", "ex_date"], name="one_split_per_ex_date"),
            is_positive("ratio", name="split_ratio_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.ex_date} {self.ratio.normalize():f}"


class PremiumRule(models.Model):
    """A premium of the health insurance on single payments: in Taiwan from NT$20,000 on, 2.11 % since 2021.

    Payments of one payer on one day count as one. Data, not code: laws change.
    """

    country = models.CharField(_("issuer's country"), max_length=2)
    currency = currency_code(_("currency"))
    rate = exact(_("rate"), help_text=_("As a fraction: 0.0211 is 2.11 %."))
    threshold = exact(_("smallest payment that pays it"))
    cap = exact(_("largest base"))
    par = exact(_("value of a share that is a dividend"), default=10)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["country", "valid_from"]
        verbose_name = _("premium rule")
        verbose_name_plural = _("premium rules")
        constraints = [
            models.UniqueConstraint(fields=["country", "valid_from"], name="one_premium_rule_at_a_time"),
            models.CheckConstraint(condition=models.Q(rate__gte=0, rate__lte=1), name="premium_is_a_share"),
            is_positive("threshold", name="premium_threshold_is_positive"),
            is_positive("cap", name="premium_cap_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.rate * 100:.2f} % {self.valid_from}"


class WithholdingRule(models.Model):
    """Tax withheld from a payment by the issuer's country, for a stretch of time. Data, not code: laws change.

    The rule with the matching `instrument_type` wins over the one that leaves it blank; an instrument's own
    `withholding_rate` wins over both.
    """

    country = models.CharField(_("issuer's country"), max_length=2)
    instrument_type = models.CharField(_("instrument type"), max_length=10, blank=True)
    rate = exact(_("rate"), help_text=_("As a fraction: 0.3 is 30 %."))
    valid_from = models.DateField(_("valid from"), default="1900-01-01")
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["country", "instrument_type", "valid_from"]
        verbose_name = _("withholding rule")
        verbose_name_plural = _("withholding rules")
        constraints = [
            models.UniqueConstraint(fields=["country", "instrument_type", "valid_from"], name="one_withholding_rule_at_a_time"),
            models.CheckConstraint(condition=models.Q(rate__gte=0, rate__lte=1), name="withholding_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.instrument_type} {self.rate * 100:.2f} %"
