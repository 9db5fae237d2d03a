"""Joining and leaving the waitlist of an event."""

from datetime import datetime

from accounts.actors import Actor
from bookings.documents import WaitlistDocument
from bookings.models import WaitlistEntry, new_waitlist_id
from bookings.seats.locked_event import LockedEvent
from bookings.seats.refusals import refuse_closed
from bookings.seats.transactions import in_event_transaction, in_running_transaction
from bookings.waitlist.entries import WAITING, NotOnWaitlist, end_entry, open_entry, release_place
from bookings.waitlist.journal_entries import waitlist_joined, waitlist_left
from config.core.errors import Conflict
from config.mongo.collections import running_session


class SeatsAvailable(Conflict):
    code = "seats_available"
    detail = "There are seats enough: book them."


class AlreadyWaiting(Conflict):
    code = "already_waiting"
    detail = "You are on this waitlist already: leave it first to join with another number of seats."


class TooManySeats(Conflict):
    code = "too_many_seats"
    detail = "The event has fewer seats than that in all."


def join_waitlist(*, event_id: str, customer: Actor, qty: int, now: datetime) -> tuple[WaitlistEntry, int]:
    """Put a party at the end of the line; return its entry and its position, 1 for the first.

    Raises:
        EventNotOnSale, EventCancelled, EventPast: as for a booking.
        SeatsAvailable: it can book instead.  AlreadyWaiting: once for each customer and event.
    """

    def work(turn: LockedEvent) -> tuple[str, int]:
        refuse_closed(turn.facts, now=now)
        if turn.available >= qty:
            raise SeatsAvailable(availableSeats=turn.available)
        if turn.total_seats < qty:
            raise TooManySeats(totalSeats=turn.total_seats)
        if open_entry(event_id, customer) is not None:
            raise AlreadyWaiting
        party: WaitlistDocument = {
            "_id": new_waitlist_id(),
            "event_id": event_id,
            "customer_id": customer.id,
            "customer_name": customer.name,
            "qty": qty,
            "status": WAITING,
            "open": True,
            "turn": turn.number,
            "created_at": now,
        }
        WaitlistEntry.documents.insert_one(party, session=running_session())
        turn.join_line()
        turn.entries.append(waitlist_joined(turn, party))
        return party["_id"], turn.waiting

    party_id, position = in_event_transaction(event_id, work, now=now)
    return WaitlistEntry.objects.get(pk=party_id), position


def leave_waitlist(*, event_id: str, customer: Actor, now: datetime) -> None:
    """Leave the line, or decline an offer: its seats go to the next.

    Raises:
        NotOnWaitlist: neither waiting nor offered anything.
    """

    def work(turn: LockedEvent) -> None:
        party = open_entry(event_id, customer)
        if party is None:
            raise NotOnWaitlist
        release_place(turn, party)
        end_entry(party, WaitlistEntry.Status.LEFT, now=now)
        turn.entries.append(waitlist_left(turn, party))

    in_event_transaction(event_id, work, now=now)


def offer_after_change(event_id: str, now: datetime) -> None:
    """Offer what a change of the event freed, in the transaction of that change."""
    in_running_transaction(event_id, LockedEvent.stand_by, now=now)
