"""What Firstrade's descriptions say, in the order in which they are asked. Words only: no amounts, no ledger rows. Pure."""

import re
from enum import StrEnum

from portfolio.importers.firstrade.record import CASH_CUSIP, Record


class Event(StrEnum):
    """What happened, told apart by record type, action and description."""

    OPTION = "option"
    TRADE = "trade"
    REINVESTMENT = "reinvestment"
    DIVIDEND = "dividend"
    LONG_TERM_GAIN = "long-term gain distribution"
    SHORT_TERM_GAIN = "short-term gain distribution"
    PAYMENT_IN_LIEU = "payment in lieu"
    TAX = "tax"
    TAX_REVERSAL = "tax reversal"
    TAX_ADJUSTMENT = "tax adjustment"
    LENDING_REBATE = "lending rebate"
    INTEREST = "interest"
    INTEREST_CHARGE = "interest charge"
    COUPON = "coupon"
    LENDING_TRANSFER = "lending transfer"
    MARGIN_TRANSFER = "margin transfer"
    TYPE_TRANSFER = "type transfer"
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    FEE = "fee"
    FEE_REFUND = "fee refund"
    RETURN_OF_CAPITAL = "return of capital"
    CORPORATE_ACTION = "corporate action"
    LIQUIDATION = "liquidation"
    BARE_DIVIDEND = "dividend without the usual words"
    UNKNOWN = "unknown"


# moves between sub-accounts of the one account, booked twice
TRANSFERS = frozenset({Event.LENDING_TRANSFER, Event.MARGIN_TRANSFER, Event.TYPE_TRANSFER})
# payments from which tax may have been withheld
TAXED = frozenset(
    {
        Event.DIVIDEND,
        Event.BARE_DIVIDEND,
        Event.LONG_TERM_GAIN,
        Event.SHORT_TERM_GAIN,
        Event.PAYMENT_IN_LIEU,
        Event.LENDING_REBATE,
        Event.RETURN_OF_CAPITAL,
    }
)
DIVIDENDS = TAXED - {Event.PAYMENT_IN_LIEU, Event.LENDING_REBATE, Event.RETURN_OF_CAPITAL}

_OPTION = re.compile(r"(CALL|PUT) .*(\d{2}/\d{2}/\d{2}|OPEN CONTRACT|CLOSING CONTRACT)")
_CORPORATE = re.compile(
    r"\b(STK SPLIT|STOCK SPLIT|REVERSE SPLIT|REV SPLIT|FORWARD SPLIT|NAME CHANGE|CUSIP CHANGE|SPIN-? ?OFF|MERGER|MGR|"
    r"RIGHTS|STK DIV|STOCK DIV(IDEND)?|REORG(ANIZATION)?|EXCHANGE OFFER|TENDER|CASH IN LIEU|CIL)\b"
)
CANCEL = re.compile(r"\b(?:CXL|CANCEL(?:L?ED)?|CORRECTED|REVERSAL|REVERSED)\b")
# alone it may be part of a company's name
REVERSED = re.compile(r"\bREV\b")
WITHHELD = re.compile(r"NON-RES TAX WITHHELD(?: \$ ?([0-9,]*\.?[0-9]+))?")
REINVESTED_AT = re.compile(r"\bREIN @ ?\$?([0-9,]*\.?[0-9]+)")
_ANY = frozenset({"DIVIDEND", "INTEREST", "OTHER", "BUY", "SELL", "DEPOSIT"})
_OTHER = frozenset({"OTHER", "DEPOSIT"})

