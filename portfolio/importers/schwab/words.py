"""The action words of Schwab's history and what each is. Words only: no amounts, no ledger rows. Pure."""

from enum import Enum, auto

from portfolio.engine.kinds import Kind


class Meaning(Enum):
    """How an action is booked."""

    TRADE = auto()
    REINVESTED = auto()
    PAYMENT = auto()  # income, with the tax rows of its day
    TAX = auto()
    BY_SIGN = auto()  # one type where cash arrives, another where it leaves
    MOVED_CASH = auto()  # between accounts of which only one is known
    MOVED_UNITS = auto()
    CORRECTION = auto()  # goes out with the row it takes back
    CASH_LEG = auto()  # money of a merger or redemption; its units are a row apart
    UNIT_LEG = auto()
    SPLIT = auto()
    REVERSE_SPLIT = auto()
    STOCK_DIVIDEND = auto()
    CORPORATE = auto()
    CANCEL = auto()
    OUT_OF_SCOPE = auto()


def _all(meaning: Meaning, *words: str) -> dict[str, Meaning]:
    return dict.fromkeys(words, meaning)


PRIOR_YEAR = "pr yr"
_DIVIDENDS = (
    "reinvest dividend", "qual div reinvest", "pr yr div reinvest", "long term cap gain reinvest",
    "short term cap gain reinvest", "cash dividend", "qualified dividend", "non-qualified div", "special dividend",
    "special qual div", "special non qual div", "pr yr cash div", "pr yr non-qual div", "pr yr special div",
    "long term cap gain", "short term cap gain",
)  # fmt: skip
MEANINGS: dict[str, Meaning] = {
    **_all(Meaning.TRADE, "buy", "sell"),
    **_all(Meaning.REINVESTED, "reinvest shares", "reinvestment adj"),
    **_all(Meaning.PAYMENT, *_DIVIDENDS),
    **_all(Meaning.PAYMENT, "return of capital", "credit interest", "bank interest", "bond interest"),
    **_all(Meaning.TAX, "nra tax adj", "nra withholding", "foreign tax paid", "tax withholding", "irs withhold adj"),
    **_all(Meaning.BY_SIGN, "foreign tax reclaim", "margin interest", "adr mgmt fee", "advisor fee", "service fee"),
    **_all(
        Meaning.BY_SIGN, "moneylink transfer", "moneylink deposit", "moneylink adj", "wire funds", "wire funds received",
        "wire received", "wire sent", "wire funds adj", "funds received", "funds paid", "bank transfer", "visa purchase",
    ),
    **_all(Meaning.MOVED_CASH, "journal", "internal transfer", "futures mm sweep"),
    **_all(Meaning.MOVED_UNITS, "journaled shares", "security transfer"),
    **_all(
        Meaning.CORRECTION, "div adjustment", "qualified div adj", "interest adj", "return of cap adj", "adjustment",
        "misc cash entry", "misc credits", "crz adjustment",
    ),
    **_all(Meaning.CASH_LEG, "cash merger", "full redemption"),
    **_all(Meaning.UNIT_LEG, "cash merger adj", "full redemption adj"),
    **_all(Meaning.SPLIT, "stock split"),
    **_all(Meaning.REVERSE_SPLIT, "reverse split"),
    **_all(Meaning.STOCK_DIVIDEND, "stock div dist"),
    **_all(
        Meaning.CORPORATE, "cash in lieu", "spin-off", "stock merger", "cash/stock merger", "name change", "conversion",
        "mandatory reorg exc", "exchange or exercise",
    ),
    **_all(Meaning.CANCEL, "cancel buy", "cancel sell"),
    **_all(
        Meaning.OUT_OF_SCOPE, "sell short", "buy to cover", "buy to open", "buy to close", "sell to open", "sell to close",
        "expired", "assigned", "exercised", "stock plan activity",
    ),
}  # fmt: skip

KINDS: dict[str, Kind] = {
    "buy": Kind.BUY,
    "sell": Kind.SELL,
    "cancel buy": Kind.BUY,
    "cancel sell": Kind.SELL,
    **dict.fromkeys(_DIVIDENDS, Kind.DIVIDEND),
    "return of capital": Kind.RETURN_OF_CAPITAL,
    "credit interest": Kind.INTEREST,
    "bank interest": Kind.INTEREST,
    "bond interest": Kind.COUPON,
    "cash merger": Kind.SELL,
    "full redemption": Kind.MATURITY,
}
_FEES = (Kind.FEE_REFUND, Kind.FEE)
# action: the type where cash arrives, and where it leaves; what is not named moves money over the household's border
BY_SIGN: dict[str, tuple[Kind | None, Kind | None]] = {
    "foreign tax reclaim": (Kind.TAX_REFUND, None),
    "margin interest": (None, Kind.INTEREST_CHARGE),
    "adr mgmt fee": _FEES,
    "advisor fee": _FEES,
    "service fee": _FEES,
}
BORDER: tuple[Kind, Kind] = (Kind.DEPOSIT, Kind.WITHDRAWAL)
PROPOSALS: dict[str, str] = {"cash in lieu": Kind.SELL, "spin-off": Kind.SPIN_OFF}
