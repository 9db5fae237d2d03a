"""What staff decided, for the record: a stream of journal entries, and the rows of its CSV."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from config.core.chunks import in_chunks
from config.core.clock import iso
from journal.catalogue import ENTRY_TYPES
from journal.documents import EntryData
from journal.models import Entry
from journal.timeline import changes_of

HEADER = ("at", "decision", "subject", "title", "actor", "name", "reason", "note", "changes", "request")
CHUNK = 200


def decisions(*, since: datetime | None = None, until: datetime | None = None) -> Iterator[Entry]:
    """Yield decisions newest first, in constant memory."""
    bounds = {name: moment for name, moment in (("at__gte", since), ("at__lt", until)) if moment}
    found = (Entry.objects.filter(**query, **bounds).order_by("-at") for query in queries())
    streams = (entries.iterator(chunk_size=CHUNK) for entries in found)
    yield from heapq.merge(*streams, key=lambda entry: entry.at, reverse=True)


def queries() -> Iterator[dict[str, object]]:
    """Yield a filter for the types that are decisions whoever acts, and one for each that is only sometimes.

    Each has an index. Of cancelled bookings, which are millions, those that staff cancelled have one of their own
    (migration 0003).
    """
    types = [one for one in ENTRY_TYPES.values() if one.staff_decision is not None]
    yield {"type__in": [one.name for one in types if not one.staff_decision]}
    for one in types:
        if one.staff_decision:
            yield {"type": one.name, **{f"data__{name}": value for name, value in one.staff_decision.items()}}


def csv_rows(found: Iterable[Entry]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each decision; names are looked up for 200 of them at a time."""
    accounts: Any = get_user_model()  # the journal may not import the app of accounts
    for chunk in in_chunks(found, CHUNK):
        names = accounts.objects.names_of(entry.actor for entry in chunk)
        for entry in chunk:
            yield cells(entry, names.get(entry.actor, ""))


def cells(entry: Entry, name: str) -> tuple[str, ...]:
    data: EntryData = entry.data
    said = (str(data.get("reason", "")), str(data.get("note") or data.get("text") or ""))
    changes = "; ".join(f"{field}: {change}" for field, change in changes_of(data))
    title = str(data.get("title") or data.get("eventTitle") or "")
    return (iso(entry.at), entry.type, entry.subject, title, entry.actor, name, *said, changes, entry.request_id)
