"""Writes what the meeting forms found: one database transaction each, every version kept, a constant number of queries."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from portfolio.engine.resolutions import PastedResolution, ResolutionType, Vote, resolutions_of
from portfolio.entry.meeting_forms import OWN
from portfolio.models import LedgerStamp, Meeting, MeetingDocument, OwnResolutionType, Resolution
from portfolio.models.meetings import TITLE_LENGTH

_COLUMNS = ("number", "title", "board_recommendation", "own_vote", "result_for_percent", "note")
_WRITTEN = [*_COLUMNS, "type", "own_type"]
_NUMBER_LENGTH = 16


@transaction.atomic
def write_meeting(*, meeting: Meeting, found: dict[str, Any]) -> Meeting:
    """Write the meeting and add the resolutions that were pasted."""
    if meeting.pk and meeting.deadline != found["deadline"]:
        meeting.reminded_at = None
    for name in ("instrument", "kind", "date", "record_date", "deadline", "time_zone", "link", "notes"):
        setattr(meeting, name, found[name])
    meeting.save()
    if found.get("agenda", "").strip():
        add_pasted(meeting=meeting, text=found["agenda"], board_is_for=found.get("board_is_for", False))
    LedgerStamp.bump()
    return meeting


def add_pasted(*, meeting: Meeting, text: str, board_is_for: bool) -> None:
    """Add the resolutions of a text after those that are there."""
    last = meeting.resolutions.aggregate(last=Max("place"))["last"] or 0
    own_types = list(OwnResolutionType.objects.exclude(wording=""))
    rows = [
        _resolution(meeting, place, pasted, board_is_for, own_types)
        for place, pasted in enumerate(resolutions_of(text=text).resolutions, start=last + 1)
    ]
    bulk_create_with_history(rows, Resolution)


def _resolution(
    meeting: Meeting, place: int, pasted: PastedResolution, board_is_for: bool, own_types: Iterable[OwnResolutionType]
) -> Resolution:
    own_type = next((each for each in own_types if _is_told(each, pasted.title)), None)
    kind = ResolutionType.OTHER if own_type else pasted.type
    usual = Vote.AGAINST if kind == ResolutionType.SHAREHOLDER else Vote.FOR
    return Resolution(
        meeting=meeting,
        place=place,
        number=pasted.number[:_NUMBER_LENGTH],
        title=pasted.title if len(pasted.title) <= TITLE_LENGTH else f"{pasted.title[: TITLE_LENGTH - 1]}…",
        type=kind,
        own_type=own_type,
        board_recommendation=pasted.recommendation or (usual if board_is_for else ""),
    )


def _is_told(own_type: OwnResolutionType, title: str) -> bool:
    words = (word.strip().casefold() for word in own_type.wording.replace("，", ",").replace("、", ",").split(","))
    return any(word and word in title.casefold() for word in words)


@transaction.atomic
def write_resolutions(*, meeting: Meeting, rows: Iterable[dict[str, Any]], vote_with_board: bool = False) -> None:
    """Write the rows of the form: changed ones, new ones at the end, and take marked ones away."""
    stored = {each.pk: each for each in meeting.resolutions.all()}
    place = max((each.place for each in stored.values()), default=0)
    changed, new, gone = [], [], []
    for row in rows:
        resolution = stored.get(row.get("pk"))
        if row.get("DELETE"):
            gone.extend([resolution] if resolution else [])
            continue
        if resolution is None:
            place += 1
            resolution = Resolution(meeting=meeting, place=place)
            new.append(resolution)
        elif _differs(resolution, row) or vote_with_board:
            changed.append(resolution)
        _fill(resolution, row)
        if vote_with_board and resolution.board_recommendation:
            resolution.own_vote = resolution.board_recommendation
    for each in gone:
        each.delete()
    bulk_update_with_history(changed, Resolution, _WRITTEN)
    bulk_create_with_history(new, Resolution)
    LedgerStamp.bump()


@transaction.atomic
def vote_with_board(*, meeting: Meeting) -> int:
    """Cast every open vote as the board recommends; return how many."""
    rows = [each for each in meeting.resolutions.all() if not each.own_vote and each.board_recommendation]
    for each in rows:
        each.own_vote = each.board_recommendation
    bulk_update_with_history(rows, Resolution, ["own_vote"])
    LedgerStamp.bump()
    return len(rows)


def _fill(resolution: Resolution, row: dict[str, Any]) -> None:
    for name in _COLUMNS:
        setattr(resolution, name, row[name])
    kind = row["type"]
    resolution.own_type_id = int(kind.removeprefix(OWN)) if kind.startswith(OWN) else None
    resolution.type = ResolutionType.OTHER if kind.startswith(OWN) else kind


def _differs(resolution: Resolution, row: dict[str, Any]) -> bool:
    kind = f"{OWN}{resolution.own_type_id}" if resolution.own_type_id else resolution.type
    return kind != row["type"] or any(getattr(resolution, name) != row[name] for name in _COLUMNS)


def keep_document(*, meeting: Meeting, file: Any) -> MeetingDocument:
    """Keep a checked file under a name of our own."""
    document = MeetingDocument(meeting=meeting, name=file.name, content_type=file.found_type, size=file.size)
    document.file.save(file.name, file, save=False)
    document.save()
    return document


def drop_document(*, document: MeetingDocument) -> None:
    """Take a document away; its file goes once nothing names it any more."""
    storage, name = document.file.storage, document.file.name
    document.delete()
    transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def drop_meeting(*, meeting: Meeting) -> None:
    """Take a meeting away with all that belongs to it."""
    files = [(each.file.storage, each.file.name) for each in meeting.documents.all()]
    meeting.delete()
    LedgerStamp.bump()
    for storage, name in files:
        transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))
