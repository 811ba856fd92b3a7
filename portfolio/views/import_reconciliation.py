"""The door to statements: account by account what agrees with the ledger, since when it does not, and a form for more."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portfolio import formatting as show
from portfolio.entry.fields import NumberField
from portfolio.entry.reconciliation import Check, Held, Line, Reconciled, held_on, reconciled_accounts, write_statement
from portfolio.models import Account
from portfolio.views.frame import display_of
from portfolio.views.ledger_rows import Shown
from portfolio.views.owners import for_owners
from portfolio.views.sentences import sentence


@dataclass(frozen=True, slots=True)
class LineText:
    """One instrument or currency of an account."""

    name: str
    date: str
    stated: str
    ledger: str
    difference: str
    agrees: bool
    since: str  # the first statement that differs
    until: str  # the last one that agreed before
    url: str  # the ledger's rows to look through


@dataclass(frozen=True, slots=True)
class AccountText:
    """An account with its sentence and its lines."""

    name: str
    say: str
    agrees: bool
    lines: list[LineText]


class StatementForm(forms.Form):
    """Whose statement it is, and of which day."""

    account = forms.ModelChoiceField(Account.objects.order_by("name"), label=gettext_lazy("account"), empty_label="")
    date = forms.DateField(
        label=gettext_lazy("date of the statement"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_date(self) -> dt.date:
        """Refuse the future."""
        found: dt.date = self.cleaned_data["date"]
        if found > timezone.localdate():
            raise forms.ValidationError(_("It lies in the future."))
        return found


class FiguresForm(forms.Form):
    """What the statement says: a field for each thing that the account holds."""

    def __init__(self, *args: Any, held: list[Held], **options: Any) -> None:
        """Make the fields; a blank one says nothing."""
        super().__init__(*args, **options)
        for each in held:
            self.fields[each.name] = NumberField(label=each.symbol or each.currency)

    def figures(self, kind: str) -> dict[str, Decimal]:
        """Return what was filled in for `units` or `cash`, by symbol or currency."""
        found = self.cleaned_data.items()
        start = f"{kind}-"
        return {name.removeprefix(start): value for name, value in found if name.startswith(start) and value is not None}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_owners
def reconciliation(request: HttpRequest) -> HttpResponse:
    """Show every account's statements beside the ledger; `?account=&date=` opens the form of one."""
    asked = StatementForm(request.GET if "account" in request.GET else None)
    shown = Shown(hidden=display_of(request).hide_amounts)
    context: dict[str, Any] = {"form": asked}
    if asked.is_bound and asked.is_valid():
        account, date = asked.cleaned_data["account"], asked.cleaned_data["date"]
        held = held_on(account=account, date=date)
        figures = FiguresForm(request.POST or None, held=held)
        if request.method == "POST" and figures.is_valid():
            return _written(request, account, date, figures)
        fields = [(figures[each.name], _ledger(each, shown)) for each in held]
        context |= {"figures": figures, "fields": fields, "account": account, "date": show.full_date(date)}
    context["accounts"] = [account_text(each, shown) for each in reconciled_accounts()]
    return render(request, "import_reconciliation.html", context, status=400 if request.method == "POST" else 200)


def _written(request: HttpRequest, account: Account, date: dt.date, figures: FiguresForm) -> HttpResponse:
    count = write_statement(account=account, date=date, units=figures.figures("units"), cash=figures.figures("cash"))
    said = ngettext("%(count)s figure of the statement was entered.", "%(count)s figures of the statement were entered.", count)
    messages.success(request, said % {"count": count})
    return redirect("reconciliation")


def _ledger(held: Held, shown: Shown) -> str:
    if held.symbol:
        return shown.units(held.ledger)
    amount = shown.money(held.currency).level(held.ledger)
    return sentence("%(amount)s %(currency)s", amount=amount, currency=held.currency)


def account_text(found: Reconciled, shown: Shown) -> AccountText:
    """Return an account as the page shows it."""
    first = found.first_difference
    if first is None:
        say = _("Everything agrees with the statements up to %(date)s.") % {"date": show.full_date(found.last_date)}
    else:
        say = _("The first statement that differs is of %(date)s.") % {"date": show.full_date(first)}
    lines = sorted(found.lines, key=lambda line: (line.last.agrees, not line.symbol, line.symbol, line.currency))
    return AccountText(found.account.name, say, first is None, [_line(each, found.account, shown) for each in lines])


def _line(line: Line, account: Account, shown: Shown) -> LineText:
    last, first = line.last, line.first_difference
    query = {"account": account.name} | ({"instrument": line.symbol} if line.symbol else {})
    return LineText(
        name=line.symbol or _("Cash %(currency)s") % {"currency": line.currency},
        date=show.full_date(last.date),
        stated=_figure(line, last.stated, shown),
        ledger=_figure(line, last.ledger, shown),
        difference="" if last.agrees else _difference(line, last, shown),
        agrees=last.agrees,
        since=show.full_date(first.date) if first else "",
        until=show.full_date(line.last_agreement.date) if first and line.last_agreement else "",
        url="" if last.agrees else f"{reverse('ledger')}?{urlencode(query)}",
    )


def _figure(line: Line, value: Decimal | None, shown: Shown) -> str:
    if value is None:
        return show.NOTHING
    return shown.units(value) if line.symbol else shown.money(line.currency).level(value)


def _difference(line: Line, check: Check, shown: Shown) -> str:
    if check.difference is None:
        return show.NOTHING
    if line.currency:
        return shown.money(line.currency).change(check.difference)
    sign = "+" if check.difference > 0 else show.MINUS
    return shown.units(check.difference) if shown.hidden else f"{sign}{show.quantity(abs(check.difference))}"
