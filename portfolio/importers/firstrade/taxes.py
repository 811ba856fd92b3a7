"""How much tax was withheld from a Firstrade payment: three generations of files say it in three ways, or not at all. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from portfolio.importers.broker_values import money
from portfolio.importers.firstrade.record import ZERO, Record
from portfolio.importers.firstrade.words import WITHHELD

# what the United States withhold: treaty residents, most others
RATES = (Decimal("0.10"), Decimal("0.15"), Decimal("0.30"))
_CENT = Decimal("0.01")
_TWO_CENTS = Decimal("0.02")
# below a dollar a cent of rounding hides which rate it was
_TOO_COARSE = Decimal(1)
# a reinvestment that spends this much less than was paid leaves a tax to be explained
_CLEARLY_LESS = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Withheld:
    """The gross amount of a payment and its tax; what was inferred stands in `warning`, what cannot be told in `question`."""

    gross: Decimal
    tax: Decimal = ZERO
    is_net: bool = False  # the tax is in no figure of the file: `gross` is what was left
    is_silent: bool = False  # no word of tax: other rows may tell of it
    warning: str = ""
    question: str = ""


def withheld_by_text(record: Record) -> Withheld:
    """Read a payment's own description. Generation 1 prints no figure, generation 2 does; generation 3 has a row apart."""
    found = WITHHELD.search(record.text)
    amount = record.amount
    if found is None:
        return Withheld(amount, is_silent=True)
    if found[1] is None:
        return Withheld(amount, is_net=True)
    figure = money(found[1]) or ZERO
    if figure >= amount:
        return Withheld(amount, question=f"the tax of {figure} is not less than the amount")
    if not figure or _is_rate(figure, amount) or amount < _TOO_COARSE:
        return Withheld(amount, figure)
    if _is_rate(figure, amount + figure):
        words = f"the printed tax {figure} shows that the amount is net; {amount + figure} was entered as gross"
        return Withheld(amount + figure, figure, warning=words)
    return Withheld(amount, question=f"the tax of {figure} is at none of the usual rates of {amount}")


def _is_rate(tax: Decimal, gross: Decimal) -> bool:
    return any(abs(tax - gross * rate) <= _CENT for rate in RATES)


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment of one symbol and pay date, as far as its tax is known."""

    key: int
    gross: Decimal
    tax: Decimal
    is_open: bool  # nothing in the file says whether tax was withheld
    is_rarely_taxed: bool  # long-term gains


def taxes_by_reinvestment(payments: Iterable[Payment], *, spent: Decimal) -> dict[int, Decimal] | None:
    """Return the tax of each open payment whose reinvestment spent clearly less than was paid; {} where it did not.

    One reinvestment may spend several payments, so sums are compared. None: the difference fits no usual rate.
    """
    payments = list(payments)
    net = sum((each.gross - each.tax for each in payments), ZERO)
    short = net - spent
    if not any(each.is_open for each in payments) or short <= max(net * _CLEARLY_LESS, _TWO_CENTS):
        return {}
    taxable: list[Callable[[Payment], bool]] = [lambda each: not each.is_rarely_taxed, lambda _each: True]
    for is_taxed in taxable:
        taxed = [each for each in payments if each.is_open and is_taxed(each)]
        base = sum((each.gross for each in taxed), ZERO)
        rate = next((rate for rate in RATES if base and abs(short - base * rate) <= _TWO_CENTS), None)
        if rate is not None:
            return _shared(taxed, short, base)
    return None


def _shared(taxed: list[Payment], total: Decimal, base: Decimal) -> dict[int, Decimal]:
    """Share a tax out by the amounts, to the cent; the last payment takes what rounding leaves."""
    found = {each.key: (total * each.gross / base).quantize(_CENT, ROUND_HALF_UP) for each in taxed[:-1]}
    return found | {taxed[-1].key: total - sum(found.values(), ZERO)}
