"""The fields of an event: as changes write them, and as the seat ledger and the waitlist read them from MongoDB."""

from datetime import datetime
from decimal import Decimal
from typing import NotRequired, TypedDict

from bson.decimal128 import Decimal128


class EventFields(TypedDict, total=False):
    """The fields that organizers set (events/field_values.py)."""

    title: str
    description: str
    starts_at: datetime
    ends_at: datetime | None
    timezone: str
    city: str
    venue: str
    category: str
    tags: list[str]
    price: Decimal
    total_seats: int


class SearchKeys(TypedDict, total=False):
    """The fields that follow from others: filters, sorting and search compare them."""

    city_key: str
    category_key: str
    tag_keys: list[str]
    title_key: str
    words: list[str]


class EventUpdates(EventFields, SearchKeys, total=False):
    """The new values of one change, by field."""

    status: str
    published_at: datetime
    cancelled_at: datetime
    cancel_reason: str
    hidden: bool
    hidden_reason: str
    featured: bool
    queue: list[str]
    queued_at: datetime | None
    flags: list[str]
    approved: dict[str, object]
    approved_at: datetime
    approved_by: str
    notes_to_self: list[dict[str, str]]
    appeal: str


class ClaimItem(TypedDict):
    """One booking of a claim."""

    id: str
    qty: int


class ClaimDocument(TypedDict):
    """Seats that are taken for bookings which are being inserted, at the price of one seat."""

    bookings: list[ClaimItem]
    price: Decimal128
    at: datetime


class EventDocument(TypedDict):
    """Times come from the driver without a zone, in UTC. The first seats set ``claims``: drafts have none."""

    _id: str
    organizer_id: str
    title: str
    starts_at: datetime
    city: str
    venue: str
    price: Decimal128
    status: str
    hidden: bool
    total_seats: int
    available_seats: int
    held_seats: int
    tickets_sold: int
    revenue: Decimal128
    waitlist_length: int
    seat_transactions: int
    claims: NotRequired[dict[str, ClaimDocument]]
