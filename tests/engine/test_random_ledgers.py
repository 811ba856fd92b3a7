"""A thousand random households: whatever happens, the bridge closes and the parts add up."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from portfolio.engine.ledger import Instrument, Ledger
from portfolio.engine.periods import between
from portfolio.reports.quarterly_review import QuarterlyReview, build_quarterly_review
from tests.scenario import bond, scenario

START = dt.date(2024, 1, 1)
NOTE = bond("NOTE", rate=0.0425, issued="2023-11-15", matures="2033-11-15")
SYMBOLS = {"AAA": "USD", "BBB": "TWD", "CCC": "JPY", "NOTE": "USD"}
CURRENCIES = ("USD", "TWD", "JPY")
ACCOUNTS = ("One", "Two")
SIZES = {"USD": 1000, "TWD": 30000, "JPY": 150000}


def sizes(currency: str) -> st.SearchStrategy[float]:
    return st.integers(1, 100 * SIZES[currency]).map(lambda cents: cents / 100)


money = st.sampled_from(CURRENCIES).flatmap(lambda code: sizes(code).map(lambda size: f"{size} {code}"))
price = st.integers(1, 30000).map(lambda cents: cents / 100)
units = st.builds(lambda whole, part: whole / part, st.integers(1, 400), st.sampled_from((1, 4)))
symbol = st.sampled_from(sorted(SYMBOLS))
place = st.sampled_from(("", " fee 1.25", " fee 3 tax 2")).flatmap(
    lambda charges: st.sampled_from(ACCOUNTS).map(lambda account: f"{charges} in {account}")
)


def said(words: str, **parts: st.SearchStrategy[object]) -> st.SearchStrategy[str]:
    """Return lines of one shape: {places} in the words are filled by the parts."""
    return st.fixed_dictionaries(parts).map(lambda filled: words.format(**filled))


def kinds(*names: str) -> st.SearchStrategy[str]:
    return st.sampled_from(names)


# everything a ledger may hold, oversold rows and empty accounts included
SHAPES = (
    said("buy {units} {symbol} @ {price}{place}", units=units, symbol=symbol, price=price, place=place),
    said("buy {units} NOTE @ {price} accrued 1.5{place}", units=units, price=price, place=place),
    said("sell {units} {symbol} @ {price}{place}", units=units, symbol=symbol, price=price, place=place),
    said(
        "buy {units} {symbol} for {money} fx {price}{place}", units=units, symbol=symbol, money=money, price=price, place=place
    ),
    said("buy {units} {symbol} for {money}{place}", units=units, symbol=symbol, money=money, place=place),
    said("deposit {money}{place}", money=money, place=place),
    said("{kind} {money}{place}", kind=kinds("withdrawal", "salary"), money=money, place=place),
    said(
        "{kind} {symbol} {money}{place}",
        kind=kinds("dividend", "payment_in_lieu", "return_of_capital", "coupon", "interest", "fee", "tax", "tax_refund"),
        symbol=symbol,
        money=money,
        place=place,
    ),
    said(
        "{kind} {money}{place}",
        kind=kinds("interest", "lending_rebate", "fee", "tax", "interest_charge", "fee_refund", "tax_refund"),
        money=money,
        place=place,
    ),
    said(
        "split {ratio} {symbol} in {account}",
        ratio=st.sampled_from((2, 4, 0.5, 1.1)),
        symbol=symbol,
        account=st.sampled_from(("*", *ACCOUNTS)),
    ),
    said("stock_dividend {units} {symbol}{place}", units=units, symbol=symbol, place=place),
    said(
        "{kind} {units} {symbol} @ {price}{place}",
        kind=kinds("delivery_in", "delivery_out"),
        units=units,
        symbol=symbol,
        price=price,
        place=place,
    ),
    said("transfer {units} units of {symbol} to Two in One", units=units, symbol=symbol),
    said("transfer {money} to Two in One", money=money),
    said("transfer {money} to Two in One gets {size}:USD", money=money, size=sizes("USD")),
    said("fx {money} gets {size}:{code}{place}", money=money, size=sizes("TWD"), code=st.sampled_from(CURRENCIES), place=place),
    said(
        "spin_off {units} AAA SPUN {size} USD in {account}", units=units, size=sizes("USD"), account=st.sampled_from(ACCOUNTS)
    ),
    said("price {symbol} {price}", symbol=symbol, price=price),
    said("rate {pair} {rate}", pair=kinds("USDTWD", "USDJPY"), rate=st.integers(20, 200)),
)
dated = st.builds(lambda day, line: f"{START + dt.timedelta(days=day)} {line}", st.integers(0, 80), st.one_of(*SHAPES))


@st.composite
def households(draw: st.DrawFn) -> Ledger:
    """Return a household whose prices and rates are known from the start and move now and then."""
    first = START - dt.timedelta(days=5)
    known = [f"{first} price {each} {draw(price)}" for each in (*SYMBOLS, "SPUN")]
    known += [f"{first} rate USDTWD {draw(st.integers(25, 35))}", f"{first} rate USDJPY {draw(st.integers(90, 160))}"]
    diary = "\n".join([*known, *draw(st.lists(dated, min_size=1, max_size=25))])
    note(diary)
    shares = (Instrument(each, each, "STOCK", code, "NEUTRAL") for each, code in SYMBOLS.items() if each != "NOTE")
    return scenario(diary, instruments=(*shares, NOTE))


def review_of(ledger: Ledger, base: str) -> QuarterlyReview:
    return build_quarterly_review(
        ledger=ledger, period=between(start=dt.date(2024, 1, 20), end=dt.date(2024, 3, 10)), base=base
    )


@pytest.mark.parametrize("base", CURRENCIES)
@settings(max_examples=350, deadline=None, suppress_health_check=list(HealthCheck))
@given(ledger=households())
def test_the_bridge_closes_and_contributions_sum_to_the_return(base: str, ledger: Ledger):
    review = review_of(ledger, base)
    scale = max(abs(review.opening_value), abs(review.closing_value), 1e6)

    assert abs(review.bridge.residual) < max(0.01, 1e-11 * scale)

    total = sum(line.contribution for line in review.contributions)
    assert total == pytest.approx(review.returns.time_weighted, rel=1e-9, abs=1e-9)

    gains = sum(line.gain for line in review.contributions)
    change = review.closing_value - review.opening_value - review.net_external_flow
    assert gains == pytest.approx(change, rel=1e-9, abs=max(0.01, 1e-11 * scale))

    held = sum(position.value for position in review.positions) + sum(line.value for line in review.cash)
    assert held == pytest.approx(review.closing_value, rel=1e-9, abs=0.01)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(ledger=households())
def test_parts_of_two_halves_add_up_to_those_of_the_whole(ledger: Ledger):
    def bridge(start: dt.date, end: dt.date) -> tuple[float, ...]:
        found = build_quarterly_review(ledger=ledger, period=between(start=start, end=end), base="TWD").bridge
        return (found.price_gain, found.currency_gain, found.cross_gain, found.income, found.taxes, found.fees)

    whole = bridge(dt.date(2024, 1, 10), dt.date(2024, 3, 10))
    first, second = bridge(dt.date(2024, 1, 10), dt.date(2024, 2, 9)), bridge(dt.date(2024, 2, 10), dt.date(2024, 3, 10))

    for part, early, late in zip(whole, first, second, strict=True):
        assert early + late == pytest.approx(part, rel=1e-9, abs=0.01)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(ledger=households())
def test_no_lot_is_negative_and_lots_sum_to_positions(ledger: Ledger):
    review = review_of(ledger, "TWD")

    for position in review.positions:
        assert position.quantity > 0
        assert position.cost_average >= -1e-6
        assert position.cost_fifo >= -1e-6
