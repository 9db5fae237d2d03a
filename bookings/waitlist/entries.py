"""The waitlist entries of an event, as its transaction reads and ends them."""

from collections.abc import Mapping
from datetime import datetime

from accounts.actors import Actor
from bookings.documents import WaitlistDocument
from bookings.models import WaitlistEntry
from bookings.seats.locked_event import LockedEvent
from bookings.waitlist.journal_entries import waitlist_expired
from config.core.errors import NotFound
from config.mongo.collections import running_session

WAITING, OFFERED = WaitlistEntry.Status.WAITING.value, WaitlistEntry.Status.OFFERED.value


OPEN = {"status": {"$in": [WAITING, OFFERED]}}


CHUNK = 500


class NotOnWaitlist(NotFound):
    detail = "You are not on the waitlist of this event."


def find_entries(query: Mapping[str, object]) -> list[WaitlistDocument]:
    return list(WaitlistEntry.documents.find(query, session=running_session()).sort("turn", 1).limit(CHUNK))


def expire_all(turn: LockedEvent, query: Mapping[str, object]) -> int:
    """End the first of the parties found, a chunk at most; return how many."""
    parties = find_entries(query)
    for party in parties:
        release_place(turn, party)
        end_entry(party, WaitlistEntry.Status.EXPIRED, now=turn.now)
        turn.entries.append(waitlist_expired(turn, party))
    return len(parties)


def release_place(turn: LockedEvent, party: WaitlistDocument) -> None:
    """Take a party out of the counters: its place in the line, or the seats that are held for it."""
    if party["status"] == WAITING:
        turn.leave_line()
    else:
        turn.release(party["qty"])


def end_entry(party: WaitlistDocument, status: WaitlistEntry.Status, *, now: datetime, **fields: object) -> None:
    ended = {"status": status.value, "open": False, "ended_at": now, **fields}
    WaitlistEntry.documents.update_one({"_id": party["_id"]}, {"$set": ended}, session=running_session())


def open_entry(event_id: str, customer: Actor) -> WaitlistDocument | None:
    query = {"event_id": event_id, "customer_id": customer.id, "open": True}
    return WaitlistEntry.documents.find_one(query, session=running_session())
