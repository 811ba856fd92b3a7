"""The market-data page: how far prices reach, the run under way, what waits for a decision. Everybody may look."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portfolio import demo
from portfolio.market_data import quarantine, refresh
from portfolio.models import MarketDataRun
from portfolio.views import market_data_page as words
from portfolio.views import market_data_rows as rows
from portfolio.views.frame import display_of
from portfolio.views.market_data_forms import PriceForm
from portfolio.views.market_data_running import Queue, queue_state


@require_safe
def market_data(request: HttpRequest) -> HttpResponse:
    """Show the state of market data; `?instrument=` and `?date=` fill in the form for a price by hand."""
    return market_data_page(request, form=PriceForm(initial=request.GET.dict()))


def market_data_page(request: HttpRequest, *, form: PriceForm, status: int = 200) -> HttpResponse:
    """Return the whole page with a form as it was filled in."""
    return render(request, "market_data.html", {**_state(request), "form": form}, status=status)


@login_not_required
@require_safe
def market_data_progress(request: HttpRequest) -> HttpResponse:
    """Answer the page that watches a run: the run's line while it is under way, then everything that it changed."""
    if not request.user.is_authenticated:
        # a fragment that is a login form would stand in the middle of the page; the whole page goes there by itself
        return HttpResponse(headers={"HX-Refresh": "true"})
    if (run := rows.running()) is not None:
        return render(request, "market_data_run.html", _watched(request, run))
    response = render(request, "market_data_state.html", _state(request))
    response["HX-Retarget"] = "#state"
    response["HX-Reswap"] = "outerHTML"
    return response


def _watched(request: HttpRequest, run: MarketDataRun) -> dict[str, Any]:
    progress = refresh.progress(run=run)
    return {
        "running": progress,
        "ready": progress.done + progress.failed,
        "began": words.moment(run.started_at),
        "is_silent": words.is_silent(run=run, now=timezone.now()),
        "may_write": request.user.is_staff,
    }


def _state(request: HttpRequest) -> dict[str, Any]:
    now, hidden = timezone.now(), display_of(request).hide_amounts
    reaches, doubts, dividends = rows.reaches(now=now), quarantine.pending(), rows.proposals()
    shown = list(doubts[: rows.DOUBTS_SHOWN])
    counts = rows.lengths()
    queue, is_demo = queue_state(), demo.is_loaded()
    return {
        **_runs(request),
        "says": words.answer(reaches=reaches, doubts=counts.doubts, dividends=counts.dividends),
        "off": words.what_is_off(queue=queue, is_demo=is_demo),
        "is_demo": is_demo,
        "next_due": words.moment(rows.next_due(now=now)) if queue is Queue.READY and not is_demo else "",
        "exchanges": words.exchanges(),
        "doubts": [words.doubt_line(each) for each in shown],
        "more_doubts": counts.doubts - len(shown),
        "dividends": [words.dividend_line(proposal=each, today=timezone.localdate(), hidden=hidden) for each in dividends],
        "reaches": [words.reach_line(each) for each in reaches],
        "sources": [words.source_line(each) for each in rows.source_states()],
        "revisions": [words.revision_line(each) for each in rows.revisions()],
        "may_write": request.user.is_staff,
    }


def _runs(request: HttpRequest) -> dict[str, Any]:
    found = rows.runs()
    over = [run for run in found if run.state != MarketDataRun.State.RUNNING]
    under_way = next((run for run in found if run.state == MarketDataRun.State.RUNNING), None)
    return {
        **(_watched(request, under_way) if under_way else {}),
        "last_run": words.run_line(over[0]) if over else None,
        "last_items": [(words.item_words(each), each.message) for each in rows.noted_items(run=over[0])] if over else [],
        "runs": [words.run_line(run) for run in over],
    }
