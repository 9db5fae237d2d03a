"""What can be done with bookings. API, admin and commands come through here."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.callers import Caller
from bookings.desk import desk
from bookings.ledger import bookings
from bookings.orders import KeyUsed, Order
from config import metrics
from config.errors import Refusal, Unavailable, Unprocessable
from journal.services import request_id


class KeyReused(Unprocessable):
    code = "idempotency_key_reused"
    detail = "This Idempotency-Key was used with another request: take a fresh one for a new booking."


@dataclass(frozen=True, slots=True)
class Booked:
    """The answer to a booking request; ``replayed`` when the same request was answered before."""

    answer: dict[str, Any]
    replayed: bool = False


def book_seats(
    *, event_id: str, customer: Caller, qty: int, now: datetime, idempotency_key: str | None = None
) -> Booked:
    """Book ``qty`` seats.

    With an ``idempotency_key`` the same request of the same customer gives the first answer again, also after the
    booking was cancelled. A refusal is not kept: it changed nothing, and trying again may succeed.

    Raises:
        EventNotOnSale, EventCancelled, EventPast, SoldOut: see bookings.orders.
        KeyReused: the key belongs to another request.
        Unavailable: too many processes at one event; nothing was booked.
    """
    digest = digest_of(event_id=event_id, qty=qty)
    if idempotency_key is not None and (answer := first_answer(customer, idempotency_key, digest)):
        return Booked(answer, replayed=True)
    order = Order(event_id, customer, qty, now, request_id(), idempotency_key, digest)
    try:
        answer = desk.place(order)
    except KeyUsed:
        return Booked(answer_of_twin(order), replayed=True)
    except Refusal as refusal:
        metrics.BOOKINGS.labels(refusal.code).inc()
        raise
    metrics.BOOKINGS.labels("booked").inc()
    return Booked(answer)


def digest_of(**request: Any) -> str:
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()


def first_answer(customer: Caller, key: str, digest: str) -> dict[str, Any] | None:
    """Return what this key was answered with, or None if it is new."""
    query = {"customer_id": customer.id, "idempotency_key": key}
    document = bookings().find_one(query, {"idempotency": 1})
    if document is None:
        return None
    if document["idempotency"]["body"] != digest:
        raise KeyReused
    answer: dict[str, Any] = document["idempotency"]["answer"]
    return answer


def answer_of_twin(order: Order) -> dict[str, Any]:
    """Return the answer of the order that had this key first; without one, the seats were given back meanwhile."""
    answer = first_answer(order.customer, order.idempotency_key, order.body_digest) if order.idempotency_key else None
    if answer is None:
        raise Unavailable
    return answer
