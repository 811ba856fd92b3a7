"""The admin and the entry form's questions are for owners; nobody else sees any of their addresses."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portfolio.admin.site import site

# told by name what they need; every other argument of the admin's addresses is a key
ARGUMENTS = {"content_type_id": "1", "object_id": "1", "app_label": "portfolio", "url": "x"}


def addresses(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[str]:
    """Yield one address for every pattern of the admin."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if resolver is not None or route == "admin/":
                yield from addresses(pattern, prefix + route)
        elif isinstance(pattern, URLPattern) and resolver is not None:
            yield prefix + written(route)


def written(route: str) -> str:
    for name, value in ARGUMENTS.items():
        for converter in ("path:", "int:", ""):
            route = route.replace(f"<{converter}{name}>", value)
    return (
        route.replace("^([^/]+)/history/([^/]+)/$", "1/history/1/")
        .replace("(?P<app_label>auth|axes|portfolio)", "portfolio")
        .replace("(?P<url>.*)", "x")
        .strip("^$")
    )


ALL = sorted(set(addresses()))
# the way in and the way out say nothing about the household
OPEN = {"/admin/login/", "/admin/logout/"}


def test_the_addresses_cover_every_table():
    for model in site._registry:
        assert f"/admin/{model._meta.app_label}/{model._meta.model_name}/" in ALL
    assert len(ALL) > 80


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_sent_to_the_login(method: str):
    client = Client()
    for address in [*ALL, reverse("entry-effect"), reverse("entry-instruments")]:
        if address in OPEN:
            continue
        response = getattr(client, method)(address)
        assert response.status_code == 302, address
        assert "login" in response["Location"], address


@pytest.mark.parametrize("method", ["get", "post"])
def test_viewers_are_refused_everywhere(as_viewer: Client, method: str):
    for address in ALL:
        if address in OPEN:
            continue
        response = getattr(as_viewer, method)(address, follow=True)
        assert response.status_code == 403, address


def test_viewers_get_no_answer_from_the_entry_form(as_viewer: Client):
    assert as_viewer.get(reverse("entry-effect")).status_code == 403
    assert as_viewer.get(reverse("entry-instruments")).status_code == 403


def test_the_admin_has_no_login_of_its_own():
    response = Client().get("/admin/login/", {"next": "/admin/portfolio/account/"})

    assert response.status_code == 302
    assert response["Location"].startswith("/login/?next=/admin/portfolio/account/")


def test_an_owner_sees_every_table(as_owner: Client):
    for model in site._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert as_owner.get(address).status_code == 200, address
    assert as_owner.get("/admin/")["Location"] == "/admin/portfolio/transaction/"


def test_only_the_admin_may_build_functions_from_text(as_owner: Client):
    admin = as_owner.get("/admin/portfolio/transaction/")["Content-Security-Policy"]
    page = as_owner.get(reverse("entry-instruments"))["Content-Security-Policy"]

    assert scripts(admin) == {"'self'", "'unsafe-eval'"}
    assert scripts(page) == {"'self'"}


def scripts(policy: str) -> set[str]:
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    return set(directives["script-src"].split())


def test_no_page_of_the_admin_needs_a_script_in_its_markup(as_owner: Client):
    for address in ("/admin/portfolio/account/", "/admin/portfolio/transaction/", "/admin/portfolio/transaction/add/"):
        markup = as_owner.get(address).content.decode()
        inline = [part for part in markup.split("<script")[1:] if "src=" not in part.split(">")[0]]
        assert all('type="application/json"' in part.split(">")[0] for part in inline), address
        assert "onclick=" not in markup
