"""Journal entries about bookings: what each type carries, what makes it, and where it goes.

Handlers that take them: bookings/handlers.py, analytics/handlers.py, realtime/handlers.py; docs/journal-entries.md
lists them by type. The waitlist's are in bookings/waitlist/journal_entries.py.
"""

from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from django.conf import settings

from accounts.actors import Actor
from bookings.documents import BookingDocument
from bookings.models import EventJob
from bookings.seats.ledger import EventSnapshot
from bookings.seats.locked_event import LockedEvent
from config.core.clock import iso
from events.journal_entries import FieldChange
from journal.append import build_entry
from journal.catalogue import ALWAYS, EntryType
from journal.documents import EntryData, EntryDocument
from journal.models import Entry

BY_CUSTOMER, BY_STAFF, BY_EVENT = "customer", "staff", "event_cancelled"  # who wanted a booking cancelled


class BookingEntry(StrEnum):
    CREATED = "booking.created"
    CANCELLED = "booking.cancelled"
    MAIL_RESENT = "booking.mail_resent"  # staff had the confirmation sent again
    NOTICE_EVENT_UPDATED = "notice.event_updated"  # one for each customer who booked
    NOTICE_EVENT_CANCELLED = "notice.event_cancelled"


class PurchaseData(TypedDict):
    customerId: str
    customerName: str
    qty: int
    amount: str
    currency: str


class BookingCreatedData(PurchaseData):
    """``availableSeats`` is how many the event had after this booking."""

    id: str
    eventId: str
    eventTitle: str
    eventDate: str
    organizerId: str
    availableSeats: int


class MailResentData(BookingCreatedData):
    note: str


class SeatsMovedData(TypedDict):
    """What a transaction that moves seats says of its event; ``turn`` is the transaction's number."""

    eventId: str
    eventTitle: str
    organizerId: str
    availableSeats: int
    turn: int


class BookingCancelledData(PurchaseData, SeatsMovedData):
    """``reason`` is BY_CUSTOMER, BY_STAFF or BY_EVENT; ``note`` is what was said about it."""

    id: str
    bookedAt: str
    reason: str
    note: str
    eventDate: str


class NoticeData(TypedDict):
    """What the customer is told of the event as it was when the notice was asked for."""

    customerId: str
    eventId: str
    eventTitle: str
    eventDate: str
    organizerId: str
    changes: dict[str, FieldChange]
    reason: str
    byStaff: bool


TAKEN = ("id", "eventId", "customerId", "qty")
ENTRY_TYPES = (
    EntryType(BookingEntry.CREATED, BookingCreatedData, event_log=TAKEN, webhook=True),
    EntryType(
        BookingEntry.CANCELLED,
        BookingCancelledData,
        event_log=(*TAKEN, "reason"),
        webhook=True,
        staff_decision={"reason": BY_STAFF},
    ),
    EntryType(BookingEntry.MAIL_RESENT, MailResentData, staff_decision=ALWAYS),
    EntryType(BookingEntry.NOTICE_EVENT_UPDATED, NoticeData),
    EntryType(BookingEntry.NOTICE_EVENT_CANCELLED, NoticeData),
)
NOTICES = {
    EventJob.Kind.ANNOUNCE: BookingEntry.NOTICE_EVENT_UPDATED,
    EventJob.Kind.CANCEL: BookingEntry.NOTICE_EVENT_CANCELLED,
}


def created_id(booking_id: str) -> str:
    """Return the id of a booking's first entry. It follows from the booking's: a second entry is the same one."""
    return f"{BookingEntry.CREATED}:{booking_id}"


def booking_created(
    booking: BookingDocument, facts: EventSnapshot, *, name: str, left: int, request_id: str | None = None
) -> EntryDocument:
    """Return the entry of a booking that stands; ``left`` is how many seats the event had after it."""
    data: BookingCreatedData = {
        "id": booking["_id"],
        "eventId": facts.id,
        "eventTitle": facts.title,
        "eventDate": iso(facts.starts_at),
        "organizerId": facts.organizer_id,
        **purchase_data(booking, name=name),
        "availableSeats": left,
    }
    return build_entry(
        BookingEntry.CREATED,
        entry_id=created_id(booking["_id"]),
        subject=booking["_id"],
        actor=booking["customer_id"],
        at=booking["created_at"],
        data=data,
        request_id=request_id,
    )


def mail_resent(created: Entry, *, by: Actor, note: str, at: datetime) -> EntryDocument:
    """Return an entry that says again what ``created`` said."""
    booked: BookingCreatedData = created.data
    data: MailResentData = {**booked, "note": note}
    return build_entry(BookingEntry.MAIL_RESENT, subject=created.subject, actor=by.id, at=at, data=data)


def booking_cancelled(
    turn: LockedEvent, booking: BookingDocument, *, by: str, name: str, reason: str, note: str = ""
) -> EntryDocument:
    data: BookingCancelledData = {
        "id": booking["_id"],
        **purchase_data(booking, name=name),
        "bookedAt": iso(booking["created_at"]),
        "reason": reason,
        "note": note,
        "eventDate": iso(turn.facts.starts_at),
        **seats_moved_data(turn),
    }
    return once(turn, BookingEntry.CANCELLED, booking["_id"], by=by, data=data)


def event_notice(job: EventJob, customer_id: str, *, changes: dict[str, FieldChange], at: datetime) -> EntryDocument:
    """Return what a customer is told. It says what the job was asked to tell, not what the event has become since."""
    asked: EntryData = job.data
    data: NoticeData = {
        "customerId": customer_id,
        "eventId": job.event_id,
        "eventTitle": asked["title"],
        "eventDate": asked["date"],
        "organizerId": asked["organizerId"],
        "changes": changes,
        "reason": asked.get("reason", ""),
        "byStaff": asked.get("byStaff", False),
    }
    entry_id = f"notice:{job.id}:{customer_id}"
    entry_type = NOTICES[EventJob.Kind(job.kind)]
    return build_entry(entry_type, entry_id=entry_id, subject=customer_id, actor="", at=at, data=data)


def once(turn: LockedEvent, entry_type: StrEnum, subject: str, *, by: str, data: EntryData) -> EntryDocument:
    """Return the entry of a step that a booking or a party takes once, under an id that says so."""
    entry_id = f"{entry_type}:{subject}"
    return build_entry(entry_type, entry_id=entry_id, subject=subject, actor=by, at=turn.now, data=data)


def purchase_data(booking: BookingDocument, *, name: str) -> PurchaseData:
    return {
        "customerId": booking["customer_id"],
        "customerName": name,
        "qty": booking["qty"],
        "amount": f"{booking['amount'].to_decimal():.2f}",
        "currency": settings.CURRENCY,
    }


def seats_moved_data(turn: LockedEvent) -> SeatsMovedData:
    return {
        "eventId": turn.facts.id,
        "eventTitle": turn.facts.title,
        "organizerId": turn.facts.organizer_id,
        "availableSeats": turn.available,
        "turn": turn.number,
    }
