"""Waitlist entries of a locked event: reading and ending them."""

from collections.abc import Mapping
from datetime import datetime

from accounts.actors import Actor
from bookings.documents import WaitlistDocument
from bookings.models import WaitlistEntry
from bookings.seats.locked_event import LockedEvent
from bookings.waitlist.journal_entries import waitlist_expired
from config.core.errors import NotFound
from config.mongo.collections import running_session

CHUNK = 500
WAITING, OFFERED = WaitlistEntry.Status.WAITING.value, WaitlistEntry.Status.OFFERED.value
OPEN = {"status": {"$in": [WAITING, OFFERED]}}


class NotOnWaitlist(NotFound):
    detail = "You are not on the waitlist of this event."


def find_entries(query: Mapping[str, object]) -> list[WaitlistDocument]:
    """Return the first CHUNK entries of one event that match, by place."""
    return list(WaitlistEntry.documents.find(query, session=running_session()).sort("place", 1).limit(CHUNK))


def find_open_entry(event_id: str, customer: Actor) -> WaitlistDocument | None:
    query = {"event_id": event_id, "customer_id": customer.id, "open": True}
    return WaitlistEntry.documents.find_one(query, session=running_session())


def expire_entries(event: LockedEvent, query: Mapping[str, object]) -> int:
    """Expire the first CHUNK entries that match; return how many."""
    entries = find_entries(query)
    for entry in entries:
        uncount(event, entry)
        end_entry(entry, WaitlistEntry.Status.EXPIRED, now=event.now)
        event.journal_entries.append(waitlist_expired(event, entry))
    return len(entries)


def uncount(event: LockedEvent, entry: WaitlistDocument) -> None:
    """Take an open entry out of the event's counters: one that waits, or the seats held for it."""
    if entry["status"] == WAITING:
        event.remove_waiting()
    else:
        event.release_held_seats(entry["qty"])


def end_entry(entry: WaitlistDocument, status: WaitlistEntry.Status, *, now: datetime, **fields: object) -> None:
    ended = {"status": status.value, "open": False, "ended_at": now, **fields}
    WaitlistEntry.documents.update_one({"_id": entry["_id"]}, {"$set": ended}, session=running_session())
