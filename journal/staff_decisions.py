"""The decisions of staff, for the record: a stream of journal entries, and the rows of its CSV."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime

from config.core.chunks import in_chunks
from config.core.clock import iso
from journal.accounts import accounts_of
from journal.catalogue import ENTRY_TYPES
from journal.documents import EntryData
from journal.models import Entry
from journal.timeline import changes_of

HEADER = ("at", "decision", "subject", "title", "actor", "name", "reason", "note", "changes", "request")
CHUNK_SIZE = 200


def read_decisions(*, since: datetime | None = None, until: datetime | None = None) -> Iterator[Entry]:
    """Yield decisions newest first, in constant memory."""
    bounds = {name: moment for name, moment in (("at__gte", since), ("at__lt", until)) if moment}
    found = (Entry.objects.filter(**query, **bounds).order_by("-at") for query in decision_filters())
    streams = (entries.iterator(chunk_size=CHUNK_SIZE) for entries in found)
    yield from heapq.merge(*streams, key=lambda entry: entry.at, reverse=True)


def decision_filters() -> Iterator[dict[str, object]]:
    """Yield one filter for the types that are decisions always, and one for each type that is a decision sometimes.

    An index serves each of them. Millions of bookings are cancelled by customers; those that staff cancelled have an
    index of their own (migration 0003).
    """
    types = [entry_type for entry_type in ENTRY_TYPES.values() if entry_type.staff_decision is not None]
    yield {"type__in": [entry_type.name for entry_type in types if not entry_type.staff_decision]}
    for entry_type in types:
        if entry_type.staff_decision:
            values = {f"data__{name}": value for name, value in entry_type.staff_decision.items()}
            yield {"type": entry_type.name, **values}


def csv_rows(found: Iterable[Entry]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each decision; names are looked up for a chunk at a time."""
    for chunk in in_chunks(found, CHUNK_SIZE):
        accounts = accounts_of(entry.actor for entry in chunk)
        for entry in chunk:
            account = accounts.get(entry.actor)
            yield csv_row(entry, account.name if account else "")


def csv_row(entry: Entry, name: str) -> tuple[str, ...]:
    data: EntryData = entry.data
    reason, note = str(data.get("reason", "")), str(data.get("note") or data.get("text") or "")
    changes = "; ".join(f"{field}: {change}" for field, change in changes_of(data))
    title = str(data.get("title") or data.get("eventTitle") or "")
    actor = (entry.actor, name)
    return (iso(entry.at), entry.type, entry.subject, title, *actor, reason, note, changes, entry.request_id)
