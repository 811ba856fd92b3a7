"""What tests of the admin share: an owner and a viewer, logged in."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from tests.entry.household import dollar_rate

PLAIN_STORAGE = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture(autouse=True)
def plain_pages(settings: Any, tmp_path: Path) -> None:
    """Pages in English, without the hashed file names that only a collected deployment has."""
    settings.LANGUAGE_CODE = "en"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_STORAGE}}
    settings.STATIC_ROOT = tmp_path
    settings.LOGIN_URL = "/login/"


def person(name: str, role: str, *, is_staff: bool) -> User:
    user = User.objects.create_user(name, password="a long enough one", is_staff=is_staff)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def owner(db: None) -> User:
    """An owner without a superuser's rights: the role alone must be enough."""
    dollar_rate()
    return person("owner", "owner", is_staff=True)


@pytest.fixture
def as_owner(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def as_viewer(db: None) -> Client:
    client = Client()
    client.force_login(person("viewer", "viewer", is_staff=False))
    return client
