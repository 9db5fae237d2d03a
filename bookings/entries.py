"""Journal entries about bookings and the waitlist."""

from typing import Any

from bson.decimal128 import Decimal128
from django.conf import settings

from bookings.ledger import Facts
from bookings.turn import Turn
from config.clock import iso
from journal.services import draft

CREATED, CANCELLED = "booking.created", "booking.cancelled"
RESENT = "booking.mail_resent"  # staff had the confirmation sent again
BY_CUSTOMER, BY_STAFF, BY_EVENT = "customer", "staff", "event_cancelled"  # who wanted a booking cancelled


def created_id(booking_id: str) -> str:
    """Return the id of a booking's first entry. It follows from the booking's: a second entry is the same one."""
    return f"{CREATED}:{booking_id}"


def created_entry(
    booking: dict[str, Any], facts: Facts, *, name: str, request_id: str = "", left: int
) -> dict[str, Any]:
    """Return the entry of a booking that stands.

    ``left`` is how many seats the event had after this booking.
    """
    data = {
        "id": booking["_id"],
        "eventId": facts.id,
        "eventTitle": facts.title,
        "eventDate": iso(facts.starts_at),
        "organizerId": facts.organizer_id,
        **what_was_booked(booking, name=name),
        "availableSeats": left,
    }
    return draft(
        id=created_id(booking["_id"]),
        type=CREATED,
        subject=booking["_id"],
        actor=booking["customer_id"],
        at=booking["created_at"],
        data=data,
        request_id=request_id,
    )


def what_was_booked(booking: dict[str, Any], *, name: str) -> dict[str, Any]:
    """Return who booked what, for how much: what each entry of a booking says."""
    amount: Decimal128 = booking["amount"]
    return {
        "customerId": booking["customer_id"],
        "customerName": name,
        "qty": booking["qty"],
        "amount": f"{amount.to_decimal():.2f}",
        "currency": settings.CURRENCY,
    }


def cancelled_data(booking: dict[str, Any], *, name: str, reason: str, note: str = "") -> dict[str, Any]:
    """Return what the entry of a cancelled booking says, beside what every turn says of its event.

    ``reason`` is one of the three above; ``note`` is what was said about it.
    """
    return {
        "id": booking["_id"],
        **what_was_booked(booking, name=name),
        "bookedAt": iso(booking["created_at"]),
        "reason": reason,
        "note": note,
    }


def note_cancelled(turn: Turn, booking: dict[str, Any], *, by: str, **words: str) -> None:
    """Append the entry of a cancelled booking; its id says that this happens once."""
    data = {**cancelled_data(booking, **words), "eventDate": iso(turn.facts.starts_at)}
    turn.note(CANCELLED, id=f"{CANCELLED}:{booking['_id']}", subject=booking["_id"], actor=by, data=data)


def note_party(turn: Turn, type: str, party: dict[str, Any], *, by: str, **more: Any) -> None:  # noqa: A002 - the entry's own word
    """Append the entry of a step that a party on the waitlist takes. It takes each once, so that the id can say so."""
    data = {
        "id": party["_id"],
        "customerId": party["customer_id"],
        "customerName": party["customer_name"],
        "qty": party["qty"],
        "joinedInTurn": party["turn"],
        **more,
    }
    turn.note(type, id=f"{type}:{party['_id']}", subject=party["_id"], actor=by, data=data)
