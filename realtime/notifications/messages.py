"""What notifications say: the shape of each type, and how it follows from a journal entry.

/api/asyncapi is made from these types: their docstrings are its summaries.
"""

from enum import StrEnum
from typing import Literal

from typing_extensions import TypedDict

from config.core.clock import iso
from journal.models import Entry
from realtime.documents import StoredNotification

Reason = Literal["customer", "staff", "event_cancelled"]


class EventPart(TypedDict):
    eventId: str
    eventTitle: str


class BookingCreated(EventPart):
    """Somebody booked: for the organizer of the event."""

    bookingId: str
    qty: int
    amount: str
    customerName: str
    availableSeats: int


class BookingCancelled(BookingCreated):
    """A booking ended: for the organizer; for the customer too where staff ended it. ``reason``: who wanted it."""

    reason: Reason


class Change(TypedDict):
    old: object
    new: object


class EventUpdated(EventPart):
    """An event changed: for who booked it. Old and new values under the names that the API has for them."""

    changes: dict[str, Change]


class EventCancelled(EventPart):
    """An event is cancelled: for who booked it or waited for it."""

    reason: str


class EventDecided(EventCancelled):
    """Staff hid, restored or cancelled an event: for its organizer. ``reasonCode`` is from the staff's list."""

    reasonCode: str


class WaitlistExpired(EventPart):
    """An offer has ended: for the customer."""

    waitlistId: str
    qty: int


class WaitlistOffered(WaitlistExpired):
    """Seats are held for the customer until ``offerExpiresAt``."""

    offerExpiresAt: str


class Message(TypedDict):
    """A notification as it is sent live under its type; ``seq`` rises by one, so that a client knows what it has."""

    seq: int
    createdAt: str
    data: dict[str, object]


class NotificationType(StrEnum):
    BOOKING_CREATED = "booking.created"
    BOOKING_CANCELLED = "booking.cancelled"
    EVENT_UPDATED = "event.updated"
    EVENT_CANCELLED = "event.cancelled"
    EVENT_HIDDEN = "event.hidden"
    EVENT_RESTORED = "event.restored"
    WAITLIST_OFFERED = "waitlist.offered"
    WAITLIST_EXPIRED = "waitlist.expired"


NOTIFICATIONS: dict[NotificationType, type[object]] = {
    NotificationType.BOOKING_CREATED: BookingCreated,
    NotificationType.BOOKING_CANCELLED: BookingCancelled,
    NotificationType.EVENT_UPDATED: EventUpdated,
    NotificationType.EVENT_CANCELLED: EventCancelled,
    NotificationType.EVENT_HIDDEN: EventDecided,
    NotificationType.EVENT_RESTORED: EventDecided,
    NotificationType.WAITLIST_OFFERED: WaitlistOffered,
    NotificationType.WAITLIST_EXPIRED: WaitlistExpired,
}


def notification(document: StoredNotification) -> Message:
    return {"seq": document["seq"], "createdAt": iso(document["created_at"]), "data": document["data"]}


def booking_created(entry: Entry) -> BookingCreated:
    data = entry.data
    return {
        "bookingId": data["id"],
        "eventId": data["eventId"],
        "eventTitle": data["eventTitle"],
        "qty": data["qty"],
        "amount": data["amount"],
        "customerName": data["customerName"],
        "availableSeats": data["availableSeats"],
    }


def booking_cancelled(entry: Entry) -> BookingCancelled:
    return {**booking_created(entry), "reason": entry.data["reason"]}


def event_updated(entry: Entry) -> EventUpdated:
    names = {"starts_at": "date", "ends_at": "endDate"}
    changes = {names.get(name, name): values for name, values in entry.data["changes"].items()}
    return {**event_part(entry), "changes": changes}


def event_cancelled(entry: Entry) -> EventCancelled:
    return {**event_part(entry), "reason": entry.data["reason"]}


def event_decided(entry: Entry) -> EventDecided:
    data = entry.data
    return {
        "eventId": data["id"],
        "eventTitle": data["title"],
        "reason": data.get("reason", ""),
        "reasonCode": data.get("reasonCode", ""),
    }


def waitlist_offered(entry: Entry) -> WaitlistOffered:
    return {**waitlist_expired(entry), "offerExpiresAt": entry.data["offerExpiresAt"]}


def waitlist_expired(entry: Entry) -> WaitlistExpired:
    return {**event_part(entry), "waitlistId": entry.data["id"], "qty": entry.data["qty"]}


def event_part(entry: Entry) -> EventPart:
    return {"eventId": entry.data["eventId"], "eventTitle": entry.data["eventTitle"]}
