"""What can be done with bookings. API, admin and commands come through here."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor
from bookings.checkout.batcher import batcher
from bookings.checkout.booking_request import BookingRequest, IdempotencyKeyUsed
from bookings.documents import BookingRepresentation
from bookings.models import Booking
from config.core import metrics
from config.core.errors import Refusal, Unavailable, Unprocessable
from config.logs import current_request_id


class KeyReused(Unprocessable):
    code = "idempotency_key_reused"
    detail = "This Idempotency-Key was used with another request: take a fresh one for a new booking."


@dataclass(frozen=True, slots=True)
class Booked:
    """The answer to a booking request; ``replayed`` when the same request was answered before."""

    answer: BookingRepresentation
    replayed: bool = False


def book_seats(
    *, event_id: str, customer: Actor, qty: int, now: datetime, idempotency_key: str | None = None
) -> Booked:
    """Book ``qty`` seats.

    With an ``idempotency_key`` the same request of the same customer gives the first answer again, also after the
    booking was cancelled. A refusal is not kept: it changed nothing, and trying again may succeed.

    Raises:
        EventNotOnSale, EventCancelled, EventPast, SoldOut: see bookings.seats.refusals.
        KeyReused: the key belongs to another request.
        Unavailable: too many processes at one event; nothing was booked.
    """
    digest = digest_of(event_id=event_id, qty=qty)
    if idempotency_key is not None and (answer := first_answer(customer, idempotency_key, digest)):
        return Booked(answer, replayed=True)
    order = BookingRequest(event_id, customer, qty, now, current_request_id(), idempotency_key, digest)
    try:
        answer = batcher.place(order)
    except IdempotencyKeyUsed:
        return Booked(answer_of_twin(order), replayed=True)
    except Refusal as refusal:
        metrics.BOOKINGS.labels(refusal.code).inc()
        raise
    metrics.BOOKINGS.labels("booked").inc()
    return Booked(answer)


def digest_of(**request: object) -> str:
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()


def first_answer(customer: Actor, key: str, digest: str) -> BookingRepresentation | None:
    """Return what this key was answered with, or None if it is new."""
    query = {"customer_id": customer.id, "idempotency_key": key}
    document = Booking.documents.find_one(query, {"idempotency": 1})
    if document is None:
        return None
    if document["idempotency"]["body"] != digest:
        raise KeyReused
    return document["idempotency"]["answer"]


def answer_of_twin(order: BookingRequest) -> BookingRepresentation:
    """Return the answer of the order that had this key first; without one, the seats were given back meanwhile."""
    answer = first_answer(order.customer, order.idempotency_key, order.body_digest) if order.idempotency_key else None
    if answer is None:
        raise Unavailable
    return answer
