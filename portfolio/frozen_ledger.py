"""Tables become the engine's frozen ledger, in a constant number of plain queries. Computes nothing, caches nothing.

The only place where Decimal becomes float. Rows are read by cursor and closes as the arrays stored beside the price rows:
through the object mapper the same reading costs more than everything that is computed from it.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from django.db import connection

from portfolio.engine.kinds import CODE, cash_currency
from portfolio.engine.ledger import (
    Distributions,
    Instrument,
    Ints,
    Ledger,
    PremiumRule,
    QuarantinedClose,
    Rows,
    SalaryStep,
    Series,
    Splits,
    WithholdingRule,
    entry_order,
)
from portfolio.engine.periods import to_day
from portfolio.engine.row_rules import spin_off_symbol
from portfolio.engine.withholding import rate_of

_NUMBERS = ("quantity", "price", "amount", "fee", "tax", "accrued_interest", "to_amount", "fx_rate")
_FIRST = 11  # place of the first of them in _ROWS
_ROWS = """
    SELECT {day}, kind, account_id, instrument_id, currency, to_account_id, to_currency, {ex_day}, CAST(time AS TEXT),
           CASE WHEN kind = 'SPIN_OFF' THEN note ELSE '' END,
           CASE WHEN note <> '' AND (LOWER(note) LIKE '%special%' OR note LIKE '%特別%') THEN 1 ELSE 0 END, {numbers}
    FROM portfolio_transaction ORDER BY date, id
"""
_INSTRUMENTS = """
    SELECT id, symbol, name, type, currency, track, price_unit, issuer_country, withholding_rate, coupon_rate,
           coupon_frequency, {issue}, {first}, {maturity}, day_count, quote_symbol
    FROM portfolio_instrument
    WHERE id IN (SELECT instrument_id FROM portfolio_transaction) OR symbol IN ({children}) ORDER BY id
"""
_PRICES = "SELECT instrument_id, days, closes FROM portfolio_priceseries"
_RATES = "SELECT base, quote, days, closes FROM portfolio_rateseries"
_DISTRIBUTIONS = "SELECT instrument_id, {day}, {amount}, {pay} FROM portfolio_distribution ORDER BY instrument_id, ex_date"
_SPLITS = "SELECT instrument_id, {day}, {ratio} FROM portfolio_split ORDER BY instrument_id, ex_date"
_SALARIES = "SELECT {day}, {amount}, currency, {planned} FROM portfolio_salary ORDER BY valid_from"
_TARGETS = "SELECT track, weight FROM portfolio_tracktarget"
_RULES = "SELECT country, instrument_type, {rate}, {start}, {end} FROM portfolio_withholdingrule ORDER BY valid_from"
_DOUBTS = """
    SELECT instrument_id, {day}, {close}, reason FROM portfolio_quarantinedprice
    WHERE state = 'pending' AND instrument_id IS NOT NULL ORDER BY instrument_id, date
"""
_MODELLED = "SELECT instrument_id FROM portfolio_marketfeed WHERE source = 'treasury'"

_PREMIUMS = """
    SELECT country, currency, {rate}, {threshold}, {cap}, {par}, {start}, {end} FROM portfolio_premiumrule ORDER BY valid_from
"""


def load_ledger() -> Ledger:
    """Return everything in the tables as one frozen ledger; `with_withholding` fills in the rates of a day."""
    with connection.cursor() as cursor:
        accounts = _fetch(cursor, "SELECT id, name, currency FROM portfolio_account ORDER BY id")
        account_at = {row[0]: place for place, row in enumerate(accounts)}
        raw = _fetch(cursor, _ROWS.format(day=_day("date"), ex_day=_day("ex_date"), numbers=", ".join(map(_float, _NUMBERS))))
        instruments = _instruments(cursor, raw)
        instrument_at = {key: place for place, key in enumerate(instruments)}
        known = tuple(instruments.values())
        rows, currencies = _rows(raw, account_at, instrument_at, known, [row[2] for row in accounts])
        return Ledger(
            accounts=tuple(row[1] for row in accounts),
            account_currencies=tuple(row[2] for row in accounts),
            instruments=known,
            currencies=currencies,
            rows=rows,
            closes=_closes(cursor, instrument_at),
            rates={(base, quote): _series(days, closes) for base, quote, days, closes in _fetch(cursor, _RATES)},
            distributions=_distributions(cursor, instrument_at),
            splits=_splits(cursor, instrument_at),
            salaries=_salaries(cursor),
            track_targets={track: float(weight) for track, weight in _fetch(cursor, _TARGETS)},
            withholding_rules=_withholding_rules(cursor),
            premium_rules=_premium_rules(cursor),
            quarantined=_quarantined(cursor, instrument_at),
            modelled=frozenset(instrument_at[key] for (key,) in _fetch(cursor, _MODELLED) if key in instrument_at),
        )


def with_withholding(*, ledger: Ledger, as_of: dt.date) -> Ledger:
    """Return the ledger with each instrument's withholding rate as it stands on a day; its own rate wins."""
    day = to_day(as_of)
    return replace(
        ledger,
        instruments=tuple(
            instrument
            if instrument.has_own_rate
            else replace(instrument, withholding_rate=rate_of(instrument=instrument, rules=ledger.withholding_rules, day=day))
            for instrument in ledger.instruments
        ),
    )


