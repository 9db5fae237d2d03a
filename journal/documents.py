"""The journal as MongoDB holds it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

EntryData = Mapping[str, Any]  # what an entry says: a TypedDict for each type in <app>/journal_entries.py


class Failure(TypedDict):
    """What became of a handler's last attempt; ``retry_at`` is a time as ``stamp`` writes it."""

    attempts: int
    error: str
    retry_at: str


class EntryDocument(TypedDict):
    """See journal.models.Entry. ``delivered`` and ``failures`` are by the handler's name."""

    _id: str
    type: str
    at: datetime
    actor: str
    request_id: str
    subject: str
    data: EntryData
    pending: list[str]
    delivered: dict[str, str]
    failures: dict[str, Failure]


class LeaseDocument(TypedDict):
    _id: str
    owner: str
    until: datetime
    again: bool


class BatchDocument(TypedDict):
    _id: str
    inode: int
    offset: int
    entries: list[str]


def stamp(moment: datetime) -> str:
    """Return a time as JSON fields hold it, of fixed width, so that MongoDB compares it as text."""
    return moment.isoformat(timespec="milliseconds")
