"""The mappings that come with the program: Taiwan's brokers, a plain list of trades, Firstrade's page in Chinese. Data only."""

from dataclasses import replace

from portfolio.engine.kinds import Kind
from portfolio.importers.mapping import REVIEW, Mapping

_BUY = ("買", "買進", "買入", "現買", "現股買進", "現股買", "零股買進", "零買", "普買", "定期定額買進", "B")
_SELL = ("賣", "賣出", "現賣", "現股賣出", "現股賣", "零股賣出", "零賣", "普賣", "S")
# on credit, short, within a day; units without money; corporate actions whose terms are not in the file
_JUDGED = (
    "融資", "融券", "資買", "資賣", "券買", "券賣", "融資買進", "融資賣出", "融券買進", "融券賣出", "當沖", "沖", "沖買",
    "沖賣", "現股當沖", "減資", "現金增資", "認購", "增資", "匯撥", "存入", "轉出", "轉入", "借券收入",
)  # fmt: skip

TAIWAN = Mapping(
    columns={
        "date": ["成交日期", "交易日期", "成交日", "交易日", "日期"],
        "type": ["買賣別", "交易種類", "交易類別", "買賣", "交易別", "摘要"],
        "symbol": ["股票代號", "證券代號", "商品代號", "股票代碼", "證券代碼", "代號", "代碼"],
        "name": ["股票名稱", "證券名稱", "商品名稱", "股名", "名稱", "商品"],
        "quantity": ["成交數量", "成交股數", "股數", "數量"],
        "price": ["成交價", "成交單價", "成交價格", "單價", "價格"],
        "amount": ["成交金額", "價金", "成交價金"],
        "net_amount": ["應收付帳款", "淨收付金額", "應收付金額", "應收(付)金額", "客戶淨收付", "淨收付"],
        "fee": ["手續費"],
        "tax": ["交易稅", "證交稅"],
        "currency": ["幣別"],
        "external_id": ["委託書號", "成交序號"],
    },
    words={
        **dict.fromkeys(_BUY, str(Kind.BUY)),
        **dict.fromkeys(_SELL, str(Kind.SELL)),
        "股息": str(Kind.DIVIDEND),
        "現金股利": str(Kind.DIVIDEND),
        "股票股利": str(Kind.STOCK_DIVIDEND),
        "配股": str(Kind.STOCK_DIVIDEND),
        "利息": str(Kind.INTEREST),
        **dict.fromkeys(_JUDGED, REVIEW),
    },
    constants={"currency": "TWD"},
    dates="roc",
    stop_words=["小計", "合計", "總計", "總和"],
    trades="gross",
    income="net",
)
# units in lots of a thousand
TAIWAN_LOTS = replace(TAIWAN, columns={**TAIWAN.columns, "quantity": ["成交張數"]}, scale={"quantity": "1000"})
PLAIN = Mapping(
    columns={
        "date": ["Date", "Trade Date"],
        "symbol": ["Symbol", "Ticker"],
        "type": ["Type", "Action"],
        "quantity": ["Quantity", "Shares", "Units"],
        "price": ["Price"],
        "amount": ["Amount"],
        "fee": ["Fee", "Fees", "Commission"],
        "tax": ["Tax"],
        "currency": ["Currency"],
        "note": ["Note"],
    },
    words={**{str(kind): str(kind) for kind in Kind}, "dividend reinvestment": REVIEW},
    stop_words=["Total", "Subtotal"],
)
FIRSTRADE_CHINESE = Mapping(
    columns={
        "date": ["日期"],
        "type": ["交易類別"],
        "quantity": ["數量"],
        "note": ["說明"],
        "symbol": ["代號"],
        "price": ["價格"],
        "net_amount": ["金額"],
    },
    words={
        "買進": str(Kind.BUY),
        "賣出": str(Kind.SELL),
        "股息": str(Kind.DIVIDEND),
        "利息": str(Kind.INTEREST),
        "存款": f"{Kind.DEPOSIT}|{Kind.WITHDRAWAL}",
        "匯款": f"{Kind.DEPOSIT}|{Kind.WITHDRAWAL}",
        "其他": REVIEW,
    },
    constants={"currency": "USD"},
    dates="mdy",
    trades="net",
)
# asked in this order where a file names none
SHIPPED: dict[str, Mapping] = {"taiwan-lots": TAIWAN_LOTS, "taiwan": TAIWAN, "plain": PLAIN}
CHOSEN: dict[str, Mapping] = {**SHIPPED, "firstrade-chinese": FIRSTRADE_CHINESE}
