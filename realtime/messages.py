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


def booking_cancelled(entry: Entry) -> dict[str, Any]:
    """``booking.cancelled``, for the organizer; for the customer too where staff did it. ``reason``: who wanted it."""
    return {**booking_created(entry), "reason": entry.data["reason"]}


def event_updated(entry: Entry) -> dict[str, Any]:
    """``event.updated``, for who booked: what changed, old and new, under the names that the API has for it."""
    names = {"starts_at": "date", "ends_at": "endDate"}
    changes = {names.get(name, name): values for name, values in entry.data["changes"].items()}
    return {**event_part(entry), "changes": changes}


def event_cancelled(entry: Entry) -> dict[str, Any]:
    """``event.cancelled``, for who booked or waited."""
    return {**event_part(entry), "reason": entry.data["reason"]}


def event_decided(entry: Entry) -> dict[str, Any]:
    """``event.hidden``, ``event.restored``, ``event.cancelled``, for the organizer: what staff decided, and why."""
    data = entry.data
    about = {"eventId": data["id"], "eventTitle": data["title"]}
    return {**about, "reason": data.get("reason", ""), "reasonCode": data.get("reasonCode", "")}


def waitlist_offered(entry: Entry) -> dict[str, Any]:
    """``waitlist.offered``: seats are held for the customer until ``offerExpiresAt``."""
    return {**waitlist_expired(entry), "offerExpiresAt": entry.data["offerExpiresAt"]}


def waitlist_expired(entry: Entry) -> dict[str, Any]:
    """``waitlist.expired``: the offer has ended."""
    return {"waitlistId": entry.data["id"], **event_part(entry), "qty": entry.data["qty"]}


def event_part(entry: Entry) -> dict[str, Any]:
    return {"eventId": entry.data["eventId"], "eventTitle": entry.data["eventTitle"]}
