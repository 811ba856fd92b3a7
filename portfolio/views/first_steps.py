"""What to do while the ledger is empty: three ways to start, as far as the reader may take them."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class FirstStep:
    """A way to start. url: where it begins; None where it is a command."""

    words: str
    note: str
    url: str | None = None
    key: str = ""  # shortcut
    command: str = ""


def first_steps(request: HttpRequest) -> list[FirstStep]:
    """Return the ways to start; those who may not write are told of none."""
    if not request.user.is_staff:
        return []
    upload = _address("import")
    return [
        FirstStep(_("Enter a first trade"), _("ticker, units, price"), reverse("admin:portfolio_transaction_add"), "n"),
        FirstStep(
            _("Import a file"),
            _("from a broker, or a ledger in CSV"),
            upload,
            command="" if upload else "python manage.py import_ledger FILE",
        ),
        FirstStep(_("Open the demo household"), _("two hundred rows, made up"), command="python manage.py demo"),
    ]


def _address(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None
