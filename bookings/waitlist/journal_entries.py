"""Journal entries about the waitlist: what each type carries, what makes it, and where it goes.

Handlers that take them: bookings/handlers.py, realtime/handlers.py; docs/journal-entries.md lists them by type.
"""

from datetime import datetime
from enum import StrEnum

from bookings.documents import WaitlistDocument
from bookings.journal_entries import LOGGED_FIELDS, SeatsMovedData, seats_moved_data, step_entry
from bookings.seats.locked_event import LockedEvent
from config.core.clock import iso
from journal.catalogue import EntryType
from journal.documents import EntryDocument


class WaitlistStep(StrEnum):
    JOINED = "waitlist.joined"
    OFFERED = "waitlist.offered"
    CONVERTED = "waitlist.converted"  # the offer was accepted and is a booking now
    EXPIRED = "waitlist.expired"
    LEFT = "waitlist.left"


class WaitlistData(SeatsMovedData):
    id: str
    customerId: str
    customerName: str
    qty: int
    place: int


class WaitlistOfferedData(WaitlistData):
    offerExpiresAt: str
    eventDate: str


class WaitlistConvertedData(WaitlistData):
    bookingId: str


class WaitlistExpiredData(WaitlistData):
    """``was`` is the status before: WAITING or OFFERED."""

    was: str


ENTRY_TYPES = (
    EntryType(WaitlistStep.JOINED, WaitlistData, event_log=LOGGED_FIELDS, webhook=True),
    EntryType(WaitlistStep.OFFERED, WaitlistOfferedData, event_log=(*LOGGED_FIELDS, "offerExpiresAt")),
    EntryType(WaitlistStep.CONVERTED, WaitlistConvertedData, event_log=(*LOGGED_FIELDS, "bookingId")),
    EntryType(WaitlistStep.EXPIRED, WaitlistExpiredData, event_log=LOGGED_FIELDS),
    EntryType(WaitlistStep.LEFT, WaitlistData, event_log=LOGGED_FIELDS),
)


def waitlist_joined(event: LockedEvent, entry: WaitlistDocument) -> EntryDocument:
    data = waitlist_data(event, entry)
    return step_entry(event, WaitlistStep.JOINED, entry["_id"], by=entry["customer_id"], data=data)


def waitlist_offered(event: LockedEvent, entry: WaitlistDocument, *, expires_at: datetime) -> EntryDocument:
    data: WaitlistOfferedData = {
        **waitlist_data(event, entry),
        "offerExpiresAt": iso(expires_at),
        "eventDate": iso(event.snapshot.starts_at),
    }
    return step_entry(event, WaitlistStep.OFFERED, entry["_id"], by="", data=data)


def waitlist_converted(event: LockedEvent, entry: WaitlistDocument, *, booking_id: str) -> EntryDocument:
    data: WaitlistConvertedData = {**waitlist_data(event, entry), "bookingId": booking_id}
    return step_entry(event, WaitlistStep.CONVERTED, entry["_id"], by=entry["customer_id"], data=data)


def waitlist_expired(event: LockedEvent, entry: WaitlistDocument) -> EntryDocument:
    data: WaitlistExpiredData = {**waitlist_data(event, entry), "was": entry["status"]}
    return step_entry(event, WaitlistStep.EXPIRED, entry["_id"], by="", data=data)


def waitlist_left(event: LockedEvent, entry: WaitlistDocument) -> EntryDocument:
    data = waitlist_data(event, entry)
    return step_entry(event, WaitlistStep.LEFT, entry["_id"], by=entry["customer_id"], data=data)


def waitlist_data(event: LockedEvent, entry: WaitlistDocument) -> WaitlistData:
    return {
        "id": entry["_id"],
        "customerId": entry["customer_id"],
        "customerName": entry["customer_name"],
        "qty": entry["qty"],
        "place": entry["place"],
        **seats_moved_data(event),
    }
