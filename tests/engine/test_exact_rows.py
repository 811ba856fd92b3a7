"""The check at the door counts units and cash as the reports do, in exact decimals."""

import datetime as dt
import math
from collections import defaultdict
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from pytest import approx

from portfolio.engine.exact_cash import CashMove, CashRow, cash_moves
from portfolio.engine.exact_units import UNIT_KINDS, UnitRow, walk
from portfolio.engine.kinds import KINDS, Kind
from portfolio.engine.ledger import Ledger
from portfolio.engine.lots import keep_books
from portfolio.engine.money import cash_moves as moves_of_reports
from portfolio.engine.money import daily_rates, money_of_rows
from portfolio.engine.periods import to_date
from portfolio.engine.prices import Grid, Rates
from tests.engine.test_random_ledgers import households

ONE, TWO = 1, 2
SHARE, CHILD = 10, 11
DAY = dt.date(2025, 1, 2)


def unit(key: int, kind: str, quantity: str, *, account: int | None = ONE, day: int = 0, **more: object) -> UnitRow:
    date = DAY + dt.timedelta(days=day)
    return UnitRow(key, date, more.pop("time", None), kind, account, SHARE, Decimal(quantity), **more)


def test_selling_more_than_is_held_is_noted_at_the_row_that_does_it():
    walked = walk([unit(1, Kind.BUY, "100"), unit(2, Kind.SELL, "130", day=1), unit(3, Kind.BUY, "50", day=2)])

    assert walked.missing == {2: Decimal(30)}
    # never a negative position: 0 after the sale
    assert walked.held(instrument=SHARE) == 50


def test_a_row_that_was_entered_later_but_is_dated_earlier_comes_first():
    walked = walk([unit(1, Kind.SELL, "100", day=5), unit(2, Kind.BUY, "100", day=0)])

    assert walked.missing == {}


def test_times_order_a_day_and_a_split_acts_before_it_opens():
    sold = unit(1, Kind.SELL, "100", time=dt.time(13))
    bought = unit(2, Kind.BUY, "100", time=dt.time(9))
    assert walk([sold, bought]).missing == {}

    split = unit(9, Kind.SPLIT, "4", account=None, day=1)
    assert walk([unit(1, Kind.BUY, "100"), unit(2, Kind.SELL, "400", day=1), split]).missing == {}


def test_units_move_between_accounts_and_are_missing_where_they_left():
    rows = [unit(1, Kind.BUY, "100"), unit(2, Kind.TRANSFER, "60", to_account=TWO, day=1), unit(3, Kind.SELL, "50", day=2)]

    walked = walk(rows)

    assert walked.missing == {3: Decimal(10)}
    assert walked.held(instrument=SHARE, account=TWO) == 60


def test_a_spin_off_is_shared_out_by_the_parents_units():
    rows = [
        unit(1, Kind.BUY, "100"),
        unit(2, Kind.BUY, "300", account=TWO),
        unit(3, Kind.SPIN_OFF, "40", account=None, day=1, spin_off=CHILD),
    ]

    walked = walk(rows)

    assert (walked.held(instrument=CHILD, account=ONE), walked.held(instrument=CHILD, account=TWO)) == (10, 30)


def test_a_purchase_of_a_bond_pays_for_the_accrued_interest_too():
    row = CashRow(Kind.BUY, ONE, "USD", Decimal(9976), fee=Decimal(2), accrued_interest=Decimal("118.58"))

    assert cash_moves(row) == [CashMove(ONE, "USD", Decimal("-10096.58"))]


def test_an_exchange_has_two_sides_and_pence_are_booked_in_pounds():
    row = CashRow(Kind.FX, ONE, "GBp", Decimal(5000), to_currency="TWD", to_amount=Decimal(2100))

    assert cash_moves(row) == [CashMove(ONE, "GBP", Decimal(-50)), CashMove(ONE, "TWD", Decimal(2100))]


def test_a_balance_check_moves_nothing():
    assert cash_moves(CashRow(Kind.BALANCE, ONE, "USD", Decimal(5000))) == []


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(ledger=households())
def test_units_agree_with_those_of_the_reports(ledger: Ledger):
    books = keep_books(rows=ledger.rows, money=money(ledger))

    walked = walk(unit_rows(ledger))

    of_reports = {(each.account, each.instrument): each.units for each in books.holdings}
    exact = {key: float(units) for key, units in walked.units.items() if units > 0}
    assert exact == approx(of_reports)
    assert {key: float(missing) for key, missing in walked.missing.items()} == approx(dict(books.oversold))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(ledger=households())
def test_cash_agrees_with_that_of_the_reports(ledger: Ledger):
    figures = money(ledger)
    of_reports: dict[tuple[int, str], float] = defaultdict(float)
    moves = moves_of_reports(ledger=ledger, rows=ledger.rows, money=figures)
    for account, currency, amount in zip(moves.account, moves.currency, moves.amount, strict=True):
        of_reports[int(account), moves.currencies[currency]] += amount

    exact: dict[tuple[int, str], float] = defaultdict(float)
    for place in range(len(ledger.rows)):
        for move in cash_moves(cash_row(ledger, place, float(figures.gross[place]))):
            exact[move.account, move.currency] += float(move.amount)

    assert {key: exact.get(key, 0.0) for key in of_reports} == approx(dict(of_reports), rel=1e-9, abs=1e-6)


def money(ledger: Ledger):
    days = ledger.rows.day if len(ledger.rows) else [0]
    grid = Grid(int(min(days)), int(max(days)))
    rates = daily_rates(ledger=ledger, rates=Rates(pairs=ledger.rates, base="USD", grid=grid))
    return money_of_rows(ledger=ledger, rows=ledger.rows, currency_rates=rates, grid=grid, base="USD")


def unit_rows(ledger: Ledger) -> list[UnitRow]:
    rows = ledger.rows
    return [
        UnitRow(
            key=place,
            date=to_date(rows.day[place]),
            time=None,
            kind=KINDS[rows.kind[place]],
            account=None if rows.account[place] < 0 else int(rows.account[place]),
            instrument=int(rows.instrument[place]),
            quantity=Decimal(repr(float(rows.quantity[place]))),
            to_account=None if rows.to_account[place] < 0 else int(rows.to_account[place]),
            spin_off=None if rows.spin_off[place] < 0 else int(rows.spin_off[place]),
        )
        for place in range(len(rows))
        if KINDS[rows.kind[place]] in UNIT_KINDS and rows.instrument[place] >= 0
    ]


def cash_row(ledger: Ledger, place: int, gross: float) -> CashRow:
    rows = ledger.rows
    to_currency = rows.to_currency[place]
    arrives = float(rows.to_amount[place])
    return CashRow(
        kind=KINDS[rows.kind[place]],
        account=int(rows.account[place]),
        currency=ledger.currencies[rows.currency[place]],
        gross=Decimal(repr(gross)),
        fee=Decimal(repr(float(rows.fee[place]))),
        tax=Decimal(repr(float(rows.tax[place]))),
        accrued_interest=Decimal(repr(float(rows.accrued_interest[place]))),
        moves_units=bool(rows.instrument[place] >= 0),
        to_account=None if rows.to_account[place] < 0 else int(rows.to_account[place]),
        to_currency=ledger.currencies[to_currency] if to_currency >= 0 else "",
        to_amount=None if math.isnan(arrives) else Decimal(repr(arrives)),
    )
