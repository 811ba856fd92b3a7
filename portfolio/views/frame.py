"""What surrounds every page: login, the switches of the frame, and what its template needs. Knows no report."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

YEAR = 365 * 24 * 3600
KEPT_FRAMES = 256
NEW_TRANSACTION = "admin:portfolio_transaction_add"

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
    is_more: bool = False  # stands in the menu "More": the bar has no room for it
    writes: bool = False  # owners only


NAVIGATION = (
    NavigationItem("dashboard", _("Dashboard"), _("Dashboard"), "d"),
    NavigationItem("latest-review", _("Quarterly review"), pgettext_lazy("short", "Review"), "r"),
    NavigationItem("income", _("Income and salary"), pgettext_lazy("short", "Income"), "i"),
    NavigationItem("ledger", _("Ledger"), _("Ledger"), "l"),
    NavigationItem("import", pgettext_lazy("page", "Import"), pgettext_lazy("page", "Import"), "m", writes=True),
    NavigationItem("market-data", _("Market data"), pgettext_lazy("short", "Prices"), "p"),
    NavigationItem("meetings", _("Shareholder meetings"), pgettext_lazy("short", "Meetings"), "v", is_more=True),
    NavigationItem("preferred", _("Preferred shares"), pgettext_lazy("short", "Preferred"), "f", is_more=True),
)


@dataclass(frozen=True, slots=True)
class Display:
    """How this browser wants its pages: the values of the switches."""

    theme: str
    direction: str  # east: red is up, west: green is up
    hide_amounts: bool
    keys: bool
    chosen_direction: str  # auto follows the language


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a page."""

    name: str
    head: SafeString
    top: SafeString
    bottom: SafeString
    display_url: str


def display_of(request: HttpRequest) -> Display:
    """Return what the browser's cookies ask for; words they can't say count as unsaid."""
    theme, direction, amounts, keys = (_choice(request, name) for name in ("theme", "direction", "amounts", "keys"))
    habit = "west" if get_language() == "en" else "east"
    return Display(theme, habit if direction == "auto" else direction, amounts == "hide", keys == "on", direction)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give every template the switches and what stands above and below the page; main links only to those who are in."""
    display, language = display_of(request), get_language() or ""
    user = getattr(request, "user", None)
    is_inside, is_owner = (user.is_authenticated, user.is_staff) if user is not None else (False, False)
    here = next((item.url_name for item in reversed(NAVIGATION) if _is_below(request.path, address(item.url_name))), "")
    return {
        "display": display,
        "frame": surroundings(display=display, language=language, here=here, is_inside=is_inside, is_owner=is_owner),
        "new_transaction_url": address(NEW_TRANSACTION) if is_owner else None,
    }


@lru_cache(maxsize=KEPT_FRAMES)
def surroundings(
    *, display: Display, language: str, here: str, is_inside: bool, is_owner: bool, has_navigation: bool = True
) -> Surroundings:
    """Return what stands above and below a page. Kept in the process: half of a page's time would go into it.

    here: URL name of the page's place in the navigation.  language: only tells copies apart; the active one is printed.
    has_navigation: off for a login that may see one page only.
    """
    parts: dict[str, Any] = {"display": display, "is_inside": is_inside}
    if is_inside and has_navigation:
        parts["navigation"] = [
            {
                "url": url,
                "label": item.label,
                "short": item.short,
                "key": item.key,
                "is_here": item.url_name == here,
                "is_more": item.is_more,
            }
            for item in NAVIGATION
            if (is_owner or not item.writes) and (url := address(item.url_name))
        ]
    if is_owner:
        parts |= {"new_transaction_url": address(NEW_TRANSACTION), "records_url": address("admin:index")}
    head, top, bottom = (render_to_string(f"frame_{part}.html", parts) for part in ("head", "top", "bottom"))
    return Surroundings(gettext("Larder"), head, top, bottom, reverse("display"))


@lru_cache(maxsize=1024)
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


def _is_below(path: str, url: str | None) -> bool:
    return url is not None and (path == url if url == "/" else path.startswith(url))


def _way_back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return "/"
