"""An event as MongoDB holds it: the part that the seat ledger and the waitlist read and move."""

from datetime import datetime
from typing import Any, NotRequired, TypedDict

from bson.decimal128 import Decimal128

EventUpdates = dict[str, Any]  # what the ORM is to write to an event, by field


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
