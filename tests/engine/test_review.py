"""The review's sections on small diaries whose figures can be seen."""

from pytest import approx

from portfolio.engine.ledger import Instrument
from tests.scenario import bond, scenario

TWD_SHARE = Instrument("TSM", "TSM", "STOCK", "TWD", "MARKET")
USD_SHARE = Instrument("QQQ", "QQQ", "ETF", "USD", "MARKET")


def test_a_deposit_the_day_before_a_rise_does_not_change_the_return(review_of):
    ledger = scenario("""
        2025-01-02  deposit  1000 USD
        2025-01-02  buy      10 QQQ @ 100
        2025-01-03  deposit  1000 USD
        2025-01-06  price    QQQ 110
    """)

    found = review_of(ledger, "2025-01-03", "2025-01-06")

    # base on the 3rd: 1000 + 1000; on the 6th ten units are worth 1100 beside 1000 cash: 2100 / 2000 - 1
    assert found.returns.time_weighted == approx(0.05)
    assert (found.opening_value, found.deposits, found.closing_value) == (1000, 1000, 2100)


def test_the_bridge_splits_a_foreign_share_into_price_currency_and_cross_day_by_day(review_of):
    ledger = scenario(
        """
        2025-01-01  rate     USDTWD 30
        2025-01-01  deposit  30000 TWD
        2025-01-01  fx       30000 TWD gets 1000:USD
        2025-01-01  buy      10 QQQ @ 100
        2025-01-02  price    QQQ 110
        2025-01-03  rate     USDTWD 33
        """,
        instruments=(USD_SHARE,),
        base="TWD",
    )

    found = review_of(ledger, "2025-01-02", "2025-01-03", base="TWD").bridge

    # on the 2nd 10 x 10 x 30, on the 3rd 10 x 110 x 3; never both on one day, so nothing crosses
    assert (found.price_gain, found.currency_gain, found.cross_gain) == (approx(3000), approx(3300), approx(0))


def test_price_and_rate_that_move_together_leave_a_cross_part(review_of):
    ledger = scenario(
        """
        2025-01-01  rate         USDTWD 30
        2025-01-01  delivery_in  10 QQQ @ 100
        2025-01-02  price        QQQ 110
        2025-01-02  rate         USDTWD 33
        """,
        instruments=(USD_SHARE,),
        base="TWD",
    )

    found = review_of(ledger, "2025-01-02", "2025-01-02", base="TWD")

    # 10 x 10 x 30, 10 x 100 x 3, 10 x 10 x 3; (1 + 0.10)(1 + 0.10) = 1.21
    assert (found.bridge.price_gain, found.bridge.currency_gain, found.bridge.cross_gain) == (3000, 3000, 300)
    assert found.returns.time_weighted == approx(0.21)


def test_a_recorded_rate_rules_its_row_and_its_gap_belongs_to_the_holding(review_of):
    ledger = scenario(
        """
        2025-01-01  rate     USDTWD 30
        2025-01-01  deposit  40000 TWD
        2025-01-02  buy      10 QQQ for 31000 TWD fx 31
        2025-01-02  price    QQQ 100
        """,
        instruments=(USD_SHARE,),
        base="TWD",
    )

    found = review_of(ledger, "2025-01-02", "2025-01-02", base="TWD")

    # paid 31 where the day's rate is 30: 10 x 100 x (30 - 31), a currency loss of the holding
    assert found.bridge.currency_gain == approx(-1000)
    assert [(line.symbol, line.gain) for line in found.contributions] == [("QQQ", approx(-1000))]


def test_an_exchange_off_the_days_rate_is_a_line_of_its_own_and_its_fee_another(review_of):
    ledger = scenario(
        """
        2025-01-01  rate     USDTWD 30
        2025-01-01  deposit  40000 TWD
        2025-01-02  fx       30300 TWD gets 1000:USD fee 100
        """,
        base="TWD",
    )

    found = review_of(ledger, "2025-01-02", "2025-01-02", base="TWD")

    assert {line.symbol: line.gain for line in found.contributions} == {"currency exchange": approx(-300), "fees": approx(-100)}
    assert found.review_contributions.left_out.cash == approx(-300)


def test_a_sale_earns_up_to_its_own_price_the_oldest_units_first(review_of):
    ledger = scenario("""
        2025-01-01  deposit  5000 USD
        2025-01-01  buy      10 QQQ @ 100
        2025-01-02  buy      10 QQQ @ 105
        2025-01-02  sell     15 QQQ @ 108
        2025-01-02  price    QQQ 110
    """)

    found = review_of(ledger, "2025-01-02", "2025-01-02")

    # 10 old ones from 100 to 108, 5 new ones from 105 to 108, 5 new ones from 105 to 110
    assert found.bridge.price_gain == approx(80 + 15 + 25)


