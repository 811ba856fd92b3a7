"""What can be held: looked up by ticker, name, Chinese name or ISIN, the exact ticker first."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portfolio.admin.columns import share
from portfolio.admin.site import RememberingAdmin, site
from portfolio.entry.fields import matching_instruments
from portfolio.models import Instrument


@admin.register(Instrument, site=site)
class InstrumentAdmin(RememberingAdmin):
    list_display = ("symbol", "shown_name", "type", "currency", "track", "withheld", "is_draft")
    list_filter = ("type", "track", "currency", "is_draft")
    # the words only make the search box appear; `get_search_results` decides what matches
    search_fields = ("symbol", "name", "name_zh", "isin")
    search_help_text = _("Ticker, name, Chinese name or ISIN")
    fieldsets = (
        (None, {"fields": ("symbol", "name", "name_zh", "type", "currency", "track", "is_draft")}),
        (
            _("Market and tax"),
            {"fields": ("quote_symbol", "isin", "issuer_country", "withholding_rate", "refundable_share", "price_unit")},
        ),
        (
            _("Bond"),
            {
                "fields": ("coupon_rate", "coupon_frequency", "issue_date", "maturity_date", "day_count"),
                "classes": ("collapse",),
            },
        ),
        (_("Notes"), {"fields": ("notes",), "classes": ("collapse",)}),
    )

    @admin.display(description=_("name"), ordering="name")
    def shown_name(self, instrument: Instrument) -> str:
        return " · ".join(filter(None, (instrument.name, instrument.name_zh)))

    @admin.display(description=_("withholding rate"), ordering="withholding_rate")
    def withheld(self, instrument: Instrument) -> str:
        return share(instrument.withholding_rate)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Instrument], search_term: str
    ) -> tuple[QuerySet[Instrument], bool]:
        """Rank what matches: a list ordered by the ticker alone would hide T behind twenty names with a t."""
        words = search_term.strip()
        if not words:
            return queryset, False
        return matching_instruments(words) & queryset.order_by(), False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"price_unit": 1, **super().get_changeform_initial_data(request)}
