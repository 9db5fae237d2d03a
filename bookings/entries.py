"""Journal entries about bookings."""

from typing import Any

from bson.decimal128 import Decimal128
from django.conf import settings

from bookings.ledger import Facts
from config.clock import iso
from journal.services import draft

CREATED = "booking.created"


def created_entry(
    booking: dict[str, Any], facts: Facts, *, name: str, request_id: str = "", left: int
) -> dict[str, Any]:
    """Return the entry of a booking that stands. Its id follows from the booking's: a second one is the same one.

    ``left`` is how many seats the event had after this booking.
    """
    amount: Decimal128 = booking["amount"]
    data = {
        "id": booking["_id"],
        "eventId": facts.id,
        "eventTitle": facts.title,
        "eventDate": iso(facts.starts_at),
        "organizerId": facts.organizer_id,
        "customerId": booking["customer_id"],
        "customerName": name,
        "qty": booking["qty"],
        "amount": f"{amount.to_decimal():.2f}",
        "currency": settings.CURRENCY,
        "availableSeats": left,
    }
    return draft(
        id=f"{CREATED}:{booking['_id']}",
        type=CREATED,
        subject=booking["_id"],
        actor=booking["customer_id"],
        at=booking["created_at"],
        data=data,
        request_id=request_id,
    )
