"""Every booking of income, and its sums by payer, kind, account and currency over months, quarters and years."""

import datetime as dt

from pytest import approx

from portfolio.reports.income_history import build_income_history, income_table, net_of_year, trailing_nets
from tests.scenario import scenario

DIARY = """
    2023-01-02  deposit         100000 USD
    2023-01-02  buy             100 ABC @ 50
    2023-01-02  buy             100 XYZ @ 50
    2024-03-20  dividend        ABC 100 USD  tax 30  ex 2023-12-29
    2024-06-20  dividend        XYZ 40 USD   in Other
    2024-07-01  sell            100 XYZ @ 50
    2025-01-10  lending_rebate  ABC 5 USD
    2025-01-15  interest        7 USD
    2025-03-20  dividend        ABC 120 USD  tax 36
    2025-03-31  price           ABC 50
"""


def history():
    return build_income_history(ledger=scenario(DIARY), as_of=dt.date(2025, 3, 31), base="USD")


def lines(side: str, step: str) -> dict[str, tuple]:
    return {line.name: line.cells for line in income_table(history=history(), side=side, step=step).lines}


def test_income_is_summed_by_payer_and_year_and_what_was_sold_stays():
    table = income_table(history=history(), side="payer", step="year")

    assert table.columns == ("2024", "2025")
    # net: 100 − 30 and 120 − 36
    assert lines("payer", "year") == {
        "ABC": (approx(70), approx(84)),
        "XYZ": (approx(40), None),
        "interest": (None, approx(7)),
        "lending_rebate": (None, approx(5)),
    }
    assert table.totals == (approx(110), approx(96))
    assert table.total == approx(206)
    assert history().held == {"ABC"}


def test_lending_rebates_are_a_line_of_their_own_with_their_yield_on_what_was_lent():
    # 5 on 100 × 50
    (lent,) = history().lending

    assert (lent.symbol, lent.net, lent.share) == ("ABC", approx(5), approx(0.001))


def test_the_ex_date_decides_where_the_year_of_entitlement_is_asked_for():
    assert lines("payer", "entitled")["ABC"] == (approx(70), None, approx(84))


def test_quarters_and_months_without_income_keep_their_columns():
    quarters = income_table(history=history(), side="kind", step="quarter")
    months = income_table(history=history(), side="currency", step="month")

    assert quarters.columns[-3:] == ("2024-Q3", "2024-Q4", "2025-Q1")
    assert quarters.totals[-3:] == (0, 0, approx(96))
    assert (len(months.columns), months.columns[0], months.columns[-1]) == (12, "2024-04", "2025-03")
    assert months.totals[0] == 0


def test_income_is_summed_by_kind_and_account():
    assert set(lines("kind", "year")) == {"DIVIDEND", "INTEREST", "LENDING_REBATE"}
    assert lines("account", "year")["Other"] == (approx(40), None)


def test_the_last_twelve_months_by_payer_the_largest_first():
    # 20 March 2024 is more than twelve months ago
    nets = trailing_nets(history=history(), side="payer")

    assert list(nets.items()) == [("ABC", 84), ("XYZ", 40), ("interest", 7), ("lending_rebate", 5)]


def test_a_calendar_years_net():
    assert net_of_year(history=history(), year=2025) == approx(96)
