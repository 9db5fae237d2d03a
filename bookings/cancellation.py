"""Cancelling one booking: its seats and its amount go back in one transaction of the event."""

from datetime import datetime, timedelta

from django.conf import settings

from accounts.actors import Actor, AnonymousActor
from bookings.checkout import recovery
from bookings.documents import BookingDocument
from bookings.journal_entries import BY_CUSTOMER, BY_STAFF, booking_cancelled, created_id
from bookings.models import Booking
from bookings.seats.ledger import EventSnapshot
from bookings.seats.locked_event import LockedEvent
from bookings.seats.transactions import in_event_transaction
from config.core.errors import Conflict, Forbidden, NotFound
from config.mongo.collections import running_session
from journal.models import Entry

CANCELLED, CONFIRMED = Booking.Status.CANCELLED.value, Booking.Status.CONFIRMED.value


class AlreadyCancelled(Conflict):
    code = "already_cancelled"
    detail = "This booking is cancelled already."


class TooLate(Conflict):
    code = "cutoff_passed"
    detail = "It is too late to cancel this booking. Please contact the organizer."


class CheckedIn(Conflict):
    code = "already_checked_in"
    detail = "This booking was checked in and cannot be cancelled."


class NotYours(Forbidden):
    detail = "Only the customer who made this booking may cancel it."


def find_visible(booking_id: str, *, by: Actor | AnonymousActor) -> Booking:
    """Return a booking with its event and customer.

    Raises:
        NotFound: no such booking, or ``by`` may not see it.
    """
    booking: Booking | None = Booking.objects.real().with_names().filter(pk=booking_id).first()
    if booking is None or not booking.is_visible_to(by):
        raise NotFound
    return booking


def cancel_booking(*, booking_id: str, by: Actor, now: datetime, note: str = "") -> Booking:
    """Cancel a booking and return it. The cut-off binds its customer, not staff.

    Raises:
        NotFound, NotYours.  AlreadyCancelled, CheckedIn.  TooLate: less than CANCEL_CUTOFF_HOURS before the event.
    """
    booking = find_visible(booking_id, by=by)
    if not (by.is_staff or booking.customer_id == by.id):
        raise NotYours
    complete_journal(booking)
    reason = BY_STAFF if by.is_staff else BY_CUSTOMER

    def work(event: LockedEvent) -> None:
        document = Booking.documents.find_one({"_id": booking_id}, session=running_session())
        if document is None:
            raise NotFound
        refuse(document, event.snapshot, cutoff=timedelta(0) if by.is_staff else settings.CANCEL_CUTOFF, now=now)
        mark_cancelled([booking_id], now=now)
        event.release_sold_seats(document["qty"], document["amount"].to_decimal())
        entry = booking_cancelled(event, document, by=by.id, name=booking.customer.name, reason=reason, note=note)
        event.journal_entries.append(entry)

    in_event_transaction(booking.event_id, work, now=now)
    return find_visible(booking_id, by=by)


def refuse(document: BookingDocument, snapshot: EventSnapshot, *, cutoff: timedelta, now: datetime) -> None:
    if document["status"] == CANCELLED:
        raise AlreadyCancelled
    if document.get("checked_in_at"):
        raise CheckedIn
    if cutoff and snapshot.starts_at - now < cutoff:
        hours = round(cutoff.total_seconds() / 3600)
        raise TooLate(f"Bookings can be cancelled until {hours} hours before the event.", cutoffHours=hours)


def mark_cancelled(ids: list[str], *, now: datetime) -> None:
    """Mark bookings that this transaction has read."""
    change = {"$set": {"status": CANCELLED, "cancelled_at": now}}
    Booking.documents.update_many({"_id": {"$in": ids}, "status": CONFIRMED}, change, session=running_session())


def complete_journal(booking: Booking) -> None:
    """Append the booking's first journal entry if the post-commit worker has not done so yet."""
    if Entry.documents.find_one({"_id": created_id(booking.pk)}, {"_id": 1}) is None:
        found = list(Booking.documents.find({"_id": booking.pk}))
        recovery.append_created_entries(booking.event_id, found)
