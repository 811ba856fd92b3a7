"""The ledger's door: every row, the newest first, a hundred a page, narrowed by the questions of its form."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from portfolio.models import Transaction
from portfolio.views.asked import same_page
from portfolio.views.frame import display_of
from portfolio.views.kept import kept
from portfolio.views.ledger_filters import Asked, asked, choices, narrowed
from portfolio.views.ledger_rows import months
from portfolio.words import kind_name

ROWS_PER_PAGE = 100


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Show the rows that answer the questions, with links to change them for those who may write."""
    article = kept(request, name="ledger", build=lambda: _article(request))
    return render(request, "ledger.html", {"article": article})


def _article(request: HttpRequest) -> str:
    """Return the printed page without its frame; empty for an empty ledger."""
    questions = asked(request.GET)
    page = Paginator(_rows(questions), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    if not page.paginator.count and not questions.is_narrowed:
        return ""
    offered = choices()
    context = {
        "asked": questions,
        "count": page.paginator.count,
        "months": months(rows=list(page.object_list), hidden=display_of(request).hide_amounts, may_write=request.user.is_staff),
        "kinds": [(kind, kind_name(kind)) for kind in offered.kinds],
        "choices": offered,
        **_turns(request, page),
    }
    return render_to_string("ledger_article.html", context)


def _rows(questions: Asked) -> QuerySet[Transaction]:
    everything = Transaction.objects.select_related("account", "instrument", "to_account", "source__imported_by")
    return narrowed(everything, questions).order_by("-date", "-pk")


def _turns(request: HttpRequest, page: Page) -> dict[str, object]:
    """Return the pages' links; none where everything fits on one."""
    return {
        "page": page,
        "newer": same_page(request, page=str(page.previous_page_number())) if page.has_previous() else "",
        "older": same_page(request, page=str(page.next_page_number())) if page.has_next() else "",
    }
