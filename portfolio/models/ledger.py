"""The ledger: instruments, dated rows, and the files they came from.

The invariant: a row is complete in itself. Its kind says what moves and with which sign; every number is positive; what
was typed is kept as typed, and positions, cash and costs are computed from all rows each time, never stored.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from portfolio.engine.kinds import DayCount, InstrumentType, Kind, Track
from portfolio.models.fields import currency_code, exact, is_one_of, is_positive
from portfolio.models.files import import_path, private_storage
from portfolio.models.household import Account


class Instrument(models.Model):
    """What can be held. The symbol is the household's own name for it; `quote_symbol` is the market's."""

    TYPES = [
        (InstrumentType.STOCK, _("Stock")),
        (InstrumentType.ETF, _("ETF")),
        (InstrumentType.FUND, _("Fund")),
        (InstrumentType.PREFERRED, _("Preferred share")),
        (InstrumentType.BOND, _("Bond")),
        (InstrumentType.OTHER, _("Other")),
    ]
    TRACKS = [(Track.MARKET, _("Market")), (Track.FIXED_INCOME, _("Fixed income")), (Track.NEUTRAL, _("Neutral"))]

    symbol = models.CharField(_("symbol"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=160, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=160, blank=True)
    type = models.CharField(_("type"), max_length=10, choices=TYPES, default=InstrumentType.STOCK)
    currency = currency_code(_("currency"))
    isin = models.CharField("ISIN", max_length=12, blank=True)
    issuer_country = models.CharField(_("issuer's country"), max_length=2, blank=True)
    track = models.CharField(_("track"), max_length=12, choices=TRACKS, default=Track.NEUTRAL)
    price_unit = exact(_("price unit"), default=1, help_text=_("1; for bonds 0.01, as they are quoted per 100 of face value."))
    withholding_rate = exact(
        _("withholding rate"), null=True, blank=True, help_text=_("As a fraction; blank: by the issuer's country.")
    )
    refundable_share = exact(
        _("refundable share"),
        null=True,
        blank=True,
        help_text=_("Of the tax withheld, what should come back in the next spring, as a fraction: 0.7 is 70 %."),
    )
    coupon_rate = exact(_("coupon rate"), null=True, blank=True, help_text=_("A year, as a fraction: 0.0425 is 4.25 %."))
    coupon_frequency = models.PositiveSmallIntegerField(_("coupons a year"), null=True, blank=True)
    issue_date = models.DateField(_("issue date"), null=True, blank=True)
    first_coupon_date = models.DateField(
        _("first coupon date"), null=True, blank=True, help_text=_("Only where the first period is longer than the others.")
    )
    maturity_date = models.DateField(_("maturity date"), null=True, blank=True)
    day_count = models.CharField(
        _("day count"), max_length=12, blank=True, choices=[(str(count), str(count)) for count in DayCount]
    )
    quote_symbol = models.CharField(_("quote symbol"), max_length=40, blank=True)
    source_order = models.CharField(
        _("price sources"),
        max_length=60,
        blank=True,
        help_text=_("yahoo, treasury, folder or manual, the first to answer counts; blank: as fits the instrument."),
    )
    is_paused = models.BooleanField(_("paused"), default=False, help_text=_("Nothing is fetched for it."))
    is_draft = models.BooleanField(
        _("draft"), default=False, help_text=_("Made by an import from a symbol alone; look it over, then clear this mark.")
    )
    notes = models.TextField(_("notes"), blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["symbol"]
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        constraints = [
            models.CheckConstraint(condition=~Q(symbol=""), name="instrument_has_a_symbol"),
            is_one_of("type", InstrumentType, name="instrument_of_a_known_type"),
            is_one_of("track", Track, name="instrument_on_a_known_track"),
            is_positive("price_unit", name="price_unit_is_positive"),
            models.CheckConstraint(
                condition=Q(withholding_rate__isnull=True) | Q(withholding_rate__gte=0, withholding_rate__lte=1),
                name="withholding_rate_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(refundable_share__isnull=True) | Q(refundable_share__gte=0, refundable_share__lte=1),
                name="refundable_share_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(coupon_frequency__isnull=True) | Q(coupon_frequency__in=[1, 2, 4, 12]),
                name="known_coupon_frequency",
            ),
        ]

    def __str__(self) -> str:
        return self.symbol


class LedgerImport(models.Model):
    """One file that was read in: its rows can be listed and undone as a whole. This is the audit entry of its rows."""

    file_name = models.CharField(_("file"), max_length=255)
    format = models.CharField(_("format"), max_length=40)
    sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField(_("imported at"), auto_now_add=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("imported by")
    )
    written = models.PositiveIntegerField(_("rows written"), default=0)
    duplicates = models.PositiveIntegerField(_("duplicates"), default=0)
    updated = models.PositiveIntegerField(_("rows changed"), default=0)
    # the file as it was handed in; handed out to owners alone
    file = models.FileField(_("original file"), upload_to=import_path, storage=private_storage, blank=True)
    # what an undo needs to know: keys of changed rows, accounts and instruments that were made; and lines left to a person
    changes = models.JSONField(default=dict, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )

    class Meta:
        ordering = ["-imported_at", "-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.file_name} ({self.written})"


class Transaction(models.Model):
    """One dated row. Rows of one day keep the order of their keys, which is the order of entry."""

    KINDS = [
        (Kind.BUY, _("Buy")),
        (Kind.SELL, _("Sell")),
        (Kind.MATURITY, _("Maturity")),
        (Kind.DIVIDEND, _("Dividend")),
        (Kind.COUPON, _("Coupon")),
        (Kind.INTEREST, _("Interest")),
        (Kind.LENDING_REBATE, _("Lending rebate")),
        (Kind.PAYMENT_IN_LIEU, _("Payment in lieu")),
        (Kind.RETURN_OF_CAPITAL, _("Return of capital")),
        (Kind.STOCK_DIVIDEND, _("Stock dividend")),
        (Kind.SPLIT, _("Split")),
        (Kind.SPIN_OFF, _("Spin-off")),
        (Kind.DEPOSIT, _("Deposit")),
        (Kind.WITHDRAWAL, _("Withdrawal")),
        (Kind.SALARY, _("Salary")),
        (Kind.DELIVERY_IN, _("Delivery in")),
        (Kind.DELIVERY_OUT, _("Delivery out")),
        (Kind.TRANSFER, _("Transfer")),
        (Kind.FX, _("Currency exchange")),
        (Kind.FEE, _("Fee")),
        (Kind.TAX, _("Tax")),
        (Kind.INTEREST_CHARGE, _("Interest charge")),
        (Kind.FEE_REFUND, _("Fee refund")),
        (Kind.TAX_REFUND, _("Tax refund")),
        (Kind.BALANCE, _("Balance check")),
    ]

    date = models.DateField(_("date"))
    time = models.TimeField(_("time"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=KINDS)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="transactions", verbose_name=_("account")
    )
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, null=True, blank=True, related_name="transactions", verbose_name=_("instrument")
    )
    quantity = exact(_("quantity"), null=True, blank=True)
    price = exact(_("price"), null=True, blank=True)
    amount = exact(_("amount"), null=True, blank=True)
    currency = currency_code(_("currency"), blank=True)
    fee = exact(_("fee"), default=0, blank=True)
    tax = exact(_("tax"), default=0, blank=True)
    accrued_interest = exact(_("accrued interest"), default=0, blank=True)
    to_account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="incoming", verbose_name=_("to account")
    )
    to_currency = currency_code(_("to currency"), blank=True)
    to_amount = exact(_("to amount"), null=True, blank=True)
    fx_rate = exact(_("exchange rate"), null=True, blank=True)
    ex_date = models.DateField(_("ex-date"), null=True, blank=True)
    tax_year = models.PositiveSmallIntegerField(_("tax year"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    external_id = models.CharField(_("external id"), max_length=120, blank=True)
    source = models.ForeignKey(
        LedgerImport, models.SET_NULL, null=True, blank=True, related_name="transactions", verbose_name=_("import")
    )
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["date", "pk"]
        verbose_name = _("transaction")
        verbose_name_plural = _("transactions")
        indexes = [models.Index(fields=["date"]), models.Index(fields=["instrument", "date"])]
        constraints = [
            is_one_of("kind", Kind, name="known_kind"),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0) | Q(kind=Kind.BALANCE), name="quantity_is_positive"
            ),
            is_positive("price", name="row_price_is_positive", blank=True),
            # a statement may well say that an account is overdrawn; every other amount is a size
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0) | Q(kind=Kind.BALANCE), name="amount_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(fee__gte=0, tax__gte=0, accrued_interest__gte=0), name="charges_are_not_negative"
            ),
            is_positive("to_amount", name="to_amount_is_positive", blank=True),
            is_positive("fx_rate", name="fx_rate_is_positive", blank=True),
            models.CheckConstraint(
                condition=Q(account__isnull=False) | Q(kind__in=[Kind.SPLIT, Kind.SPIN_OFF]), name="row_has_an_account"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[Kind.BUY, Kind.SELL, Kind.MATURITY, Kind.DELIVERY_IN, Kind.DELIVERY_OUT])
                | (
                    Q(instrument__isnull=False, quantity__isnull=False)
                    & (Q(price__isnull=False) | Q(amount__isnull=False) | Q(kind=Kind.MATURITY))
                ),
                name="trade_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[Kind.STOCK_DIVIDEND, Kind.SPLIT, Kind.SPIN_OFF])
                | Q(instrument__isnull=False, quantity__isnull=False),
                name="units_row_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(
                    kind__in=[
                        Kind.DIVIDEND,
                        Kind.COUPON,
                        Kind.INTEREST,
                        Kind.LENDING_REBATE,
                        Kind.PAYMENT_IN_LIEU,
                        Kind.RETURN_OF_CAPITAL,
                        Kind.DEPOSIT,
                        Kind.WITHDRAWAL,
                        Kind.SALARY,
                        Kind.FX,
                        Kind.FEE,
                        Kind.TAX,
                        Kind.INTEREST_CHARGE,
                        Kind.FEE_REFUND,
                        Kind.TAX_REFUND,
                    ]
                )
                | (Q(amount__isnull=False) & ~Q(currency="")),
                name="cash_row_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.FX) | (Q(to_amount__isnull=False) & ~Q(to_currency="")), name="exchange_is_complete"
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.TRANSFER)
                | (
                    Q(to_account__isnull=False)
                    & (Q(amount__isnull=False) | Q(instrument__isnull=False, quantity__isnull=False))
                ),
                name="transfer_is_complete",
            ),
            models.UniqueConstraint(
                fields=["account", "external_id"], condition=~Q(external_id=""), name="external_id_once_per_account"
            ),
        ]

    def __str__(self) -> str:
        parts = [str(self.date), self.get_kind_display()]
        if self.instrument_id:
            parts.append(str(self.instrument))
        if self.quantity is not None:
            parts.append(f"{self.quantity.normalize():f}")
        if self.amount is not None:
            parts.append(f"{self.amount.normalize():f} {self.currency}")
        return " ".join(parts)
