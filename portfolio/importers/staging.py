"""Uploads between their arrival and a person's yes: kept privately, read anew each time, saved or dropped. Reads no clock."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.files.base import File
from django.db import transaction

from portfolio.importers.edits import with_edits
from portfolio.importers.files import read_file
from portfolio.importers.formats import AUTO
from portfolio.importers.mapping import Mapping, mapping_from
from portfolio.importers.preview import Preview, preview_rows
from portfolio.importers.report import FileReport
from portfolio.importers.rows import Reading
from portfolio.importers.save import Choices, SourceFile, save_rows
from portfolio.models import StagedUpload

# an upload that nobody came back to
KEPT = dt.timedelta(days=1)


def stage(*, user: Any, file: File, name: str, format_name: str = "", account: str = "") -> StagedUpload:
    """Keep a file until it is saved or dropped."""
    upload = StagedUpload(
        user=user, name=name, size=file.size, format="" if format_name == AUTO else format_name, account=account
    )
    upload.file.save(name, file, save=False)
    upload.save()
    return upload


def content_of(*, upload: StagedUpload) -> bytes:
    """Return the bytes as they were handed in."""
    with upload.file.open("rb") as file:
        found: bytes = file.read()
    return found


def mapping_of(*, upload: StagedUpload) -> Mapping | None:
    """Return the mapping that a person chose for this file."""
    return mapping_from(upload.mapping) if upload.mapping else None


def preview_upload(*, upload: StagedUpload, today: dt.date, choices: Choices | None = None) -> Preview:
    """Return what saving would do. Raises FileError for a file that cannot be used."""
    source, reading = _read(upload, today)
    return preview_rows(reading=reading, source=source, choices=choices or Choices(dry_run=True))


def save_upload(*, upload: StagedUpload, today: dt.date, choices: Choices, user: Any) -> FileReport:
    """Save the rows as they were previewed, all or none; once they are saved the upload is gone.

    Raises FileError for a file that cannot be used.
    """
    with transaction.atomic():
        # of two clicks on one button the second finds nothing
        StagedUpload.objects.select_for_update().get(pk=upload.pk)
        source, reading = _read(upload, today)
        report = save_rows(reading=reading, source=source, choices=choices, user=user)
        if report.entry is not None:
            upload.delete()
    return report


def drop_expired(*, now: dt.datetime) -> int:
    """Drop the uploads that nobody came back to within a day; return how many."""
    return drop(uploads=StagedUpload.objects.filter(uploaded_at__lt=now - KEPT))


def drop(*, uploads: Iterable[StagedUpload]) -> int:
    """Drop uploads with their files; return how many."""
    found = list(uploads)
    for each in found:
        each.delete()
    return len(found)


def _read(upload: StagedUpload, today: dt.date) -> tuple[SourceFile, Reading]:
    data = content_of(upload=upload)
    shown, reading = read_file(
        data=data,
        today=today,
        format_name=upload.format or AUTO,
        account=upload.account,
        mapping=mapping_of(upload=upload),
    )
    return SourceFile(upload.name, shown, data), with_edits(reading=reading, edits=upload.edits)
