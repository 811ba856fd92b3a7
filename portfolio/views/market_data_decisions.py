"""What owners do on the market-data page: run, stop, accept, reject, confirm, pause, type a price. One call inward each."""

from typing import Any

from django.contrib import messages
from django.db.models import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portfolio import formatting as show
from portfolio.market_data import proposals, quarantine, refresh
from portfolio.models import Instrument, MarketDataRun, ProposedDividend
from portfolio.views.market_data import market_data_page
from portfolio.views.market_data_forms import PaymentForm, PriceForm
from portfolio.views.market_data_running import NothingFetchedError, QueueGoneError, run_now
from portfolio.views.owners import for_owners


def _back(part: str) -> HttpResponse:
    return redirect(f"{reverse('market-data')}#{part}")


@require_POST
@for_owners
def market_data_run(request: HttpRequest) -> HttpResponse:
    """Begin a refresh of everything that is missing."""
    try:
        run = run_now()
    except refresh.RunUnderWayError:
        messages.info(request, _("A refresh is under way already."))
    except NothingFetchedError:
        messages.info(request, _("This is the demo household: its closes are made up, so nothing is fetched for it."))
    except QueueGoneError:
        messages.error(request, _("Redis stopped answering, so nothing was begun. Try again."))
    else:
        if run.state != MarketDataRun.State.RUNNING:
            messages.success(request, _("Nothing is missing."))
    return redirect("market-data")


@require_POST
@for_owners
def market_data_stop(request: HttpRequest) -> HttpResponse:
    """Break off the run that is under way; what has arrived is kept."""
    if refresh.break_off(clock=timezone.now):
        messages.success(request, _("The refresh was stopped. What had arrived is kept; the next one fetches the rest."))
    return redirect("market-data")


@require_POST
@for_owners
def market_data_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Use a doubted close, and those after it that were doubted because of it."""
    try:
        count = quarantine.accept(doubt=pk, user=request.user)
    except (quarantine.UndecidableError, ObjectDoesNotExist):
        messages.error(request, _("That price cannot be accepted: it was decided meanwhile, or is no usable figure."))
    else:
        said = ngettext(
            "%(count)s price was accepted and counts from now on.",
            "%(count)s prices were accepted and count from now on.",
            count,
        )
        messages.success(request, said % {"count": count})
    return _back("quarantine")


@require_POST
@for_owners
def market_data_reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a doubted close out for good."""
    try:
        quarantine.reject(doubt=pk, user=request.user)
    except (quarantine.UndecidableError, ObjectDoesNotExist):
        messages.error(request, _("That price was decided meanwhile."))
    else:
        messages.success(request, _("The price stays out; the same figure is not asked about again."))
    return _back("quarantine")


@require_POST
@for_owners
def market_data_confirm_dividend(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the row of a proposed dividend, as proposed or with the statement's own figures."""
    is_ahead = ProposedDividend.objects.filter(pk=pk, pay_date__gt=timezone.localdate()).exists()
    form = PaymentForm(request.POST, is_due=not is_ahead)
    if not form.is_valid():
        messages.error(request, " ".join(message for found in form.errors.values() for message in found))
        return _back("dividends")
    try:
        row = proposals.confirm(proposal=pk, **form.cleaned_data)
    except (proposals.AlreadyDecidedError, ObjectDoesNotExist):
        messages.error(request, _("That dividend was decided meanwhile."))
    else:
        words = {"symbol": row.instrument.symbol, "date": show.full_date(row.date)}
        messages.success(request, _("The dividend of %(symbol)s stands in the ledger on %(date)s.") % words)
    return _back("dividends")


@require_POST
@for_owners
def market_data_reject_dividend(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that no such payment comes."""
    try:
        proposals.reject(proposal=pk)
    except (proposals.AlreadyDecidedError, ObjectDoesNotExist):
        messages.error(request, _("That dividend was decided meanwhile."))
    else:
        messages.success(request, _("The dividend was rejected and is not proposed again."))
    return _back("dividends")


@require_POST
@for_owners
def market_data_pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Fetch nothing for an instrument any more, or again: the form says which."""
    instrument = get_object_or_404(Instrument, pk=pk)
    instrument.is_paused = request.POST.get("paused") == "yes"
    instrument.save(update_fields=["is_paused"])
    said = _("%(symbol)s is paused: nothing is fetched for it.") if instrument.is_paused else _("%(symbol)s is fetched again.")
    messages.success(request, said % {"symbol": instrument.symbol})
    return _back("prices")


@require_POST
@for_owners
def market_data_price(request: HttpRequest) -> HttpResponse:
    """Store a close by hand; it is never overwritten by a fetched one."""
    form = PriceForm(request.POST)
    if not form.is_valid():
        return market_data_page(request, form=form, status=400)
    found: dict[str, Any] = form.cleaned_data
    is_new = quarantine.type_price(**found, user=request.user)
    words = {"symbol": found["instrument"].symbol, "date": show.full_date(found["date"]), "close": show.price(found["close"])}
    said = (
        _("The close of %(symbol)s on %(date)s is %(close)s now.")
        if is_new
        else _("%(symbol)s closed at %(close)s on %(date)s already.")
    )
    messages.success(request, said % words)
    return _back("prices")
