"""Treasuries without a quote: priced off the par curve, and marked as such."""

import datetime as dt
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from portfolio import queries
from portfolio.market_data.answers import BondTerms, SourceError
from portfolio.market_data.treasury_curve import clean_price, read_curves
from portfolio.models import MarketDataRun, Price

D = dt.date
HEADER = 'Date,"1 Mo","1.5 Month","2 Mo","3 Mo","4 Mo","6 Mo","1 Yr","2 Yr","3 Yr","5 Yr","7 Yr","10 Yr","20 Yr","30 Yr"'
# as published for 2025-03-31
MARCH = "03/31/2025,4.38,4.36,4.35,4.32,4.31,4.23,4.03,3.89,3.89,3.96,4.09,4.23,4.62,4.59"
NOTE = BondTerms(Decimal("0.0425"), 2, D(2034, 11, 15), D(2024, 11, 15), None)
TENORS = (1, 2, 3, 6, 12, 24, 36, 60, 84, 120, 240, 360)


def flat(rate):
    return dict.fromkeys(TENORS, rate)


def test_a_flat_curve_at_the_coupon_prices_a_note_at_par_on_a_coupon_date():
    # the first half-year is simple interest, which costs a cent
    assert float(clean_price(terms=NOTE, curve=flat(0.0425), date=D(2025, 5, 15))) == pytest.approx(100.0, abs=0.02)


def test_a_par_bond_is_worth_par_on_a_real_curve():
    curve = read_curves(f"{HEADER}\n{MARCH}")[D(2025, 3, 31)]
    ten_years = BondTerms(Decimal("0.0423"), 2, D(2035, 3, 31), D(2025, 3, 31), None)

    assert float(clean_price(terms=ten_years, curve=curve, date=D(2025, 3, 31))) == pytest.approx(100.0, abs=1e-4)


def test_a_point_of_yield_is_worth_the_notes_duration():
    low, high = (float(clean_price(terms=NOTE, curve=flat(rate), date=D(2025, 5, 15))) for rate in (0.0400, 0.0410))

    # 9.5 years at 4.25 %: modified duration 7.75, so a tenth of a point is 0.78
    assert low - high == pytest.approx(0.78, abs=0.02)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "first line"),
        ("when,1 Mo\n", "first line"),
        (f"{HEADER}\n31.3.2025,4", "line 2"),
        (f"{HEADER}\n03/31/2025,x", "line 2"),
    ],
)
def test_a_file_that_is_not_understood_says_where(text, words):
    with pytest.raises(SourceError, match=words):
        read_curves(text)


@pytest.fixture
def treasury(settings) -> Iterator[dict[str, object]]:
    """A local server in the place of the Treasury's."""
    answer: dict[str, object] = {"status": 200, "body": f"{HEADER}\n{MARCH}\n", "paths": []}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer["paths"].append(self.path)
            self.send_response(answer["status"])
            self.end_headers()
            self.wfile.write(str(answer["body"]).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.TREASURY_ADDRESS = f"http://127.0.0.1:{server.server_address[1]}"
    settings.BASE_CURRENCY = "USD"
    yield answer
    server.shutdown()
    server.server_close()


def buys_note(household):
    return household.buys(
        "UST", "2025-03-31", price="99.5", type="BOND", issuer_country="US", coupon_rate=Decimal("0.0425"), coupon_frequency=2,
        issue_date=D(2024, 11, 15), maturity_date=D(2034, 11, 15), price_unit=Decimal("0.01"),
    )  # fmt: skip


@pytest.mark.django_db
def test_a_note_held_directly_gets_modelled_prices_and_the_holdings_say_so(treasury, household):
    buys_note(household)

    household.refreshes("2025-04-01 12:00")

    price = Price.objects.get()
    assert (price.date, price.source) == (D(2025, 3, 31), "treasury")
    # between the 7- and the 10-year yield: a little above par
    assert 100 < price.close < Decimal("100.5")
    assert "2025/all" in treasury["paths"][0]
    report = queries.dashboard(as_of=D(2025, 4, 1))
    assert "modelled_price" in {warning.code for warning in report.warnings}


@pytest.mark.django_db
@pytest.mark.parametrize("status", [429, 503, 404])
def test_a_treasury_that_does_not_answer_fails_the_item_alone(treasury, household, status):
    treasury["status"] = status
    buys_note(household)

    run = household.refreshes("2025-04-01 12:00")

    assert run.state == MarketDataRun.State.FAILED
    assert str(status) in run.items.get().message
