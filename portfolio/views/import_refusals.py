"""What is refused at the door, before a file is kept: too large, archives, workbooks, pictures. Judged by content."""

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from portfolio.importers.text import LARGEST, FileError, refuse_unreadable

MOST_FILES = 20
_HEAD = 4096
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_DOCUMENTS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


def refusal(file: UploadedFile) -> str:
    """Return why a file is not taken; "" for one that may be read."""
    head = file.read(_HEAD)
    file.seek(0)
    names = {"name": file.name, "most": LARGEST // 1_000_000, "size": -(-(file.size or 0) // 1_000_000)}
    if not file.size:
        return _("“%(name)s” is empty.") % names
    if file.size > LARGEST:
        return _("“%(name)s” has %(size)s MB; a file may have %(most)s MB. Split it by year.") % names
    if said := _no_text(file, head):
        return said % names
    try:
        refuse_unreadable(head=head, size=file.size)
    except FileError:
        return _("“%(name)s” is no text that a broker exports. Log in there and download the file again, as CSV.") % names
    return ""


def _no_text(file: UploadedFile, head: bytes) -> str:
    if head.startswith(_OLD_WORKBOOK) or (head.startswith(_ZIP[0]) and _is_workbook(file, head)):
        return _("“%(name)s” is a workbook. Open it, save the sheet as CSV and hand that in.")
    if head.startswith(_ZIP):
        return _("“%(name)s” is an archive. Unpack it and hand in the files that were in it.")
    if head.startswith(_DOCUMENTS):
        return _("“%(name)s” is a document or a picture. Import the broker's CSV, then attach this one to it.")
    return ""


def _is_workbook(file: UploadedFile, head: bytes) -> bool:
    """Say whether an archive is a workbook: its parts have names of their own, listed near its start or its end."""
    file.seek(max((file.size or 0) - 65536, 0))
    tail = file.read()
    file.seek(0)
    return any(name in head + tail for name in (b"[Content_Types].xml", b"xl/workbook", b"content.xml"))
