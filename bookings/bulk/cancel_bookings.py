"""Cancelling the bookings of a cancelled event, and closing its line."""

from datetime import datetime

from accounts.models import User
from bookings.bulk.change_notices import write_notices
from bookings.cancellation import mark_cancelled
from bookings.checkout import recovery
from bookings.journal_entries import BY_EVENT, booking_cancelled
from bookings.models import Booking, EventJob
from bookings.seats.ledger import claims_of, confirmed_of
from bookings.seats.locked_event import LockedEvent
from bookings.seats.transactions import in_event_transaction
from bookings.waitlist.closing import close_waitlist, first_entries
from config.mongo.collections import Stage, aggregate, running_session

CHUNK = 250


def run_chunk(job: EventJob, *, now: datetime) -> tuple[int, bool]:
    """End a chunk of the line, then of the bookings; return how many and whether nothing is left to end.

    Customers get their notice before their booking ends: a crash in between repeats the chunk, and the notice with it,
    whose id is taken then. A booking in the making counts as something left: its claim tells. Claims are looked at
    first, since one that goes meanwhile leaves a booking that the look at those does not see.
    """
    in_the_making = claims_of(job.event_id)
    if done := end_waitlist(job, now=now) or end_bookings(job, now=now):
        return done, False
    return 0, not in_the_making


def end_waitlist(job: EventJob, *, now: datetime) -> int:
    parties = first_entries(job.event_id)
    if not parties:
        return 0
    write_notices(job, (party["customer_id"] for party in parties), now=now)
    return in_event_transaction(
        job.event_id, lambda turn: close_waitlist(turn, [party["_id"] for party in parties]), now=now
    )


def end_bookings(job: EventJob, *, now: datetime) -> int:
    found = list(Booking.documents.find(confirmed_of(job.event_id)).limit(CHUNK))
    if not found:
        return 0
    if claims_of(job.event_id):
        recovery.record_all_created(job.event_id, found)  # the clerk may be a moment behind
    write_notices(job, (booking["customer_id"] for booking in found), now=now)
    names = User.objects.names_of(booking["customer_id"] for booking in found)
    return in_event_transaction(
        job.event_id, lambda turn: cancel_all(turn, job, [one["_id"] for one in found], names), now=now
    )


def cancel_all(turn: LockedEvent, job: EventJob, ids: list[str], names: dict[str, str]) -> int:
    """Cancel those of the bookings that stand still, and count them in the job in the same transaction."""
    still_confirmed = {**confirmed_of(job.event_id), "_id": {"$in": ids}}
    found = list(Booking.documents.find(still_confirmed, session=running_session()))
    mark_cancelled([booking["_id"] for booking in found], now=turn.now)
    for booking in found:
        turn.give_back(booking["qty"], booking["amount"].to_decimal())
        name, note = names.get(booking["customer_id"], ""), job.data.get("reason", "")
        turn.entries.append(booking_cancelled(turn, booking, by="", name=name, reason=BY_EVENT, note=note))
    progress = {"$inc": {"done": len(found)}, "$set": {"updated_at": turn.now}}
    EventJob.documents.update_one({"_id": job.pk}, progress, session=running_session())
    return len(ids)


def count_standing(event_id: str) -> dict[str, int]:
    """Return how many bookings a cancellation of the event would end, and of how many customers, from an index."""
    stages: list[Stage] = [
        {"$match": confirmed_of(event_id)},
        {"$group": {"_id": "$customer_id", "bookings": {"$sum": 1}}},
        {"$group": {"_id": None, "customers": {"$sum": 1}, "bookings": {"$sum": "$bookings"}}},
    ]
    counted = next(aggregate(Booking.documents, stages), {})
    return {name: counted.get(name, 0) for name in ("bookings", "customers")}
