"""The income page's tables: who paid, from income or principal, what would pay more, bonds, probation, tax, calendar.

Formats what reports say; knows no request and no table of the database.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portfolio import formatting as show
from portfolio.engine.principal import principal_test
from portfolio.formatting import Money
from portfolio.reports.income import IncomeReport
from portfolio.reports.income_history import LENDING, IncomeHistory, income_table, net_of_year, trailing_nets
from portfolio.reports.income_outlook import IncomeOutlook
from portfolio.views import income_choices as choose
from portfolio.views import income_sentences as say
from portfolio.views.income_months import month_words
from portfolio.words import certainty_name, confidence_name, kind_name, line_name

MOST_PAYERS = 8
MOST_PROBATIONS = 12
CERTAINTY = {"announced": "c2", "scheduled": "c3", "estimated": "c4"}
NEXT_PAYMENTS = 8


def replacement(*, income: IncomeReport, former: float, money: Money) -> dict[str, Any] | None:
    """Return income over what the household used to earn; None where that is not set."""
    if former <= 0:
        return None
    trailing, ahead = income.received.trailing_12.net, income.forward.net
    return {
        "trailing": show.percent(None if trailing is None else trailing / former),
        "ahead": show.percent(None if ahead is None else ahead / former),
        "former": money.level(former),
    }


def principal(*, income: IncomeReport, history: IncomeHistory, carries_forward: bool, money: Money) -> dict[str, Any]:
    """Return the principal test of the year up to the day."""
    found, year = income.principal, int(income.as_of[:4])
    if found.distributable is None or found.paid is None:
        return {"sentence": _("It cannot be computed: a price or an exchange rate is missing.")}
    carried = found.carried_forward or 0.0
    test = principal_test(distributable=found.distributable, paid=found.paid, carried=carried, carries_forward=carries_forward)
    received = net_of_year(history=history, year=year)
    values = {name: money.level(value) for name, value in (("income", found.distributable), ("paid", found.paid))}
    if test.from_principal:
        text = _("Failed. {income} could be distributed this year, {paid} was paid: {amount} came from principal.")
        sentence = format_html(text, **values, amount=money.level(test.from_principal))
    else:
        text = _("Passed. {income} could be distributed this year, {paid} was paid; {amount} is left.")
        sentence = format_html(text, **values, amount=money.level(test.left))
    return {
        "sentence": sentence,
        "received": money.level(received),
        "refunds": money.level(None if received is None else found.distributable - received),
        "distributable": money.level(found.distributable),
        "paid": money.change(-found.paid),
        "from_carried": money.level(test.from_carried),
        "from_principal": money.level(test.from_principal),
        "is_from_principal": test.from_principal > 0,
        "left": money.level(test.left),
        "carried": money.level(carried),
        "carries_forward": carries_forward,
        "note": show.sentences(
            [
                _("Set to be used after this year's income.")
                if carries_forward
                else _("Set not to be used: it is not in the sum above."),
                _("Return of capital is never income, so it is not in it either."),
            ]
        ),
    }


def payers(
    *, history: IncomeHistory, income: IncomeReport, side: str, names: Mapping[str, str], money: Money
) -> dict[str, Any]:
    """Return who paid in the last twelve months, the small ones together."""
    nets = trailing_nets(history=history, side=side)
    total = sum(nets.values())
    lines = list(nets.items())
    if len(lines) > MOST_PAYERS:
        rest = lines[MOST_PAYERS - 1 :]
        lines = [*lines[: MOST_PAYERS - 1], ("", sum(net for _name, net in rest))]
    largest = max((net for _name, net in lines), default=0.0) or 1.0
    return {
        "sentence": say.about_payers(income=income, name=line_name(income.concentration.largest_symbol or "")),
        "options": choose.side_options(side),
        "rows": [
            {
                **_line(name, side, history, names),
                "bar": f"{max(net, 0.0) / largest * 1000:.1f}",
                "share": show.percent(net / total, decimals=1) if total else show.NOTHING,
                "net": money.level(net),
            }
            for name, net in lines
        ],
        "total": money.level(total),
        "lending": [
            (each.symbol, money.level(each.net), show.percent(each.share) if each.share is not None else show.NOTHING)
            for each in history.lending
        ],
    }


def paid(*, history: IncomeHistory, side: str, step: str, names: Mapping[str, str], money: Money) -> dict[str, Any]:
    """Return the income ledger: net by line and stretch of time."""
    table = income_table(history=history, side=side, step=step)
    return {
        "options": choose.step_options(step),
        "columns": [_column(label, step) for label in table.columns],
        "rows": [
            {
                **_line(line.name, side, history, names),
                "cells": ["" if cell is None else money.level(cell) for cell in line.cells],
                "total": money.level(line.total),
            }
            for line in table.lines
        ],
        "totals": [money.level(each) for each in table.totals],
        "total": money.level(table.total),
    }


def raised(*, outlook: IncomeOutlook, income: IncomeReport, names: Mapping[str, str], money: Money) -> dict[str, Any]:
    """Return what of each holding would pay the first raise that income does not."""
    on_watch = {each.symbol for each in income.watch_list}
    return {
        "sentence": say.about_raise(outlook=outlook, money=money),
        "rows": [
            {
                "symbol": each.symbol,
                "name": names.get(each.symbol, ""),
                "url": reverse("holding", args=[each.symbol]),
                "yield": show.percent(each.net_forward, unit=False),
                "units": money.mask if money.hidden else show.quantity(each.units),
                "money": money.level(each.money),
                "on_watch": each.symbol in on_watch,
            }
            for each in outlook.candidates
        ],
    }


def ladder(*, outlook: IncomeOutlook, income: IncomeReport, money: Money) -> dict[str, Any]:
    """Return the bonds by the year they mature in, empty years between them too."""
    largest = max((each.face or 0.0 for each in outlook.ladder), default=0.0) or 1.0
    next_coupons = {each.symbol: each for each in income.bonds}
    rows = []
    for each in outlook.ladder:
        coupon = next_coupons.get(each.symbol)
        rows.append(
            {
                "year": each.year,
                "date": show.short_day(each.maturity_date),
                "symbol": each.symbol,
                "bar": f"{(each.face or 0.0) / largest * 1000:.1f}",
                "face": money.level(each.face),
                "ytm": show.percent(each.yield_to_maturity, unit=False),
                "duration": show.number(each.modified_duration),
                "next": show.short_day(coupon.next_coupon_date) if coupon else show.NOTHING,
                "next_coupon": money.level(coupon.next_coupon) if coupon else show.NOTHING,
                "coupons": money.level(each.coupons),
                "less_premium": money.level(each.coupons_less_premium),
            }
        )
    return {
        "rows": rows,
        "ytm": show.percent(outlook.ladder_yield),
        "duration": show.number(outlook.ladder_duration),
        "convention": _("Treasury convention")
        if income.bonds and income.bonds[0].convention == "treasury"
        else _("street yield"),
    }


def watch(*, income: IncomeReport, outlook: IncomeOutlook, names: Mapping[str, str]) -> dict[str, Any]:
    """Return who is on probation since when, and who was."""
    return {
        "sentence": say.about_watch(symbols=[each.symbol for each in income.watch_list]),
        "rows": [
            {
                "symbol": each.symbol,
                "name": names.get(each.symbol, ""),
                "url": reverse("holding", args=[each.symbol]),
                "yield": show.percent(each.yield_net_forward, unit=False),
                "since": show.full_date(each.since),
            }
            for each in income.watch_list
        ],
        "history": [
            {
                "symbol": each.symbol,
                "since": show.full_date(each.since),
                "until": _("still") if each.until is None else show.full_date(each.until),
                "how": _("sold") if each.is_sold else "",
                "lowest": show.percent(each.lowest, unit=False),
            }
            for each in outlook.probations[:MOST_PROBATIONS]
        ],
        "left_out": max(len(outlook.probations) - MOST_PROBATIONS, 0),
    }


def tax(*, income: IncomeReport, outlook: IncomeOutlook, money: Money) -> dict[str, Any]:
    """Return payments whose tax differs from the table, and what should come back."""
    return {
        "differences": [
            {
                "date": show.full_date(each.date),
                "symbol": each.symbol,
                "gross": money.level(each.gross),
                "tax": money.level(each.tax),
                "expected": money.level(each.expected_tax),
                "difference": money.change(each.difference),
            }
            for each in reversed(income.withholding)
        ],
        "refunds": [
            {
                "symbol": each.symbol,
                "year": each.tax_year,
                "spring": each.tax_year + 1,
                "withheld": money.level(each.withheld),
                "share": show.percent(each.share, decimals=0),
                "received": money.level(each.received),
                "expected": money.level(each.expected),
            }
            for each in outlook.refunds
        ],
        "premium": money.level(income.forward.nhi_expected),
        "has_premium": bool(income.forward.nhi_expected),
    }


def calendar(*, income: IncomeReport, names: Mapping[str, str], money: Money) -> dict[str, Any]:
    """Return the payments ahead, month by month."""
    months: dict[str, list[dict[str, Any]]] = {}
    for each in income.forward.payments:
        months.setdefault(each.date[:7], []).append(
            {
                "date": show.short_day(each.date),
                "weekday": weekday(dt.date.fromisoformat(each.date)),
                "symbol": each.symbol,
                "name": names.get(each.symbol, ""),
                "url": reverse("holding", args=[each.symbol]),
                "what": f"{kind_name(each.kind)} · {certainty_name(each.certainty)}",
                "confidence": confidence_name(each.confidence) if each.certainty == "estimated" else "",
                "tone": CERTAINTY.get(each.certainty, "c4"),
                "net": money.level(each.net),
            }
        )
    found = [{"name": month_words(label, with_year=True), "payments": payments} for label, payments in months.items()]
    return {"months": found, "count": len(income.forward.payments)}


def weekday(date: dt.date) -> str:
    """Return the day of the week, short."""
    days = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return days[date.weekday()]


def _line(name: str, side: str, history: IncomeHistory, names: Mapping[str, str]) -> dict[str, Any]:
    """Return what a line of income is called, and whether its holding is gone."""
    if not name:
        return {"symbol": _("Others") if side != "account" else _("no account"), "name": "", "is_sold": False}
    if side == "kind":
        return {"symbol": kind_name(name), "name": "", "is_sold": False}
    if side != "payer":
        return {"symbol": name, "name": "", "is_sold": False}
    is_holding = name in names
    return {
        "symbol": line_name(name),
        "name": names.get(name, ""),
        "is_sold": is_holding and name != LENDING and name not in history.held,
    }


def _column(label: str, step: str) -> str:
    if step == "month":
        month = show.month_name(int(label[5:])) if show.is_chinese() else show.short_day(f"{label}-01").split()[-1]
        return f"{label[2:4]}/{month}" if show.is_chinese() else f"{month} {label[2:4]}"
    return label.replace("-", " ") if step == "quarter" else label
