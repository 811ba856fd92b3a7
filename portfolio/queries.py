"""The one bridge between tables and reports: every door asks here, once, and gets a frozen report.

The only place with a cache: the frozen ledger is kept in the process under the ledger stamp, reports in Django's cache
under (report, arguments, stamp). Both may be dropped at any time. Knows nothing of requests.
"""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache

from portfolio.engine.coverage import step_of
from portfolio.engine.kinds import DividendRule, Kind, cash_currency
from portfolio.engine.ledger import Instrument as FrozenInstrument
from portfolio.engine.ledger import Ledger
from portfolio.engine.periods import Period, to_date, to_day
from portfolio.frozen_ledger import load_ledger, with_withholding
from portfolio.models import Instrument, LedgerStamp, Transaction
from portfolio.reports.dashboard import Dashboard, build_dashboard
from portfolio.reports.holding import HoldingReport, build_holding
from portfolio.reports.holdings import Holdings, build_holdings
from portfolio.reports.income import IncomeReport, build_income
from portfolio.reports.income_history import IncomeHistory, build_income_history
from portfolio.reports.income_outlook import IncomeOutlook, Refund, build_income_outlook
from portfolio.reports.quarter_returns import QuarterReturn, build_quarter_returns
from portfolio.reports.quarterly_review import QuarterlyReview, build_quarterly_review
from portfolio.reports.salary import SalaryReport, build_salary
from portfolio.reports.stress import StressReport, build_stress

Report = TypeVar("Report")

_guard = threading.Lock()
_kept: dict[int, Ledger] = {}
# a report may outlive the change that made it useless, never be handed out after it: its key holds the stamp
KEEP_SECONDS = 24 * 3600


def frozen_ledger(*, as_of: dt.date) -> Ledger:
    """Return the whole ledger, with withholding rates as of a day. A second call reads nothing but the stamp."""
    return _ledger_of(LedgerStamp.current(), as_of)


def quarterly_review(
    *, period: Period, base_currency: str | None = None, dividend_rule: DividendRule | None = None
) -> QuarterlyReview:
    """Return the review of a period in the household's reporting currency or another one."""
    base = base_currency or settings.BASE_CURRENCY

    def build(ledger: Ledger) -> QuarterlyReview:
        return build_quarterly_review(
            ledger=ledger, period=period, base=base, rule=dividend_rule, sessions=_sessions, stale=settings.STALE_SESSIONS
        )

    return _report(("quarterly_review", period.start, period.end, period.label, base, dividend_rule), period.end, build)


def holdings(*, as_of: dt.date, base_currency: str | None = None) -> Holdings:
    """Return positions, cash and total of a day."""
    base = base_currency or settings.BASE_CURRENCY
    return _report(("holdings", as_of, base), as_of, lambda ledger: build_holdings(ledger=ledger, as_of=as_of, base=base))


def dashboard(*, as_of: dt.date, base_currency: str | None = None) -> Dashboard:
    """Return what the dashboard shows at the close of a day."""
    base = base_currency or settings.BASE_CURRENCY

    def build(ledger: Ledger) -> Dashboard:
        return build_dashboard(ledger=ledger, as_of=as_of, base=base, sessions=_sessions, stale=settings.STALE_SESSIONS)

    return _report(("dashboard", as_of, base), as_of, build)


def income(*, as_of: dt.date, base_currency: str | None = None) -> IncomeReport:
    """Return the income report of a day."""
    base = base_currency or settings.BASE_CURRENCY
    growth, convention = settings.INCOME_GROWTH, settings.YIELD_CONVENTION

    def build(ledger: Ledger) -> IncomeReport:
        return build_income(ledger=ledger, as_of=as_of, base=base, income_growth=growth, convention=convention)

    return _report(("income", as_of, base, growth, convention), as_of, build)


def income_history(*, as_of: dt.date, base_currency: str | None = None) -> IncomeHistory:
    """Return every booking of income up to a day."""
    base = base_currency or settings.BASE_CURRENCY
    return _report(
        ("income_history", as_of, base), as_of, lambda ledger: build_income_history(ledger=ledger, as_of=as_of, base=base)
    )


def income_outlook(*, as_of: dt.date, base_currency: str | None = None) -> IncomeOutlook:
    """Return what would pay the next raise, the bonds by maturity, refunds to come and probations."""
    base = base_currency or settings.BASE_CURRENCY
    growth, convention = settings.INCOME_GROWTH, settings.YIELD_CONVENTION

    def build(ledger: Ledger) -> IncomeOutlook:
        return build_income_outlook(
            ledger=ledger,
            as_of=as_of,
            base=base,
            refundable=_refundable_shares(),
            refunds=_refunds(),
            income_growth=growth,
            convention=convention,
        )

    return _report(("income_outlook", as_of, base, growth, convention), as_of, build)


