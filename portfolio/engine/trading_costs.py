"""What a trade costs by the usual tables: a broker's commission and Taiwan's transaction tax. Knows no rows, only numbers.

These are defaults that a person may overwrite; nothing here changes what a broker's file says.
"""

from decimal import Decimal

from portfolio.engine.currencies import rounded, rounded_down
from portfolio.engine.kinds import InstrumentType, Track

NOTHING = Decimal(0)
SHARE_TAX = Decimal("0.003")
ETF_TAX = Decimal("0.001")


def commission(
    *,
    gross: Decimal,
    rate: Decimal | None,
    currency: str,
    discount: Decimal = Decimal(1),
    minimum: Decimal = NOTHING,
) -> Decimal:
    """Return the broker's commission on one trade, a size.

    Taiwan's brokers drop the fraction of a dollar; elsewhere cents are rounded. A trade of nothing costs nothing.

    gross:    quantity x price, in `currency`.
    rate:     of the gross, 0.001425 in Taiwan; None where the account names none.
    discount: what is left of the commission, 0.6 for 40 % off.
    minimum:  the least the broker takes, NT$20 where it has one.
    Case: 600,000 at 0.1425 % is 855.
    """
    if gross <= 0:
        return NOTHING
    charged = gross * (rate or NOTHING) * discount
    cut = rounded_down if currency == "TWD" else rounded
    return max(cut(amount=charged, currency=currency), minimum)


def selling_tax(*, gross: Decimal, issuer_country: str, instrument_type: str, track: str, currency: str) -> Decimal:
    """Return Taiwan's securities transaction tax on a sale, a size rounded down; 0 for issuers of other countries.

    Shares 0.3 %, exchange-traded funds 0.1 %. Bonds are exempt and so are bond funds, which are the funds on the
    fixed income track. Source: Securities Transaction Tax Act, articles 2 and 2-1.
    Cases: a share sold for 600,000 pays 1,800; an ETF sold for 200,000 pays 200.
    """
    if issuer_country != "TW":
        return NOTHING
    if instrument_type == InstrumentType.ETF:
        rate = NOTHING if track == Track.FIXED_INCOME else ETF_TAX
    elif instrument_type in {InstrumentType.STOCK, InstrumentType.PREFERRED}:
        rate = SHARE_TAX
    else:
        rate = NOTHING
    return rounded_down(amount=gross * rate, currency=currency)
