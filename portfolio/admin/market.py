"""What the market said: closes, rates, distributions, splits, and the tables of tax and premium taken from payments."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portfolio.admin.columns import amount, number, share
from portfolio.admin.site import OwnersAdmin, RememberingAdmin, site
from portfolio.models import Distribution, PremiumRule, Price, Rate, Split, WithholdingRule


@admin.register(Price, site=site)
class PriceAdmin(OwnersAdmin):
    list_display = ("date", "instrument", "closed_at", "source")
    list_filter = ("source", "instrument")
    list_select_related = ("instrument",)
    search_fields = ("instrument__symbol", "instrument__name", "instrument__name_zh")
    autocomplete_fields = ("instrument",)
    date_hierarchy = "date"
    ordering = ("-date", "instrument__symbol")
    # counting a million closes for a footer costs more than the page
    show_full_result_count = False

    @admin.display(description=_("close"), ordering="close")
    def closed_at(self, price: Price) -> str:
        return number(price.close)


@admin.register(Rate, site=site)
class RateAdmin(OwnersAdmin):
    list_display = ("date", "base", "quote", "rate_figure", "source")
    list_filter = ("base", "quote", "source")
    date_hierarchy = "date"
    ordering = ("-date", "base", "quote")
    show_full_result_count = False

    @admin.display(description=_("rate"), ordering="rate")
    def rate_figure(self, rate: Rate) -> str:
        return number(rate.rate)


@admin.register(Distribution, site=site)
class DistributionAdmin(RememberingAdmin):
    list_display = ("ex_date", "instrument", "per_unit", "pay_date", "source")
    list_filter = ("source", "instrument")
    list_select_related = ("instrument",)
    search_fields = ("instrument__symbol", "instrument__name", "instrument__name_zh")
    autocomplete_fields = ("instrument",)
    date_hierarchy = "ex_date"
    ordering = ("-ex_date",)

    @admin.display(description=_("amount per unit"), ordering="amount")
    def per_unit(self, distribution: Distribution) -> str:
        return number(distribution.amount)


@admin.register(Split, site=site)
class SplitAdmin(RememberingAdmin):
    list_display = ("ex_date", "instrument", "new_per_old", "source")
    list_select_related = ("instrument",)
    search_fields = ("instrument__symbol", "instrument__name", "instrument__name_zh")
    autocomplete_fields = ("instrument",)
    ordering = ("-ex_date",)

    @admin.display(description=_("new units per old unit"), ordering="ratio")
    def new_per_old(self, split: Split) -> str:
        return number(split.ratio)


@admin.register(WithholdingRule, site=site)
class WithholdingRuleAdmin(RememberingAdmin):
    list_display = ("country", "instrument_type", "withheld", "valid_from", "valid_to")
    list_filter = ("country",)

    @admin.display(description=_("rate"), ordering="rate")
    def withheld(self, rule: WithholdingRule) -> str:
        return share(rule.rate)


@admin.register(PremiumRule, site=site)
class PremiumRuleAdmin(RememberingAdmin):
    list_display = ("country", "premium", "from_amount", "valid_from", "valid_to")

    @admin.display(description=_("rate"), ordering="rate")
    def premium(self, rule: PremiumRule) -> str:
        return share(rule.rate)

    @admin.display(description=_("smallest payment that pays it"), ordering="threshold")
    def from_amount(self, rule: PremiumRule) -> str:
        return amount(rule.threshold, rule.currency)
