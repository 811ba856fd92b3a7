"""What the reader of the income page chose: which months, which sums, which blows. Unknown words count as unsaid."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portfolio.reports.income_history import SIDES, STEPS

WINDOWS = ("past", "around", "ahead")
DEFAULT_WINDOW, DEFAULT_SIDE, DEFAULT_STEP = "around", "payer", "quarter"
# per cent: where the sliders stand at first, and how far they go
CUT, MOST_CUT = 20, 60
DROP, MOST_DROP = 10, 40


@dataclass(frozen=True, slots=True)
class Choices:
    """Every choice, each one known."""

    window: str
    side: str
    step: str
    cut: int  # per cent
    drop: int
    gone: str  # symbol; blank: the largest payer


@dataclass(frozen=True, slots=True)
class Option:
    """One choice among others, as a link."""

    label: str
    value: str
    is_current: bool


def choices_of(asked: QueryDict) -> Choices:
    """Return the choices in a page's address."""
    return Choices(
        window=_one_of(asked.get("months"), WINDOWS, DEFAULT_WINDOW),
        side=_one_of(asked.get("by"), SIDES, DEFAULT_SIDE),
        step=_one_of(asked.get("per"), STEPS, DEFAULT_STEP),
        cut=_percent(asked.get("cut"), CUT, MOST_CUT),
        drop=_percent(asked.get("drop"), DROP, MOST_DROP),
        gone=asked.get("gone", "")[:40],
    )


def window_options(chosen: str) -> list[Option]:
    """Return which twelve months can be shown."""
    labels = {"past": _("Past 12"), "around": _("3 before, 9 after"), "ahead": _("Next 12")}
    return [Option(labels[value], value, value == chosen) for value in WINDOWS]


def side_options(chosen: str) -> list[Option]:
    """Return what income can be summed by."""
    labels = {
        "payer": _("by payer"),
        "kind": _("by kind"),
        "account": _("by account"),
        "currency": _("by currency"),
    }
    return [Option(labels[value], value, value == chosen) for value in SIDES]


def step_options(chosen: str) -> list[Option]:
    """Return the stretches of time that sums can be over."""
    labels = {
        "month": pgettext("per", "month"),
        "quarter": pgettext("per", "quarter"),
        "year": pgettext("per", "year"),
        "entitled": _("year of the ex-date"),
    }
    return [Option(labels[value], value, value == chosen) for value in STEPS]


def _one_of(said: str | None, known: tuple[str, ...], default: str) -> str:
    return said if said in known else default


def _percent(said: str | None, default: int, most: int) -> int:
    try:
        return min(max(int(said or default), 0), most) if said != "0" else 0
    except ValueError:
        return default
