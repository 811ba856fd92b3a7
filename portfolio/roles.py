"""Who may do what: owners read and write, viewers read, the spouse reads one page. Knows people; nothing of pages and rows.

Importing it keeps a person's access to the records (`is_staff`) in step with the role, however the role is given.
"""

import secrets
from enum import StrEnum
from typing import Any

from axes.utils import reset as forget_failed_logins
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group, Permission, User
from django.db import transaction
from django.db.models.signals import m2m_changed
from django.dispatch import receiver

# without the letters and digits that are mistaken for one another
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 4, 4


class Role(StrEnum):
    """The name of the group that holds the people of a role."""

    OWNER = "owner"
    VIEWER = "viewer"
    SPOUSE = "spouse"  # sees the salary page and nothing else


class LastOwnerError(Exception):
    """The only owner would lose the role, and nobody could give it back."""


def is_owner(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Say whether a person may write: an active superuser or member of the group of owners."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or user.groups.filter(name=Role.OWNER).exists()


def sees_only_the_salary(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Say whether a person has the spouse's role and no other."""
    if not isinstance(user, User) or user.is_staff or user.is_superuser:
        return False
    # the names are few and the rows fewer: one query decides
    return set(user.groups.values_list("name", flat=True)) & set(Role) == {Role.SPOUSE}


def owners_exist() -> bool:
    """Say whether anybody may write and can log in."""
    return _owners().exists()


def give_role(*, name: str, role: Role) -> tuple[User, str | None]:
    """Make a person, or change the role of one; return the person and, for a new one, the password.

    Raises LastOwnerError.
    """
    with transaction.atomic():
        user, is_new = User.objects.get_or_create(username=name)
        if role != Role.OWNER and not _owners().exclude(pk=user.pk).exists() and is_owner(user):
            raise LastOwnerError(f"{name} is the only owner; make somebody else an owner first")
        password = new_password(user=user) if is_new else None
        user.groups.set([Group.objects.get_or_create(name=str(role))[0]])
        user.refresh_from_db()
    return user, password


def new_password(*, user: User) -> str:
    """Give a person a new random password, forget failed logins, and return it; only its hash is stored."""
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    user.set_password(password)
    user.save(update_fields=["password"])
    forget_failed_logins(username=user.get_username())
    return password


def grant_permissions(**_: Any) -> None:
    """Give owners every permission on the portfolio's tables; called after each migration, as tables come and go."""
    owners, _created = Group.objects.get_or_create(name=str(Role.OWNER))
    for role in (Role.VIEWER, Role.SPOUSE):
        Group.objects.get_or_create(name=str(role))
    owners.permissions.set(Permission.objects.filter(content_type__app_label="portfolio"))


@receiver(m2m_changed, sender=User.groups.through, dispatch_uid="access follows the role")
def let_access_follow_the_role(
    *, instance: User | Group, action: str, reverse: bool, pk_set: set[int] | None, **_: Any
) -> None:
    """Let owners into the records and keep others out, also when a group is ticked by hand."""
    if action not in {"post_add", "post_remove", "post_clear"}:
        return
    people = User.objects.filter(pk__in=pk_set or ()) if reverse else User.objects.filter(pk=instance.pk)
    for person in people:
        person.is_staff = is_owner(person)
        person.save(update_fields=["is_staff"])


def _owners() -> Any:
    active = User.objects.filter(is_active=True)
    return (active.filter(is_superuser=True) | active.filter(groups__name=Role.OWNER)).distinct()
