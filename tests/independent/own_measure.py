"""The review's own measure (methods, section 5): what the holdings still held earned, in one published percentage each.
Knows the finished days and the movements of units between them; nothing of returns."""

from datetime import timedelta
from decimal import Decimal

from .bonds import coupons_per_face, pays_coupons
from .postings import EXCHANGE, parts

ZERO = Decimal(0)
ONE_DAY = timedelta(days=1)
# The part of the dated table that the methods spell out; an instrument's own rate goes before it.
WITHHOLDING = {"US": Decimal("0.30"), "GB": ZERO, "TW": ZERO}
PAYMENTS = ("DIVIDEND", "PAYMENT_IN_LIEU", "COUPON")


def default_rule(*, start, end):
    """Return `whole_year` for 1 January to 31 December of one year, `quarter_of_year` for every other period."""
    calendar_year = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year
    return "whole_year" if calendar_year else "quarter_of_year"


def units_still_held(*, history, opening, symbol, start, end):
    """Return [[units, price, rate]] of what is still held at the end, each with what it stood at when it came.

    Opening units stand at the opening's clean price, later ones at their own without fees; units sold leave
    first-in-first-out, the opening ones first, over all accounts.
    """
    pool = []
    held = opening.units(symbol=symbol)
    if held:
        price, _, _ = history.clean_price(symbol=symbol, day=opening.date)
        pool.append([held, price, history.rate(currency=history.instruments[symbol].currency, day=opening.date)])
    for movement in history.books.movements:
        if movement.symbol != symbol or not start <= movement.date <= end:
            continue
        if movement.kind == "in":
            pool.append([movement.units, movement.price, movement.rate])
        elif movement.kind == "out":
            leave(pool, movement.units)
        elif movement.kind == "split":
            for lot in pool:
                lot[0] *= movement.units
                lot[1] /= movement.units
        else:  # a spin-off took this much cost along, alike per unit
            for lot in pool:
                lot[1] -= movement.amount / movement.units / lot[2]
    return pool


def leave(pool, units):
    """Take units off the front of a pool."""
    while units > 0 and pool:
        part = min(units, pool[0][0])
        pool[0][0] -= part
        units -= part
        if pool[0][0] == 0:
            pool.pop(0)


def year_of_distributions(*, history, symbol, end):
    """Return the distributions per unit as of the end with end - 365 days < ex-date <= end, instrument's currency, gross.

    From the contract for bonds, from market data for what has any there, else from the ledger's payments.
    """
    instrument = history.instruments[symbol]
    if pays_coupons(bond=instrument):
        known = coupons_per_face(bond=instrument)
    else:
        known = history.market.distributions.get(symbol) or paid_per_unit(history, symbol, end)
    total = ZERO
    for ex_date, amount in known:
        if end - timedelta(days=365) < ex_date <= end:
            total += amount / ratio_between(history, symbol, ex_date, end)
    return total


def ratio_between(history, symbol, day, end):
    """Return the new units per unit of a day through the splits after it, by market data, else by the ledger's rows."""
    splits = history.market.splits.get(symbol) or list(history.books.splits[symbol].items())
    ratio = Decimal(1)
    for split_day, each in splits:
        if day < split_day <= end:
            ratio *= each
    return ratio


def paid_per_unit(history, symbol, end):
    """Return [(ex-date, amount per unit)] from the ledger's gross payments and the units held before each."""
    paid = []
    for row in history.rows:
        if row.symbol == symbol and row.type in PAYMENTS and row.date <= end:
            day = row.ex_date or row.date
            units = history.day(day - ONE_DAY).units(symbol=symbol)
            currency = history.instruments[symbol].currency
            rate = history.market.rate(source=row.currency, target=currency, day=row.date)
            if units:
                paid.append((day, row.amount * rate / units))
    return paid


def withholding_rate(instrument):
    """Return the share withheld from a distribution: the instrument's own, else by its issuer's country."""
    if instrument.withholding_rate is not None:
        return instrument.withholding_rate
    if instrument.type == "BOND":
        return ZERO
    return WITHHOLDING.get(instrument.issuer_country, ZERO)


