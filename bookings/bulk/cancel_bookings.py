"""Cancelling the bookings of a cancelled event and closing its waitlist."""

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
from bookings.waitlist.closing import close_entries, next_open_entries
from config.mongo.collections import Stage, aggregate, running_session

CHUNK = 250


def run_chunk(job: EventJob, *, now: datetime) -> tuple[int, bool]:
    """Close a chunk of the waitlist, then cancel a chunk of the bookings; return (how many, whether none is left).

    Notices are written before bookings are cancelled: a crash in between repeats the chunk, whose notices then exist.
    Bookings that are only claimed so far are left to do. Claims are read before bookings: a claim that is removed in
    between means a booking that the query missed.
    """
    claims = claims_of(job.event_id)
    if done := end_waitlist(job, now=now) or end_bookings(job, now=now):
        return done, False
    return 0, not claims


def end_waitlist(job: EventJob, *, now: datetime) -> int:
    entries = next_open_entries(job.event_id)
    if not entries:
        return 0
    write_notices(job, (entry["customer_id"] for entry in entries), now=now)
    ids = [entry["_id"] for entry in entries]
    return in_event_transaction(job.event_id, lambda event: close_entries(event, ids), now=now)


def end_bookings(job: EventJob, *, now: datetime) -> int:
    found = list(Booking.documents.find(confirmed_of(job.event_id)).limit(CHUNK))
    if not found:
        return 0
    if claims_of(job.event_id):
        recovery.append_created_entries(job.event_id, found)  # the post-commit worker may not have done so yet
    write_notices(job, (booking["customer_id"] for booking in found), now=now)
    names = User.objects.names_of(booking["customer_id"] for booking in found)
    ids = [booking["_id"] for booking in found]
    return in_event_transaction(job.event_id, lambda event: cancel_all(event, job, ids, names), now=now)


def cancel_all(event: LockedEvent, job: EventJob, ids: list[str], names: dict[str, str]) -> int:
    """Cancel those of the bookings that are still confirmed, and count them in the job in the same transaction."""
    still_confirmed = {**confirmed_of(job.event_id), "_id": {"$in": ids}}
    found = list(Booking.documents.find(still_confirmed, session=running_session()))
    mark_cancelled([booking["_id"] for booking in found], now=event.now)
    for booking in found:
        event.release_sold_seats(booking["qty"], booking["amount"].to_decimal())
        name, note = names.get(booking["customer_id"], ""), job.data.get("reason", "")
        entry = booking_cancelled(event, booking, by="", name=name, reason=BY_EVENT, note=note)
        event.journal_entries.append(entry)
    progress = {"$inc": {"done": len(found)}, "$set": {"updated_at": event.now}}
    EventJob.documents.update_one({"_id": job.pk}, progress, session=running_session())
    return len(ids)


def count_confirmed(event_id: str) -> dict[str, int]:
    """Count the bookings that cancelling the event would cancel, and their customers; an index serves both."""
    stages: list[Stage] = [
        {"$match": confirmed_of(event_id)},
        {"$group": {"_id": "$customer_id", "bookings": {"$sum": 1}}},
        {"$group": {"_id": None, "customers": {"$sum": 1}, "bookings": {"$sum": "$bookings"}}},
    ]
    counted = next(aggregate(Booking.documents, stages), {})
    return {name: counted.get(name, 0) for name in ("bookings", "customers")}
