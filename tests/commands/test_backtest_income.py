"""The command that says how far the forecast can be trusted."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portfolio.models import Distribution, Instrument, Split

pytestmark = pytest.mark.django_db


def test_the_command_reports_the_error_of_every_payer_in_todays_units():
    payer = Instrument.objects.create(symbol="ABC", currency="USD")
    # on the 15th of March, June, September and December
    for place, amount in enumerate([4] * 6 + [1] * 3):
        date = dt.date(2023 + place // 4, 3 * (place % 4) + 3, 15)
        Distribution.objects.create(instrument=payer, ex_date=date, amount=amount, pay_date=date)
    # four for one before the payment of September 2024: 4 dollars of then are 1 of today
    Split.objects.create(instrument=payer, ex_date=dt.date(2024, 7, 1), ratio=4)
    said = StringIO()

    call_command("backtest_income", "--details", stdout=said)

    assert "ABC" in said.getvalue()
    assert "mean absolute error   0.00% over 1 quarter-ends" in said.getvalue()
    assert "2023-12-31  forecast     4.0000  paid     4.0000" in said.getvalue()


def test_the_command_names_a_symbol_it_knows_nothing_of():
    with pytest.raises(CommandError, match="No distributions are stored for XYZ; import_market_data loads them"):
        call_command("backtest_income", "--symbols", "XYZ")
