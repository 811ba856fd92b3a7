"""A real browser against a real server: Debian's Chromium, the app's own static files."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

# Playwright keeps an event loop in this thread; the tests' own look-ups in the tables are meant to be synchronous
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium where there is one."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return {**browser_type_launch_args, **({"executable_path": found, "args": ["--no-sandbox"]} if found else {})}


@pytest.fixture(scope="session", autouse=True)
def files_without_hashes(django_test_environment: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Serve static files as they lie in the tree; the server lives as long as the session."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = {**settings.STORAGES, "staticfiles": storage}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path_factory.mktemp("collected")):
        yield
