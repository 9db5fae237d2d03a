"""One request for seats on its way through the batcher."""

import threading
from dataclasses import dataclass, field
from datetime import datetime

from accounts.actors import Actor
from bookings.documents import BookingRepresentation
from bookings.models import new_booking_id
from config.core.errors import Refusal


class IdempotencyKeyUsed(Exception):
    """The order's idempotency key belongs to a booking that exists, or that this batch makes."""


@dataclass(slots=True)
class BookingRequest:
    """What a customer wants, and in the end either the answer or why not."""

    event_id: str
    customer: Actor
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

    def refuse(self, reason: Refusal | IdempotencyKeyUsed | BaseException) -> None:
        self.refusal = reason

    def result(self) -> BookingRepresentation:
        """Return the answer, or raise why there is none."""
        if self.refusal is not None:
            raise self.refusal
        if self.answer is None:
            raise RuntimeError("an order left the desk undecided")
        return self.answer
