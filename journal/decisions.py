"""What staff decided, for the record: a stream of journal entries, and the rows of its CSV."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from config.chunks import in_chunks
from config.clock import iso
from journal.models import Entry
from journal.timeline import changes_of

DECISIONS = (
    "event.approved", "event.hidden", "event.restored", "event.featured", "event.unfeatured", "event.noted",
    "event.cancelled", "user.blocked", "user.unblocked", "user.admin_created", "booking.mail_resent",
)  # fmt: skip
BOOKING_CANCELLED, BY_STAFF = "booking.cancelled", "staff"
HEADER = ("at", "decision", "subject", "title", "actor", "name", "reason", "note", "changes", "request")
CHUNK = 200


def decisions(*, since: datetime | None = None, until: datetime | None = None) -> Iterator[Entry]:
    """Yield decisions newest first, in constant memory.

    Organizers cancel events and customers bookings too: of those only what staff did is a decision of the house.
    """
    bounds = {name: moment for name, moment in (("at__gte", since), ("at__lt", until)) if moment}
    listed = Entry.objects.filter(type__in=DECISIONS, **bounds).order_by("-at")
    # Bookings that end with their event are millions; those that staff cancelled have an index of their own (0003).
    cancelled = Entry.objects.filter(type=BOOKING_CANCELLED, data__reason=BY_STAFF, **bounds).order_by("-at")
    streams = (listed.iterator(chunk_size=CHUNK), cancelled.iterator(chunk_size=CHUNK))
    yield from filter(is_decision, heapq.merge(*streams, key=lambda entry: entry.at, reverse=True))


def is_decision(entry: Entry) -> bool:
    return entry.type != "event.cancelled" or entry.actor != entry.data.get("organizerId")


def csv_rows(found: Iterable[Entry]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each decision; names are looked up for 200 of them at a time."""
    accounts: Any = get_user_model()  # the journal may not import the app of accounts
    for chunk in in_chunks(found, CHUNK):
        names = accounts.objects.names_of(entry.actor for entry in chunk)
        for entry in chunk:
            yield cells(entry, names.get(entry.actor, ""))


def cells(entry: Entry, name: str) -> tuple[str, ...]:
    data: dict[str, Any] = entry.data
    said = (str(data.get("reason", "")), str(data.get("note") or data.get("text") or ""))
    changes = "; ".join(f"{field}: {change}" for field, change in changes_of(data))
    title = str(data.get("title") or data.get("eventTitle") or "")
    return (iso(entry.at), entry.type, entry.subject, title, entry.actor, name, *said, changes, entry.request_id)
