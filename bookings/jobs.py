"""Jobs over everyone who booked an event: begun by the journal, done in chunks, resumed by whoever comes next."""

from collections.abc import Sequence
from typing import Any

import structlog
from pymongo.errors import DuplicateKeyError

from bookings import announcing, closing
from bookings.ledger import bookings
from bookings.models import Booking, EventJob
from bookings.notices import news
from config.clock import now as clock
from config.mongo.raw import collection
from events.models import Event
from journal.handlers import Handler
from journal.lease import hold
from journal.models import Entry

LEASE = "event-jobs"
AT_ONCE = 20  # events that take turns, so that a large one does not keep the others waiting
KINDS = {"event.cancelled": EventJob.Kind.CANCEL, "event.updated": EventJob.Kind.ANNOUNCE}
STEPS = {EventJob.Kind.CANCEL: closing.step, EventJob.Kind.ANNOUNCE: announcing.step}

log = structlog.get_logger(__name__)


def wants(type: str, data: dict[str, Any]) -> bool:  # noqa: A002 - the entry's own word
    """Drafts have no customers; and of a change only what those who booked care for is announced."""
    is_news = type == "event.cancelled" or bool(news(data["changes"]))
    return data["status"] == Event.Status.PUBLISHED and is_news


def begin(entries: Sequence[Entry]) -> None:
    """Write down a job for each entry, once, and let the worker begin."""
    from bookings.tasks import run_jobs  # noqa: PLC0415 - tasks import the jobs

    for entry in entries:
        try:
            collection(EventJob).insert_one(job_document(entry))
        except DuplicateKeyError:
            continue
    run_jobs.apply_async(expires=60)


def job_document(entry: Entry) -> dict[str, Any]:
    confirmed = {"event_id": entry.subject, "status": Booking.Status.CONFIRMED.value}
    return {
        "_id": entry.id,
        "kind": KINDS[entry.type].value,
        "event_id": entry.subject,
        "data": entry.data,
        "total": bookings().count_documents(confirmed),
        "done": 0,
        "cursor": "",
        "created_at": entry.at,
        "updated_at": entry.at,
        "finished_at": None,
    }


def run_jobs() -> int:
    """Do what is to be done, chunk by chunk; return how many chunks. One process at a time does."""
    chunks = 0
    for lease in hold(LEASE):
        with lease.kept_alive():
            while moved := sum(advance(job) for job in due_jobs()):
                chunks += moved
    return chunks


def due_jobs() -> list[EventJob]:
    """Return the oldest unfinished job of each event: what was changed first is told first."""
    first: dict[str, EventJob] = {}
    for job in EventJob.objects.filter(finished_at=None).order_by("created_at", "id")[: AT_ONCE * 5]:
        first.setdefault(job.event_id, job)
    return list(first.values())[:AT_ONCE]


def advance(job: EventJob) -> bool:
    """Do one chunk; return whether there is any sense in going on at once."""
    done, finished = STEPS[EventJob.Kind(job.kind)](job, now=clock())
    if finished:
        EventJob.objects.filter(pk=job.pk).update(finished_at=clock())
    if done or finished:
        log.info(
            "event_job", job=job.id, kind=job.kind, event_id=job.event_id, done=job.done + done, total=job.total,
            finished=finished,
        )  # fmt: skip
    return bool(done or finished)


HANDLER = Handler(name="jobs", types=frozenset(KINDS), deliver=begin, wants=wants)
