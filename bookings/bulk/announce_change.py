"""Announcing a change of an event to everyone who booked it."""

from datetime import datetime, timedelta

from django.db.models import F

from bookings.bulk.change_notices import write_notices
from bookings.models import Booking, EventJob
from bookings.seats.ledger import claims_of, confirmed_of
from config.core.clock import as_utc

CHUNK = 500
UNDER_WAY = timedelta(seconds=5)  # a booking that read the event before the change may be stamped after it


def run_chunk(job: EventJob, *, now: datetime) -> tuple[int, bool]:
    """Tell the next chunk of customers, in the order of their ids; return how many bookings, and whether none is left.

    The cursor moves after the notices are written: a crash in between repeats the chunk, which writes nothing new.
    Before the first chunk, bookings in the making from before the change are waited for: the cursor would pass them.
    """
    if not job.cursor and is_being_booked(job):
        return 0, False
    query = {
        **confirmed_of(job.event_id),
        "customer_id": {"$gt": job.cursor},
        "created_at": {"$lte": job.created_at + UNDER_WAY},
    }
    rows = list(Booking.documents.find(query, {"customer_id": 1}).sort("customer_id", 1).limit(CHUNK))
    if not rows:
        return 0, True
    customers = [row["customer_id"] for row in rows]
    write_notices(job, customers, now=now)
    moved = EventJob.objects.filter(pk=job.pk, cursor=job.cursor)
    moved.update(cursor=customers[-1], done=F("done") + len(rows), updated_at=now)
    return len(rows), False


def is_being_booked(job: EventJob) -> bool:
    """Tell whether a claim may still insert bookings whose customers were shown the event as it was."""
    return any(as_utc(claim["at"]) <= job.created_at + UNDER_WAY for claim in claims_of(job.event_id).values())
