"""Puts the second computation of a review together: the keys of the published review object.
Knows every part of this folder and nothing of the engine that it checks."""

from datetime import date, timedelta
from decimal import Context, Decimal, DivisionByZero, Overflow, localcontext
from pathlib import Path

from .bonds import accrued_per_face
from .days import PARTS, History
from .income import income, salary_due, salary_test
from .own_measure import review_contributions
from .returns import contributions, records, returns

ZERO = Decimal(0)
# NaN stands for "unknown" and must flow through sums and comparisons without an exception
ARITHMETIC = Context(prec=40, traps=[DivisionByZero, Overflow])
ONE_DAY = timedelta(days=1)
HISTORIES = {}


def compute_review(*, ledger, market, start, end, base, instruments=None, salary=(), dividend_rule=None):
    """Return the review of a closed interval of dates as plain numbers, dates as ISO text, unknown as None.

    ledger: a ledger file or a list of them; instruments: a file or None; market: a market-data folder.
    salary: [(from date, monthly amount, currency)]. dividend_rule: None takes the period's default.
    A contribution line that nothing was booked to, a zero balance and an empty position are left out: missing means zero.
    """
    with localcontext(ARITHMETIC):
        history = history_of(ledger=ledger, instruments=instruments, market=market, base=base)
        history.day(end)
        salary = [(since, Decimal(str(amount)), currency) for since, amount, currency in salary]
        return plain(review(history=history, start=start, end=end, salary=salary, dividend_rule=dividend_rule))


def history_of(*, ledger, instruments, market, base):
    """Return the walked days of these inputs; kept for the next period while the files stay the same."""
    ledgers = [ledger] if isinstance(ledger, (str, Path)) else list(ledger)
    files = [Path(path) for path in ledgers]
    files += [Path(instruments)] if instruments else []
    stamps = [(str(path), path.stat().st_mtime_ns) for path in [*files, *sorted(Path(market).rglob("*.csv"))]]
    key = (tuple(stamps), len(ledgers), str(market), base)
    if key not in HISTORIES:
        HISTORIES[key] = History(ledgers=ledgers, instruments=instruments, market=market, base=base)
    return HISTORIES[key]


def review(*, history, start, end, salary, dividend_rule):
    """Return the review with Decimals."""
    opening, days = history.day(start - ONE_DAY), history.between(start, end)
    year_end = history.day(date(end.year - 1, 12, 31))
    year_to_date = history.between(date(end.year, 1, 1), end)
    history_days = history.between(min(history.first, start), end)
    flows = flows_of(days)
    bridge = bridge_of(days=days, opening=opening, flows=flows)
    gains, contributed = contributions(days=days, opening=opening.value)
    received = income(entries=history.books.income, start=start, end=end)
    due = salary_due(salary=salary, start=start, end=end, rate=history.rate)
    return {
        "period": {"start": start, "end": end, "label": label_of(start, end)},
        "base_currency": history.base,
        "opening_value": opening.value,
        "closing_value": days[-1].value,
        **flows,
        "bridge": bridge,
        "returns": returns(days=days, opening=opening.value, since_year_end_days=year_to_date, year_end_value=year_end.value),
        "review_contributions": review_contributions(
            history=history, opening=opening, days=days, gains=gains, bridge=bridge, rule=dividend_rule
        ),
        "contributions": [{"symbol": line, "gain": gains[line], "contribution": contributed[line]} for line in sorted(gains)],
        "records": records(history_days=history_days, days=days, opening=opening.value, year_end_value=year_end.value),
        "cash": cash_of(history=history, day=days[-1]),
        "positions": positions_of(history=history, day=days[-1]),
        "realised": realised_of(history=history, start=start, end=end),
        "income": received,
        "salary": salary_test(due=due, days=days, net_income=received["net"]),
        "tracks": tracks_of(history=history, day=days[-1]),
        "changes": changes_of(history=history, opening=opening, days=days),
        "warnings": [
            {"code": code, "symbol": symbol, "date": day, "message": message}
            for code, symbol, day, message in history.books.warnings
            if start <= day <= end
        ],
    }


