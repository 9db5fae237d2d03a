"""An order: one request for seats on its way through the desk."""

import threading
from dataclasses import dataclass, field
from datetime import datetime

from accounts.callers import Caller
from bookings.documents import BookingRepresentation
from bookings.ledger import Facts
from bookings.models import new_booking_id
from config.errors import Conflict, NotFound, Refusal
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


def closed_reason(facts: Facts | None, *, now: datetime) -> Refusal | None:
    """Return why nobody can book this event at all, if so."""
    if facts is None or facts.hidden or facts.status == Event.Status.DRAFT:
        return EventNotOnSale()
    if facts.status == Event.Status.CANCELLED:
        return EventCancelled()
    return EventPast() if facts.starts_at <= now else None


def refuse_closed(facts: Facts, *, now: datetime) -> None:
    if reason := closed_reason(facts, now=now):
        raise reason


class KeyUsed(Exception):
    """The order's idempotency key belongs to a booking that exists, or that this batch makes."""


@dataclass(slots=True)
class Order:
    """What a customer wants, and in the end either the answer or why not."""

    event_id: str
    customer: Caller
    qty: int
    now: datetime
    request_id: str = ""
    idempotency_key: str | None = None
    body_digest: str = ""
    booking_id: str = field(default_factory=new_booking_id)
    answer: BookingRepresentation | None = None
    refusal: BaseException | None = None
    turn: threading.Event = field(default_factory=threading.Event)

    @property
    def is_decided(self) -> bool:
        return self.answer is not None or self.refusal is not None

    def refuse(self, reason: Refusal | KeyUsed | BaseException) -> None:
        self.refusal = reason

    def result(self) -> BookingRepresentation:
        """Return the answer, or raise why there is none."""
        if self.refusal is not None:
            raise self.refusal
        if self.answer is None:
            raise RuntimeError("an order left the desk undecided")
        return self.answer
