"""Who may come in: people, their roles, and the log of failed logins."""

from typing import Any

from axes.admin import AccessAttemptAdmin, AccessLogAdmin
from axes.models import AccessAttempt, AccessLog
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from portfolio.admin.site import OwnersAdmin, ReadOnlyAdmin, site
from portfolio.roles import Role, is_owner


def is_last_owner(user: User) -> bool:
    """Say whether nobody would be left who may write."""
    owners = User.objects.filter(Q(is_superuser=True) | Q(groups__name=Role.OWNER), is_active=True)
    return is_owner(user) and not owners.exclude(pk=user.pk).exists()


class PersonForm(UserChangeForm):
    """A person's record; the last owner stays one."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        stays = data.get("is_active") and any(group.name == Role.OWNER for group in data.get("groups", ()))
        if not stays and not self.instance.is_superuser and is_last_owner(self.instance):
            self.add_error("groups", _("This is the only owner; make somebody else an owner first."))
        return data


@admin.register(User, site=site)
class PersonAdmin(UserAdmin, OwnersAdmin):
    form = PersonForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "first_name", "email", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active", "groups")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (
            _("Role"),
            {
                "fields": ("is_active", "is_staff", "groups"),
                "description": _("An owner is in the group “owner” and may enter this part; a viewer reads the pages only."),
            },
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined"), "classes": ("collapse",)}),
    )
    # access follows the role, see portfolio.roles
    readonly_fields = ("is_staff", "last_login", "date_joined")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes the last owner."""
        return super().has_delete_permission(request, obj) and not (isinstance(obj, User) and is_last_owner(obj))


@admin.register(Group, site=site)
class RoleAdmin(GroupAdmin, OwnersAdmin):
    fields = ("name",)


@admin.register(AccessAttempt, site=site)
class AttemptAdmin(AccessAttemptAdmin, OwnersAdmin):
    """Deleting an attempt lets a locked-out person try again."""


@admin.register(AccessLog, site=site)
class LoginAdmin(AccessLogAdmin, ReadOnlyAdmin):
    pass
