"""Flex queries in CSV: one or more sections, each with a header of its own, become records. Pure."""

import datetime as dt
from dataclasses import dataclass, field

from portfolio.importers.broker_table import Line, all_lines, head_lines
from portfolio.importers.ibkr.flex_ledger import read_records
from portfolio.importers.ibkr.records import Record, Section, name_of, tidied
from portfolio.importers.rows import Problem, Reading
from portfolio.importers.text import FileError, decode

SOURCE = "ibkr-csv"
_CODES = frozenset({"BOF", "BOA", "BOS", "HEADER", "DATA", "EOS", "EOA", "EOF"})
# names that only this broker gives to columns; as written, in lower case
_OWN_NAMES = frozenset(
    {
        "clientaccountid",
        "currencyprimary",
        "fxratetobase",
        "assetclass",
        "ibcommission",
        "levelofdetail",
        "ibcommissioncurrency",
    }
)
_ALSO_USED = frozenset(
    {
        "conid",
        "listingexchange",
        "tradeid",
        "transactionid",
        "buy/sell",
        "notes/codes",
        "settledatetarget",
        "netcash",
        "actionid",
    }
)
_SECTION_OF_CODE = {
    "TRNT": Section.TRADES,
    "TCNF": Section.TRADES,
    "CTRN": Section.CASH,
    "CORP": Section.ACTIONS,
    "TRNF": Section.TRANSFERS,
    "TRFR": Section.TRANSFERS,
}


@dataclass(slots=True)
class _Part:
    """One section: its header and the rows under it."""

    header: Line
    code: str = ""
    rows: list[Line] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The columns by the names used here."""
        return [name_of(cell) if cell else "" for cell in self.header.cells]

    def section(self) -> Section:
        """Say what the rows tell of, by the section's code or by its columns."""
        names = set(self.names)
        if self.code in _SECTION_OF_CODE:
            return _SECTION_OF_CODE[self.code]
        if "actionid" in names and "quantity" in names and "buysell" not in names:
            return Section.ACTIONS
        if "direction" in names and names & {"positionamount", "cashtransfer"}:
            return Section.TRANSFERS
        if "buysell" in names or {"quantity", "tradeprice", "tradedate"} <= names:
            return Section.TRADES
        if "type" in names and names & {"amount"}:
            return Section.CASH
        return Section.OTHER


def recognises(*, data: bytes) -> bool:
    """Say whether a header with this broker's own column names stands near the top."""
    try:
        lines = head_lines(data)
    except FileError:
        return False
    return any(_is_header(_without_code(line)) for line in lines)


def read(*, data: bytes, today: dt.date, account: str = "") -> Reading:
    """Return the rows of a Flex query in CSV. Raises FileError, naming a column that is needed and missing."""
    parts = _parts(all_lines(decode(data, western=True).text))
    if not parts:
        raise FileError("has no header of a Flex query; include column headers in the query")
    records: list[Record] = []
    unknown: list[Problem] = []
    for part in parts:
        section = part.section()
        if section is Section.OTHER:
            words = "the section under this header is not known here: its rows were not read"
            unknown.append(Problem(part.header.number, "", words, "unknown_section"))
        else:
            _check(part, section)
        columns = " ".join(part.names)
        for line in part.rows:
            values = tidied(zip(part.header.cells, line.cells, strict=False))
            values["columns"] = columns
            records.append(Record(line.number, section, values, values.get("accountid", "")))
    if not records:
        return Reading(warnings=[Problem(parts[0].header.number, "", "the file has a header and no rows"), *unknown])
    reading = read_records(records=records, today=today, account=account, source=SOURCE)
    reading.warnings.extend(unknown)
    return reading


def _without_code(line: Line) -> Line:
    """Return a line without the record code and the section's code that an option of the query puts before it."""
    if line.cells[:1] and line.cells[0] in {"HEADER", "DATA"}:
        return Line(line.number, line.cells[2:])
    return line


def _is_header(line: Line) -> bool:
    names = {cell.casefold() for cell in line.cells}
    return len(names & _OWN_NAMES) >= 1 and len(names & (_OWN_NAMES | _ALSO_USED)) >= 2


def _parts(lines: tuple[Line, ...]) -> list[_Part]:
    parts: list[_Part] = []
    for line in lines:
        if line.is_blank:
            continue
        code = line.cells[0]
        # lines between the sections hold counts and account numbers, no events
        if code in _CODES - {"HEADER", "DATA"}:
            continue
        bare = _without_code(line)
        if code == "HEADER" or _is_header(bare):
            parts.append(_Part(bare, line.cells[1] if code == "HEADER" and len(line.cells) > 1 else ""))
        elif parts:
            parts[-1].rows.append(bare)
    return parts


def _check(part: _Part, section: Section) -> None:
    names = set(part.names)
    needed: dict[Section, tuple[tuple[str, set[str]], ...]] = {
        Section.TRADES: (
            ("Buy/Sell", {"buysell"}),
            ("TradeDate", {"tradedate", "datetime"}),
            ("Quantity", {"quantity"}),
            ("TradePrice, TradeMoney or Proceeds", {"tradeprice", "trademoney", "proceeds"}),
            ("CurrencyPrimary", {"currency"}),
        ),
        Section.CASH: (
            ("Type", {"type"}),
            ("SettleDate, ReportDate or Date/Time", {"settledate", "reportdate", "datetime", "date"}),
            ("Amount", {"amount"}),
            ("CurrencyPrimary", {"currency"}),
            ("Description", {"description"}),
        ),
    }
    for shown, ways in needed.get(section, ()):
        if not ways & names:
            words = f"the {section} under this header lack the column {shown}; add it to the query and download again"
            raise FileError(words, line=part.header.number, column=shown)
