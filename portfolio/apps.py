"""The one Django app. It only connects the signals that keep stored copies and the ledger stamp right."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortfolioConfig(AppConfig):
    """The household's portfolio."""

    name = "portfolio"
    verbose_name = _("Larder")

    def ready(self) -> None:
        """Connect the signals; importing the module is what connects them."""
        from portfolio import roles, signals  # noqa: F401, PLC0415  models exist only from here on
