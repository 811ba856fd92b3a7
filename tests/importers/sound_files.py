"""A sound file of each format as its head, its rows and its foot, so that tests can turn, halve and damage it."""

from dataclasses import dataclass

from tests.importers.test_ghostfolio import CSV as GHOSTFOLIO_CSV
from tests.importers.test_ibkr_csv import BUY, CASH, DIVIDEND, HISTORY, NEW, TAX, TRADES
from tests.importers.test_ibkr_flex import ABC, NO_SYMBOL, PAIR, action, cash, flex, trade, transfer
from tests.importers.test_ibkr_flex import DIVIDEND as DIVIDEND_TEXT
from tests.importers.test_ibkr_flex import TAX as TAX_TEXT
from tests.importers.test_ofx import bank_row, ofx, row
from tests.importers.test_portfolio_performance import ENGLISH, GERMAN
from tests.importers.test_sharesight import FOREIGN, INCOME
from tests.importers.test_sharesight import TRADES as SHARESIGHT_TRADES


@dataclass(frozen=True)
class SoundFile:
    """`joint` stands between rows, and nothing after the last."""

    format: str
    head: str
    rows: tuple[str, ...]
    foot: str = ""
    joint: str = "\n"
    account: str = ""

    def text(self, rows: tuple[str, ...] | None = None) -> bytes:
        return (self.head + self.joint.join(self.rows if rows is None else rows) + self.foot).encode()


def _around(data: bytes) -> tuple[str, str]:
    head, _, foot = data.decode().partition("@@")
    return head, foot


def _flex(section: str, *rows: str) -> SoundFile:
    return SoundFile("ibkr-flex", *_reordered(_around(flex(**{section: "@@"})), rows))


def _reordered(around: tuple[str, str], rows: tuple[str, ...]) -> tuple[str, tuple[str, ...], str]:
    return around[0], rows, around[1]


def _days(make, count: int = 9) -> tuple[str, ...]:
    return tuple(make(number) for number in range(1, count + 1))


