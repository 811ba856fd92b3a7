"""Form fields of a row: numbers that may be sums, an instrument named by its ticker. Knows no rules between fields."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from portfolio.engine.calculator import SIGNIFICANT_DIGITS, NotANumberError, calculate
from portfolio.entry.wording import plain
from portfolio.models import Instrument


class NumberField(forms.DecimalField):
    """A number, or a sum such as 3*1200+50; blank is None."""

    default_error_messages = {
        "invalid": _("“%(text)s” is not a number. Write 1234.5, or a sum such as 3*1200+50."),
        "digits": _("At most 15 digits are kept exactly; this has more."),
    }

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "entry-number", **options.pop("attrs", {})}
        super().__init__(required=False, max_digits=24, decimal_places=10, widget=forms.TextInput(attrs=attrs), **options)

    def to_python(self, value: Any) -> Decimal | None:
        """Read the number; ValidationError where it is none or has more digits than are kept."""
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            number = calculate(str(value))
        except NotANumberError as error:
            raise ValidationError(self.error_messages["invalid"], "invalid", {"text": error.text}) from error
        if len(number.normalize().as_tuple().digits) > SIGNIFICANT_DIGITS:
            raise ValidationError(self.error_messages["digits"], "digits")
        # more decimals than the tables keep can only come from a quotient
        return number if -number.as_tuple().exponent <= self.decimal_places else round(number, self.decimal_places)

    def prepare_value(self, value: Any) -> Any:
        """Show a stored number without idle zeros, and what was typed as it was typed."""
        return plain(value) if isinstance(value, Decimal) else value


def matching_instruments(words: str) -> QuerySet[Instrument]:
    """Return the instruments that words may mean, the exact ticker first, then by its beginning, then by name."""
    found = Instrument.objects.filter(
        Q(symbol__icontains=words)
        | Q(name__icontains=words)
        | Q(name_zh__icontains=words)
        | Q(isin__iexact=words)
        | Q(quote_symbol__istartswith=words)
    )
    place = Case(
        When(symbol__iexact=words, then=Value(0)),
        When(symbol__istartswith=words, then=Value(1)),
        When(Q(name__istartswith=words) | Q(name_zh__istartswith=words), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return found.order_by(place, "symbol")


class InstrumentField(forms.CharField):
    """An instrument by ticker, or by as much of its name as fits one only."""

    default_error_messages = {
        "unknown": _("No instrument is called “%(words)s”. Enter it first, under Instruments."),
        "ambiguous": _("“%(words)s” may be %(candidates)s; write the ticker."),
    }

    def __init__(self, **options: Any) -> None:
        attrs = {
            "role": "combobox",
            "aria-autocomplete": "list",
            "aria-expanded": "false",
            "aria-controls": "instrument-suggestions",
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
        }
        super().__init__(required=False, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Instrument | None:
        """Return the instrument that is meant; ValidationError where there is none or more than one."""
        words = str(value or "").strip()
        if not words:
            return None
        found = list(matching_instruments(words)[:4])
        if found and (found[0].symbol.lower() == words.lower() or len(found) == 1):
            return found[0]
        if not found:
            raise ValidationError(self.error_messages["unknown"], "unknown", {"words": words})
        candidates = ", ".join(instrument.symbol for instrument in found[:3])
        raise ValidationError(self.error_messages["ambiguous"], "ambiguous", {"words": words, "candidates": candidates})

    def prepare_value(self, value: Any) -> Any:
        """Show a key as the ticker."""
        if isinstance(value, int):
            return Instrument.objects.filter(pk=value).values_list("symbol", flat=True).first()
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare tickers, as the stored value is a key."""
        return super().has_changed(self.prepare_value(initial), data)
