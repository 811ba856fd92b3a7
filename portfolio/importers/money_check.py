"""Whether a broker's amount is what quantity, price and charges make. Pure arithmetic; knows no file."""

from decimal import Decimal

from portfolio.engine.trade_arithmetic import TOLERANCE

CENT = Decimal("0.01")


def adds_up(*, amount: Decimal, expected: Decimal, cent: Decimal = CENT) -> bool:
    """Say whether two figures differ by no more than the larger of 0.5 % and a cent.

    cent: the smallest coin of the currency.
    """
    return abs(amount - expected) <= max(abs(expected) * TOLERANCE, cent)


def price_to_book(
    *, quantity: Decimal, price: Decimal | None, amount: Decimal, price_unit: Decimal = Decimal(1)
) -> Decimal | None:
    """Return the price if the ledger takes it beside this amount, else None: for cents a printed price is too coarse.

    The ledger refuses a row whose quantity × price is more than 0.5 % away; the amount is the money, so the price goes.
    """
    if not price or price <= 0:
        return None
    expected = quantity * price * price_unit
    return price if expected and abs(amount - expected) <= expected * TOLERANCE else None
