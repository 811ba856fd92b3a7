"""Sessions of exchanges: holidays are no fault of a price."""

import datetime as dt

import pytest

from portfolio.engine.ledger import Instrument
from portfolio.market_data.calendars import exchange_of, sessions_between


def instrument(symbol: str, currency: str) -> Instrument:
    return Instrument(symbol, symbol, "ETF", currency, "MARKET", quote_symbol=symbol)


def test_lunar_new_year_has_no_sessions_in_taipei():
    taipei = instrument("0050.TW", "TWD")

    # the last session of the old year was 22 January 2025, the first of the new one 3 February
    assert sessions_between(instrument=taipei, after=dt.date(2025, 1, 22), until=dt.date(2025, 2, 2)) == 0
    assert sessions_between(instrument=taipei, after=dt.date(2025, 1, 22), until=dt.date(2025, 2, 3)) == 1


def test_without_a_known_exchange_every_weekday_counts():
    unknown = instrument("ABC", "XXX")

    # Friday to the Wednesday after: Monday, Tuesday, Wednesday
    assert sessions_between(instrument=unknown, after=dt.date(2025, 1, 3), until=dt.date(2025, 1, 8)) == 3


def test_outside_the_years_of_a_calendar_every_weekday_counts():
    new_york = instrument("KO", "USD")

    assert sessions_between(instrument=new_york, after=dt.date(1901, 1, 4), until=dt.date(1901, 1, 7)) == 1


@pytest.mark.parametrize(
    ("symbol", "currency", "code"),
    [
        ("0050.TW", "TWD", "XTAI"),
        ("1306.T", "JPY", "XTKS"),
        ("SHEL.L", "GBp", "XLON"),
        ("KO", "USD", "XNYS"),
        ("ABC", "CHF", None),
    ],
)
def test_the_suffix_names_the_exchange_else_the_currency(symbol: str, currency: str, code: str | None):
    assert exchange_of(instrument=instrument(symbol, currency)) == code
