"""Pages that are printed once: the part that depends on the books alone, kept until the books change.

The frame around it is the reader's own and made each time. Drops with the cache; knows no report.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from portfolio.models import LedgerStamp
from portfolio.views.frame import display_of

KEEP_SECONDS = 24 * 3600
KEPT_HERE = 64
# the latest copies also stay in the process: unpacking one from the cache costs as much as the rest of a page
_here: OrderedDict[str, str] = OrderedDict()
_guard = threading.Lock()


def _age_of_the_app() -> float:
    """Return when the app's own files last changed, so that an upgrade leaves no old page behind."""
    files = (each for folder in ("portfolio", "templates", "locale") for each in (settings.BASE_DIR / folder).rglob("*.*"))
    return max((file.stat().st_mtime for file in files if file.suffix in {".py", ".html", ".mo"}), default=0.0)


APP = _age_of_the_app()


def kept(request: HttpRequest, *, name: str, build: Callable[[], str]) -> SafeString:
    """Return what `build` prints, from the cache where the same was printed since the last change.

    Two requests are the same when address, language, hidden amounts, the right to write and the day agree.
    An empty text is kept too.
    """
    key = _key(request, name)
    printed = _from_cache(key)
    if printed is None:
        printed = str(build())
        _to_cache(key, printed)
    # what comes out of the cache was printed by our own templates
    return mark_safe(printed)  # noqa: S308


def _key(request: HttpRequest, name: str) -> str:
    same = (
        request.get_full_path(),
        get_language(),
        display_of(request).hide_amounts,
        request.user.is_staff,
        timezone.localdate(),
        LedgerStamp.current(),
        APP,
    )
    # a hash, because addresses hold what cache keys may not
    return f"page:{name}:{hashlib.sha256(repr(same).encode()).hexdigest()}"


def forget() -> None:
    """Drop the copies that stay in the process."""
    with _guard:
        _here.clear()


def _from_cache(key: str) -> str | None:
    with _guard:
        if key in _here:
            _here.move_to_end(key)
            return _here[key]
    found = cache.get(key)
    if not isinstance(found, str):
        return None
    _stay(key, found)
    return found


def _stay(key: str, printed: str) -> None:
    with _guard:
        _here[key] = printed
        while len(_here) > KEPT_HERE:
            _here.popitem(last=False)


def _to_cache(key: str, printed: str) -> None:
    _stay(key, printed)
    cache.set(key, printed, KEEP_SECONDS)