FLEX_TRADES = _flex(
    "trades",
    *_days(lambda day: trade(tradeDate=f"2024010{day}", dateTime=f"2024010{day};101112", transactionID=f"10{day}")),
    trade(transactionID="110"),
    trade(transactionID="111"),
    trade(base=PAIR, buySell="SELL", quantity="-10", tradePrice="1.1", proceeds="11", transactionID="112", ibCommission="0"),
    trade(tag="Order", transactionID=""),
)
FLEX_CASH = _flex(
    "cash",
    *_days(lambda day: cash("Deposits", "5", base=NO_SYMBOL, number=f"20{day}", on=f"2024010{day}", paid=f"2024010{day}")),
    cash("Other Fees", "-1", number="", text="DATA"),
    cash("Other Fees", "-1", number="", text="DATA"),
    cash("Dividends", "10", text=DIVIDEND_TEXT, number="220"),
    cash("Withholding Tax", "-3", text=TAX_TEXT, number="221"),
    cash("Withholding Tax", "3", text=TAX_TEXT, number="222", on="20250201"),
    cash("Withholding Tax", "-2", text=TAX_TEXT, number="223", on="20250201"),
    cash("Broker Interest Received", "2", base=NO_SYMBOL, text="SYEP", number="224"),
)
FLEX_UNITS = _flex("transfers", *_days(lambda day: transfer("IN", number=f"30{day}", base=ABC, quantity=str(day))))
FLEX_ACTIONS = _flex(
    "actions",
    action("SD", quantity="5"),
    action("FS", quantity="5", text="SPLIT 2 FOR 1", number="302").replace('actionID="9"', 'actionID="10"'),
)
IBKR_TRADES = SoundFile(
    "ibkr-csv",
    f"{TRADES}\n",
    _days(lambda day: BUY.replace("20240105", f"2024010{day}").replace(",101", f",10{day}")),
    f"\n{CASH}\n{DIVIDEND}\n{TAX}\n",
)
IBKR_HISTORY = SoundFile(
    "ibkr-csv",
    HISTORY.format(change="-", columns=NEW),
    (
        *_days(
            lambda day: (
                f"Transaction History,Data,2025-03-0{day},U***777,X CORP,Buy,XCO,{day},10,USD,{-9 * day},-1,{-9 * day - 1},0.9"
            )
        ),
        "Transaction History,Data,2025-03-09,U***777,XCO DIV,Dividend,XCO,-,-,EUR,10,-,10,-",
        "Transaction History,Data,2025-03-09,U***777,XCO TAX,Foreign Tax Withholding,XCO,-,-,EUR,-1,-,-1,-",
        "Transaction History,Data,2025-03-08,U***777,FX Translations P&L,Adjustment,-,-,-,EUR,0.5,-,0.5,-",
    ),
)  # fmt: skip
_OFX_ROWS = (
    *_days(
        lambda day: row("BUYSTOCK", "<UNITS>10<UNITPRICE>100<TOTAL>-1000", number=f"b{day}", day=f"2024010{day}", memo="BUY")
    ),
    row("INCOME", "<INCOMETYPE>DIV<TOTAL>70<WITHHOLDING>30", number="i1"),
    row("REINVEST", "<INCOMETYPE>DIV<TOTAL>-50<UNITS>0.5<UNITPRICE>100", number="r1"),
    row("SELLSTOCK", "<UNITS>-1<UNITPRICE>100<TOTAL>100", number="s1", day="20240220"),
    bank_row("CREDIT", "500", number="c1"),
    bank_row("INT", "5", number="c2"),
)
OFX = SoundFile("ofx", *_reordered(_around(ofx("@@")), _OFX_ROWS))
GHOSTFOLIO = SoundFile(
    "ghostfolio",
    GHOSTFOLIO_CSV,
    (
        *_days(lambda day: f"0{day}-01-2024,ABC,YAHOO,USD,100.5,{day},BUY,1,note"),
        "2024-02-01,ABC,YAHOO,USD,0.5,10,DIVIDEND,0,",
        "2024-02-02,FEE,MANUAL,USD,5,1,FEE,0,custody",
        "2024-02-03,ABC,YAHOO,GBp,500,1,SELL,0,",
    ),
    account="Broker",
)
_ACTIVITY = (
    '{{"accountId": "a-1", "fee": 1, "quantity": {n}, "type": "BUY", "unitPrice": 10.5, "currency": "USD",'
    ' "dataSource": "YAHOO", "date": "2024-01-0{n}T00:00:00.000Z", "symbol": "ABC", "id": "act-{n}"}}'
)
GHOSTFOLIO_JSON = SoundFile(
    "ghostfolio",
    '{"meta": {"version": "2"}, "accounts": [{"id": "a-1", "name": "Broker"}], "activities": [',
    _days(lambda day: _ACTIVITY.format(n=day)),
    "]}",
    ",",
)
PERFORMANCE = SoundFile(
    "portfolio-performance",
    f"{ENGLISH}\n",
    (
        *_days(lambda day: f'2024-01-0{day},Buy,"1,012.50",EUR,,,,10.00,2.50,{day},US0378331005,865985,ABC,ABC Inc,'),
        "2024-02-01,Dividend,73.50,EUR,,,,0,26.50,4,US0378331005,865985,ABC,ABC Inc,",
        "2024-02-02,Deposit,500.00,EUR,,,,0,0,,,,,,",
        '2024-02-03,Sell,"920.00",EUR,"1,000.00",USD,0.92,0,0,4,US0378331005,865985,ABC,ABC Inc,',
    ),
    account="Broker",
)
PERFORMANCE_GERMAN = SoundFile(
    "portfolio-performance",
    f"{GERMAN}\n",
    _days(lambda day: f"2024-01-0{day};Kauf;1.012,50;EUR;;;;10,00;2,50;{day};US0378331005;865985;ABC;ABC Inc;"),
    account="Broker",
)
_SHARESIGHT = SHARESIGHT_TRADES.partition("{rows}")
SHARESIGHT = SoundFile(
    "sharesight",
    _SHARESIGHT[0],
    (
        *_days(lambda day: f"NASDAQ,ABC,ABC Inc,Buy,0{day}/02/2024,{day},100.5,5,USD,1.35,750.00,,"),
        "NASDAQ,ABC,ABC Inc,Sell,10/02/2024,-3,101,5,USD,1.35,-400.00,,sold",
    ),
    f"\n{_SHARESIGHT[2]}",
    account="Broker",
)
_INCOME = INCOME.replace("{local}", "").partition("{foreign}")
SHARESIGHT_INCOME = SoundFile(
    "sharesight",
    _INCOME[0],
    _days(lambda day: FOREIGN.strip().replace("07/03", f"0{day}/03")),
    f"\n{_INCOME[2]}",
    account="Broker",
)
SOUND_FILES = {
    name.lower(): value for name, value in list(globals().items()) if isinstance(value, SoundFile) and name.isupper()
}
