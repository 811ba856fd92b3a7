"""The admin site: for owners only, behind the app's own login, with the one freedom its scripts need. Knows no tables."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from csp.decorators import csp_update
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from portfolio.entry.wording import plain

# Alpine, which draws the admin's menus, builds functions from attributes; no other page of the app may
SCRIPTS_OF_THE_ADMIN = {"script-src": ["'unsafe-eval'"]}


class LarderAdminSite(UnfoldAdminSite):
    """The admin of this app. It has no login form of its own, so second factors and lockouts can't be walked around."""

    index_title = _("Records")
    enable_nav_sidebar = True

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:
        """Wrap a view with the permission check and the admin's own content security policy."""
        return csp_update(SCRIPTS_OF_THE_ADMIN)(super().admin_view(view, cacheable))

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send strangers to the app's login, and tell those who are in that this is not for them."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", resolve_url("admin:index")), resolve_url(settings.LOGIN_URL))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Open at the ledger: the side bar lists the other tables."""
        return redirect("admin:portfolio_transaction_changelist")


site = LarderAdminSite(name="admin")


class ExactDecimalField(forms.DecimalField):
    """A decimal column without the zeros that fill its places up."""

    def prepare_value(self, value: Any) -> Any:
        """Show 0.3 for 0.3000000000."""
        return plain(value) if isinstance(value, Decimal) else value


class OwnersAdmin(ModelAdmin):
    """A table that every owner may read and write; whoever is let into the site is an owner."""

    warn_unsaved_form = True
    list_per_page = 50
    list_filter_sheet = False
    formfield_overrides = {models.DecimalField: {"form_class": ExactDecimalField}}

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Owners see every table."""
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Owners read."""
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Owners write."""
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Owners write."""
        return self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Owners write."""
        return self.admin_site.has_permission(request)


class RememberingAdmin(SimpleHistoryAdmin, OwnersAdmin):
    """A table whose every version is kept, with who wrote it and when."""

    def set_history_delta_changes(self, request: HttpRequest, historical_records: Any, *args: Any, **options: Any) -> None:
        """Name what changed; a change without a reason shows none."""
        super().set_history_delta_changes(request, historical_records, *args, **options)
        for record in historical_records:
            record.history_change_reason = record.history_change_reason or ""


class ReadOnlyAdmin(OwnersAdmin):
    """A table that other parts of the app write: it can be looked at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes by hand."""
        return False
