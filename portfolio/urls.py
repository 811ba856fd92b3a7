"""Every address of the app."""

from django.urls import path

from portfolio.admin import site as admin_site
from portfolio.views.entry import entry_effect, entry_instruments

urlpatterns = [
    path("admin/", admin_site.urls),
    path("entry/effect/", entry_effect, name="entry-effect"),
    path("entry/instruments/", entry_instruments, name="entry-instruments"),
]
