"""The form of one ledger row: reads what was typed, completes it, and puts every objection beside its field.

The admin saves through it and the live line answers from it, so what is announced while typing is what saving does.
"""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portfolio.engine.kinds import Kind
from portfolio.engine.row_rules import RULES
from portfolio.entry.charges import Charges
from portfolio.entry.checks import Issue, questions, refusals
from portfolio.entry.completion import charge, complete
from portfolio.entry.fields import InstrumentField, NumberField
from portfolio.models import Account, Transaction

THIRD = ("quantity", "price", "amount")
CHARGES = ("fee", "tax", "accrued_interest")
COMPUTABLE = {*THIRD, *CHARGES, "currency"}
_GROUPS = (
    (_("Trades"), (Kind.BUY, Kind.SELL, Kind.MATURITY)),
    (
        _("Received"),
        (
            Kind.DIVIDEND,
            Kind.COUPON,
            Kind.INTEREST,
            Kind.LENDING_REBATE,
            Kind.PAYMENT_IN_LIEU,
            Kind.RETURN_OF_CAPITAL,
            Kind.STOCK_DIVIDEND,
        ),
    ),
    (_("Cash"), (Kind.DEPOSIT, Kind.WITHDRAWAL, Kind.SALARY, Kind.FX, Kind.TRANSFER)),
    (_("Charges"), (Kind.FEE, Kind.TAX, Kind.INTEREST_CHARGE, Kind.FEE_REFUND, Kind.TAX_REFUND)),
    (_("Units"), (Kind.SPLIT, Kind.SPIN_OFF, Kind.DELIVERY_IN, Kind.DELIVERY_OUT)),
    (_("Check"), (Kind.BALANCE,)),
)


def kind_choices() -> list[tuple[Any, Any]]:
    """Return the kinds in groups, those of every week first."""
    labels = dict(Transaction.KINDS)
    return [(name, [(kind, labels[kind]) for kind in kinds]) for name, kinds in _GROUPS]


