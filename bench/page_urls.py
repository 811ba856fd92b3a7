"""The app's addresses and one more: ready JSON behind the same login and middleware. Used by the page's timing alone."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portfolio.urls import urlpatterns as app_urlpatterns

READY_PATH = "/bench/ready.json"
_ready = {"json": b"{}"}


def put(json: bytes) -> None:
    """Lay out what the view hands out."""
    _ready["json"] = json


def ready(request: HttpRequest) -> HttpResponse:
    """Hand out the JSON as it lies there; the middleware asks for the login, as everywhere."""
    return HttpResponse(_ready["json"], content_type="application/json")


urlpatterns = [*app_urlpatterns, path(READY_PATH.removeprefix("/"), ready)]
