"""Accounts, the spouse's salary and the targets of the tracks."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portfolio.admin.columns import number, share
from portfolio.admin.site import RememberingAdmin, site
from portfolio.models import Account, Salary, TrackTarget


@admin.register(Account, site=site)
class AccountAdmin(RememberingAdmin):
    list_display = ("name", "owner", "currency", "commission")
    search_fields = ("name", "owner")
    fieldsets = (
        (None, {"fields": ("name", "owner", "currency")}),
        (
            _("Commission"),
            {
                "fields": ("commission_rate", "commission_discount", "commission_minimum"),
                "description": _("Fills in the fee of a new trade, where it can be changed."),
            },
        ),
    )

    @admin.display(description=_("commission"))
    def commission(self, account: Account) -> str:
        if account.commission_rate is None:
            return "—"
        return share(account.commission_rate * account.commission_discount)


@admin.register(Salary, site=site)
class SalaryAdmin(RememberingAdmin):
    list_display = ("valid_from", "monthly", "currency", "planned")
    ordering = ("-valid_from",)

    @admin.display(description=_("monthly amount"), ordering="amount")
    def monthly(self, salary: Salary) -> str:
        return number(salary.amount)

    @admin.display(description=_("planned raise"), ordering="planned_raise")
    def planned(self, salary: Salary) -> str:
        return share(salary.planned_raise)


@admin.register(TrackTarget, site=site)
class TrackTargetAdmin(RememberingAdmin):
    list_display = ("track", "target")
    list_display_links = ("track",)

    @admin.display(description=_("target"), ordering="weight")
    def target(self, track: TrackTarget) -> str:
        return share(track.weight)
