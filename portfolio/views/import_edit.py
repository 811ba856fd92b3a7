"""One row of a preview as a form: it starts from what was read and gives back what a person put right. Writes nothing."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import Kind
from portfolio.engine.row_rules import RULES, missing_fields, spin_off_symbol
from portfolio.entry.fields import NumberField
from portfolio.entry.form import kind_choices
from portfolio.importers.edits import EDITABLE, Edit, edit_of
from portfolio.importers.ledger_file import COLUMNS
from portfolio.importers.rows import CHARGES, NUMBERS, LedgerRow
from portfolio.importers.table import read_table
from portfolio.importers.text import FileError
from portfolio.models import Account, Instrument
from portfolio.written_values import plain

# as the rules name them
_FIELD_OF = {"symbol": "instrument"}
_NAME_OF = {"instrument": "symbol"}
_DATE = {"type": "date"}
_USUAL = ("date", "kind", "account", "symbol", "quantity", "price", "amount", "currency", "fee", "tax", "note")


class RowForm(forms.Form):
    """The columns of a ledger row; what the kind needs is asked for, the rest may stay blank."""

    date = forms.DateField(label=gettext_lazy("date"), widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))
    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=kind_choices)
    account = forms.CharField(
        label=gettext_lazy("account"), required=False, max_length=80, widget=forms.TextInput({"list": "accounts"})
    )
    symbol = forms.CharField(
        label=gettext_lazy("symbol"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"list": "symbols", "autocomplete": "off", "spellcheck": "false"}),
    )
    quantity = NumberField(label=gettext_lazy("quantity"))
    price = NumberField(label=gettext_lazy("price"))
    amount = NumberField(label=gettext_lazy("amount"))
    currency = forms.CharField(label=gettext_lazy("currency"), required=False, max_length=3)
    fee = NumberField(label=gettext_lazy("fee"))
    tax = NumberField(label=gettext_lazy("tax"))
    accrued_interest = NumberField(label=gettext_lazy("accrued interest"))
    to_account = forms.CharField(
        label=gettext_lazy("to account"), required=False, max_length=80, widget=forms.TextInput({"list": "accounts"})
    )
    to_amount = NumberField(label=gettext_lazy("to amount"))
    to_currency = forms.CharField(label=gettext_lazy("to currency"), required=False, max_length=3)
    fx_rate = NumberField(label=gettext_lazy("exchange rate"))
    ex_date = forms.DateField(
        label=gettext_lazy("ex-date"), required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )
    note = forms.CharField(label=gettext_lazy("note"), required=False, max_length=500)

    def __init__(self, *args: Any, today: dt.date, **options: Any) -> None:
        """Keep the day after which no row may lie."""
        super().__init__(*args, **options)
        self.today = today

    @property
    def usual(self) -> list[forms.BoundField]:
        """The fields of most rows."""
        return [self[name] for name in _USUAL]

    @property
    def rare(self) -> list[forms.BoundField]:
        """The other fields."""
        return [self[name] for name in self.fields if name not in _USUAL]

    @property
    def is_rare(self) -> bool:
        """Say whether one of the other fields is filled in or in error."""
        return any(each.value() or each.errors for each in self.rare)

    def clean_date(self) -> dt.date:
        """Refuse the future."""
        found: dt.date = self.cleaned_data["date"]
        if found > self.today:
            raise ValidationError(_("It lies in the future."))
        return found

    def clean_currency(self) -> str:
        """Return a currency's code."""
        return _code(self.cleaned_data["currency"])

    def clean_to_currency(self) -> str:
        """Return a currency's code."""
        return _code(self.cleaned_data["to_currency"])

    def clean(self) -> dict[str, Any]:
        """Ask for what the kind needs, refuse signs: the kind says the direction."""
        found: dict[str, Any] = super().clean() or {}
        if not (kind := found.get("kind")):
            return found
        filled = {_FIELD_OF.get(name, name) for name, value in found.items() if value is not None and value != ""}
        # a blank currency is the instrument's or the account's
        for field in missing_fields(kind=Kind(kind), filled=filled | {"currency"}):
            self.add_error(_NAME_OF.get(field, field), _("Such a row needs it."))
        if kind == Kind.SPIN_OFF and found.get("note") and not spin_off_symbol(note=found["note"]):
            self.add_error("note", _("It begins with to:SYMBOL, the instrument that was spun off."))
        if kind == Kind.TRANSFER and found.get("to_account") == found.get("account"):
            self.add_error("to_account", _("It is the account itself; exchanging inside one account is its own kind."))
        for name in NUMBERS:
            value = found.get(name)
            is_zero = value == 0 and name not in CHARGES | {"amount"}
            if value is not None and kind != Kind.BALANCE and (value < 0 or is_zero):
                self.add_error(name, _("A number above zero: the kind says the direction."))
        return found

    def edit(self) -> Edit:
        """Return what is kept of the row; what means nothing in its kind is dropped."""
        fields = RULES[Kind(self.cleaned_data["kind"])].fields | {"kind", "currency"}
        return edit_of({name: value for name, value in self.cleaned_data.items() if _FIELD_OF.get(name, name) in fields})


def initial_of(row: LedgerRow | None, *, account: str) -> dict[str, Any]:
    """Return what the form starts with: the row as it was read, or nothing but its account."""
    if row is None:
        return {"account": account}
    found = {name: getattr(row, name) for name in EDITABLE}
    return {name: plain(value) if isinstance(value, Decimal) else value for name, value in found.items() if value}


def initial_of_line(*, data: bytes, line: int, account: str) -> dict[str, Any]:
    """Return what the form starts with where a line of a ledger file could not be read as a row: its cells, as they stand."""
    try:
        table = read_table(data=data, columns=COLUMNS, needed=())
    except FileError:
        return {"account": account}
    cells = next((cells for number, cells in table.rows if number == line), None) or {}
    return {"account": account} | {"kind" if name == "type" else name: text for name, text in cells.items() if text}


def known_names() -> dict[str, list[str]]:
    """Return the accounts and symbols that the fields suggest."""
    return {
        "accounts": list(Account.objects.order_by("name").values_list("name", flat=True)),
        "symbols": list(Instrument.objects.order_by("symbol").values_list("symbol", flat=True)),
    }


def _code(text: str) -> str:
    code = text.strip()
    code = code if is_currency(code) else code.upper()
    if code and not is_currency(code):
        raise ValidationError(_("A currency is a three-letter code such as TWD."))
    return code
