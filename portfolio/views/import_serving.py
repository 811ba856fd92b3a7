"""How private files leave the app: to be saved, never shown, and kept by no cache."""

from typing import Any

from django.http import FileResponse


def handed_out(file: Any, *, name: str, content_type: str) -> FileResponse:
    """Return a kept file as an attachment; whatever stands in it, no browser runs it inside the app."""
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox"
    return response