class TransactionForm(forms.ModelForm):
    """One row. Fields that its kind has no use for are left blank, whatever was sent."""

    kind = forms.ChoiceField(label=_("kind"), choices=kind_choices, initial=Kind.BUY)
    date = forms.DateField(label=_("date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(
        label=_("time"), required=False, widget=forms.TimeInput(attrs={"type": "time", "step": 1}, format="%H:%M:%S")
    )
    account = forms.ModelChoiceField(Account.objects.all(), label=_("account"), required=False, empty_label="")
    instrument = InstrumentField(label=_("instrument"))
    quantity = NumberField(label=_("quantity"))
    price = NumberField(label=_("price"))
    amount = NumberField(label=_("amount"))
    currency = forms.CharField(label=_("currency"), required=False, max_length=3)
    fee = NumberField(label=_("fee"))
    tax = NumberField(label=_("tax"))
    accrued_interest = NumberField(label=_("accrued interest"))
    to_account = forms.ModelChoiceField(Account.objects.all(), label=_("to account"), required=False, empty_label="")
    to_currency = forms.CharField(label=_("to currency"), required=False, max_length=3)
    to_amount = NumberField(label=_("to amount"))
    fx_rate = NumberField(label=_("exchange rate"))
    ex_date = forms.DateField(
        label=_("ex-date"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    # the codes of the questions that were answered with yes
    confirm = forms.CharField(required=False, widget=forms.HiddenInput)
    # names of fields that nobody typed into: they are worked out anew, so a figure that came too late does no harm
    computed = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Transaction
        fields = (
            "kind",
            "date",
            "account",
            "instrument",
            *THIRD,
            "currency",
            *CHARGES,
            "to_account",
            "to_amount",
            "to_currency",
            "fx_rate",
            "ex_date",
            "tax_year",
            "time",
            "note",
            "external_id",
        )

    def __init__(self, *args: Any, is_live: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.is_live = is_live  # nothing will be saved, so the database need not be asked about its constraints
        self.row: Transaction | None = None  # the row as completed, once cleaned
        self.worked_out: set[str] = set()  # names of the fields that were filled in
        self.charges = Charges()
        self.objections: list[Issue] = []
        self.questions: list[Issue] = []
        given = options.get("initial") or {}
        if self.instance._state.adding:
            # blank stands for "the usual"; the table's default of 0 would hide it
            self.initial.update({name: given.get(name) for name in CHARGES})
        if (amount := self.initial.get("amount")) is not None and self._is_product(amount):
            self.initial["computed"] = "amount"

    def _is_product(self, amount: Any) -> bool:
        probe = Transaction(**{name: self.initial.get(name) for name in ("kind", "quantity", "price", "fx_rate")})
        if probe.quantity is None or probe.price is None or not probe.kind:
            return False
        probe.date = self.initial.get("date")
        probe.instrument_id = self.initial.get("instrument")
        probe.currency = self.initial.get("currency") or ""
        return probe.date is not None and complete(probe) == "amount" and probe.amount == amount

    def clean_currency(self) -> str:
        """Return the code in capitals."""
        return _code(self.cleaned_data["currency"])

    def clean_to_currency(self) -> str:
        """Return the code in capitals."""
        return _code(self.cleaned_data["to_currency"])

    def clean(self) -> dict[str, Any]:
        """Complete the row, then object to it: refusals first, questions once nothing is refused."""
        data = super().clean()
        if not data.get("kind") or not data.get("date"):
            return data
        row = self.row = self._row(data)
        has_currency = bool(row.currency)
        third = complete(row)
        self.charges, taken = charge(row)
        self.worked_out = {third, *taken, "" if has_currency or not row.currency else "currency"} - {""}
        for issue in refusals(row):
            if issue.field not in self.errors:
                self._object(issue)
        if all(issue.code == "required" for issue in self.objections):
            self.questions = self._open_questions(row)
        if not self.errors:
            self._ask(data.get("confirm", ""))
        for name in self._meta.fields:
            # a field with an error has no clean value, and must not get one
            if name not in self.errors:
                data[name] = getattr(row, name)
        return data

    def _row(self, data: dict[str, Any]) -> Transaction:
        useful = RULES[Kind(data["kind"])].fields - (set(data.get("computed", "").split(",")) & COMPUTABLE)
        row = Transaction(pk=self.instance.pk)
        for name in self._meta.fields:
            value = data.get(name) if name in useful else None
            if value is None:
                value = _blank(name, is_useful=name in RULES[Kind(data["kind"])].fields)
            setattr(row, name, value)
        return row

    def _object(self, issue: Issue) -> None:
        self.objections.append(issue)
        self.add_error(issue.field, ValidationError(issue.message, code=issue.code))

    def _open_questions(self, row: Transaction) -> list[Issue]:
        """What is unlikely about the row and was not so already when it was stored."""
        stored = Transaction.objects.filter(pk=self.instance.pk).first() if self.instance.pk else None
        settled = {question.code for question in questions(stored)} if stored else set()
        return [question for question in questions(row) if question.code not in settled]

    def _ask(self, answered: str) -> None:
        for question in self.questions:
            if question.code not in answered.split("|"):
                self.add_error(question.field, ValidationError(question.message, code="question"))

    @property
    def confirm_codes(self) -> str:
        """Codes of every question asked, for the box that says yes to them."""
        return "|".join(question.code for question in self.questions)

    def _post_clean(self) -> None:
        # the tables' own constraints come last: what they would say of a refused row has been said better
        if not self.is_live and not self.errors:
            super()._post_clean()


def _code(text: str) -> str:
    """Currency codes are capitals, but for the minor units such as GBp."""
    return text if text[:2].isupper() and text[2:].islower() else text.upper()


def _blank(name: str, *, is_useful: bool) -> Any:
    if name in CHARGES:
        return None if is_useful else Decimal(0)
    return "" if name in {"currency", "to_currency", "note", "external_id"} else None
