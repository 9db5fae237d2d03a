"""Journal entries about the waitlist: what each type carries, what makes it, and where it goes.

Handlers that take them: bookings/handlers.py, realtime/handlers.py; docs/journal-entries.md lists them by type.
"""

from datetime import datetime
from enum import StrEnum

from bookings.documents import WaitlistDocument
from bookings.journal_entries import TAKEN, SeatsMovedData, once, seats_moved_data
from bookings.seats.locked_event import LockedEvent
from config.core.clock import iso
from journal.catalogue import EntryType
from journal.documents import EntryDocument


class WaitlistStep(StrEnum):
    JOINED = "waitlist.joined"
    OFFERED = "waitlist.offered"
    CONVERTED = "waitlist.converted"  # the offer was accepted: it is a booking now
    EXPIRED = "waitlist.expired"
    LEFT = "waitlist.left"


class WaitlistData(SeatsMovedData):
    id: str
    customerId: str
    customerName: str
    qty: int
    joinedInTurn: int


class WaitlistOfferedData(WaitlistData):
    offerExpiresAt: str
    eventDate: str


class WaitlistConvertedData(WaitlistData):
    bookingId: str


class WaitlistExpiredData(WaitlistData):
    """``was`` is WAITING or OFFERED."""

    was: str


ENTRY_TYPES = (
    EntryType(WaitlistStep.JOINED, WaitlistData, event_log=TAKEN, webhook=True),
    EntryType(WaitlistStep.OFFERED, WaitlistOfferedData, event_log=(*TAKEN, "offerExpiresAt")),
    EntryType(WaitlistStep.CONVERTED, WaitlistConvertedData, event_log=(*TAKEN, "bookingId")),
    EntryType(WaitlistStep.EXPIRED, WaitlistExpiredData, event_log=TAKEN),
    EntryType(WaitlistStep.LEFT, WaitlistData, event_log=TAKEN),
)


def waitlist_joined(turn: LockedEvent, party: WaitlistDocument) -> EntryDocument:
    data = waitlist_data(turn, party)
    return once(turn, WaitlistStep.JOINED, party["_id"], by=party["customer_id"], data=data)


def waitlist_offered(turn: LockedEvent, party: WaitlistDocument, *, expires_at: datetime) -> EntryDocument:
    data: WaitlistOfferedData = {
        **waitlist_data(turn, party),
        "offerExpiresAt": iso(expires_at),
        "eventDate": iso(turn.facts.starts_at),
    }
    return once(turn, WaitlistStep.OFFERED, party["_id"], by="", data=data)


def waitlist_converted(turn: LockedEvent, party: WaitlistDocument, *, booking_id: str) -> EntryDocument:
    data: WaitlistConvertedData = {**waitlist_data(turn, party), "bookingId": booking_id}
    return once(turn, WaitlistStep.CONVERTED, party["_id"], by=party["customer_id"], data=data)


def waitlist_expired(turn: LockedEvent, party: WaitlistDocument) -> EntryDocument:
    data: WaitlistExpiredData = {**waitlist_data(turn, party), "was": party["status"]}
    return once(turn, WaitlistStep.EXPIRED, party["_id"], by="", data=data)


def waitlist_left(turn: LockedEvent, party: WaitlistDocument) -> EntryDocument:
    data = waitlist_data(turn, party)
    return once(turn, WaitlistStep.LEFT, party["_id"], by=party["customer_id"], data=data)


def waitlist_data(turn: LockedEvent, party: WaitlistDocument) -> WaitlistData:
    return {
        "id": party["_id"],
        "customerId": party["customer_id"],
        "customerName": party["customer_name"],
        "qty": party["qty"],
        "joinedInTurn": party["turn"],
        **seats_moved_data(turn),
    }