def label_of(start, end):
    """Return `2025-Q1` for a calendar quarter, else the two dates."""
    quarter = (start.month - 1) // 3 + 1
    last = date(start.year + quarter // 4, quarter * 3 % 12 + 1, 1) - ONE_DAY
    if start == date(start.year, quarter * 3 - 2, 1) and end == last:
        return f"{start.year}-Q{quarter}"
    return f"{start}..{end}"


def flows_of(days):
    """Return the external flows; the net one holds deliveries in kind as well."""
    return {
        "net_external_flow": sum((day.money_in - day.money_out for day in days), ZERO),
        "deposits": sum((day.deposits for day in days), ZERO),
        "withdrawals": sum((day.withdrawals for day in days), ZERO),
        "salary_paid": sum((day.salary for day in days), ZERO),
    }


def bridge_of(*, days, opening, flows):
    """Return the parts of every line's gain summed; the residual is what they do not explain."""
    sums = dict.fromkeys(PARTS, ZERO)
    for day in days:
        for its_parts in day.gains.values():
            for part, amount in its_parts.items():
                sums[part] += amount
    explained = opening.value + flows["net_external_flow"] + sum(sums.values())
    return {
        "price_gain": sums["price"],
        "currency_gain": sums["currency"],
        "cross_gain": sums["cross"],
        "income": sums["income"],
        "taxes": sums["taxes"],
        "fees": sums["fees"],
        "residual": days[-1].value - explained,
    }


def cash_of(*, history, day):
    """Return the cash balances that are not zero."""
    return [
        {
            "account": account,
            "currency": currency,
            "amount": amount,
            "value": amount * history.rate(currency=currency, day=day.date),
        }
        for (account, currency), amount in sorted(day.cash.items())
    ]


def positions_of(*, history, day):
    """Return the positions with both costs; unrealised gains are clean of accrued interest."""
    return [position_of(history=history, day=day, account=account, symbol=symbol) for account, symbol in sorted(day.lots)]


def position_of(*, history, day, account, symbol):
    """Return one position."""
    instrument = history.instruments[symbol]
    lots = day.lots[account, symbol]
    units = sum(lot.units for lot in lots)
    price, seen, _ = history.clean_price(symbol=symbol, day=day.date)
    rate = history.rate(currency=instrument.currency, day=day.date)
    accrued = units * accrued_per_face(bond=instrument, day=day.date) * rate
    clean = units * price * rate
    average, fifo = day.average_cost[account, symbol], sum(lot.cost for lot in lots)
    return {
        "account": account,
        "symbol": symbol,
        "quantity": units,
        "price": price / instrument.price_unit,
        "price_date": seen,
        "fx_rate": rate,
        "accrued_interest": accrued,
        "value": clean + accrued,
        "weight": (clean + accrued) / day.value if day.value else None,
        "cost_average": average,
        "cost_fifo": fifo,
        "unrealised_average": clean - average,
        "unrealised_fifo": clean - fifo,
    }


def realised_of(*, history, start, end):
    """Return the sales of the period with both gains."""
    return [
        {
            "date": sale.date,
            "symbol": sale.symbol,
            "quantity": sale.quantity,
            "proceeds": sale.proceeds,
            "cost_average": sale.cost_average,
            "cost_fifo": sale.cost_fifo,
            "gain_average": sale.proceeds - sale.cost_average,
            "gain_fifo": sale.proceeds - sale.cost_fifo,
        }
        for sale in history.books.realised
        if start <= sale.date <= end
    ]


def tracks_of(*, history, day):
    """Return the value and weight of every track over total wealth; no targets are set here."""
    values = {}
    for position in positions_of(history=history, day=day):
        track = history.instruments[position["symbol"]].track
        values[track] = values.get(track, ZERO) + position["value"]
    values["CASH"] = sum((line["value"] for line in cash_of(history=history, day=day)), ZERO)
    return [
        {
            "track": track,
            "value": value,
            "weight": value / day.value if day.value else None,
            "target": None,
            "drift": None,
        }
        for track, value in sorted(values.items())
    ]


def changes_of(*, history, opening, days):
    """Return what was bought and sold on balance: opening units (times splits since) against closing units.

    amount: what was paid on balance, or received, at each row's own rate and without charges; positive.
    """
    before, paid = {symbol: opening.units(symbol=symbol) for symbol in opening.symbols()}, {}
    for move in history.books.movements:
        if not days[0].date <= move.date <= days[-1].date:
            continue
        if move.kind == "split":
            before[move.symbol] = before.get(move.symbol, ZERO) * move.units
        elif move.kind in ("in", "out"):
            sign = 1 if move.kind == "in" else -1
            paid[move.symbol] = paid.get(move.symbol, ZERO) + sign * move.amount
    changes = []
    for symbol in sorted(paid):
        old, new = before.get(symbol, ZERO), days[-1].units(symbol=symbol)
        if new == 0:
            action = "SOLD"
        elif old == 0:
            action = "NEW"
        elif new == old:
            continue
        else:
            action = "ADDED" if new > old else "REDUCED"
        changes.append({"symbol": symbol, "action": action, "quantity": abs(new - old), "amount": abs(paid[symbol])})
    return changes


def plain(thing):
    """Return the same with Decimals as floats, unknown ones as None, and dates as ISO text."""
    if isinstance(thing, dict):
        return {key: plain(value) for key, value in thing.items()}
    if isinstance(thing, list):
        return [plain(value) for value in thing]
    if isinstance(thing, Decimal):
        return None if thing.is_nan() else float(thing)
    return thing.isoformat() if isinstance(thing, date) else thing
