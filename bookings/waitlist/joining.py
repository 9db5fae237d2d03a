"""Joining the waitlist of an event."""

from datetime import datetime

from accounts.actors import Actor
from bookings.documents import WaitlistDocument
from bookings.models import WaitlistEntry, new_waitlist_id
from bookings.seats.locked_event import LockedEvent
from bookings.seats.refusals import refuse_closed
from bookings.seats.transactions import in_event_transaction
from bookings.waitlist.entries import WAITING, find_open_entry
from bookings.waitlist.journal_entries import waitlist_joined
from config.core.errors import Conflict
from config.mongo.collections import running_session


class SeatsAvailable(Conflict):
    code = "seats_available"
    detail = "Enough seats are available. Please book them."


class AlreadyWaiting(Conflict):
    code = "already_waiting"
    detail = "You are already on this waitlist. To wait for another number of seats, leave it and join again."


class TooManySeats(Conflict):
    code = "too_many_seats"
    detail = "The event does not have that many seats."


def join_waitlist(*, event_id: str, customer: Actor, qty: int, now: datetime) -> tuple[WaitlistEntry, int]:
    """Add an entry at the end of the waitlist; return it with its position, 1 for the first.

    Raises:
        EventNotOnSale, EventCancelled, EventPast: as for a booking.
        SeatsAvailable: the seats can be booked.  AlreadyWaiting: a customer has one open entry for each event.
        TooManySeats: the event will never have them.
    """

    def work(event: LockedEvent) -> tuple[str, int]:
        refuse_joining(event, customer, qty)
        entry = new_entry(event, customer, qty)
        WaitlistEntry.documents.insert_one(entry, session=running_session())
        event.add_waiting()
        event.journal_entries.append(waitlist_joined(event, entry))
        return entry["_id"], event.waiting

    entry_id, position = in_event_transaction(event_id, work, now=now)
    return WaitlistEntry.objects.get(pk=entry_id), position


def refuse_joining(event: LockedEvent, customer: Actor, qty: int) -> None:
    refuse_closed(event.snapshot, now=event.now)
    if event.available >= qty:
        raise SeatsAvailable(availableSeats=event.available)
    if event.total_seats < qty:
        raise TooManySeats(totalSeats=event.total_seats)
    if find_open_entry(event.snapshot.id, customer) is not None:
        raise AlreadyWaiting


def new_entry(event: LockedEvent, customer: Actor, qty: int) -> WaitlistDocument:
    return {
        "_id": new_waitlist_id(),
        "event_id": event.snapshot.id,
        "customer_id": customer.id,
        "customer_name": customer.name,
        "qty": qty,
        "status": WAITING,
        "open": True,
        "place": event.seat_transaction,
        "created_at": event.now,
    }
