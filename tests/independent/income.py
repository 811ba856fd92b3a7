"""Income as it was received, and the spouse's salary measured against it (methods, sections 7 and 8).
Knows booked entries and dates; nothing of prices or lots. No forecast and no smoothing."""

from datetime import date
from decimal import Decimal

ZERO = Decimal(0)


def empty():
    """Return a sum of nothing."""
    return {"gross": ZERO, "tax": ZERO, "fees": ZERO, "net": ZERO}


def add(total, entry):
    """Add one entry; net = gross - tax - fees - accrued interest given back."""
    total["gross"] += entry.gross
    total["tax"] += entry.tax
    total["fees"] += entry.fees
    total["net"] += entry.gross - entry.tax - entry.fees - entry.netted


def income(*, entries, start, end):
    """Return the `income` object of a closed interval in reporting currency, without the smoothed quarter.

    `net_as_booked` is the same net before accrued interest paid at purchase is taken off.
    """
    total, by_kind, by_symbol, netted = empty(), {}, {}, ZERO
    for entry in entries:
        if start <= entry.date <= end:
            add(total, entry)
            add(by_kind.setdefault(entry.kind, empty()), entry)
            add(by_symbol.setdefault(entry.line, empty()), entry)
            netted += entry.netted
    return {**total, "net_as_booked": total["net"] + netted, "by_kind": by_kind, "by_symbol": by_symbol}


def salary_of(*, salary, day):
    """Return (monthly amount, currency) valid on a day; salary: [(from date, amount, currency)]."""
    valid = [step for step in sorted(salary) if step[0] <= day]
    return valid[-1][1:] if valid else (ZERO, None)


def salary_due(*, salary, start, end, rate):
    """Return the salary due in a closed interval: a month's whole amount on its first day, at that day's rate.

    rate: a function (currency, day) -> reporting currency per unit.
    """
    due = ZERO
    for number in range(start.year * 12 + start.month - 1, end.year * 12 + end.month):
        first = date(number // 12, number % 12 + 1, 1)
        amount, currency = salary_of(salary=salary, day=first)
        if start <= first <= end and amount:
            due += amount * rate(currency=currency, day=first)
    return due


def salary_test(*, due, days, net_income):
    """Return the `salary` object: coverage by what was received, and what was paid beyond it."""
    paid = sum((day.salary for day in days), ZERO)
    distributable = net_income + sum((day.tax_refunds for day in days), ZERO)
    return {
        "due": due,
        "paid": paid,
        "coverage_actual": net_income / due if due else None,
        "distributable": distributable,
        "from_principal": max(ZERO, paid - distributable),
    }
