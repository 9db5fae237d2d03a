"""Jobs over all bookings of an event: the journal begins them, workers run them in chunks and resume them."""

from collections.abc import Collection, Sequence

import structlog
from celery import current_app
from pymongo.errors import DuplicateKeyError

from bookings.bulk import announce_change, cancel_bookings
from bookings.documents import JobDocument
from bookings.models import Booking, EventJob
from bookings.seats.ledger import confirmed_of
from config.core.clock import now as clock
from config.core.errors import log_and_continue
from config.mongo.collections import Stage, aggregate
from events.journal_entries import EventEntry
from journal.lease import passes_under_lease
from journal.models import Entry

LEASE = "event-jobs"
AT_ONCE = 20  # events whose jobs run in alternation, so that a large event does not delay the others
KINDS = {EventEntry.CANCELLED: EventJob.Kind.CANCEL, EventEntry.UPDATED: EventJob.Kind.ANNOUNCE}
RUN_CHUNK = {EventJob.Kind.CANCEL: cancel_bookings.run_chunk, EventJob.Kind.ANNOUNCE: announce_change.run_chunk}

log = structlog.get_logger(__name__)


def begin(entries: Sequence[Entry]) -> None:
    """Store a job for each entry, once, and send the task that runs them."""
    for entry in entries:
        try:
            EventJob.documents.insert_one(job_document(entry))
        except DuplicateKeyError:
            continue
    current_app.send_task("bookings.tasks.run_jobs", expires=60)


def job_document(entry: Entry) -> JobDocument:
    return {
        "_id": entry.id,
        "kind": KINDS[EventEntry(entry.type)].value,
        "event_id": entry.subject,
        "data": entry.data,
        "total": Booking.documents.count_documents(confirmed_of(entry.subject)),
        "done": 0,
        "cursor": "",
        "created_at": entry.at,
        "updated_at": entry.at,
        "finished_at": None,
    }


def run_jobs() -> int:
    """Run all jobs, chunk by chunk; return how many chunks. A lease admits one process at a time."""
    chunks = 0
    for lease in passes_under_lease(LEASE):
        failed: set[str] = set()
        with lease.kept_alive():
            while moved := sum(attempt(job, failed) for job in due_jobs(failed)):
                chunks += moved
    return chunks


def due_jobs(failed: Collection[str] = ()) -> list[EventJob]:
    """Return the oldest unfinished job of each event: changes are announced in their order.

    Events whose job failed are left out, with their later jobs, until the next run. MongoDB picks the oldest of each
    event, so that an event with many jobs does not fill the whole list.
    """
    oldest = {"created_at": 1, "_id": 1}
    stages: list[Stage] = [
        {"$match": {"finished_at": None, "event_id": {"$nin": list(failed)}}},
        {"$sort": oldest},
        {"$group": {"_id": "$event_id", "job": {"$first": "$_id"}, "created_at": {"$first": "$created_at"}}},
        {"$sort": oldest},
        {"$limit": AT_ONCE},
    ]
    ids = [row["job"] for row in aggregate(EventJob.documents, stages)]
    return list(EventJob.objects.filter(pk__in=ids).order_by("created_at", "id"))


def attempt(job: EventJob, failed: set[str]) -> bool:
    """Run one chunk; return whether to go on at once. If it fails, its event is added to ``failed``."""
    moved = False
    failed.add(job.event_id)
    with log_and_continue("event_job", job=job.id, event_id=job.event_id):
        moved = advance(job)
        failed.discard(job.event_id)
    return moved


def advance(job: EventJob) -> bool:
    """Run one chunk; return whether to go on at once. If nothing was done, the job waits for something."""
    done, finished = RUN_CHUNK[EventJob.Kind(job.kind)](job, now=clock())
    if finished:
        EventJob.objects.filter(pk=job.pk).update(finished_at=clock())
    if done or finished:
        log.info(
            "event_job", job=job.id, kind=job.kind, event_id=job.event_id, done=job.done + done, total=job.total,
            finished=finished,
        )  # fmt: skip
    return bool(done or finished)
