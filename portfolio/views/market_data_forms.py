"""What is typed on the market-data page: a close by hand, and a payment's figures as the statement says them. Write nothing."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portfolio.entry.fields import NumberField
from portfolio.entry.live import name_of
from portfolio.models import Instrument


class InstrumentField(forms.ModelChoiceField):
    """An instrument by its symbol and name."""

    def label_from_instance(self, instrument: Instrument) -> str:
        """Return what the list says."""
        return " ".join(filter(None, (instrument.symbol, name_of(instrument), f"({instrument.currency})")))


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class PriceForm(forms.Form):
    """One close of one instrument."""

    instrument = InstrumentField(
        label=gettext_lazy("instrument"),
        queryset=Instrument.objects.order_by("symbol"),
        to_field_name="symbol",
        empty_label="",
    )
    date = forms.DateField(label=gettext_lazy("date"), widget=_day())
    close = NumberField(label=gettext_lazy("close"))

    def clean_date(self) -> dt.date:
        """Refuse a day that has not come."""
        date: dt.date = self.cleaned_data["date"]
        if date > timezone.localdate():
            raise ValidationError(_("There is no close of a day to come."))
        return date

    def clean_close(self) -> Decimal:
        """Refuse what is no price."""
        close = self.cleaned_data["close"]
        if close is None or close <= 0:
            raise ValidationError(_("A price is above zero."))
        return Decimal(close)


class PaymentForm(forms.Form):
    """A proposed dividend as it was really paid; what stays blank is as proposed."""

    date = forms.DateField(label=gettext_lazy("paid on"), required=False, widget=_day())
    amount = NumberField(label=gettext_lazy("gross"))
    tax = NumberField(label=gettext_lazy("tax"))

    def __init__(self, *args: Any, is_due: bool, **options: Any) -> None:
        """Take what was typed. is_due: the expected pay date has come, so the date may stay blank."""
        super().__init__(*args, **options)
        self.is_due = is_due

    def clean(self) -> dict[str, Any]:
        """Refuse figures that no payment has."""
        found: dict[str, Any] = super().clean() or {}
        amount, tax, date = found.get("amount"), found.get("tax"), found.get("date")
        if amount is not None and amount <= 0:
            raise ValidationError(_("A payment is above zero."))
        if tax is not None and tax < 0:
            raise ValidationError(_("A tax is zero or above."))
        is_ahead = date > timezone.localdate() if date is not None else not self.is_due
        if is_ahead and "date" not in self.errors:
            raise ValidationError(_("What has not been paid cannot be confirmed yet; if it has been, say on which day."))
        return found
