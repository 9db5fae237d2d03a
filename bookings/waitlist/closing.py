"""Ending the waiting for an event."""

from collections.abc import Iterator
from datetime import datetime

from bookings.documents import WaitlistDocument
from bookings.seats.locked_event import LockedEvent
from bookings.seats.transactions import in_event_transaction
from bookings.waitlist.entries import OPEN, WAITING, expire_all, find_entries
from config.core.errors import log_and_continue
from events.models import Event


def close_past_waitlists(*, now: datetime) -> Iterator[int]:
    """End waiting for events that have begun, in chunks, yielding how many: nobody can get those seats any more."""
    for event in Event.documents.find(has_begun_with_waitlist(now), {"_id": 1}):
        with log_and_continue("close_past_lines", event_id=event["_id"]):
            yield in_event_transaction(event["_id"], close_past_waitlist, now=now)


def has_begun_with_waitlist(now: datetime) -> dict[str, object]:
    return {"starts_at": {"$lte": now}, "waitlist_length": {"$gt": 0}}


def close_past_waitlist(turn: LockedEvent) -> int:
    if turn.facts.starts_at > turn.now:  # moved meanwhile
        return 0
    return expire_all(turn, {"event_id": turn.facts.id, "status": WAITING})


def first_entries(event_id: str) -> list[WaitlistDocument]:
    """Return some of those who wait or have an offer, in the order of the line; none when nobody is left in it."""
    return find_entries({"event_id": event_id, **OPEN})


def close_waitlist(turn: LockedEvent, ids: list[str]) -> int:
    """End those of the parties that are in the line still, for an event that was cancelled."""
    expire_all(turn, {"_id": {"$in": ids}, **OPEN})
    return len(ids)
