"""Owners write, viewers read, and there is always an owner left."""

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import RequestFactory

from portfolio.roles import LastOwnerError, Role, give_role, is_owner, new_password

pytestmark = pytest.mark.django_db


def test_an_owner_may_write_and_a_viewer_may_not(owner, viewer):
    assert is_owner(owner)
    assert not is_owner(viewer)
    assert not is_owner(AnonymousUser())


def test_a_superuser_is_an_owner_without_the_group():
    assert is_owner(User.objects.create_superuser("root"))


def test_an_owner_who_left_may_no_longer_write(owner):
    owner.is_active = False

    assert not is_owner(owner)


def test_access_to_the_records_follows_the_role(owner, viewer):
    assert (owner.is_staff, viewer.is_staff) == (True, False)


def test_access_follows_a_group_that_is_given_by_hand(viewer):
    # as a form of the admin does it
    viewer.groups.add(Group.objects.get(name="owner"))
    viewer.refresh_from_db()
    assert viewer.is_staff

    Group.objects.get(name="owner").user_set.remove(viewer)
    viewer.refresh_from_db()
    assert not viewer.is_staff


def test_owners_have_every_permission_on_the_tables(owner):
    granted = set(Group.objects.get(name="owner").permissions.values_list("codename", flat=True))

    assert granted == set(Permission.objects.filter(content_type__app_label="portfolio").values_list("codename", flat=True))
    assert "add_transaction" in granted
    assert owner.has_perm("portfolio.add_transaction")
    assert not give_role(name="guest", role=Role.VIEWER)[0].has_perm("portfolio.add_transaction")


def test_the_only_owner_keeps_the_role(owner):
    with pytest.raises(LastOwnerError, match="only owner"):
        give_role(name="owner", role=Role.VIEWER)
    assert is_owner(User.objects.get(username="owner"))


def test_an_owner_beside_another_may_become_a_viewer(owner):
    give_role(name="second", role=Role.OWNER)

    give_role(name="owner", role=Role.VIEWER)

    assert not is_owner(User.objects.get(username="owner"))


def test_one_person_has_one_role(viewer):
    give_role(name="viewer", role=Role.OWNER)

    assert [group.name for group in viewer.groups.all()] == ["owner"]


def test_a_new_password_lets_in_and_the_old_one_does_not():
    user, first = give_role(name="someone", role=Role.VIEWER)
    second = new_password(user=user)

    def let_in(password: str | None) -> bool:
        return authenticate(RequestFactory().get("/"), username="someone", password=password) is not None

    assert first != second
    assert let_in(second)
    assert not let_in(first)


def test_a_new_password_ends_a_lockout(viewer):
    AccessAttempt.objects.create(username="viewer", failures_since_start=99)

    new_password(user=viewer)

    assert not AccessAttempt.objects.filter(username="viewer").exists()


def test_the_command_makes_a_person_and_changes_the_role(capsys):
    call_command("person", "mei", "--role", "viewer")
    assert "mei is viewer, with the password " in capsys.readouterr().out

    # the password stays, so none is shown
    call_command("person", "mei", "--role", "owner")
    assert capsys.readouterr().out == "mei is owner.\n"
    assert is_owner(User.objects.get(username="mei"))


def test_the_command_replaces_a_password(capsys, viewer):
    call_command("person", "viewer", "--new-password")

    password = capsys.readouterr().out.split()[-1]
    assert User.objects.get(username="viewer").check_password(password)


def test_a_new_password_of_a_new_person_is_shown_once(capsys):
    call_command("person", "mei", "--role", "owner", "--new-password")

    assert capsys.readouterr().out.count("password") == 1


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["nobody"], "no login nobody"),
        (["nobody", "--new-password"], "no login nobody"),
        (["two words", "--role", "viewer"], "two words: Enter a valid username"),
        (["owner", "--role", "viewer"], "only owner"),
    ],
)
def test_the_command_says_why_it_does_nothing(owner, settings, words, reason):
    settings.LANGUAGE_CODE = "en"
    before = User.objects.count()

    with pytest.raises(CommandError, match=reason):
        call_command("person", *words)

    assert User.objects.count() == before
