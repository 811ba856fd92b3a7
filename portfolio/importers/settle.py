"""What a file leaves open and the stored ledger can answer: which instrument, which tax, which split ratio. Pure.

Knows no tables; what is stored comes in as plain values. What stays open is given to a person.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from portfolio.engine.kinds import InstrumentType
from portfolio.importers.money_check import CENT
from portfolio.importers.once_only import StoredRow
from portfolio.importers.review_reasons import cancel_without_trade
from portfolio.importers.rows import LedgerRow, Need, Problem, Security
from portfolio.importers.symbols import Instruments
from portfolio.written_values import plain

# units that a broker rounds away when it prints the change of a split
_ROUNDED_UNITS = Decimal("0.0005")
_SIMPLE = 100  # largest term of a ratio that a company would choose
_UNKNOWN = Security()


@dataclass(slots=True)
class Settled:
    """Rows whose questions are answered, and those that a person has to judge."""

    rows: list[LedgerRow] = field(default_factory=list)
    needs_review: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def warn(self, row: LedgerRow, column: str, reason: str, code: str) -> None:
        """Note something inferred."""
        self.warnings.append(Problem(row.line, column, reason, code))


@dataclass(slots=True)
class Named:
    """Rows and descriptions under the household's own symbols."""

    rows: list[LedgerRow] = field(default_factory=list)
    securities: dict[str, Security] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)


def with_own_symbols(*, rows: Iterable[LedgerRow], securities: Mapping[str, Security], instruments: Instruments) -> Named:
    """Give each row the symbol under which the household knows what the file means; the file's own where it is new."""
    named = Named()
    own: dict[tuple[str, str], str] = {}
    for row in rows:
        if not row.symbol:
            named.rows.append(row)
            continue
        key = (row.account, row.symbol)
        if key not in own:
            security = securities.get(row.symbol, _UNKNOWN)
            own[key] = instruments.meant(symbol=row.symbol, account=row.account, security=security)
            if row.symbol in securities:
                named.securities.setdefault(own[key], security)
            if own[key] != row.symbol:
                words = f"{row.symbol} is known as {own[key]}; its rows go there"
                named.warnings.append(Problem(row.line, "symbol", words, "known_as"))
        named.rows.append(row if own[key] == row.symbol else replace(row, symbol=own[key]))
    return named


def settled_by_instruments(*, rows: Iterable[LedgerRow], instruments: Instruments) -> Settled:
    """Answer what the instruments themselves tell: the tax of net dividends, the interest in bond trades."""
    settled = Settled()
    for row in rows:
        if row.needs == Need.WITHHOLDING_RATE:
            settled.rows.append(_gross(row, instruments, settled))
        elif row.needs == Need.ACCRUED_INTEREST:
            if (full := _without_interest(row, instruments, settled)) is not None:
                settled.rows.append(full)
        else:
            settled.rows.append(row)
    return settled


def _gross(row: LedgerRow, instruments: Instruments, settled: Settled) -> LedgerRow:
    """Return a net dividend with its tax, the cash exactly as printed; net and untaxed where no rate is known."""
    assert row.amount is not None  # noqa: S101  such a row is a payment
    known = instruments.by_symbol.get(row.symbol)
    rate = known.withholding_rate if known else None
    row = replace(row, needs=Need.NOTHING)
    if rate is None or rate >= 1:
        words = (
            f"the amount is net of a tax that the file does not print, and {row.symbol or 'the row'} has no withholding rate;"
            " it was entered as net, without tax"
        )
        settled.warn(row, "amount", words, "tax_unknown")
        return row
    gross = (row.amount / (1 - rate)).quantize(CENT, ROUND_HALF_UP)
    # older files print three decimals: the net figure stays as it is
    words = f"gross {plain(gross)} was worked out from the net amount {plain(row.amount)} at {plain(rate * 100)} % tax"
    settled.warn(row, "amount", words, "tax_inferred")
    return replace(row, amount=gross, tax=gross - row.amount, note=_added(row.note, f"net {plain(row.amount)}, tax by rate"))


