"""Who gets seats that become free: first come, first served, the first party that fits whole."""

from collections.abc import Iterable

from django.conf import settings

from bookings.documents import WaitlistDocument
from bookings.models import MAX_QUANTITY, WaitlistEntry
from bookings.seats.locked_event import LockedEvent
from bookings.waitlist.journal_entries import waitlist_offered
from config.mongo.collections import running_session

ENTRY_FIELDS = {"customer_id": 1, "customer_name": 1, "qty": 1, "turn": 1}


def offer_free_seats(turn: LockedEvent) -> None:
    """Hold free seats for those who wait, in the order of the line, until nobody who is left fits."""
    if not (turn.is_open and turn.available > 0 and turn.waiting > 0):
        return
    expires_at = turn.now + settings.WAITLIST_OFFER
    chosen = first_that_fit(turn.facts.id, turn.available)
    for party in chosen:
        turn.hold(party["qty"])
        turn.leave_line()
        turn.entries.append(waitlist_offered(turn, party, expires_at=expires_at))
    offered = {"status": WaitlistEntry.Status.OFFERED.value, "offered_at": turn.now, "offer_expires_at": expires_at}
    WaitlistEntry.documents.update_many(
        {"_id": {"$in": [party["_id"] for party in chosen]}}, {"$set": offered}, session=running_session()
    )


def first_that_fit(event_id: str, room: int) -> list[WaitlistDocument]:
    """Return the parties that get an offer, in order; who does not fit into what is left is passed over."""
    chosen: list[WaitlistDocument] = []
    while taken := take_while_they_fit(entries_that_fit(event_id, room, behind=chosen), room):
        chosen += taken
        room -= sum(party["qty"] for party in taken)
    return chosen


def take_while_they_fit(line: Iterable[WaitlistDocument], room: int) -> list[WaitlistDocument]:
    taken: list[WaitlistDocument] = []
    for party in line:
        room -= party["qty"]
        if room < 0:
            break
        taken.append(party)
    return taken


def entries_that_fit(event_id: str, room: int, *, behind: list[WaitlistDocument]) -> Iterable[WaitlistDocument]:
    """Walk the line of those who fit. Naming the sizes one by one lets MongoDB merge an ordered index for each."""
    sizes = list(range(1, min(room, MAX_QUANTITY) + 1))
    line = {"event_id": event_id, "status": WaitlistEntry.Status.WAITING.value, "qty": {"$in": sizes}}
    after = behind[-1]["turn"] if behind else 0
    waiting = {**line, "turn": {"$gt": after}}
    return WaitlistEntry.documents.find(waiting, ENTRY_FIELDS, session=running_session()).sort("turn", 1)
