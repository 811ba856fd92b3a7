"""Trades that a Flex query takes back: the cancelling row and the trade it names leave together. Pure."""

from dataclasses import dataclass

from portfolio.engine.kinds import Kind
from portfolio.importers.ibkr.records import Record, Symbols
from portfolio.importers.review_reasons import cancel_without_trade
from portfolio.importers.rows import ZERO, LedgerRow, Problem
from portfolio.importers.source_rows import SourceRows
from portfolio.written_values import UnreadableError

_TAKES_BACK = frozenset({"TRADECANCEL", "FRACSHARECANCEL"})


@dataclass(frozen=True, slots=True)
class _Pair:
    cancel: Record
    original: Record


def without_cancelled(records: list[Record], symbols: Symbols, rows: SourceRows) -> list[Record]:
    """Return the trades that stand; what a trade was charged stays charged when the trade is taken back."""
    gone: set[int] = set()
    for record in records:
        try:
            if not _is_cancel(record):
                continue
            gone.add(record.line)
            original = _original(record, [each for each in records if each.line not in gone])
            if original is None:
                word = f"{record.text('buysell')} {record.text('symbol')} of {record.date}, {_named(record)}"
                rows.review(cancel_without_trade(line=record.line, column="transactionType", word=word))
                continue
            gone.add(original.line)
            _take_out(_Pair(record, original), symbols, rows)
        except UnreadableError as error:
            gone.add(record.line)
            rows.reject(Problem(record.line, "", str(error)))
    standing = [record for record in records if record.line not in gone]
    for record in standing:
        if _is_correction(record) and not _replaces_one_of(record, [each for each in records if each.line in gone]):
            word = f"{record.text('transactiontype')} {record.text('symbol')}"
            rows.review(cancel_without_trade(line=record.line, column="transactionType", word=word))
    return standing


def _is_cancel(record: Record) -> bool:
    marks = {code.strip() for code in record.text("notes").replace(",", ";").split(";")}
    word = record.text("transactiontype").upper()
    return word in _TAKES_BACK or "(CA.)" in record.text("buysell").upper() or "Ca" in marks


def _is_correction(record: Record) -> bool:
    return record.text("transactiontype").upper() == "TRADECORRECT"


def _original(cancel: Record, others: list[Record]) -> Record | None:
    """Return the one trade that a cancel names and undoes; None where none or several could be meant."""
    number = cancel.text("origtransactionid").strip("0") and cancel.text("origtransactionid")
    trade = cancel.text("origtradeid").strip("0") and cancel.text("origtradeid")
    quantity = cancel.number("quantity")
    found = []
    for other in others:
        if other.account != cancel.account or _is_cancel(other):
            continue
        by_number = bool(number) and other.text("transactionid") == number
        by_trade = bool(trade) and other.text("tradeid") == trade
        if not (by_number if number else by_trade):
            continue
        # a corrected trade keeps its number: only what has the opposite size is undone
        if quantity and (size := other.number("quantity")) and abs(size) == abs(quantity):
            found.append(other)
    if len(found) > 1:
        # of the trade and its replacement the one that was there before is meant
        found = [each for each in found if each.order <= cancel.order and not _is_correction(each)] or found
    return found[0] if len(found) == 1 else None


def _take_out(pair: _Pair, symbols: Symbols, rows: SourceRows) -> None:
    cancel, original = pair.cancel, pair.original
    rows.skip(cancel.line, original.line)
    rows.cancel(cancel.account, original.external_id)
    rows.warn(cancel.line, "", f"takes back row {original.line} of {original.date}; neither is booked", "cancelled")
    charge = original.number("ibcommission") or ZERO
    if charge >= 0 or cancel.number("ibcommission"):
        return
    rows.warn(original.line, "", "was taken back, and its commission stays charged: booked as a fee", "cancelled")
    row = LedgerRow(
        lines=(original.line,),
        date=original.date,
        time=original.time,
        kind=Kind.FEE,
        account=original.account,
        symbol="" if original.text("assetcategory").upper() == "CASH" else symbols.of(original),
        amount=-charge,
        currency=original.text("ibcommissioncurrency") or original.text("currency"),
        note="commission of a trade that was taken back",
        external_id=f"{original.external_id}f",
    )
    rows.book(row)


def _replaces_one_of(record: Record, gone: list[Record]) -> bool:
    """Say whether a correction stands in for a trade that was taken out."""
    names = {record.text("tradeid"), record.text("origtradeid"), record.text("origtransactionid")} - {"", "0"}
    return any(names & {each.text("tradeid"), each.text("transactionid")} for each in gone)


def _named(record: Record) -> str:
    number = record.text("origtransactionid").strip("0") or record.text("origtradeid").strip("0")
    return f"trade {number}" if number else "a trade it does not name"
