"""Booking seats: the one way in for the API, commands and tests."""

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
    detail = "This Idempotency-Key was used with another request. Use a new key for a new booking."


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking; ``replayed`` if an earlier request with the same idempotency key made it."""

    representation: BookingRepresentation
    replayed: bool = False


def book_seats(
    *, event_id: str, customer: Actor, qty: int, now: datetime, idempotency_key: str | None = None
) -> Booked:
    """Book ``qty`` seats.

    With an ``idempotency_key`` the same request of the same customer returns the booking as it was first returned,
    even after it was cancelled. A refusal is not kept: it changed nothing, and another attempt may succeed.

    Raises:
        EventNotOnSale, EventCancelled, EventPast, SoldOut: see bookings.seats.refusals.
        KeyReused: the key belongs to another request.
        Unavailable: too many requests for one event at once; nothing was booked.
    """
    digest = digest_of(event_id=event_id, qty=qty)
    if idempotency_key is not None and (first := find_first(customer, idempotency_key, digest)):
        return Booked(first, replayed=True)
    request = BookingRequest(event_id, customer, qty, now, current_request_id(), idempotency_key, digest)
    try:
        representation = batcher.submit(request)
    except IdempotencyKeyUsed:
        return Booked(find_concurrent(request), replayed=True)
    except Refusal as refusal:
        metrics.BOOKINGS.labels(refusal.code).inc()
        raise
    metrics.BOOKINGS.labels("booked").inc()
    return Booked(representation)


def digest_of(**request: object) -> str:
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()


def find_first(customer: Actor, key: str, digest: str) -> BookingRepresentation | None:
    """Return the booking that was made with this key, as it was first returned; None if the key is new.

    Raises:
        KeyReused: the key belongs to another request.
    """
    query = {"customer_id": customer.id, "idempotency_key": key}
    document = Booking.documents.find_one(query, {"idempotency": 1})
    if document is None:
        return None
    if document["idempotency"]["body"] != digest:
        raise KeyReused
    return document["idempotency"]["answer"]


def find_concurrent(request: BookingRequest) -> BookingRepresentation:
    """Return the booking of the request that used this key at the same time; Unavailable if that one failed."""
    key = request.idempotency_key
    representation = find_first(request.customer, key, request.body_digest) if key else None
    if representation is None:
        raise Unavailable
    return representation