def test_interest_accrued_in_a_trade_is_part_of_the_bonds_price(review_of):
    note = bond(rate=0.0425, issued="2024-11-15", matures="2034-11-15")
    ledger = scenario(
        """
        2025-03-11  deposit  20000 USD
        2025-03-12  buy      10000 NOTE @ 99.50 accrued 137.36
        2025-03-12  price    NOTE 99.50
        """,
        instruments=(note,),
    )

    found = review_of(ledger, "2025-03-12", "2025-03-12")

    # 117 of 181 days since 15 November: 212.50 x 117 / 181 = 137.36
    assert found.positions[0].accrued_interest == approx(137.36, abs=0.005)
    assert found.bridge.price_gain == approx(0, abs=0.005)


def test_charges_of_a_trade_and_a_dividends_tax_belong_to_the_holding(review_of):
    ledger = scenario("""
        2025-01-01  deposit   2000 USD
        2025-01-02  buy       10 QQQ @ 100 fee 3
        2025-01-03  dividend  QQQ 20 USD tax 6
        2025-01-03  fee       5 USD
        2025-01-03  interest  4 USD tax 1
        2025-01-03  price     QQQ 100
    """)

    found = review_of(ledger, "2025-01-02", "2025-01-03")

    lines = {line.symbol: line.gain for line in found.contributions}
    assert lines == {"QQQ": approx(20 - 6 - 3), "fees": approx(-5), "interest": approx(4), "taxes": approx(-1)}
    assert (found.bridge.income, found.bridge.taxes, found.bridge.fees) == (approx(24), approx(-7), approx(-8))


def test_refunds_net_what_they_give_back(review_of):
    ledger = scenario("""
        2025-01-01  deposit     100 USD
        2025-01-02  fee         5 USD
        2025-01-02  fee_refund  2 USD
        2025-01-02  tax_refund  3 USD
    """)

    found = review_of(ledger, "2025-01-02", "2025-01-02").bridge

    assert (found.fees, found.taxes, found.income) == (approx(-3), approx(3), 0)


def test_what_has_no_price_is_blank_and_so_is_every_total_that_needs_it(review_of):
    ledger = scenario("""
        2025-01-01  deposit         100 USD
        2025-01-02  stock_dividend  10 GIFT
    """)

    found = review_of(ledger, "2025-01-02", "2025-01-03")

    assert found.closing_value is None
    assert found.positions[0].value is None
    assert found.returns.time_weighted is None
    assert ("missing_price", "GIFT", "2025-01-02") in [(each.code, each.symbol, each.date) for each in found.warnings]


def test_a_missing_rate_is_named_and_nothing_is_guessed(review_of):
    found = review_of(scenario("2025-01-02  deposit  100 CHF"), "2025-01-01", "2025-01-03")

    assert found.closing_value is None
    assert found.cash[0].amount == 100
    assert [(each.code, each.symbol) for each in found.warnings if each.code == "missing_rate"] == [("missing_rate", "CHF")]


def test_a_statement_that_disagrees_is_a_warning_with_both_figures(review_of):
    ledger = scenario("""
        2025-01-01  deposit  1000 USD
        2025-01-02  buy      10 QQQ @ 50
        2025-01-03  balance  510 USD
    """)

    (warning,) = [each for each in review_of(ledger, "2025-01-01", "2025-01-03").warnings if each.code == "balance_differs"]

    assert warning.figures == {"account": "Broker", "currency": "USD", "stated": 510.0, "ledger": 500.0}


def test_cash_below_zero_is_named_with_its_depth(review_of):
    ledger = scenario("""
        2025-01-02  buy      10 QQQ @ 50
        2025-01-06  deposit  1000 USD
    """)

    (warning,) = [each for each in review_of(ledger, "2025-01-01", "2025-01-31").warnings if each.code == "negative_cash"]

    assert warning.date == "2025-01-02"
    assert warning.figures["amount"] == -500


def test_a_price_older_than_five_sessions_is_used_and_flagged(review_of):
    ledger = scenario("""
        2025-01-02  deposit  1000 USD
        2025-01-02  buy      10 QQQ @ 50
        2025-01-02  price    QQQ 50
    """)

    # 3, 6, 7, 8, 9 January are five weekdays; the 10th is the sixth
    assert "stale_price" not in {each.code for each in review_of(ledger, "2025-01-01", "2025-01-09").warnings}
    assert "stale_price" in {each.code for each in review_of(ledger, "2025-01-01", "2025-01-10").warnings}


