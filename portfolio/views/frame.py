"""What surrounds every page: login, the switches of the frame, and what its template needs. Knows no report."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

YEAR = 365 * 24 * 3600

# every switch: its cookie and what it may say; the first value is what a new browser gets
SWITCHES = {
    "theme": ("theme", ("auto", "light", "dark")),
    "direction": ("direction", ("auto", "east", "west")),
    "amounts": ("amounts", ("show", "hide")),
    "keys": ("keys", ("on", "off")),
    "language": (settings.LANGUAGE_COOKIE_NAME, tuple(code for code, _name in settings.LANGUAGES)),
}


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One link of the main navigation. key: the letter that follows `g`."""

    url_name: str
    label: Promise
    short: Promise
    key: str


NAVIGATION = (
    NavigationItem("dashboard", _("Dashboard"), _("Dashboard"), "d"),
    NavigationItem("latest-review", _("Quarterly review"), pgettext_lazy("short", "Review"), "r"),
    NavigationItem("income", _("Income and salary"), pgettext_lazy("short", "Income"), "i"),
    NavigationItem("ledger", _("Ledger"), _("Ledger"), "l"),
    NavigationItem("import", pgettext_lazy("page", "Import"), pgettext_lazy("page", "Import"), "m"),
    NavigationItem("market-data", _("Market data"), pgettext_lazy("short", "Prices"), "p"),
)


@dataclass(frozen=True, slots=True)
class Display:
    """How this browser wants its pages: the values of the switches."""

    theme: str
    direction: str  # east: red is up, west: green is up
    hide_amounts: bool
    keys: bool
    chosen_direction: str  # auto follows the language


def display_of(request: HttpRequest) -> Display:
    """Return what the browser's cookies ask for; words they can't say count as unsaid."""
    theme, direction, amounts, keys = (_choice(request, name) for name in ("theme", "direction", "amounts", "keys"))
    habit = "west" if get_language() == "en" else "east"
    return Display(theme, habit if direction == "auto" else direction, amounts == "hide", keys == "on", direction)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give every template the frame's switches and links; the main links only to those who are in."""
    found: dict[str, Any] = {"display": display_of(request), "languages": settings.LANGUAGES}
    if getattr(request, "user", None) is not None and request.user.is_authenticated:
        found["navigation"] = [
            {"url": url, "label": item.label, "short": item.short, "key": item.key, "is_here": _is_below(request.path, url)}
            for item in NAVIGATION
            if (url := address(item.url_name))
        ]
        if request.user.is_staff:
            found["new_transaction_url"] = address("admin:portfolio_transaction_add")
            found["records_url"] = address("admin:index")
    return found


def address(url_name: str, *parts: str) -> str | None:
    """Return the address of a page by its name, or None where the app has no such page."""
    try:
        return reverse(url_name, args=parts)
    except NoReverseMatch:
        return None


@login_not_required
@require_POST
def change_display(request: HttpRequest) -> HttpResponse:
    """Keep the switches that the form names in this browser, and go back to the page it came from."""
    response = HttpResponseRedirect(_way_back(request))
    for name, (cookie, values) in SWITCHES.items():
        if request.POST.get(name) in values:
            response.set_cookie(
                cookie, request.POST[name], max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
    return response


class Login(LoginView):
    """The one door in, in both languages; those who are in go straight on."""

    template_name = "login.html"
    redirect_authenticated_user = True


def _choice(request: HttpRequest, name: str) -> str:
    cookie, values = SWITCHES[name]
    said = request.COOKIES.get(cookie)
    return said if said in values else values[0]


def _is_below(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def _way_back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return "/"
