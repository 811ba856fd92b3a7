"""What fetching brought that a person decides about or looks up: doubted closes, proposed dividends, corrections, runs."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portfolio.admin.columns import amount, number
from portfolio.admin.site import ReadOnlyAdmin, site
from portfolio.market_data import proposals, quarantine
from portfolio.models import MarketDataRun, PriceRevision, ProposedDividend, QuarantinedPrice


def _decide(
    request: HttpRequest, keys: Iterable[int], decide: Callable[[int], Any], refusals: tuple[type[Exception], ...]
) -> None:
    """Decide one by one, so that one that cannot be decided does not keep the others back."""
    done = 0
    for key in keys:
        try:
            decide(key)
        except refusals as error:
            messages.warning(request, str(error))
        else:
            done += 1
    if done:
        messages.success(request, ngettext("%(count)s decided.", "%(count)s decided.", done) % {"count": done})


@admin.register(QuarantinedPrice, site=site)
class QuarantinedPriceAdmin(ReadOnlyAdmin):
    list_display = ("date", "name", "doubted", "before", "reason", "state", "source")
    list_filter = ("state", "reason", "source")
    list_select_related = ("instrument",)
    search_fields = ("instrument__symbol", "instrument__name", "base", "quote")
    actions = ("accept", "reject")

    @admin.display(description=_("close"), ordering="close")
    def doubted(self, doubt: QuarantinedPrice) -> str:
        return number(doubt.close)

    @admin.display(description=_("close before it"), ordering="expected")
    def before(self, doubt: QuarantinedPrice) -> str:
        return number(doubt.expected)

    @admin.action(description=_("Accept: use these closes"))
    def accept(self, request: HttpRequest, doubts: QuerySet[QuarantinedPrice]) -> None:
        """Use them, the earliest first: later ones may fit it then and are accepted along."""
        waiting = doubts.filter(state=QuarantinedPrice.State.PENDING).order_by("date").values_list("pk", flat=True)

        def accept_unless_taken_along(key: int) -> None:
            if QuarantinedPrice.objects.filter(pk=key, state=QuarantinedPrice.State.PENDING).exists():
                quarantine.accept(doubt=key, user=request.user)

        _decide(request, list(waiting), accept_unless_taken_along, (quarantine.UndecidableError,))

    @admin.action(description=_("Reject: leave these closes out"))
    def reject(self, request: HttpRequest, doubts: QuerySet[QuarantinedPrice]) -> None:
        """Leave them out for good."""
        waiting = doubts.filter(state=QuarantinedPrice.State.PENDING).values_list("pk", flat=True)
        _decide(
            request,
            list(waiting),
            lambda key: quarantine.reject(doubt=key, user=request.user),
            (quarantine.UndecidableError,),
        )


@admin.register(ProposedDividend, site=site)
class ProposedDividendAdmin(ReadOnlyAdmin):
    list_display = ("pay_date", "instrument", "account", "ex_date", "units_held", "gross", "withheld", "state")
    list_filter = ("state", "account")
    list_select_related = ("instrument", "account")
    search_fields = ("instrument__symbol", "instrument__name", "instrument__name_zh")
    actions = ("confirm", "reject")

    @admin.display(description=_("units held"), ordering="units")
    def units_held(self, proposal: ProposedDividend) -> str:
        return number(proposal.units)

    @admin.display(description=_("amount"), ordering="amount")
    def gross(self, proposal: ProposedDividend) -> str:
        return amount(proposal.amount, proposal.currency)

    @admin.display(description=_("tax"), ordering="tax")
    def withheld(self, proposal: ProposedDividend) -> str:
        return amount(proposal.tax, proposal.currency)

    @admin.action(description=_("Confirm: write them into the ledger"))
    def confirm(self, request: HttpRequest, chosen: QuerySet[ProposedDividend]) -> None:
        """Write a row for each."""
        keys = list(chosen.values_list("pk", flat=True))
        _decide(request, keys, lambda key: proposals.confirm(proposal=key), (proposals.AlreadyDecidedError,))

    @admin.action(description=_("Reject: no such payment comes"))
    def reject(self, request: HttpRequest, chosen: QuerySet[ProposedDividend]) -> None:
        """Never ask about them again."""
        keys = list(chosen.values_list("pk", flat=True))
        _decide(request, keys, lambda key: proposals.reject(proposal=key), (proposals.AlreadyDecidedError,))


@admin.register(PriceRevision, site=site)
class PriceRevisionAdmin(ReadOnlyAdmin):
    list_display = ("seen_at", "name", "date", "was", "became", "source")
    list_select_related = ("instrument",)
    search_fields = ("instrument__symbol", "base", "quote")

    @admin.display(description=_("before"), ordering="old")
    def was(self, revision: PriceRevision) -> str:
        return number(revision.old)

    @admin.display(description=_("after"), ordering="new")
    def became(self, revision: PriceRevision) -> str:
        return number(revision.new)


@admin.register(MarketDataRun, site=site)
class MarketDataRunAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "state", "trigger", "finished_at")
    list_filter = ("state", "trigger")