def test_an_all_time_high_counts_against_everything_before_the_period(review_of):
    ledger = scenario("""
        2025-01-01  deposit  1000 USD
        2025-01-01  buy      10 QQQ @ 100
        2025-01-02  price    QQQ 130
        2025-01-03  price    QQQ 110
        2025-01-06  price    QQQ 129
        2025-01-07  price    QQQ 131
    """)

    found = review_of(ledger, "2025-01-03", "2025-01-07").records

    assert (found.record_days, found.peak_value, found.peak_date) == (1, approx(1310), "2025-01-07")
    # from 110 on the 3rd nothing falls further, but the 3rd itself fell from the opening 130
    assert found.max_drawdown == approx(1 - 110 / 130)


def test_changes_name_what_became_more_less_or_nothing_and_a_split_is_none(review_of):
    ledger = scenario("""
        2025-01-01  deposit  100000 USD
        2025-01-01  buy      10 AAA @ 10
        2025-01-01  buy      10 BBB @ 10
        2025-01-01  buy      10 CCC @ 10
        2025-01-01  buy      10 DDD @ 10
        2025-01-02  sell     10 AAA @ 11
        2025-01-02  sell     4 BBB @ 11
        2025-01-02  buy      5 CCC @ 12
        2025-01-02  split    4 DDD in *
        2025-01-02  buy      1 EEE @ 10
    """)

    found = review_of(ledger, "2025-01-02", "2025-01-03").changes

    assert [(each.action, each.symbol, each.quantity, each.amount) for each in found] == [
        ("NEW", "EEE", 1, approx(10)),
        ("ADDED", "CCC", 5, approx(60)),
        ("REDUCED", "BBB", 4, approx(44)),
        ("SOLD", "AAA", 10, approx(110)),
    ]


def test_salary_is_due_whole_on_the_first_of_each_month_and_paid_from_income_or_principal(review_of):
    ledger = scenario("""
        2025-01-01  monthly   100 USD
        2025-03-01  monthly   110 USD
        2025-01-01  deposit   10000 USD
        2025-01-05  salary    100 USD
        2025-02-05  salary    100 USD
        2025-03-05  salary    110 USD
        2025-03-20  interest  200 USD
        2025-03-20  tax_refund 20 USD
    """)

    found = review_of(ledger, "2025-01-01", "2025-03-31").salary

    assert (found.due, found.paid) == (310, 310)
    # 200 of 310; what may be paid out is income and the refund: 220, so 90 came from principal
    assert found.coverage_actual == approx(200 / 310)
    assert (found.distributable, found.from_principal) == (220, 90)
    # 200 in twelve months is 50 a quarter
    assert found.coverage_smoothed == approx(50 / 310)


def test_the_first_coupon_makes_good_the_interest_paid_at_purchase(review_of):
    note = bond(rate=0.0425, issued="2024-11-15", matures="2034-11-15")
    ledger = scenario(
        """
        2025-01-02  deposit  20000 USD
        2025-01-02  buy      10000 NOTE @ 100 accrued 56.35
        2025-05-15  coupon   NOTE 212.50 USD
        """,
        instruments=(note,),
    )

    found = review_of(ledger, "2025-04-01", "2025-06-30").income

    # docs/methods.md 11: 212.50 - 56.35
    assert (found.gross, found.net) == (212.50, approx(156.15))


def test_tracks_weigh_over_total_wealth_with_cash_as_its_own(review_of):
    ledger = scenario(
        """
        2025-01-01  deposit  1000 USD
        2025-01-01  buy      10 QQQ @ 60
        """,
        instruments=(USD_SHARE,),
        targets={"MARKET": 0.5},
    )

    tracks = {
        each.track: (each.weight, each.target, each.drift) for each in review_of(ledger, "2025-01-01", "2025-01-02").tracks
    }

    assert tracks["MARKET"] == (approx(0.6), 0.5, approx(0.1))
    assert tracks["CASH"] == (approx(0.4), None, None)


def test_rows_of_one_day_keep_their_order_and_timed_ones_change_places_among_themselves(review_of):
    ledger = scenario("""
        2025-01-01  deposit  10000 USD
        2025-01-02  sell     5 QQQ @ 20 at 15:00
        2025-01-02  buy      10 QQQ @ 10 at 09:00
    """)

    found = review_of(ledger, "2025-01-01", "2025-01-02")

    assert "oversold" not in {each.code for each in found.warnings}
    assert found.positions[0].quantity == 5


def test_an_empty_ledger_gives_a_review_of_nothing(review_of):
    found = review_of(scenario(""), "2025-01-01", "2025-03-31")

    assert (found.opening_value, found.closing_value, found.returns.time_weighted) == (0, 0, 0)
    assert found.positions == ()
