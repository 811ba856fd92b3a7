"""Payments ahead as a calendar (RFC 5545). Whole days, no amounts unless asked for; formats, computes nothing.

Announced and scheduled payments are confirmed entries, estimated ones tentative.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from portfolio.formatting import Money
from portfolio.reports.income import ForwardPayment, IncomeReport
from portfolio.words import certainty_name, kind_name

PRODUCT = "-//Larder//Payments//EN"
REFRESH = "P1D"


def payment_calendar(
    *, income: IncomeReport, with_amounts: bool, written_at: dt.datetime, others: Iterable[Event] = ()
) -> bytes:
    """Return the next twelve months' payments as an .ics file in the active language.

    others: entries of other kinds that belong into the same calendar.
    written_at: stands in every entry as the moment it was made.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = _("Payments ahead")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", REFRESH)
    money = Money(currency=income.base_currency, markup=False) if with_amounts else None
    for uid, payment in _named(income.forward.payments):
        calendar.add_component(_event(uid, payment, money, written_at))
    for event in others:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _named(payments: Iterable[ForwardPayment]) -> Iterable[tuple[str, ForwardPayment]]:
    """Give every payment a name that stays when its date moves inside the month or its class changes."""
    seen: Counter[str] = Counter()
    for payment in payments:
        key = f"{payment.date[:7]}-{payment.symbol}-{payment.kind}".lower().replace(" ", "-")
        seen[key] += 1
        yield f"{key}-{seen[key]}@larder", payment


def _event(uid: str, payment: ForwardPayment, money: Money | None, written_at: dt.datetime) -> Event:
    date = dt.date.fromisoformat(payment.date)
    title = f"{payment.symbol} {kind_name(payment.kind)}"
    if money is not None:
        title = f"{title} {money.sign} {money.level(payment.net)}"
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", written_at)
    event.add("dtstart", date)
    event.add("dtend", date + dt.timedelta(days=1))
    event.add("summary", title)
    event.add("description", certainty_name(payment.certainty))
    event.add("status", "TENTATIVE" if payment.certainty == "estimated" else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
