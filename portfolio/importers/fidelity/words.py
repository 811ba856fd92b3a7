"""The verbs with which Fidelity's action phrases begin, and what each is. Words only: no amounts, no ledger rows. Pure."""

import re
from enum import Enum, auto

from portfolio.engine.kinds import Kind


class Meaning(Enum):
    """How an action is booked."""

    TRADE = auto()
    REINVESTMENT = auto()
    PAYMENT = auto()
    INTEREST = auto()  # a coupon where a security paid it
    REDEMPTION = auto()
    TAX = auto()  # of the payment of its day
    BY_SIGN = auto()
    MOVED = auto()  # between the household's own accounts, of which the file may hold only one
    SWEEP = auto()
    CORRECTION = auto()
    CORPORATE = auto()


_Pair = tuple[Kind | None, Kind | None]  # where cash arrives, where it leaves
_DEPOSIT: _Pair = (Kind.DEPOSIT, None)
_WITHDRAWAL: _Pair = (None, Kind.WITHDRAWAL)
_TAX: _Pair = (Kind.TAX_REFUND, Kind.TAX)
_FEE: _Pair = (Kind.FEE_REFUND, Kind.FEE)
_NONE: _Pair = (None, None)

# asked from the top, at the start of the phrase: longer words before those that they begin with
_VERBS: tuple[tuple[str, Meaning, _Pair], ...] = (
    (r"(BUY|SELL) CANCEL|CANCEL(L?ED)? (BUY|SELL)|DIVIDEND ADJUSTMENT|.*\bCORRECTION\b", Meaning.CORRECTION, _NONE),
    (r"YOU BOUGHT", Meaning.TRADE, (None, Kind.BUY)),
    (r"YOU SOLD", Meaning.TRADE, (Kind.SELL, None)),
    (r"REINVESTMENT", Meaning.REINVESTMENT, (None, Kind.BUY)),
    (r"DIVIDEND RECEIVED|LONG-TERM CAP GAIN|SHORT-TERM CAP GAIN", Meaning.PAYMENT, (Kind.DIVIDEND, None)),
    (r"RETURN OF CAPITAL", Meaning.PAYMENT, (Kind.RETURN_OF_CAPITAL, None)),
    (r"MARGIN INTEREST", Meaning.BY_SIGN, (None, Kind.INTEREST_CHARGE)),
    (r"MUNI EXEMPT INT|INTEREST EARNED|INTEREST", Meaning.INTEREST, (Kind.INTEREST, None)),
    (r"REDEMPTION PAYOUT", Meaning.REDEMPTION, (Kind.MATURITY, None)),
    (r"ADJ FOREIGN TAX|ADJ NON-RESIDENT TAX", Meaning.BY_SIGN, _TAX),
    (r"FOREIGN TAX PAID|NON-RESIDENT TAX", Meaning.TAX, _TAX),
    (r"FEE CHARGED|ADVISOR FEE|ADR FEE|ADR MGMT FEE", Meaning.BY_SIGN, _FEE),
    (
        r"DIRECT DEPOSIT|CHECK RECEIVED|ELECTRONIC FUNDS TRANSFER RECEIVED|WIRE TRANSFER FROM|CASH CONTRIBUTION|"
        r"PARTIC CONTR|ROLLOVER CASH",
        Meaning.BY_SIGN,
        _DEPOSIT,
    ),
    (
        r"DIRECT DEBIT|CHECK PAID|BILL PAYMENT|DEBIT CARD|CASH ADVANCE|ELECTRONIC FUNDS TRANSFER PAID",
        Meaning.BY_SIGN,
        _WITHDRAWAL,
    ),
    (r"TRANSFERRED (FROM|TO)", Meaning.MOVED, (Kind.DEPOSIT, Kind.WITHDRAWAL)),
    (r"PURCHASE INTO CORE ACCOUNT|REDEMPTION FROM CORE ACCOUNT", Meaning.SWEEP, _NONE),
    (
        r"MERGER|DISTRIBUTION|CONVERSION|ADJUST FEE|JOURNALED|IN LIEU|TRANSFER OF ASSETS|ROLLOVER SHARES|REVERSE SPLIT|"
        r"STOCK SPLIT|SPIN|NAME CHANG|EXCHANGED",
        Meaning.CORPORATE,
        _NONE,
    ),
)
_COMPILED = tuple((re.compile(rf"(?:{pattern})\b", re.IGNORECASE), meaning, kinds) for pattern, meaning, kinds in _VERBS)
_PROPOSALS = ((r"DISTRIBUTION|SPLIT", Kind.SPLIT), (r"SPIN", Kind.SPIN_OFF), (r"IN LIEU", Kind.SELL))
# what a securities loan may bring
LENDING_PROPOSAL = f"{Kind.LENDING_REBATE} or {Kind.PAYMENT_IN_LIEU}"


def meaning_of(phrase: str) -> tuple[Meaning | None, tuple[Kind | None, Kind | None]]:
    """Return what a phrase means and the types of its row, where cash arrives and where it leaves; (None, …) if unknown."""
    for pattern, meaning, kinds in _COMPILED:
        if pattern.match(phrase):
            return meaning, kinds
    return None, _NONE


def proposal(phrase: str) -> str:
    """Return the type that a corporate action probably is; "" where the phrase does not tell."""
    return next((str(kind) for pattern, kind in _PROPOSALS if re.search(pattern, phrase.upper())), "")
