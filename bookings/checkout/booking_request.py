"""One request for seats on its way through the batcher."""

import threading
from dataclasses import dataclass, field
from datetime import datetime

from accounts.actors import Actor
from bookings.documents import BookingRepresentation
from bookings.models import new_booking_id
from config.core.errors import Refusal


class IdempotencyKeyUsed(Exception):
    """The request's idempotency key belongs to a booking that exists, or to another request of the same batch."""


@dataclass(slots=True)
class BookingRequest:
    """What a customer wants to book and, once it is decided, the booking or the refusal.

    ``ready`` is set when the thread that waits with this request has to go on: to read the result or to process the
    next batch.
    """

    event_id: str
    customer: Actor
    qty: int
    now: datetime
    request_id: str = ""
    idempotency_key: str | None = None
    body_digest: str = ""
    booking_id: str = field(default_factory=new_booking_id)
    representation: BookingRepresentation | None = None
    refusal: BaseException | None = None
    ready: threading.Event = field(default_factory=threading.Event)

    @property
    def is_decided(self) -> bool:
        return self.representation is not None or self.refusal is not None

    def refuse(self, reason: Refusal | IdempotencyKeyUsed | BaseException) -> None:
        self.refusal = reason

    def result(self) -> BookingRepresentation:
        """Return the booking, or raise the refusal."""
        if self.refusal is not None:
            raise self.refusal
        if self.representation is None:
            raise RuntimeError("a booking request left the batcher undecided")
        return self.representation
