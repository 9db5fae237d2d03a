"""The journal's documents as MongoDB holds them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

EntryData = Mapping[str, Any]  # a TypedDict for each type of entry stands in <app>/journal_entries.py


class Failure(TypedDict):
    """The result of a handler's last attempt; ``retry_at`` is a time as ``stamp`` writes it."""

    attempts: int
    error: str
    retry_at: str


class EntryDocument(TypedDict):
    """See journal.models.Entry. The keys of ``delivered`` and ``failures`` are names of handlers."""

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
    """See journal.models.Lease."""

    _id: str
    owner: str
    until: datetime
    again: bool


class BatchDocument(TypedDict):
    """See journal.models.Batch."""

    _id: str
    inode: int
    offset: int
    entries: list[str]


def stamp(moment: datetime) -> str:
    """Return a time as text of fixed width, so that MongoDB can compare times inside of JSON fields."""
    return moment.isoformat(timespec="milliseconds")