def _day(column: str) -> str:
    """SQL for the days since 1970-01-01 of a date column."""
    if connection.vendor == "sqlite":
        return f"CAST(julianday({column}) - 2440587.5 AS INTEGER)"
    return f"({column} - DATE '1970-01-01')"


def _float(column: str) -> str:
    """SQL for a decimal column as a float; SQLite hands out floats by itself."""
    return column if connection.vendor == "sqlite" else f"CAST({column} AS double precision)"


def _fetch(cursor: Any, sql: str) -> list[tuple[Any, ...]]:
    cursor.execute(sql)
    return list(cursor.fetchall())


def _series(days: Any, closes: Any) -> Series:
    return Series(np.frombuffer(bytes(days), "<i4").astype(np.int64), np.frombuffer(bytes(closes), "<f8"))


def _closes(cursor: Any, instrument_at: dict[int, int]) -> dict[int, Series]:
    return {instrument_at[key]: _series(days, closes) for key, days, closes in _fetch(cursor, _PRICES) if key in instrument_at}


def _instruments(cursor: Any, raw: list[tuple[Any, ...]]) -> dict[int, Instrument]:
    children = sorted({spin_off_symbol(note=row[9]) for row in raw if row[9]} - {""})
    holes = ", ".join(["%s"] * len(children)) or "''"
    sql = _INSTRUMENTS.format(
        issue=_day("issue_date"), first=_day("first_coupon_date"), maturity=_day("maturity_date"), children=holes
    )
    cursor.execute(sql, children or None)
    return {row[0]: _instrument(row) for row in cursor.fetchall()}


def _instrument(row: tuple[Any, ...]) -> Instrument:
    _, symbol, name, kind, currency, track, unit, country, withheld, coupon, frequency, issue, first, maturity, count, quote = (
        row
    )
    return Instrument(
        symbol=symbol,
        name=name,
        type=kind,
        currency=currency,
        track=track,
        price_unit=float(unit),
        issuer_country=country,
        withholding_rate=float(withheld or 0),
        has_own_rate=withheld is not None,
        coupon_rate=None if coupon is None else float(coupon),
        coupon_frequency=frequency or 2,
        issue_day=issue,
        first_coupon_day=first,
        maturity_day=maturity,
        day_count=count or "ACT/ACT ICMA",
        quote_symbol=quote,
    )


def _rows(
    raw: list[tuple[Any, ...]],
    account_at: dict[int, int],
    instrument_at: dict[int, int],
    instruments: tuple[Instrument, ...],
    account_currencies: list[str],
) -> tuple[Rows, tuple[str, ...]]:
    columns = list(zip(*raw, strict=True)) or [()] * (_FIRST + len(_NUMBERS))
    day = np.array(columns[0], np.int64)
    order = entry_order(day=day, second=_each(columns[8], _second))
    account = _places(columns[2], account_at)
    instrument = _places(columns[3], instrument_at)
    codes = {kind.value: code for kind, code in CODE.items()}
    index: dict[str, int] = {}
    # the order of currencies decides nothing, so the instruments' come first and always exist
    for held in instruments:
        index.setdefault(held.currency, len(index))

    def place_of(code: str) -> int:
        return index.setdefault(code, len(index)) if code else -1

    currency = _each(columns[4], place_of)
    for row in np.flatnonzero(currency < 0).tolist():
        code = _default_currency(int(instrument[row]), int(account[row]), instruments, account_currencies)
        currency[row] = place_of(code)
    symbol_at = {held.symbol: place for place, held in enumerate(instruments)}
    fields = (
        day,
        _each(columns[1], codes.__getitem__),
        account,
        instrument,
        *(np.array(columns[_FIRST + place], np.float64) for place in range(3)),
        currency,
        *(np.array(columns[_FIRST + 3 + place], np.float64) for place in range(3)),
        _places(columns[5], account_at),
        _each(columns[6], place_of),
        *(np.array(columns[_FIRST + 6 + place], np.float64) for place in range(2)),
        _places(columns[7], None),
        _each(columns[9], lambda note: symbol_at.get(spin_off_symbol(note=note), -1)),
        np.array(columns[10], np.int64),
    )
    return Rows(*(column[order] for column in fields)), tuple(index)


