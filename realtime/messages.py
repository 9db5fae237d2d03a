"""What the sockets say. The only place where a message gets its shape."""

from typing import Any

from accounts.callers import Caller
from config.clock import iso
from journal.models import Entry


def ready(caller: Caller, *, seq: int) -> dict[str, Any]:
    """``ready``: the connection stands; ``seq`` is the last notification so far."""
    return {"userId": caller.id, "role": caller.role, "seq": seq}


def notification(document: dict[str, Any]) -> dict[str, Any]:
    """A notification as it is sent live under its type; ``seq`` lets a client drop what it has already."""
    return {"seq": document["seq"], "createdAt": iso(document["created_at"]), "data": document["data"]}


def booking_created(entry: Entry) -> dict[str, Any]:
    """``booking.created``, for the organizer of the event."""
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
