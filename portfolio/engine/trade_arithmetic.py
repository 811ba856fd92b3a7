"""Quantity, price and amount of one row: any two give the third. Decimal in, Decimal out; knows no accounts and no tables."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from portfolio.engine.currencies import rounded

# brokers round prices; beyond this the two figures contradict each other
TOLERANCE = Decimal("0.005")
_DIGITS = 10  # significant digits of a computed price or quantity, and the decimals the tables keep


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade's figures; `computed` names the one that was worked out from the two others, "" when none was."""

    quantity: Decimal | None  # units, a size; face value of a bond
    price: Decimal | None  # instrument's currency, as quoted
    amount: Decimal | None  # gross, currency of the cash
    computed: str = ""


def completed(
    *,
    quantity: Decimal | None,
    price: Decimal | None,
    amount: Decimal | None,
    price_unit: Decimal,
    exchange: Decimal | None,
    currency: str,
) -> Trade:
    """Return the trade with the third figure filled in where two are known; as it came otherwise.

    price_unit: value of one unit = price x price_unit (0.01 for bonds).
    exchange:   cash currency per 1 unit of the instrument's currency, 1 where they are the same; None when unknown,
                and then amount and price do not determine each other.
    currency:   of the cash; the amount is rounded to what is booked in it.
    """
    known = Trade(quantity, price, amount)
    if not exchange:
        return known
    per_price = price_unit * exchange
    if amount is None and quantity is not None and price is not None:
        return Trade(quantity, price, rounded(amount=quantity * price * per_price, currency=currency), "amount")
    if price is None and quantity and amount is not None:
        return Trade(quantity, _short(amount / (quantity * per_price)), amount, "price")
    if quantity is None and price and amount is not None:
        return Trade(_short(amount / (price * per_price)), price, amount, "quantity")
    return known


def relative_difference(
    *, quantity: Decimal, price: Decimal, amount: Decimal, price_unit: Decimal, exchange: Decimal
) -> Decimal:
    """Return how far the amount is from quantity x price, as a fraction of the latter; a size."""
    expected = quantity * price * price_unit * exchange
    return abs(amount - expected) / expected if expected else Decimal(0)


def _short(value: Decimal) -> Decimal:
    """Cut to ten significant digits and ten decimals: more would claim a precision that no broker prints."""
    if not value:
        return value
    step = Decimal(1).scaleb(max(value.adjusted() - _DIGITS + 1, -_DIGITS))
    return value.quantize(step, ROUND_HALF_UP)