def _default_currency(held: int, owner: int, instruments: tuple[Instrument, ...], account_currencies: list[str]) -> str:
    if held >= 0:
        return cash_currency(instruments[held].currency)[0]
    return account_currencies[owner] if owner >= 0 else ""


def _each(words: tuple[Any, ...], number_of: Callable[[Any], int]) -> Ints:
    """Return the number of each word, asked once per word: a column says few different things many times."""
    known = {word: number_of(word) for word in dict.fromkeys(words)}
    return np.fromiter(map(known.__getitem__, words), np.int64, len(words))


def _places(keys: tuple[Any, ...], place_of: dict[int, int] | None) -> Ints:
    """Return the place of each key (or the key itself), -1 for None."""
    return _each(keys, lambda key: -1 if key is None else key if place_of is None else place_of[key])


def _second(time: str | None) -> int:
    if time is None:
        return -1
    hours, minutes, seconds = time[:8].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def _grouped(rows: list[tuple[Any, ...]], instrument_at: dict[int, int]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for key, *rest in rows:
        if key in instrument_at:
            found.setdefault(instrument_at[key], []).append(tuple(rest))
    return found


def _distributions(cursor: Any, instrument_at: dict[int, int]) -> dict[int, Distributions]:
    sql = _DISTRIBUTIONS.format(day=_day("ex_date"), amount=_float("amount"), pay=_day("pay_date"))
    return {
        place: Distributions(
            np.array([row[0] for row in mine], np.int64),
            np.array([row[1] for row in mine], np.float64),
            np.array([-1 if row[2] is None else row[2] for row in mine], np.int64),
        )
        for place, mine in _grouped(_fetch(cursor, sql), instrument_at).items()
    }


def _splits(cursor: Any, instrument_at: dict[int, int]) -> dict[int, Splits]:
    sql = _SPLITS.format(day=_day("ex_date"), ratio=_float("ratio"))
    return {
        place: Splits(np.array([row[0] for row in mine], np.int64), np.array([row[1] for row in mine], np.float64))
        for place, mine in _grouped(_fetch(cursor, sql), instrument_at).items()
    }


def _quarantined(cursor: Any, instrument_at: dict[int, int]) -> tuple[QuarantinedClose, ...]:
    found = _fetch(cursor, _DOUBTS.format(day=_day("date"), close=_float("close")))
    return tuple(
        QuarantinedClose(instrument_at[key], day, float("nan") if close is None else float(close), reason)
        for key, day, close, reason in found
        if key in instrument_at
    )


def _salaries(cursor: Any) -> tuple[SalaryStep, ...]:
    sql = _SALARIES.format(day=_day("valid_from"), amount=_float("amount"), planned=_float("planned_raise"))
    return tuple(SalaryStep(day, float(amount), code, float(planned)) for day, amount, code, planned in _fetch(cursor, sql))


def _withholding_rules(cursor: Any) -> tuple[WithholdingRule, ...]:
    sql = _RULES.format(rate=_float("rate"), start=_day("valid_from"), end=_day("valid_to"))
    return tuple(WithholdingRule(country, kind, float(rate), *days) for country, kind, rate, *days in _fetch(cursor, sql))


def _premium_rules(cursor: Any) -> tuple[PremiumRule, ...]:
    amounts = {name: _float(name) for name in ("rate", "threshold", "cap", "par")}
    sql = _PREMIUMS.format(start=_day("valid_from"), end=_day("valid_to"), **amounts)
    return tuple(PremiumRule(*row[:2], *map(float, row[2:6]), *row[6:]) for row in _fetch(cursor, sql))