# asked from the top; the actions under which the words count
_TEXTS: tuple[tuple[Event, frozenset[str], str], ...] = (
    (Event.REINVESTMENT, _ANY, r"\bREIN @"),
    # the rebate comes first of all that is called interest: it is what borrowers of lent shares pay
    (Event.LENDING_REBATE, _ANY, r"FULLY ?-?PAID LENDING REBATE"),
    (Event.PAYMENT_IN_LIEU, _ANY, r"\bSUBST PAY ON\b|IN LIEU OF DIVIDEND"),
    (Event.LONG_TERM_GAIN, _ANY, r"\bL/T CAP GNS\b"),
    (Event.SHORT_TERM_GAIN, _ANY, r"\bS/T CAP GNS\b"),
    (Event.LIQUIDATION, _ANY, r"\bLIQUIDATING\b"),
    (Event.RETURN_OF_CAPITAL, _ANY, r"\bRETURN OF CAPITAL\b"),
    (Event.DIVIDEND, _ANY, r"\bCASH DIV ON [0-9.,]+ ?SHS\b|\bCASH DIV\b.*\bREC\b"),
    (Event.TAX_REVERSAL, _ANY, r"\bREV NRA W/H AS/OF\b"),
    (Event.TAX_ADJUSTMENT, _ANY, r"\b(19|20)\d{2} NRA W/H ADJ\b"),
    (Event.TAX, _OTHER, r"\bNON-RES TAX WITHHELD\b"),
    (Event.INTEREST, _ANY, r"\bINTEREST ON CREDIT BALANCE\b"),
    # the pair differs in its words: what leaves one sub-account arrives in the other
    (Event.LENDING_TRANSFER, _OTHER, r"\bXFER (FFS|CASH) (TO|FROM) (CASH|FFS)\b"),
    (Event.MARGIN_TRANSFER, _OTHER, r"\bXFER (CASH|MARGIN) (TO|FROM) (CASH|MARGIN)\b"),
    (Event.TYPE_TRANSFER, _OTHER, r"\bTFR (TO|FROM) TYPE \d\b"),
    (Event.FEE_REFUND, _OTHER, r"\bFOREIGN TRANSACTION FEE REIMB|\bREBATE FOR WIRE\b"),
    (Event.FEE, _OTHER, r"\bTRANSACTION FEE\b|\bWIRE (TRANSFER )?FEE\b|\bFEE (FOR )?WIRE\b|\bADR\b.*\bFEES?\b"),
    (Event.DEPOSIT, _OTHER, r"\bWIRE FUNDS RECEIVED\b|\bACH DEPOSIT\b|\bACH RECEIPT\b|\bCHECK DEPOSIT\b"),
    (Event.WITHDRAWAL, _OTHER, r"\bACH DISBURSEMENT\b|\bWIRE FUNDS (SENT|OUT)\b|^MEMO\b"),
    (Event.CORPORATE_ACTION, _ANY, _CORPORATE.pattern),
)
_COMPILED = tuple((event, actions, re.compile(pattern)) for event, actions, pattern in _TEXTS)
_MARGIN_INTEREST = re.compile(r"\bMARGIN\b|\bDEBIT (BAL|INT)|INTEREST ON DEBIT|\bINTEREST CHARGED\b")


def event_of(record: Record) -> Event:
    """Return what a row tells of."""
    if record.action in {"BUY", "SELL"} and record.is_trade:
        return _trade(record)
    if record.action == "INTEREST" and (event := _interest(record)) is not None:
        return event
    for event, actions, pattern in _COMPILED:
        if record.action in actions and pattern.search(record.text):
            return event
    if record.action == "DEPOSIT":
        return Event.DEPOSIT
    return Event.BARE_DIVIDEND if record.action == "DIVIDEND" and record.instrument else Event.UNKNOWN


def _trade(record: Record) -> Event:
    if not record.symbol and _OPTION.match(record.text):
        return Event.OPTION
    # units without money are a corporate action, whatever the action column says
    if not record.amount and record.quantity:
        return Event.CORPORATE_ACTION
    return Event.TRADE


def _interest(record: Record) -> Event | None:
    """Tell the kinds of interest apart; None where the description has to say more."""
    if re.search(r"FULLY ?-?PAID LENDING REBATE", record.text):
        return Event.LENDING_REBATE
    if record.cusip == CASH_CUSIP or "INTEREST ON CREDIT BALANCE" in record.text:
        return Event.INTEREST
    # interest on a security is a coupon, and never interest on cash
    if record.instrument:
        return Event.COUPON
    if record.amount < 0 and _MARGIN_INTEREST.search(record.text):
        return Event.INTEREST_CHARGE
    return None
