"""Bytes of a file become text: size, binary content and encoding are settled here, before anything is parsed.

Knows nothing of columns. UTF-8 is tried first; Big5, which Taiwan's brokers still write, only where it is not UTF-8.
"""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

LARGEST = 20_000_000  # bytes: 100,000 rows are about 10 MB
_HEAD = 4096
# zip, which newer workbooks are too, and the older workbooks
_WORKBOOKS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
_CJK = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class FileError(Exception):
    """A file as a whole cannot be used; the message says why and what to do, without its name. Line 0: no line's fault."""

    def __init__(self, reason: str, *, line: int = 0, column: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a file and how it was written."""

    text: str
    encoding: str  # utf-8, utf-16, cp950, cp1252


def read_bytes(path: Path) -> bytes:
    """Return the content of a file that may be text. Raises FileError; of a large or binary file only a little is read."""
    try:
        if path.is_dir():
            raise FileError("is a folder; name a file in it")
        with path.open("rb") as file:
            size = path.stat().st_size
            head = file.read(_HEAD)
            refuse_unreadable(head=head, size=size)
            return head + file.read()
    except FileNotFoundError:
        raise FileError("does not exist") from None
    except PermissionError:
        raise FileError("may not be read by this user") from None
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror}") from None


def refuse_unreadable(*, head: bytes, size: int) -> None:
    """Raise FileError for a file that is empty, too large or no text, judged by its first bytes and its size."""
    if size == 0:
        raise FileError("is empty")
    if head.startswith(_WORKBOOKS):
        raise FileError("is no text file but a workbook or an archive; open it, save the sheet as CSV and try again")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:9].lower().startswith((b"<html", b"<!doctype")):
        raise FileError("is a web page, probably the broker's login; log in there and download the file again")
    if _is_binary(head):
        raise FileError("is no text file; export it as CSV")
    if size > LARGEST:
        raise FileError(f"has {size / 1e6:,.0f} MB; a ledger file has at most {LARGEST / 1e6:.0f} MB. Split it by year")


def decode(data: bytes, *, western: bool = False) -> Text:
    """Return the text of a file's content. Raises FileError where it is neither UTF-8, UTF-16 nor Big5.

    western: what is none of these is read as Windows-1252, as American brokers write; every byte is a letter there.
    """
    refuse_unreadable(head=data[:_HEAD], size=len(data))
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data, encoding)
    if encoding := _unmarked_utf16(data[:_HEAD]):
        return _marked(data, encoding)
    try:
        text, encoding = data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        text, encoding = _not_unicode(data, error, western=western)
    if "\0" in text:
        raise FileError("is no text file: it holds NUL bytes", line=text.count("\n", 0, text.index("\0")) + 1)
    return Text(text, encoding)


def _marked(data: bytes, encoding: str) -> Text:
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise FileError(f"begins like {encoding.removesuffix('-sig').upper()} but is damaged; save it again as UTF-8") from None
    if "\0" in text:
        raise FileError("is no text file: it holds NUL characters")
    return Text(text, "utf-16" if "16" in encoding else "utf-8")


def _not_unicode(data: bytes, error: UnicodeDecodeError, *, western: bool) -> tuple[str, str]:
    try:
        text = _big5(data, error)
    except FileError:
        if not western:
            raise
        return data.decode("cp1252", errors="replace"), "cp1252"
    if western and not _CJK.search(text):
        return data.decode("cp1252", errors="replace"), "cp1252"
    return text, "cp950"


def _big5(data: bytes, error: UnicodeDecodeError) -> str:
    try:
        return data.decode("cp950")
    except UnicodeDecodeError:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(
            f"byte 0x{data[error.start]:02X} is neither UTF-8 nor Big5; save the file as UTF-8", line=line
        ) from None


def _unmarked_utf16(head: bytes) -> str:
    """Name the UTF-16 of a text without a mark: Latin letters and commas leave every second byte zero."""
    even, odd = head[0::2], head[1::2]
    if len(head) < 4:
        return ""
    if odd.count(0) > 0.7 * len(odd) and not even.count(0):
        return "utf-16-le"
    if even.count(0) > 0.7 * len(even) and not odd.count(0):
        return "utf-16-be"
    return ""


def _is_binary(head: bytes) -> bool:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _unmarked_utf16(head):
        return False
    return b"\0" in head