def dividend_part(*, history, symbol, units, days, rule):
    """Return the dividends that the rule gives a holding, net of withholding, in reporting currency."""
    end = days[-1].date
    if rule == "as_paid":
        return sum(
            entry.gross - entry.tax - entry.fees - entry.netted
            for entry in history.books.income
            if entry.line == symbol and entry.kind in PAYMENTS and days[0].date <= entry.date <= end
        )
    instrument = history.instruments[symbol]
    year = year_of_distributions(history=history, symbol=symbol, end=end)
    net = year * units * (1 - withholding_rate(instrument)) * history.rate(currency=instrument.currency, day=end)
    return net if rule == "whole_year" else net / 4


def holding_line(*, history, opening, days, symbol, rule):
    """Return one line of the review's table, without its share."""
    start, end = days[0].date, days[-1].date
    instrument = history.instruments[symbol]
    to_price, _, _ = history.clean_price(symbol=symbol, day=end)
    to_rate = history.rate(currency=instrument.currency, day=end)
    sums = [ZERO, ZERO, ZERO]
    for units, price, rate in units_still_held(history=history, opening=opening, symbol=symbol, start=start, end=end):
        three = parts(units=units, price=price, rate=rate, to_price=to_price, to_rate=to_rate)
        sums = [total + part for total, part in zip(sums, three, strict=True)]
    units = days[-1].units(symbol=symbol)
    dividend = dividend_part(history=history, symbol=symbol, units=units, days=days, rule=rule)
    return {
        "symbol": symbol,
        "name": instrument.name,
        "gain": sum(sums) + dividend,
        "price": sums[0],
        "currency": sums[1],
        "cross": sums[2],
        "dividend": dividend,
    }


def sold_symbols(*, history, opening, days):
    """Return the symbols held at the opening or acquired since, of which none is left at the end."""
    start, end = days[0].date, days[-1].date
    acquired = {move.symbol for move in history.books.movements if move.kind == "in" and start <= move.date <= end}
    return sorted((opening.symbols() | acquired) - days[-1].symbols())


def left_out(*, history, opening, days, gains, bridge):
    """Return what the measure does not count: sold lines (their section-4 gain), cash, interest, rebates, charges."""
    start, end = days[0].date, days[-1].date

    def booked(kind):
        entries = [entry for entry in history.books.income if entry.kind == kind and start <= entry.date <= end]
        return sum((entry.gross for entry in entries), ZERO)

    sold = sold_symbols(history=history, opening=opening, days=days)
    return {
        "sold": [{"symbol": symbol, "gain": gains.get(symbol, ZERO)} for symbol in sold],
        "cash": sum((gain for line, gain in gains.items() if line.startswith("cash:") or line == EXCHANGE), ZERO),
        "lending_rebate": booked("LENDING_REBATE"),
        "interest": booked("INTEREST"),
        "fees": bridge["fees"],
        "taxes": bridge["taxes"],
    }


def review_contributions(*, history, opening, days, gains, bridge, rule=None):
    """Return the `review_contributions` object; gains: {line: section-4 gain} of the period."""
    rule = rule or default_rule(start=days[0].date, end=days[-1].date)
    lines = [
        holding_line(history=history, opening=opening, days=days, symbol=symbol, rule=rule)
        for symbol in sorted(days[-1].symbols())
    ]
    total = sum((abs(line["gain"]) for line in lines), ZERO)
    for line in lines:
        line["share"] = line["gain"] / total if total else None
    best = worst = None  # nobody is named while a gain is unknown
    if lines and not total.is_nan():
        lines.sort(key=lambda line: line["gain"])
        best = lines[-1] if lines[-1]["gain"] > 0 else None
        worst = lines[0] if lines[0]["gain"] < 0 else None
    return {
        "dividend_rule": rule,
        "sum_absolute": total,
        "sum_absolute_of_opening": total / opening.value if opening.value > 0 else None,
        "holdings": lines,
        "left_out": left_out(history=history, opening=opening, days=days, gains=gains, bridge=bridge),
        "mvp": best and best["symbol"],
        "war_criminal": worst and worst["symbol"],
    }
