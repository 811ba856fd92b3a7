"""The elements of an OFX file, whichever of its two encodings it has, and reading single values of them. Pure.

Tags are split by ofxtools; that every aggregate is closed is checked here, so that a cut file is refused as a whole.
"""

import datetime as dt
import re
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

from ofxtools.Parser import TreeBuilder

from portfolio.importers.broker_values import cleaned, date_in_order
from portfolio.importers.kept_digits import rounded_money
from portfolio.importers.text import FileError
from portfolio.written_values import UnreadableError

_HEAD = 20_000
_START = re.compile(rb"<OFX>", re.IGNORECASE)
_MARKS = (rb"OFXHEADER", rb"<OFX>")
_CHARSET = re.compile(rb"CHARSET:\s*([A-Z0-9-]+)|encoding=[\"']([A-Za-z0-9_-]+)[\"']", re.IGNORECASE)
_FORBIDDEN = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_LOWER_TAG = re.compile(r"</?[A-Za-z0-9._]+>")
_COMMENT = re.compile(r"<!--[^<]*?-->|<\?[^<>]*\?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_DATE = re.compile(r"([0-9]{8})([0-9]{2}(?:[0-9]{2})?(?:[0-9]{2})?)?.*")
# values that SGML files leave without a text and without an end
_VALUES = frozenset(
    """
    MEMO NAME TICKER SECNAME CHECKNUM REFNUM FITID SIC PAYEEID FIID RATING ORG FID SRVRTID UNIQUEID UNIQUEIDTYPE MESSAGE
    TOTAL UNITS UNITPRICE COMMISSION FEES LOAD TAXES WITHHOLDING ACCRDINT CURSYM CURRATE DTSETTLE DTTRADE DTPOSTED DTUSER
    DTAVAIL TRNAMT TRNTYPE BUYTYPE SELLTYPE SELLREASON INCOMETYPE SUBACCTSEC SUBACCTFUND POSTYPE TFERACTION OLDUNITS NEWUNITS
    NUMERATOR DENOMINATOR FRACCASH INV401KSOURCE BROKERID ACCTID BANKID ACCTTYPE CURDEF INTU.BID INTU.USERID USERKEY COUPONRT
    DTMAT DTCALL CALLPRICE YIELDTOCALL YIELDTOMAT PARVALUE DEBTTYPE DEBTCLASS COUPONFREQ STOCKTYPE YIELD ASSETCLASS MFTYPE
    """.split()  # noqa: SIM905  a list of words
)
_DEEPEST = 40


def has_ofx(data: bytes) -> bool:
    """Say whether the first bytes are those of an OFX file."""
    head = data[:_HEAD].replace(b"\0", b"")
    return bool(_START.search(head)) and (b"OFXHEADER" in head.upper() or b"MSGSRS" in data[: 20 * _HEAD].upper())


def root_of(data: bytes) -> Element:
    """Return the root element. Raises FileError for a file that is damaged, cut short or declares entities."""
    if _FORBIDDEN.search(data):
        raise FileError("declares a document type or entities, which no OFX file does; it was not read")
    text = _decoded(data)
    begin = re.search(r"<OFX>", text, re.IGNORECASE)
    if begin is None:
        raise FileError("has no <OFX> element; download the file again")
    body = _plain_text(text[begin.start() :])
    builder = _Checked()
    try:
        builder.feed(body)
        return builder.finish()
    except SyntaxError as error:
        # both parsers' errors are such; the library's own words quote the whole file
        where = f" near {builder.last}" if builder.last else ""
        words = str(error)[:120] if isinstance(error, _NestingError) else "its elements cannot be read"
        raise FileError(f"is damaged{where}: {words}; download it again") from None
    except (IndexError, AssertionError, TypeError, ValueError):
        raise FileError("is damaged: its elements do not fit together; download it again") from None


class _NestingError(ParseError):
    """An element ends that is not open, or does not end."""


class _Checked(TreeBuilder):
    """Builds the tree and checks that what ends is what began."""

    def __init__(self) -> None:
        super().__init__()
        self._tags: list[str] = []
        self.last = ""

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        """Open an element."""
        self._tags.append(tag)
        self.last = tag
        if len(self._tags) > _DEEPEST:
            raise _NestingError(f"elements are nested more than {_DEEPEST} deep")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        """Close an element, and before it values that were left empty without an end."""
        while self._tags and self._tags[-1] != tag and self._tags[-1] in _VALUES:
            super().end(self._tags.pop())
        if not self._tags or self._tags[-1] != tag:
            raise _NestingError(f"{tag} ends where {self._tags[-1] if self._tags else 'nothing'} is open")
        self._tags.pop()
        return super().end(tag)

    def finish(self) -> Element:
        """Return the root. Raises ParseError where the file ends before its elements do."""
        if self._tags:
            raise _NestingError(f"the file ends inside {self._tags[-1]}")
        return self.close()


def _decoded(data: bytes) -> str:
    """Return the text: UTF-8 where it is that, whatever the header says, else as the header says."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        found = _CHARSET.search(data[:_HEAD])
        name = (found[1] or found[2] or b"").decode("ascii", errors="ignore") if found else ""
        name = f"cp{name}" if name.isdigit() else name
        try:
            return data.decode(name or "cp1252", errors="replace")
        except LookupError:
            return data.decode("cp1252", errors="replace")


def _plain_text(body: str) -> str:
    """Return the body as the parser likes it: tags in capitals, no comments, and marked-up text as plain text."""
    first, *marked = body.split("<![CDATA[")
    pieces = [first]
    for piece in marked:
        inside, _, after = piece.partition("]]>")
        pieces.append(inside.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + after)
    text = _COMMENT.sub("", "".join(pieces))
    return _LOWER_TAG.sub(lambda found: found[0].upper(), text)


def texts(element: Element) -> dict[str, str]:
    """Return the values inside an element by name, of several with one name the first."""
    found: dict[str, str] = {}
    for each in element.iter():
        if each.text and (text := cleaned(_without_entities(each.text))):
            found.setdefault(str(each.tag), text)
    return found


def _without_entities(text: str) -> str:
    if "&" in text:
        for entity, sign in _ENTITIES:
            text = text.replace(entity, sign)
    return text


def amount(values: dict[str, str], name: str) -> Decimal | None:
    """Return a value as a number; None where it is blank. A decimal comma is allowed by the standard."""
    text = values.get(name, "")
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    return rounded_money(text)


def day(values: dict[str, str], *names: str) -> dt.date:
    """Return the calendar day as it is written, of the first of several values that is there. Raises UnreadableError."""
    for name in names:
        text = values.get(name, "")
        if text:
            found = _DATE.fullmatch(text)
            if not found:
                raise UnreadableError(f'{name} "{text[:40]}" is not a date')
            return date_in_order(found[1], order="ymd")
    raise UnreadableError(f"{names[0]} is blank")
