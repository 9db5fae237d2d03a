"""Bookings, the waitlist and jobs as MongoDB holds them. Times come from the driver without a zone, in UTC."""

from datetime import datetime
from typing import NotRequired, TypedDict

from bson.decimal128 import Decimal128

from journal.documents import EntryData


class EventSummary(TypedDict):
    id: str
    title: str
    date: str
    city: str
    venue: str


class CustomerSummary(TypedDict):
    id: str
    name: str


class BookingRepresentation(TypedDict):
    """A booking in the API; it is also stored with an idempotency key."""

    id: str
    event: EventSummary
    qty: int
    unitPrice: str
    amount: str
    currency: str
    status: str
    customer: CustomerSummary
    createdAt: str
    cancelledAt: str | None
    checkedInAt: str | None


class WaitlistRepresentation(TypedDict):
    """A waitlist entry in the API."""

    id: str
    eventId: str
    qty: int
    position: int | None
    status: str
    offerExpiresAt: str | None
    bookingId: str | None
    createdAt: str


class IdempotencyDocument(TypedDict):
    """What an idempotency key was used for: the digest of the request, and the booking as it was first returned."""

    body: str
    answer: BookingRepresentation


class BookingDocument(TypedDict):
    _id: str
    event_id: str
    customer_id: str
    qty: int
    unit_price: Decimal128
    amount: Decimal128
    status: str
    created_at: datetime
    cancelled_at: NotRequired[datetime | None]
    checked_in_at: NotRequired[datetime | None]
    idempotency_key: NotRequired[str]
    idempotency: NotRequired[IdempotencyDocument]


class WaitlistDocument(TypedDict):
    """``place`` puts the entries of an event in order: it is the number of the seat transaction that inserted them."""

    _id: str
    event_id: str
    customer_id: str
    customer_name: str
    qty: int
    status: str
    open: bool
    place: int
    created_at: datetime
    offered_at: NotRequired[datetime | None]
    offer_expires_at: NotRequired[datetime | None]
    ended_at: NotRequired[datetime | None]
    booking_id: NotRequired[str | None]


class JobDocument(TypedDict):
    """``data`` is that of the journal entry which asked for the job."""

    _id: str
    kind: str
    event_id: str
    data: EntryData
    total: int
    done: int
    cursor: str
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
