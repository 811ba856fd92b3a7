"""What all tests share: settings without side effects, people with a role, a browser, and a database that is left as found."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core import serializers
from django.db import connection
from django.test import Client, override_settings

from portfolio.roles import Role, give_role

# Playwright keeps an event loop in this thread; the tests' own look-ups in the tables are meant to be synchronous
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WRITTEN_BY_MIGRATIONS = pytest.StashKey[str]()
BLOCKER = pytest.StashKey[Any]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="run what asks the database, and no browser")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if uses_browser(item):
            # the browser plugin still defines its fixtures the old way
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"))
    if config.getoption("--database-only"):
        kept = [item for item in items if uses_database(item) and not uses_browser(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


def fixtures_of(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def uses_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or bool(DATABASE_FIXTURES & fixtures_of(item))


def uses_browser(item: pytest.Item) -> bool:
    return bool({"browser", "page", "context"} & fixtures_of(item))


def empties_the_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    transactional = marker is not None and marker.kwargs.get("transaction", False)
    return transactional or bool({"transactional_db", "live_server"} & fixtures_of(item))


@pytest.fixture(scope="session", autouse=True)
def harmless_settings(django_test_environment: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Static files as they lie in the tree, a data folder of the tests' own, passwords that cost no time."""
    folder = tmp_path_factory.mktemp("data")
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        DATA_DIR=folder,
        MEDIA_ROOT=folder / "files",
        # there has to be one, or the middleware that serves it complains
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        STORAGES={**settings.STORAGES, "staticfiles": static},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Drop every cached report: tests that are rolled back count the ledger stamp over the same numbers."""
    yield
    for name in ("portfolio.queries", "portfolio.views.kept"):
        if name in sys.modules:
            sys.modules[name].forget()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keep SQLite in a file: a database in memory is one connection, which a server's threads cannot share in peace."""
    if connection.vendor == "sqlite":
        name = str(tmp_path_factory.mktemp("database") / "larder.sqlite3")
        connection.settings_dict["TEST"]["NAME"] = name
        connection.settings_dict["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> None:
    """Make the test database, and note the rows that migrations brought."""
    with django_db_blocker.unblock():
        rows = [row for model in apps.get_app_config("portfolio").get_models() for row in model._default_manager.all()]
        request.config.stash[WRITTEN_BY_MIGRATIONS] = serializers.serialize("json", rows)
    request.config.stash[BLOCKER] = django_db_blocker


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Bring back what migrations wrote: a test with real transactions ends in an empty database."""
    result = yield
    # after the last test the database itself is gone
    if nextitem is not None and empties_the_database(item) and WRITTEN_BY_MIGRATIONS in item.config.stash:
        with item.config.stash[BLOCKER].unblock():
            for row in serializers.deserialize("json", item.config.stash[WRITTEN_BY_MIGRATIONS]):
                row.save()
    return result


@pytest.fixture
def owner(db: None) -> User:
    """Somebody who may write, by the role alone."""
    return give_role(name="owner", role=Role.OWNER)[0]


@pytest.fixture
def viewer(db: None) -> User:
    """Somebody who may look."""
    return give_role(name="viewer", role=Role.VIEWER)[0]


@pytest.fixture
def as_owner(owner: User) -> Client:
    """A client in which the owner is logged in."""
    return _logged_in(owner)


@pytest.fixture
def as_viewer(viewer: User) -> Client:
    """A client in which the viewer is logged in."""
    return _logged_in(viewer)


def _logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium, or the one that CHROMIUM names."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("There is no Chromium. scripts/browser.sh installs it on Debian; CHROMIUM=/path/to/it names one.")
    return {**browser_type_launch_args, "executable_path": found, "args": CHROMIUM_ARGUMENTS}


@pytest.fixture
def owner_page(page: Any, live_server: Any, as_owner: Client) -> Any:
    """A browser page with the owner logged in, at the live server's own pages: `owner_page.goto("/…")`."""
    return _with_session(page, live_server, as_owner)


@pytest.fixture
def viewer_page(page: Any, live_server: Any, as_viewer: Client) -> Any:
    """The same for the viewer."""
    return _with_session(page, live_server, as_viewer)


@pytest.fixture(scope="session")
def base_url(live_server: Any) -> str:
    """Let pages of the browser be named by their path alone."""
    return str(live_server.url)


def _with_session(page: Any, live_server: Any, client: Client) -> Any:
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    return page


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parent.parent
