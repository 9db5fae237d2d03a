"""Accepting and expiring offers; bookings/seats/offer_selection.py makes them."""

from collections.abc import Iterator
from datetime import datetime

from accounts.actors import Actor
from bookings import representations
from bookings.documents import BookingRepresentation, WaitlistDocument
from bookings.journal_entries import booking_created
from bookings.models import Booking, WaitlistEntry, new_booking_id
from bookings.seats.ledger import new_booking
from bookings.seats.locked_event import LockedEvent
from bookings.seats.refusals import refuse_closed
from bookings.seats.transactions import in_event_transaction, in_running_transaction
from bookings.waitlist.entries import OFFERED, NotOnWaitlist, end_entry, expire_entries, find_open_entry
from bookings.waitlist.journal_entries import waitlist_converted
from config.core.clock import as_utc
from config.core.errors import Conflict, log_and_continue
from config.mongo.collections import running_session


class NoOffer(Conflict):
    code = "no_offer"
    detail = "No seats are held for you yet. You get an offer when enough seats are free and you are next."


class OfferExpired(Conflict):
    code = "offer_expired"
    detail = "Your offer has expired, and its seats go to the next customer. You can join the waitlist again."


def accept_offer(*, event_id: str, customer: Actor, now: datetime) -> BookingRepresentation:
    """Convert an offer into a booking at the event's current price; return the booking.

    Raises:
        NotOnWaitlist, NoOffer, OfferExpired; EventNotOnSale, EventCancelled, EventPast.
    """

    def work(event: LockedEvent) -> BookingRepresentation:
        snapshot = event.snapshot
        refuse_closed(snapshot, now=now)
        entry = require_offer(event_id, customer, now=now)
        booking = new_booking(
            booking_id=new_booking_id(), customer_id=customer.id, qty=entry["qty"], snapshot=snapshot, now=now
        )
        event.sell_held_seats(entry["qty"], booking["amount"].to_decimal())
        Booking.documents.insert_one(booking, session=running_session())
        end_entry(entry, WaitlistEntry.Status.CONVERTED, now=now, booking_id=booking["_id"])
        event.journal_entries += [
            waitlist_converted(event, entry, booking_id=booking["_id"]),
            booking_created(booking, snapshot, name=customer.name, available_seats=event.available),
        ]
        return representations.represent_new_booking(booking, snapshot, customer)

    return in_event_transaction(event_id, work, now=now)


def expire_offers(*, now: datetime) -> Iterator[int]:
    """Expire overdue offers, event by event, and offer their seats to the next entries; yield how many expired."""
    due = {"status": OFFERED, "offer_expires_at": {"$lte": now}}
    for event_id in WaitlistEntry.documents.distinct("event_id", due):
        with log_and_continue("expire_offers", event_id=event_id):
            yield in_event_transaction(
                event_id, lambda event: expire_entries(event, {**due, "event_id": event.snapshot.id}), now=now
            )


def offer_after_change(event_id: str, now: datetime) -> None:
    """Offer the seats that a change of the event freed, in the transaction of that change."""
    in_running_transaction(event_id, lambda _: None, now=now)


def require_offer(event_id: str, customer: Actor, *, now: datetime) -> WaitlistDocument:
    entry = find_open_entry(event_id, customer)
    if entry is None:
        raise NotOnWaitlist
    if entry["status"] != OFFERED:
        raise NoOffer
    if not entry["offer_expires_at"] or as_utc(entry["offer_expires_at"]) <= now:
        raise OfferExpired
    return entry
