"""Leaving the waitlist of an event."""

from datetime import datetime

from accounts.actors import Actor
from bookings.models import WaitlistEntry
from bookings.seats.locked_event import LockedEvent
from bookings.seats.transactions import in_event_transaction
from bookings.waitlist.entries import NotOnWaitlist, end_entry, find_open_entry, uncount
from bookings.waitlist.journal_entries import waitlist_left


def leave_waitlist(*, event_id: str, customer: Actor, now: datetime) -> None:
    """Stop waiting, or decline an offer, whose seats are then offered to the next entry.

    Raises:
        NotOnWaitlist: the customer neither waits nor has an offer.
    """

    def work(event: LockedEvent) -> None:
        entry = find_open_entry(event_id, customer)
        if entry is None:
            raise NotOnWaitlist
        uncount(event, entry)
        end_entry(entry, WaitlistEntry.Status.LEFT, now=now)
        event.journal_entries.append(waitlist_left(event, entry))

    in_event_transaction(event_id, work, now=now)
