"""The admin's side bar: what is used every day first. Knows addresses and words only."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

_GROUPS = (
    (
        _("Ledger"),
        (
            (_("Enter a trade"), "edit_note", "portfolio_transaction_add"),
            (_("Transactions"), "list_alt", "portfolio_transaction_changelist"),
            (_("Imports"), "upload_file", "portfolio_ledgerimport_changelist"),
        ),
    ),
    (
        _("Household"),
        (
            (_("Instruments"), "category", "portfolio_instrument_changelist"),
            (_("Accounts"), "account_balance", "portfolio_account_changelist"),
            (_("Salaries"), "payments", "portfolio_salary_changelist"),
            (_("Track targets"), "adjust", "portfolio_tracktarget_changelist"),
            (_("Shareholder meetings"), "how_to_vote", "portfolio_meeting_changelist"),
            (_("Own types of resolutions"), "label", "portfolio_ownresolutiontype_changelist"),
        ),
    ),
    (
        _("Market data"),
        (
            (_("Prices"), "show_chart", "portfolio_price_changelist"),
            (_("Exchange rates"), "currency_exchange", "portfolio_rate_changelist"),
            (_("Quarantined prices"), "report", "portfolio_quarantinedprice_changelist"),
            (_("Proposed dividends"), "request_quote", "portfolio_proposeddividend_changelist"),
            (_("Distributions"), "event", "portfolio_distribution_changelist"),
            (_("Splits"), "call_split", "portfolio_split_changelist"),
            (_("Withholding rules"), "percent", "portfolio_withholdingrule_changelist"),
            (_("Premium rules"), "health_and_safety", "portfolio_premiumrule_changelist"),
        ),
    ),
    (
        _("People"),
        (
            (_("People"), "person", "auth_user_changelist"),
            (_("Roles"), "groups", "auth_group_changelist"),
            (_("Failed logins"), "lock_clock", "axes_accessattempt_changelist"),
            (_("Logins"), "login", "axes_accesslog_changelist"),
        ),
    ),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the side bar as django-unfold reads it."""
    return [
        {
            "title": title,
            "items": [_item(request, name, icon, reverse(f"admin:{address}")) for name, icon, address in items],
        }
        for title, items in _GROUPS
    ]


def _item(request: HttpRequest, name: Any, icon: str, link: str) -> dict[str, Any]:
    # an entry that is being added lies below its list, but has an item of its own
    own_item = request.path == reverse("admin:portfolio_transaction_add")
    is_active = request.path == link if own_item or link == "/" else request.path.startswith(link)
    return {"title": name, "icon": icon, "link": link, "active": is_active}