def _without_interest(row: LedgerRow, instruments: Instruments, settled: Settled) -> LedgerRow | None:
    """Return a bond trade with the accrued interest taken out of its amount; None where it cannot be told apart."""
    known = instruments.by_symbol.get(row.symbol)
    amount, quantity, price = row.amount, row.quantity, row.price
    is_bond = known is not None and known.type == InstrumentType.BOND
    if not is_bond or known is None or not quantity or not price or amount is None or known.coupon_rate is None:
        words = (
            "the amount of a bond trade holds accrued interest that the file does not print; enter the bond"
            f" {row.symbol} with its coupon first, or the row by hand"
        )
        settled.needs_review.append(Problem(row.line, "amount", words, "accrued_interest"))
        return None
    clean = quantity * price * known.price_unit
    accrued = amount - clean
    largest = quantity * known.coupon_rate / 2
    if not -CENT <= accrued <= largest + CENT:
        words = (
            f"{plain(amount)} less the price leaves {plain(round(accrued, 2))}, and accrued interest is at most half a"
            f" year's coupon, {plain(round(largest, 2))}; enter the row by hand"
        )
        settled.needs_review.append(Problem(row.line, "amount", words, "accrued_interest"))
        return None
    accrued = max(accrued, Decimal(0)).quantize(CENT, ROUND_HALF_UP)
    settled.warn(row, "amount", f"{plain(accrued)} of it was taken for accrued interest", "accrued_inferred")
    return replace(row, amount=amount - accrued, accrued_interest=accrued, needs=Need.NOTHING)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A stored row that the file takes back, and the file's row that says so."""

    row: LedgerRow
    stored: StoredRow


def settled_by_ledger(
    *,
    rows: list[LedgerRow],
    held: Callable[[LedgerRow, list[LedgerRow]], Decimal],
    originals: Callable[[LedgerRow], list[StoredRow]],
) -> tuple[Settled, list[TakenBack]]:
    """Answer what earlier rows tell: split ratios, and which rows are taken back.

    held:      units of a row's instrument in its account before its day: what is stored, and these rows of the file.
    originals: stored rows that an import brought and that say the same as a row.
    """
    settled = Settled()
    taken_back: list[TakenBack] = []
    answers: dict[int, LedgerRow | None] = {}
    plain_rows = [row for row in rows if row.needs == Need.NOTHING]
    for place, row in sorted(enumerate(rows), key=lambda each: each[1].date):
        if row.needs == Need.HELD_UNITS:
            before = [each for each in (*plain_rows, *filter(None, answers.values())) if each.date < row.date]
            answers[place] = _split(row, held(row, before), settled)
        elif row.needs == Need.ORIGINAL:
            answers[place] = None
            _take_back(row, originals(row), taken_back, settled)
    settled.rows = [row for place, row in ((place, answers.get(place, row)) for place, row in enumerate(rows)) if row]
    return settled, taken_back


def _take_back(row: LedgerRow, originals: list[StoredRow], taken_back: list[TakenBack], settled: Settled) -> None:
    gone = {each.stored.key for each in taken_back}
    found = [each for each in originals if each.key not in gone]
    if len(found) != 1:
        settled.needs_review.append(cancel_without_trade(line=row.line, column="", word=row.note or f"cancelled {row.kind}"))
        return
    taken_back.append(TakenBack(row, found[0]))
    settled.warn(row, "", f"takes back the stored {row.kind} row of {found[0].row.date}", "cancelled")


def _split(row: LedgerRow, held: Decimal, settled: Settled) -> LedgerRow | None:
    """Return a split with its ratio from the change of units; None where the holding does not give one."""
    assert row.quantity is not None  # noqa: S101  the change of units
    after = held + row.quantity
    if held <= 0 or after <= 0:
        words = (
            f"units change by {plain(row.quantity)}, but the ledger holds {plain(held)} {row.symbol} before {row.date}:"
            " no ratio comes of it; import the earlier rows first, or enter a SPLIT row"
        )
        settled.needs_review.append(Problem(row.line, "quantity", words, "corporate_action"))
        return None
    exact = Fraction(after) / Fraction(held)
    simple = exact.limit_denominator(_SIMPLE)
    if simple.numerator > 10 * _SIMPLE or abs(Fraction(held) * simple - Fraction(after)) > Fraction(_ROUNDED_UNITS):
        simple = exact
        settled.warn(row, "quantity", f"{plain(held)} units become {plain(after)}: an odd ratio; look it up", "odd_ratio")
    if simple == 1:
        words = f"{row.symbol} has as many units after it as before; it is a change of name rather than a split"
        settled.needs_review.append(Problem(row.line, "quantity", words, "corporate_action"))
        return None
    ratio = (Decimal(simple.numerator) / Decimal(simple.denominator)).quantize(Decimal("1e-10"), ROUND_HALF_UP)
    if not 0 < ratio < 100_000:
        settled.needs_review.append(Problem(row.line, "quantity", f"{plain(ratio)} is no likely ratio", "corporate_action"))
        return None
    return replace(row, quantity=ratio, needs=Need.NOTHING, note=_added(row.note, f"{plain(held)} units before"))


def _added(note: str, words: str) -> str:
    return f"{note}; {words}" if note else words
