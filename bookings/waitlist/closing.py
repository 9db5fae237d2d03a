"""Closing the waitlist of an event that has begun or was cancelled."""

from collections.abc import Iterator
from datetime import datetime

from bookings.documents import WaitlistDocument
from bookings.seats.locked_event import LockedEvent
from bookings.seats.transactions import in_event_transaction
from bookings.waitlist.entries import OPEN, WAITING, expire_entries, find_entries
from config.core.errors import log_and_continue
from events.models import Event


def close_past_waitlists(*, now: datetime) -> Iterator[int]:
    """Expire entries that wait for events which have begun; yield how many, a chunk of one event at a time.

    Offers are left to ``offers.expire_offers``.
    """
    for event in Event.documents.find(has_begun_with_waitlist(now), {"_id": 1}):
        with log_and_continue("close_past_waitlist", event_id=event["_id"]):
            yield in_event_transaction(event["_id"], close_past_waitlist, now=now)


def has_begun_with_waitlist(now: datetime) -> dict[str, object]:
    """Return the filter of these events; the index event_with_waitlist serves it."""
    return {"starts_at": {"$lte": now}, "waitlist_length": {"$gt": 0}}


def close_past_waitlist(event: LockedEvent) -> int:
    if event.snapshot.starts_at > event.now:  # it was rescheduled since the query
        return 0
    return expire_entries(event, {"event_id": event.snapshot.id, "status": WAITING})


def next_open_entries(event_id: str) -> list[WaitlistDocument]:
    """Return the first entries that wait or have an offer, by place; none when the waitlist is closed."""
    return find_entries({"event_id": event_id, **OPEN})


def close_entries(event: LockedEvent, ids: list[str]) -> int:
    """Expire those of the entries that are still open; return the number of ids."""
    expire_entries(event, {"_id": {"$in": ids}, **OPEN})
    return len(ids)
