"""Shareholder meetings as tables: for mending single fields and looking at their history; the pages are quicker for voting."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from portfolio.admin.site import RememberingAdmin, site
from portfolio.models import Meeting, OwnResolutionType, Resolution


class ResolutionsOfMeeting(TabularInline):
    model = Resolution
    fields = ("place", "number", "title", "type", "own_type", "board_recommendation", "own_vote", "result_for_percent", "note")
    extra = 0
    verbose_name_plural = _("Resolutions")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return site.has_permission(request)


@admin.register(Meeting, site=site)
class MeetingAdmin(RememberingAdmin):
    list_display = ("day", "instrument", "kind", "record_date", "deadline", "time_zone")
    list_display_links = ("day",)
    list_filter = ("kind",)
    list_select_related = ("instrument",)
    search_fields = ("instrument__symbol", "instrument__name", "instrument__name_zh", "resolutions__title")
    autocomplete_fields = ("instrument",)
    date_hierarchy = "date"
    ordering = ("-date", "-pk")
    inlines = (ResolutionsOfMeeting,)
    formfield_overrides = {**RememberingAdmin.formfield_overrides, models.URLField: {"assume_scheme": "https"}}

    @admin.display(description=_("date"), ordering="date")
    def day(self, meeting: Meeting) -> str:
        return meeting.date.isoformat()


@admin.register(OwnResolutionType, site=site)
class OwnResolutionTypeAdmin(RememberingAdmin):
    list_display = ("name", "name_zh", "wording")
    search_fields = ("name", "name_zh", "wording")
