"""Flex queries in XML: elements become records. Entities and document types are refused unread. Pure.

Every row is an element whose data are attributes, all of them optional, since whoever set up the query picks them.
"""

import datetime as dt
import io
import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from portfolio.importers.ibkr.flex_ledger import read_records
from portfolio.importers.ibkr.records import Record, Section, tidied
from portfolio.importers.rows import Problem, Reading
from portfolio.importers.text import FileError

_ROOTS = re.compile(rb"<(?:[A-Za-z]+:)?(FlexQueryResponse|FlexStatementResponse)\b")
_HEAD = 20_000
_SECTIONS = {
    "trades": Section.TRADES,
    "tradeconfirms": Section.TRADES,
    "cashtransactions": Section.CASH,
    "corporateactions": Section.ACTIONS,
    "transfers": Section.TRANSFERS,
}
# these tell of no event, or of events that the sections above tell of as well
_REPEATING = frozenset(
    """
    accountinformation accountinformationpartial cashreport cfdcharges changeindividendaccruals changeinnav
    changeinpositionvalues complexpositions conversionrates equitysummarybyreportdateinbase equitysummaryinbase
    fifoperformancesummaryinbase fxlots fxpositions fxtransactions hardtoborrowdetails hardtoborrowmarkups
    ibgnotetransactions interestaccruals mtdytdperformancesummary mtmperformancesummaryinbase netstockpositions
    netstockpositionsummary nostocks opendividendaccruals openordersinfo openpositions pendingexcercises
    priorperiodpositions routingcommissions securitiesinfo slbactivities slbactivity slbfees slbopencontracts
    statementoffunds stmtfunds tieredinterestdetails unbundledcommissiondetails
    """.split()  # noqa: SIM905  forty words read better than forty strings
)
_LEVEL_OF_TAG = {
    "trade": "EXECUTION",
    "tradeconfirm": "EXECUTION",
    "order": "ORDER",
    "symbolsummary": "SYMBOL_SUMMARY",
    "assetsummary": "ASSET_SUMMARY",
    "lot": "CLOSED_LOT",
    "washsale": "WASH_SALE",
}
_MOST_ROWS = 200_000


def recognises(*, data: bytes) -> bool:
    """Say whether a file's root is a Flex query's."""
    # UTF-16 has a zero beside every letter of a tag
    return bool(_ROOTS.search(data[:_HEAD].replace(b"\0", b"")))


def read(*, data: bytes, today: dt.date, account: str = "") -> Reading:
    """Return the rows of a Flex query. Raises FileError for one that is damaged, unsafe or an error of the service."""
    records, unknown = _records(data)
    if not records:
        return Reading(warnings=[Problem(0, "", "is a Flex query without trades, cash rows or transfers", "no_rows")])
    reading = read_records(records=records, today=today, account=account, source="ibkr-flex")
    reading.warnings.extend(
        Problem(0, "", f"the section {name} is not known here: its rows were not read", "unknown_section")
        for name in sorted(unknown)
    )
    return reading


def _records(data: bytes) -> tuple[list[Record], set[str]]:
    found = _Walk()
    try:
        for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
            found.take(event, element)
    except DefusedXmlException:
        raise FileError("declares a document type or entities, which no Flex query does; it was not read") from None
    except ParseError as error:
        line, column = error.position
        raise FileError(f"is damaged XML (character {column}); download it again", line=line) from None
    except (ValueError, LookupError) as error:
        raise FileError(f"cannot be read as XML: {error}") from None
    return found.records, found.unknown


class _Walk:
    """Follows the elements and keeps the rows; each element is forgotten when it ends, so a long file stays small."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.unknown: set[str] = set()
        self._open: list[Element] = []
        self._statement = ""
        self._error: dict[str, str] = {}

    def take(self, event: str, element: Element) -> None:
        if event == "start":
            self._start(element)
            return
        self._open.pop()
        if _tag(element) in {"errorcode", "errormessage"}:
            self._error[_tag(element)] = (element.text or "").strip()
        if _tag(element) == "flexstatementresponse":
            code, words = self._error.get("errorcode", ""), self._error.get("errormessage", "")
            raise FileError(f"is an answer of the Flex service without data: {code} {words}".strip()[:300])
        element.clear()

    def _start(self, element: Element) -> None:
        parents = [_tag(each) for each in self._open]
        self._open.append(element)
        tag = _tag(element)
        if tag == "flexstatement":
            self._statement = element.get("accountId", "").strip().removeprefix("-")
        if "flexstatement" not in parents or parents[-1] == "flexstatement":
            return
        section_name = parents[parents.index("flexstatement") + 1]
        # what stands deeper belongs to the row around it
        if len(parents) > parents.index("flexstatement") + 2:
            return
        self._add(tag, section_name, element)

    def _add(self, tag: str, section_name: str, element: Element) -> None:
        if len(self.records) >= _MOST_ROWS:
            raise FileError(f"has more than {_MOST_ROWS:,} rows; split it by year")
        section = _SECTIONS.get(section_name)
        if section is None:
            if section_name not in _REPEATING:
                self.unknown.add(_plain_name(self._open[-2]))
            return
        values = tidied(element.items())
        if section is Section.TRADES:
            values.setdefault("levelofdetail", _LEVEL_OF_TAG.get(tag, "EXECUTION"))
        if element.get("accountId", "").strip() == "-":
            values.setdefault("levelofdetail", "SUMMARY")
        own = values.get("accountid", "")
        self.records.append(Record(len(self.records) + 1, section, values, own or self._statement))


def _tag(element: Element) -> str:
    return _plain_name(element).casefold()


def _plain_name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
