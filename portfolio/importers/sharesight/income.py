"""Sharesight's Taxable Income Report: payments with their tax, under the sections of a tax return. Pure."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from portfolio.engine.currencies import is_currency
from portfolio.engine.kinds import Kind
from portfolio.importers.broker_table import Line, folded
from portfolio.importers.broker_values import date_in_order
from portfolio.importers.fingerprints import Fingerprints
from portfolio.importers.kept_digits import rounded_money
from portfolio.importers.money_check import adds_up
from portfolio.importers.number_style import decimal_mark, with_points
from portfolio.importers.review_reasons import does_not_add_up, masked, unexpected_sign, unknown_word
from portfolio.importers.rows import ZERO, LedgerRow, Problem, Security
from portfolio.importers.sharesight.symbols_of_codes import Code, Codes
from portfolio.importers.source_rows import SourceRows
from portfolio.written_values import UnreadableError

_NEEDED = frozenset({"code", "date paid"})
_GROSS = ("gross dividend", "gross amount", "gross interest", "gross")
_NET = ("net dividend", "net amount", "net interest", "net")
_TAX = ("tax deducted", "foreign tax deducted")


@dataclass(frozen=True, slots=True)
class IncomeLine:
    """A row as the report has it, with the titles it stands under."""

    line: Line
    cells: dict[str, str]
    section: str

    @property
    def code(self) -> Code:
        """The code and its market."""
        return Code.joined(self.cells.get("code", ""))


def income_header(line: Line) -> tuple[str, ...]:
    """Return the columns of a header; nothing where the line is none."""
    names = tuple(folded(cell).rstrip(" *") for cell in line.cells)
    return names if set(names) >= _NEEDED else ()


def book_income(listed: list[IncomeLine], codes: Codes, rows: SourceRows, *, today: dt.date, account: str, home: str) -> None:
    """Book the payments.

    home: the portfolio's currency, in which local income is; "" where no trade in the file tells it, and then what is
    stored of the instrument says it when the rows are saved, or the row is put to a person.
    """
    fingerprints = Fingerprints("sharesight")
    mark = decimal_mark(each.cells.get(name, "") for each in listed for name in (*_GROSS, *_NET, *_TAX))
    for each in listed:
        number = each.line.number
        try:
            date = date_in_order(each.cells.get("date paid", ""), order="dmy")
            gross, net, tax = (_first(each, names, mark) for names in (_GROSS, _NET, _TAX))
        except UnreadableError as error:
            rows.reject(Problem(number, "", str(error)))
            continue
        if date > today:
            rows.reject(Problem(number, "Date Paid", f"{date} lies in the future"))
            continue
        external_id = fingerprints.of(date, each.cells.get("code", ""), gross, net, tax, each.cells.get("currency", ""))
        if gross is None:
            gross = (net or ZERO) + (tax or ZERO)
        row = _row(each, date, (gross, net, tax or ZERO), home, rows)
        if row is None:
            continue
        symbol = codes.symbol(each.code)
        rows.security(symbol, Security(name=each.cells.get("name", "")[:160]))
        rows.book(
            LedgerRow(
                lines=row.lines,
                date=date,
                kind=row.kind,
                account=account,
                symbol=symbol,
                amount=row.amount,
                currency=row.currency,
                tax=row.tax,
                note=masked(each.cells.get("comments", "")),
                external_id=external_id,
            )
        )


def _first(each: IncomeLine, names: tuple[str, ...], mark: str) -> Decimal | None:
    return next((rounded_money(with_points(each.cells[name], mark)) for name in names if each.cells.get(name)), None)


def _kind(section: str) -> Kind | None:
    words = section.casefold()
    if "interest" in words:
        return Kind.INTEREST
    # what a trust pays out is partly capital, and only its own statement says how much
    if "trust" in words:
        return None
    return Kind.DIVIDEND if "dividend" in words or "foreign income" in words or "non taxable" in words else None


def _row(
    each: IncomeLine, date: dt.date, figures: tuple[Decimal, Decimal | None, Decimal], home: str, rows: SourceRows
) -> LedgerRow | None:
    """Return kind, money and tax of a payment; None, with the question asked, where they are in doubt."""
    number, (gross, net, tax) = each.line.number, figures
    kind = _kind(each.section)
    if kind is None:
        rows.review(unknown_word(line=number, column="", word=f"section {each.section}"))
        return None
    if gross <= 0 or tax < 0:
        rows.review(unexpected_sign(line=number, column="Gross", word=each.code.code, amount=gross if gross <= 0 else tax))
        return None
    if net is not None and not adds_up(amount=gross, expected=net + tax):
        parts = "net + tax deducted"
        rows.review(does_not_add_up(line=number, column="Gross", amount=gross, expected=net + tax, parts=parts))
        return None
    is_foreign = "currency" in each.cells
    currency = each.cells.get("currency", "").upper() if is_foreign else home
    if is_foreign and not is_currency(currency):
        rows.reject(Problem(number, "Currency", f'"{currency[:10]}" is no currency code'))
        return None
    if not currency:
        words = "is in the portfolio's currency, which this report does not name; the instrument's or the account's is taken"
        rows.warn_once("currency_unknown", number, words)
    return LedgerRow(lines=(number,), date=date, kind=kind, amount=gross, currency=currency, tax=tax)
