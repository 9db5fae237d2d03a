"""Announcing a change of an event to every customer who booked it."""

from datetime import datetime, timedelta

from django.db.models import F

from bookings.bulk.change_notices import write_notices
from bookings.models import Booking, EventJob
from bookings.seats.ledger import claims_of, confirmed_of
from config.core.clock import as_utc

CHUNK = 500
CLAIM_DELAY = timedelta(seconds=5)  # a booking that read the event before the change may have a later created_at


def run_chunk(job: EventJob, *, now: datetime) -> tuple[int, bool]:
    """Notify the next chunk of customers, in the order of their ids; return (bookings, whether none is left).

    The cursor moves after the notices are written: a crash in between repeats the chunk, which writes nothing new.
    The first chunk waits for bookings that were claimed before the change: the cursor might pass them.
    """
    if not job.cursor and has_earlier_claims(job):
        return 0, False
    query = {
        **confirmed_of(job.event_id),
        "customer_id": {"$gt": job.cursor},
        "created_at": {"$lte": job.created_at + CLAIM_DELAY},
    }
    rows = list(Booking.documents.find(query, {"customer_id": 1}).sort("customer_id", 1).limit(CHUNK))
    if not rows:
        return 0, True
    customers = [row["customer_id"] for row in rows]
    write_notices(job, customers, now=now)
    unmoved = EventJob.objects.filter(pk=job.pk, cursor=job.cursor)
    unmoved.update(cursor=customers[-1], done=F("done") + len(rows), updated_at=now)
    return len(rows), False


def has_earlier_claims(job: EventJob) -> bool:
    """Return whether a claim may still insert bookings whose customers saw the event before the change."""
    return any(as_utc(claim["at"]) <= job.created_at + CLAIM_DELAY for claim in claims_of(job.event_id).values())
