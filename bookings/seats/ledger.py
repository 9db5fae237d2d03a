"""The seat ledger: how seats are sold so that no seat is sold twice.

The event document counts seats; the booking documents decide. Nothing holds a lock:

1. claim: one conditional update takes the seats and records the bookings they are for (``claims.<id>``);
2. insert: the bookings are inserted under ids made beforehand; from that moment they exist;
3. remove: one update removes the claim (bookings/checkout/post_commit_worker.py). Seats of bookings that were not
   inserted are given back with it, once, and to the waitlist first (bookings/checkout/recovery.py);
4. recovery (bookings/checkout/recovery.py) ends claims whose process died.

Raw driver calls: this is the hot path, and the ORM costs twice the CPU for each write.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bson.decimal128 import Decimal128
from pymongo import ReturnDocument, UpdateOne
from pymongo.errors import BulkWriteError

from bookings.documents import BookingDocument
from bookings.models import Booking
from config.core.clock import as_utc
from events.documents import ClaimDocument, EventDocument
from events.models import Event

SNAPSHOT_FIELDS = dict.fromkeys(
    ("title", "starts_at", "city", "venue", "price", "status", "hidden", "organizer_id", "available_seats"), 1
)


@dataclass(frozen=True, slots=True)
class EventSnapshot:
    """The fields of an event that a booking needs, as of one read or one claim."""

    id: str
    title: str
    starts_at: datetime
    city: str
    venue: str
    price: Decimal
    status: str
    hidden: bool
    organizer_id: str
    available_seats: int


@dataclass(frozen=True, slots=True)
class ClaimItem:
    """One booking's part of a claim."""

    booking_id: str
    qty: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Seats taken for bookings that are about to be inserted."""

    id: str
    event_id: str
    price: Decimal
    items: tuple[ClaimItem, ...]

    @property
    def path(self) -> str:
        return f"claims.{self.id}"


def new_claim(*, event_id: str, price: Decimal, items: Iterable[ClaimItem]) -> Claim:
    return Claim(id=secrets.token_hex(8), event_id=event_id, price=price, items=tuple(items))


def read_snapshot(event_id: str) -> EventSnapshot | None:
    document = Event.documents.find_one({"_id": event_id}, SNAPSHOT_FIELDS)
    return snapshot_of(document) if document else None


def snapshot_of(document: EventDocument) -> EventSnapshot:
    return EventSnapshot(
        id=document["_id"],
        title=document["title"],
        starts_at=as_utc(document["starts_at"]),
        city=document["city"],
        venue=document["venue"],
        price=document["price"].to_decimal(),
        status=document["status"],
        hidden=document["hidden"],
        organizer_id=document["organizer_id"],
        available_seats=document["available_seats"],
    )


def claim_seats(claim: Claim, *, now: datetime) -> EventSnapshot | None:
    """Claim the seats and return the event afterwards; change nothing and return None if a rule does not hold."""
    seats = sum(item.qty for item in claim.items)
    update = {
        "$inc": counters(seats=seats, price=claim.price),
        "$set": {claim.path: claim_document(claim, now)},
    }
    document = Event.documents.find_one_and_update(
        bookable(claim, seats=seats, now=now), update, projection=SNAPSHOT_FIELDS, return_document=ReturnDocument.AFTER
    )
    return snapshot_of(document) if document else None


def bookable(claim: Claim, *, seats: int, now: datetime) -> dict[str, object]:
    """Return the filter with every rule of a booking. Without its last condition events are oversold."""
    return {
        "_id": claim.event_id,
        "status": Event.Status.PUBLISHED.value,
        "hidden": False,
        "starts_at": {"$gt": now},
        "price": Decimal128(claim.price),
        "available_seats": {"$gte": seats},
    }


def claim_document(claim: Claim, now: datetime) -> ClaimDocument:
    return {
        "bookings": [{"id": item.booking_id, "qty": item.qty} for item in claim.items],
        "price": Decimal128(claim.price),
        "at": now,
    }


def read_claim(event_id: str, claim_id: str, document: ClaimDocument) -> Claim:
    """The reverse of claim_document."""
    items = tuple(ClaimItem(booking_id=item["id"], qty=item["qty"]) for item in document["bookings"])
    return Claim(id=claim_id, event_id=event_id, price=document["price"].to_decimal(), items=items)


def claims_of(event_id: str) -> dict[str, ClaimDocument]:
    """Return the claims of an event by id."""
    document = Event.documents.find_one({"_id": event_id}, {"claims": 1})
    return document.get("claims", {}) if document else {}


def counters(*, seats: int, price: Decimal) -> dict[str, object]:
    """Return the ``$inc`` that sells seats."""
    return {"available_seats": -seats, "tickets_sold": seats, "revenue": Decimal128(price * seats)}


def new_booking(
    *, booking_id: str, customer_id: str, qty: int, snapshot: EventSnapshot, now: datetime
) -> BookingDocument:
    """Return a confirmed booking as it is stored, at the price of the snapshot."""
    return {
        "_id": booking_id,
        "event_id": snapshot.id,
        "customer_id": customer_id,
        "qty": qty,
        "unit_price": Decimal128(snapshot.price),
        "amount": Decimal128(snapshot.price * qty),
        "status": Booking.Status.CONFIRMED.value,
        "created_at": now,
        "cancelled_at": None,
        "checked_in_at": None,
    }


def insert_bookings(documents: Sequence[BookingDocument]) -> dict[str, int]:
    """Insert bookings; return the ids of those that MongoDB refused, each with its error code.

    Code 11000 is a duplicate: an idempotency key used before, or a tombstone of recovery, which was faster.
    Raises errors after which nobody knows what was written.
    """
    try:
        Booking.documents.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        if error.details.get("writeConcernErrors"):
            raise
        return {documents[fault["index"]]["_id"]: fault["code"] for fault in error.details["writeErrors"]}
    return {}


def remove_claims(claims: Iterable[Claim]) -> None:
    """Remove claims of any events in one round trip. For claims whose bookings were all inserted."""
    paths: dict[str, dict[str, str]] = {}
    for claim in claims:
        paths.setdefault(claim.event_id, {})[claim.path] = ""
    if paths:
        updates = [UpdateOne({"_id": event_id}, {"$unset": unset}) for event_id, unset in paths.items()]
        Event.documents.bulk_write(updates, ordered=False)


def confirmed_of(event_id: str) -> dict[str, object]:
    """Return the filter of an event's confirmed bookings; the index booking_of_attendee serves it."""
    return {"event_id": event_id, "status": Booking.Status.CONFIRMED.value}
