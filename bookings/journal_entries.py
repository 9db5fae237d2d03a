"""Journal entries about bookings: what each type carries, what makes it, and where it goes.

Handlers that take them: bookings/handlers.py, analytics/handlers.py, realtime/handlers.py; docs/journal-entries.md
lists them by type. Those about the waitlist are in bookings/waitlist/journal_entries.py.
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

BY_CUSTOMER, BY_STAFF, BY_EVENT = "customer", "staff", "event_cancelled"  # why a booking was cancelled


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
    """The event after a transaction that moved seats; ``seatTransaction`` is the transaction's number."""

    eventId: str
    eventTitle: str
    organizerId: str
    availableSeats: int
    seatTransaction: int


class BookingCancelledData(PurchaseData, SeatsMovedData):
    """``reason`` is BY_CUSTOMER, BY_STAFF or BY_EVENT; ``note`` is the text given with it."""

    id: str
    bookedAt: str
    reason: str
    note: str
    eventDate: str


class NoticeData(TypedDict):
    """A notice to one customer; the event is described as it was when its organizer or staff changed it."""

    customerId: str
    eventId: str
    eventTitle: str
    eventDate: str
    organizerId: str
    changes: dict[str, FieldChange]
    reason: str
    byStaff: bool


LOGGED_FIELDS = ("id", "eventId", "customerId", "qty")
ENTRY_TYPES = (
    EntryType(BookingEntry.CREATED, BookingCreatedData, event_log=LOGGED_FIELDS, webhook=True),
    EntryType(
        BookingEntry.CANCELLED,
        BookingCancelledData,
        event_log=(*LOGGED_FIELDS, "reason"),
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
    """Return the id of a booking's first entry. It follows from the booking's id, so that no second entry is stored."""
    return f"{BookingEntry.CREATED}:{booking_id}"


def booking_created(
    booking: BookingDocument, snapshot: EventSnapshot, *, name: str, available_seats: int, request_id: str | None = None
) -> EntryDocument:
    """``name`` is the customer's; ``available_seats`` is how many seats the event had after this booking."""
    data: BookingCreatedData = {
        "id": booking["_id"],
        "eventId": snapshot.id,
        "eventTitle": snapshot.title,
        "eventDate": iso(snapshot.starts_at),
        "organizerId": snapshot.organizer_id,
        **purchase_data(booking, name=name),
        "availableSeats": available_seats,
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
    """The entry repeats the data of ``created``, the booking's first entry."""
    booked: BookingCreatedData = created.data
    data: MailResentData = {**booked, "note": note}
    return build_entry(BookingEntry.MAIL_RESENT, subject=created.subject, actor=by.id, at=at, data=data)


def booking_cancelled(
    event: LockedEvent, booking: BookingDocument, *, by: str, name: str, reason: str, note: str = ""
) -> EntryDocument:
    data: BookingCancelledData = {
        "id": booking["_id"],
        **purchase_data(booking, name=name),
        "bookedAt": iso(booking["created_at"]),
        "reason": reason,
        "note": note,
        "eventDate": iso(event.snapshot.starts_at),
        **seats_moved_data(event),
    }
    return step_entry(event, BookingEntry.CANCELLED, booking["_id"], by=by, data=data)


def event_notice(job: EventJob, customer_id: str, *, changes: dict[str, FieldChange], at: datetime) -> EntryDocument:
    """Return a notice with what the job was asked to announce, not with what the event became since."""
    requested: EntryData = job.data
    data: NoticeData = {
        "customerId": customer_id,
        "eventId": job.event_id,
        "eventTitle": requested["title"],
        "eventDate": requested["date"],
        "organizerId": requested["organizerId"],
        "changes": changes,
        "reason": requested.get("reason", ""),
        "byStaff": requested.get("byStaff", False),
    }
    entry_id = f"notice:{job.id}:{customer_id}"
    entry_type = NOTICES[EventJob.Kind(job.kind)]
    return build_entry(entry_type, entry_id=entry_id, subject=customer_id, actor="", at=at, data=data)


def step_entry(event: LockedEvent, entry_type: StrEnum, subject: str, *, by: str, data: EntryData) -> EntryDocument:
    """Return the entry of a step that a booking or waitlist entry takes only once; its id follows from the step."""
    entry_id = f"{entry_type}:{subject}"
    return build_entry(entry_type, entry_id=entry_id, subject=subject, actor=by, at=event.now, data=data)


def purchase_data(booking: BookingDocument, *, name: str) -> PurchaseData:
    return {
        "customerId": booking["customer_id"],
        "customerName": name,
        "qty": booking["qty"],
        "amount": f"{booking['amount'].to_decimal():.2f}",
        "currency": settings.CURRENCY,
    }


def seats_moved_data(event: LockedEvent) -> SeatsMovedData:
    return {
        "eventId": event.snapshot.id,
        "eventTitle": event.snapshot.title,
        "organizerId": event.snapshot.organizer_id,
        "availableSeats": event.available,
        "seatTransaction": event.seat_transaction,
    }
