"""Offers of free seats: first come, first served, to the first waitlist entry whose seats all fit."""

from collections.abc import Iterable

from django.conf import settings

from bookings.documents import WaitlistDocument
from bookings.models import MAX_QUANTITY, WaitlistEntry
from bookings.seats.locked_event import LockedEvent
from bookings.waitlist.journal_entries import waitlist_offered
from config.mongo.collections import running_session

ENTRY_FIELDS = {"customer_id": 1, "customer_name": 1, "qty": 1, "place": 1}


def offer_free_seats(event: LockedEvent) -> None:
    """Hold free seats for waitlist entries, in their order, until none of the rest fits."""
    if not (event.is_open and event.available > 0 and event.waiting > 0):
        return
    expires_at = event.now + settings.WAITLIST_OFFER
    chosen = first_that_fit(event.snapshot.id, event.available)
    for entry in chosen:
        event.hold_seats(entry["qty"])
        event.remove_waiting()
        event.journal_entries.append(waitlist_offered(event, entry, expires_at=expires_at))
    offered = {"status": WaitlistEntry.Status.OFFERED.value, "offered_at": event.now, "offer_expires_at": expires_at}
    WaitlistEntry.documents.update_many(
        {"_id": {"$in": [entry["_id"] for entry in chosen]}}, {"$set": offered}, session=running_session()
    )


def first_that_fit(event_id: str, seats: int) -> list[WaitlistDocument]:
    """Return the entries that get an offer, in order; an entry that does not fit into what is left is passed over."""
    chosen: list[WaitlistDocument] = []
    while fitting := take_while_they_fit(entries_that_fit(event_id, seats, after=chosen), seats):
        chosen += fitting
        seats -= sum(entry["qty"] for entry in fitting)
    return chosen


def take_while_they_fit(entries: Iterable[WaitlistDocument], seats: int) -> list[WaitlistDocument]:
    fitting: list[WaitlistDocument] = []
    for entry in entries:
        seats -= entry["qty"]
        if seats < 0:
            break
        fitting.append(entry)
    return fitting


def entries_that_fit(event_id: str, seats: int, *, after: list[WaitlistDocument]) -> Iterable[WaitlistDocument]:
    """Return waiting entries that fit, by place. Because every size is named, MongoDB merges ordered index scans."""
    sizes = list(range(1, min(seats, MAX_QUANTITY) + 1))
    last_place = after[-1]["place"] if after else 0
    waiting = {
        "event_id": event_id,
        "status": WaitlistEntry.Status.WAITING.value,
        "qty": {"$in": sizes},
        "place": {"$gt": last_place},
    }
    return WaitlistEntry.documents.find(waiting, ENTRY_FIELDS, session=running_session()).sort("place", 1)
