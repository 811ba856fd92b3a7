"""The lock on the doors of imports: owners write, and what they hand in is nobody else's."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from portfolio.models import StagedUpload

View = Callable[..., HttpResponse]


def for_owners(view: View) -> View:
    """Refuse everybody who may not write."""

    @wraps(view)
    def guarded(request: HttpRequest, *parts: Any, **named: Any) -> HttpResponse:
        if not (request.user.is_active and request.user.is_staff):
            raise PermissionDenied
        return view(request, *parts, **named)

    return guarded


def own_upload(request: HttpRequest, token: Any) -> StagedUpload:
    """Return an upload of the person who asks; there is no other for them."""
    return get_object_or_404(StagedUpload, pk=token, user=request.user)
