"""The ledger's rows and the files they came from: entering, duplicating, finding; refusing deletions that leave a gap.

The rules of a row are in `portfolio.entry`; here is only how the admin shows and keeps it.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import action

from portfolio.admin.columns import DASH, amount, move, number, to_the_right
from portfolio.admin.site import ReadOnlyAdmin, RememberingAdmin, site
from portfolio.engine.kinds import INCOME
from portfolio.engine.row_rules import RULES
from portfolio.entry.balances import cash_moves_of
from portfolio.entry.completion import charge
from portfolio.entry.form import CHARGES, TransactionForm
from portfolio.entry.live import name_of
from portfolio.entry.shortfalls import new_shortfall
from portfolio.models import LedgerImport, Transaction

# a copy is a new event: it has no id of its source yet
NOT_COPIED = {"external_id", "time"}


class YearFilter(admin.SimpleListFilter):
    title = _("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = Transaction.objects.dates("date", "year", order="DESC")
        return [(str(date.year), str(date.year)) for date in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Transaction]) -> QuerySet[Transaction]:
        year = self.value()
        return queryset.filter(date__year=int(year)) if year and year.isascii() and year.isdigit() else queryset


@admin.register(Transaction, site=site)
class TransactionAdmin(RememberingAdmin):
    form = TransactionForm
    change_form_template = "admin/portfolio/transaction/change_form.html"
    list_display = ("day", "kind", "account", "holding", "units", "at_price", "charges", "cash", "note")
    list_display_links = ("day", "kind")
    empty_value_display = ""
    list_filter = ("kind", "account", YearFilter)
    list_select_related = ("account", "instrument", "to_account")
    search_fields = ("instrument__symbol", "instrument__name", "instrument__name_zh", "note", "external_id")
    search_help_text = _("Ticker, name or note")
    date_hierarchy = "date"
    ordering = ("-date", "-pk")
    actions_detail = ("duplicate",)
    actions_row = ("duplicate",)
    actions_list = ("duplicate_last",)

    class Media:
        css = {"all": ("admin_entry.css",)}
        js = ("admin_entry.js",)

    # ---- the form -------------------------------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Transaction | None = None, **options: Any) -> type[TransactionForm]:
        # every field is declared on the form, so the admin's own widgets have nothing to replace
        return super().get_form(request, obj, **{**options, "fields": TransactionForm._meta.fields})

    def get_fieldsets(self, request: HttpRequest, obj: Transaction | None = None) -> list[tuple[Any, dict[str, Any]]]:
        return [(None, {"fields": TransactionForm._meta.fields})]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        if original := self._original(request.GET.get("duplicate", "")):
            return copy_of(original)
        given = super().get_changeform_initial_data(request)
        return {"date": timezone.localdate(), **given}

    def _original(self, key: str) -> Transaction | None:
        if key == "last":
            return Transaction.objects.order_by("pk").last()
        return Transaction.objects.filter(pk=key).first() if key.isascii() and key.isdigit() else None

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any) -> HttpResponse:
        context |= {
            "entry": {
                "effect": reverse("entry-effect"),
                "instruments": reverse("entry-instruments"),
                "newInstrument": reverse("admin:portfolio_instrument_add"),
                "pk": context["original"].pk if context.get("original") else None,
                "rules": _rules(),
            },
            "show_save_and_continue": False,
        }
        return super().render_change_form(request, context, *args, **options)

    def response_add(self, request: HttpRequest, obj: Transaction, post_url_continue: str | None = None) -> HttpResponse:
        """Begin the next row where this one was entered."""
        response = super().response_add(request, obj, post_url_continue)
        if "_addanother" not in request.POST:
            return response
        kept = {"date": obj.date.isoformat(), "account": obj.account_id or "", "kind": obj.kind, "currency": obj.currency}
        return HttpResponseRedirect(f"{request.path}?{urlencode(kept)}")

    @action(description=_("Duplicate"), url_path="duplicate", icon="content_copy")
    def duplicate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        original = get_object_or_404(Transaction, pk=object_id)
        return HttpResponseRedirect(f"{reverse('admin:portfolio_transaction_add')}?duplicate={original.pk}")

    @action(description=_("Duplicate last"), url_path="duplicate-last", icon="content_copy")
    def duplicate_last(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(f"{reverse('admin:portfolio_transaction_add')}?duplicate=last")

    def get_deleted_objects(self, objs: Iterable[Transaction], request: HttpRequest) -> tuple[Any, ...]:
        """Protect purchases whose units left again: without them a later row would take what is not there."""
        deletable, counts, missing_permissions, protected = super().get_deleted_objects(objs, request)
        if short := new_shortfall(removed=list(objs)):
            protected = [*protected, short.message()]
        return deletable, counts, missing_permissions, protected

    # ---- the list -------------------------------------------------------------------------------------------------

    @admin.display(description=_("date"), ordering="date")
    def day(self, row: Transaction) -> str:
        # the same width in every language, so that the column can be read down
        return format_html('<span class="nowrap">{}</span>', row.date.isoformat())

    @admin.display(description=_("instrument"), ordering="instrument__symbol")
    def holding(self, row: Transaction) -> str:
        if row.instrument is None:
            return f"→ {row.to_account}" if row.to_account else DASH
        return " ".join(filter(None, (row.instrument.symbol, name_of(row.instrument))))

    @admin.display(description=_("quantity"), ordering="quantity")
    def units(self, row: Transaction) -> str:
        return number(row.quantity)

    @admin.display(description=_("price"), ordering="price")
    def at_price(self, row: Transaction) -> str:
        return number(row.price)

    @admin.display(description=_("fee and tax"))
    def charges(self, row: Transaction) -> str:
        total = row.fee + row.tax
        return amount(total or None, row.currency)

    @admin.display(description=_("cash"))
    def cash(self, row: Transaction) -> str:
        moves = [each for each in cash_moves_of(row) if each.account == row.account_id]
        return move(moves[0].amount, moves[0].currency) if moves else to_the_right(DASH)


def copy_of(original: Transaction) -> dict[str, Any]:
    """Return what the form of a copy starts with: everything but ids; usual charges are left to be worked out again."""
    values = {
        name: getattr(original, f"{name}_id" if name in {"account", "instrument", "to_account"} else name)
        for name in TransactionForm._meta.fields
        if name not in NOT_COPIED
    }
    blank = Transaction(**{field.attname: getattr(original, field.attname) for field in Transaction._meta.concrete_fields})
    blank.fee = blank.tax = blank.accrued_interest = None
    charge(blank)
    for name in CHARGES:
        if original.kind not in INCOME and getattr(blank, name) == values[name]:
            values[name] = None
    return values


def _rules() -> dict[str, dict[str, list[str]]]:
    """Which fields the script shows for each kind, and which it marks as needed."""
    return {
        str(kind): {
            "fields": sorted(rule.fields),
            "needs": sorted(need[0][0] for need in rule.needs if len(need) == 1),
        }
        for kind, rule in RULES.items()
    }


class RowsOfImport(TabularInline):
    model = Transaction
    fk_name = "source"
    fields = ("date", "kind", "account", "instrument", "quantity", "price", "amount", "currency", "note")
    readonly_fields = fields
    ordering = ("date", "pk")
    extra = 0
    per_page = 50
    can_delete = False
    show_change_link = True
    verbose_name_plural = _("Rows of this import")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transaction]:
        return super().get_queryset(request).select_related("account", "instrument")


@admin.register(LedgerImport, site=site)
class LedgerImportAdmin(ReadOnlyAdmin):
    list_display = ("imported_at", "file_name", "format", "written", "duplicates", "imported_by")
    list_filter = ("format",)
    search_fields = ("file_name",)
    inlines = (RowsOfImport,)
