"""Why seats of an event cannot be booked."""

from datetime import datetime

from bookings.seats.ledger import EventSnapshot
from config.core.errors import Conflict, NotFound, Refusal
from events.models import Event


class SoldOut(Conflict):
    code = "sold_out"

    def __init__(self, available: int) -> None:
        detail = (
            "No seats are left."
            if available < 1
            else f"Only {available} seat{'s are' if available > 1 else ' is'} left."
        )
        super().__init__(detail, availableSeats=available)


class EventNotOnSale(NotFound):
    """The event is unknown, a draft or hidden: customers get the same answer for all three."""


class EventCancelled(Conflict):
    code = "event_cancelled"
    detail = "This event was cancelled."


class EventPast(Conflict):
    code = "event_past"
    detail = "This event has begun or is over."


def closed_reason(snapshot: EventSnapshot | None, *, now: datetime) -> Refusal | None:
    """Return why nobody can book this event, whatever the number of seats; None while it is on sale."""
    if snapshot is None or snapshot.hidden or snapshot.status == Event.Status.DRAFT:
        return EventNotOnSale()
    if snapshot.status == Event.Status.CANCELLED:
        return EventCancelled()
    return EventPast() if snapshot.starts_at <= now else None


def refuse_closed(snapshot: EventSnapshot, *, now: datetime) -> None:
    if reason := closed_reason(snapshot, now=now):
        raise reason
