"""Reads the ledger and instruments files into plain rows, in the order in which they count.
Knows nothing of prices, lots or returns."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

NUMBERS = ("quantity", "price", "amount", "fee", "tax", "accrued_interest", "to_amount", "fx_rate")
TEXTS = ("time", "type", "account", "symbol", "currency", "to_account", "to_currency", "tax_year", "note")


@dataclass
class Row:
    """One ledger row. Every number is positive or None (blank); the type carries the sign."""

    date: date
    time: str
    type: str
    account: str
    symbol: str
    quantity: Decimal | None  # units; of a bond its face value; of a split new units per old unit
    price: Decimal | None  # instrument's currency, as quoted
    amount: Decimal | None  # `currency`
    currency: str  # of the cash moved; filled in by `read_ledger` when blank
    fee: Decimal  # `currency`
    tax: Decimal  # `currency`
    accrued_interest: Decimal  # `currency`
    to_account: str
    to_currency: str
    to_amount: Decimal | None  # `to_currency`
    fx_rate: Decimal | None  # cash currency per 1 unit of the instrument's currency
    ex_date: date | None
    tax_year: str
    note: str


@dataclass
class Instrument:
    """One thing that can be held."""

    symbol: str
    name: str
    type: str
    currency: str
    issuer_country: str
    track: str
    price_unit: Decimal  # value of one unit = quoted price x price_unit
    withholding_rate: Decimal | None  # None: the table by country rules
    coupon_rate: Decimal  # per year, a fraction
    coupon_frequency: int  # coupons per year
    issue_date: date | None
    maturity_date: date | None
    day_count: str


def number(text):
    """Return the text as a Decimal, None when blank."""
    text = (text or "").strip()
    if not text:
        return None
    value = Decimal(text)
    if not value.is_finite():  # the arithmetic below uses NaN for "unknown"; a file may not
        raise ValueError(f"{text!r} is not a number")
    return value


def day_of(text):
    """Return the text as a date, None when blank."""
    text = (text or "").strip()
    return date.fromisoformat(text) if text else None


def records(path):
    """Return the lines of a CSV file as dictionaries; a byte order mark is ignored."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_instruments(*, path):
    """Return {symbol: Instrument} of an instruments file; an empty dictionary without one."""
    instruments = {}
    for line in records(path) if path else []:
        kind = (line.get("type") or "STOCK").strip()
        unit = number(line.get("price_unit"))
        if unit is None:
            unit = Decimal("0.01") if kind == "BOND" else Decimal(1)
        instruments[line["symbol"]] = Instrument(
            symbol=line["symbol"],
            name=(line.get("name") or line["symbol"]).strip(),
            type=kind,
            currency=line["currency"].strip(),
            issuer_country=(line.get("issuer_country") or "").strip(),
            track=(line.get("track") or "NEUTRAL").strip(),
            price_unit=unit,
            withholding_rate=number(line.get("withholding_rate")),
            coupon_rate=number(line.get("coupon_rate")) or Decimal(0),
            coupon_frequency=int(number(line.get("coupon_frequency")) or 2),
            issue_date=day_of(line.get("issue_date")),
            maturity_date=day_of(line.get("maturity_date")),
            day_count=(line.get("day_count") or "ACT/ACT ICMA").strip(),
        )
    return instruments


def plain_stock(*, symbol, currency):
    """Return the instrument that an unknown symbol of the ledger makes."""
    return Instrument(symbol, symbol, "STOCK", currency, "", "NEUTRAL", Decimal(1), None, Decimal(0), 2, None, None, "")


def row_of(line):
    """Return one line of a ledger file as a Row; missing columns read as blank."""
    values = {name: (line.get(name) or "").strip() for name in TEXTS}
    values.update({name: number(line.get(name)) for name in NUMBERS})
    for name in ("fee", "tax", "accrued_interest"):
        values[name] = values[name] or Decimal(0)
    return Row(date=day_of(line["date"]), ex_date=day_of(line.get("ex_date")), **values)


def read_ledger(*, paths, instruments, base):
    """Return the rows of the ledger files in the order in which they count, and warnings.

    Unknown symbols are added to `instruments`. A blank currency is the instrument's, else the one that
    the account's own rows name first, else `base`.
    """
    rows = [row_of(line) for path in paths for line in records(path)]
    of_account = {}
    for row in rows:
        if row.currency and row.account:
            of_account.setdefault(row.account, row.currency)
    warnings = []
    for row in rows:
        symbols = [row.symbol, spun_off_symbol(row=row)]
        for symbol in symbols:
            if symbol and symbol not in instruments:
                currency = row.currency or of_account.get(row.account, base)
                instruments[symbol] = plain_stock(symbol=symbol, currency=currency)
                warnings.append(("unknown_symbol", symbol, row.date, "made a plain stock"))
        if not row.currency and row.symbol:
            row.currency = instruments[row.symbol].currency
        row.currency = row.currency or of_account.get(row.account, base)
    return in_order(rows=rows), warnings


def spun_off_symbol(*, row):
    """Return the symbol that a spin-off's note names (`to:SYMBOL …`), an empty text for other rows."""
    if row.type != "SPIN_OFF" or not row.note.startswith("to:"):
        return ""
    return row.note[3:].split()[0].rstrip(",;")


def in_order(*, rows):
    """Return rows by date; within a day a split first, then entry order with timed rows sorted in their own slots."""
    by_day = {}
    for row in rows:
        by_day.setdefault(row.date, []).append(row)
    ordered = []
    for day in sorted(by_day):
        slots = by_day[day]
        timed = sorted((row for row in slots if row.time), key=lambda row: row.time)
        waiting = iter(timed)
        slots = [next(waiting) if row.time else row for row in slots]
        # a split acts at the open of its day, before the day's trades
        ordered += [row for row in slots if row.type == "SPLIT"]
        ordered += [row for row in slots if row.type != "SPLIT"]
    return ordered
