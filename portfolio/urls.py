"""Every address of the app."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from portfolio import api
from portfolio.admin import site as admin_site
from portfolio.views import (
    calendar_feeds,
    dashboard,
    frame,
    holding,
    income,
    ledger,
    market_data,
    market_data_decisions,
    meeting_entry,
    meetings,
    preferred,
    quarterly_review,
    salary,
)
from portfolio.views.entry import entry_effect, entry_instruments

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("holdings/<path:symbol>/", holding.holding, name="holding"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("review/", quarterly_review.latest_review, name="latest-review"),
    path("review/<str:period>/", quarterly_review.quarterly_review, name="quarterly-review"),
    path("income/", income.income, name="income"),
    path("income/stress/", income.income_stress, name="income-stress"),
    path("income/calendar/", calendar_feeds.make_calendar_feed, name="make-calendar-feed"),
    path("income/calendar/<int:pk>/revoke/", calendar_feeds.revoke_calendar_feed, name="revoke-calendar-feed"),
    path("calendar/<str:token>.ics", calendar_feeds.calendar_feed, name="calendar-feed"),
    path("salary/", salary.salary, name="salary"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/votes.csv", meetings.votes_csv, name="votes-csv"),
    path("meetings/calendar.ics", meetings.meetings_ics, name="meetings-ics"),
    path("meetings/new/", meeting_entry.meeting_new, name="meeting-new"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/edit/", meeting_entry.meeting_edit, name="meeting-edit"),
    path("meetings/<int:pk>/with-board/", meeting_entry.meeting_with_board, name="meeting-with-board"),
    path("meetings/<int:pk>/delete/", meeting_entry.meeting_delete, name="meeting-delete"),
    path("meetings/<int:pk>/calendar.ics", meetings.meetings_ics, name="meeting-ics"),
    path("meetings/<int:pk>/documents/", meeting_entry.meeting_add_document, name="meeting-add-document"),
    path("meetings/<int:pk>/documents/<int:document>/", meetings.meeting_document, name="meeting-document"),
    path(
        "meetings/<int:pk>/documents/<int:document>/delete/",
        meeting_entry.meeting_drop_document,
        name="meeting-drop-document",
    ),
    path("tools/preferred/", preferred.preferred, name="preferred"),
    path("market-data/", market_data.market_data, name="market-data"),
    path("market-data/progress/", market_data.market_data_progress, name="market-data-progress"),
    path("market-data/run/", market_data_decisions.market_data_run, name="market-data-run"),
    path("market-data/stop/", market_data_decisions.market_data_stop, name="market-data-stop"),
    path("market-data/price/", market_data_decisions.market_data_price, name="market-data-price"),
    path("market-data/doubts/<int:pk>/accept/", market_data_decisions.market_data_accept, name="market-data-accept"),
    path("market-data/doubts/<int:pk>/reject/", market_data_decisions.market_data_reject, name="market-data-reject"),
    path(
        "market-data/dividends/<int:pk>/confirm/",
        market_data_decisions.market_data_confirm_dividend,
        name="market-data-confirm-dividend",
    ),
    path(
        "market-data/dividends/<int:pk>/reject/",
        market_data_decisions.market_data_reject_dividend,
        name="market-data-reject-dividend",
    ),
    path("market-data/instruments/<int:pk>/pause/", market_data_decisions.market_data_pause, name="market-data-pause"),
    path("api/review/<str:period>/", api.review, name="api-review"),
    path("api/income/", api.income, name="api-income"),
    path("login/", frame.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("display/", frame.change_display, name="display"),
    path("admin/", admin_site.urls),
    path("entry/effect/", entry_effect, name="entry-effect"),
    path("entry/instruments/", entry_instruments, name="entry-instruments"),
]
