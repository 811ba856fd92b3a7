"""What a person handed in is nobody else's."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from portfolio.models import StagedUpload


def own_upload(request: HttpRequest, token: Any) -> StagedUpload:
    """Return an upload of the person who asks; there is no other for them."""
    return get_object_or_404(StagedUpload, pk=token, user=request.user)