def stress(*, as_of: dt.date, cut: float, drop: float, gone: str = "", base_currency: str | None = None) -> StressReport:
    """Return the income ahead under stress. Not kept: sliders ask for many, and each is asked for once."""
    return build_stress(
        ledger=frozen_ledger(as_of=as_of),
        as_of=as_of,
        base=base_currency or settings.BASE_CURRENCY,
        cut=cut,
        drop=drop,
        gone=gone,
        income_growth=settings.INCOME_GROWTH,
    )


def salary(*, as_of: dt.date, base_currency: str | None = None) -> SalaryReport:
    """Return the spouse's salary on a day: paid or due, the next payments, for how many years income pays it."""
    base, growth = base_currency or settings.BASE_CURRENCY, settings.INCOME_GROWTH

    def build(ledger: Ledger) -> SalaryReport:
        return build_salary(ledger=ledger, as_of=as_of, base=base, is_open=_banks_pay_on(ledger, as_of), income_growth=growth)

    return _report(("salary", as_of, base, growth), as_of, build)


def holding(*, symbol: str, as_of: dt.date, base_currency: str | None = None) -> HoldingReport | None:
    """Return one holding's report; None for a symbol that no row ever named."""
    base = base_currency or settings.BASE_CURRENCY
    return _report(
        ("holding", symbol, as_of, base),
        as_of,
        lambda ledger: build_holding(ledger=ledger, symbol=symbol, as_of=as_of, base=base),
    )


def quarter_returns(*, until: dt.date, base_currency: str | None = None) -> tuple[QuarterReturn, ...]:
    """Return the time-weighted return of every calendar quarter from the first row up to the one `until` lies in."""
    base = base_currency or settings.BASE_CURRENCY

    def build(ledger: Ledger) -> tuple[QuarterReturn, ...]:
        return build_quarter_returns(ledger=ledger, until=until, base=base)

    return _report(("quarter_returns", until, base), until, build)


def first_and_last_day(*, as_of: dt.date) -> tuple[dt.date, dt.date] | None:
    """Return the date of the first row and of the last close or row on or before `as_of`; None for an empty ledger."""
    ledger = frozen_ledger(as_of=as_of)
    if not len(ledger.rows):
        return None
    ends = [int(series.days[-1]) for series in ledger.closes.values() if len(series.days)]
    last = max([int(ledger.rows.day[-1]), *ends])
    return to_date(int(ledger.rows.day[0])), min(to_date(last), as_of)


def last_booked_day(*, as_of: dt.date) -> dt.date | None:
    """Return the date of the last row on or before `as_of`; None for an empty ledger."""
    days = frozen_ledger(as_of=as_of).rows.day
    booked = days[days <= to_day(as_of)]
    return to_date(int(booked[-1])) if len(booked) else None


def forget() -> None:
    """Drop every cache; the next report is computed from the tables."""
    with _guard:
        _kept.clear()
    cache.clear()


def _report(key: tuple[Any, ...], as_of: dt.date, build: Callable[[Ledger], Report]) -> Report:
    stamp = LedgerStamp.current()
    name = "report:" + ":".join(str(part) for part in (*key, stamp)).replace(" ", "_")
    found: Report | None = cache.get(name)
    if found is None:
        found = build(_ledger_of(stamp, as_of))
        cache.set(name, found, KEEP_SECONDS)
    return found


def _ledger_of(stamp: int, as_of: dt.date) -> Ledger:
    with _guard:
        kept = _kept.get(stamp)
    if kept is None:
        kept = load_ledger()
        with _guard:
            _kept.clear()
            _kept[stamp] = kept
    return with_withholding(ledger=kept, as_of=as_of)


def _refundable_shares() -> dict[str, float]:
    rows = Instrument.objects.filter(refundable_share__gt=0).order_by().values_list("symbol", "refundable_share")
    return {symbol: float(share) for symbol, share in rows}


def _refunds() -> list[Refund]:
    """Return the tax refunds that name their symbol; without a tax year they belong to the year before."""
    rows = (
        Transaction.objects.filter(kind=Kind.TAX_REFUND, instrument__isnull=False)
        .order_by("date", "pk")
        .values_list("instrument__symbol", "tax_year", "date", "amount", "currency", "instrument__currency")
    )
    return [
        Refund(symbol, year or date.year - 1, date, float(amount), code or cash_currency(own)[0])
        for symbol, year, date, amount, code, own in rows
    ]


def _banks_pay_on(ledger: Ledger, as_of: dt.date) -> Callable[[dt.date], bool]:
    """Return whether banks of the salary's currency pay on a date: the days on which its exchange is open."""
    from portfolio.market_data.calendars import sessions_between  # noqa: PLC0415  only a salary asks a calendar

    step = step_of(steps=ledger.salaries, day=to_day(as_of))
    place = FrozenInstrument("", "", "", step.currency if step else settings.BASE_CURRENCY, "")
    return lambda date: sessions_between(instrument=place, after=date - dt.timedelta(days=1), until=date) > 0


def _sessions(instrument: Any, after: int, until: int) -> int:
    from portfolio.market_data.calendars import sessions_between  # noqa: PLC0415  only an old price asks a calendar

    return sessions_between(instrument=instrument, after=to_date(after), until=to_date(until))
