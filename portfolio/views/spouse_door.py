"""Keeps the spouse's login to the one page made for it. Knows roles and page names, no report."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from portfolio.roles import sees_only_the_salary

# by the name of the address; everything that has none is closed, too
OPEN = frozenset({"salary", "login", "logout", "display", "calendar-feed"})


class SpouseDoor:
    """Lead the spouse's login from every other page to the salary; answer data and what would write with 403."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what comes after the door."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let everybody through; `process_view` knows the page."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Stop a page that is not the spouse's."""
        match = request.resolver_match
        if match is not None and match.view_name in OPEN:
            return None
        if not request.user.is_authenticated or not sees_only_the_salary(request.user):
            return None
        if request.method not in {"GET", "HEAD"} or request.path.startswith("/api/"):
            return JsonResponse({"error": "This login sees the salary page only."}, status=403)
        return redirect(reverse("salary"))
