"""Which currency codes exist and how many decimals their money is written with. Knows no rates and no rows."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from portfolio.engine.kinds import MINOR_UNITS

# ISO 4217, active codes of money (no metals, no test codes)
_CODES = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
    ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT
    MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND
    VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
ISO_4217 = frozenset(_CODES.split())
# the New Taiwan dollar has cents on paper only: brokers and banks book whole dollars
_WITHOUT_DECIMALS = "TWD JPY KRW VND CLP ISK PYG UGX RWF BIF DJF GNF KMF VUV XAF XOF XPF"
WITHOUT_DECIMALS = frozenset(_WITHOUT_DECIMALS.split())


def is_currency(code: str) -> bool:
    """Say whether a code is money: ISO 4217, or a quote's minor unit such as GBp."""
    return code in ISO_4217 or code in MINOR_UNITS


def money_step(currency: str) -> Decimal:
    """Return the smallest amount that is booked in a currency: 1 or 0.01."""
    return Decimal(1) if currency in WITHOUT_DECIMALS else Decimal("0.01")


def rounded(*, amount: Decimal, currency: str) -> Decimal:
    """Return an amount as it is booked, halves away from zero."""
    return amount.quantize(money_step(currency), ROUND_HALF_UP)


def rounded_down(*, amount: Decimal, currency: str) -> Decimal:
    """Return an amount cut to what is booked, as Taiwan's brokers and tax office do."""
    return amount.quantize(money_step(currency), ROUND_DOWN)
