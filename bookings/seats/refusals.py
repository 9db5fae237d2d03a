"""An order: one request for seats on its way through the desk."""

from datetime import datetime

from bookings.seats.ledger import EventSnapshot
from config.core.errors import Conflict, NotFound, Refusal
from events.models import Event


class SoldOut(Conflict):
    code = "sold_out"

    def __init__(self, available: int) -> None:
        left = (
            "No seats are left."
            if available < 1
            else f"Only {available} seat{'s are' if available > 1 else ' is'} left."
        )
        super().__init__(left, availableSeats=available)


class EventNotOnSale(NotFound):
    """Unknown, a draft, or hidden: to a customer there is no such event."""


class EventCancelled(Conflict):
    code = "event_cancelled"
    detail = "This event was cancelled."


class EventPast(Conflict):
    code = "event_past"
    detail = "This event has begun or is over."


def closed_reason(facts: EventSnapshot | None, *, now: datetime) -> Refusal | None:
    """Return why nobody can book this event at all, if so."""
    if facts is None or facts.hidden or facts.status == Event.Status.DRAFT:
        return EventNotOnSale()
    if facts.status == Event.Status.CANCELLED:
        return EventCancelled()
    return EventPast() if facts.starts_at <= now else None


def refuse_closed(facts: EventSnapshot, *, now: datetime) -> None:
    if reason := closed_reason(facts, now=now):
        raise reason
