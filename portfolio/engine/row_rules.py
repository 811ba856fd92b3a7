"""Which fields each kind of row needs and which it may carry: the one table behind the form and the importers.

Field names are those of the ledger table (`instrument` is the file's `symbol`). Knows no values and no messages.
"""

from collections.abc import Collection
from dataclasses import dataclass

from portfolio.engine.kinds import Kind

# what can be said of any row
ALWAYS = frozenset({"date", "time", "kind", "note", "external_id"})

Alternative = tuple[str, ...]  # all of these together


@dataclass(frozen=True, slots=True)
class RowRule:
    """The fields of one kind. A need is met by any one of its alternatives."""

    needs: tuple[tuple[Alternative, ...], ...]
    may: frozenset[str]

    @property
    def fields(self) -> frozenset[str]:
        """Every field that means something in a row of this kind."""
        return ALWAYS | self.may | {name for need in self.needs for alternative in need for name in alternative}


def _rule(*needs: str, may: str = "") -> RowRule:
    """Read a rule from words: `price|amount` is either, `instrument+quantity|amount` both or the other."""
    parsed = tuple(tuple(tuple(both.split("+")) for both in need.split("|")) for need in needs)
    return RowRule(parsed, frozenset(may.split()))


_CHARGES = "currency fee tax"
_TRADE = _rule("account", "instrument", "quantity", "price|amount", may=f"{_CHARGES} accrued_interest fx_rate")
_DELIVERY = _rule("account", "instrument", "quantity", "price|amount", may=f"{_CHARGES} fx_rate")
# units and price per unit say what was paid on; they move nothing
_PAYMENT = _rule("account", "instrument", "amount", "currency", may="fee tax ex_date fx_rate quantity price")
_CASH_INCOME = _rule("account", "amount", "currency", may="instrument fee tax ex_date fx_rate quantity price")
_CASH = _rule("account", "amount", "currency", may="fee tax fx_rate")
_CHARGE = _rule("account", "amount", "currency", may="instrument fx_rate")

RULES: dict[Kind, RowRule] = {
    Kind.BUY: _TRADE,
    Kind.SELL: _TRADE,
    Kind.MATURITY: _rule("account", "instrument", "quantity", may=f"price amount {_CHARGES} accrued_interest fx_rate"),
    Kind.DIVIDEND: _CASH_INCOME,
    Kind.COUPON: _CASH_INCOME,
    Kind.INTEREST: _CASH_INCOME,
    Kind.LENDING_REBATE: _CASH_INCOME,
    Kind.PAYMENT_IN_LIEU: _CASH_INCOME,
    Kind.RETURN_OF_CAPITAL: _PAYMENT,
    Kind.STOCK_DIVIDEND: _rule("account", "instrument", "quantity", may=f"{_CHARGES} ex_date"),
    Kind.SPLIT: _rule("instrument", "quantity", may="account"),
    Kind.SPIN_OFF: _rule("instrument", "quantity", "note", may="account amount currency"),
    Kind.DEPOSIT: _CASH,
    Kind.WITHDRAWAL: _CASH,
    Kind.SALARY: _CASH,
    Kind.DELIVERY_IN: _DELIVERY,
    Kind.DELIVERY_OUT: _DELIVERY,
    Kind.TRANSFER: _rule(
        "account", "to_account", "instrument+quantity|amount", may=f"{_CHARGES} to_currency to_amount fx_rate price"
    ),
    Kind.FX: _rule("account", "amount", "currency", "to_amount", "to_currency", may="to_account fee tax fx_rate"),
    Kind.FEE: _CHARGE,
    Kind.TAX: _rule("account", "amount", "currency", may="instrument fx_rate tax_year"),
    Kind.INTEREST_CHARGE: _CHARGE,
    Kind.FEE_REFUND: _CHARGE,
    Kind.TAX_REFUND: _rule("account", "amount", "currency", may="instrument fx_rate tax_year"),
    Kind.BALANCE: _rule("account", "instrument+quantity|currency+amount"),
}


def missing_fields(*, kind: Kind, filled: Collection[str]) -> list[str]:
    """Return the fields a row of this kind still needs, those of the alternative that is nearest to being met."""
    missing: list[str] = []
    for need in RULES[kind].needs:
        gaps = [[name for name in alternative if name not in filled] for alternative in need]
        nearest = min(len(gap) for gap in gaps)
        missing.extend(next(gap for gap in gaps if len(gap) == nearest))
    return missing


def spin_off_symbol(*, note: str) -> str:
    """Return the symbol that a spin-off's note names (`to:SYMBOL and any words`); "" when it names none."""
    words = note.removeprefix("to:").split()
    return words[0] if note.startswith("to:") and words else ""
