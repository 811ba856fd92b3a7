"""What importers say of files and rows, in the reader's language. Their own words are English and stand beside it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portfolio import formatting as show
from portfolio.importers.rows import Problem
from portfolio.importers.text import FileError


@dataclass(frozen=True, slots=True)
class Reason:
    """words: a sentence.  detail: the importer's own English, where the sentence says less than it."""

    words: str
    detail: str = ""


def reason_of(problem: Problem, *, hidden: bool = False) -> Reason:
    """Return why a row is refused or in doubt, or what a warning says. hidden: without the figures that importers quote."""
    said = f"{problem.column}: {problem.reason}" if problem.column else problem.reason
    if hidden:
        return Reason(_by_code().get(problem.code, _("This row cannot be taken as it stands.")))
    if not show.is_chinese():
        return Reason(said)
    return Reason(_by_code().get(problem.code, _("This row cannot be taken as it stands.")), said)


def file_reason(error: FileError) -> Reason:
    """Return why a file as a whole cannot be used, and what to do."""
    if "names no account" in error.reason:
        return Reason(_("The file does not say whose it is. Name the account below, then read it again."))
    if "is in no known format" in error.reason or "needs a mapping" in error.reason:
        words = _("No importer knows this format. Say which column is which, and files like it are read from then on.")
        return Reason(words, error.reason)
    if "could be in any of these formats" in error.reason:
        return Reason(_("The file could be in more than one format. Choose the right one below."), error.reason)
    place = f"line {error.line}: " if error.line else ""
    return Reason(_("The file cannot be read as it is."), f"{place}{error.reason}")


def _by_code() -> dict[str, str]:
    """Return the sentences for the codes that importers use."""
    return {
        "unknown_word": _("The importer does not know the word for this row's type. Say what it is, or leave the row out."),
        "unreadable": _("A cell cannot be read. Put the row right, or leave it out."),
        "does_not_add_up": _("The amount is not what quantity, price and charges make. Put the row right, or leave it out."),
        "corporate_action": _("Units change on terms that the file does not give. Look them up and enter the row."),
        "cancel": _("Something is taken back, and there is not exactly one row that fits. Correct the ledger by hand."),
        "unpaired": _("This booking comes in pairs, and its other half is not in the file."),
        "out_of_scope": _("The ledger does not keep such things. Enter the money that it moved, or leave the row out."),
        "unexpected_sign": _(
            "Money flows the other way than the word says. Is it a correction? Enter the row, or leave it out."
        ),
        "partner": _("This row belongs to another one that needs a look."),
        "left_to_you": _("The mapping leaves this word to you. Say what the row is, or leave it out."),
        "incomplete": _("Something that such a row needs is blank. Fill it in, or leave the row out."),
        "accrued_interest": _(
            "The amount holds accrued interest that the file does not print. Enter the bond with its coupon first."
        ),
        "update": _("It is stored with other values."),
        "typed_before": _("It looks like a row that was entered by hand."),
        "oversold": _("More units leave the account than are in it on that day."),
        "unknown_symbol": _("The instrument is new: a draft is made of it. Look it over afterwards."),
        "similar_account": _("A new account is made, though there is one of nearly the same name. Is it meant?"),
        "known_as": _("The instrument is known by another symbol; its rows go there."),
        "cancelled": _("It takes a stored row back."),
        "tax_unknown": _("The amount is net of a tax that the file does not print; it is entered as net, without tax."),
        "tax_inferred": _("The tax is not printed; it was worked out."),
        "accrued_inferred": _("A part of the amount was taken for accrued interest."),
        "odd_ratio": _("The ratio of the split is odd. Look it up."),
        "account_assumed": _("The account was inferred."),
        "header_changed": _("The header is not the one that the preset was saved for. Check what was read."),
        "preset": _("The file was read with a preset of yours."),
        "net_income": _("Income is entered as it was paid: the file has no column for what was withheld."),
        "no_rows": _("The file has a header and no rows."),
        "inferred": _("Something that the file does not print was inferred."),
        "unchecked": _("Something in the file could not be checked."),
    }
