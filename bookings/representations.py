"""How bookings and waitlist entries look in the API; a booking is stored in this form with its idempotency key.

Plain functions: a serializer instance for each booking would cost more than encoding its two writes.
"""

from datetime import datetime
from decimal import Decimal

from django.conf import settings

from accounts.actors import Actor
from accounts.models import User
from bookings.documents import BookingDocument, BookingRepresentation, WaitlistRepresentation
from bookings.models import Booking, WaitlistEntry
from bookings.seats.ledger import EventSnapshot
from config.core.clock import iso
from events.models import Event


def represent_booking(booking: Booking) -> BookingRepresentation:
    """The booking was read with its event and customer."""
    return booking_representation(
        id=booking.id,
        event=booking.event,
        customer=booking.customer,
        qty=booking.qty,
        unit_price=booking.unit_price,
        amount=booking.amount,
        status=booking.status,
        created_at=booking.created_at,
        cancelled_at=booking.cancelled_at,
        checked_in_at=booking.checked_in_at,
    )


def represent_new_booking(document: BookingDocument, snapshot: EventSnapshot, customer: Actor) -> BookingRepresentation:
    """The document comes from ledger.new_booking."""
    return booking_representation(
        id=document["_id"],
        event=snapshot,
        customer=customer,
        qty=document["qty"],
        unit_price=document["unit_price"].to_decimal(),
        amount=document["amount"].to_decimal(),
        status=document["status"],
        created_at=document["created_at"],
    )


def booking_representation(
    *,
    id: str,  # noqa: A002 - the JSON name
    event: Event | EventSnapshot,
    customer: User | Actor,
    qty: int,
    unit_price: Decimal,
    amount: Decimal,
    status: str,
    created_at: datetime,
    cancelled_at: datetime | None = None,
    checked_in_at: datetime | None = None,
) -> BookingRepresentation:
    return {
        "id": id,
        "event": {
            "id": event.id,
            "title": event.title,
            "date": iso(event.starts_at),
            "city": event.city,
            "venue": event.venue,
        },
        "qty": qty,
        "unitPrice": f"{unit_price:.2f}",
        "amount": f"{amount:.2f}",
        "currency": settings.CURRENCY,
        "status": status,
        "customer": {"id": customer.id, "name": customer.name},
        "createdAt": iso(created_at),
        "cancelledAt": iso(cancelled_at) if cancelled_at else None,
        "checkedInAt": iso(checked_in_at) if checked_in_at else None,
    }


def represent_waitlist_entry(entry: WaitlistEntry, *, position: int | None) -> WaitlistRepresentation:
    """``position`` is 1 for the first that waits, None for an entry that does not wait."""
    return {
        "id": entry.id,
        "eventId": entry.event_id,
        "qty": entry.qty,
        "position": position,
        "status": entry.status,
        "offerExpiresAt": iso(entry.offer_expires_at) if entry.offer_expires_at else None,
        "bookingId": entry.booking_id,
        "createdAt": iso(entry.created_at),
    }
